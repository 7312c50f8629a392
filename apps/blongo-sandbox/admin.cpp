// SPDX-License-Identifier: Apache-2.0
#include "sandbox.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base_edits.hpp"
#include "base_orders.hpp"
#include "couriers.hpp"
#include "returns.hpp"
#include "warehouse_edits.hpp"
#include "warehouse_work.hpp"
#include "world_json.hpp"

namespace blongo::sandbox {

namespace {

Reply problem(const Error& error) {
    return json_reply(json::Value::object().set("error", error.text()), 400);
}

Reply unknown() {
    return json_reply(json::Value::object().set("error", "there is no such admin call; see --help"), 404);
}

Reply done(const json::Value& value = json::Value::object().set("ok", true)) {
    return json_reply(value);
}

std::int64_t integer_of(const Exchange& exchange, std::string_view name) {
    return json::Value(first(exchange.query, name)).integer();
}

/// Members of `change` over those of `stored`, one level deep.
json::Value merged(json::Value stored, const json::Value& change) {
    for (const auto& [name, value] : change.members()) stored.set(name, value);
    return stored;
}

/// One object or a list of them.
std::vector<json::Value> each(const json::Value& body) {
    if (body.is_array()) return body.elements();
    return {body};
}

} // namespace

Reply Sandbox::admin(Exchange& exchange) {
    json::Value body;
    if (!exchange.body.empty()) {
        auto parsed = json::Value::parse(exchange.body);
        if (!parsed) return problem(parsed.error());
        body = std::move(*parsed);
    }
    const std::lock_guard lock(mutex_);
    const std::string_view what = std::string_view(exchange.path).substr(std::string_view("/_admin").size());
    const std::string& verb = exchange.method;
    if (what == "/journal")
        return done(journal_.entries(static_cast<std::uint64_t>(integer_of(exchange, "since")), first(exchange.query, "side"),
                                     first(exchange.query, "operation")));
    if (what == "/violations") return done(journal_.violations());
    if (what == "/counts") return done(journal_.counts());
    if (what == "/rate") return done(rates());
    if (what == "/reset-journal") {
        journal_.reset();
        for (const auto& account : world_.accounts) {
            account->rate.most = account->rate.calls.size();
            account->rate.total = account->rate.refused = 0;
        }
        return done();
    }
    if (what == "/world") {
        if (verb == "GET") return done(world_.to_json());
        if (!writes_.empty()) return problem(make_error(ErrorKind::usage, "writes are in flight", "world"));
        if (auto loaded = world_.load(body, now()); !loaded) return problem(loaded.error());
        return done();
    }
    if (what == "/accounts" || what == "/goods-owners") {
        World added;
        json::Value list = json::Value::array();
        list.push_back(body);
        const bool account = what == "/accounts";
        if (auto loaded = added.load(json::Value::object().set(account ? "accounts" : "goods_owners", list), now()); !loaded)
            return problem(loaded.error());
        for (auto& fresh : added.accounts) {
            std::erase_if(world_.accounts, [&](const auto& old) { return old->token == fresh->token; });
            world_.accounts.push_back(std::move(fresh));
        }
        for (auto& fresh : added.goods_owners) {
            std::erase_if(world_.goods_owners,
                          [&](const auto& old) { return old->warehouse == fresh->warehouse && old->id == fresh->id; });
            world_.goods_owners.push_back(std::move(fresh));
        }
        return done();
    }
    if (what == "/options") {
        if (verb != "GET")
            if (auto updated = settings_.update(body); !updated) return problem(updated.error());
        return done(settings_.to_json());
    }
    if (what == "/faults") {
        if (verb == "DELETE") faults_.clear();
        if (verb == "POST" || verb == "PUT")
            if (auto added = faults_.add(body); !added) return problem(added.error());
        return done(faults_.to_json());
    }
    if (what == "/client") {
        registered_client_ = static_cast<int>(std::as_const(body)["pid"].integer());
        return done();
    }
    if (what == "/clock") {
        clock_offset_ = Seconds{std::as_const(body)["offset_seconds"].integer()};
        return done(json::Value::object().set("now", format_utc(now())));
    }
    if (what == "/unblock") {
        for (const auto& account : world_.accounts) account->rate.blocked_until = Milliseconds{0};
        return done();
    }
    if (what.starts_with("/baselinker/")) return admin_baselinker(exchange, body);
    if (what.starts_with("/ongoing/")) return admin_ongoing(exchange, body);
    return unknown();
}

json::Value Sandbox::rates() const {
    json::Value list = json::Value::array();
    for (const auto& account : world_.accounts) {
        const Milliseconds left = std::max(Milliseconds{0}, account->rate.blocked_until - steady_now());
        list.push_back(json::Value::object()
                           .set("account", account->token)
                           .set("most_in_60_s", static_cast<std::int64_t>(account->rate.most))
                           .set("total", static_cast<std::int64_t>(account->rate.total))
                           .set("refused", static_cast<std::int64_t>(account->rate.refused))
                           .set("blocked_for_ms", static_cast<std::int64_t>(left.count())));
    }
    return list;
}

Reply Sandbox::admin_baselinker(Exchange& exchange, const json::Value& body) {
    const std::string_view token = first(exchange.query, "account");
    Account* account = token.empty() && !world_.accounts.empty() ? world_.accounts.front().get() : world_.account(token);
    if (account == nullptr) return problem(make_error(ErrorKind::usage, "there is no such account", "account"));
    const std::string_view what = std::string_view(exchange.path).substr(std::string_view("/_admin/baselinker/").size());
    const std::int64_t id = integer_of(exchange, "id");
    json::Value list = json::Value::array();
    if (what == "products") {
        if (exchange.method == "DELETE") return done(json::Value::object().set("deleted", account->erase_product(id)));
        if (exchange.method == "POST")
            for (const json::Value& given : each(body)) {
                const auto old = account->products.find(given["id"].integer());
                const auto& inventories = std::as_const(account->dictionaries)["inventories"].elements();
                const std::int64_t inventory = inventories.empty() ? 0 : inventories.front()["inventory_id"].integer();
                auto product =
                    Product::from_json(old == account->products.end() ? given : merged(old->second.to_json(), given), inventory);
                if (!product) return problem(product.error());
                account->put_product(std::move(*product));
            }
        if (exchange.method == "POST") return done();
        for (const auto& [key, product] : account->products)
            if (id == 0 || key == id) list.push_back(product.to_json());
        return done(std::move(list));
    }
    if (what == "orders") {
        if (exchange.method == "DELETE")
            return done(json::Value::object().set("deleted", erase_base_order(*account, id, context(0))));
        if (exchange.method == "POST")
            for (const json::Value& given : each(body))
                if (auto stored = change_base_order(*account, given, context(0)); !stored) return problem(stored.error());
        if (exchange.method == "POST") return done();
        for (const auto& [key, order] : account->orders)
            if (id == 0 || key == id) list.push_back(order);
        return done(std::move(list));
    }
    if (what == "edit") {
        for (const json::Value& task : each(body)) {
            auto edited = edit_base_order(*account, task, context(0));
            if (!edited) return problem(edited.error());
            list.push_back(std::move(*edited));
        }
        return done(std::move(list));
    }
    if (what == "dictionaries") {
        if (exchange.method != "GET") account->dictionaries = merged(account->dictionaries, body);
        return done(account->dictionaries);
    }
    if (what == "couriers") {
        if (exchange.method == "POST")
            for (const json::Value& given : each(body)) {
                json::Value& all = account->dictionaries["couriers"];
                const auto same = [&](const json::Value& row) { return row["code"] == given["code"]; };
                auto& rows = all.elements();
                if (const auto old = std::find_if(rows.begin(), rows.end(), same); old != rows.end())
                    *old = merged(*old, given);
                else
                    rows.push_back(given);
            }
        return done(std::as_const(account->dictionaries)["couriers"]);
    }
    if (what == "returns") {
        if (exchange.method == "DELETE") return done(json::Value::object().set("deleted", account->returns.erase(id) == 1));
        if (exchange.method == "POST")
            for (const json::Value& given : each(body))
                if (auto stored = change_base_return(*account, given, now()); !stored) return problem(stored.error());
        for (const auto& [key, one] : account->returns)
            if (id == 0 || key == id) list.push_back(one);
        return done(std::move(list));
    }
    if (what == "packages") {
        if (exchange.method == "DELETE") return done(json::Value::object().set("deleted", account->packages.erase(id) == 1));
        if (exchange.method == "POST")
            for (json::Value given : each(body)) {
                if (given.find("package_id") == nullptr) {
                    const auto order = account->orders.find(std::as_const(given)["order_id"].integer());
                    if (order == account->orders.end())
                        return problem(make_error(ErrorKind::usage, "there is no such order", "order_id"));
                    given.set("package_id", add_package(*account, context(0), order->second,
                                                        std::as_const(given)["courier_code"].text(), "seller", given));
                }
                change_package(*account, context(0), given);
            }
        for (const auto& [key, package] : account->packages)
            if (id == 0 || key == id) list.push_back(package);
        return done(std::move(list));
    }
    return unknown();
}

Reply Sandbox::admin_ongoing(Exchange& exchange, const json::Value& body) {
    const std::string_view warehouse = first(exchange.query, "warehouse");
    GoodsOwner* owner = warehouse.empty() && !world_.goods_owners.empty()
                            ? world_.goods_owners.front().get()
                            : world_.goods_owner(warehouse, integer_of(exchange, "goods_owner"));
    if (owner == nullptr) return problem(make_error(ErrorKind::usage, "there is no such goods owner", "goods_owner"));
    const std::string_view what = std::string_view(exchange.path).substr(std::string_view("/_admin/ongoing/").size());
    std::int64_t id = integer_of(exchange, "id");
    const std::string number(first(exchange.query, "number"));
    json::Value list = json::Value::array();
    if (what == "articles") {
        if (const Article* article = owner->find_article(number)) id = article->id;
        if (exchange.method == "DELETE") {
            const auto found = owner->articles.find(id);
            if (found == owner->articles.end()) return done(json::Value::object().set("deleted", false));
            owner->article_by_number.erase(found->second.number());
            owner->articles.erase(found);
            owner->touch();
            return done(json::Value::object().set("deleted", true));
        }
        if (exchange.method == "POST") {
            for (const json::Value& given : each(body)) {
                Article* old = owner->find_article(std::string(given.at_path("data.articleNumber").text()));
                if (old == nullptr && given["articleSystemId"].integer() != 0) {
                    const auto found = owner->articles.find(given["articleSystemId"].integer());
                    if (found != owner->articles.end()) old = &found->second;
                }
                json::Value whole = given;
                if (old != nullptr) {
                    whole = merged(article_json(*old), given);
                    whole.set("data", merged(old->data, given["data"])).set("articleSystemId", old->id);
                    if (given.find("stock") != nullptr) whole.erase("stock_changed");
                    if (given.find("data") != nullptr) whole.erase("updated");
                }
                auto article = article_from_json(whole, now());
                if (!article) return problem(article.error());
                put_article(*owner, std::move(*article));
            }
            return done();
        }
        for (const auto& [key, article] : owner->articles)
            if ((id == 0 && number.empty()) || key == id) list.push_back(article_json(article));
        return done(std::move(list));
    }
    if (what == "orders") {
        if (const WarehouseOrder* order = owner->find_order(number)) id = order->id;
        if (exchange.method == "DELETE") {
            const auto found = owner->orders.find(id);
            if (found == owner->orders.end()) return done(json::Value::object().set("deleted", false));
            owner->order_by_number.erase(std::string(std::as_const(found->second.data)["orderNumber"].text()));
            owner->orders.erase(found);
            owner->touch();
            return done(json::Value::object().set("deleted", true));
        }
        if (exchange.method == "POST") {
            for (const json::Value& given : each(body)) {
                WarehouseOrder* old = owner->find_order(std::string(given.at_path("data.orderNumber").text()));
                if (old == nullptr) old = owner->find_order(std::string(given["orderNumber"].text()));
                json::Value whole = given;
                if (old != nullptr) {
                    whole = merged(order_json(*old), given);
                    whole.set("data", merged(old->data, given["data"])).set("orderId", old->id);
                    whole.erase("updated");
                    if (given.find("status") != nullptr) whole.erase("status_changed");
                }
                auto order = order_from_json(whole, *owner, now());
                if (!order) return problem(order.error());
                put_order(*owner, std::move(*order));
            }
            return done();
        }
        for (const auto& [key, order] : owner->orders)
            if ((id == 0 && number.empty()) || key == id) list.push_back(order_json(order));
        return done(std::move(list));
    }
    if (what == "dictionaries") {
        if (exchange.method != "GET") owner->dictionaries = merged(owner->dictionaries, body);
        return done(owner->dictionaries);
    }
    if (what == "returns") {
        if (exchange.method == "DELETE")
            return done(json::Value::object().set("deleted", std::erase_if(owner->return_orders, [&](const auto& row) {
                                                                 return std::as_const(row.second)["number"].text() == number;
                                                             }) > 0));
        if (exchange.method == "POST")
            for (const json::Value& task : each(body))
                if (auto worked = work_on_return(*owner, task, now()); !worked) return problem(worked.error());
        for (const auto& [key, one] : owner->return_orders)
            if (number.empty() || one["number"].text() == number) list.push_back(one);
        return done(std::move(list));
    }
    if (what == "work") {
        for (const json::Value& task : each(body))
            if (auto worked = do_warehouse_work(*owner, task, now()); !worked) return problem(worked.error());
        return done();
    }
    if (what == "edit") {
        for (const json::Value& task : each(body))
            if (auto edited = edit_warehouse_order(*owner, task, now()); !edited) return problem(edited.error());
        return done();
    }
    if (what == "webhook") {
        if (exchange.method != "GET") owner->dictionaries.set("webhook", body);
        return done(webhooks_.deliveries());
    }
    if (what == "print-jobs") return done(owner->print_jobs);
    return unknown();
}

} // namespace blongo::sandbox
