// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <blongo/config/flows.hpp>
#include <blongo/ongoing/delivery_wire.hpp>
#include <blongo/ongoing/order_wire.hpp>
#include <blongo/sync/shipments.hpp>

namespace blongo::sync {

/// Where a label prints (flows.md Shipments 12): at the workstation where Send was pressed, else for its user, else for the
/// user who packed last, else at the fallback workstation. Without a report id Ongoing stores it and prints nothing.
struct PrintTarget {
    std::optional<ongoing::PrintingInfo> ongoing; ///< printed by Ongoing
    std::vector<std::string> command;             ///< printed here; {file} is still to be filled in
    std::vector<std::string> hidden_variables;    ///< of the environment: the command does not see them
    std::string words;                            ///< for people
};
/// `there` may be null: then nobody is known to have packed it.
[[nodiscard]] PrintTarget print_target(const config::Shipments& settings, const SendWishes& wishes, const ongoing::Order* there,
                                       const std::vector<std::string>& rule_command = {});

/// Runs the target's print command, without a shell, with `file` for {file}. Error (rejected): what it ended with.
[[nodiscard]] Result<void> print_here(const PrintTarget& target, const std::string& file);

} // namespace blongo::sync
