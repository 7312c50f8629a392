// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "support/e2e/sandbox.hpp"

namespace blongo::test {

/// A request of a flow, as the sandbox's fault rules name it.
struct Operation {
    std::string side, name;
};

/// The rule that spoils the first call of an operation on a "fresh" or "kept_alive" connection. status_before answers
/// 503, status_after 500; a stall lasts `stall_seconds`, longer than the client waits.
[[nodiscard]] json::Value fault_rule(const Operation& operation, const std::string& fault, const std::string& connection,
                                     int stall_seconds);

/// Whether the one rule that is set has fired.
[[nodiscard]] bool fault_fired(Sandbox& sandbox);

/// Nothing that the contracts forbid has been done.
void expect_lawful(Sandbox& sandbox);
/// The same, and one more run of the flow writes nothing.
void expect_lawful_and_idle(Sandbox& sandbox, const Installation& installation, const std::string& flow);

/// Whether the cell with this number, from 0 on, of a matrix is played: every one, or with BLONGO_SHARE=N one of N. The
/// sanitized build plays a share, the release build the whole.
[[nodiscard]] bool in_share(std::size_t cell);

/// Plays so many random schedules, or BLONGO_SCHEDULES of them, from seed 1 or BLONGO_FIRST_SEED on; of the first number
/// with BLONGO_SHARE=N one of N.
void for_each_seed(unsigned schedules, const std::function<void(unsigned)>& play);

/// [http] with short waits: tests are about what happens, not about time.
extern const std::string impatient;

} // namespace blongo::test
