// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "support/process.hpp"

namespace blongo::bench {

/// CPU seconds, user and system, that this thread has used.
[[nodiscard]] double thread_seconds();

/// The least CPU seconds that `work` took in so many rounds: what it costs without the disturbances.
[[nodiscard]] double least_seconds(int rounds, const std::function<void()>& work);

/// What a figure has to be.
struct Target {
    enum class Sense { at_least, at_most } sense;
    double bound;
};
[[nodiscard]] Target at_most(double bound);
[[nodiscard]] Target at_least(double bound);

/// Prints one row of the table: what was measured, its figure, the target, whether it is reached. Columns are parted by
/// tabs, for tests/bench/run.
void print_row(const std::string& what, double figure, const std::string& unit, std::optional<Target> target = {});

/// Peak resident memory in MiB.
[[nodiscard]] double peak_mib(const test::Finished& finished);

/// Throws with what was printed unless the exit code is `expected`.
const test::Finished& expect_exit(const test::Finished& finished, int expected = 0);

} // namespace blongo::bench
