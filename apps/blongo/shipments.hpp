// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <blongo/sync/shipments.hpp>

#include "command.hpp"
#include "context.hpp"
#include "order_view.hpp"

namespace blongo::app {

/// What `shipments send` and its relatives take besides the common options, as text.
struct SendArguments {
    std::vector<std::string> orders;  ///< N
    std::vector<std::string> parcels; ///< --parcel
    std::string cod;
    std::int64_t ongoing_order = 0, print_workstation = 0, print_user = 0, event = 0;
    bool force_old = false, allow_many = false, reprint = false;
};
/// Read and checked; the orders are resolved by the caller. Errors are ErrorKind::usage.
[[nodiscard]] Result<sync::SendOptions> send_options(const Context& context, const SendArguments& arguments);

/// One action that can book, on each of these orders: -n when the connection's mode is "plan", and their summaries.
using BookingAction = std::function<report::Summary(const config::Config&, const config::Connection&, BaseOrderId,
                                                    const sync::SendOptions&, const sync::Runtime&)>;
int book_on_orders(Context& context, const std::vector<std::string>& names, const sync::SendOptions& send,
                   const BookingAction& action);

// Looking at shipments: shipment_view.cpp
int list_shipments(Context& context);
int show_shipment(Context& context, const std::string& n);
int explain_shipment(Context& context, const std::string& n);
int write_label(Context& context, const std::string& n, const std::string& out, bool print);

} // namespace blongo::app
