// SPDX-License-Identifier: Apache-2.0
#include "world_json.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <fmt/format.h>

#include "base_orders.hpp"
#include "returns.hpp"
#include "world.hpp"

namespace blongo::sandbox {

namespace {

/// A member of an order with its empty value, in the order in which getOrders answers.
struct Blank {
    const char* name;
    json::Value value;
};

const std::vector<Blank>& order_blanks() {
    static const std::vector<Blank> blanks = [] {
        std::vector<Blank> list;
        const auto add = [&](const json::Value& value, std::initializer_list<const char*> names) {
            for (const char* name : names) list.push_back({name, value});
        };
        add(0, {"order_id", "shop_order_id"});
        add("", {"external_order_id"});
        add("personal", {"order_source"});
        add(0, {"order_source_id"});
        add("-", {"order_source_info"});
        add(0, {"order_status_id"});
        add(true, {"confirmed"});
        add(0, {"date_confirmed", "date_add", "date_in_status"});
        add("", {"user_login", "phone", "email", "user_comments", "admin_comments"});
        add("PLN", {"currency"});
        add("", {"payment_method"});
        add("0", {"payment_method_cod"});
        add(0, {"payment_done", "delivery_method_id"});
        add("", {"delivery_method"});
        add(0, {"delivery_price"});
        add("", {"delivery_package_module",
                 "delivery_package_nr",
                 "delivery_fullname",
                 "delivery_company",
                 "delivery_address",
                 "delivery_city",
                 "delivery_state",
                 "delivery_postcode",
                 "delivery_country_code",
                 "delivery_point_id",
                 "delivery_point_name",
                 "delivery_point_address",
                 "delivery_point_postcode",
                 "delivery_point_city",
                 "invoice_fullname",
                 "invoice_company",
                 "invoice_nip",
                 "invoice_address",
                 "invoice_city",
                 "invoice_state",
                 "invoice_postcode",
                 "invoice_country_code"});
        add("0", {"want_invoice"});
        add("", {"extra_field_1", "extra_field_2", "order_page"});
        add(0, {"pick_state", "pack_state", "star", "crm_client_id"});
        add("", {"delivery_country", "invoice_country"});
        add(json::Value::object(), {"custom_extra_fields"});
        return list;
    }();
    return blanks;
}

const std::vector<Blank>& line_blanks() {
    static const std::vector<Blank> blanks = {{"storage", "db"},   {"storage_id", 0},   {"order_product_id", 0},
                                              {"product_id", ""},  {"variant_id", "0"}, {"name", ""},
                                              {"attributes", ""},  {"sku", ""},         {"ean", ""},
                                              {"location", ""},    {"warehouse_id", 0}, {"auction_id", "0"},
                                              {"price_brutto", 0}, {"tax_rate", 23},    {"quantity", 1},
                                              {"weight", 0},       {"bundle_id", 0}};
    return blanks;
}

json::Value filled(const std::vector<Blank>& blanks, const json::Value& given) {
    json::Value object = json::Value::object();
    for (const Blank& blank : blanks) {
        const json::Value* found = given.find(blank.name);
        object.set(blank.name, found != nullptr ? *found : blank.value);
    }
    for (const auto& [name, value] : given.members())
        if (object.find(name) == nullptr) object.set(name, value);
    return object;
}

void resolve_time(json::Value& order, const char* name, Timestamp now) {
    const json::Value& value = std::as_const(order)[name];
    if (value.is_number()) return;
    const auto time = read_time(value, now);
    order.set(name, time ? to_unix_seconds(*time) : 0);
}

Result<std::unique_ptr<Account>> load_account(const json::Value& object, Timestamp now) {
    auto account = std::make_unique<Account>();
    account->token = object["token"].text();
    account->last_order = object["last_order"].integer();
    if (account->token.empty()) return fail(ErrorKind::usage, "an account needs a token", "token");
    account->dictionaries = object["dictionaries"];
    const auto& inventories = std::as_const(account->dictionaries)["inventories"].elements();
    const std::int64_t inventory = inventories.empty() ? 0 : inventories.front()["inventory_id"].integer();
    for (const json::Value& row : object["products"].elements()) {
        BLONGO_TRY(Product product, Product::from_json(row, inventory));
        account->put_product(std::move(product));
    }
    for (const json::Value& row : object["orders"].elements()) {
        BLONGO_CHECK(put_base_order(*account, row, now));
        settle_stock(*account, row["order_id"].integer(), false);
    }
    for (const json::Value& row : object["packages"].elements()) {
        const std::int64_t id = row["package_id"].integer();
        account->packages[id] = row;
        account->next_package = std::max(account->next_package, id + 1);
    }
    for (const json::Value& row : object["returns"].elements()) BLONGO_CHECK(change_base_return(*account, row, now));
    for (const auto& [id, one] : account->returns)
        for (const json::Value& line : one["products"].elements())
            account->next_return_line = std::max(account->next_return_line, line["order_return_product_id"].integer() + 1);
    account->return_events.assign(object["return_events"].elements().begin(), object["return_events"].elements().end());
    for (const json::Value& event : std::as_const(account->return_events))
        account->next_return_event = std::max(account->next_return_event, event["log_id"].integer() + 1);
    account->events.assign(object["events"].elements().begin(), object["events"].elements().end());
    for (const json::Value& event : std::as_const(account->events))
        account->next_event = std::max(account->next_event, event["log_id"].integer() + 1);
    return account;
}

Result<std::unique_ptr<GoodsOwner>> load_goods_owner(const json::Value& object, Timestamp now) {
    auto owner = std::make_unique<GoodsOwner>();
    owner->warehouse = object["warehouse"].text();
    owner->id = object["goodsOwnerId"].integer();
    owner->name = object["name"].text();
    owner->user = object["user"].text();
    owner->password = object["password"].text();
    if (owner->warehouse.empty() || owner->id <= 0)
        return fail(ErrorKind::usage, "a goods owner needs a warehouse and a goodsOwnerId", "goods_owners");
    owner->dictionaries = object["dictionaries"];
    for (const json::Value& row : object["articles"].elements()) {
        BLONGO_TRY(Article article, article_from_json(row, now));
        put_article(*owner, std::move(article));
    }
    for (const json::Value& row : object["orders"].elements()) {
        BLONGO_TRY(WarehouseOrder order, order_from_json(row, *owner, now));
        put_order(*owner, std::move(order));
    }
    for (const json::Value& row : object["return_orders"].elements()) {
        owner->return_orders[row["id"].integer()] = row;
        owner->next_return_order = std::max(owner->next_return_order, row["id"].integer() + 1);
    }
    if (const json::Value* jobs = object.find("print_jobs")) owner->print_jobs = *jobs;
    return owner;
}

} // namespace

std::int64_t put_article(GoodsOwner& owner, Article article) {
    if (article.id == 0) article.id = owner.next_article;
    owner.next_article = std::max(owner.next_article, article.id + 1);
    if (const auto old = owner.articles.find(article.id); old != owner.articles.end())
        owner.article_by_number.erase(old->second.number());
    owner.article_by_number[article.number()] = article.id;
    const std::int64_t id = article.id;
    owner.articles.insert_or_assign(id, std::move(article));
    owner.touch();
    return id;
}

std::int64_t put_order(GoodsOwner& owner, WarehouseOrder order) {
    if (order.id == 0) order.id = owner.next_order;
    owner.next_order = std::max(owner.next_order, order.id + 1);
    for (OrderLine& line : order.lines) {
        if (line.id == 0) line.id = owner.next_id;
        owner.next_id = std::max(owner.next_id, line.id + 1);
    }
    if (order.consignee_id == 0) order.consignee_id = owner.next_id++;
    if (const auto old = owner.orders.find(order.id); old != owner.orders.end())
        owner.order_by_number.erase(std::string(old->second.data["orderNumber"].text()));
    owner.order_by_number[std::string(std::as_const(order.data)["orderNumber"].text())] = order.id;
    const std::int64_t id = order.id;
    owner.orders.insert_or_assign(id, std::move(order));
    owner.touch();
    return id;
}

Result<json::Value> put_base_order(Account& account, const json::Value& given, Timestamp now) {
    if (given["order_id"].integer() <= 0) return fail(ErrorKind::usage, "an order needs an order_id above 0", "order_id");
    json::Value order = filled(order_blanks(), given);
    if (!std::as_const(order)["confirmed"].is_true()) order.set("date_confirmed", 0);
    for (const char* name : {"date_confirmed", "date_add", "date_in_status"}) resolve_time(order, name, now);
    json::Value lines = json::Value::array();
    for (const json::Value& row : given["products"].elements()) {
        json::Value line = filled(line_blanks(), row);
        account.next_line = std::max(account.next_line, std::as_const(line)["order_product_id"].integer() + 1);
        if (std::as_const(line)["order_product_id"].integer() == 0) line.set("order_product_id", account.next_line++);
        lines.push_back(std::move(line));
    }
    order.erase("products");
    order.set("products", std::move(lines));
    const std::int64_t id = given["order_id"].integer();
    account.last_order = std::max(account.last_order, id);
    return account.orders.insert_or_assign(id, std::move(order)).first->second;
}

json::Value account_json(const Account& account) {
    json::Value products = json::Value::array();
    for (const auto& [id, product] : account.products) products.push_back(product.to_json());
    json::Value orders = json::Value::array();
    for (const auto& [id, order] : account.orders) orders.push_back(order);
    json::Value returns = json::Value::array();
    for (const auto& [id, one] : account.returns) returns.push_back(one);
    json::Value packages = json::Value::array();
    for (const auto& [id, package] : account.packages) packages.push_back(package);
    return json::Value::object()
        .set("token", account.token)
        .set("dictionaries", account.dictionaries)
        .set("last_order", account.last_order)
        .set("products", std::move(products))
        .set("orders", std::move(orders))
        .set("packages", std::move(packages))
        .set("returns", std::move(returns))
        .set("return_events", json::Value(json::Value::Array(account.return_events)))
        .set("events", json::Value(json::Value::Array(account.events)));
}

json::Value goods_owner_json(const GoodsOwner& owner) {
    json::Value articles = json::Value::array();
    for (const auto& [id, article] : owner.articles) articles.push_back(article_json(article));
    json::Value orders = json::Value::array();
    for (const auto& [id, order] : owner.orders) orders.push_back(order_json(order));
    json::Value return_orders = json::Value::array();
    for (const auto& [id, one] : owner.return_orders) return_orders.push_back(one);
    return json::Value::object()
        .set("warehouse", owner.warehouse)
        .set("goodsOwnerId", owner.id)
        .set("name", owner.name)
        .set("user", owner.user)
        .set("password", owner.password)
        .set("dictionaries", owner.dictionaries)
        .set("articles", std::move(articles))
        .set("orders", std::move(orders))
        .set("return_orders", std::move(return_orders))
        .set("print_jobs", owner.print_jobs);
}

json::Value World::to_json() const {
    json::Value account_list = json::Value::array();
    for (const auto& account : accounts) account_list.push_back(account_json(*account));
    json::Value owner_list = json::Value::array();
    for (const auto& owner : goods_owners) owner_list.push_back(goods_owner_json(*owner));
    return json::Value::object().set("accounts", std::move(account_list)).set("goods_owners", std::move(owner_list));
}

Result<void> World::load(const json::Value& object, Timestamp now) {
    World loaded;
    for (const json::Value& row : object["accounts"].elements()) {
        BLONGO_TRY(auto account, load_account(row, now));
        loaded.accounts.push_back(std::move(account));
    }
    for (const json::Value& row : object["goods_owners"].elements()) {
        BLONGO_TRY(auto owner, load_goods_owner(row, now));
        loaded.goods_owners.push_back(std::move(owner));
    }
    *this = std::move(loaded);
    return {};
}

} // namespace blongo::sandbox
