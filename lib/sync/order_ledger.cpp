// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/order_ledger.hpp>

#include <map>
#include <set>

#include <fmt/format.h>

#include <blongo/map/delivery_address.hpp>
#include <blongo/map/order_marks.hpp>
#include <blongo/plan/order_life.hpp>

namespace blongo::sync {

std::vector<state::OrderLineRow> ledger_lines(const map::OrderDocument& document) {
    std::vector<state::OrderLineRow> lines;
    for (const auto& line : document.lines) lines.push_back({line.row_number, line.article, line.quantity});
    return lines;
}

LedgerOrder ledger_order(const baselinker::Order& order, const map::OrderDocument& document, const std::string& fingerprint,
                         Timestamp now) {
    LedgerOrder out;
    out.row.order_id = order.order_id;
    out.row.number = document.number;
    out.row.identity = map::order_identity(order);
    out.row.fingerprint = fingerprint;
    const auto address = map::delivery_address(document);
    const auto country = address.find("consignee.countryCode");
    json::Value agreed = json::Value::object().set("address", map::address_marks(address));
    if (country != address.end()) agreed.set("country", country->second);
    if (const json::Value* vat = document.find("consignee.vatNumber")) agreed.set("vatNumber", *vat);
    const json::Value told = map::document_marks(document);
    agreed.set("told", told);
    out.row.agreed = agreed.dump();
    out.row.receiver = receiver_of(told);
    out.row.market_number = market_number_of(order);
    out.row.order_source = order.order_source;
    out.row.base_status = order.order_status_id;
    out.row.date_confirmed = order.date_confirmed.value_or(Timestamp{});
    out.row.imported_at = out.row.seen_at = now;
    out.lines = ledger_lines(document);
    return out;
}

std::string market_number_of(const baselinker::Order& order) {
    const auto plain = [](const std::string& number) { return number == "0" || number == "-1" ? std::string{} : number; };
    const std::string external = plain(order.external_order_id);
    return external.empty() ? plain(order.shop_order_id) : external;
}

json::Value told_of(const state::OrderRow& row, const std::vector<state::OrderLineRow>& lines) {
    const auto agreed = json::Value::parse(row.agreed.empty() ? "{}" : row.agreed);
    if (agreed && (*agreed)["told"].is_object()) return (*agreed)["told"];
    json::Value rows = json::Value::object();
    for (const auto& line : lines) rows.set(line.row_number, json::Value::object());
    return json::Value::object().set("members", json::Value::object()).set("lines", std::move(rows));
}

std::string receiver_of(const json::Value& told) {
    const std::string_view mark = told["members"]["consignee.name"].text();
    return std::string(mark.empty() ? no_receiver : mark);
}

void set_told(state::OrderRow& row, const json::Value& marks) {
    row.receiver = receiver_of(marks);
    auto agreed = json::Value::parse(row.agreed.empty() ? "{}" : row.agreed);
    row.agreed = (agreed ? std::move(*agreed) : json::Value::object()).set("told", marks).dump();
}

json::Value LedgerOrder::to_json() const {
    json::Value taken = json::Value::object();
    for (const auto& [parent, pieces] : takes) {
        json::Value counts = json::Value::object();
        for (const auto& [article, count] : pieces) counts.set(article, count);
        taken.set(fmt::to_string(parent), std::move(counts));
    }
    json::Value all = json::Value::array();
    for (const auto& line : lines)
        all.push_back(json::Value::object()
                          .set("row", line.row_number)
                          .set("article", line.article.value())
                          .set("quantity", line.quantity));
    return json::Value::object()
        .set("order_id", row.order_id.value())
        .set("number", row.number.value())
        .set("identity", row.identity)
        .set("fingerprint", row.fingerprint)
        .set("agreed", row.agreed)
        .set("market_number", row.market_number)
        .set("order_source", row.order_source)
        .set("base_status", row.base_status.value())
        .set("date_confirmed", to_unix_seconds(row.date_confirmed))
        .set("at", to_unix_seconds(row.imported_at))
        .set("source_mark", row.source_mark)
        .set("newest_id", row.newest_id.value())
        .set("attempt", row.attempt)
        .set("takes", std::move(taken))
        .set("lines", std::move(all));
}

LedgerOrder LedgerOrder::from_json(const json::Value& value) {
    LedgerOrder out;
    out.row.order_id = BaseOrderId{value["order_id"].integer()};
    out.row.number = OrderNumber{std::string(value["number"].text())};
    out.row.identity = value["identity"].text();
    out.row.fingerprint = value["fingerprint"].text();
    out.row.agreed = value["agreed"].text();
    out.row.receiver = receiver_of(told_of(out.row, {}));
    out.row.market_number = value["market_number"].text();
    out.row.order_source = value["order_source"].text();
    out.row.base_status = OrderStatusId{value["base_status"].integer()};
    out.row.date_confirmed = from_unix_seconds(value["date_confirmed"].integer());
    out.row.imported_at = out.row.seen_at = from_unix_seconds(value["at"].integer());
    out.row.source_mark = value["source_mark"].text();
    out.row.newest_id = BaseOrderId{value["newest_id"].integer()};
    out.row.attempt = static_cast<int>(value["attempt"].integer(1));
    for (const auto& [parent, counts] : value["takes"].members())
        for (const auto& [article, count] : counts.members())
            out.takes[BaseOrderId{parse_id(parent).value_or(0)}][article] = count.integer();
    for (const auto& line : value["lines"].elements())
        out.lines.push_back(
            {std::string(line["row"].text()), ArticleNumber{std::string(line["article"].text())}, line["quantity"].integer()});
    return out;
}

std::string order_intent_key(BaseOrderId order) {
    return fmt::format("order:{}", order);
}

bool lines_agree(const std::vector<state::OrderLineRow>& lines, const ongoing::Order& there) {
    std::map<std::string, std::pair<std::string, Decimal>> ours, theirs;
    std::map<std::string, Decimal> our_sum, their_sum;
    for (const auto& line : lines) {
        ours[line.row_number] = {line.article.value(), Decimal{line.quantity}};
        our_sum[line.article.value()] = our_sum[line.article.value()] + Decimal{line.quantity};
    }
    for (const auto& line : there.lines) {
        theirs[line.row_number] = {line.article_number.value(), line.ordered};
        their_sum[line.article_number.value()] = their_sum[line.article_number.value()] + line.ordered;
    }
    return ours == theirs || our_sum == their_sum;
}

bool has_equal_lines(const std::vector<state::OrderLineRow>& lines) {
    std::set<ArticleNumber> articles;
    for (const auto& line : lines) articles.insert(line.article);
    return articles.size() < lines.size();
}

state::OrderState state_of_found(std::int64_t ongoing_status, bool is_somebody_elses) noexcept {
    if (ongoing_status == plan::cancelled_in_ongoing) return state::OrderState::cancelled;
    return is_somebody_elses ? state::OrderState::finished_before_adoption : state::OrderState::imported;
}

} // namespace blongo::sync
