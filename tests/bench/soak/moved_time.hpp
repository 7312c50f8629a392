// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace blongo::bench {

/// The environment in which a program believes that it is so many seconds later. What it waits for is not moved.
[[nodiscard]] inline std::map<std::string, std::string> later_by(std::int64_t seconds) {
    return {{"LD_PRELOAD", BLONGO_FAKETIME},
            {"FAKETIME", "+" + std::to_string(seconds) + "s"},
            {"FAKETIME_DONT_FAKE_MONOTONIC", "1"}};
}

} // namespace blongo::bench
