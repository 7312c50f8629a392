// SPDX-License-Identifier: Apache-2.0
#include "order_view.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <system_error>

#include <unistd.h>

#include <fmt/format.h>

#include <blongo/base/mapping_targets.hpp>
#include <blongo/base/text.hpp>
#include <blongo/report/causes.hpp>
#include <blongo/report/exit_code.hpp>
#include <blongo/sync/personal_mask.hpp>
#include <blongo/sync/shipments.hpp>

#include "audit.hpp"
#include "rows.hpp"
#include "run_flow.hpp"

namespace blongo::app {
namespace {

struct Opened {
    NamedOrder order;
    sync::OrderView view;
    std::optional<sync::OrderShipments> shipments; ///< of an order that was sent, or whose sending is kept by something
};

Result<Opened> open(Context& context, const std::string& n) {
    BLONGO_TRY(const auto order, find_one_order(context, n));
    BLONGO_TRY(const auto config, context.config());
    BLONGO_TRY(const auto runtime, context.runtime());
    BLONGO_TRY(auto view, sync::show_order(*config, *order.connection, order.found.order_id, runtime));
    Opened opened{order, std::move(view), {}};
    auto shipments = sync::show_shipments(*order.connection, order.found.order_id, runtime);
    if (!shipments && shipments.error().kind != ErrorKind::not_found) return fail(shipments.error());
    if (shipments && (!shipments->deliveries.empty() || shipments->parked || !shipments->unsettled.empty()))
        opened.shipments = std::move(*shipments);
    return opened;
}

std::string shipment_heading(const sync::OrderShipments& shipments, const std::string& zone) {
    std::string text = "\nshipment:   " + shipments.verdict;
    if (shipments.parked) {
        const auto cause = report::describe_cause(shipments.parked->cause, shipments.parked->key);
        text = fmt::format("\nshipment:   parked, {} since {}: {}\n            {}", shipments.parked->cause,
                           format_local(shipments.parked->since, zone), shipments.parked->detail, report::who_acts(cause, ""));
    }
    for (const auto& sentence : shipments.unsettled) text += "\nunknown:    " + sentence;
    return text;
}

std::string heading(const Opened& opened) {
    const auto& view = opened.view;
    const std::string& zone = opened.order.connection->time_zone;
    std::string text = fmt::format("order {} of {}: {}\n", view.order_id, opened.order.connection->name, view.verdict);
    text += view.in_baselinker ? "BaseLinker: status " + view.base_status : "BaseLinker: not there";
    text += view.in_ongoing ? fmt::format("\nOngoing:    {}, status {}", view.ongoing_number, view.ongoing_status)
                            : "\nOngoing:    not there";
    if (view.ledger)
        text += fmt::format("\nblongo:     {} {}", view.ledger->adopted ? "adopted" : "imported",
                            format_local(view.ledger->imported_at, zone));
    if (!view.will_fail.empty()) text += "\nwill fail:  at Send: " + view.will_fail;
    if (view.hold) {
        const auto& hold = *view.hold;
        text += fmt::format("\non hold:    since {}, by {}{}{}", format_local(hold.since, zone), hold.who,
                            hold.reason.empty() ? "" : ": ", hold.reason);
        text += fmt::format("\n            blongo orders unhold {} releases it", view.order_id);
    }
    if (view.parked && !(view.hold && view.parked->cause == "on_hold")) {
        const auto cause = report::describe_cause(view.parked->cause, view.parked->key);
        text += fmt::format("\nparked:     {} since {}: {}", view.parked->cause, format_local(view.parked->since, zone),
                            view.parked->detail);
        text += fmt::format("\n            {} acts: {}", cause.owner, cause.remedy);
    }
    for (const auto& sentence : view.unsettled) text += "\nunknown:    " + sentence;
    if (opened.shipments) text += shipment_heading(*opened.shipments, zone);
    return text + "\n";
}

/// Fields of BaseLinker's order that are about the buyer and not to be shown.
bool is_about_buyer(std::string_view source) {
    if (witness().personal) return false;
    if (constexpr std::string_view of_order = "order."; source.starts_with(of_order)) source.remove_prefix(of_order.size());
    return !source.starts_with("delivery_point") && sync::is_buyer_field(source);
}

/// A template may carry the buyer's data into any member.
std::string masked_value(const sync::OrderView::Line& line, const std::string& value) {
    const auto about_buyer = [](const auto& read) { return is_about_buyer(read.first); };
    const bool carried = std::ranges::any_of(line.reads, about_buyer);
    return carried && !value.empty() ? "***" : masked(line.target, value);
}

/// user_comments = "***", extra_field_1 = "A7"
std::string reads_of(const sync::OrderView::Line& line) {
    std::string text;
    for (const auto& [name, value] : line.reads) {
        const bool hidden = is_about_buyer(name) && !value.empty();
        text += fmt::format("{}{} = \"{}\"", text.empty() ? "" : ", ", name,
                            hidden                   ? "***"
                            : name == default_source ? masked(line.target, value)
                                                     : value);
    }
    return text;
}

void print_json(Context& context, const Opened& opened) {
    const auto& view = opened.view;
    json::Value members = json::Value::array();
    for (const auto& line : view.members)
        members.push_back(json::Value::object()
                              .set("target", line.target)
                              .set("source", line.source)
                              .set("baselinker", masked_value(line, line.baselinker))
                              .set("ongoing", masked_value(line, line.ongoing))
                              .set("verdict", line.verdict)
                              .set("mapping", line.own ? "own" : "default")
                              .set("reads", reads_of(line))
                              .set("default", masked_value(line, line.by_default)));
    const std::string& zone = opened.order.connection->time_zone;
    const auto& shipments = opened.shipments;
    const bool parked = shipments && shipments->parked;
    context.reporter().row("order",
                           {text_cell("connection", opened.order.connection->name),
                            text_cell("key", fmt::to_string(view.order_id)),
                            text_cell("order_number", view.ongoing_number),
                            text_cell("verdict", view.verdict),
                            truth_cell("in_baselinker", view.in_baselinker),
                            truth_cell("in_ongoing", view.in_ongoing),
                            text_cell("base_status", view.base_status),
                            text_cell("ongoing_status", view.ongoing_status),
                            text_cell("cause", view.parked ? view.parked->cause : ""),
                            text_cell("detail", view.parked ? view.parked->detail : ""),
                            text_cell("will_fail_at_send", view.will_fail),
                            time_cell("on_hold", view.hold ? std::optional{view.hold->since} : std::nullopt, zone),
                            text_cell("hold_by", view.hold ? view.hold->who : ""),
                            text_cell("hold_reason", view.hold ? view.hold->reason : ""),
                            time_cell("imported", view.ledger ? std::optional{view.ledger->imported_at} : std::nullopt, zone),
                            list_cell("unknown", view.unsettled),
                            {"members", "", members},
                            text_cell("shipment", shipments ? shipments->verdict : ""),
                            text_cell("shipment_cause", parked ? shipments->parked->cause : ""),
                            text_cell("shipment_detail", parked ? shipments->parked->detail : ""),
                            list_cell("shipment_unknown", shipments ? shipments->unsettled : std::vector<std::string>{})});
}

} // namespace

std::string masked(const std::string& target, const std::string& value) {
    if (witness().personal) return value;
    const bool personal = target.starts_with("consignee") || target.find("Notification") != std::string::npos ||
                          target == "orderRemark" || target == "warehouseInstruction";
    const bool plain = target.ends_with("ountryCode") || target.ends_with("customerNumber") || value.empty();
    return personal && !plain ? "***" : value;
}

Result<std::vector<NamedOrder>> find_orders(Context& context, const std::string& n) {
    BLONGO_TRY(const auto connections, context.connections());
    BLONGO_TRY(const auto config, context.config());
    BLONGO_TRY(const auto runtime, context.runtime());
    std::vector<NamedOrder> out;
    std::optional<Error> trouble; // of one connection: it matters where no other one knows the order
    for (const config::Connection* connection : connections) {
        if (!is_usable(context, *connection, "orders")) {
            trouble = make_error(ErrorKind::config, fmt::format("{} was not looked for in {}", n, connection->name), {},
                                 "blongo config check shows what is wrong there");
            continue;
        }
        auto found = sync::find_order(*config, *connection, n, runtime);
        if (!found) {
            if (connections.size() == 1) return fail(found.error());
            context.reporter().problem(connection->name, found.error());
            trouble = found.error();
            continue;
        }
        for (auto& order : *found) out.push_back({connection, std::move(order)});
    }
    if (out.empty() && trouble) return fail(*trouble);
    return out;
}

Result<NamedOrder> find_one_order(Context& context, const std::string& n) {
    BLONGO_TRY(auto found, find_orders(context, n));
    if (found.empty())
        return fail(ErrorKind::not_found, fmt::format("no order is known as {}", n), {},
                    "give a BaseLinker order id, an Ongoing order number, a marketplace number, or # and an Ongoing id");
    if (found.size() > 1) {
        std::string candidates;
        for (const auto& order : found)
            candidates += fmt::format("{}{} of {}", candidates.empty() ? "" : ", ", order.found.order_id, order.connection->name);
        return fail(ErrorKind::usage, fmt::format("{} may be any of: {}", n, candidates), {},
                    "give the BaseLinker order id, and -C for the connection");
    }
    return std::move(found.front());
}

Result<std::vector<std::string>> ids_in_one_connection(Context& context, const std::vector<std::string>& names,
                                                       const config::Connection*& connection) {
    std::vector<std::string> ids;
    for (const auto& n : names) {
        BLONGO_TRY(const auto order, find_one_order(context, n));
        if (connection != nullptr && connection != order.connection)
            return fail(ErrorKind::usage, "these orders are of different connections", {}, "name one connection with -C");
        connection = order.connection;
        ids.push_back(fmt::to_string(order.found.order_id));
    }
    return ids;
}

namespace {

Result<std::string> read_standard_input(const StopToken& stop) {
    constexpr std::size_t longest = 1 << 20;
    std::string text;
    std::array<char, 4096> buffer{};
    for (;;) {
        const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (got == 0) return text;
        if (got < 0 && errno == EINTR && !stop.requested()) continue;
        if (got < 0)
            return fail(ErrorKind::usage,
                        fmt::format("standard input cannot be read: {}", std::generic_category().message(errno)), {}, {});
        text.append(buffer.data(), static_cast<std::size_t>(got));
        if (text.size() > longest) return fail(ErrorKind::usage, "standard input is too long for a list of objects", {}, {});
    }
}

} // namespace

Result<std::vector<std::string>> with_standard_input(Context& context, const std::vector<std::string>& names) {
    std::vector<std::string> out;
    for (const auto& name : names) {
        if (name != "-") {
            out.push_back(name);
            continue;
        }
        BLONGO_TRY(const std::string text, read_standard_input(context.process().stop));
        for (const std::string& line : split(text, '\n'))
            for (const std::string& word : split(line, ' '))
                if (!trim(word).empty()) out.emplace_back(trim(word));
    }
    return out;
}

int for_each_name(Context& context, const std::vector<std::string>& names, const NamedAction& what) {
    const auto all = with_standard_input(context, names);
    if (!all) return context.failed(all.error());
    int code = report::done;
    for (const auto& name : *all) code = report::stronger(code, what(context, name));
    return code;
}

Command& add_named(Command& group, const std::string& name, const std::string& summary, unsigned takes,
                   const std::string& argument, const std::string& help, const NamedAction& what) {
    auto names = std::make_shared<std::vector<std::string>>();
    Command& command =
        group.command(name, summary, takes, [names, what](Context& context) { return for_each_name(context, *names, what); });
    command.add(positional(argument, help, true, *names));
    return command;
}

namespace {

/// How much of an order people are shown. JSON is the same for all: everything.
enum class Shown : std::uint8_t { heading, members, templates };

int print_order(Context& context, const std::string& n, Shown what) {
    const auto opened = open(context, n);
    if (!opened) return context.failed(opened.error());
    if (context.format() == report::Format::json) {
        print_json(context, *opened);
        return report::done;
    }
    context.reporter().text(heading(*opened));
    if (what == Shown::heading) return report::done;
    for (const auto& line : opened->view.members) {
        if (line.verdict == "empty" && !line.own) continue;
        std::vector<Cell> cells = {text_cell("target", line.target), text_cell("source", line.source)};
        if (what == Shown::templates) {
            cells.push_back(text_cell("reads", reads_of(line)));
            cells.push_back(text_cell("default", masked_value(line, line.by_default)));
        }
        cells.push_back(text_cell("baselinker", masked_value(line, line.baselinker)));
        cells.push_back(text_cell("ongoing", masked_value(line, line.ongoing)));
        cells.push_back(text_cell("verdict", line.verdict));
        context.reporter().row("order", cells);
    }
    context.reporter().end_rows("");
    return report::done;
}

} // namespace

int show_order(Context& context, const std::string& n) {
    return print_order(context, n, Shown::members);
}
int explain_order(Context& context, const std::string& n) {
    return print_order(context, n, Shown::heading);
}
int test_order_mapping(Context& context, const std::string& n) {
    return print_order(context, n, Shown::templates);
}

} // namespace blongo::app
