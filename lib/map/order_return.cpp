// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/order_return.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/map/keys.hpp>

namespace blongo::map {

namespace {

using json::Value;

/// Undocumented: what remarks of orders may have (contract ongoing.md 1.7).
constexpr std::size_t comment_characters = 500;

std::string comment_text(std::string_view text) {
    return cut_characters(line_text(text), comment_characters);
}

Value line_json(const std::string& row, std::int64_t order_line, const Decimal& pieces) {
    return Value::object()
        .set("returnOrderRowNumber", row)
        .set("customerOrderLine", Value::object().set("orderLineId", order_line))
        .set("toBeReturnedNumberOfItems", pieces);
}

/// A line of Ongoing said again: the cause, which the warehouse may have filled in, is kept.
Value with_cause(Value line, const ongoing::ReturnOrderLine& there) {
    if (!there.cause_code.empty())
        line.set("returnCause", Value::object().set("code", there.cause_code).set("name", there.cause_name));
    return line;
}

const ongoing::ReturnOrderLine* find_row(const ongoing::ReturnOrder* there, const std::string& row) {
    if (there == nullptr) return nullptr;
    const auto found = std::ranges::find(there->lines, row, &ongoing::ReturnOrderLine::row_number);
    return found == there->lines.end() ? nullptr : &*found;
}

Rejection refusal(const ReturnDocument& document, std::string cause, std::string field, std::string reason) {
    return {std::move(cause), fmt::to_string(document.return_id), std::move(field), std::move(reason), {}, {}};
}

/// Members of the return order that are the warehouse's: a PUT without them may clear them.
void keep_theirs(Value& model, const ongoing::ReturnOrder& there) {
    if (there.in_date.size() >= 10) // a bare date, as noon UTC: the same day in nearly every zone
        model.set("inDate", there.in_date.size() == 10 ? there.in_date + "T12:00:00.000+00:00" : there.in_date);
    if (there.warehouse_id != 0) model.set("warehouseId", there.warehouse_id);
    if (!there.handling_comment.empty()) model.set("returnOrderHandlingComment", there.handling_comment);
    if (const Value& time = std::as_const(there.free_values)["freeDateTime1"]; time.is_string())
        model.set("freeValues", Value::object().set("freeDateTime1", time));
    if (model.find("comment") == nullptr && !there.comment.empty()) model.set("comment", there.comment);
}

} // namespace

std::string ReturnDocument::fingerprint() const {
    Value all = Value::array();
    for (const ReturnLine& line : lines)
        all.push_back(Value::object()
                          .set("row", line.row_number)
                          .set("article", line.article.value())
                          .set("quantity", line.quantity)
                          .set("comment", line.comment));
    return blongo::fingerprint(Value::object()
                                   .set("version", return_mapping_version)
                                   .set("number", number.value())
                                   .set("comment", comment)
                                   .set("lines", std::move(all))
                                   .canonical());
}

ReturnNumber return_number(const std::string& prefix, ReturnId id) {
    return ReturnNumber{fmt::format("{}R{}", prefix, id)};
}

MappedReturn map_return(const baselinker::OrderReturn& one, const std::string& prefix) {
    MappedReturn result;
    ReturnDocument document;
    document.return_id = one.return_id;
    document.number = return_number(prefix, one.return_id);
    document.comment = comment_text(one.reference_number);
    const auto refuse = [&](const char* cause, std::string field, std::string reason) {
        result.rejected.push_back(refusal(document, cause, std::move(field), std::move(reason)));
    };
    if (key_too_long(document.number.value()))
        refuse("key_too_long", "return_id",
               fmt::format("order_number_prefix makes the number longer than {} characters", key_characters));
    for (const auto& product : one.products) {
        const std::string sku = key_text(product.sku);
        const std::string row = fmt::to_string(product.order_return_product_id);
        const std::string name = line_text(product.name.empty() ? "line " + row : product.name);
        if (sku.empty()) {
            refuse("unknown_sku", "products.sku", fmt::format("{} has no SKU", name));
            continue;
        }
        if (key_too_long(sku)) {
            refuse("key_too_long", "products.sku",
                   fmt::format("the SKU of {} has more than {} characters", name, key_characters));
            continue;
        }
        if (!product.quantity.is_whole() || product.quantity <= Decimal{}) {
            refuse("bad_quantity", "products.quantity", fmt::format("{} comes back {} times", sku, product.quantity.to_string()));
            continue;
        }
        document.lines.push_back(
            {row, ArticleNumber{sku}, product.quantity.floor(), comment_text(product.return_reason_comment)});
    }
    if (one.products.empty()) refuse("empty_order", "products", "the return has no lines");
    std::ranges::sort(document.lines, {}, [](const ReturnLine& line) { return parse_id(line.row_number).value_or(0); });
    if (result.rejected.empty()) result.document = std::move(document);
    return result;
}

MatchedLines match_lines(const ReturnDocument& document, std::span<const ToldLine> told) {
    MatchedLines out;
    for (const ReturnLine& line : document.lines) {
        const auto has_it = [&](const ToldLine& candidate) { return candidate.article == line.article; };
        const auto lines = std::ranges::count_if(told, has_it);
        if (lines == 1) {
            out.rows[line.row_number] = std::ranges::find_if(told, has_it)->row_number;
            continue;
        }
        out.rejected = refusal(
            document, "unknown_sku", "products.sku",
            lines == 0 ? fmt::format("the order has no line of {}", line.article)
                       : fmt::format("{} lines of the order are of {}: nobody knows which one comes back", lines, line.article));
        return out;
    }
    return out;
}

LinkedLines link_lines(const ReturnDocument& document, const MatchedLines& matched, const ongoing::Order& order) {
    LinkedLines out;
    for (const ReturnLine& line : document.lines) {
        const auto row = matched.rows.find(line.row_number);
        const auto same = [&](const ongoing::OrderLine& candidate) {
            return row != matched.rows.end() && candidate.row_number == row->second;
        };
        const auto found = std::ranges::find_if(order.lines, same);
        if (found == order.lines.end() || found->id <= 0) {
            out.rejected =
                refusal(document, "unknown_sku", "products.sku",
                        fmt::format("order {} has no line of {} in Ongoing any more", order.order_number, line.article));
            return out;
        }
        out.ids[line.row_number] = found->id;
    }
    return out;
}

ReturnBody return_body(const ReturnDocument& document, OngoingOrderId order, const OrderLineIds& ids,
                       const ongoing::ReturnOrder* there, const SentPieces& sent) {
    ReturnBody out;
    out.model.set("returnOrderNumber", document.number.value())
        .set("customerOrder", Value::object().set("orderId", order.value()));
    if (!document.comment.empty()) out.model.set("comment", document.comment);
    Value lines = Value::array();
    for (const ReturnLine& line : document.lines) {
        const auto* theirs = find_row(there, line.row_number);
        const auto told = sent.find(line.row_number);
        if (there != nullptr && theirs == nullptr && told != sent.end()) {
            out.notes.push_back(fmt::format("kept: line {} is gone in Ongoing", line.article));
            continue;
        }
        Decimal pieces{line.quantity};
        if (theirs != nullptr && told != sent.end() && theirs->to_be_returned != Decimal{told->second} &&
            theirs->to_be_returned != pieces) {
            pieces = theirs->to_be_returned;
            out.notes.push_back(fmt::format("kept: {} pieces of {}", pieces.to_string(), line.article));
        }
        Value row = line_json(line.row_number, ids.at(line.row_number), pieces);
        if (theirs != nullptr) row = with_cause(std::move(row), *theirs);
        if (!line.comment.empty()) row.set("returnOrderLineComment", line.comment);
        lines.push_back(std::move(row));
    }
    if (there != nullptr)
        for (const auto& line : there->lines) {
            const bool ours = sent.contains(line.row_number) || ids.contains(line.row_number);
            if (ours || line.row_number.empty()) continue;
            lines.push_back(with_cause(line_json(line.row_number, line.order_line_id, line.to_be_returned), line));
        }
    out.model.set("returnOrderLines", std::move(lines));
    if (there != nullptr) {
        keep_theirs(out.model, *there);
        out.same = says_the_same(out.model, *there);
    }
    return out;
}

bool says_the_same(const json::Value& model, const ongoing::ReturnOrder& there) {
    const Value& lines = model["returnOrderLines"];
    if (there.number.value() != model["returnOrderNumber"].text()) return false;
    if (there.order_id.value() != model.at_path("customerOrder.orderId").integer()) return false;
    if (there.comment != model["comment"].text() || there.lines.size() != lines.size()) return false;
    return std::ranges::all_of(lines.elements(), [&](const Value& line) {
        const auto* theirs = find_row(&there, std::string(line["returnOrderRowNumber"].text()));
        return theirs != nullptr && theirs->order_line_id == line.at_path("customerOrderLine.orderLineId").integer() &&
               theirs->to_be_returned == line["toBeReturnedNumberOfItems"].decimal().value_or(Decimal{});
    });
}

} // namespace blongo::map
