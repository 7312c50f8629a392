// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/orders.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/sync/order_backfill.hpp>
#include <blongo/sync/order_settings.hpp>
#include <blongo/sync/order_sources.hpp>
#include <blongo/sync/order_writer.hpp>

namespace blongo::sync {

namespace {

struct Range {
    std::optional<Timestamp> from, to;
};

/// What a run does besides, or instead of, taking what is new.
struct Asked {
    std::optional<Range> backfill;
    std::optional<SentAnew> anew;
};

/// The named orders as BaseLinker ids. Anything else was resolved by the command line already.
Result<std::vector<BaseOrderId>> ids_of(const std::vector<std::string>& orders) {
    std::vector<BaseOrderId> out;
    for (const auto& text : orders) {
        const auto id = parse_id(text);
        if (!id) return fail(ErrorKind::usage, fmt::format("{} is not a BaseLinker order id", text), {}, "blongo find " + text);
        out.emplace_back(*id);
    }
    return out;
}

Result<void> require_found(const std::vector<BaseOrderId>& ids, const std::vector<baselinker::Order>& orders) {
    for (const auto& id : ids) {
        const auto same = [&](const auto& order) { return order.order_id == id; };
        if (std::none_of(orders.begin(), orders.end(), same))
            return fail(ErrorKind::not_found, fmt::format("BaseLinker has no order {}", id), {},
                        "deleted, merged into another one, or of another account");
    }
    return {};
}

Result<void> run_steps(Flow& flow, const Asked& asked) {
    Session& session = flow.session();
    const auto& settings = session.connection().orders;
    BLONGO_TRY(const auto statuses, resolve_order_statuses(session));
    BLONGO_TRY(const auto named, ids_of(flow.options().orders));
    const auto rules = admission_rules(settings, statuses);

    BackfilledOrders backfilled(flow);
    BLONGO_CHECK(backfilled.load());
    if (asked.anew) backfilled.do_only_anew();
    OrderSources sources(flow, statuses, settings.start_from.value_or(session.runtime().clock.now()), backfilled.waiting());
    OrderWriter writer(flow, statuses, rules, backfilled, sources);
    const auto& backfill = asked.backfill;
    if (backfill) writer.lift_cutover();
    BLONGO_CHECK(writer.recover());
    const bool all = named.empty() && !backfill;
    if (!named.empty()) {
        BLONGO_CHECK(sources.read_named(named));
    } else if (backfill) {
        BLONGO_CHECK(
            sources.read_range(backfill->from.value_or(Timestamp{}), backfill->to.value_or(session.runtime().clock.now())));
    } else {
        BLONGO_CHECK(writer.poll_warehouse());
        BLONGO_CHECK(sources.read());
    }
    BLONGO_CHECK(require_found(named, sources.orders()));
    if (asked.anew)
        for (const auto& id : named) BLONGO_CHECK(backfilled.ask_anew(id, *asked.anew));
    for (const auto& bad : sources.bad()) BLONGO_CHECK(writer.park_unreadable(bad));
    BLONGO_CHECK(writer.process(std::move(sources.orders()), sources.read_at()));
    BLONGO_CHECK(writer.finish(sources.read_at()));
    if (all && flow.summary().complete) {
        BLONGO_CHECK(writer.commit());
        BLONGO_CHECK(sources.commit());
    }

    BLONGO_CHECK(writer.preflight().finish());
    flow.summary().before_cutover = writer.before_cutover();
    flow.summary().delayed = writer.delayed();
    return {};
}

report::Summary run(const config::Config& config, const config::Connection& connection, FlowOptions options, const Asked& asked,
                    const Runtime& runtime) {
    options.explicit_objects = !options.orders.empty();
    auto session = Session::open(config, connection, state::BudgetClass::orders, options.dry_run, runtime);
    if (!session) return failed_summary(connection.name, "orders", options, session.error());
    Flow flow(**session, "orders", options);
    if (const auto begun = flow.begin(); !begun) return failed_summary(connection.name, "orders", options, begun.error());
    return flow.finish(run_steps(flow, asked));
}

} // namespace

report::Summary run_orders(const config::Config& config, const config::Connection& connection, const FlowOptions& options,
                           const Runtime& runtime) {
    return run(config, connection, options, {}, runtime);
}

report::Summary backfill_orders(const config::Config& config, const config::Connection& connection, std::optional<Timestamp> from,
                                std::optional<Timestamp> to, const FlowOptions& options, const Runtime& runtime) {
    return run(config, connection, options, {.backfill = Range{from, to}, .anew = {}}, runtime);
}

report::Summary reimport_orders(const config::Config& config, const config::Connection& connection, const SentAnew& what,
                                const FlowOptions& options, const Runtime& runtime) {
    return run(config, connection, options, {.backfill = {}, .anew = what}, runtime);
}

} // namespace blongo::sync
