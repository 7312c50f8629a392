// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <blongo/state/session_impl.hpp>

#include <sys/wait.h>
#include <unistd.h>

namespace blongo::test {
namespace {

constexpr Timestamp start{Milliseconds{1'795'435'200'000}}; // 2026-11-23T12:00:00Z

/// Puts a clock_timestamp() of ours before PostgreSQL's: the database believes the driven clock.
void drive_server_time(const std::string& database) {
    PostgresServer::instance().sql(database,
                                   "CREATE SCHEMA fake; CREATE TABLE fake.clock (ms BIGINT); INSERT INTO fake.clock VALUES (" +
                                       std::to_string(to_unix_milliseconds(start)) +
                                       "); CREATE FUNCTION fake.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS "
                                       "'SELECT to_timestamp(ms / 1000.0) FROM fake.clock'; ALTER DATABASE " +
                                       database + " SET search_path = fake, public, pg_catalog");
}

} // namespace

Place::Place(Database which, bool drive) : database(which), clock(start), driven(drive) {
    if (which == Database::sqlite) {
        url = "sqlite://" + (folder / "state.db");
        return;
    }
    url = PostgresServer::instance().make_database();
    if (!driven) return;
    drive_server_time(PostgresServer::database_of(url));
    const auto target = value(state::find_target(options(), true));
    time_ = value(state::Store::Session::open(target, target.connect, clock));
    clock.on_change = [this](Timestamp now) {
        const std::int64_t ms = to_unix_milliseconds(now);
        time_->sql() << "UPDATE fake.clock SET ms = :ms", soci::use(ms);
    };
}

Place::~Place() = default;

state::OpenOptions Place::options(state::Access access) {
    Clock* chosen = &clock;
    if (!driven) chosen = &system;
    return {url, {}, access, chosen};
}

std::unique_ptr<state::Store> Place::open(state::Access access) {
    return value(state::Store::open(options(access)));
}

std::int64_t Place::number(state::Store& store, const std::string& query) {
    std::int64_t out = 0;
    store.session().sql() << query, soci::into(out);
    return out;
}

void Place::run(state::Store& store, const std::string& statement) {
    store.session().sql() << statement;
}

state::Identity identity(std::int64_t owner) {
    return {"api.ongoingsystems.se", "/acme", GoodsOwnerId{owner}, "https://api.baselinker.com/connector.php", InventoryId{307}};
}

state::ConnectionKey make_connection(state::Store& store, const std::string& name, std::int64_t owner) {
    return value(state::Connections(store).ensure(name, identity(owner), "")).key;
}

state::ArticleRow article(const std::string& number, std::int64_t source) {
    state::ArticleRow row;
    row.number = ArticleNumber{number};
    row.source_id = ProductId{source};
    row.product_id = ProductId{source};
    row.name = "Name of " + number;
    row.fingerprint = "f-" + number;
    row.agreed = R"({"articleName":"x"})";
    return row;
}

std::vector<int> in_processes(int count, const std::function<int(int)>& body) {
    int gate[2];
    if (::pipe(gate) != 0) throw std::runtime_error("pipe failed");
    std::vector<pid_t> children;
    for (int i = 0; i < count; ++i) {
        const pid_t pid = ::fork();
        if (pid == 0) {
            ::close(gate[1]);
            char byte = 0;
            [[maybe_unused]] const auto end = ::read(gate[0], &byte, 1);
            int code = 99;
            try {
                code = body(i);
            } catch (const std::exception& error) {
                [[maybe_unused]] const auto w = ::write(2, error.what(), std::string_view(error.what()).size());
            }
            ::_exit(code);
        }
        children.push_back(pid);
    }
    ::close(gate[0]);
    ::close(gate[1]);
    std::vector<int> codes;
    for (const pid_t pid : children) {
        int status = 0;
        ::waitpid(pid, &status, 0);
        codes.push_back(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    }
    return codes;
}

} // namespace blongo::test
