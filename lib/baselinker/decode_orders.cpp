// SPDX-License-Identifier: Apache-2.0
#include <blongo/baselinker/decode_orders.hpp>

#include <algorithm>

#include <blongo/baselinker/journal.hpp>
#include <blongo/baselinker/tolerant.hpp>

namespace blongo::baselinker {
namespace {

using tolerant::each_element;
using tolerant::each_entry;
using tolerant::is;
using tolerant::ItemReader;
using tolerant::State;
using tolerant::wrong_shape;

/// Members that are read the same way, as data.
template <class Item> struct TextMember {
    std::string_view name;
    std::string Item::*member;
};

constexpr TextMember<Order> order_texts[]{
    {"shop_order_id", &Order::shop_order_id},
    {"external_order_id", &Order::external_order_id},
    {"order_source", &Order::order_source},
    {"user_login", &Order::user_login},
    {"phone", &Order::phone},
    {"email", &Order::email},
    {"user_comments", &Order::user_comments},
    {"admin_comments", &Order::admin_comments},
    {"currency", &Order::currency},
    {"payment_method", &Order::payment_method},
    {"delivery_method", &Order::delivery_method},
    {"delivery_package_module", &Order::delivery_package_module},
    {"delivery_package_nr", &Order::delivery_package_nr},
    {"delivery_fullname", &Order::delivery_fullname},
    {"delivery_company", &Order::delivery_company},
    {"delivery_address", &Order::delivery_address},
    {"delivery_postcode", &Order::delivery_postcode},
    {"delivery_city", &Order::delivery_city},
    {"delivery_state", &Order::delivery_state},
    {"delivery_country", &Order::delivery_country},
    {"delivery_country_code", &Order::delivery_country_code},
    {"delivery_point_id", &Order::delivery_point_id},
    {"delivery_point_name", &Order::delivery_point_name},
    {"delivery_point_address", &Order::delivery_point_address},
    {"delivery_point_postcode", &Order::delivery_point_postcode},
    {"delivery_point_city", &Order::delivery_point_city},
    {"invoice_fullname", &Order::invoice_fullname},
    {"invoice_company", &Order::invoice_company},
    {"invoice_nip", &Order::invoice_nip},
    {"invoice_address", &Order::invoice_address},
    {"invoice_postcode", &Order::invoice_postcode},
    {"invoice_city", &Order::invoice_city},
    {"invoice_state", &Order::invoice_state},
    {"invoice_country", &Order::invoice_country},
    {"invoice_country_code", &Order::invoice_country_code},
    {"extra_field_1", &Order::extra_field_1},
    {"extra_field_2", &Order::extra_field_2},
};

constexpr TextMember<OrderProduct> product_texts[]{
    {"storage", &OrderProduct::storage}, {"product_id", &OrderProduct::product_id}, {"variant_id", &OrderProduct::variant_id},
    {"name", &OrderProduct::name},       {"attributes", &OrderProduct::attributes}, {"sku", &OrderProduct::sku},
    {"ean", &OrderProduct::ean},         {"location", &OrderProduct::location},     {"auction_id", &OrderProduct::auction_id},
};

template <class Item, std::size_t n>
bool read_text(Item& item, ItemReader& reader, json::Node member, const TextMember<Item> (&table)[n]) {
    const std::string_view key = member.key();
    for (const TextMember<Item>& entry : table) {
        if (entry.name != key) continue;
        reader.text(item.*entry.member, member);
        return true;
    }
    return false;
}

void read_line(OrderProduct& line, ItemReader& reader, json::Node item) {
    for (const json::Node member : item) {
        const std::string_view key = member.key();
        if (read_text(line, reader, member, product_texts)) continue;
        if (is(key, "order_product_id"))
            reader.id(line.order_product_id, member);
        else if (is(key, "storage_id"))
            reader.integer(line.storage_id, member);
        else if (is(key, "warehouse_id"))
            reader.integer(line.warehouse_id, member);
        else if (is(key, "price_brutto"))
            reader.decimal(line.price_brutto, member);
        else if (is(key, "tax_rate"))
            reader.decimal(line.tax_rate, member);
        else if (is(key, "quantity"))
            reader.decimal(line.quantity, member);
        else if (is(key, "weight"))
            reader.decimal(line.weight, member);
        else if (is(key, "bundle_id"))
            reader.integer(line.bundle_id, member);
    }
    if (line.order_product_id.value() <= 0) reader.fault(item, "a line with order_product_id");
}

void read_extra_fields(Order& order, ItemReader& reader, json::Node node) {
    const State node_state = each_entry(node, [&](std::string_view key, json::Node value) {
        reader.text(order.custom_extra_fields[std::string(key)], value.is_object() ? value["url"] : value);
    });
    reader.check(node_state, node, "a map of extra fields");
}

void read_order(Order& order, ItemReader& reader, json::Node item) {
    for (const json::Node member : item) {
        const std::string_view key = member.key();
        if (read_text(order, reader, member, order_texts)) continue;
        if (is(key, "order_id"))
            reader.id(order.order_id, member);
        else if (is(key, "order_source_id"))
            reader.integer(order.order_source_id, member);
        else if (is(key, "order_status_id"))
            reader.id(order.order_status_id, member);
        else if (is(key, "confirmed"))
            reader.boolean(order.confirmed, member);
        else if (is(key, "date_confirmed"))
            reader.time(order.date_confirmed, member);
        else if (is(key, "date_add"))
            reader.time(order.date_add, member);
        else if (is(key, "date_in_status"))
            reader.time(order.date_in_status, member);
        else if (is(key, "payment_method_cod"))
            reader.boolean(order.payment_method_cod, member);
        else if (is(key, "payment_done"))
            reader.decimal(order.payment_done, member);
        else if (is(key, "delivery_method_id"))
            reader.integer(order.delivery_method_id, member);
        else if (is(key, "delivery_price"))
            reader.decimal(order.delivery_price, member);
        else if (is(key, "want_invoice"))
            reader.boolean(order.want_invoice, member);
        else if (is(key, "custom_extra_fields"))
            read_extra_fields(order, reader, member);
        else if (is(key, "discounts"))
            order.has_discounts = member.size() > 0;
        else if (is(key, "products")) {
            const State member_state = each_element(
                member, [&](std::string_view, json::Node line) { read_line(order.products.emplace_back(), reader, line); });
            reader.check(member_state, member, "a list of lines");
        }
    }
    if (!item.is_object())
        reader.fault(item, "an order");
    else if (order.order_id.value() <= 0)
        reader.fault(item, "an order with order_id");
}

} // namespace

Result<OrdersPage> decode_orders(json::Node root) {
    OrdersPage page;
    const json::Node orders = root["orders"];
    page.orders.reserve(orders.size());
    const State state = each_element(orders, [&](std::string_view key, json::Node item) {
        Order order;
        ItemReader reader;
        order.order_id = BaseOrderId(tolerant::id_from_key(key).value_or(0));
        read_order(order, reader, item);
        page.rows.push_back({order.order_id, order.date_confirmed});
        if (!reader.failed())
            page.orders.push_back(std::move(order));
        else
            page.bad.push_back({order.order_id, order.date_confirmed, order.order_status_id, reader.path(), reader.reason()});
    });
    if (state == State::malformed || !orders.exists()) return wrong_shape(orders, "a list of orders");
    return page;
}

Result<std::vector<JournalEntry>> decode_journal(json::Node root) {
    return decode_entries<JournalEntry>(root, [](JournalEntry& entry, ItemReader& reader, json::Node item) {
        reader.id(entry.order_id, item["order_id"]);
        reader.time(entry.date, item["date"]);
        return entry.order_id.value() > 0;
    });
}

} // namespace blongo::baselinker
