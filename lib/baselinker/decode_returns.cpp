// SPDX-License-Identifier: Apache-2.0
#include <blongo/baselinker/decode_returns.hpp>

#include <blongo/baselinker/journal.hpp>
#include <blongo/baselinker/tolerant.hpp>

namespace blongo::baselinker {
namespace {

using tolerant::each_element;
using tolerant::ItemReader;
using tolerant::State;
using tolerant::wrong_shape;

void read_line(ReturnProduct& line, ItemReader& reader, json::Node item) {
    reader.id(line.order_return_product_id, item["order_return_product_id"]);
    reader.text(line.product_id, item["product_id"]);
    reader.text(line.variant_id, item["variant_id"]);
    reader.text(line.name, item["name"]);
    reader.text(line.sku, item["sku"]);
    reader.decimal(line.quantity, item["quantity"]);
    reader.integer(line.return_reason_id, item["return_reason_id"]);
    reader.text(line.return_reason_comment, item["return_reason_comment"]);
    if (line.order_return_product_id.value() <= 0) reader.fault(item, "a line with order_return_product_id");
}

void read_return(OrderReturn& out, ItemReader& reader, json::Node item) {
    reader.id(out.return_id, item["return_id"]);
    reader.id(out.order_id, item["order_id"]);
    reader.text(out.reference_number, item["reference_number"]);
    reader.id(out.status_id, item["status_id"]);
    reader.time(out.date_add, item["date_add"]);
    reader.time(out.date_in_status, item["date_in_status"]);
    reader.integer(out.fulfillment_status, item["fulfillment_status"]);
    const json::Node products = item["products"];
    const State state =
        each_element(products, [&](std::string_view, json::Node line) { read_line(out.products.emplace_back(), reader, line); });
    reader.check(state, products, "a list of lines");
    if (!item.is_object())
        reader.fault(item, "a return");
    else if (out.return_id.value() <= 0)
        reader.fault(item, "a return with return_id");
}

} // namespace

Result<ReturnsPage> decode_returns(json::Node root) {
    ReturnsPage page;
    const json::Node returns = root["returns"];
    const State state = each_element(returns, [&](std::string_view key, json::Node item) {
        OrderReturn one;
        ItemReader reader;
        one.return_id = ReturnId(tolerant::id_from_key(key).value_or(0));
        read_return(one, reader, item);
        page.rows.push_back(one.return_id);
        if (!reader.failed())
            page.returns.push_back(std::move(one));
        else
            page.bad.push_back({one.return_id, one.order_id, reader.path(), reader.reason()});
    });
    if (state == State::malformed || !returns.exists()) return wrong_shape(returns, "a list of returns");
    return page;
}

Result<std::vector<ReturnStatus>> decode_return_statuses(json::Node root) {
    std::vector<ReturnStatus> statuses;
    const json::Node list = root["statuses"];
    const State state = each_element(list, [&](std::string_view key, json::Node item) {
        ReturnStatus status;
        ItemReader reader;
        status.id = ReturnStatusId(tolerant::id_from_key(key).value_or(0));
        reader.id(status.id, item["id"]);
        reader.text(status.name, item["name"]);
        if (!reader.failed() && status.id.value() > 0) statuses.push_back(std::move(status));
    });
    if (state == State::malformed || !list.exists()) return wrong_shape(list, "a list of return statuses");
    return statuses;
}

Result<std::vector<ReturnJournalEntry>> decode_return_journal(json::Node root) {
    return decode_entries<ReturnJournalEntry>(root, [](ReturnJournalEntry& entry, ItemReader& reader, json::Node item) {
        reader.id(entry.return_id, item["return_id"]);
        return entry.return_id.value() > 0;
    });
}

} // namespace blongo::baselinker
