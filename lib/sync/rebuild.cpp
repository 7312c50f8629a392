// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/rebuild.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/state/belongings.hpp>
#include <blongo/sync/check_parts.hpp>
#include <blongo/sync/rebuild_parts.hpp>
#include <blongo/sync/state_access.hpp>

namespace blongo::sync {

namespace {

const std::string begun_cursor = "state.rebuild"; ///< there while a rebuild has not ended

/// One part with a frame like that of a run.
template <class Part> report::Summary learn(Session& session, const std::string& flow_name, Part&& part) {
    FlowOptions options;
    options.learns = true;
    Flow flow(session, flow_name, options);
    if (const auto begun = flow.begin(); !begun)
        return failed_summary(session.connection().name, flow_name, options, begun.error());
    return flow.finish(part(flow));
}

} // namespace

Result<void> may_rebuild(const std::vector<const config::Connection*>& connections, const Runtime& runtime) {
    BLONGO_TRY(const auto store, state::Store::open(state_options(runtime, state::Access::read_only)));
    BLONGO_TRY(const auto rows, state::Connections(*store).list());
    for (const auto& row : rows) {
        const bool meant = std::ranges::any_of(
            connections, [&](const auto* one) { return one->name == row.name || identity_of(*one) == row.identity; });
        if (!meant) continue;
        BLONGO_TRY(const auto begun, state::Cursors(*store, row.key).get(begun_cursor));
        if (begun) continue;
        BLONGO_TRY(const auto held, state::belongings_of(*store, row.key));
        if (held.counts.empty()) continue;
        return fail(ErrorKind::guard,
                    fmt::format("the state is not lost: it holds {} {} of {}", held.counts.front().rows,
                                held.counts.front().words, row.name),
                    store->place(),
                    "look at it with blongo state check; a damaged one: stop all runs, and move its file away first");
    }
    return {};
}

void rebuild(const config::Config& config, const config::Connection& connection, std::optional<Timestamp> since,
             const Runtime& runtime, const std::function<void(const report::Summary&)>& told) {
    const auto session = open_learning_session(config, connection, runtime);
    if (!session) return told(failed_summary(connection.name, "orders", {}, session.error()));
    state::Cursors cursors((*session)->store(), (*session)->key());
    const Timestamp now = runtime.clock.now();
    if (const auto begun = cursors.set(begun_cursor, format_utc(now)); !begun)
        return told(failed_summary(connection.name, "orders", {}, begun.error()));
    const Timestamp looks_back = now - check_looks_back;
    const Timestamp from = since.value_or(std::max(connection.orders.start_from.value_or(looks_back), looks_back));
    bool whole = true;
    const auto tell = [&](const report::Summary& summary) {
        whole = whole && summary.errors.empty() && !runtime.stop.requested();
        told(summary);
    };
    if (connection.articles.enabled) tell(learn(**session, "articles", [](Flow& flow) { return learn_articles(flow); }));
    if (whole && connection.orders.enabled)
        tell(learn(**session, "orders", [&](Flow& flow) { return learn_orders(flow, from); }));
    if (whole && connection.shipments.enabled)
        tell(learn(**session, "shipments", [&](Flow& flow) { return learn_shipments(flow, from); }));
    if (!whole) return;
    if (const auto ended = cursors.erase(begun_cursor); !ended)
        told(failed_summary(connection.name, "orders", {}, ended.error()));
}

} // namespace blongo::sync
