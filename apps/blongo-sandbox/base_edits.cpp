// SPDX-License-Identifier: Apache-2.0
#include "base_edits.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base_orders.hpp"
#include "world_json.hpp"

namespace blongo::sandbox {

namespace {

using Edited = Result<json::Value>;

json::Value answer(std::int64_t order_id) {
    return json::Value::object().set("order_id", order_id);
}

/// What one action works on; the order is there.
struct Edit {
    Account& account;
    const Context& context;
    const json::Value& task;
    std::int64_t id;

    [[nodiscard]] const json::Value& order() const { return account.orders.at(id); }
    [[nodiscard]] json::Value::Array lines() const { return order()["products"].elements(); }

    Edited store(std::int64_t order_id, json::Value::Array lines) const {
        json::Value change = answer(order_id);
        change.set("products", json::Value(std::move(lines)));
        BLONGO_CHECK(change_base_order(account, change, context));
        return answer(order_id);
    }
    Edited set(const char* member, json::Value value) const {
        BLONGO_CHECK(change_base_order(account, answer(id).set(member, std::move(value)), context));
        return answer(id);
    }
};

tl::unexpected<Error> no_line(const json::Value& id) {
    return fail(ErrorKind::usage, "the order has no such line", fmt::format("line {}", id.dump()));
}

auto find_line(json::Value::Array& lines, const json::Value& id) {
    return std::find_if(lines.begin(), lines.end(),
                        [&](const json::Value& line) { return line["order_product_id"].integer() == id.integer(); });
}

Edited add_line(const Edit& edit) {
    auto lines = edit.lines();
    lines.push_back(edit.task["line"]);
    return edit.store(edit.id, std::move(lines));
}

Edited edit_line(const Edit& edit) {
    auto lines = edit.lines();
    const auto line = find_line(lines, edit.task["order_product_id"]);
    if (line == lines.end()) return no_line(edit.task["order_product_id"]);
    for (const auto& [name, value] : edit.task["line"].members()) line->set(name, value);
    return edit.store(edit.id, std::move(lines));
}

Edited remove_line(const Edit& edit) {
    auto lines = edit.lines();
    const auto line = find_line(lines, edit.task["order_product_id"]);
    if (line == lines.end()) return no_line(edit.task["order_product_id"]);
    lines.erase(line);
    return edit.store(edit.id, std::move(lines));
}

/// A new order that is like the first one but for its lines and what "order" says.
Edited order_like(const Edit& edit, json::Value::Array lines) {
    json::Value order = edit.order();
    const std::int64_t now = to_unix_seconds(edit.context.now);
    for (json::Value& line : lines) line.erase("order_product_id");
    order.set("order_id", edit.account.last_order + 1)
        .set("date_add", now)
        .set("date_in_status", now)
        .set("payment_done", 0)
        .set("delivery_price", 0)
        .set("products", json::Value(std::move(lines)));
    if (std::as_const(order)["confirmed"].is_true()) order.set("date_confirmed", now);
    for (const auto& [name, value] : edit.task["order"].members()) order.set(name, value);
    BLONGO_TRY(const json::Value stored, change_base_order(edit.account, order, edit.context));
    return answer(stored["order_id"].integer());
}

Edited split(const Edit& edit) {
    auto stay = edit.lines();
    json::Value::Array moved;
    for (const json::Value& piece : edit.task["lines"].elements()) {
        const auto line = find_line(stay, piece["order_product_id"]);
        if (line == stay.end()) return no_line(piece["order_product_id"]);
        const std::int64_t has = std::as_const(*line)["quantity"].integer();
        const std::int64_t goes = piece["quantity"].integer(has);
        if (goes < 1 || goes > has) return fail(ErrorKind::usage, fmt::format("{} of {} pieces", goes, has), "quantity");
        moved.push_back(json::Value(*line).set("quantity", goes));
        if (goes == has)
            stay.erase(line);
        else
            line->set("quantity", has - goes);
    }
    if (moved.empty() || stay.empty()) return fail(ErrorKind::usage, "a split leaves something in both orders", "lines");
    // The event of the parent is 6 alone, not one for each line.
    const bool move_stock = edit.context.settings.lower_stock_at_confirmation;
    json::Value parent = edit.order();
    parent.set("products", json::Value(std::move(stay)));
    BLONGO_CHECK(put_base_order(edit.account, parent, edit.context.now));
    settle_stock(edit.account, edit.id, move_stock);
    BLONGO_TRY(const json::Value made, order_like(edit, std::move(moved)));
    edit.account.record_event(edit.context.now, 6, edit.id, made["order_id"].integer());
    return made;
}

Edited copy(const Edit& edit) {
    BLONGO_TRY(const json::Value made, order_like(edit, edit.lines()));
    edit.account.record_event(edit.context.now, 17, edit.id, made["order_id"].integer());
    return made;
}

Edited merge(const Edit& edit) {
    json::Value main = edit.order();
    Decimal paid = std::as_const(main)["payment_done"].decimal().value_or(Decimal{});
    std::vector<std::int64_t> others;
    for (const json::Value& other : edit.task["orders"].elements()) {
        const auto found = edit.account.orders.find(other.integer());
        if (found == edit.account.orders.end() || found->first == edit.id)
            return fail(ErrorKind::usage, "there is no such other order", "order " + other.dump());
        others.push_back(found->first);
        for (const json::Value& line : std::as_const(found->second)["products"].elements()) main["products"].push_back(line);
        paid = paid + std::as_const(found->second)["payment_done"].decimal().value_or(Decimal{});
    }
    if (others.empty()) return fail(ErrorKind::usage, "other orders are due", "orders");
    main.set("payment_done", paid);
    const bool move_stock = edit.context.settings.lower_stock_at_confirmation;
    BLONGO_CHECK(put_base_order(edit.account, main, edit.context.now));
    for (const std::int64_t other : others) {
        edit.account.record_event(edit.context.now, 5, edit.id, other);
        erase_base_order(edit.account, other, edit.context);
    }
    settle_stock(edit.account, edit.id, move_stock);
    return answer(edit.id);
}

Edited erase(const Edit& edit) {
    erase_base_order(edit.account, edit.id, edit.context);
    return answer(edit.id);
}

} // namespace

Result<json::Value> edit_base_order(Account& account, const json::Value& task, const Context& context) {
    static const std::map<std::string_view, Edited (*)(const Edit&)> actions = {
        {"add_line", add_line},
        {"edit_line", edit_line},
        {"remove_line", remove_line},
        {"split", split},
        {"copy", copy},
        {"merge", merge},
        {"delete", erase},
        {"confirm", [](const Edit& edit) { return edit.set("confirmed", true); }},
        {"unconfirm", [](const Edit& edit) { return edit.set("confirmed", false); }}};
    const Edit edit{account, context, task, task["order_id"].integer()};
    if (!account.orders.contains(edit.id))
        return fail(ErrorKind::usage, "there is no such order", fmt::format("order {}", edit.id));
    const auto action = actions.find(task["action"].text());
    if (action == actions.end()) return fail(ErrorKind::usage, "there is no such action", std::string(task["action"].text()));
    return action->second(edit);
}

} // namespace blongo::sandbox
