// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/courier_lists.hpp>

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <blongo/base/did_you_mean.hpp>
#include <blongo/base/text.hpp>
#include <blongo/map/shipment.hpp>
#include <blongo/sync/send_context.hpp>

namespace blongo::sync {

namespace {

/// Row number -> pieces: what was picked, else what was ordered.
std::map<std::string, Decimal> pieces_of(const baselinker::Order& order, const ongoing::Order& there) {
    std::map<std::string, Decimal> picked, ordered;
    for (const auto& line : there.lines)
        if (line.picked > Decimal{}) picked[line.row_number] = line.picked;
    for (const auto& product : order.products) ordered[fmt::to_string(product.order_product_id)] = product.quantity;
    return picked.empty() ? ordered : picked;
}

Result<map::ParcelPlan> parcels_of(SendContext& context, const baselinker::Order& order, const ongoing::Order& there) {
    BLONGO_TRY(const SendSettings* settings, context.settings());
    std::vector<ongoing::WayBillRow> rows;
    if (there.parcels.empty() && there.order_id.value() != 0) {
        BLONGO_TRY(rows, context.warehouse().get_way_bill_rows(there.order_id));
    }
    auto planned = map::plan_parcels(there, rows, order, pieces_of(order, there), {}, settings->parcels, {});
    if (const auto* rejection = std::get_if<map::Rejection>(&planned))
        return fail(ErrorKind::rejected, rejection->reason, rejection->field,
                    "a courier prices by weight: enter it in BaseLinker, or set shipments.default_weight");
    return std::get<map::ParcelPlan>(std::move(planned));
}

Result<const map::CourierRule*> rule_of(SendContext& context, const map::ShipmentFacts& facts) {
    BLONGO_TRY(const SendSettings* settings, context.settings());
    const auto* rule = map::first_match(settings->rules, facts);
    if (rule == nullptr)
        return fail(ErrorKind::config, "no courier rule fits this order", "[[shipments.couriers]]",
                    "blongo shipments send N --dry-run says why each rule does not fit");
    if (rule->strategy != map::Strategy::api)
        return fail(ErrorKind::config, fmt::format("its rule {} asks no courier", map::rule_name(*rule)), {},
                    "services are for rules with strategy = \"api\"");
    return rule;
}

} // namespace

Result<std::vector<ListedCourier>> list_couriers(const config::Config& config, const config::Connection& connection,
                                                 bool connected, const Runtime& runtime) {
    BLONGO_TRY(const auto session, Session::open(config, connection, state::BudgetClass::articles, true, runtime));
    baselinker::Couriers couriers(session->baselinker());
    std::set<std::string> named;
    for (const auto& rule : connection.shipments.couriers) named.insert(rule.courier_code);
    named.erase("none");
    BLONGO_TRY(const auto all, couriers.get_couriers_list());
    std::vector<ListedCourier> out;
    for (const auto& courier : all) {
        const bool is_named = named.erase(courier.code) != 0;
        if (!connected) {
            out.push_back({courier.code, courier.name, {}});
        } else if (is_named) {
            BLONGO_TRY(auto accounts, couriers.get_courier_accounts(courier.code));
            out.push_back({courier.code, courier.name, std::move(accounts)});
        }
    }
    if (connected && !named.empty())
        return fail(ErrorKind::config, fmt::format("BaseLinker knows no courier {}", *named.begin()), "[[shipments.couriers]]",
                    "blongo list couriers shows all codes");
    return out;
}

Result<CourierForms::Known> courier_form(const config::Config& config, const config::Connection& connection,
                                         const std::string& code, const Runtime& runtime) {
    BLONGO_TRY(const auto session, Session::open(config, connection, state::BudgetClass::articles, true, runtime));
    baselinker::Couriers couriers(session->baselinker());
    CourierForms::Known known;
    auto form = couriers.get_courier_fields(code);
    if (!form) {
        if (!is_refusal(form.error())) return fail(form.error());
        BLONGO_TRY(const auto all, couriers.get_couriers_list());
        std::vector<std::string> codes;
        for (const auto& courier : all) codes.push_back(courier.code);
        if (std::ranges::count(codes, code) > 0) return fail(form.error());
        return fail(ErrorKind::not_found, fmt::format("BaseLinker knows no courier {}{}", code, did_you_mean(code, codes, ", ")),
                    {}, "blongo list couriers shows all codes");
    }
    known.form = std::move(*form);
    BLONGO_TRY(known.accounts, couriers.get_courier_accounts(code));
    return known;
}

Result<OfferedServices> courier_services(const config::Config& config, const config::Connection& connection, BaseOrderId id,
                                         const Runtime& runtime) {
    BLONGO_TRY(const auto session, Session::open(config, connection, state::BudgetClass::articles, true, runtime));
    SendOptions options;
    options.flow.dry_run = true;
    Flow flow(*session, "shipments", options.flow);
    SendContext context(flow, options);
    BLONGO_TRY(auto page, session->baselinker().get_order(id));
    if (page.orders.empty())
        return fail(ErrorKind::not_found, fmt::format("BaseLinker has no order {}", id), {}, fmt::format("blongo find {}", id));
    const baselinker::Order& order = page.orders.front();
    ongoing::Order there;
    BLONGO_TRY(const auto ledger, context.orders().find(id));
    if (ledger) {
        BLONGO_TRY(auto found, session->ongoing().get_order(ledger->ongoing_id));
        if (found) there = std::move(*found);
    }
    BLONGO_TRY(const auto parcels, parcels_of(context, order, there));
    BLONGO_TRY(const auto* rule, rule_of(context, map::shipment_facts(order, there, parcels)));
    auto cod = map::cod_amount(order, *rule, {});
    if (cod.rejected) return fail(ErrorKind::rejected, cod.rejected->reason, cod.rejected->field);
    const map::ShipmentInput input{order, there, *rule, parcels, cod.cod, 1, context.now(), connection.time_zone};
    BLONGO_TRY(const CourierForms::Known* known, context.forms().get(rule->courier_code));
    auto question = map::services_request(input, known->form, known->accounts);
    if (!question.request)
        return fail(ErrorKind::rejected, question.rejected.front().reason, question.rejected.front().field,
                    fmt::format("blongo list courier-fields {}", rule->courier_code));
    OfferedServices out{rule->courier_code, map::rule_name(*rule), {}, {}};
    for (const auto& field : known->form.fields)
        if (!field.function.empty()) out.fields.push_back(field.id);
    if (out.fields.empty()) return out; // its options are the same for every order
    BLONGO_TRY(out.services, context.couriers().get_courier_services(*question.request));
    return out;
}

} // namespace blongo::sync
