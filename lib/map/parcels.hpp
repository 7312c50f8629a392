// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <blongo/base/decimal.hpp>
#include <blongo/base/result.hpp>
#include <blongo/baselinker/order_wire.hpp>
#include <blongo/map/document.hpp>
#include <blongo/ongoing/delivery_wire.hpp>
#include <blongo/ongoing/order_wire.hpp>

namespace blongo::map {

/// One parcel of a delivery as the courier is told: kg and cm.
struct PlannedParcel {
    Decimal weight{};
    std::optional<Decimal> length{}, width{}, height{};
    std::int64_t parcel_id = 0;  ///< of Ongoing's parcel; 0: there is none
    std::string parcel_number{}; ///< of Ongoing's parcel
    std::string parcel_type{};   ///< code, where Ongoing names one
    friend bool operator==(const PlannedParcel&, const PlannedParcel&) = default;
};

/// The parcels of one delivery, and where their weights come from: shown to people before money is spent.
struct ParcelPlan {
    std::vector<PlannedParcel> parcels;
    std::string
        source; ///< "parcels of Ongoing", "way bill rows", "article weights + 0.1 kg packaging", "default_weight", "given by hand"
    bool weighed_in_warehouse = false;      ///< Ongoing told the weights
    [[nodiscard]] Decimal weight() const;   ///< kg, all together
    [[nodiscard]] Decimal max_side() const; ///< cm; 0: no side is known
    /// Hash of weights, sizes and number: what "the same parcels" means.
    [[nodiscard]] std::string fingerprint() const;
};

struct ParcelOptions {
    Decimal packaging_weight;              ///< kg, added to the weights of the articles once per delivery
    std::optional<Decimal> default_weight; ///< kg
};

/// flows.md Shipments 7. In this order: parcels given by hand; Ongoing's parcels (kg; m -> cm) that are no return
/// parcels and not among `earlier` (parcel ids that earlier deliveries of the order took), if each has a weight above 0;
/// way bill rows (number x, weight / number when a row holds several); the weights that BaseLinker knows of the pieces in
/// `quantities` (row number -> pieces) plus packaging, only when every such line has one; default_weight; else Rejection
/// no_weight.
[[nodiscard]] std::variant<ParcelPlan, Rejection>
plan_parcels(const ongoing::Order& warehouse_order, std::span<const ongoing::WayBillRow> way_bill_rows,
             const baselinker::Order& order, const std::map<std::string, Decimal>& quantities,
             const std::set<std::int64_t>& earlier, const ParcelOptions& options, std::span<const PlannedParcel> by_hand);

/// `--parcel 2.1kg,30x20x15` (kg; cm; sizes may be missing). Error (usage) says what is expected.
[[nodiscard]] Result<PlannedParcel> parse_parcel(std::string_view text);

} // namespace blongo::map
