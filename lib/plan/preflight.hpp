// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <blongo/base/time.hpp>
#include <blongo/baselinker/order_wire.hpp>
#include <blongo/baselinker/package_wire.hpp>
#include <blongo/map/courier_rule.hpp>
#include <blongo/map/document.hpp>
#include <blongo/map/order.hpp>
#include <blongo/map/parcels.hpp>
#include <blongo/ongoing/order_wire.hpp>

namespace blongo::plan {

/// What Send will refuse of an order that nobody has packed yet (flows.md Orders 8).

/// What is known without asking of a courier's form (getCourierFields) and of its accounts.
struct KnownCourier {
    const baselinker::CourierForm& form;
    const std::vector<baselinker::CourierAccount>& accounts;
};
using CourierLookup = std::function<std::optional<KnownCourier>(const std::string& courier_code)>;

/// Whether the warehouse tells the weights of parcels, by the deliveries so far.
enum class Weighing : std::uint8_t {
    unknown, ///< there was none: a missing weight is told, and holds nothing up
    never,
    sometimes ///< a missing weight is nothing to be foreseen
};

struct PreflightOptions {
    map::ParcelOptions parcels;
    Weighing weighing = Weighing::unknown;
    Timestamp now;
    std::string time_zone;
};

/// One thing that Send will refuse.
struct Failure {
    map::Rejection rejection;
    bool certain = true; ///< false: the warehouse may still tell what is missing
};

/// The order as it will stand in Ongoing when it is sent: numbers, remark, way and lines; no parcels.
[[nodiscard]] ongoing::Order foreseen_order(const map::OrderDocument& document);

/// What will fail at Send, whatever the warehouse does: by the rules, their checks, cash on delivery, the weights that
/// BaseLinker knows and, where it is known, the courier's form. A rule with conditions on parcels may match or not: an
/// order fails only if it does under every rule that may be its own. Empty: nothing is foreseen. Without rules nothing is
/// judged. The first failure is the cause; keys and labels are the order's.
[[nodiscard]] std::vector<Failure> preflight(const baselinker::Order& order, const ongoing::Order& foreseen,
                                             std::span<const map::CourierRule> rules, const PreflightOptions& options,
                                             const CourierLookup& lookup);

/// "bad_phone: the telephone number ... is no mobile number of PL; correct the telephone number of the order in
/// BaseLinker", and what else is wrong. Empty when nothing is.
[[nodiscard]] std::string preflight_text(std::span<const Failure> failures);
/// The same in the words of an action line: "will_fail_at_send: bad_phone: ...".
[[nodiscard]] std::string preflight_note(std::span<const Failure> failures);

} // namespace blongo::plan
