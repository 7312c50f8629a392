// SPDX-License-Identifier: Apache-2.0
#include "warehouse_work.hpp"

#include <map>
#include <string_view>

#include <fmt/format.h>

#include "ongoing_orders.hpp"
#include "webhook.hpp"
#include "world_json.hpp"

namespace blongo::sandbox {

namespace {

const std::map<std::string, std::int64_t, std::less<>>& action_statuses() {
    static const std::map<std::string, std::int64_t, std::less<>> statuses = {
        {"release", 300}, {"reopen", 300},        {"allocate", 320}, {"pick", 400},   {"pack", 400},
        {"send", 450},    {"pick_and_send", 450}, {"collect", 500},  {"return", 800}, {"cancel", 1000}};
    return statuses;
}

/// The quantity that the task names for a line, what the line has if it names others only, else what
/// the line was ordered with.
Decimal wanted(const json::Value& task, const OrderLine& line, const Decimal& has) {
    const json::Value& quantities = task["quantities"];
    if (quantities.is_null()) return line.ordered;
    return quantities[line.data["rowNumber"].text()].decimal().value_or(has);
}

/// Takes picked pieces off the shelf.
void take_from_stock(GoodsOwner& owner, std::int64_t article_id, const Decimal& pieces, Timestamp now) {
    const auto found = owner.articles.find(article_id);
    if (found == owner.articles.end()) return;
    if (found->second.is_structure()) {
        const json::Value& data = found->second.data;
        for (const json::Value& row : data["structureDefinition"]["rows"].elements())
            if (const Article* component = owner.find_article(std::string(row["articleNumber"].text())))
                take_from_stock(owner, component->id, pieces * row["numberOfItems"].decimal().value_or(Decimal{}), now);
        return;
    }
    if (found->second.stock.empty()) return;
    Stock& stock = found->second.stock.begin()->second;
    stock.items = stock.items - pieces;
    found->second.stock_changed = now;
}

void add_parcels(GoodsOwner& owner, WarehouseOrder& order, const json::Value& parcels) {
    order.parcels = json::Value::array();
    std::int64_t index = 1;
    for (const json::Value& given : parcels.elements()) {
        json::Value advanced = json::Value::object().set("parcelSerialNumber", "");
        for (const char* name : {"length", "width", "height", "weight"}) advanced.set(name, given[name]);
        const json::Value& number = given["parcelNumber"];
        order.parcels.push_back(
            json::Value::object()
                .set("id", owner.next_id++)
                .set("parcelNumber", number.is_null() ? json::Value(fmt::format("PX-{}-{}", order.id, index)) : number)
                .set("isReturnParcel", given["isReturnParcel"].is_true())
                .set("tracking", nullptr)
                .set("advanced", std::move(advanced)));
        ++index;
    }
}

void add_way_bill_rows(GoodsOwner& owner, WarehouseOrder& order, const json::Value& rows) {
    order.way_bill_rows = json::Value::array();
    for (const json::Value& given : rows.elements()) {
        json::Value row = json::Value::object().set("wayBillRowId", owner.next_id++);
        fill_way_bill_row(row, owner, given);
        order.way_bill_rows.push_back(std::move(row));
    }
}

/// Moves what was not picked to an order of its own, "<number>-B1", that names the first one.
Result<void> make_back_order(GoodsOwner& owner, WarehouseOrder& order, const json::Value& task, Timestamp now) {
    const std::string number(std::as_const(order.data)["orderNumber"].text());
    WarehouseOrder rest;
    for (const OrderLine& line : order.lines) {
        if (line.picked >= line.ordered) continue;
        OrderLine left;
        left.id = owner.next_id++;
        left.article_id = line.article_id;
        left.ordered = line.ordered - line.picked;
        left.data = line.data;
        left.data.set("numberOfItems", left.ordered);
        rest.lines.push_back(std::move(left));
    }
    if (rest.lines.empty()) return fail(ErrorKind::usage, "everything was picked, nothing is left", number);
    std::string rest_number;
    for (int i = 1; rest_number.empty() || owner.find_order(rest_number) != nullptr; ++i)
        rest_number = fmt::format("{}-B{}", number, i);
    rest.data = order.data;
    rest.data.set("orderNumber", rest_number);
    rest.status = task["status"].integer(300);
    rest.created = rest.updated = rest.status_changed = now;
    rest.back_order_for = order.id;
    rest.consignee_id = order.consignee_id;
    if (task["reduce"].is_true())
        for (OrderLine& line : order.lines) {
            line.ordered = line.picked;
            line.data.set("numberOfItems", line.ordered);
        }
    order.updated = now;
    put_order(owner, std::move(rest));
    owner.touch();
    return {};
}

} // namespace

void set_status(GoodsOwner& owner, WarehouseOrder& order, std::int64_t status, Timestamp now, const json::Value& who) {
    const bool moved = order.status != status;
    if (moved) order.status_changed = now;
    order.status = status;
    order.updated = now;
    if (status >= 450 && status < 800 && !order.shipped) order.shipped = now;
    for (const OrderLine& line : order.lines)
        if (const auto article = owner.articles.find(line.article_id); article != owner.articles.end())
            article->second.stock_changed = now;
    owner.touch();
    if (moved) queue_webhook(owner, order, who, now);
}

Result<void> do_warehouse_work(GoodsOwner& owner, const json::Value& task, Timestamp now) {
    const std::string number(task["orderNumber"].text());
    WarehouseOrder* order = owner.find_order(number);
    if (order == nullptr) return fail(ErrorKind::usage, "there is no such order", number);
    const std::string_view action = task["action"].text();
    if (action == "back_order") return make_back_order(owner, *order, task, now);
    const bool sends = action == "send" || action == "pick_and_send";
    const auto status = action_statuses().find(action);
    if (status == action_statuses().end()) return fail(ErrorKind::usage, "there is no such action", std::string(action));
    const std::int64_t user = task["user_id"].integer(231);
    for (OrderLine& line : order->lines) {
        if (std::as_const(line.data)["shouldBePicked"].is_bool() && !std::as_const(line.data)["shouldBePicked"].is_true())
            continue;
        if (action == "allocate") line.allocated = wanted(task, line, line.allocated);
        if (action == "pick" || action == "pick_and_send" ||
            ((action == "pack" || action == "send") && line.picked.is_zero() && task.find("quantities"))) {
            const Decimal pieces = wanted(task, line, line.picked);
            take_from_stock(owner, line.article_id, pieces - line.picked, now);
            line.picked = pieces;
            line.allocated = pieces;
            line.picked_at = now;
            line.user_id = user;
        }
        if (action == "pack" || sends) {
            line.packed = line.picked;
            line.packed_at = now;
            line.user_id = user;
        }
        if (action == "return") line.returned = wanted(task, line, line.returned);
    }
    if (task.find("parcels") != nullptr) add_parcels(owner, *order, task["parcels"]);
    if (task.find("way_bill_rows") != nullptr) add_way_bill_rows(owner, *order, task["way_bill_rows"]);
    if (action == "reopen") order->shipped.reset();
    if (sends || action == "collect") order->shipped = now;
    if (action != "pack" || order->status < status->second) set_status(owner, *order, status->second, now, task);
    order->updated = now;
    return {};
}

void work_by_itself(GoodsOwner& owner, Seconds step, Timestamp now) {
    for (auto& [id, order] : owner.orders) {
        if (order.status < 300 || order.status >= 450 || now - order.status_changed < step) continue;
        json::Value task = json::Value::object().set("orderNumber", std::as_const(order.data)["orderNumber"]);
        if (order.status < 400) {
            task.set("action", "pick");
        } else {
            json::Value parcels = json::Value::array();
            parcels.push_back(json::Value::object().set("weight", json::Value::number("1.2")));
            task.set("action", "send").set("parcels", std::move(parcels));
        }
        (void)do_warehouse_work(owner, task, now);
    }
}

} // namespace blongo::sandbox
