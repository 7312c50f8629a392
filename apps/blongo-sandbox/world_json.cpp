// SPDX-License-Identifier: Apache-2.0
#include "world_json.hpp"

#include <fmt/format.h>

#include "world.hpp"

namespace blongo::sandbox {

namespace {

template <class Number> json::Value map_json(const std::map<std::string, Number>& map) {
    json::Value object = json::Value::object();
    for (const auto& [key, value] : map) object.set(key, json::Value(value));
    return object;
}

Decimal decimal_of(const json::Value& value) {
    return value.decimal().value_or(Decimal{});
}

std::map<std::string, std::int64_t> integers_of(const json::Value& object) {
    std::map<std::string, std::int64_t> map;
    for (const auto& [key, value] : object.members()) map[key] = value.integer();
    return map;
}

void copy_if(const json::Value& from, std::string_view name, json::Value& to) {
    if (const json::Value* found = from.find(name)) to = *found;
}

} // namespace

std::optional<Timestamp> read_time(const json::Value& value, Timestamp now) {
    const std::string_view text = value.text();
    if (value.is_number()) return from_unix_seconds(value.integer());
    if (!value.is_string() || text.empty()) return std::nullopt;
    if (text.front() == '-' || text.front() == '+') {
        const auto distance = parse_duration(text.substr(1));
        if (!distance) return std::nullopt;
        return text.front() == '-' ? now - *distance : now + *distance;
    }
    return parse_timestamp(text);
}

json::Value Product::to_json() const {
    json::Value tag_list = json::Value::array();
    for (const std::string& tag : tags) tag_list.push_back(tag);
    return json::Value::object()
        .set("id", id)
        .set("inventory_id", inventory_id)
        .set("is_bundle", is_bundle)
        .set("parent_id", parent_id)
        .set("sku", sku)
        .set("ean", ean)
        .set("ean_additional", ean_additional)
        .set("asin", asin)
        .set("tags", std::move(tag_list))
        .set("tax_rate", tax_rate)
        .set("weight", weight)
        .set("height", height)
        .set("width", width)
        .set("length", length)
        .set("category_id", category_id)
        .set("manufacturer_id", manufacturer_id)
        .set("prices", map_json(prices))
        .set("stock", map_json(stock))
        .set("reservations", map_json(reserved))
        .set("locations", map_json(locations))
        .set("text_fields", text_fields)
        .set("images", images)
        .set("bundle_products", map_json(bundle));
}

Result<Product> Product::from_json(const json::Value& object, std::int64_t default_inventory) {
    Product product;
    product.id = object["id"].integer();
    if (product.id <= 0) return fail(ErrorKind::usage, "a product needs an id above 0", "id");
    product.parent_id = object["parent_id"].integer();
    product.inventory_id = object["inventory_id"].integer(default_inventory);
    product.is_bundle = object["is_bundle"].is_true();
    product.sku = object["sku"].text();
    product.ean = object["ean"].text();
    product.asin = object["asin"].text();
    product.weight = decimal_of(object["weight"]);
    product.height = decimal_of(object["height"]);
    product.width = decimal_of(object["width"]);
    product.length = decimal_of(object["length"]);
    product.tax_rate = object["tax_rate"].decimal().value_or(Decimal{23});
    copy_if(object, "category_id", product.category_id);
    product.manufacturer_id = object["manufacturer_id"].integer();
    for (const json::Value& tag : object["tags"].elements()) product.tags.emplace_back(tag.text());
    for (const auto& [group, price] : object["prices"].members()) product.prices[group] = decimal_of(price);
    product.stock = integers_of(object["stock"]);
    product.reserved = integers_of(object["reservations"]);
    product.bundle = integers_of(object["bundle_products"]);
    for (const auto& [key, place] : object["locations"].members()) product.locations[key] = place.text();
    copy_if(object, "text_fields", product.text_fields);
    copy_if(object, "ean_additional", product.ean_additional);
    copy_if(object, "images", product.images);
    if (const json::Value* name = object.find("name")) product.text_fields.set("name", *name);
    return product;
}

json::Value article_json(const Article& article) {
    json::Value stock = json::Value::object();
    for (const auto& [warehouse, amounts] : article.stock)
        stock.set(std::to_string(warehouse), json::Value::object()
                                                 .set("items", amounts.items)
                                                 .set("locked_for_sale", amounts.locked_for_sale)
                                                 .set("locked", amounts.locked)
                                                 .set("to_receive", amounts.to_receive));
    return json::Value::object()
        .set("articleSystemId", article.id)
        .set("data", article.data)
        .set("stock", std::move(stock))
        .set("updated", format_utc(article.updated))
        .set("stock_changed", format_utc(article.stock_changed))
        .set("writes", article.writes)
        .set("sellable_null", article.sellable_null);
}

Result<Article> article_from_json(const json::Value& object, Timestamp now) {
    Article article;
    article.id = object["articleSystemId"].integer();
    copy_if(object, "data", article.data);
    if (article.number().empty()) return fail(ErrorKind::usage, "an article needs data.articleNumber", "data.articleNumber");
    for (const auto& [warehouse, amounts] : object["stock"].members()) {
        Stock& stock = article.stock[json::Value(warehouse).integer()];
        stock.items = amounts.is_object() ? decimal_of(amounts["items"]) : decimal_of(amounts);
        stock.locked_for_sale = decimal_of(amounts["locked_for_sale"]);
        stock.locked = decimal_of(amounts["locked"]);
        stock.to_receive = decimal_of(amounts["to_receive"]);
    }
    article.updated = read_time(object["updated"], now).value_or(now);
    article.stock_changed = read_time(object["stock_changed"], now).value_or(now);
    article.writes = object["writes"].integer();
    article.sellable_null = object["sellable_null"].is_true();
    return article;
}

json::Value order_json(const WarehouseOrder& order) {
    json::Value lines = json::Value::array();
    for (const OrderLine& line : order.lines) {
        json::Value row = json::Value::object()
                              .set("id", line.id)
                              .set("articleSystemId", line.article_id)
                              .set("data", line.data)
                              .set("ordered", line.ordered)
                              .set("allocated", line.allocated)
                              .set("picked", line.picked)
                              .set("packed", line.packed)
                              .set("returned", line.returned)
                              .set("user_id", line.user_id);
        if (line.reported) row.set("reported", *line.reported);
        if (line.reported_returned) row.set("reported_returned", *line.reported_returned);
        if (line.picked_at != Timestamp{}) row.set("picked_at", format_utc(line.picked_at));
        if (line.packed_at != Timestamp{}) row.set("packed_at", format_utc(line.packed_at));
        lines.push_back(std::move(row));
    }
    return json::Value::object()
        .set("orderId", order.id)
        .set("orderNumber", order.data["orderNumber"])
        .set("status", order.status)
        .set("data", order.data)
        .set("lines", std::move(lines))
        .set("created", format_utc(order.created))
        .set("updated", format_utc(order.updated))
        .set("status_changed", format_utc(order.status_changed))
        .set("shipped", order.shipped ? json::Value(format_utc(*order.shipped)) : json::Value())
        .set("parcels", order.parcels)
        .set("tracking", order.tracking)
        .set("return_tracking", order.return_tracking)
        .set("files", order.files)
        .set("way_bill_rows", order.way_bill_rows)
        .set("way_bill", order.way_bill)
        .set("return_way_bill", order.return_way_bill)
        .set("back_order_for", order.back_order_for)
        .set("consignee_id", order.consignee_id)
        .set("writes", order.writes);
}

Result<WarehouseOrder> order_from_json(const json::Value& object, GoodsOwner& owner, Timestamp now) {
    WarehouseOrder order;
    order.id = object["orderId"].integer();
    copy_if(object, "data", order.data);
    if (order.data["orderNumber"].text().empty())
        return fail(ErrorKind::usage, "an order needs data.orderNumber", "data.orderNumber");
    for (const json::Value& row : object["lines"].elements()) {
        OrderLine line;
        line.id = row["id"].integer();
        copy_if(row, "data", line.data);
        line.article_id = row["articleSystemId"].integer();
        if (const Article* article = owner.find_article(std::string(line.data["articleNumber"].text()));
            line.article_id == 0 && article != nullptr)
            line.article_id = article->id;
        line.ordered = row["ordered"].decimal().value_or(decimal_of(line.data["numberOfItems"]));
        line.allocated = decimal_of(row["allocated"]);
        line.picked = decimal_of(row["picked"]);
        line.packed = decimal_of(row["packed"]);
        line.returned = decimal_of(row["returned"]);
        line.reported = row["reported"].decimal();
        line.reported_returned = row["reported_returned"].decimal();
        line.picked_at = read_time(row["picked_at"], now).value_or(Timestamp{});
        line.packed_at = read_time(row["packed_at"], now).value_or(Timestamp{});
        line.user_id = row["user_id"].integer();
        order.lines.push_back(std::move(line));
    }
    order.status = object["status"].integer(300);
    order.created = read_time(object["created"], now).value_or(now);
    order.updated = read_time(object["updated"], now).value_or(now);
    order.status_changed = read_time(object["status_changed"], now).value_or(now);
    order.shipped = read_time(object["shipped"], now);
    copy_if(object, "parcels", order.parcels);
    copy_if(object, "tracking", order.tracking);
    copy_if(object, "return_tracking", order.return_tracking);
    copy_if(object, "files", order.files);
    copy_if(object, "way_bill_rows", order.way_bill_rows);
    copy_if(object, "way_bill", order.way_bill);
    copy_if(object, "return_way_bill", order.return_way_bill);
    order.back_order_for = object["back_order_for"].integer();
    order.consignee_id = object["consignee_id"].integer();
    order.writes = object["writes"].integer();
    return order;
}

} // namespace blongo::sandbox
