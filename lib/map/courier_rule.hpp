// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <blongo/base/decimal.hpp>
#include <blongo/base/ids.hpp>
#include <blongo/base/template.hpp>
#include <blongo/base/time.hpp>
#include <blongo/baselinker/order_wire.hpp>
#include <blongo/baselinker/package_wire.hpp>
#include <blongo/map/document.hpp>
#include <blongo/ongoing/order_wire.hpp>

namespace blongo::map {

/// How a rule's shipment comes into being (flows.md Shipments 9).
enum class Strategy : std::uint8_t {
    api,    ///< createPackage
    macro,  ///< runOrderMacroTrigger, then the package is waited for
    report, ///< another integration makes the label in Ongoing: its tracking is registered with createPackageManual
    none    ///< counter pick-up: nothing is booked, statuses are written
};

/// One [[connections.X.shipments.couriers]]. Lists are globs (any case); every condition that is set must hold.
struct CourierRule {
    std::vector<std::string> delivery_method, country, order_source, way_of_delivery, transporter, parcel_type, currency, sku;
    std::optional<bool> cod, service_point;
    std::optional<std::int64_t> parcels;
    std::optional<Decimal> min_weight, max_weight; ///< kg, of all parcels together
    std::optional<Decimal> max_side;               ///< cm, the longest side of any parcel

    std::string courier_code;
    Strategy strategy = Strategy::api;
    std::int64_t trigger_id = 0; ///< of macro
    std::optional<baselinker::CourierAccountId> account_id;
    std::vector<std::pair<std::string, Template>> fields;  ///< field id -> template
    std::vector<std::pair<std::string, Template>> package; ///< package field id -> template
    std::string phone;                                     ///< "PL9": digits of a national number of that country
    bool mobile = false, postcode = false;
    bool point = false;                        ///< the order names a pick-up point
    bool state = false;                        ///< and a state, where addresses of its country have one
    std::int64_t street_max = 0, name_max = 0; ///< characters; 0: not checked
    std::string cod_currency;                  ///< empty: any
    std::optional<Milliseconds> rebook_after;  ///< none: never
    OrderStatusId status_after_send;           ///< 0: the connection's
    std::vector<std::string> print_command;    ///< empty: the connection's
    std::string origin;                        ///< "blongo.toml:84"
};

/// What the conditions of rules are about.
struct ShipmentFacts {
    /// Nothing is packed yet: conditions on parcels hold, and those on what Ongoing says of the way when it says nothing.
    bool foreseen = false;
    std::string delivery_method, country, order_source; ///< of BaseLinker's order
    std::string order_source_account;                   ///< "allegro:4417"
    std::string way_of_delivery, transporter;           ///< of Ongoing's order; "DHL/PARCEL" with a service
    std::string currency;
    std::vector<std::string> parcel_types, skus;
    bool cod = false, service_point = false;
    std::int64_t parcels = 0;
    Decimal weight;   ///< kg, of all parcels together
    Decimal max_side; ///< cm; 0: not known, and then max_side holds
};

struct ParcelPlan; // parcels.hpp

[[nodiscard]] ShipmentFacts shipment_facts(const baselinker::Order& order, const ongoing::Order& warehouse_order,
                                           const ParcelPlan& parcels);
/// The first rule of which every condition holds; nullptr: none.
[[nodiscard]] const CourierRule* first_match(std::span<const CourierRule> rules, const ShipmentFacts& facts);
/// Why a rule does not match, for `shipments why` and doctor: "delivery_method: \"Kurier DPD\" is none of *paczkomat*".
/// Empty: it matches.
[[nodiscard]] std::string mismatch(const CourierRule& rule, const ShipmentFacts& facts);
/// Whether a rule that matches foreseen facts may not match the real ones: it has conditions on what is not known yet.
[[nodiscard]] bool depends_on_packing(const CourierRule& rule, const ShipmentFacts& foreseen);
/// Why no rule fits: point_missing where one would with a pick-up point, else no_courier_rule. Without key and label.
[[nodiscard]] Rejection no_rule_fits(std::span<const CourierRule> rules, const ShipmentFacts& facts);
/// "dpd (blongo.toml:84)", for people.
[[nodiscard]] std::string rule_name(const CourierRule& rule);

} // namespace blongo::map
