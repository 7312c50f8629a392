// SPDX-License-Identifier: Apache-2.0
#include "world.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace blongo::sandbox {

void Account::put_product(Product product) {
    erase_product(product.id);
    if (product.parent_id != 0) {
        auto& siblings = variants[product.parent_id];
        siblings.insert(std::lower_bound(siblings.begin(), siblings.end(), product.id), product.id);
    }
    const std::int64_t id = product.id;
    products.emplace(id, std::move(product));
    main_products_.clear();
}

bool Account::erase_product(std::int64_t id) {
    const auto found = products.find(id);
    if (found == products.end()) return false;
    if (found->second.parent_id != 0) std::erase(variants[found->second.parent_id], id);
    products.erase(found);
    main_products_.clear();
    return true;
}

const std::vector<std::int64_t>& Account::main_products(std::int64_t inventory_id) {
    const auto counted = main_products_.find(inventory_id);
    if (counted != main_products_.end()) return counted->second;
    std::vector<std::int64_t> ids;
    for (const auto& [id, product] : products)
        if (product.parent_id == 0 && product.inventory_id == inventory_id) ids.push_back(id);
    return main_products_[inventory_id] = std::move(ids);
}

void Account::record_event(Timestamp now, int type, std::int64_t order_id, std::int64_t object_id) {
    json::Value event = json::Value::object();
    event.set("log_id", next_event++);
    event.set("log_type", type);
    event.set("order_id", order_id);
    event.set("object_id", object_id);
    event.set("date", to_unix_seconds(now));
    events.push_back(std::move(event));
}

Article* GoodsOwner::find_article(const std::string& number) {
    const auto found = article_by_number.find(number);
    return found == article_by_number.end() ? nullptr : &articles.at(found->second);
}

WarehouseOrder* GoodsOwner::find_order(const std::string& number) {
    const auto found = order_by_number.find(number);
    return found == order_by_number.end() ? nullptr : &orders.at(found->second);
}

const Bookings& GoodsOwner::bookings(std::int64_t article_id) {
    if (!bookings_valid_) {
        bookings_.clear();
        for (const auto& [order_id, order] : orders) {
            if (order.status >= 400) continue;
            for (const OrderLine& line : order.lines) {
                const auto article = articles.find(line.article_id);
                if (article == articles.end()) continue;
                const json::Value& data = article->second.data;
                if (!article->second.is_structure()) {
                    Bookings& held = bookings_[line.article_id];
                    held.booked = held.booked + line.ordered;
                    held.allocated = held.allocated + line.allocated;
                    continue;
                }
                for (const json::Value& row : data["structureDefinition"]["rows"].elements()) {
                    const Article* component = find_article(std::string(row["articleNumber"].text()));
                    if (component == nullptr) continue;
                    const Decimal each = row["numberOfItems"].decimal().value_or(Decimal{});
                    Bookings& held = bookings_[component->id];
                    held.booked = held.booked + line.ordered * each;
                    held.allocated = held.allocated + line.allocated * each;
                }
            }
        }
        bookings_valid_ = true;
    }
    return bookings_[article_id];
}

Account* World::account(std::string_view token) {
    for (const auto& account : accounts)
        if (account->token == token) return account.get();
    return nullptr;
}

GoodsOwner* World::goods_owner(std::string_view warehouse, std::int64_t id) {
    for (const auto& owner : goods_owners)
        if (owner->warehouse == warehouse && owner->id == id) return owner.get();
    return nullptr;
}

void add_synthetic_products(Account& account, std::int64_t how_many) {
    const json::Value& dictionaries = account.dictionaries;
    const auto& inventories = dictionaries["inventories"].elements();
    if (inventories.empty()) return;
    const std::int64_t inventory = inventories.front()["inventory_id"].integer();
    const std::string warehouse(inventories.front()["default_warehouse"].text());
    const std::string group(inventories.front()["default_price_group"].text());
    for (std::int64_t i = 1; i <= how_many; ++i) {
        Product product;
        product.id = 900'000'000 + i;
        product.inventory_id = inventory;
        product.sku = fmt::format("P{:06}", i);
        const std::string digits = fmt::format("590{:09}", i);
        int sum = 0;
        for (std::size_t k = 0; k < digits.size(); ++k) sum += (digits[k] - '0') * (k % 2 == 0 ? 1 : 3);
        product.ean = digits + static_cast<char>('0' + (10 - sum % 10) % 10);
        product.weight = *Decimal::parse(fmt::format("{}.{:02}", 1 + i % 7, i % 100));
        product.height = 5 + i % 20;
        product.width = 6 + i % 30;
        product.length = *Decimal::parse(fmt::format("{}.5", 7 + i % 40));
        product.tax_rate = 23;
        product.prices[group] = *Decimal::parse(fmt::format("{}.99", 9 + i % 200));
        product.stock[warehouse] = i % 50;
        product.text_fields.set("name", fmt::format("Produkt {:06}", i));
        product.text_fields.set("description", fmt::format("<p>Opis produktu <b>{:06}</b></p>", i));
        account.put_product(std::move(product));
    }
}

} // namespace blongo::sandbox
