// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <blongo/base/time.hpp>

namespace blongo::report {

/// Makes the progress line of the running step: counts, rate, time left. Drawn at most ten times a
/// second, always at the beginning and at the end of a step.
class Progress {
public:
    /// The line to draw now, or nothing if the last one is younger than a tenth of a second. `now` is
    /// boot time; total 0: unknown.
    [[nodiscard]] std::optional<std::string> update(const std::string& connection, const std::string& step, std::int64_t done,
                                                    std::int64_t total, Milliseconds now);

private:
    std::string connection_, step_;
    std::int64_t first_ = 0; ///< done when the step was first seen
    Milliseconds started_{0};
    std::optional<Milliseconds> drawn_;
};

} // namespace blongo::report
