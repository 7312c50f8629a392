// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/move.hpp>

#include <array>
#include <filesystem>
#include <map>
#include <set>

#include <fmt/format.h>
#include <soci/postgresql/soci-postgresql.h>

#include <blongo/base/text.hpp>
#include <blongo/state/belongings.hpp>
#include <blongo/state/catalogue_impl.hpp>
#include <blongo/state/flow_names.hpp>
#include <blongo/state/label_copies_impl.hpp>
#include <blongo/state/locks.hpp>
#include <blongo/state/migrations_impl.hpp>
#include <blongo/state/moves_impl.hpp>
#include <blongo/state/store_impl.hpp>

namespace blongo::state {
namespace {

constexpr Milliseconds look_again{100};
constexpr std::string_view lock_not_available = "55P03"; ///< SQLSTATE
/// Times of open writes go over as they are: half of what recovery leaves them beyond their time-out.
constexpr Milliseconds widest_clock_difference{30'000};

/// Tells the label folders that may go with the old place (`file`; "": PostgreSQL) from those that both use.
Result<void> sort_label_folders(const std::string& file, Store& to, const MoveRequest& request, MoveReport& report) {
    namespace fs = std::filesystem;
    if (file.empty()) return {};
    report.labels_left.clear();
    report.labels_shared = false;
    BLONGO_TRY(const auto rows, Connections(to).list());
    for (const auto& row : rows) {
        std::error_code failed;
        const fs::path here = fs::weakly_canonical(label_folder_beside(file, row.key, request.label_dir(row)), failed);
        if (!fs::exists(here, failed)) continue;
        const std::string there = label_folder(to, row.key, request.label_dir(row));
        if (!there.empty() && fs::weakly_canonical(there, failed) == here)
            report.labels_shared = true;
        else
            report.labels_left.push_back(here.string());
    }
    return {};
}

class Move {
public:
    Move(const MoveRequest& request, std::unique_ptr<Store> from, std::unique_ptr<Store> to, std::vector<TableShape> tables)
        : request_(request), from_(std::move(from)), to_(std::move(to)), tables_(std::move(tables)) {}

    Result<MoveReport> run() {
        report_.from_place = from_->place();
        report_.to_place = to_->place();
        BLONGO_TRY(locks_, Locks::open(request_.from));
        BLONGO_CHECK(take("move", request_.wait));
        BLONGO_CHECK(close_target());
        BLONGO_CHECK(compare_clocks());
        BLONGO_CHECK(take_flow_locks());
        Clock& clock = *request_.from.clock;
        const Milliseconds until = clock.boot_time() + request_.wait;
        while (true) {
            auto moved = from_->in_transaction([&]() -> Result<void> {
                BLONGO_CHECK(nothing_is_written());
                BLONGO_CHECK(copy());
                return put_mark(from_->session(), mark(true, *to_, request_.to));
            });
            if (moved) break;
            if (moved.error().kind != ErrorKind::locked || clock.boot_time() >= until) return fail(std::move(moved).error());
            writers_.clear(); // whoever is at a write may need them
            if (!clock.sleep(look_again, *request_.stop))
                return fail(ErrorKind::stopped, "stopped while waiting for another run");
            BLONGO_CHECK(take_flow_locks());
        }
        BLONGO_CHECK(sort_label_folders(from_->path(), *to_, request_, report_));
        BLONGO_CHECK(end_arrival(to_->session(), token_));
        return report_;
    }

private:
    Result<void> take(const std::string& name, Milliseconds wait) {
        if (held_names_.contains(name)) return {};
        BLONGO_TRY(auto lock, locks_->take(name, wait, *request_.stop));
        held_.push_back(std::move(lock));
        held_names_.insert(name);
        return {};
    }

    /// Of all connections that there are now.
    Result<void> take_flow_locks() {
        BLONGO_TRY(const auto rows, Connections(*from_).list());
        for (const auto& row : rows)
            for (const char* flow : all_flows) BLONGO_CHECK(take(flow_lock_name(row.key, flow), request_.wait));
        return {};
    }

    /// Nobody but the mover uses the target from here on, and only an empty one is taken.
    Result<void> close_target() {
        BLONGO_TRY(const auto standing, find_mark(to_->session()));
        if (standing && (standing->away || standing->place != from_->place()))
            return fail(holds_something("a state that left it, or comes from elsewhere"));
        return to_->in_transaction([&]() -> Result<void> {
            if (!standing) {
                for (const auto& table : tables_) {
                    // Whoever opens a place locks it, asks for slots and gives it a key.
                    if (table.name == "locks" || table.name == "state_keys" || table.name.starts_with("budget_")) continue;
                    BLONGO_TRY(const std::int64_t rows, count_rows(table));
                    if (rows > 0) return fail(holds_something(fmt::format("{} rows in {}", rows, table.name)));
                }
            }
            BLONGO_CHECK(erase_arrivals(to_->session()));
            return put_mark(to_->session(), mark(false, *from_, request_.from));
        });
    }

    Error holds_something(const std::string& what) const {
        return make_error(ErrorKind::guard, "there is a state already: " + what, to_->place(),
                          "move to a database, or a path, that holds none");
    }

    Result<std::int64_t> count_rows(const TableShape& table) {
        return reading(to_->session(), "look at the new place", [&](soci::session& sql) -> Result<std::int64_t> {
            std::int64_t rows = 0;
            sql << "SELECT COUNT(*) FROM " + table.name, soci::into(rows);
            return rows;
        });
    }

    Result<void> compare_clocks() {
        BLONGO_TRY(const Timestamp here, from_->now());
        BLONGO_TRY(const Timestamp there, to_->now());
        const auto apart = std::chrono::abs(std::chrono::duration_cast<Milliseconds>(here - there));
        if (apart <= widest_clock_difference) return {};
        return fail(ErrorKind::config, fmt::format("the clocks of the two places are {} apart", format_duration(apart)),
                    to_->place(),
                    "set the clocks of both machines (NTP), then move again: times of open writes go over as they are");
    }

    /// Within the transaction, behind which nobody can begin a write. locked: somebody is at one.
    Result<void> nothing_is_written() {
        BLONGO_TRY(const auto rows, Connections(*from_).list());
        for (const auto& row : rows)
            if (!held_names_.contains(flow_lock_name(row.key, all_flows.front())))
                return fail(ErrorKind::locked, fmt::format("connection {} was made meanwhile", row.name), {}, "move again");
        BLONGO_TRY(const auto worker, request_.at_work(*from_));
        if (worker)
            return fail(ErrorKind::locked, *worker + " is at a write of this state", {},
                        "wait for it to end, or stop that process");
        for (const auto& row : rows) {
            const Identity& identity = row.identity;
            const std::string name =
                writer_lock_name(identity.ongoing_host, identity.ongoing_path, identity.goods_owner_id.value());
            if (writers_.contains(name)) continue; // two connections of one goods owner
            BLONGO_TRY(writers_[name], locks_->take(name, Milliseconds{0}, *request_.stop));
        }
        return lock_tables();
    }

    /// PostgreSQL: what is written outside the transactions of a state, too (slots of the budget, locks). Such a writer may hold
    /// one table and want another one: the mover gives up before the server (deadlock_timeout, 1 s) picks whom to stop. locked:
    /// somebody writes.
    Result<void> lock_tables() {
        if (!from_->is_postgresql()) return {};
        std::vector<std::string> names;
        for (const auto& table : tables_) names.push_back(table.name);
        BLONGO_CHECK(let_wait(from_->session()));
        return reading(from_->session(), "keep others from writing", [&](soci::session& sql) -> Result<void> {
            sql << "SET LOCAL lock_timeout TO '300ms'";
            try {
                sql << "LOCK TABLE " + join(names, ", ") + " IN SHARE ROW EXCLUSIVE MODE";
            } catch (const soci::postgresql_soci_error& error) {
                if (error.sqlstate() != lock_not_available) throw;
                return fail(ErrorKind::locked, "another process writes to this state all the time", from_->place(),
                            "move when less is done");
            }
            return {};
        });
    }

    /// One place waits in its transaction while the other one reads or writes.
    static Result<void> let_wait(Store::Session& session) {
        if (!session.postgresql()) return {};
        return reading(session, "move the state", [](soci::session& sql) -> Result<void> {
            sql << "SET LOCAL idle_in_transaction_session_timeout TO '10min'";
            return {};
        });
    }

    Result<void> copy() {
        report_.tables.clear();
        std::vector<Tally> tallies;
        BLONGO_CHECK(to_->in_transaction([&]() -> Result<void> {
            BLONGO_CHECK(let_wait(to_->session()));
            for (const auto& table : tables_) {
                BLONGO_TRY(const Tally tally, copy_table(table));
                tallies.push_back(tally);
                report_.tables.push_back({table.name, tally.rows});
            }
            return copy_labels();
        }));
        // Read back from what was committed, before the tombstone makes it the state.
        for (std::size_t i = 0; i < tables_.size(); ++i) {
            BLONGO_TRY(const Tally there,
                       read_table(to_->session(), tables_[i], [](const CopiedRow&) { return Result<void>{}; }));
            if (there == tallies[i]) continue;
            return fail(ErrorKind::state,
                        fmt::format("the copy of {} differs: {} rows here, {} there, or another content", tables_[i].name,
                                    tallies[i].rows, there.rows),
                        to_->place(), "nothing was moved; this is a bug of blongo: please report it");
        }
        return {};
    }

    Result<Tally> copy_table(const TableShape& table) {
        // A move that was killed may have left rows; what is append only there becomes so again with the last one.
        BLONGO_TRY(const Guards guards, lift_guards(to_->session(), table.name));
        BLONGO_CHECK(reading(to_->session(), "empty the new place", [&](soci::session& sql) -> Result<void> {
            sql << "DELETE FROM " + table.name;
            return {};
        }));
        TableWriter writer(to_->session(), table);
        BLONGO_TRY(const Tally tally, read_table(from_->session(), table, [&](const CopiedRow& row) { return writer.put(row); }));
        BLONGO_CHECK(writer.flush());
        BLONGO_CHECK(put_back(to_->session(), guards));
        if (table.counts) {
            BLONGO_TRY(const std::int64_t last, last_id(from_->session(), table));
            BLONGO_CHECK(set_last_id(to_->session(), table, last));
        }
        return tally;
    }

    Result<void> copy_labels() {
        report_.labels = report_.labels_lost = 0;
        BLONGO_TRY(const auto rows, Connections(*from_).list());
        for (const auto& row : rows) {
            BLONGO_TRY(const LabelCopies copied, copy_label_bytes(*from_, *to_, row.key, request_.label_dir(row)));
            report_.labels += copied.copied;
            report_.labels_lost += copied.lost;
        }
        return {};
    }

    MoveMark mark(bool away, Store& other, const OpenOptions& options) {
        return {token_, away, other.place(), options.url, host_name(), to_unix_milliseconds(request_.from.clock->now()), away};
    }

    const MoveRequest& request_;
    std::unique_ptr<Store> from_, to_;
    std::vector<TableShape> tables_;
    std::unique_ptr<Locks> locks_;
    std::vector<std::unique_ptr<HeldLock>> held_;
    std::set<std::string> held_names_;
    std::map<std::string, std::unique_ptr<HeldLock>> writers_;
    const std::string token_ = random_hex(16);
    MoveReport report_;
};

/// ErrorKind::not_found where there is no state: none is made only to move it.
Result<void> require_state(OpenOptions options) {
    options.access = Access::read_only;
    BLONGO_TRY(const Target target, find_target(options, false));
    int version = 0;
    if (!target.memory) {
        BLONGO_TRY(const auto session, Store::Session::open(target, target.connect, *options.clock));
        BLONGO_TRY(version, schema_version(*session));
    }
    if (version > 0) return {};
    return fail(ErrorKind::not_found, "there is no state", target.place, "name the one that moves in [state] url");
}

/// The state left here for this very place, and its process died before it could say so there. Else: `moved`.
Result<MoveReport> end_earlier_move(const MoveRequest& request, const Error& moved) {
    OpenOptions look = request.from;
    look.access = Access::read_only;
    BLONGO_TRY(const Opened here, open_session_as_it_is(look, false));
    BLONGO_TRY(const auto mark, find_mark(*here.session));
    if (!mark || !mark->away || mark->url != request.to.url) return fail(moved);
    // Opening it looks for the tombstone that is here, and ends the move.
    BLONGO_TRY(const auto there, Store::open(request.to));
    MoveReport report;
    report.from_place = here.session->target().place;
    report.to_place = there->place();
    report.finished_earlier = true;
    BLONGO_CHECK(sort_label_folders(here.session->target().path, *there, request, report));
    return report;
}

} // namespace

Result<MoveReport> move_state(const MoveRequest& request) {
    BLONGO_CHECK(require_state(request.from));
    auto from = Store::open(request.from);
    if (!from && is_moved(from.error())) return end_earlier_move(request, from.error());
    if (!from) return fail(std::move(from).error());
    BLONGO_TRY(const Target target, find_target(request.to, true));
    if (target.place == (*from)->place())
        return fail(ErrorKind::usage, "the state is there already", target.place, "give another place with --to");
    BLONGO_TRY(auto tables, schema_tables(*request.from.clock));
    BLONGO_TRY(auto to, open_store_as_it_is(request.to));
    return Move(request, std::move(*from), std::move(to), std::move(tables)).run();
}

} // namespace blongo::state
