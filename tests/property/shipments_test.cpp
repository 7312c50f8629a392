// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <set>

#include <blongo/base/text.hpp>
#include <blongo/map/shipment.hpp>

#include "articles.hpp"

using namespace property;

namespace {

/// The first value in most cases, so that most bookings succeed.
template <class T, class... More> rc::Gen<T> usually(T first, More... others) {
    return rc::gen::weightedOneOf<T>({{6, rc::gen::just(first)}, {1, rc::gen::element<T>(T(others)...)}});
}

Decimal cents(std::int64_t count) {
    return Decimal{count} * *Decimal::parse("0.01");
}

baselinker::Order any_order() {
    baselinker::Order order;
    order.order_id = BaseOrderId{84512345};
    order.currency = *rc::gen::element<std::string>("PLN", "EUR", "", "pln");
    order.payment_method_cod = *rc::gen::weightedElement<bool>({{3, true}, {1, false}});
    order.delivery_price = cents(*rc::gen::inRange<std::int64_t>(0, 3000));
    order.payment_done = cents(*rc::gen::weightedElement<std::int64_t>({{3, 0}, {1, 500}, {1, 100'000}}));
    order.has_discounts = *rc::gen::weightedElement<bool>({{4, false}, {1, true}});
    order.delivery_country_code = "PL";
    order.user_comments = *rc::gen::element<std::string>("", "sms", "sms,email", "{x}", "A, b");
    for (std::int64_t i = *rc::gen::inRange<std::int64_t>(0, 4); i > 0; --i) {
        auto& line = order.products.emplace_back();
        line.order_product_id = OrderProductId{i};
        line.name = *rc::gen::element<std::string>("Kubek", "sms");
        line.quantity = *rc::gen::inRange<std::int64_t>(1, 5);
        line.price_brutto = cents(*rc::gen::inRange<std::int64_t>(0, 20'000));
        line.weight = *decimal();
    }
    return order;
}

ongoing::Order any_warehouse_order() {
    ongoing::Order order;
    order.order_number = OrderNumber{"84512345"};
    for (std::int64_t i = *rc::gen::inRange<std::int64_t>(0, 4); i > 0; --i) {
        auto& parcel = order.parcels.emplace_back();
        parcel.id = i;
        parcel.is_return = *rc::gen::weightedElement<bool>({{4, false}, {1, true}});
        if (*rc::gen::weightedElement<bool>({{8, true}, {1, false}})) parcel.weight = *decimal();
        if (*rc::gen::arbitrary<bool>()) parcel.length = *decimal();
    }
    return order;
}

baselinker::CourierForm any_form() {
    static const std::vector<std::string> ids = {"cod", "service", "services", "when", "note"};
    baselinker::CourierForm form;
    form.multi_packages = *rc::gen::weightedElement<bool>({{4, true}, {1, false}});
    for (const auto& id : ids) {
        if (*rc::gen::weightedElement<bool>({{1, true}, {15, false}})) continue;
        auto& field = form.fields.emplace_back();
        field.id = id;
        field.type = id == "service" ? "select" : id == "services" ? "checkbox" : id == "when" ? "date" : "text";
        if (id == "service" || id == "services") field.options = {{"1", "sms"}, {"2", "email"}, {"3", "A, b"}};
        if (id == "service" && *rc::gen::arbitrary<bool>()) field.function = "getServices";
    }
    for (const auto* id : {"weight", "length", "size_length", "size_width", "height", "cod"}) {
        if (*rc::gen::weightedElement<bool>({{1, true}, {15, false}})) continue;
        auto& field = form.package_fields.emplace_back();
        field.id = id;
        field.type = "text";
    }
    return form;
}

map::CourierRule any_rule() {
    map::CourierRule rule;
    rule.courier_code = "dpd";
    if (*rc::gen::arbitrary<bool>()) rule.account_id = baselinker::CourierAccountId{*usually<std::int64_t>(1, 2)};
    const auto put = [](auto& list, const char* id, const std::string& text) {
        if (*rc::gen::weightedElement<bool>({{3, true}, {1, false}})) list.emplace_back(id, *Template::parse(text));
    };
    put(rule.fields, "cod", *usually<std::string>("{cod_amount}", "{cod_amount|cut:2}", "{order_value}"));
    put(rule.fields, "service", *usually<std::string>("sms", "{auto}", "2", "9"));
    put(rule.fields, "services", *usually<std::string>("1,2", "{user_comments}", ""));
    put(rule.fields, "when", *usually<std::string>("{today}", "2026-11-24", "soon"));
    put(rule.fields, "note", *rc::gen::element<std::string>("{user_comments} {contents}", "x"));
    put(rule.package, "cod", *usually<std::string>("{extra_field_1}", "{cod_amount}"));
    return rule;
}

std::set<std::string> ids_of(const std::vector<baselinker::CourierField>& fields) {
    std::set<std::string> ids;
    for (const auto& field : fields) ids.insert(field.id);
    return ids;
}

map::ParcelPlan any_plan(int least) {
    map::ParcelPlan plan;
    for (int i = *rc::gen::inRange(least, 4); i > 0; --i) {
        auto& parcel = plan.parcels.emplace_back();
        parcel.weight = *decimal();
        if (*rc::gen::arbitrary<bool>()) parcel.length = *decimal();
    }
    return plan;
}

} // namespace

TEST_CASE("What is sent to a courier is what its form knows; money to collect is sent exactly once, or nothing is booked") {
    CHECK(holds("a request fits the form", [] {
        const auto order = any_order();
        const auto in_warehouse = any_warehouse_order();
        const auto rule = any_rule();
        const auto plan = any_plan(*usually(1, 0));
        const auto form = any_form();
        const auto cod = map::cod_amount(order, rule, std::nullopt).cod;
        const std::vector<baselinker::CourierAccount> accounts(*usually<std::size_t>(1, 0, 2),
                                                               {baselinker::CourierAccountId{1}, "One"});
        baselinker::FieldOptions services = {{"71", "a"}, {"72", "b"}};
        services.resize(*usually<std::size_t>(1, 0, 2));
        const map::ShipmentInput input{order,          in_warehouse, rule, plan, cod, 1, from_unix_seconds(1'795'516'920),
                                       "Europe/Warsaw"};
        const auto made = map::make_shipment(input, form, accounts, services);
        RC_ASSERT(made.request.has_value() == made.rejected.empty());
        for (const auto& refused : made.rejected) {
            RC_ASSERT(refused.key == "84512345");
            RC_ASSERT(!refused.field.empty());
            RC_ASSERT(!refused.reason.empty());
        }
        RC_CLASSIFY(made.request.has_value(), "booked");
        if (!made.request) return;
        const auto fields = ids_of(form.fields);
        const auto package_fields = ids_of(form.package_fields);
        for (const auto& [id, value] : made.request->fields) {
            RC_ASSERT(fields.contains(id));
            RC_ASSERT(!value.empty());
            RC_ASSERT(value.find("{auto}") == std::string::npos);
        }
        RC_ASSERT(made.request->account_id == baselinker::CourierAccountId{1});
        RC_ASSERT(made.request->packages.size() == plan.parcels.size());
        RC_ASSERT(form.multi_packages || made.request->packages.size() == 1U);
        Decimal sent;
        std::size_t collected = 0;
        for (const auto& package : made.request->packages) {
            for (const auto& [id, value] : package) {
                RC_ASSERT(package_fields.contains(id));
                RC_ASSERT(!value.empty());
            }
            if (package.contains("weight")) sent = sent + *Decimal::parse(package.at("weight"));
            if (package.contains("cod")) ++collected;
        }
        if (package_fields.contains("weight")) RC_ASSERT(sent == plan.weight());
        if (!cod.on) {
            RC_ASSERT(collected == 0U);
            return;
        }
        for (const auto& [id, value] : made.request->fields)
            if (id == "cod" && value == cod.amount.to_fixed(2)) ++collected;
        RC_ASSERT(collected >= 1U);
    }));
}

TEST_CASE("The amount to collect is goods and delivery less payments, counted in cents") {
    CHECK(holds("cash on delivery", [] {
        const auto order = any_order();
        map::CourierRule rule;
        rule.cod_currency = *rc::gen::element<std::string>("", "PLN", "EUR");
        std::int64_t left = 0;
        const auto in_cents = [](const Decimal& amount) { return (amount * Decimal{100}).floor(); };
        for (const auto& line : order.products) left += in_cents(line.price_brutto) * line.quantity.floor();
        left += in_cents(order.delivery_price) - in_cents(order.payment_done);
        const auto result = map::cod_amount(order, rule, std::nullopt);
        if (!order.payment_method_cod || left <= 0) {
            RC_ASSERT(!result.cod.on);
            RC_ASSERT(!result.rejected);
            return;
        }
        std::string currency = order.currency == "pln" ? "PLN" : order.currency;
        const bool clear =
            !order.has_discounts && !currency.empty() && (rule.cod_currency.empty() || rule.cod_currency == currency);
        RC_ASSERT(result.cod.on == clear);
        RC_ASSERT(result.rejected.has_value() != clear);
        if (!clear) return;
        RC_ASSERT(result.cod.amount == cents(left));
        RC_ASSERT(result.cod.currency == currency);
    }));
}

TEST_CASE("No weight is lost between the warehouse and the plan") {
    CHECK(holds("weights add up", [] {
        const auto order = any_order();
        const auto in_warehouse = any_warehouse_order();
        std::vector<ongoing::WayBillRow> rows(*rc::gen::inRange<std::size_t>(0, 3));
        for (auto& row : rows) {
            row.number_of_packages = *rc::gen::inRange<std::int64_t>(0, 9);
            row.weight = *decimal();
        }
        std::map<std::string, Decimal> quantities;
        Decimal articles;
        for (const auto& line : order.products) {
            quantities[std::to_string(line.order_product_id.value())] = line.quantity;
            articles = articles + line.quantity * line.weight;
        }
        map::ParcelOptions options;
        options.packaging_weight = *decimal();
        const std::set<std::int64_t> earlier = {*rc::gen::inRange<std::int64_t>(1, 4)};
        const auto planned = map::plan_parcels(in_warehouse, rows, order, quantities, earlier, options, {});
        const auto* plan = std::get_if<map::ParcelPlan>(&planned);
        if (plan == nullptr) {
            RC_ASSERT(std::get<map::Rejection>(planned).cause == "no_weight");
            return;
        }
        for (const auto& parcel : plan->parcels) RC_ASSERT(parcel.weight > Decimal{});
        if (plan->source == "parcels of Ongoing") {
            Decimal sum;
            for (const auto& parcel : in_warehouse.parcels)
                if (!parcel.is_return && !earlier.contains(parcel.id)) sum = sum + *parcel.weight;
            RC_ASSERT(plan->weight() == sum);
        } else if (plan->source == "way bill rows") {
            Decimal sum;
            for (const auto& row : rows) sum = sum + *row.weight;
            RC_ASSERT(plan->weight() >= sum);
            const auto parcels = static_cast<std::int64_t>(plan->parcels.size());
            RC_ASSERT(plan->weight() - sum <= Decimal{parcels} * *Decimal::parse("0.001"));
        } else {
            RC_ASSERT(plan->weight() == articles + options.packaging_weight);
        }
    }));
}

TEST_CASE("A telephone number that a country dials is found with its code, its prefix and any punctuation") {
    CHECK(holds("national numbers", [] {
        const auto [country, code, trunk] = *rc::gen::element(
            std::make_tuple("PL", "48", ""), std::make_tuple("SK", "421", "0"), std::make_tuple("NL", "31", "0"),
            std::make_tuple("ES", "34", ""), std::make_tuple("UA", "380", "0"), std::make_tuple("FR", "33", "0"));
        std::string digits = std::to_string(*rc::gen::inRange<std::int64_t>(100'000'000, 999'999'999));
        std::string spaced;
        for (const char c : digits) spaced += std::string(1, c) + *rc::gen::element<std::string>("", "", " ", "-", ".");
        for (const std::string& written :
             {trunk + spaced, "+" + std::string(code) + " " + spaced, "00" + std::string(code) + spaced,
              "+" + std::string(code) + " (" + trunk + ") " + spaced})
            RC_ASSERT(map::national_number(written, country) == digits);
        RC_ASSERT(!map::national_number("+1" + spaced, country));
    }));
}
