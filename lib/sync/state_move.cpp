// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/state_move.hpp>

#include <fmt/format.h>

#include <blongo/state/intents.hpp>
#include <blongo/sync/claim_life.hpp>
#include <blongo/sync/state_access.hpp>

namespace blongo::sync {

std::string label_dir_of(const config::Config& config, const state::ConnectionRow& row) {
    for (const auto& connection : config.connections)
        if (identity_of(connection) == row.identity) return connection.shipments.label_dir;
    const config::Connection* renamed = config.find(row.name);
    return renamed == nullptr ? std::string{} : renamed->shipments.label_dir;
}

Result<std::optional<std::string>> worker_of(state::Store& store, state::ConnectionKey connection) {
    // A claim on work names no time-out of a call: its process is asked for, not the clock.
    constexpr std::chrono::minutes longest_work{10};
    BLONGO_TRY(const auto claims, state::Intents(store, connection).unsettled());
    BLONGO_TRY(const Timestamp now, store.now());
    for (const auto& claim : claims)
        if (claim.state == state::IntentState::open && may_be_alive(claim, now, longest_work))
            return fmt::format("process {} on {}", claim.pid, claim.host);
    return std::nullopt;
}

Result<state::MoveReport> move_state(const config::Config& config, const std::string& to, const Runtime& runtime) {
    state::MoveRequest request;
    request.from = request.to = state_options(runtime, state::Access::read_write);
    request.to.url = to;
    request.wait = runtime.lock_wait;
    request.stop = &runtime.stop;
    request.label_dir = [&](const state::ConnectionRow& row) { return label_dir_of(config, row); };
    request.at_work = [](state::Store& store) -> Result<std::optional<std::string>> {
        BLONGO_TRY(const auto rows, state::Connections(store).list());
        for (const auto& row : rows) {
            BLONGO_TRY(auto worker, worker_of(store, row.key));
            if (worker) return worker;
        }
        return std::nullopt;
    };
    auto moved = state::move_state(request);
    if (!moved && moved.error().kind == ErrorKind::locked) {
        Error busy = moved.error();
        busy.remedy = "wait for it to end, give more time with --wait, or stop that process";
        return fail(std::move(busy));
    }
    return moved;
}

} // namespace blongo::sync
