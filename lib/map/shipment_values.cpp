// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/shipment.hpp>

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/map/countries.hpp>
#include <blongo/map/keys.hpp>

namespace blongo::map {

namespace {

using Input = ShipmentInput;

constexpr int money_places = 2;

template <std::string baselinker::Order::*member> std::string text_of(const Input& input) {
    return line_text(input.order.*member);
}

/// BaseLinker writes "0" and "-1" where a shop gave no number.
std::string shop_order_id(const Input& input) {
    std::string id = line_text(input.order.shop_order_id);
    return id == "0" || id == "-1" ? std::string() : id;
}

template <std::string baselinker::OrderProduct::*member> std::string texts_of_lines(const Input& input) {
    std::vector<std::string> texts;
    for (const baselinker::OrderProduct& product : input.order.products) {
        std::string text = line_text(product.*member);
        if (!text.empty() && product.quantity > Decimal{}) texts.push_back(std::move(text));
    }
    return join(texts, ", ");
}

/// Unix seconds at which the local day begins that is `days` after today.
std::string midnight(const Input& input, int days) {
    const auto today = parse_timestamp(local_date(input.now, input.time_zone));
    if (!today) return {};
    const auto begin = local_midnight(local_date(*today + std::chrono::days{days}, "UTC"), input.time_zone);
    return begin ? std::to_string(to_unix_seconds(*begin)) : std::string();
}

struct Placeholder {
    std::string_view name;
    std::string (*value)(const Input& input);
};

constexpr Placeholder placeholders[] = {
    {"auto", [](const Input&) { return std::string(); }},
    {"cod_amount", [](const Input& in) { return in.cod.on ? in.cod.amount.to_fixed(money_places) : std::string(); }},
    {"currency", [](const Input& in) { return in.cod.on ? in.cod.currency : code_text(in.order.currency); }},
    {"goods_value", [](const Input& in) { return goods_value(in.order).to_fixed(money_places); }},
    {"order_value", [](const Input& in) { return (goods_value(in.order) + in.order.delivery_price).to_fixed(money_places); }},
    {"payment_done", [](const Input& in) { return in.order.payment_done.to_fixed(money_places); }},
    {"weight", [](const Input& in) { return in.parcels.weight().to_string(); }},
    {"parcels", [](const Input& in) { return std::to_string(in.parcels.parcels.size()); }},
    {"order_id", [](const Input& in) { return std::to_string(in.order.order_id.value()); }},
    {"order_number", [](const Input& in) { return in.warehouse_order.order_number.value(); }},
    {"goods_owner_order_id", [](const Input& in) { return line_text(in.warehouse_order.goods_owner_order_id); }},
    {"shop_order_id", &shop_order_id},
    {"external_order_id", &text_of<&baselinker::Order::external_order_id>},
    {"order_source", &text_of<&baselinker::Order::order_source>},
    {"delivery", [](const Input& in) { return std::to_string(in.delivery); }},
    {"email", &text_of<&baselinker::Order::email>},
    {"phone", &text_of<&baselinker::Order::phone>},
    {"delivery_method", &text_of<&baselinker::Order::delivery_method>},
    {"delivery_fullname", &text_of<&baselinker::Order::delivery_fullname>},
    {"delivery_company", &text_of<&baselinker::Order::delivery_company>},
    {"delivery_address", &text_of<&baselinker::Order::delivery_address>},
    {"delivery_postcode", &text_of<&baselinker::Order::delivery_postcode>},
    {"delivery_city", &text_of<&baselinker::Order::delivery_city>},
    {"delivery_country_code", [](const Input& in) { return code_text(in.order.delivery_country_code); }},
    {"delivery_point_id", &text_of<&baselinker::Order::delivery_point_id>},
    {"user_comments", &text_of<&baselinker::Order::user_comments>},
    {"admin_comments", &text_of<&baselinker::Order::admin_comments>},
    {"extra_field_1", &text_of<&baselinker::Order::extra_field_1>},
    {"extra_field_2", &text_of<&baselinker::Order::extra_field_2>},
    {"contents", &texts_of_lines<&baselinker::OrderProduct::name>},
    {"skus", &texts_of_lines<&baselinker::OrderProduct::sku>},
    {"remark", [](const Input& in) { return line_text(in.warehouse_order.order_remark); }},
    {"today", [](const Input& in) { return midnight(in, 0); }},
    {"tomorrow", [](const Input& in) { return midnight(in, 1); }},
    {"now", [](const Input& in) { return std::to_string(to_unix_seconds(in.now)); }},
};

/// Placeholders that change by themselves: no reason to book anew.
bool is_time(std::string_view name) {
    return name == "today" || name == "tomorrow" || name == "now";
}

void add_templates(json::Value& list, const std::vector<std::pair<std::string, Template>>& templates, const Input& input) {
    for (const auto& [field, text] : templates) {
        list.push_back(field);
        list.push_back(text.text());
        for (const std::string& name : text.names())
            if (!is_time(name)) list.push_back(placeholder_value(name, input));
    }
    list.push_back(json::Value{}); // what follows is no field
}

} // namespace

Decimal goods_value(const baselinker::Order& order) {
    Decimal sum;
    for (const baselinker::OrderProduct& product : order.products) sum = sum + product.price_brutto * product.quantity;
    return sum;
}

Decimal amount_left(const baselinker::Order& order) {
    return (goods_value(order) + order.delivery_price - order.payment_done).rounded(money_places);
}

bool is_something_left(const baselinker::Order& order) {
    try {
        return amount_left(order) > Decimal{};
    } catch (const std::overflow_error&) {
        return true;
    }
}

CodResult cod_amount(const baselinker::Order& order, const CourierRule& rule, const std::optional<Decimal>& by_hand) {
    const auto unclear = [&](std::string_view field, std::string reason) {
        return CodResult{{},
                         Rejection{"cod_unclear",
                                   std::to_string(order.order_id.value()),
                                   fmt::format("orders.{}.{}", order.order_id, field),
                                   std::move(reason),
                                   {},
                                   {}}};
    };
    if (!by_hand && !order.payment_method_cod) return {};
    Decimal amount;
    try {
        amount = by_hand ? by_hand->rounded(money_places) : amount_left(order);
    } catch (const std::overflow_error&) {
        return unclear("products", "the prices of the order are too large to be added up");
    }
    if (amount <= Decimal{}) return {};
    const std::string currency = code_text(order.currency);
    // An amount that a person gives is in the courier's currency, and takes discounts into account.
    if (by_hand) {
        const std::string& of = rule.cod_currency.empty() ? currency : rule.cod_currency;
        if (of.empty()) return unclear("currency", fmt::format("the currency of {} is not known", amount.to_fixed(2)));
        return {{true, amount, of}, std::nullopt};
    }
    if (order.has_discounts)
        return unclear("discounts", fmt::format("{} {} would be to collect, and the order has discounts, which "
                                                "the prices of its lines do not tell",
                                                amount.to_fixed(money_places), currency));
    if (currency.empty())
        return unclear("currency",
                       fmt::format("{} would be to collect, and the order names no currency", amount.to_fixed(money_places)));
    if (!rule.cod_currency.empty() && currency != rule.cod_currency)
        return unclear("currency", fmt::format("{} {} would be to collect, and the courier collects {}",
                                               amount.to_fixed(money_places), currency, rule.cod_currency));
    return {{true, amount, currency}, std::nullopt};
}

std::string placeholder_value(std::string_view name, const ShipmentInput& input) {
    const auto* found = std::ranges::find(placeholders, name, &Placeholder::name);
    if (found == std::end(placeholders)) return {};
    try {
        return found->value(input);
    } catch (const std::overflow_error&) {
        return {};
    }
}

std::string shipment_input_fingerprint(const ShipmentInput& input) {
    const baselinker::Order& order = input.order;
    const CourierRule& rule = input.rule;
    json::Value list = json::Value::array();
    list.push_back(rule.courier_code);
    list.push_back(static_cast<std::int64_t>(rule.strategy));
    list.push_back(rule.trigger_id);
    list.push_back(rule.account_id ? json::Value(rule.account_id->value()) : json::Value{});
    add_templates(list, rule.fields, input);
    add_templates(list, rule.package, input);
    list.push_back(input.parcels.fingerprint());
    for (const std::string* text :
         {&order.delivery_fullname, &order.delivery_company, &order.delivery_address, &order.delivery_postcode,
          &order.delivery_city, &order.delivery_state, &order.delivery_country_code, &order.phone, &order.email,
          &order.delivery_point_id, &order.delivery_point_name, &order.delivery_point_address, &order.delivery_point_postcode,
          &order.delivery_point_city, &order.delivery_method})
        list.push_back(line_text(*text));
    list.push_back(input.cod.on);
    list.push_back(input.cod.on ? input.cod.amount : Decimal{});
    list.push_back(input.cod.on ? input.cod.currency : std::string());
    return fingerprint(list.dump());
}

} // namespace blongo::map
