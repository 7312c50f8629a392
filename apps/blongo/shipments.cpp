// SPDX-License-Identifier: Apache-2.0
#include "shipments.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <set>
#include <thread>

#include <fmt/format.h>

#include <blongo/report/exit_code.hpp>
#include <blongo/state/moves.hpp>
#include <blongo/sync/connections.hpp>

#include "after_run.hpp"
#include "commands.hpp"
#include "files.hpp"
#include "rows.hpp"
#include "run_flow.hpp"

namespace blongo::app {
namespace {

constexpr Milliseconds named_wait{150'000}; ///< flows.md Shipments 4
constexpr Milliseconds default_pause{5'000};
constexpr Milliseconds notices_a_move{1'000}; ///< how soon a watch ends after its state has moved
constexpr int shortest_part = 5;              ///< of --every: how long a watch rests at least
const char* const n_help = "BaseLinker order id, Ongoing order number, marketplace number, tracking number, or #Ongoing id";

/// The connection that an Ongoing id belongs to: the one that knows the order, else the only one there is.
Result<const config::Connection*> connection_of(Context& context, std::int64_t ongoing_order) {
    const auto found = find_one_order(context, fmt::format("#{}", ongoing_order));
    if (found) return found->connection;
    BLONGO_TRY(const auto connections, context.connections());
    if (connections.size() == 1) return connections.front();
    return fail(ErrorKind::usage, fmt::format("no connection knows the Ongoing order {}", ongoing_order), {},
                "name the connection with -C");
}

int run_named(Context& context, const config::Connection& connection, sync::SendOptions options) {
    if (const int refused = refusal(context, connection, "shipments"); refused != report::done) return refused;
    if (!options.flow.dry_run) options.flow.dry_run = plans_only(context, connection, options.flow.orders);
    return run_and_report(context, connection, [&](const auto& config, const auto& runtime) {
        return sync::send_shipments(config, connection, options, runtime);
    });
}

/// Runs the flow for all selected connections, or for the one whose orders are named.
int run_send(Context& context, const SendArguments& arguments) {
    auto options = send_options(context, arguments);
    if (!options) return context.failed(options.error());
    const config::Connection* connection = nullptr;
    std::vector<std::string> names = arguments.orders;
    names.insert(names.end(), context.common().orders.begin(), context.common().orders.end());
    if (arguments.ongoing_order != 0) {
        const auto of_order = connection_of(context, arguments.ongoing_order);
        if (!of_order) return context.failed(of_order.error());
        connection = *of_order;
        options->ongoing_orders.emplace_back(arguments.ongoing_order);
    }
    auto ids = ids_in_one_connection(context, names, connection);
    if (!ids) return context.failed(ids.error());
    options->flow.orders = std::move(*ids);
    if (connection != nullptr) return run_named(context, *connection, *options);
    const bool for_one =
        !options->wishes.parcels.empty() || options->wishes.cod || options->wishes.force_old || options->wishes.reprint;
    if (for_one)
        return context.failed(make_error(ErrorKind::usage, "--parcel, --cod, --force-old and --reprint need an order", {},
                                         "blongo shipments send N ..."));
    if (options->allow_many) {
        const auto only = only_connection(context, "--allow-many lifts a brake and needs exactly one connection");
        if (!only) return context.failed(only.error());
        return run_named(context, **only, *options);
    }
    return run_flow(context, *find_flow("shipments"), options->flow);
}

struct WatchArguments {
    std::optional<Milliseconds> every;
};

/// Whether a person paused the connection: said when it begins, changes and ends. Nobody knows: looked at again. `moved`:
/// the state is somewhere else now.
bool watch_is_paused(Context& context, const config::Connection& connection, sync::ShipmentWatch& watch, std::string& told,
                     std::atomic<bool>& moved) {
    const auto pause = watch.pause();
    if (!pause) {
        moved = moved || state::is_moved(pause.error());
        context.reporter().problem(connection.name, pause.error());
        return true;
    }
    const std::string words = *pause ? sync::pause_words(**pause, connection.time_zone) : std::string{};
    if (words == told) return !words.empty();
    told = words;
    if (!words.empty())
        pass_over(context, connection, words);
    else
        context.reporter().warning(connection.name, "no longer paused");
    return !words.empty();
}

/// All looks at one connection. Whatever goes wrong is reported, and looked at again after the pause.
void watch_connection(Context& context, const config::Config& config, const config::Connection& connection,
                      const sync::Runtime& runtime, Milliseconds pause, std::atomic<bool>& moved) {
    auto& process = context.process();
    const auto ends = context.common().max_duration;
    const Milliseconds begun = process.clock.boot_time();
    sync::ShipmentWatch watch(config, connection, runtime);
    std::string told; // of a pause
    while (!moved && !process.stop.requested() && (!ends || process.clock.boot_time() - begun < *ends)) {
        const Milliseconds looked = process.clock.boot_time();
        bool failed = true;
        try {
            if (watch_is_paused(context, connection, watch, told, moved)) {
                (void)process.clock.sleep(pause, process.stop);
                continue;
            }
            const auto summary = watch.look();
            failed = !summary.errors.empty();
            for (const Error& error : summary.errors) {
                moved = moved || state::is_moved(error);
                if (error.kind != ErrorKind::stopped) report_failure(context, connection, "shipments", error);
            }
            context.quiet().end(connection.name, "shipments", summary.complete && !failed);
            const bool did_something = summary.created + summary.adopted + summary.updated + summary.cancelled +
                                           summary.newly_parked + summary.rejected >
                                       0;
            if (did_something) context.reporter().summary(summary);
        } catch (const std::exception& error) {
            context.reporter().problem(connection.name,
                                       make_error(ErrorKind::internal, fmt::format("unexpected failure: {}", error.what()), {},
                                                  "this is a bug in blongo: please report it"));
        }
        // From look to look: what was sent while labels were made has waited already.
        const Milliseconds spent = process.clock.boot_time() - looked;
        const Milliseconds rest = failed ? pause : std::max(pause - spent, pause / shortest_part);
        (void)process.clock.sleep(rest, process.stop);
    }
}

/// Looks at every connection, all day, each in a thread of its own: a blocked token, a brake or retries of one hold up no
/// other.
int run_watch(Context& context, const WatchArguments& arguments) {
    const auto selected = select_connections(context);
    if (!selected) return context.failed(selected.error());
    const auto& [connections, config, runtime] = *selected;
    std::vector<const config::Connection*> watched;
    for (const config::Connection* connection : connections) {
        if (!connection->enabled || !connection->shipments.enabled || connection->mode == "plan") continue;
        if (is_usable(context, *connection, "shipments")) watched.push_back(connection);
    }
    if (watched.empty())
        return context.failed(make_error(ErrorKind::config, "no connection has shipments enabled and live", {},
                                         "set mode = \"live\" and shipments.enabled = true"));
    const Milliseconds pause = arguments.every.value_or(default_pause);
    std::atomic<bool> moved{false}; // of the state: each thread of it ends then, and so does the command
    std::vector<std::jthread> threads;
    if (context.common().quiet)
        for (const config::Connection* connection : watched) context.quiet().begin(connection->name, "shipments");
    for (const config::Connection* connection : watched)
        threads.emplace_back([&, connection] { watch_connection(context, *config, *connection, runtime, pause, moved); });
    std::set<std::string> names;
    for (const config::Connection* connection : watched) names.insert(connection->name);
    const auto ends = context.common().max_duration;
    const Milliseconds begun = context.process().clock.boot_time();
    bool written = true, notified = true;
    Milliseconds tell_at = begun;
    while (!moved && !context.process().stop.requested() && (!ends || context.process().clock.boot_time() - begun < *ends)) {
        if (context.process().clock.boot_time() >= tell_at) {
            written = write_metrics(context, !written);
            notified = tell_problems(context, names, !notified);
            tell_quiet(context);
            tell_at = context.process().clock.boot_time() + told_every;
        }
        const Milliseconds left = ends ? begun + *ends - context.process().clock.boot_time() : told_every;
        (void)context.process().clock.sleep(std::min({left, told_every, notices_a_move}), context.process().stop);
    }
    threads.clear(); // waits for all
    if (moved) return report::misused;
    (void)write_metrics(context, !written);
    (void)tell_problems(context, names, !notified);
    return report::done;
}

/// One action on one order: -n when the connection's mode is "plan", and its summary.
using ShipmentAction =
    std::function<report::Summary(const config::Config&, const NamedOrder&, const sync::FlowOptions&, const sync::Runtime&)>;
int act_on_order(Context& context, const std::string& n, const ShipmentAction& action) {
    const auto order = find_one_order(context, n);
    if (!order) return context.failed(order.error());
    const config::Connection& connection = *order->connection;
    if (const int refused = refusal(context, connection, "shipments"); refused != report::done) return refused;
    auto options = flow_options(context.common());
    if (!options.dry_run) options.dry_run = plans_only(context, connection, {fmt::to_string(order->found.order_id)});
    return run_and_report(context, connection,
                          [&](const auto& config, const auto& runtime) { return action(config, *order, options, runtime); });
}

struct ManifestArguments {
    std::string courier, out, day, from, to;
    std::vector<std::string> fields;
};

int run_manifest(Context& context, const ManifestArguments& arguments) {
    const auto connection = only_connection(context, "this needs exactly one connection");
    if (!connection) return context.failed(connection.error());
    if (const int refused = refusal(context, **connection, "shipments"); refused != report::done) return refused;
    const auto config = context.config();
    const auto runtime = context.runtime();
    if (!runtime) return context.failed(runtime.error());
    const bool dry = context.common().dry_run || (*connection)->mode == "plan";
    const auto file_of = [&](const sync::Manifest& manifest) {
        return arguments.out.empty() ? manifest.name + "." + manifest.extension : arguments.out;
    };
    const auto save = [&](const sync::Manifest& manifest) { return write_private_file(file_of(manifest), manifest.bytes); };
    const auto manifest = sync::make_manifest(**config, **connection, arguments.courier, dry, save, *runtime);
    if (!manifest) return context.failed(manifest.error(), (*connection)->name);
    const std::string file = dry ? std::string{} : file_of(*manifest);
    const std::size_t count = manifest->package_ids.size();
    if (context.format() == report::Format::text) {
        context.reporter().text(fmt::format("{} package{} of {} {}", count, count == 1 ? "" : "s", arguments.courier,
                                            dry          ? "would be on the manifest"
                                            : count == 1 ? "is on " + file
                                                         : "are on " + file));
        return report::done;
    }
    json::Value ids = json::Value::array();
    for (const auto id : manifest->package_ids) ids.push_back(id);
    context.reporter().row("manifest", {text_cell("connection", (*connection)->name),
                                        text_cell("courier", arguments.courier),
                                        text_cell("file", file),
                                        {"package_ids", "", std::move(ids)}});
    return report::done;
}

int run_pickup(Context& context, const ManifestArguments& arguments) {
    const auto connection = only_connection(context, "this needs exactly one connection");
    if (!connection) return context.failed(connection.error());
    if (const int refused = refusal(context, **connection, "shipments"); refused != report::done) return refused;
    sync::PickupRequest request{arguments.courier, arguments.day, arguments.from, arguments.to, {}};
    for (const auto& field : arguments.fields) {
        const auto equals = field.find('=');
        if (equals == std::string::npos)
            return context.failed(make_error(ErrorKind::usage, fmt::format("'{}' is not ID=VALUE", field), "--field", {}));
        request.fields.emplace_back(field.substr(0, equals), field.substr(equals + 1));
    }
    if (request.day.empty()) request.day = local_date(context.process().clock.now(), (*connection)->time_zone);
    auto options = flow_options(context.common());
    options.dry_run = options.dry_run || (*connection)->mode == "plan";
    return run_and_report(context, **connection, [&](const auto& config, const auto& runtime) {
        return sync::order_pickup(config, **connection, request, options, runtime);
    });
}

void add_send_options(Command& command, const std::shared_ptr<SendArguments>& arguments, bool n_required) {
    command.add(positional("N", n_help, n_required, arguments->orders))
        .add(list("--parcel", "WEIGHT,LxWxH", "a parcel instead of what Ongoing says: 2.1kg,30x20x15 (kg, cm)",
                  arguments->parcels))
        .add(text("--cod", "AMOUNT", "what the courier collects, in the order's currency", arguments->cod));
}

} // namespace

Result<sync::SendOptions> send_options(const Context& context, const SendArguments& arguments) {
    sync::SendOptions out;
    out.flow = flow_options(context.common());
    out.flow.skus.clear();
    out.allow_many = arguments.allow_many;
    out.wait = context.common().lock_wait.value_or(named_wait);
    for (const auto& text : arguments.parcels) {
        BLONGO_TRY(auto parcel, sync::read_parcel(text));
        out.wishes.parcels.push_back(std::move(parcel));
    }
    if (!arguments.cod.empty()) {
        out.wishes.cod = Decimal::parse(arguments.cod);
        if (!out.wishes.cod || out.wishes.cod->is_negative())
            return fail(ErrorKind::usage, fmt::format("'{}' is no amount", arguments.cod), "--cod", "write it like 94.79");
    }
    out.wishes.force_old = arguments.force_old;
    out.wishes.reprint = arguments.reprint;
    out.wishes.event_id = arguments.event;
    out.wishes.workstation_id = arguments.print_workstation;
    out.wishes.user_id = arguments.print_user;
    // A webhook is no person: the same event, sent again, asks for nothing.
    out.wishes.by_hand = arguments.event == 0;
    return out;
}

int book_on_orders(Context& context, const std::vector<std::string>& names, const sync::SendOptions& send,
                   const BookingAction& action) {
    return for_each_name(context, names, [&](Context&, const std::string& n) {
        return act_on_order(context, n, [&](const auto& config, const auto& order, const auto& options, const auto& runtime) {
            sync::SendOptions wanted = send;
            wanted.flow = options;
            return action(config, *order.connection, order.found.order_id, wanted, runtime);
        });
    });
}

void add_shipments(Command& root) {
    Command& shipments = root.group("shipments", "Send in the warehouse: shipment in BaseLinker, label and tracking in Ongoing");
    const auto add_send = [](Command& group, const std::string& summary) {
        auto arguments = std::make_shared<SendArguments>();
        Command& send = group.command("send", summary, everywhere | writing | requesting | by_order,
                                      [arguments](Context& context) { return run_send(context, *arguments); });
        add_send_options(send, arguments, false);
        send.add(number("--ongoing-order", "ID", "the order with this id in Ongoing (webhook)", arguments->ongoing_order))
            .add(number("--event", "ID", "the webhook's event id: the same event again asks for nothing", arguments->event))
            .add(number("--print-workstation", "ID", "print at this workstation", arguments->print_workstation))
            .add(number("--print-user", "ID", "print for this user", arguments->print_user))
            .add(flag("--force-old", "book although the order, or its Send, is too old", arguments->force_old))
            .add(flag("--allow-many", "book more than max_bookings_at_once, this once", arguments->allow_many))
            .add(flag("--reprint", "print the label again", arguments->reprint))
            .details("Without N: every order that was Sent since the last run. With N: that order, at once; a label that is "
                     "not ready is waited for. No delivery is ever booked twice: a lost answer is settled by looking, and what "
                     "stays unknown waits for blongo unknown resolve. --dry-run shows rule, courier, parcels, cash on "
                     "delivery and where it would print.");
    };
    add_send(shipments, "Book what the warehouse sent, and bring label and tracking back");
    add_send(root, "Book one shipment now (short for shipments send)");

    auto watch = std::make_shared<WatchArguments>();
    shipments
        .command("watch", "Do the same all day, for all connections", everywhere | requesting,
                 [watch](Context& context) { return run_watch(context, *watch); })
        .add(duration("--every", "D", "how often Ongoing is asked (5s)", watch->every))
        .details("Ends on SIGTERM, after the current item. While nothing is due BaseLinker is not asked. A blocked token, a "
                 "brake or refused credentials of one connection are reported and passed over.");

    shipments.command("list", "List deliveries, newest first, without asking either side", everywhere | by_time, list_shipments)
        .prints_rows();
    const auto named = [&](Command& group, const std::string& name, const std::string& summary, unsigned takes,
                           const NamedAction& what) -> Command& {
        return add_named(group, name, summary, takes, "N", n_help, what);
    };
    named(shipments, "show", "Show the deliveries of one order", everywhere | requesting, show_shipment).prints_rows();
    named(shipments, "why", "Say whether an order was sent, or what keeps it and who acts", everywhere | requesting,
          explain_shipment);
    for (Command* group : {&shipments, &root}) {
        auto out = std::make_shared<std::string>();
        auto print = std::make_shared<bool>(false);
        Command& label = named(*group, "label",
                               group == &root ? "The label of one order (short for shipments label)"
                                              : "The label of one order, as a file or on a printer",
                               everywhere | requesting, [out, print](Context& context, const std::string& n) {
                                   return write_label(context, n, *out, *print);
                               });
        label.add(text("--out", "FILE", "write it here; default: its own name in this folder", *out))
            .add(flag("--print", "print it with print_command", *print));
    }
    named(shipments, "cancel", "Cancel a package at the courier, proven by looking", everywhere | writing | requesting,
          [](Context& context, const std::string& n) {
              return act_on_order(
                  context, n, [](const auto& config, const auto& order, const auto& options, const auto& runtime) {
                      return sync::cancel_shipment(config, *order.connection, order.found.order_id, 0, options, runtime);
                  });
          })
        .details("The courier may still charge for it, and its number was passed on. A new booking is possible afterwards: "
                 "blongo shipments send N.");
    const auto booking = [&](const std::string& name, const std::string& summary, auto action) {
        auto arguments = std::make_shared<SendArguments>();
        Command& command =
            shipments.command(name, summary, everywhere | writing | requesting, [arguments, action](Context& context) {
                const auto send = send_options(context, *arguments);
                if (!send) return context.failed(send.error());
                return book_on_orders(context, arguments->orders, *send, action);
            });
        add_send_options(command, arguments, true);
    };
    booking("rebook", "Cancel a package and book anew", &sync::rebook_shipment);
    booking("add", "Book one more package of an order", &sync::add_shipment);
    named(shipments, "refresh", "Ask for tracking numbers, pages and statuses of packages under way",
          everywhere | writing | requesting,
          [](Context& context, const std::string& n) {
              return act_on_order(
                  context, n, [](const auto& config, const auto& order, const auto& options, const auto& runtime) {
                      return sync::refresh_shipments(config, *order.connection, {order.found.order_id}, options, runtime);
                  });
          })
        .details("What Ongoing lost of them is put back: the label among the order's files, which prints nothing, and the "
                 "tracking. Labels of cancelled packages are taken away. Nothing is ever booked.");
    auto manifest = std::make_shared<ManifestArguments>();
    shipments
        .command("manifest", "The courier's protocol of today's packages, each on one only", everywhere | writing | requesting,
                 [manifest](Context& context) { return run_manifest(context, *manifest); })
        .add(required(text("--courier", "CODE", "the courier", manifest->courier)))
        .add(text("--out", "FILE", "write it here; default: its own name in this folder", manifest->out));
    auto pickup = std::make_shared<ManifestArguments>();
    shipments
        .command("pickup", "Order the courier for a day, once", everywhere | writing | requesting,
                 [pickup](Context& context) { return run_pickup(context, *pickup); })
        .add(required(text("--courier", "CODE", "the courier", pickup->courier)))
        .add(text("--day", "DATE", "2026-11-24; default: today", pickup->day))
        .add(text("--from", "TIME", "earliest, where the courier asks for it", pickup->from))
        .add(text("--to", "TIME", "latest, where the courier asks for it", pickup->to))
        .add(list("--field", "ID=VALUE", "another field of the courier's form", pickup->fields));
}

} // namespace blongo::app
