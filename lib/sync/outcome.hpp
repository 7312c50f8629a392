// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <blongo/base/error.hpp>
#include <blongo/state/intents.hpp>

namespace blongo::sync {

/// The other side refused this item; the others go on.
[[nodiscard]] bool is_refusal(const Error& error) noexcept;
/// Nobody knows whether the other side carried the call out; the other items go on.
[[nodiscard]] bool is_ambiguous(const Error& error) noexcept;
/// Everything else ends the run.
[[nodiscard]] inline bool ends_run(const Error& error) noexcept {
    return !is_refusal(error) && !is_ambiguous(error);
}
/// What an intent becomes whose call failed: unknown, refused, or withdrawn (it never left).
[[nodiscard]] state::IntentState outcome_of(const Error& error) noexcept;
/// The same of a write that can be looked up. What a firewall or a redirect answers says nothing of what the side has:
/// unknown as well, so that the next run looks.
[[nodiscard]] state::IntentState outcome_to_look_up(const Error& error) noexcept;
/// What is kept as the result of a failed write that can be looked up.
[[nodiscard]] std::string result_to_look_up(const Error& error);
/// Whether a result that was kept is that of a write which a firewall answered, and may have let through: an order that is
/// found there may be somebody else's.
[[nodiscard]] bool is_by_firewall(std::string_view result) noexcept;

} // namespace blongo::sync
