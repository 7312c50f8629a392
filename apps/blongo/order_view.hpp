// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <blongo/config/config.hpp>
#include <blongo/sync/orders.hpp>

#include "command.hpp"
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
/// BaseLinker ids of these orders, which are all of one connection: `connection`, where that is null the first one's,
/// which it becomes.
[[nodiscard]] Result<std::vector<std::string>> ids_in_one_connection(Context& context, const std::vector<std::string>& names,
                                                                     const config::Connection*& connection);

/// A value as it is shown to everybody: names, streets, contacts and what people wrote are masked.
[[nodiscard]] std::string masked(const std::string& target, const std::string& value);

/// `orders show` (everything, both sides), `why` (one sentence and what to do) and `mapping test` (the same as show, and
/// what templates read and replace).
int show_order(Context& context, const std::string& n);
int test_order_mapping(Context& context, const std::string& n);
int explain_order(Context& context, const std::string& n);

/// Of an order's N, for help.
constexpr const char* order_n_help = "BaseLinker order id, Ongoing order number, marketplace number, or #Ongoing id";
/// What a command does about one order, courier, ... that was named.
using NamedAction = std::function<int(Context&, const std::string&)>;
/// The names, with those that stand on standard input (apart by white space) in the place of a "-".
[[nodiscard]] Result<std::vector<std::string>> with_standard_input(Context& context, const std::vector<std::string>& names);
/// It for each name, "-" included; the strongest exit code.
int for_each_name(Context& context, const std::vector<std::string>& names, const NamedAction& what);
/// Adds a command that takes one name or more, `argument` in its help, and does `what` about each.
Command& add_named(Command& group, const std::string& name, const std::string& summary, unsigned takes,
                   const std::string& argument, const std::string& help, const NamedAction& what);

} // namespace blongo::app
