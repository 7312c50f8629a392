// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "ongoing.hpp"
#include "returns.hpp"

namespace blongo::sandbox {

namespace {

constexpr std::int64_t open_status = 200, finished_status = 500; // ongoing-fixtures

Decimal decimal_of(const json::Value& value) {
    return value.decimal().value_or(Decimal{});
}

const OrderLine* line_of(const WarehouseOrder& order, std::int64_t id) {
    const auto found = std::find_if(order.lines.begin(), order.lines.end(), [&](const OrderLine& line) { return line.id == id; });
    return found == order.lines.end() ? nullptr : &*found;
}

const WarehouseOrder* order_of(const GoodsOwner& owner, const json::Value& stored) {
    const auto found = owner.orders.find(stored["orderId"].integer());
    return found == owner.orders.end() ? nullptr : &found->second;
}

std::vector<Problem> unwritten_rules(const json::Value& body) {
    std::vector<Problem> problems;
    check_length(problems, body, "returnOrderNumber", 50);
    std::set<std::string> rows;
    const auto& lines = body["returnOrderLines"].elements();
    if (lines.empty()) problems.push_back({"too_few_items", "returnOrderLines", "a return order without lines"});
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string where = fmt::format("returnOrderLines[{}].", i);
        check_length(problems, lines[i], "returnOrderRowNumber", 50, where);
        if (!rows.insert(std::string(lines[i]["returnOrderRowNumber"].text())).second)
            problems.push_back({"duplicate_row", where + "returnOrderRowNumber", "two lines have the same row number"});
        if (decimal_of(lines[i]["toBeReturnedNumberOfItems"]) <= Decimal{})
            problems.push_back({"bad_quantity", where + "toBeReturnedNumberOfItems", "a quantity above 0 is due"});
        if (lines[i].at_path("customerOrderLine.orderLineId").integer() <= 0)
            problems.push_back({"missing_member", where + "customerOrderLine.orderLineId", "an order line is due"});
    }
    return problems;
}

OngoingAnswer put_return(OngoingCall& call) {
    const auto problems = unwritten_rules(call.body);
    for (const Problem& problem : problems) call.context.violate(problem);
    if (!problems.empty()) return invalid(problems);
    const auto order = call.owner.orders.find(call.body.at_path("customerOrder.orderId").integer());
    if (order == call.owner.orders.end()) return refused(400, "The customer order was not found.");
    const std::string number(call.body["returnOrderNumber"].text());
    json::Value* known = find_return_order(call.owner, number);
    if (known != nullptr && std::as_const(*known)["status"].integer() >= finished_status)
        return refused(400, fmt::format("Return order {} is finished and cannot be updated.", number));
    json::Value stored = known == nullptr ? json::Value::object() : *known;
    json::Value lines = json::Value::array();
    for (const json::Value& row : call.body["returnOrderLines"].elements()) {
        const std::int64_t order_line = row.at_path("customerOrderLine.orderLineId").integer();
        if (line_of(order->second, order_line) == nullptr)
            return refused(400, fmt::format("Order line {} does not belong to the customer order.", order_line));
        json::Value line = json::Value::object().set("id", call.owner.next_id++).set("returned", 0);
        for (const json::Value& before : std::as_const(stored)["lines"].elements())
            if (before["row"] == row["returnOrderRowNumber"]) line = before;
        line.set("row", row["returnOrderRowNumber"]).set("orderLineId", order_line);
        line.set("expected", row["toBeReturnedNumberOfItems"]);
        for (const char* name : {"returnCause", "returnOrderLineComment"})
            if (row.find(name) != nullptr || call.context.settings.put_clears_omitted) line.set(name, row[name]);
        lines.push_back(std::move(line));
    }
    if (known == nullptr)
        stored.set("id", call.owner.next_return_order++)
            .set("number", number)
            .set("status", open_status)
            .set("writes", 0)
            .set("created", format_utc(call.context.now));
    stored.set("orderId", order->first);
    for (const char* name : {"comment", "inDate", "warehouseId", "returnOrderHandlingComment", "freeValues", "tracking"})
        if (call.body.find(name) != nullptr || call.context.settings.put_clears_omitted) stored.set(name, call.body[name]);
    stored.set("lines", std::move(lines)).set("writes", std::as_const(stored)["writes"].integer() + 1);
    const std::int64_t id = std::as_const(stored)["id"].integer();
    call.owner.return_orders.insert_or_assign(id, std::move(stored));
    return {
        200,
        json::Value::object().set("returnOrderId", id).set("message", fmt::format("Return order {} created/updated", number))};
}

json::Value line_view(const GoodsOwner& owner, const WarehouseOrder* order, const json::Value& line) {
    const OrderLine* of_order = order == nullptr ? nullptr : line_of(*order, line["orderLineId"].integer());
    json::Value article;
    if (of_order != nullptr)
        if (const auto found = owner.articles.find(of_order->article_id); found != owner.articles.end())
            article = json::Value::object()
                          .set("articleSystemId", found->first)
                          .set("articleNumber", found->second.number())
                          .set("articleName", found->second.data["articleName"]);
    return json::Value::object()
        .set("returnOrderLineId", line["id"])
        .set("returnOrderRowNumber", line["row"])
        .set("customerOrderLine",
             json::Value::object()
                 .set("orderLineId", line["orderLineId"])
                 .set("customerOrderRowNumber", of_order == nullptr ? json::Value() : of_order->data["rowNumber"]))
        .set("article", std::move(article))
        .set("returnCause", line["returnCause"])
        .set("returnedNumberOfItems", decimal_member(line, "returned"))
        .set("pickedNumberOfItems", number_json(of_order == nullptr ? Decimal{} : of_order->picked))
        .set("toBeReturnedNumberOfItems", decimal_member(line, "expected"))
        .set("returnedRemovedByInventoryNumberOfItems", number_json(Decimal{}))
        .set("returnedArticleItems", json::Value::array());
}

json::Value view(const GoodsOwner& owner, const json::Value& stored) {
    const WarehouseOrder* order = order_of(owner, stored);
    const std::int64_t status = stored["status"].integer();
    const auto in_date = parse_timestamp(stored["inDate"].text());
    json::Value warehouse;
    for (const json::Value& row : owner.dictionaries["warehouses"].elements())
        if (row["id"] == stored["warehouseId"]) warehouse = pick(row, {"id", "code", "name"});
    json::Value lines = json::Value::array();
    for (const json::Value& line : stored["lines"].elements()) lines.push_back(line_view(owner, order, line));
    return json::Value::object()
        .set("returnOrderInfo",
             json::Value::object()
                 .set("returnOrderId", stored["id"])
                 .set("returnOrderNumber", stored["number"])
                 .set("comment", stored["comment"])
                 .set("inDate", in_date ? json::Value(local_date(*in_date, "UTC")) : json::Value())
                 .set("returnOrderStatus",
                      json::Value::object().set("number", status).set("text", status >= finished_status ? "Finished" : "Open"))
                 .set("warehouse", std::move(warehouse))
                 .set("returnOrderHandlingComment", stored["returnOrderHandlingComment"])
                 .set("freeValues", stored["freeValues"])
                 .set("createdDate", stored["created"])
                 .set("returnOrderArrivalTime", stored["arrived"]))
        .set("customerOrderInfo", json::Value::object()
                                      .set("orderId", stored["orderId"])
                                      .set("orderNumber", order == nullptr ? json::Value() : order->data["orderNumber"]))
        .set("returnOrderLines", std::move(lines));
}

bool contains(const std::vector<std::string>& values, std::string_view text) {
    return std::find(values.begin(), values.end(), text) != values.end();
}

OngoingAnswer list(OngoingCall& call) {
    json::Value rows = json::Value::array();
    for (const auto& [id, stored] : call.owner.return_orders) {
        const WarehouseOrder* order = order_of(call.owner, stored);
        const std::string_view of_order = order == nullptr ? std::string_view{} : order->data["orderNumber"].text();
        const std::int64_t status = stored["status"].integer();
        if (call.has("returnOrderNumbers") && !contains(call.texts("returnOrderNumbers"), stored["number"].text())) continue;
        if (call.has("customerOrderNumbers") && !contains(call.texts("customerOrderNumbers"), of_order)) continue;
        if (status < call.integer("returnOrderStatusFrom").value_or(0)) continue;
        if (status > call.integer("returnOrderStatusTo").value_or(std::numeric_limits<std::int64_t>::max())) continue;
        if (const auto from = call.time("goodsReturnedFromDate")) {
            const auto arrived = parse_timestamp(stored["arrived"].text());
            if (!arrived || *arrived < *from) continue;
        }
        rows.push_back(view(call.owner, stored));
    }
    return {200, std::move(rows)};
}

OngoingAnswer get(OngoingCall& call) {
    const auto found = call.owner.return_orders.find(call.path_id("returnOrderId"));
    if (found == call.owner.return_orders.end()) return refused(404, "The return order was not found.");
    return {200, view(call.owner, found->second)};
}

OngoingAnswer statuses(OngoingCall&) {
    json::Value rows = json::Value::array();
    rows.push_back(json::Value::object().set("number", open_status).set("text", "Open"));
    rows.push_back(json::Value::object().set("number", finished_status).set("text", "Finished"));
    return {200, json::Value::object().set("returnOrderStatuses", std::move(rows))};
}

/// Pieces go back to the order's line and on the shelf.
void put_back(GoodsOwner& owner, WarehouseOrder& order, std::int64_t order_line, const Decimal& pieces, Timestamp now) {
    for (OrderLine& line : order.lines) {
        if (line.id != order_line) continue;
        line.returned = line.returned + pieces;
        const auto article = owner.articles.find(line.article_id);
        if (article == owner.articles.end() || article->second.stock.empty()) return;
        Stock& stock = article->second.stock.begin()->second;
        stock.items = stock.items + pieces;
        article->second.stock_changed = now;
    }
    order.updated = now;
    owner.touch();
}

} // namespace

json::Value* find_return_order(GoodsOwner& owner, std::string_view number) {
    for (auto& [id, stored] : owner.return_orders)
        if (std::as_const(stored)["number"].text() == number) return &stored;
    return nullptr;
}

Result<void> work_on_return(GoodsOwner& owner, const json::Value& task, Timestamp now) {
    const std::string number(task["returnOrderNumber"].text());
    json::Value* found = find_return_order(owner, number);
    if (found == nullptr) return fail(ErrorKind::usage, "there is no such return order", number);
    const auto order = owner.orders.find(std::as_const(*found)["orderId"].integer());
    const auto& removed = task["remove"].elements();
    json::Value lines = json::Value::array();
    bool all = true, some = false;
    for (json::Value line : std::as_const(*found)["lines"].elements()) {
        const json::Value& row = std::as_const(line)["row"];
        if (std::find(removed.begin(), removed.end(), row) != removed.end()) continue;
        if (const json::Value* expected = task["expect"].find(row.text())) line.set("expected", *expected);
        const Decimal had = decimal_of(std::as_const(line)["returned"]);
        Decimal has = had;
        if (task["receive"].is_true()) has = decimal_of(std::as_const(line)["expected"]);
        if (const json::Value* pieces = task["receive"].find(row.text())) has = decimal_of(*pieces);
        if (has != had && order != owner.orders.end())
            put_back(owner, order->second, std::as_const(line)["orderLineId"].integer(), has - had, now);
        line.set("returned", has);
        all = all && has >= decimal_of(std::as_const(line)["expected"]);
        some = some || has > Decimal{};
        lines.push_back(std::move(line));
    }
    found->set("lines", std::move(lines));
    if (some) found->set("arrived", format_utc(now));
    if (some && all) found->set("status", finished_status);
    for (const char* name : {"status", "comment", "inDate", "warehouseId", "returnOrderHandlingComment"})
        if (const json::Value* value = task.find(name)) found->set(name, *value);
    return {};
}

void add_return_operations(OngoingTable& table) {
    table["PUT /returnOrders"] = put_return;
    table["GET /returnOrders"] = list;
    table["GET /returnOrders/{returnOrderId}"] = get;
    table["GET /returnOrders/statuses"] = statuses;
}

} // namespace blongo::sandbox
