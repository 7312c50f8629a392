// SPDX-License-Identifier: Apache-2.0
#include "ongoing_orders.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "warehouse_work.hpp"
#include "world_json.hpp"

namespace blongo::sandbox {

namespace {

constexpr std::int64_t cancelled = 1000;
constexpr Seconds oldest_update_cursor{2 * 24 * 3600}; // ongoing.md 3.4

std::vector<Problem> unwritten_rules(const json::Value& body) {
    std::vector<Problem> problems;
    for (const char* name : {"orderNumber", "goodsOwnerOrderId", "servicePointCode"}) check_length(problems, body, name, 50);
    for (const char* name : {"orderRemark", "warehouseInstruction"}) check_length(problems, body, name, 500);
    std::set<std::string> rows;
    const auto& lines = body["orderLines"].elements();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string where = fmt::format("orderLines[{}].", i);
        check_length(problems, lines[i], "rowNumber", 50, where);
        check_length(problems, lines[i], "articleNumber", 50, where);
        if (!rows.insert(std::string(lines[i]["rowNumber"].text())).second)
            problems.push_back({"duplicate_row", where + "rowNumber", "two lines have the same rowNumber"});
        const json::Value& quantity = lines[i]["numberOfItems"];
        if (quantity.is_null())
            problems.push_back(
                {"line_without_quantity", where + "numberOfItems", "a line without numberOfItems is a line of 0 pieces"});
        else if (quantity.decimal().value_or(Decimal{}) <= Decimal{})
            problems.push_back({"bad_quantity", where + "numberOfItems", "a quantity above 0 is due"});
    }
    return problems;
}

/// Makes what the order names and the warehouse does not know yet: customers, ways of delivery.
void learn(GoodsOwner& owner, WarehouseOrder& order) {
    const json::Value& data = order.data;
    const std::string customer(data["consignee"]["customerNumber"].text());
    if (customer.empty()) {
        if (order.consignee_id == 0) order.consignee_id = owner.next_id++;
    } else {
        std::int64_t& id = owner.customers[customer];
        if (id == 0) id = owner.next_id++;
        order.consignee_id = id;
    }
    const json::Value& way = data["wayOfDelivery"];
    if (way["code"].text().empty()) return;
    json::Value& all = owner.dictionaries["wayOfDeliveryTypes"];
    if (!all.is_array()) all = json::Value::array();
    for (const json::Value& row : std::as_const(all).elements())
        if (row["code"] == way["code"]) return;
    all.push_back(json::Value::object().set("id", owner.next_id++).set("code", way["code"]).set("name", way["name"]));
}

/// The lines of the body as the warehouse will hold them; known rows keep their ids.
std::vector<OrderLine> lines_of(OngoingCall& call, const WarehouseOrder& order) {
    std::vector<OrderLine> lines;
    for (const json::Value& given : call.body["orderLines"].elements()) {
        const Article* article = call.owner.find_article(std::string(given["articleNumber"].text()));
        if (call.context.settings.keep_last_equal_line)
            std::erase_if(lines, [&](const OrderLine& line) { return line.article_id == article->id; });
        if (call.context.settings.merge_equal_lines) {
            const auto twin =
                std::find_if(lines.begin(), lines.end(), [&](const OrderLine& line) { return line.article_id == article->id; });
            if (twin != lines.end()) {
                twin->ordered = twin->ordered + *given["numberOfItems"].decimal();
                twin->data.set("numberOfItems", twin->ordered);
                const auto value = given["lineTotalCustomsValue"].decimal();
                if (const auto old = std::as_const(twin->data)["lineTotalCustomsValue"].decimal(); value && old)
                    twin->data.set("lineTotalCustomsValue", *old + *value);
                continue;
            }
        }
        const auto before = std::find_if(order.lines.begin(), order.lines.end(),
                                         [&](const OrderLine& line) { return line.data["rowNumber"] == given["rowNumber"]; });
        OrderLine line = before == order.lines.end() ? OrderLine{} : *before;
        overlay(line.data, given, call.context.settings.put_clears_omitted);
        line.article_id = article->id;
        line.ordered = *given["numberOfItems"].decimal();
        line.allocated = std::min(line.allocated, line.ordered);
        if (line.id == 0) line.id = call.owner.next_id++;
        lines.push_back(std::move(line));
    }
    return lines;
}

void allocate(OngoingCall& call, WarehouseOrder& order) {
    for (OrderLine& line : order.lines) {
        const auto article = call.owner.articles.find(line.article_id);
        if (article == call.owner.articles.end()) continue;
        const Decimal free = std::max(Decimal{}, sellable(call.owner, article->second));
        line.allocated = std::min(line.ordered, free);
    }
    call.owner.touch();
}

OngoingAnswer store(OngoingCall& call, WarehouseOrder order) {
    const auto problems = unwritten_rules(call.body);
    for (const Problem& problem : problems) call.context.violate(problem);
    if (!problems.empty()) return invalid(problems);
    if (order.id != 0 && order.status >= call.context.settings.locked_from_status)
        return refused(400, "The order cannot be updated, the warehouse has started to process it.");
    const std::string number(call.body["orderNumber"].text());
    const WarehouseOrder* other = call.owner.find_order(number);
    if (other != nullptr && other->id != order.id)
        return refused(400, fmt::format("The order number {} belongs to another order.", number));
    for (const json::Value& line : call.body["orderLines"].elements()) {
        const std::string article(line["articleNumber"].text());
        if (call.owner.find_article(article) != nullptr) continue;
        if (call.context.settings.refuse_unknown_articles)
            return refused(400, fmt::format("Article {} was not found. <br/> <br/>The order was not saved.", article));
        Article made;
        made.data.set("articleNumber", article);
        made.updated = made.stock_changed = call.context.now;
        put_article(call.owner, std::move(made));
    }
    const bool fresh = order.id == 0;
    if (call.body.find("orderLines") != nullptr || call.context.settings.put_clears_omitted) {
        // Lines that go away free what they held.
        for (const OrderLine& line : order.lines)
            if (const auto article = call.owner.articles.find(line.article_id); article != call.owner.articles.end())
                article->second.stock_changed = call.context.now;
        order.lines = lines_of(call, order);
    }
    overlay(order.data, call.body, call.context.settings.put_clears_omitted);
    order.data.erase("orderLines");
    order.data.erase("goodsOwnerId");
    order.updated = call.context.now;
    ++order.writes;
    if (fresh) {
        order.created = order.status_changed = call.context.now;
        order.status = call.context.settings.new_order_status;
    }
    learn(call.owner, order);
    const std::int64_t id = put_order(call.owner, std::move(order));
    WarehouseOrder& stored = call.owner.orders.at(id);
    if (call.context.settings.auto_allocate) allocate(call, stored);
    set_status(call.owner, stored, stored.status, call.context.now);
    return order_answer(id, fmt::format("Order number {} created/updated", number), fresh ? 201 : 200);
}

OngoingAnswer put_by_number(OngoingCall& call) {
    const WarehouseOrder* existing = call.owner.find_order(std::string(call.body["orderNumber"].text()));
    return store(call, existing == nullptr ? WarehouseOrder{} : *existing);
}

OngoingAnswer put_by_id(OngoingCall& call) {
    const WarehouseOrder* existing = order_of_path(call);
    return existing == nullptr ? order_not_found() : store(call, *existing);
}

OngoingAnswer cancel(OngoingCall& call, WarehouseOrder* order) {
    if (order == nullptr) return order_not_found();
    const std::string number(std::as_const(order->data)["orderNumber"].text());
    if (order->status == cancelled) return refused(400, fmt::format("Order {} has already been cancelled.", number));
    const Settings& settings = call.context.settings;
    if (order->status >=
        (settings.cancel_locked_from_status != 0 ? settings.cancel_locked_from_status : settings.locked_from_status))
        return refused(400, "The order cannot be cancelled, the warehouse has started to process it.");
    set_status(call.owner, *order, cancelled, call.context.now);
    return order_answer(order->id, fmt::format("Order {} was cancelled.", number));
}

// --- reading ---------------------------------------------------------------

bool contains(const std::vector<std::string>& values, std::string_view text) {
    return std::find(values.begin(), values.end(), text) != values.end();
}

bool has_line_to_report(const WarehouseOrder& order) {
    return std::any_of(order.lines.begin(), order.lines.end(),
                       [](const OrderLine& line) { return line.reported.value_or(Decimal{}) < line.picked; });
}

bool has_line_to_report_returned(const WarehouseOrder& order) {
    return std::any_of(order.lines.begin(), order.lines.end(),
                       [](const OrderLine& line) { return line.reported_returned.value_or(Decimal{}) < line.returned; });
}

bool passes_times(OngoingCall& call, const WarehouseOrder& order) {
    const auto before = [&](const char* name, std::optional<Timestamp> time) {
        const auto bound = call.time(name);
        return bound && (!time || *time < *bound);
    };
    const auto after = [&](const char* name, std::optional<Timestamp> time) {
        const auto bound = call.time(name);
        return bound && (!time || *time > *bound);
    };
    std::optional<Timestamp> picked;
    for (const OrderLine& line : order.lines)
        if (line.picked_at != Timestamp{}) picked = std::max(picked.value_or(line.picked_at), line.picked_at);
    return !before("orderStatusChangedTimeFrom", order.status_changed) && !before("orderUpdatedTimeFrom", order.updated) &&
           !before("orderCreatedTimeFrom", order.created) && !after("orderCreatedTimeTo", order.created) &&
           !before("shippedTimeFrom", order.shipped) && !after("shippedTimeTo", order.shipped) &&
           !before("lastPickingTimeFrom", picked);
}

bool passes(OngoingCall& call, const WarehouseOrder& order) {
    const json::Value& data = order.data;
    const std::string_view number = data["orderNumber"].text();
    if (const auto wanted = call.text("orderNumber"); wanted && number != *wanted) return false;
    if (call.has("orderNumbers") && !contains(call.texts("orderNumbers"), number)) return false;
    if (call.has("referenceNumbers") && !contains(call.texts("referenceNumbers"), data["referenceNumber"].text())) return false;
    if (order.status < call.integer("orderStatusFrom").value_or(0)) return false;
    if (order.status > call.integer("orderStatusTo").value_or(std::numeric_limits<std::int64_t>::max())) return false;
    if (const auto place = call.text("marketPlace"); place && data.at_path("marketPlace.marketPlace").text() != *place)
        return false;
    if (const auto id = call.integer("backOrderForOrderId"); id && order.back_order_for != *id) return false;
    if (call.flag("onlyOrdersWithOrderLinesToReport") && !has_line_to_report(order)) return false;
    if (call.flag("onlyOrdersWithOrderLinesToReportReturned") && !has_line_to_report_returned(order)) return false;
    if (const auto parcel = call.text("parcelNumber")) {
        const auto& parcels = order.parcels.elements();
        if (std::none_of(parcels.begin(), parcels.end(),
                         [&](const json::Value& row) { return row["parcelNumber"].text() == *parcel; }))
            return false;
    }
    if (call.has("articleNumbers")) {
        const auto wanted = call.texts("articleNumbers");
        if (std::none_of(order.lines.begin(), order.lines.end(),
                         [&](const OrderLine& line) { return contains(wanted, line.data["articleNumber"].text()); }))
            return false;
    }
    return passes_times(call, order);
}

OngoingAnswer list(OngoingCall& call) {
    if (const auto from = call.time("orderUpdatedTimeFrom"); from && call.context.now - *from > oldest_update_cursor) {
        call.violate("stale_cursor", "query orderUpdatedTimeFrom", "the time lies more than 2 days back");
        return refused(400, "orderUpdatedTimeFrom must be within 2 days of the current time");
    }
    const std::int64_t from = call.integer("orderIdFrom").value_or(0);
    const std::size_t most = static_cast<std::size_t>(
        std::max<std::int64_t>(0, call.integer("maxOrdersToGet").value_or(std::numeric_limits<std::int32_t>::max())));
    json::Value rows = json::Value::array();
    std::optional<std::int64_t> last;
    for (auto row = call.owner.orders.lower_bound(from); row != call.owner.orders.end() && rows.size() < most; ++row) {
        if (!passes(call, row->second)) continue;
        rows.push_back(order_view(call.owner, row->second));
        last = row->first;
    }
    call.note_page("orderIdFrom", last);
    return {200, std::move(rows)};
}

OngoingAnswer get(OngoingCall& call) {
    const WarehouseOrder* order = order_of_path(call);
    return order == nullptr ? order_not_found() : OngoingAnswer{200, order_view(call.owner, *order)};
}

} // namespace

void add_order_operations(OngoingTable& table) {
    table["PUT /orders"] = put_by_number;
    table["PUT /orders/{orderId}"] = put_by_id;
    table["GET /orders"] = list;
    table["GET /orders/{orderId}"] = get;
    table["DELETE /orders/{orderId}"] = [](OngoingCall& call) { return cancel(call, order_of_path(call)); };
    table["DELETE /orders"] = [](OngoingCall& call) {
        return cancel(call, call.owner.find_order(call.text("orderNumber").value_or("")));
    };
}

} // namespace blongo::sandbox
