// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <blongo/config/config.hpp>
#include <blongo/sync/orders.hpp>

#include "context.hpp"

namespace blongo::app {

/// An order that an N of the command line names, and whose it is.
struct NamedOrder {
    const config::Connection* connection = nullptr;
    sync::FoundOrder found;
};

/// All orders that N may mean, over the selected connections. An error is reported and answered as exit code.
[[nodiscard]] Result<std::vector<NamedOrder>> find_orders(Context& context, const std::string& n);
/// Exactly one, or an error: not_found (6), or usage (2) with the candidates.
[[nodiscard]] Result<NamedOrder> find_one_order(Context& context, const std::string& n);

/// `orders show` (everything, both sides) and `why` (one sentence and what to do).
int show_order(Context& context, const std::string& n);
int explain_order(Context& context, const std::string& n);
/// One of these for each N; the strongest exit code.
int for_each_order(Context& context, const std::vector<std::string>& names,
                   int (*what)(Context&, const std::string&));

} // namespace blongo::app
