// SPDX-License-Identifier: Apache-2.0
#include "baselinker.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include <blongo/base/text.hpp>

namespace blongo::sandbox {

namespace {

constexpr std::size_t page_size = 1000; // products a page, baselinker.md 2.6
constexpr std::size_t largest_update = 1000;
constexpr std::size_t largest_read = 1000;

json::Value dictionary(BaseCall& call, const char* name) {
    return success().set(name, std::as_const(call.account.dictionaries)[name]);
}

const json::Value* find_inventory(const Account& account, std::int64_t id) {
    for (const json::Value& inventory : account.dictionaries["inventories"].elements())
        if (inventory["inventory_id"].integer() == id) return &inventory;
    return nullptr;
}

json::Value no_such_inventory(std::int64_t id) {
    return base_error("ERROR_STORAGE_ID", fmt::format("There is no inventory with ID {}", id));
}

bool reservations(const json::Value& inventory) {
    return inventory["reservations"].is_true();
}

json::Value integers(const std::map<std::string, std::int64_t>& map) {
    json::Value object = json::Value::object();
    for (const auto& [key, value] : map) object.set(key, value);
    return object;
}

/// A parent shows the sum of its variants (2.7).
std::map<std::string, std::int64_t> stock_of(const Account& account, const Product& product) {
    const auto variants = account.variants.find(product.id);
    if (variants == account.variants.end() || variants->second.empty()) return product.stock;
    std::map<std::string, std::int64_t> sum;
    for (const std::int64_t id : variants->second)
        for (const auto& [warehouse, quantity] : account.products.at(id).stock) sum[warehouse] += quantity;
    return sum;
}

json::Value prices_of(const Product& product) {
    json::Value object = json::Value::object();
    for (const auto& [group, price] : product.prices) object.set(group, price);
    return object;
}

json::Value locations_of(const Product& product) {
    json::Value object = json::Value::object();
    for (const auto& [warehouse, place] : product.locations) object.set(warehouse, place);
    return object;
}

bool has_ean(const Product& product, std::string_view ean) {
    if (product.ean == ean) return true;
    const auto& more = product.ean_additional.elements();
    return std::any_of(more.begin(), more.end(), [&](const json::Value& row) { return row["ean"].text() == ean; });
}

bool passes(const BaseCall& call, const json::Value& inventory, const Product& product) {
    const json::Value& p = call.parameters;
    if (p.find("filter_id") != nullptr && p["filter_id"].integer() != product.id) return false;
    if (p.find("filter_category_id") != nullptr && p["filter_category_id"].integer() != product.category_id.integer())
        return false;
    if (p.find("filter_sku") != nullptr && p["filter_sku"].text() != product.sku) return false;
    if (p.find("filter_ean") != nullptr && !has_ean(product, p["filter_ean"].text())) return false;
    if (p.find("filter_asin") != nullptr && p["filter_asin"].text() != product.asin) return false;
    if (p.find("filter_name") != nullptr &&
        fold_case(product.name()).find(fold_case(p["filter_name"].text())) == std::string::npos)
        return false;
    const auto price = product.prices.find(std::string(inventory["default_price_group"].text()));
    const Decimal amount = price == product.prices.end() ? Decimal{} : price->second;
    if (p.find("filter_price_from") != nullptr && amount < *p["filter_price_from"].decimal()) return false;
    if (p.find("filter_price_to") != nullptr && amount > *p["filter_price_to"].decimal()) return false;
    const auto stock = stock_of(call.account, product);
    const auto here = stock.find(std::string(inventory["default_warehouse"].text()));
    const std::int64_t quantity = here == stock.end() ? 0 : here->second;
    if (p.find("filter_stock_from") != nullptr && quantity < p["filter_stock_from"].integer()) return false;
    if (p.find("filter_stock_to") != nullptr && quantity > p["filter_stock_to"].integer()) return false;
    if (p.find("filter_locations") != nullptr &&
        std::none_of(product.locations.begin(), product.locations.end(),
                     [&](const auto& place) { return place.second.find(p["filter_locations"].text()) != std::string::npos; }))
        return false;
    return true;
}

bool has_filter(const BaseCall& call) {
    const auto& given = call.parameters.members();
    return std::any_of(given.begin(), given.end(),
                       [](const auto& member) { return member.first.starts_with("filter_") && member.first != "filter_sort"; });
}

/// The ids of the main products that the call asks for, ascending.
std::vector<std::int64_t> filtered(BaseCall& call, const json::Value& inventory) {
    std::vector<std::int64_t> ids;
    for (const std::int64_t id : call.account.main_products(inventory["inventory_id"].integer()))
        if (passes(call, inventory, call.account.products.at(id))) ids.push_back(id);
    return ids;
}

/// The main products of one page, in the order asked for.
std::vector<const Product*> page_of(BaseCall& call, const json::Value& inventory) {
    std::vector<std::int64_t> kept;
    const std::vector<std::int64_t>& all =
        has_filter(call) ? (kept = filtered(call, inventory)) : call.account.main_products(inventory["inventory_id"].integer());
    std::int64_t page = std::max<std::int64_t>(1, call["page"].integer(1));
    const auto pages = static_cast<std::int64_t>((all.size() + page_size - 1) / page_size);
    if (page > pages && call.context.settings.past_end_repeats) page = std::max<std::int64_t>(1, pages);
    const std::size_t begin = std::min(all.size(), static_cast<std::size_t>(page - 1) * page_size);
    const std::size_t end = std::min(all.size(), begin + page_size);
    const bool descending = call["filter_sort"].text() == "id DESC";
    std::vector<const Product*> rows;
    for (std::size_t i = begin; i < end; ++i) rows.push_back(&call.account.products.at(all[descending ? all.size() - 1 - i : i]));
    return rows;
}

json::Value list_row(const Account& account, const Product& product) {
    return json::Value::object()
        .set("id", product.id)
        .set("ean", product.ean)
        .set("asin", product.asin)
        .set("sku", product.sku)
        .set("name", product.name())
        .set("parent_id", product.parent_id)
        .set("stock", integers(stock_of(account, product)))
        .set("prices", prices_of(product));
}

json::Value list_products(BaseCall& call) {
    const json::Value* inventory = find_inventory(call.account, call["inventory_id"].integer());
    if (inventory == nullptr) return no_such_inventory(call["inventory_id"].integer());
    const std::string_view sort = call["filter_sort"].text();
    if (!sort.empty() && sort != "id ASC" && sort != "id DESC") {
        call.violate("bad_parameter", "getInventoryProductsList.filter_sort", "only id ASC and id DESC exist");
        return base_error("ERROR_INVALID_DATA", "Invalid data format for filter_sort.");
    }
    json::Value rows = json::Value::object();
    const auto page = page_of(call, *inventory);
    for (const Product* product : page)
        rows.members().emplace_back(std::to_string(product->id), list_row(call.account, *product));
    if (call["include_variants"].is_true())
        for (const Product* product : page)
            if (const auto variants = call.account.variants.find(product->id); variants != call.account.variants.end())
                for (const std::int64_t id : variants->second)
                    rows.members().emplace_back(std::to_string(id), list_row(call.account, call.account.products.at(id)));
    return success().set("products", std::move(rows));
}

json::Value list_stock(BaseCall& call) {
    const json::Value* inventory = find_inventory(call.account, call["inventory_id"].integer());
    if (inventory == nullptr) return no_such_inventory(call["inventory_id"].integer());
    json::Value rows = json::Value::object();
    for (const Product* product : page_of(call, *inventory)) {
        json::Value row = json::Value::object();
        row.set("product_id", product->id);
        row.set("stock", integers(stock_of(call.account, *product)));
        if (reservations(*inventory)) row.set("reservations", integers(product->reserved));
        const auto variants = call.account.variants.find(product->id);
        if (variants != call.account.variants.end() && !variants->second.empty()) {
            json::Value stocks = json::Value::object();
            json::Value reserved = json::Value::object();
            for (const std::int64_t id : variants->second) {
                const Product& variant = call.account.products.at(id);
                stocks.set(std::to_string(id), integers(variant.stock));
                reserved.set(std::to_string(id), integers(variant.reserved));
            }
            row.set("variants", std::move(stocks));
            if (reservations(*inventory)) row.set("variant_reservations", std::move(reserved));
        }
        rows.members().emplace_back(std::to_string(product->id), std::move(row));
    }
    return success().set("products", std::move(rows));
}

json::Value data_row(const BaseCall& call, const json::Value& inventory, const Product& product) {
    const Account& account = call.account;
    json::Value row = product.to_json();
    row.erase("id");
    row.erase("inventory_id");
    if (!call["include_additional_eans"].is_true()) row.erase("ean_additional");
    row.set("stock", integers(stock_of(account, product)));
    if (!reservations(inventory)) row.erase("reservations");
    row.set("star", 0);
    row.set("average_cost", 0);
    row.set("average_landed_cost", 0);
    row.set("videos", json::Value::array());
    row.set("links", json::Value::object());
    json::Value variants = json::Value::object();
    if (const auto ids = account.variants.find(product.id); ids != account.variants.end())
        for (const std::int64_t id : ids->second) {
            const Product& variant = account.products.at(id);
            variants.set(std::to_string(id), json::Value::object()
                                                 .set("name", variant.name())
                                                 .set("sku", variant.sku)
                                                 .set("ean", variant.ean)
                                                 .set("asin", variant.asin)
                                                 .set("prices", prices_of(variant))
                                                 .set("stock", integers(variant.stock))
                                                 .set("locations", locations_of(variant)));
        }
    row.set("variants", std::move(variants));
    if (call["include_suppliers"].is_true()) row.set("suppliers", json::Value::array());
    if (call["include_erp_units"].is_true()) row.set("stock_erp_units", json::Value::object());
    if (call["include_wms_units"].is_true()) row.set("stock_wms_units", json::Value::object());
    return row;
}

json::Value read_products(BaseCall& call) {
    const std::int64_t inventory_id = call["inventory_id"].integer();
    const json::Value* inventory = find_inventory(call.account, inventory_id);
    if (inventory == nullptr) return no_such_inventory(inventory_id);
    const auto& ids = call["products"].elements();
    if (ids.empty() || ids.size() > largest_read) {
        call.violate(ids.empty() ? "empty_list" : "too_many_products", "getInventoryProductsData.products",
                     fmt::format("{} product ids; between 1 and {} are sensible", ids.size(), largest_read));
        return base_error("ERROR_INVALID_DATA", "Invalid data format for products.");
    }
    json::Value rows = json::Value::object();
    for (const json::Value& id : ids) {
        const auto found = call.account.products.find(id.integer());
        if (found == call.account.products.end()) continue;
        if (found->second.inventory_id != inventory_id)
            return base_error("ERROR_STORAGE_ID",
                              fmt::format("Product with ID {} belongs to a different inventory than specified", id.integer()));
        const std::string key = std::to_string(id.integer());
        if (rows.find(key) == nullptr) rows.members().emplace_back(key, data_row(call, *inventory, found->second));
    }
    return success().set("products", std::move(rows));
}

/// Why this row cannot be written; empty: it was.
std::string update_one(BaseCall& call, const json::Value& inventory, const std::string& key, const json::Value& quantities) {
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), id);
    const auto found = call.account.products.find(id);
    const bool numeric = error == std::errc{} && end == key.data() + key.size();
    if (!numeric || found == call.account.products.end() || found->second.inventory_id != inventory["inventory_id"].integer())
        return fmt::format("No product with ID {}", key);
    const std::string where = fmt::format("updateInventoryProductsStock.products.{}", key);
    Product& product = found->second;
    if (const auto variants = call.account.variants.find(id);
        variants != call.account.variants.end() && !variants->second.empty()) {
        call.violate("parent_stock_write", where, "stock of a product with variants belongs to its variants");
        return fmt::format("Product {} has variants", key);
    }
    if (product.is_bundle) {
        call.violate("bundle_stock_write", where, "stock of a bundle is computed from its components");
        return fmt::format("Product {} is a bundle", key);
    }
    for (const auto& [warehouse, quantity] : quantities.members()) {
        const std::string place = fmt::format("{}.{}", where, warehouse);
        const auto& known = inventory["warehouses"].elements();
        if (!warehouse.starts_with("bl_")) {
            call.violate("foreign_warehouse_write", place, "only bl_ warehouses can be written");
            return fmt::format("Warehouse {} cannot be edited", warehouse);
        }
        if (std::find(known.begin(), known.end(), json::Value(warehouse)) == known.end())
            return fmt::format("No warehouse {}", warehouse);
        const bool whole = quantity.is_number() && quantity.text().find_first_of(".eE") == std::string_view::npos;
        if (!whole || quantity.integer() < 0) {
            call.violate("bad_quantity", place, "a whole number of at least 0 is due");
            return fmt::format("Invalid quantity for warehouse {}", warehouse);
        }
    }
    const auto refused = split(call.context.settings.stock_warnings, ',');
    if (std::find(refused.begin(), refused.end(), key) != refused.end())
        return fmt::format("Stock of product {} cannot be changed", key);
    for (const auto& [warehouse, quantity] : quantities.members()) product.stock[warehouse] = quantity.integer();
    return {};
}

json::Value update_stock(BaseCall& call) {
    const json::Value* inventory = find_inventory(call.account, call["inventory_id"].integer());
    if (inventory == nullptr) return no_such_inventory(call["inventory_id"].integer());
    const auto& rows = call["products"].members();
    if (rows.size() > largest_update) {
        call.violate("too_many_products", "updateInventoryProductsStock.products",
                     fmt::format("{} products, at most {} are allowed", rows.size(), largest_update));
        return base_error("ERROR_INVALID_DATA", "Too many products in one call.");
    }
    json::Value warnings = json::Value::object();
    std::int64_t counter = 0;
    for (const auto& [key, quantities] : rows) {
        const std::string warning = update_one(call, *inventory, key, quantities);
        if (warning.empty())
            ++counter;
        else
            warnings.set(key, warning);
    }
    return success().set("counter", counter).set("warnings", warnings.size() == 0 ? json::Value("") : warnings);
}

json::Value text_field_keys(BaseCall& call) {
    if (find_inventory(call.account, call["inventory_id"].integer()) == nullptr)
        return no_such_inventory(call["inventory_id"].integer());
    return dictionary(call, "text_field_keys");
}

std::vector<Parameter> list_parameters() {
    using enum ParameterType;
    std::vector<Parameter> rows = {
        {"inventory_id", integer, true},   {"filter_id", integer},          {"filter_category_id", integer},
        {"filter_sku", text, false, 50},   {"filter_ean", text, false, 32}, {"filter_asin", text, false, 50},
        {"filter_name", text, false, 200}, {"filter_price_from", decimal},  {"filter_price_to", decimal},
        {"filter_stock_from", integer},    {"filter_stock_to", integer},    {"filter_locations", text, false, 20},
        {"filter_sort", text, false, 30},  {"include_variants", truth},     {"page", integer}};
    return rows;
}

} // namespace

std::span<const BaseMethod> catalogue_methods() {
    using enum ParameterType;
    static const std::vector<BaseMethod> methods = {
        {"getInventories", {}, [](BaseCall& call) { return dictionary(call, "inventories"); }, "inventories"},
        {"getInventoryWarehouses", {}, [](BaseCall& call) { return dictionary(call, "warehouses"); }, "warehouses"},
        {"getInventoryPriceGroups", {}, [](BaseCall& call) { return dictionary(call, "price_groups"); }, "price_groups"},
        {"getInventoryExtraFields", {}, [](BaseCall& call) { return dictionary(call, "extra_fields"); }, "extra_fields"},
        {"getInventoryCategories",
         {{"inventory_id", integer}},
         [](BaseCall& call) { return dictionary(call, "categories"); },
         "categories"},
        {"getInventoryManufacturers", {}, [](BaseCall& call) { return dictionary(call, "manufacturers"); }, "manufacturers"},
        {"getInventoryAvailableTextFieldKeys", {{"inventory_id", integer, true}}, text_field_keys, "text_field_keys"},
        {"getInventoryProductsList", list_parameters(), list_products, "products"},
        // Its filters are newer than the documentation: nobody may rely on them.
        {"getInventoryProductsStock", {{"inventory_id", integer, true}, {"page", integer}}, list_stock, "products"},
        {"getInventoryProductsData",
         {{"inventory_id", integer, true},
          {"products", ParameterType::integers, true},
          {"include_erp_units", truth},
          {"include_wms_units", truth},
          {"include_additional_eans", truth},
          {"include_suppliers", truth},
          {"include_relations", truth},
          {"include_marketplace_categories", truth},
          {"include_channels_media", truth}},
         read_products,
         "products"},
        {"updateInventoryProductsStock", {{"inventory_id", integer, true}, {"products", map, true}}, update_stock, {}, true},
    };
    return methods;
}

} // namespace blongo::sandbox
