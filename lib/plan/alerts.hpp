// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/base/time.hpp>

namespace blongo::plan {

/// A problem of one connection that stands, as [notify] and quiet runs tell it.
struct Alert {
    /// unknown, guard, auth, stale, sent_without_shipment, parked; quiet runs also failed, refused
    std::string kind;
    std::string key; ///< tells it from others of its kind: a write, a flow, a cause
    std::string flow, cause;
    std::string owner;      ///< seller, warehouse, admin, courier
    std::string detail;     ///< one sentence, without names and addresses
    std::string command;    ///< the next one, with -C
    std::int64_t count = 1; ///< objects
    Timestamp since;
};

/// What was told before.
struct ToldAlert {
    Alert alert;                      ///< as it was told last
    std::optional<Timestamp> told_at; ///< none: it was seen, and could not be told yet
};

enum class AlertState : std::uint8_t { problem, reminder, solved };
/// "problem", as JSON has it.
[[nodiscard]] std::string_view to_string(AlertState state) noexcept;

struct AlertMessage {
    AlertState state = AlertState::problem;
    Alert alert;
    std::optional<Timestamp> told_before; ///< what the memory must still hold when it is told
};

struct AlertPlan {
    std::vector<AlertMessage> messages; ///< new ones, reminders, solved ones
    std::vector<Alert> forgotten;       ///< nobody was told of them, or nobody wants their kind any more
};

/// What is to be told: what stands and was not told yet; again what was told `remind` ago or longer; what was told and
/// stands no more. A count that changes is told with the next reminder. `kinds`: those that people want.
[[nodiscard]] AlertPlan plan_alerts(std::span<const Alert> standing, std::span<const ToldAlert> told,
                                    std::span<const std::string> kinds, Milliseconds remind, Timestamp now);

} // namespace blongo::plan
