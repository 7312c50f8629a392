// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <blongo/config/config.hpp>

#include "context.hpp"

namespace blongo::app {

/// Runs `doctor` on a connection and prints its page, or its rows. `party`: only what seller, warehouse or administrator has
/// to do; empty: all. Answers the code of the strongest failure.
int show_doctor(Context& context, const config::Connection& connection, std::int64_t sample, const std::string& party);

} // namespace blongo::app
