// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/connections.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/state/flow_names.hpp>
#include <blongo/state/intents.hpp>
#include <blongo/state/parked.hpp>
#include <blongo/sync/acting_person.hpp>
#include <blongo/sync/state_access.hpp>
#include <blongo/sync/state_move.hpp>
#include <blongo/sync/work_claim.hpp>

namespace blongo::sync {

namespace {

/// A claim on work names no time-out of a call: its process is asked for, not the clock.
constexpr std::chrono::minutes longest_work{10};

Result<ConnectionGate> read_gate(const config::Connection& connection, const Runtime& runtime, state::Access access) {
    BLONGO_TRY(const auto opened, open_state(connection, runtime, access));
    ConnectionGate gate{opened.key, std::nullopt};
    if (opened.key == 0) return gate;
    BLONGO_TRY(const Timestamp now, opened.store->now());
    BLONGO_TRY(gate.pause, state::Pauses(*opened.store, opened.key).at(now));
    return gate;
}

/// The rows of the name, and of the settings that the configuration gives it.
Result<std::vector<state::ConnectionRow>> rows_of(const config::Config& config, const std::string& name, state::Store& store) {
    const config::Connection* configured = config.find(name);
    BLONGO_TRY(auto rows, state::Connections(store).list());
    std::erase_if(rows, [&](const state::ConnectionRow& row) {
        return row.name != name && (configured == nullptr || row.identity != identity_of(*configured));
    });
    for (const auto& row : rows) {
        for (const auto& other : config.connections) {
            if (other.name == name || row.identity != identity_of(other)) continue;
            return fail(
                ErrorKind::guard,
                fmt::format("{} is the same account and goods owner as {}, which would lose its memory", name, other.name), name,
                fmt::format("take [connections.{}] out of the configuration first", other.name));
        }
    }
    if (!rows.empty()) return rows;
    return fail(ErrorKind::not_found, fmt::format("nothing is remembered of a connection {}", name), store.place(),
                "blongo connection list shows all");
}

/// Adds what one row has, and whether anything is at work for it.
Result<void> add_belongings(const state::ConnectionRow& row, state::Store& store, state::Locks& locks, Remembered& found) {
    found.keys.push_back(row.key);
    BLONGO_TRY(auto belongings, state::belongings_of(store, row.key));
    found.belongings.push_back(std::move(belongings));
    BLONGO_TRY(const auto writes, unsettled_writes(store, row.key));
    found.unsettled += static_cast<std::int64_t>(writes.size());
    for (const char* flow : state::all_flows) {
        BLONGO_TRY(auto holder, locks.holder(state::flow_lock_name(row.key, flow)));
        if (holder && !found.running) found.running = fmt::format("{}, {}", flow, *holder);
    }
    if (found.running) return {};
    BLONGO_TRY(found.running, worker_of(store, row.key));
    return {};
}

Result<Remembered> look_up(const config::Config& config, const std::string& name, state::Store& store, state::Locks& locks) {
    Remembered found;
    BLONGO_TRY(const auto rows, rows_of(config, name, store));
    for (const auto& row : rows) BLONGO_CHECK(add_belongings(row, store, locks, found));
    return found;
}

} // namespace

Result<ConnectionGate> gate_of(const config::Connection& connection, const Runtime& runtime) {
    return read_gate(connection, runtime, state::Access::read_only);
}

Result<ConnectionGate> gate_of_writer(const config::Connection& connection, const Runtime& runtime) {
    auto gate = gate_of(connection, runtime);
    if (gate || gate.error().kind != ErrorKind::state) return gate;
    return read_gate(connection, runtime, state::Access::read_write);
}

std::string pause_words(const state::PauseRow& pause, const std::string& zone) {
    std::string words = fmt::format("paused since {}, by {}", format_local(pause.since, zone), pause.who);
    if (pause.until) words += ", until " + format_local(*pause.until, zone);
    return pause.reason.empty() ? words : words + ": " + pause.reason;
}

Result<state::PauseRow> pause_connection(const config::Connection& connection, const std::string& reason,
                                         std::optional<Timestamp> until, const Runtime& runtime) {
    BLONGO_TRY(const auto opened, open_state(connection, runtime, state::Access::read_write));
    BLONGO_TRY(const Timestamp now, opened.store->now());
    if (until && *until <= now)
        return fail(ErrorKind::usage, format_local(*until, connection.time_zone) + " is over", "--until",
                    "give a time that lies ahead: 2h, 2026-11-24T18:00:00");
    const state::PauseRow pause{now, until, acting_person(runtime), reason};
    BLONGO_CHECK(state::Pauses(*opened.store, opened.key).put(pause));
    return pause;
}

Result<bool> resume_connection(const config::Connection& connection, const Runtime& runtime) {
    BLONGO_TRY(const auto opened, open_state(connection, runtime, state::Access::read_write));
    state::Pauses pauses(*opened.store, opened.key);
    BLONGO_TRY(const Timestamp now, opened.store->now());
    BLONGO_TRY(const auto pause, pauses.at(now));
    BLONGO_CHECK(pauses.end());
    return pause.has_value();
}

Result<ConnectionOverview> overview_of(const config::Connection& connection, const Runtime& runtime) {
    ConnectionOverview overview;
    BLONGO_TRY(const auto opened, open_state(connection, runtime, state::Access::read_only));
    if (opened.key == 0) return overview;
    BLONGO_TRY(const Timestamp now, opened.store->now());
    BLONGO_TRY(overview.pause, state::Pauses(*opened.store, opened.key).at(now));
    BLONGO_TRY(const auto parked, state::Parked(*opened.store, opened.key).list({}));
    overview.parked = static_cast<std::int64_t>(parked.size());
    BLONGO_TRY(const auto writes, unsettled_writes(*opened.store, opened.key));
    overview.unknown = std::count_if(writes.begin(), writes.end(),
                                     [](const state::IntentRow& write) { return write.state == state::IntentState::unknown; });
    state::Runs runs(*opened.store, opened.key);
    for (const char* flow : state::all_flows) {
        BLONGO_TRY(auto last, runs.list(flow, 1));
        if (last.empty() || (overview.last_run && overview.last_run->id > last.front().id)) continue;
        overview.last_run = std::move(last.front());
    }
    return overview;
}

Result<std::vector<std::string>> forgotten_connections(const config::Config& config, const Runtime& runtime) {
    BLONGO_TRY(const auto store, state::Store::open(state_options(runtime, state::Access::read_only)));
    BLONGO_TRY(const auto rows, state::Connections(*store).list());
    std::vector<std::string> names;
    for (const auto& row : rows) {
        const bool known = std::any_of(config.connections.begin(), config.connections.end(), [&](const auto& connection) {
            return connection.name == row.name || identity_of(connection) == row.identity;
        });
        if (!known && (names.empty() || names.back() != row.name)) names.push_back(row.name);
    }
    return names;
}

Result<Remembered> remembered_of(const config::Config& config, const std::string& name, const Runtime& runtime) {
    const auto options = state_options(runtime, state::Access::read_only);
    BLONGO_TRY(const auto store, state::Store::open(options));
    BLONGO_TRY(const auto locks, state::Locks::open(options));
    return look_up(config, name, *store, *locks);
}

Result<Remembered> erase_remembered(const config::Config& config, const std::string& name, const Runtime& runtime) {
    const auto options = state_options(runtime, state::Access::read_write);
    BLONGO_TRY(const auto store, state::Store::open(options));
    BLONGO_TRY(const auto locks, state::Locks::open(options));
    BLONGO_TRY(const auto rows, rows_of(config, name, *store));
    std::vector<std::unique_ptr<state::HeldLock>> held;
    for (const auto& row : rows) {
        for (const char* flow : state::all_flows) {
            BLONGO_TRY(auto lock, locks->take(state::flow_lock_name(row.key, flow), runtime.lock_wait, runtime.stop));
            held.push_back(std::move(lock));
        }
    }
    Remembered found;
    const config::Connection* configured = config.find(name);
    const auto erase = [&]() -> Result<void> {
        for (const auto& row : rows) {
            BLONGO_CHECK(add_belongings(row, *store, *locks, found));
            found.running.reset(); // the locks are ours
            BLONGO_TRY(const auto worker, worker_of(*store, row.key));
            if (worker)
                return fail(ErrorKind::locked, fmt::format("{} works for {}", *worker, name), {},
                            "wait for it to end, or stop that process");
        }
        if (found.unsettled > 0) return {};
        for (const auto& row : rows) BLONGO_CHECK(state::erase_connection(*store, row.key));
        return {};
    };
    BLONGO_CHECK(store->in_transaction(erase));
    if (found.unsettled > 0) return found;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::string label_dir = configured != nullptr ? configured->shipments.label_dir : std::string{};
        BLONGO_TRY(const auto files, state::erase_label_files(state::label_folder(*store, rows[i].key, label_dir)));
        found.label_files += files;
        if (!store->is_postgresql() && files < found.belongings[i].kept_labels)
            found.labels_elsewhere += found.belongings[i].kept_labels - files;
    }
    return found;
}

} // namespace blongo::sync
