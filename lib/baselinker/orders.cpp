// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include <blongo/base/text.hpp>
#include <blongo/baselinker/client.hpp>
#include <blongo/baselinker/decode_orders.hpp>
#include <blongo/baselinker/journal.hpp>
#include <blongo/baselinker/verdict.hpp>
#include <blongo/json/writer.hpp>

namespace blongo::baselinker {
namespace {

/// What setOrderFields takes (3.4): the others of the page are never written.
struct OrderField {
    std::string_view name;
    json::Kind kind;
    std::size_t characters = 0;
};
constexpr OrderField order_fields[]{
    {"admin_comments", json::Kind::string, 200},
    {"user_comments", json::Kind::string, 510},
    {"email", json::Kind::string, 150},
    {"phone", json::Kind::string, 100},
    {"delivery_method", json::Kind::string, 30},
    {"delivery_price", json::Kind::number},
    {"delivery_fullname", json::Kind::string, 100},
    {"delivery_company", json::Kind::string, 100},
    {"delivery_address", json::Kind::string, 156},
    {"delivery_postcode", json::Kind::string, 100},
    {"delivery_city", json::Kind::string, 100},
    {"delivery_state", json::Kind::string, 35},
    {"delivery_country_code", json::Kind::string, 2},
    {"delivery_point_id", json::Kind::string, 40},
    {"delivery_point_name", json::Kind::string, 100},
    {"delivery_point_address", json::Kind::string, 100},
    {"delivery_point_postcode", json::Kind::string, 100},
    {"delivery_point_city", json::Kind::string, 100},
    {"extra_field_1", json::Kind::string, 50},
    {"extra_field_2", json::Kind::string, 50},
    {"custom_extra_fields", json::Kind::object},
    {"pick_state", json::Kind::number},
    {"pack_state", json::Kind::number},
    {"star", json::Kind::number},
};

std::string parameters_of(const OrderQuery& query) {
    json::Writer writer;
    writer.begin_object();
    if (query.order_id) writer.member("order_id", query.order_id->value());
    if (query.date_confirmed_from) writer.member("date_confirmed_from", to_unix_seconds(*query.date_confirmed_from));
    if (query.date_from) writer.member("date_from", to_unix_seconds(*query.date_from));
    if (query.id_from) writer.member("id_from", query.id_from->value());
    if (query.get_unconfirmed_orders) writer.member("get_unconfirmed_orders", true);
    if (query.status_id) writer.member("status_id", query.status_id->value());
    if (!query.filter_order_source.empty()) writer.member("filter_order_source", query.filter_order_source);
    if (query.filter_order_source_id) writer.member("filter_order_source_id", *query.filter_order_source_id);
    if (query.filter_shop_order_id) writer.member("filter_shop_order_id", *query.filter_shop_order_id);
    if (!query.filter_external_order_id.empty()) writer.member("filter_external_order_id", query.filter_external_order_id);
    if (query.include_custom_extra_fields) writer.member("include_custom_extra_fields", true);
    if (query.include_discounts_data) writer.member("include_discounts_data", true);
    writer.end_object();
    return writer.take();
}

Result<void> check_fields(const json::Value& fields) {
    const auto wrong = [](std::string what) { return fail(ErrorKind::internal, std::move(what), "baselinker setOrderFields"); };
    for (const auto& [name, value] : fields.members()) {
        const std::string& wanted = name;
        const auto field = std::find_if(std::begin(order_fields), std::end(order_fields),
                                        [&](const OrderField& candidate) { return candidate.name == wanted; });
        if (field == std::end(order_fields)) return wrong("no such order field: " + name);
        if (value.kind() != field->kind) return wrong("order field " + name + " is no " + std::string(to_string(field->kind)));
        if (field->characters > 0 && character_count(value.text()) > field->characters)
            return wrong("order field " + name + " is longer than " + std::to_string(field->characters) + " characters");
    }
    return {};
}

} // namespace

Result<OrdersPage> Client::get_orders(const OrderQuery& query) {
    OrderQuery asked = query;
    asked.include_custom_extra_fields = query.include_custom_extra_fields || options_.custom_extra_fields;
    auto document = read("getOrders", parameters_of(asked));
    if (!document) {
        if (query.order_id && document.error().kind == ErrorKind::not_found) return OrdersPage{};
        return fail(std::move(document).error());
    }
    auto page = decode_orders(document->root());
    if (!page) return fail(in_method(std::move(page).error(), "getOrders"));
    return page;
}

Result<OrdersPage> Client::get_order(BaseOrderId id) {
    OrderQuery query;
    query.order_id = id;
    query.get_unconfirmed_orders = true;
    BLONGO_TRY(auto page, get_orders(query));
    std::erase_if(page.orders, [&](const Order& order) { return order.order_id != id; });
    return page;
}

Result<std::vector<JournalEntry>> Client::get_journal_list(std::int64_t last_log_id, std::span<const int> log_types) {
    const std::string method = "getJournalList";
    return whole_journal<JournalEntry>(method, last_log_id, log_types,
                                       [&](const std::string& parameters) -> Result<std::vector<JournalEntry>> {
                                           BLONGO_TRY(const auto document, read(method, parameters));
                                           return located(decode_journal(document.root()), method);
                                       });
}

Result<void> Client::set_order_status(BaseOrderId order, OrderStatusId status, http::Departure departure) {
    json::Writer writer;
    writer.begin_object().member("order_id", order.value()).member("status_id", status.value()).end_object();
    BLONGO_CHECK(call("setOrderStatus", writer.text(), http::Effect::unsafe_write, options_.read_timeout, std::move(departure)));
    return {};
}

Result<void> Client::set_order_statuses(std::span<const BaseOrderId> orders, OrderStatusId status, http::Departure departure) {
    if (orders.empty()) return {};
    if (orders.size() > static_cast<std::size_t>(limits::orders_per_status_call))
        return fail(ErrorKind::internal, std::to_string(orders.size()) + " orders in one call", "baselinker setOrderStatuses");
    json::Writer writer;
    writer.begin_object().key("order_ids").begin_array();
    for (const BaseOrderId order : orders) writer.integer(order.value());
    writer.end_array().member("status_id", status.value()).end_object();
    BLONGO_CHECK(
        call("setOrderStatuses", writer.text(), http::Effect::unsafe_write, options_.read_timeout, std::move(departure)));
    return {};
}

Result<void> Client::set_order_fields(BaseOrderId order, const json::Value& fields) {
    BLONGO_CHECK(check_fields(fields));
    if (fields.size() == 0) return {};
    json::Value parameters = json::Value::object().set("order_id", order.value());
    for (const auto& [name, value] : fields.members()) parameters.set(name, value);
    BLONGO_CHECK(call("setOrderFields", parameters.dump(), http::Effect::idempotent_write, options_.read_timeout));
    return {};
}

Result<void> Client::run_order_macro_trigger(BaseOrderId order, std::int64_t trigger_id, http::Departure departure) {
    json::Writer writer;
    writer.begin_object().member("order_id", order.value()).member("trigger_id", trigger_id).end_object();
    BLONGO_CHECK(
        call("runOrderMacroTrigger", writer.text(), http::Effect::unsafe_write, options_.read_timeout, std::move(departure)));
    return {};
}

} // namespace blongo::baselinker
