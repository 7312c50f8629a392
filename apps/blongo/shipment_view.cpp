// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <blongo/report/causes.hpp>
#include <blongo/report/exit_code.hpp>

#include "files.hpp"
#include "rows.hpp"
#include "run_flow.hpp"
#include "shipments.hpp"

namespace blongo::app {
namespace {

constexpr int rows_listed = 1'000;

std::string state_word(const sync::ShipmentView& view) {
    using State = state::DeliveryState;
    switch (view.delivery.state) {
    case State::due: return view.parked ? view.parked->cause : "due";
    case State::booking: return "unknown";
    case State::booked: return "no label yet";
    case State::labelled: return view.parked ? view.parked->cause : "no tracking page yet";
    case State::done: return view.delivery.is_short ? "sent, short" : "sent";
    case State::no_shipment: return "no shipment";
    case State::cancelled: return "cancelled";
    }
    return {};
}

/// The files of a cancelled package were deleted there.
std::vector<std::string> labels_in_ongoing(const sync::ShipmentView& view) {
    std::vector<std::string> names;
    if (view.delivery.state == state::DeliveryState::cancelled) return names;
    for (const auto& label : view.labels)
        if (label.uploaded) names.push_back(label.file_name);
    return names;
}

std::vector<Cell> cells_of(const sync::ShipmentView& view, const config::Connection& connection) {
    const auto& row = view.delivery;
    return {text_cell("connection", connection.name),
            text_cell("key", fmt::to_string(row.order_id)),
            text_cell("order_number", row.order_number.value()),
            number_cell("delivery", row.number),
            text_cell("state", state_word(view)),
            text_cell("courier", row.courier_code),
            text_cell("package_number", row.package_number),
            id_cell("package_id", row.package_id),
            text_cell("cod", row.cod),
            list_cell("labels", labels_in_ongoing(view)),
            text_cell("tracking", row.package_id == 0 ? "" : std::string(sync::tracking_word(row.tracking_status))),
            text_cell("tracking_url", row.tracking_url),
            time_cell("sent", row.sent_at, connection.time_zone),
            time_cell("label_at", row.labelled_at, connection.time_zone),
            time_cell("printed", row.printed_at, connection.time_zone)};
}

/// The columns that fit a terminal.
std::vector<Cell> short_cells(const sync::ShipmentView& view, const config::Connection& connection) {
    const auto& row = view.delivery;
    return {text_cell("order", row.number == 1 ? fmt::to_string(row.order_id) : fmt::format("{} ({})", row.order_id, row.number)),
            text_cell("state", state_word(view)),
            text_cell("courier", row.courier_code),
            text_cell("package", row.package_number),
            text_cell("label", labels_in_ongoing(view).empty() ? "" : "in Ongoing"),
            text_cell("tracking", row.package_id == 0 ? "" : std::string(sync::tracking_word(row.tracking_status))),
            time_cell("sent", row.sent_at, connection.time_zone)};
}

struct Opened {
    NamedOrder order;
    sync::OrderShipments view;
};

Result<Opened> open(Context& context, const std::string& n) {
    BLONGO_TRY(const auto order, find_one_order(context, n));
    BLONGO_TRY(const auto runtime, context.runtime());
    BLONGO_TRY(auto view, sync::show_shipments(*order.connection, order.found.order_id, runtime));
    return Opened{order, std::move(view)};
}

std::string heading(const Opened& opened) {
    const auto& view = opened.view;
    const std::string& zone = opened.order.connection->time_zone;
    const std::string whose = fmt::format("order {} of {}: ", view.order_id, opened.order.connection->name);
    std::string text = whose + view.verdict + "\n";
    if (view.parked) {
        const auto cause = report::describe_cause(view.parked->cause, view.parked->key);
        const std::string parked =
            fmt::format("{} since {}: {}\n            {}\n", view.parked->cause, format_local(view.parked->since, zone),
                        view.parked->detail, report::who_acts(cause, ""));
        text = view.unsettled.empty() ? whose + "parked, " + parked : text + "parked:     " + parked;
    }
    for (const auto& sentence : view.unsettled) text += "unknown:    " + sentence + "\n";
    return text;
}

void print_json(Context& context, const Opened& opened) {
    for (const auto& delivery : opened.view.deliveries) {
        auto cells = cells_of(delivery, *opened.order.connection);
        cells.push_back(text_cell("verdict", opened.view.verdict));
        cells.push_back(text_cell("cause", opened.view.parked ? opened.view.parked->cause : ""));
        cells.push_back(text_cell("detail", opened.view.parked ? opened.view.parked->detail : ""));
        cells.push_back(list_cell("unknown", opened.view.unsettled));
        cells.push_back(text_cell("rule", delivery.delivery.rule));
        context.reporter().row("shipment", cells);
    }
    if (!opened.view.deliveries.empty()) return;
    context.reporter().row("shipment",
                           {text_cell("connection", opened.order.connection->name),
                            text_cell("key", fmt::to_string(opened.view.order_id)),
                            text_cell("order_number", opened.view.number.value()), text_cell("verdict", opened.view.verdict),
                            text_cell("cause", opened.view.parked ? opened.view.parked->cause : ""),
                            text_cell("detail", opened.view.parked ? opened.view.parked->detail : "")});
}

int print_order(Context& context, const std::string& n, bool with_deliveries) {
    const auto opened = open(context, n);
    if (!opened) return context.failed(opened.error());
    if (context.format() == report::Format::json) {
        print_json(context, *opened);
        return report::done;
    }
    context.reporter().text(heading(*opened));
    if (!with_deliveries) return report::done;
    for (const auto& delivery : opened->view.deliveries)
        context.reporter().row("shipment", short_cells(delivery, *opened->order.connection));
    context.reporter().end_rows("");
    return report::done;
}

} // namespace

int list_shipments(Context& context) {
    const auto since = since_of(context);
    if (!since) return context.failed(since.error());
    return list_rows(
        context, "shipments",
        *since ? "nothing was sent since then" : "nothing was sent yet: blongo books when the warehouse presses Send",
        [&](const auto&, const auto& connection, const auto& runtime) -> Result<void> {
            BLONGO_TRY(const auto views, sync::list_shipments(connection, *since, rows_listed, runtime));
            for (const auto& view : views)
                context.reporter().row("shipment", context.format() == report::Format::text ? short_cells(view, connection)
                                                                                            : cells_of(view, connection));
            return {};
        });
}

int show_shipment(Context& context, const std::string& n) {
    return print_order(context, n, true);
}

int explain_shipment(Context& context, const std::string& n) {
    return print_order(context, n, false);
}

int write_label(Context& context, const std::string& n, const std::string& out, bool print) {
    const auto order = find_one_order(context, n);
    if (!order) return context.failed(order.error());
    const config::Connection& connection = *order->connection;
    const auto config = context.config();
    const auto runtime = context.runtime();
    if (!runtime) return context.failed(runtime.error());
    const auto files = sync::label_files(**config, connection, order->found.order_id, *runtime);
    if (!files) return context.failed(files.error(), connection.name);
    std::size_t index = 0;
    for (const auto& file : *files) {
        ++index;
        std::string path = out.empty() ? file.name : out;
        if (!out.empty() && index > 1) path += fmt::format("-{}", index);
        // A label is a person's address: printing leaves no copy behind.
        const bool keep_file = !print || !out.empty() || file.stored.empty();
        if (keep_file) {
            if (const auto written = write_private_file(path, file.bytes); !written) return context.failed(written.error());
        }
        if (print) {
            if (const auto printed = sync::print_file(connection, file.stored.empty() ? path : file.stored); !printed)
                return context.failed(printed.error(), connection.name);
        }
        const std::string shown = keep_file ? path : file.name;
        if (context.format() == report::Format::text)
            context.reporter().text(fmt::format("{} ({} bytes){}", shown, file.bytes.size(), print ? ", printed" : ""));
        else
            context.reporter().row("label", {text_cell("connection", connection.name),
                                             text_cell("key", fmt::to_string(order->found.order_id)), text_cell("file", shown),
                                             number_cell("bytes", static_cast<std::int64_t>(file.bytes.size())),
                                             truth_cell("printed", print)});
    }
    return report::done;
}

} // namespace blongo::app
