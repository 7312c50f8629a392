// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/base/decimal.hpp>
#include <blongo/base/time.hpp>
#include <blongo/baselinker/order_wire.hpp>
#include <blongo/baselinker/package_wire.hpp>
#include <blongo/map/courier_rule.hpp>
#include <blongo/map/document.hpp>
#include <blongo/map/parcels.hpp>
#include <blongo/ongoing/order_wire.hpp>

namespace blongo::map {

/// Prices of all lines x their pieces.
[[nodiscard]] Decimal goods_value(const baselinker::Order& order);
/// goods + delivery - paid, rounded to 2 decimals; below 0 when more was paid. Like goods_value it throws
/// std::overflow_error where prices do not fit a Decimal; every other function here copes with that.
[[nodiscard]] Decimal amount_left(const baselinker::Order& order);
/// Whether amount_left is above 0; true where it cannot be added up.
[[nodiscard]] bool is_something_left(const baselinker::Order& order);

/// What the courier is to collect (flows.md Shipments 6).
struct CodAmount {
    bool on = false; ///< the order is cash on delivery and something is left to pay
    Decimal amount;  ///< rounded to 2 decimals
    std::string currency;
};
/// amount_left, only if COD is on and the result is above 0. `by_hand` (--cod AMOUNT) replaces amount and doubts: it is
/// collected whatever the way of payment, in the rule's cod_currency where that is set; 0: nothing is collected.
/// Rejection cod_unclear: discounts are present, or the currency is not the rule's cod_currency, or none is known, or
/// prices do not fit.
struct CodResult {
    CodAmount cod;
    std::optional<Rejection> rejected;
};
[[nodiscard]] CodResult cod_amount(const baselinker::Order& order, const CourierRule& rule,
                                   const std::optional<Decimal>& by_hand);

/// Whether the order names a pick-up point. Any text with a letter or a digit does, but "0": the form of a code says
/// nothing about whether it exists.
[[nodiscard]] bool names_point(const baselinker::Order& order);
/// Checks of the rule that need no request: phone, mobile, street and name length and that there is a name, post code by
/// country, state (field_invalid), country (not asked of strategy none), pick-up point of a rule with service_point =
/// true or the check `point`. In this order; the first failure is the cause.
[[nodiscard]] std::vector<Rejection> check_address(const baselinker::Order& order, const CourierRule& rule);
/// Whether the post code has the form that its country (two letters) uses; true for countries without a known form.
[[nodiscard]] bool postcode_fits(std::string_view country, std::string_view postcode);
/// National significant digits of a phone number as that country dials it ("+48 600-100-200" in PL: "600100200");
/// nullopt: it is another country's, or no number.
[[nodiscard]] std::optional<std::string> national_number(std::string_view phone, std::string_view country);
[[nodiscard]] bool is_mobile_number(std::string_view national_number, std::string_view country);

/// What a rule asks of an order before the courier's form is asked: a weight (`weightless` says why there is none),
/// the amount to collect, the address. The first failure is the cause. `collect`: false where an earlier delivery of the
/// order collects. Nothing is asked where nothing is booked.
struct RuleVerdict {
    CodAmount cod;
    std::vector<Rejection> rejected;
};
[[nodiscard]] RuleVerdict judge_by_rule(const baselinker::Order& order, const CourierRule& rule,
                                        const std::optional<Rejection>& weightless, const std::optional<Decimal>& cod_by_hand,
                                        bool collect);

/// Everything that a booking is made of.
struct ShipmentInput {
    const baselinker::Order& order;
    const ongoing::Order& warehouse_order;
    const CourierRule& rule;
    const ParcelPlan& parcels;
    CodAmount cod;
    std::int64_t delivery = 1; ///< which delivery of the order this is
    Timestamp now;             ///< for {now} and {today}
    std::string time_zone;
};
/// The value of a placeholder of courier_field_placeholders(); "" when it is empty.
[[nodiscard]] std::string placeholder_value(std::string_view name, const ShipmentInput& input);

/// Whether createPackage has to ask getCourierServices first: a field of the rule is "{auto}".
[[nodiscard]] bool needs_services(const CourierRule& rule);

/// What getCourierServices is asked with: the request of createPackage as far as it is known then, without the fields
/// that are "{auto}". Everything else is checked as by make_shipment.
struct ShipmentResult;
[[nodiscard]] ShipmentResult services_request(const ShipmentInput& input, const baselinker::CourierForm& form,
                                              const std::vector<baselinker::CourierAccount>& accounts);

/// The request of createPackage, checked against the courier's form before anything is bought: fields that render
/// empty are left out; weight and sizes go to the package fields that the form names (weight; length/width/height or
/// size_length/...), and the rule's `package` is laid over them (its {weight} is the parcel's own). An option may be named
/// by id or by its whole label; commas separate the options of a checkbox; dates may be 2026-11-24. The only account of
/// a courier is used; among several the rule must choose. Rejections: field_invalid (a field or option that the form does not know, COD without a field for
/// it, a courier account that is not connected), service_ambiguous ({auto} with several services), too_many_parcels
/// (several parcels without multi_packages).
struct ShipmentResult {
    std::optional<baselinker::PackageRequest> request;
    std::vector<Rejection> rejected;
    std::vector<std::string> notes;
};
[[nodiscard]] ShipmentResult make_shipment(const ShipmentInput& input, const baselinker::CourierForm& form,
                                           const std::vector<baselinker::CourierAccount>& accounts,
                                           const baselinker::FieldOptions& services);

/// What must change before a refused booking is tried again by itself: rule, fields, parcels, name, address, contact,
/// point, COD. A hash without personal data in the clear.
[[nodiscard]] std::string shipment_input_fingerprint(const ShipmentInput& input);

} // namespace blongo::map
