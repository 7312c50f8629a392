// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <catch2/catch.hpp>

#include <blongo/state/articles.hpp>
#include <blongo/state/connections.hpp>
#include <blongo/state/store.hpp>

#include "support/postgres.hpp"
#include "support/temp_dir.hpp"

namespace blongo::test {

enum class Database { sqlite, postgresql };

/// A clock that tests move, together with the clock of a PostgreSQL test database.
class DrivenClock final : public Clock {
public:
    explicit DrivenClock(Timestamp start) : manual_(start) {}
    [[nodiscard]] Timestamp now() const override { return manual_.now(); }
    [[nodiscard]] Milliseconds boot_time() const override { return manual_.boot_time(); }
    bool sleep(Milliseconds duration, const StopToken& stop) override {
        const bool slept = manual_.sleep(duration, stop);
        push();
        if (on_sleep && !in_hook_) {
            in_hook_ = true;
            on_sleep();
            in_hook_ = false;
        }
        return slept;
    }
    void advance(Milliseconds duration) {
        manual_.advance(duration);
        push();
    }
    [[nodiscard]] const ManualClock& manual() const { return manual_; }
    std::function<void(Timestamp)> on_change;
    std::function<void()> on_sleep; ///< what others do meanwhile; not called from within itself

private:
    void push() {
        if (on_change) on_change(now());
    }
    ManualClock manual_;
    bool in_hook_ = false;
};

/// An empty place for a state, with a clock of its own.
class Place {
public:
    explicit Place(Database database, bool driven = true);
    ~Place();
    Place(const Place&) = delete;

    [[nodiscard]] state::OpenOptions options(state::Access access = state::Access::read_write);
    [[nodiscard]] std::unique_ptr<state::Store> open(state::Access access = state::Access::read_write);
    /// One number by SQL.
    std::int64_t number(state::Store& store, const std::string& query);
    void run(state::Store& store, const std::string& statement);

    Database database;
    TempDir folder;
    std::string url;
    DrivenClock clock;
    SystemClock system;
    bool driven;

private:
    std::unique_ptr<state::Store::Session> time_;
};

inline bool is_sqlite(const Place& place) {
    return place.database == Database::sqlite;
}

/// A connection in the state, for what is keyed by one.
state::ConnectionKey make_connection(state::Store& store, const std::string& name = "acme", std::int64_t owner = 159);
state::Identity identity(std::int64_t owner = 159);
state::ArticleRow article(const std::string& number, std::int64_t source = 1);

/// The value of a Result; a failure fails the test with its text.
template <class T> T value(Result<T> result) {
    if (!result) FAIL(result.error().text());
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// Runs `body` in `count` processes at once and answers their exit codes. Each begins when all are there.
std::vector<int> in_processes(int count, const std::function<int(int)>& body);

} // namespace blongo::test

/// The rest of the test case runs once on each database.
#define BLONGO_ON_BOTH(place) \
    ::blongo::test::Place place(GENERATE(::blongo::test::Database::sqlite, ::blongo::test::Database::postgresql)); \
    INFO("state: " << place.url)
