// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <blongo/base/time.hpp>

namespace blongo::plan {

/// A reason for which an object waits, who can end that, and how. The list is fixed.
struct Cause {
    std::string_view name;    ///< "unknown_sku"
    std::string_view owner;   ///< seller, warehouse, admin, courier
    std::string_view meaning; ///< what is wrong, one sentence
    std::string_view remedy;  ///< what the owner does
    std::string_view command; ///< with {key} where the object's key goes
    bool costs_request;       ///< judging it again costs a call: tried at 5 runs, then with backoff
};

[[nodiscard]] std::span<const Cause> causes() noexcept;
/// With the words of `flow`, where it has its own ("returns").
[[nodiscard]] const Cause* find_cause(std::string_view name, std::string_view flow = {}) noexcept;
/// The command with the key in place.
[[nodiscard]] std::string command_for(const Cause& cause, std::string_view key);

/// When a parked object is tried again after `attempts` failures: nullopt = at every run (causes that
/// cost nothing, and the first 5 tries); else 5 min x 2^n up to 6 h from now.
[[nodiscard]] std::optional<Timestamp> next_try(const Cause& cause, int attempts, Timestamp now);

} // namespace blongo::plan
