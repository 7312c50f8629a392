// SPDX-License-Identifier: Apache-2.0
#include <blongo/baselinker/decode_catalogue.hpp>

#include <algorithm>

#include <blongo/baselinker/tolerant.hpp>

namespace blongo::baselinker {
namespace {

using tolerant::each_element;
using tolerant::each_entry;
using tolerant::is;
using tolerant::ItemReader;
using tolerant::State;
using tolerant::wrong_shape;

BadProduct bad_product(ProductId id, const ItemReader& reader) {
    return {id, reader.path(), reader.reason()};
}

/// The id of an item: the key under which it stands, 0 if that is none, unless a member says another.
ProductId id_of_key(std::string_view key) {
    return ProductId(tolerant::id_from_key(key).value_or(0));
}
void prefer_id(ProductId& id, json::Node member) {
    const auto inside = tolerant::integer(member);
    if (inside.present() && inside.value > 0) id = ProductId(inside.value);
}
ProductId product_id(std::string_view key, json::Node item, std::string_view name) {
    ProductId id = id_of_key(key);
    prefer_id(id, item[name]);
    return id;
}

/// An item without a usable id, or one that is no object at all.
void check_item(ItemReader& reader, ProductId id, json::Node item) {
    if (!item.is_object())
        reader.fault(item, "an object");
    else if (id.value() <= 0)
        reader.fault(item, "an object with a product id");
}

void read_texts(std::vector<std::string>& target, ItemReader& reader, json::Node node) {
    const State node_state = each_element(node, [&](std::string_view, json::Node element) {
        std::string& text = target.emplace_back();
        reader.text(text, element);
    });
    reader.check(node_state, node, "a list of texts");
}

/// Texts only: features (an object, or a text that was cut off in the middle) are no text, of an
/// attached file the address counts.
void read_text_fields(std::map<std::string, std::string>& target, ItemReader& reader, json::Node node) {
    const State node_state = each_entry(node, [&](std::string_view key, json::Node value) {
        if (key.substr(0, key.find('|')) == "features") return;
        const json::Node source = value.is_object() ? value["url"] : value;
        const auto text = tolerant::text(source);
        if (text.malformed()) reader.fault(source, "text");
        if (text.present()) target.insert_or_assign(std::string(key), std::string(text.value));
    });
    reader.check(node_state, node, "a map of text fields");
}

void read_additional_eans(std::vector<AdditionalEan>& target, ItemReader& reader, json::Node node) {
    const State node_state = each_element(node, [&](std::string_view, json::Node element) {
        AdditionalEan& ean = target.emplace_back();
        reader.text(ean.ean, element.is_object() ? element["ean"] : element);
        reader.integer(ean.quantity, element["quantity"]);
    });
    reader.check(node_state, node, "a list of EANs");
}

void read_components(std::map<ProductId, std::int64_t>& target, ItemReader& reader, json::Node node) {
    const State node_state = each_entry(node, [&](std::string_view key, json::Node pieces) {
        std::int64_t quantity = 0;
        reader.integer(quantity, pieces);
        const auto id = tolerant::id_from_key(key);
        if (!id) return reader.fault(pieces, "a component under its product id");
        target.insert_or_assign(ProductId(*id), quantity);
    });
    reader.check(node_state, node, "a map of components");
}

void read_variants(std::vector<Variant>& target, ItemReader& reader, json::Node node) {
    const State node_state = each_element(node, [&](std::string_view key, json::Node item) {
        Variant& variant = target.emplace_back();
        variant.id = id_of_key(key);
        for (const json::Node member : item) {
            const std::string_view name = member.key();
            if (is(name, "variant_id"))
                prefer_id(variant.id, member);
            else if (is(name, "name"))
                reader.text(variant.name, member);
            else if (is(name, "sku"))
                reader.text(variant.sku, member);
            else if (is(name, "ean"))
                reader.text(variant.ean, member);
        }
        check_item(reader, variant.id, item);
    });
    reader.check(node_state, node, "a map of variants");
}

/// One pass over the members, told apart by their length first: a product has some thirty, most of them of no use here.
void read_product(Product& product, ItemReader& reader, json::Node item) {
    for (const json::Node member : item) {
        const std::string_view key = member.key();
        switch (key.size()) {
        case 3:
            if (is(key, "sku")) reader.text(product.sku, member);
            if (is(key, "ean")) reader.text(product.ean, member);
            break;
        case 4:
            if (is(key, "tags")) read_texts(product.tags, reader, member);
            break;
        case 5:
            if (is(key, "width")) reader.decimal(product.width, member);
            if (is(key, "stock")) reader.stock(product.stock, member);
            break;
        case 6:
            if (is(key, "weight")) reader.decimal(product.weight, member);
            if (is(key, "height")) reader.decimal(product.height, member);
            if (is(key, "length")) reader.decimal(product.length, member);
            break;
        case 8:
            if (is(key, "variants")) read_variants(product.variants, reader, member);
            break;
        case 9:
            if (is(key, "parent_id")) reader.id(product.parent_id, member);
            if (is(key, "is_bundle")) reader.boolean(product.is_bundle, member);
            break;
        case 10:
            if (is(key, "product_id")) prefer_id(product.id, member);
            break;
        case 11:
            if (is(key, "text_fields")) read_text_fields(product.text_fields, reader, member);
            if (is(key, "category_id")) reader.integer(product.category_id, member);
            break;
        case 14:
            if (is(key, "ean_additional")) read_additional_eans(product.additional_eans, reader, member);
            break;
        case 15:
            if (is(key, "bundle_products")) read_components(product.bundle_products, reader, member);
            if (is(key, "manufacturer_id")) reader.integer(product.manufacturer_id, member);
            break;
        default: break;
        }
    }
}

Inventory read_inventory(json::Node item, ItemReader& reader) {
    Inventory inventory;
    reader.id(inventory.inventory_id, item["inventory_id"]);
    reader.text(inventory.name, item["name"]);
    read_texts(inventory.languages, reader, item["languages"]);
    reader.text(inventory.default_language, item["default_language"]);
    each_element(item["price_groups"],
                 [&](std::string_view, json::Node group) { reader.integer(inventory.price_groups.emplace_back(), group); });
    std::vector<std::string> keys;
    read_texts(keys, reader, item["warehouses"]);
    for (std::string& key : keys) inventory.warehouses.emplace_back(std::move(key));
    inventory.default_warehouse = WarehouseKey(std::string(tolerant::text(item["default_warehouse"]).value));
    reader.boolean(inventory.reservations, item["reservations"]);
    reader.boolean(inventory.is_default, item["is_default"]);
    return inventory;
}

} // namespace

Result<std::vector<Inventory>> decode_inventories(json::Node root) {
    std::vector<Inventory> inventories;
    ItemReader reader;
    const json::Node list = root["inventories"];
    const State state =
        each_element(list, [&](std::string_view, json::Node item) { inventories.push_back(read_inventory(item, reader)); });
    if (state == State::malformed || !list.exists()) return wrong_shape(list, "a list of catalogues");
    if (reader.failed()) return fail(ErrorKind::protocol, reader.reason(), reader.path());
    return inventories;
}

Result<std::vector<Warehouse>> decode_warehouses(json::Node root) {
    std::vector<Warehouse> warehouses;
    ItemReader reader;
    const json::Node list = root["warehouses"];
    const State state = each_element(list, [&](std::string_view, json::Node item) {
        Warehouse& warehouse = warehouses.emplace_back();
        std::string type, id;
        reader.text(type, item["warehouse_type"]);
        reader.text(id, item["warehouse_id"]);
        warehouse.key = WarehouseKey(type + "_" + id);
        reader.text(warehouse.name, item["name"]);
        reader.boolean(warehouse.stock_edition, item["stock_edition"]);
    });
    if (state == State::malformed || !list.exists()) return wrong_shape(list, "a list of warehouses");
    if (reader.failed()) return fail(ErrorKind::protocol, reader.reason(), reader.path());
    return warehouses;
}

Result<std::vector<OrderStatus>> decode_order_statuses(json::Node root) {
    std::vector<OrderStatus> statuses;
    ItemReader reader;
    const json::Node list = root["statuses"];
    const State state = each_element(list, [&](std::string_view key, json::Node item) {
        OrderStatus& status = statuses.emplace_back();
        status.id = OrderStatusId(tolerant::id_from_key(key).value_or(0));
        reader.id(status.id, item["id"]);
        reader.text(status.name, item["name"]);
    });
    if (state == State::malformed || !list.exists()) return wrong_shape(list, "a list of statuses");
    if (reader.failed()) return fail(ErrorKind::protocol, reader.reason(), reader.path());
    return statuses;
}

Result<OrderSources> decode_order_sources(json::Node root) {
    OrderSources sources;
    ItemReader reader;
    const json::Node kinds = root["sources"];
    const State state = each_entry(kinds, [&](std::string_view kind, json::Node accounts) {
        auto& names = sources[std::string(kind)];
        const State accounts_state =
            each_entry(accounts, [&](std::string_view id, json::Node name) { reader.text(names[std::string(id)], name); });
        reader.check(accounts_state, accounts, "a map of accounts");
    });
    if (state == State::malformed || !kinds.exists()) return wrong_shape(kinds, "a map of order sources");
    if (reader.failed()) return fail(ErrorKind::protocol, reader.reason(), reader.path());
    return sources;
}

Result<std::vector<ProductListRow>> decode_product_list(json::Node root) {
    std::vector<ProductListRow> rows;
    const json::Node products = root["products"];
    rows.reserve(products.size());
    const State state = each_element(products, [&](std::string_view key, json::Node item) {
        ProductListRow& row = rows.emplace_back();
        ItemReader reader;
        row.id = product_id(key, item, "id");
        check_item(reader, row.id, item);
        for (const json::Node member : item) {
            const std::string_view name = member.key();
            if (is(name, "sku"))
                reader.text(row.sku, member);
            else if (is(name, "ean"))
                reader.text(row.ean, member);
            else if (is(name, "name"))
                reader.text(row.name, member);
            else if (is(name, "parent_id"))
                reader.id(row.parent_id, member);
        }
        if (reader.failed()) row.bad = bad_product(row.id, reader);
    });
    if (state == State::malformed || !products.exists()) return wrong_shape(products, "a map of products");
    return rows;
}

Result<std::vector<ProductStock>> decode_product_stock(json::Node root) {
    std::vector<ProductStock> rows;
    const json::Node products = root["products"];
    rows.reserve(products.size());
    const State state = each_element(products, [&](std::string_view key, json::Node item) {
        ProductStock& row = rows.emplace_back();
        ItemReader reader;
        row.product_id = product_id(key, item, "product_id");
        check_item(reader, row.product_id, item);
        reader.stock(row.stock, item["stock"]);
        const json::Node variants = item["variants"];
        const State variants_state = each_entry(variants, [&](std::string_view variant, json::Node stock) {
            const auto id = tolerant::id_from_key(variant);
            if (!id) return reader.fault(stock, "stock under a variant id");
            reader.stock(row.variants[ProductId(*id)], stock);
        });
        reader.check(variants_state, variants, "a map of variants");
        if (reader.failed()) row.bad = bad_product(row.product_id, reader);
    });
    if (state == State::malformed || !products.exists()) return wrong_shape(products, "a map of products");
    return rows;
}

Result<ProductsData> decode_products_data(json::Node root) {
    ProductsData data;
    const json::Node products = root["products"];
    data.products.reserve(products.size());
    const State state = each_element(products, [&](std::string_view key, json::Node item) {
        Product& product = data.products.emplace_back();
        ItemReader reader;
        product.id = id_of_key(key);
        read_product(product, reader, item);
        check_item(reader, product.id, item);
        if (!reader.failed()) return;
        data.bad.push_back(bad_product(product.id, reader));
        data.products.pop_back();
    });
    if (state == State::malformed || !products.exists()) return wrong_shape(products, "a map of products");
    const auto by_id = [](const Product& a, const Product& b) { return a.id < b.id; };
    if (!std::is_sorted(data.products.begin(), data.products.end(), by_id))
        std::sort(data.products.begin(), data.products.end(), by_id);
    return data;
}

} // namespace blongo::baselinker
