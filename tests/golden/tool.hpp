// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include <blongo/base/clock.hpp>

#include "blongo/app.hpp"
#include "support/capture.hpp"

namespace blongo::test {

using Variables = std::map<std::string, std::string>;

inline config::Environment environment_of(Variables variables) {
    return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
}

/// What one call of the tool printed and answered.
struct Ran {
    int code = 0;
    std::string out, err;
};

/// Calls the tool in this process.
inline Ran run_tool(std::vector<std::string> arguments, Variables variables = {}) {
    Capture out, err;
    ManualClock clock(*parse_timestamp("2026-11-23T13:47:32Z"));
    StopToken stop;
    Ran ran;
    ran.code = app::run({.arguments = std::move(arguments),
                         .environment = environment_of(std::move(variables)),
                         .clock = clock,
                         .stop = stop,
                         .out_fd = out.fd(),
                         .err_fd = err.fd()});
    ran.out = out.text();
    ran.err = err.text();
    return ran;
}

} // namespace blongo::test
