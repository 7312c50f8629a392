// SPDX-License-Identifier: Apache-2.0
#include "base_orders.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "couriers.hpp"
#include "world_json.hpp"

namespace blongo::sandbox {

namespace {

/// Which event a change of this member causes.
int event_type(std::string_view member) {
    if (member == "order_status_id") return 18;
    if (member == "confirmed") return 2;
    if (member == "payment_done") return 3;
    if (member.starts_with("delivery_")) return 11;
    if (member.starts_with("invoice_")) return 21;
    return 16;
}

using Event = std::pair<int, std::int64_t>; ///< type and object

/// An event for each line that was added, changed, or removed.
std::vector<Event> events_of_lines(const json::Value& before, const json::Value& after) {
    const auto line_of = [](const json::Value& order, const json::Value& id) -> const json::Value* {
        for (const json::Value& line : order["products"].elements())
            if (line["order_product_id"].integer() == id.integer()) return &line;
        return nullptr;
    };
    std::vector<Event> events;
    for (const json::Value& line : after["products"].elements()) {
        const json::Value* old = line_of(before, line["order_product_id"]);
        if (old == nullptr)
            events.emplace_back(12, 0);
        else if (*old != line)
            events.emplace_back(13, 0);
    }
    for (const json::Value& line : before["products"].elements())
        if (line_of(after, line["order_product_id"]) == nullptr) events.emplace_back(14, line["order_product_id"].integer());
    return events;
}

bool is_cancelled(const Account& account, const json::Value& order) {
    const auto& cancelled = account.dictionaries["cancel_statuses"].elements();
    return std::find(cancelled.begin(), cancelled.end(), order["order_status_id"]) != cancelled.end();
}

/// Where a line takes its pieces from: the warehouse that it names, else its catalogue's default one.
std::string warehouse_of(const Account& account, const json::Value& line, const Product& product) {
    if (const std::int64_t id = line["warehouse_id"].integer(); id != 0) return fmt::format("bl_{}", id);
    for (const json::Value& inventory : account.dictionaries["inventories"].elements())
        if (inventory["inventory_id"].integer() == product.inventory_id)
            return std::string(inventory["default_warehouse"].text());
    return {};
}

/// The pieces that a confirmed order takes, by catalogue id and warehouse key; of a bundle, its components' as they
/// stand now.
HeldPieces pieces_of(const Account& account, std::int64_t order_id) {
    HeldPieces held;
    const auto found = account.orders.find(order_id);
    if (found == account.orders.end() || !found->second["confirmed"].is_true() || is_cancelled(account, found->second))
        return held;
    for (const json::Value& line : found->second["products"].elements()) {
        if (line["storage"].text() != "db") continue;
        std::int64_t id = line["variant_id"].integer();
        if (!account.products.contains(id)) id = line["product_id"].integer();
        if (!account.products.contains(id)) continue;
        const Product& product = account.products.at(id);
        const std::string warehouse = warehouse_of(account, line, product);
        const std::int64_t quantity = line["quantity"].integer();
        if (!product.is_bundle) held[{id, warehouse}] += quantity;
        for (const auto& [component, each] : product.bundle)
            if (product.is_bundle) held[{json::Value(component).integer(), warehouse}] += quantity * each;
    }
    return held;
}

void add_stock(Account& account, const HeldPieces& pieces, std::int64_t sign) {
    for (const auto& [place, quantity] : pieces)
        if (const auto product = account.products.find(place.first); product != account.products.end())
            product->second.stock[place.second] += sign * quantity;
}

} // namespace

void settle_stock(Account& account, std::int64_t order_id, bool move) {
    HeldPieces now = pieces_of(account, order_id);
    HeldPieces& before = account.held[order_id];
    if (move) {
        add_stock(account, before, 1);
        add_stock(account, now, -1);
    }
    before = std::move(now);
}

Result<json::Value> change_base_order(Account& account, const json::Value& given, const Context& context) {
    const std::int64_t id = given["order_id"].integer();
    const auto old = account.orders.find(id);
    json::Value whole = old == account.orders.end() ? given : old->second;
    const json::Value before = old == account.orders.end() ? json::Value{} : old->second;
    std::vector<Event> events;
    const auto record = [&](int type, std::int64_t object) {
        if (std::none_of(events.begin(), events.end(), [&](const auto& event) { return event.first == type; }))
            events.emplace_back(type, object);
    };
    if (old == account.orders.end()) {
        record(1, 0);
        if (given["confirmed"].is_null() || given["confirmed"].is_true()) record(2, 0);
    } else {
        for (const auto& [name, value] : given.members()) {
            // Nothing is documented for an order that is un-confirmed.
            const bool silent = name == "products" || (name == "confirmed" && !value.is_true());
            if (!silent && std::as_const(whole)[name] != value)
                record(event_type(name), name == "order_status_id" ? value.integer() : 0);
            whole.set(name, value);
        }
        const std::int64_t seconds = to_unix_seconds(context.now);
        const bool has_type_18 = std::any_of(events.begin(), events.end(), [](const Event& event) { return event.first == 18; });
        if (has_type_18 && given.find("date_in_status") == nullptr) whole.set("date_in_status", seconds);
        const bool now_confirmed = !old->second["confirmed"].is_true() && std::as_const(whole)["confirmed"].is_true();
        if (now_confirmed && given.find("date_confirmed") == nullptr) whole.set("date_confirmed", seconds);
    }
    BLONGO_TRY(json::Value stored, put_base_order(account, whole, context.now));
    if (before.is_object() && given.find("products") != nullptr)
        for (const Event& event : events_of_lines(before, stored)) events.push_back(event);
    for (const auto& [type, object] : events) account.record_event(context.now, type, id, object);
    settle_stock(account, id, context.settings.lower_stock_at_confirmation);
    const bool entered =
        std::any_of(events.begin(), events.end(), [](const auto& event) { return event.first == 1 || event.first == 18; });
    if (const std::int64_t status = context.settings.seller_automation_on_status;
        entered && status != 0 && std::as_const(stored)["order_status_id"].integer() == status)
        run_seller_automation(account, context, stored);
    return account.orders.at(id);
}

bool erase_base_order(Account& account, std::int64_t order_id, const Context& context) {
    if (account.orders.erase(order_id) == 0) return false;
    account.record_event(context.now, 4, order_id, 0);
    settle_stock(account, order_id, context.settings.lower_stock_at_confirmation);
    account.held.erase(order_id);
    return true;
}

} // namespace blongo::sandbox
