// SPDX-License-Identifier: Apache-2.0
#include <blongo/plan/preflight.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/map/shipment.hpp>
#include <blongo/plan/causes.hpp>

namespace blongo::plan {

namespace {

using Failures = std::vector<Failure>;

std::string text_of(const map::OrderDocument& document, std::string_view target) {
    const json::Value* value = document.find(target);
    return value == nullptr ? std::string() : std::string(value->text());
}

class Look {
public:
    Look(const baselinker::Order& order, const ongoing::Order& foreseen, const PreflightOptions& options,
         const CourierLookup& lookup)
        : order_(order), foreseen_(foreseen), options_(options), lookup_(lookup) {
        std::map<std::string, Decimal> quantities;
        for (const ongoing::OrderLine& line : foreseen.lines) quantities[line.row_number] = line.ordered;
        auto planned = map::plan_parcels(foreseen, {}, order, quantities, {}, options.parcels, {});
        if (auto* weightless = std::get_if<map::Rejection>(&planned))
            weightless_ = std::move(*weightless);
        else
            parcels_ = std::get<map::ParcelPlan>(std::move(planned));
        facts_ = map::shipment_facts(order, foreseen, parcels_);
        facts_.foreseen = true;
    }

    Failures run(std::span<const map::CourierRule> rules) {
        std::optional<Failures> first;
        for (const map::CourierRule& rule : rules) {
            if (!map::mismatch(rule, facts_).empty()) continue;
            Failures failures = under(rule);
            if (failures.empty()) return {};
            if (!first) first = std::move(failures);
            if (!map::depends_on_packing(rule, facts_)) break;
        }
        if (first) return *first;
        map::Rejection none = map::no_rule_fits(rules, facts_);
        if (none.cause == "no_courier_rule") none.reason += hint();
        return {named({std::move(none), true})};
    }

private:
    /// What fails if this rule is the order's.
    [[nodiscard]] Failures under(const map::CourierRule& rule) const {
        const bool may_be_weighed = options_.weighing == Weighing::sometimes;
        const auto verdict =
            map::judge_by_rule(order_, rule, may_be_weighed ? std::optional<map::Rejection>{} : weightless_, std::nullopt, true);
        Failures failures;
        for (const map::Rejection& rejection : verdict.rejected)
            failures.push_back(named({rejection, rejection.cause != "no_weight" || options_.weighing == Weighing::never}));
        // What only the warehouse can still mend is no cause while the seller can mend another one.
        std::ranges::stable_partition(failures, [](const Failure& failure) { return failure.certain; });
        if (failures.empty() && rule.strategy == map::Strategy::api) add_form(rule, verdict.cod, failures);
        return failures;
    }

    void add_form(const map::CourierRule& rule, const map::CodAmount& cod, Failures& failures) const {
        const auto known = lookup_ ? lookup_(rule.courier_code) : std::nullopt;
        if (!known) return;
        const map::ShipmentInput input{order_, foreseen_, rule, parcels_, cod, 1, options_.now, options_.time_zone};
        // The services of fields with {auto} are asked for at Send.
        const auto made = map::needs_services(rule) ? map::services_request(input, known->form, known->accounts)
                                                    : map::make_shipment(input, known->form, known->accounts, {});
        for (const map::Rejection& rejection : made.rejected)
            if (rejection.cause == "field_invalid") failures.push_back(named({rejection, true}));
    }

    [[nodiscard]] Failure named(Failure failure) const {
        failure.rejection.key = std::to_string(order_.order_id.value());
        failure.rejection.label = foreseen_.order_number.value();
        return failure;
    }

    /// A rule may not fit only because the order says less than it should.
    [[nodiscard]] std::string hint() const { return facts_.country.empty() ? "; the delivery address has no country" : ""; }

    const baselinker::Order& order_;
    const ongoing::Order& foreseen_;
    const PreflightOptions& options_;
    const CourierLookup& lookup_;
    std::optional<map::Rejection> weightless_;
    map::ParcelPlan parcels_;
    map::ShipmentFacts facts_;
};

} // namespace

ongoing::Order foreseen_order(const map::OrderDocument& document) {
    ongoing::Order order;
    order.order_number = document.number;
    order.goods_owner_order_id = text_of(document, "goodsOwnerOrderId");
    order.order_remark = text_of(document, "orderRemark");
    order.way_of_delivery_code = text_of(document, "wayOfDelivery.code");
    order.transporter_code = text_of(document, "transporter.transporterCode");
    order.transporter_service_code = text_of(document, "transporter.transporterServiceCode");
    for (const map::OrderLine& line : document.lines) {
        ongoing::OrderLine foreseen;
        foreseen.row_number = line.row_number;
        foreseen.article_number = line.article;
        foreseen.ordered = Decimal{line.quantity};
        foreseen.should_be_picked = line.to_pick;
        order.lines.push_back(std::move(foreseen));
    }
    return order;
}

std::vector<Failure> preflight(const baselinker::Order& order, const ongoing::Order& foreseen,
                               std::span<const map::CourierRule> rules, const PreflightOptions& options,
                               const CourierLookup& lookup) {
    if (rules.empty()) return {};
    return Look(order, foreseen, options, lookup).run(rules);
}

std::string preflight_text(std::span<const Failure> failures) {
    if (failures.empty()) return {};
    const map::Rejection& first = failures.front().rejection;
    std::string text = fmt::format("{}: {}", first.cause, first.reason);
    if (const Cause* cause = find_cause(first.cause); cause != nullptr) text += fmt::format("; {}", cause->remedy);
    for (const Failure& failure : failures.subspan(1))
        text += fmt::format("; also {}: {}", failure.rejection.cause, failure.rejection.reason);
    return text;
}

std::string preflight_note(std::span<const Failure> failures) {
    return failures.empty() ? std::string() : "will_fail_at_send: " + preflight_text(failures);
}

} // namespace blongo::plan
