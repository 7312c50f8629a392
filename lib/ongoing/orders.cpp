// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/text.hpp>
#include <blongo/ongoing/client.hpp>
#include <blongo/ongoing/decode_orders.hpp>
#include <blongo/ongoing/paging.hpp>
#include <blongo/ongoing/read.hpp>
#include <blongo/ongoing/verdict.hpp>

namespace blongo::ongoing {
namespace {

using http::Effect;

constexpr Operation get_orders{"GET", "/orders"};
constexpr Operation get_one_order{"GET", "/orders/{orderId}"};
constexpr Operation put_by_number{"PUT", "/orders", Effect::idempotent_write, "orderId"};
constexpr Operation put_by_id{"PUT", "/orders/{orderId}", Effect::idempotent_write, "orderId"};
constexpr Operation delete_by_id{"DELETE", "/orders/{orderId}", Effect::idempotent_write};

std::string path_of(OngoingOrderId id) {
    return "/orders/" + std::to_string(id.value());
}

Result<OngoingOrderId> id_in(const json::Document& answer, const Operation& operation) {
    const auto id = integer_of(answer.root()["orderId"]);
    if (!id) return fail(ErrorKind::ambiguous, "orderId is no whole number: the outcome is unknown", operation.name());
    return OngoingOrderId(*id);
}

http::Query filters_of(const OrderQuery& query) {
    http::Query filters;
    const auto number = [&](const char* name, const auto& value) {
        if (value) filters.emplace_back(name, std::to_string(*value));
    };
    const auto time = [&](const char* name, const std::optional<Timestamp>& value) {
        if (value) filters.emplace_back(name, format_utc(*value));
    };
    number("orderStatusFrom", query.status_from);
    number("orderStatusTo", query.status_to);
    time("orderStatusChangedTimeFrom", query.status_changed_from);
    time("orderCreatedTimeFrom", query.created_from);
    time("orderCreatedTimeTo", query.created_to);
    time("orderUpdatedTimeFrom", query.updated_from);
    time("shippedTimeFrom", query.shipped_from);
    if (query.back_order_for) filters.emplace_back("backOrderForOrderId", std::to_string(query.back_order_for->value()));
    return filters;
}

} // namespace

Result<void> Client::each_order(const OrderQuery& query, const std::function<Result<void>(Order&&)>& row) {
    const std::string name = get_orders.name();
    http::Query fixed = owner();
    for (auto& filter : filters_of(query)) fixed.push_back(std::move(filter));
    constexpr IdPaging paging{"orderIdFrom", "maxOrdersToGet", limits::orders_per_page};
    return each_page(get_orders, fixed, paging, [&](json::Node item, std::int64_t from) -> Result<std::int64_t> {
        BLONGO_TRY(Order order, decode_order(item, name));
        const std::int64_t id = order.order_id.value();
        if (id >= from) BLONGO_CHECK(row(std::move(order)));
        return id;
    });
}

Result<std::vector<Order>> Client::find_orders(std::span<const OrderNumber> numbers) {
    const std::string name = get_orders.name();
    if (numbers.size() > static_cast<std::size_t>(limits::numbers_per_lookup))
        return fail(ErrorKind::internal, std::to_string(numbers.size()) + " order numbers in one look-up", name);
    std::vector<std::string> texts;
    for (const OrderNumber& number : numbers) texts.push_back(number.value());
    std::vector<Order> orders;
    BLONGO_CHECK(look_up(get_orders, owner(), "orderNumbers", texts, [&](json::Node root) -> Result<void> {
        BLONGO_TRY(const json::Node list, list_at(root, name));
        for (const json::Node item : list) {
            BLONGO_TRY(Order order, decode_order(item, name));
            orders.push_back(std::move(order));
        }
        return {};
    }));
    return orders;
}

Result<std::optional<Order>> Client::get_order(OngoingOrderId id) {
    const auto document = call(get_one_order, path_of(id), {});
    if (!document && document.error().kind == ErrorKind::not_found) return std::optional<Order>{};
    if (!document) return fail(document.error());
    BLONGO_TRY(Order order, decode_order(document->root(), get_one_order.name()));
    return std::optional<Order>(std::move(order));
}

Result<OngoingOrderId> Client::put_order(const json::Value& post_order_model) {
    BLONGO_TRY(const auto answer, call(put_by_number, "/orders", {}, with_owner(post_order_model)));
    return id_in(answer, put_by_number);
}

Result<OngoingOrderId> Client::put_order(OngoingOrderId id, const json::Value& post_order_model) {
    BLONGO_TRY(const auto answer, call(put_by_id, path_of(id), {}, with_owner(post_order_model)));
    return id_in(answer, put_by_id);
}

Result<void> Client::delete_order(OngoingOrderId id) {
    BLONGO_CHECK(call(delete_by_id, path_of(id), {}));
    return {};
}

} // namespace blongo::ongoing
