// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <csignal>
#include <filesystem>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <blongo/state/locks.hpp>

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;
using Catch::Matchers::Contains;

namespace {

const StopToken go_on;

std::unique_ptr<Locks> open_locks(Place& place) {
    return value(Locks::open(place.options()));
}

Result<std::unique_ptr<HeldLock>> try_take(Locks& locks, const std::string& name) {
    return locks.take(name, Milliseconds{0}, go_on);
}

Place real_time() {
    return Place(GENERATE(Database::sqlite, Database::postgresql), false);
}

/// The process id of the session that holds an advisory lock.
std::string lock_session(Place& place) {
    return PostgresServer::instance().sql(PostgresServer::database_of(place.url),
                                          "SELECT p.pid FROM pg_locks p JOIN locks l ON p.locktype = 'advisory' AND "
                                          "((p.classid::bigint << 32) | p.objid::bigint) = l.lock_key");
}

} // namespace

TEST_CASE("a lock is held once, and the refusal says who holds it", "[locks][F3]") {
    BLONGO_ON_BOTH(place);
    auto mine = open_locks(place), theirs = open_locks(place);
    const auto name = flow_lock_name(3, "articles");
    CHECK_FALSE(value(mine->holder(name)));
    const std::string since = format_utc(place.clock.now());
    auto held = value(try_take(*mine, name));
    CHECK(held->still_held());
    for (Locks* other : {theirs.get(), mine.get()}) {
        const auto refused = try_take(*other, name);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == ErrorKind::locked);
        CHECK_THAT(refused.error().text(), Contains("3.articles") && Contains("pid " + std::to_string(::getpid())) &&
                                               Contains(since) && Contains("--lock-wait"));
    }
    CHECK_THAT(value(theirs->holder(name)).value_or(""), Contains("pid " + std::to_string(::getpid())));
    CHECK(try_take(*theirs, flow_lock_name(3, "orders")));
    CHECK(try_take(*theirs, flow_lock_name(4, "articles")));
    const auto epoch = held->epoch();
    held.reset();
    CHECK_FALSE(value(theirs->holder(name)));
    auto again = value(try_take(*theirs, name));
    CHECK(again->epoch() == (is_sqlite(place) ? 0 : epoch + 1));
}

TEST_CASE("whoever waits for a lock gives up after the time given, or when told to stop", "[locks]") {
    BLONGO_ON_BOTH(place);
    auto mine = open_locks(place), theirs = open_locks(place);
    auto held = value(try_take(*mine, "writer.x"));
    const auto begin = place.clock.now();
    const auto late = theirs->take("writer.x", Seconds{150}, go_on);
    REQUIRE_FALSE(late);
    CHECK(late.error().kind == ErrorKind::locked);
    CHECK_THAT(late.error().text(), Contains("waited 150s"));
    const auto waited = place.clock.now() - begin;
    CHECK(waited >= Seconds{150});
    CHECK(waited < Seconds{151});

    StopToken stop;
    stop.request(15);
    const auto stopped = theirs->take("writer.x", Seconds{150}, stop);
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().kind == ErrorKind::stopped);
}

TEST_CASE("a lock that is freed goes to the one who waits", "[locks]") {
    BLONGO_ON_BOTH(place);
    auto mine = open_locks(place), theirs = open_locks(place);
    auto held = value(try_take(*mine, "writer.x"));
    place.clock.on_sleep = [&] {
        if (place.clock.manual().slept() > Seconds{3}) held.reset();
    };
    CHECK(theirs->take("writer.x", Seconds{150}, go_on));
    CHECK(place.clock.manual().slept() < Seconds{5});
}

TEST_CASE("a wish to be let first is seen while it lives", "[locks]") {
    BLONGO_ON_BOTH(place);
    auto mine = open_locks(place), theirs = open_locks(place);
    CHECK_FALSE(value(theirs->wanted("writer.x")));
    auto held = value(try_take(*theirs, "writer.x"));
    auto first = value(mine->mark_waiting("writer.x"));
    auto second = value(mine->mark_waiting("writer.x"));
    CHECK(value(theirs->wanted("writer.x")));
    CHECK_FALSE(value(theirs->wanted("writer.y")));
    CHECK(first->still_held());
    first.reset();
    CHECK(value(theirs->wanted("writer.x")));
    second.reset();
    CHECK_FALSE(value(theirs->wanted("writer.x")));
}

TEST_CASE("a lock file tells of its last holder alone, whatever stood in it before", "[locks][sqlite]") {
    Place place(Database::sqlite);
    auto locks = open_locks(place);
    value(try_take(*locks, "1.orders")).reset();
    const std::string file = place.folder / "state.db.1.orders.lock", own = read_file(file);
    CHECK_THAT(own, Catch::Matchers::StartsWith(std::to_string(::getpid()) + " ") && Catch::Matchers::EndsWith("\n"));
    write_file(file, std::string(400, 'x') + "\n");
    auto held = value(try_take(*locks, "1.orders"));
    CHECK(read_file(file) == own);
    CHECK_THAT(value(locks->holder("1.orders")).value_or(""), Contains("pid " + std::to_string(::getpid())));
}

TEST_CASE("the death of its holder frees a lock", "[locks][processes]") {
    Place place = real_time();
    INFO(place.url);
    { auto store = place.open(); }
    int ready[2];
    REQUIRE(::pipe(ready) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        auto locks = Locks::open(place.options());
        if (!locks) ::_exit(1);
        auto held = (*locks)->take("1.orders", Milliseconds{0}, go_on);
        [[maybe_unused]] const auto written = ::write(ready[1], held ? "y" : "n", 1);
        for (;;) ::pause();
    }
    char answer = 0;
    REQUIRE(::read(ready[0], &answer, 1) == 1);
    CHECK(answer == 'y');
    auto locks = open_locks(place);
    const auto refused = try_take(*locks, "1.orders");
    REQUIRE_FALSE(refused);
    CHECK_THAT(refused.error().text(), Contains("pid " + std::to_string(child)));
    CHECK(value(locks->holder("1.orders")));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    CHECK(locks->take("1.orders", Seconds{30}, go_on));
    ::close(ready[0]);
    ::close(ready[1]);
}

TEST_CASE("between processes only one at a time is inside", "[locks][processes]") {
    Place place = real_time();
    INFO(place.url);
    { auto store = place.open(); }
    const std::string counter = place.folder / "counter";
    write_file(counter, "0");
    const auto codes = in_processes(4, [&](int) {
        auto locks = Locks::open(place.options());
        if (!locks) return 1;
        for (int round = 0; round < 25; ++round) {
            auto held = (*locks)->take("writer.x", Seconds{60}, go_on);
            if (!held) return 2;
            write_file(counter, std::to_string(std::stoi(read_file(counter)) + 1));
        }
        return 0;
    });
    CHECK(codes == std::vector<int>(4, 0));
    CHECK(read_file(counter) == "100");
}

TEST_CASE("threads of one process exclude each other too", "[locks]") {
    Place place = real_time();
    INFO(place.url);
    auto locks = open_locks(place);
    int inside = 0, most = 0, rounds = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < 10; ++round) {
                auto held = locks->take("writer.x", Seconds{60}, go_on);
                if (!held) return;
                most = std::max(most, ++inside);
                ++rounds;
                --inside;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(most == 1);
    CHECK(rounds == 30);
}

TEST_CASE("a program that was started does not inherit locks", "[locks][sqlite]") {
    Place place(Database::sqlite, false);
    auto locks = open_locks(place);
    auto held = value(try_take(*locks, "1.orders"));
    const pid_t child = ::fork();
    if (child == 0) {
        ::execl("/bin/sleep", "sleep", "600", nullptr);
        ::_exit(127);
    }
    // Until exec the copy of the descriptor keeps the lock.
    held.reset();
    CHECK(locks->take("1.orders", Seconds{30}, go_on));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
}

TEST_CASE("lock files stand beside the state, for its owner only, and looking makes none", "[locks][sqlite]") {
    Place place(Database::sqlite);
    auto reader = value(Locks::open(place.options(Access::read_only)));
    CHECK_FALSE(value(reader->holder("1.orders")));
    CHECK_FALSE(value(reader->wanted("1.orders")));
    CHECK_FALSE(try_take(*reader, "1.orders"));
    CHECK_FALSE(reader->mark_waiting("1.orders"));
    CHECK(std::filesystem::is_empty(place.folder.path()));
    auto locks = open_locks(place);
    auto held = value(try_take(*locks, "1.orders"));
    CHECK((std::filesystem::status(place.folder / "state.db.1.orders.lock").permissions() & std::filesystem::perms(0777)) ==
          std::filesystem::perms(0600));
    CHECK(value(reader->holder("1.orders")));
    auto strange = value(try_take(*locks, "../../etc/x y"));
    for (const auto& entry : std::filesystem::directory_iterator(place.folder.path())) {
        CHECK_THAT(entry.path().filename().string(), Catch::Matchers::StartsWith("state.db."));
    }
}

TEST_CASE("a lock whose file was removed is noticed", "[locks][sqlite]") {
    Place place(Database::sqlite);
    auto store = place.open();
    auto locks = open_locks(place);
    auto held = value(try_take(*locks, "1.orders"));
    CHECK(held->fence(*store));
    std::filesystem::remove(place.folder / "state.db.1.orders.lock");
    const auto gone = held->still_held();
    REQUIRE_FALSE(gone);
    CHECK(gone.error().kind == ErrorKind::state);
    CHECK_FALSE(held->fence(*store));
    CHECK(try_take(*locks, "1.orders"));
}

TEST_CASE("a lock session that is gone can write no more, and never comes back by itself", "[locks][postgresql]") {
    Place place(Database::postgresql);
    auto store = place.open();
    auto mine = open_locks(place), theirs = open_locks(place);
    auto held = value(try_take(*mine, "1.orders"));
    Articles articles(*store, 1);
    const auto row = article("A");
    const auto write_under = [&](HeldLock& lock) {
        return store->in_transaction([&]() -> Result<void> {
            BLONGO_CHECK(lock.fence(*store));
            return articles.put(std::span(&row, 1));
        });
    };
    CHECK(write_under(*held));
    value(articles.erase(row.number));

    PostgresServer::instance().sql("postgres", "SELECT pg_terminate_backend(" + lock_session(place) + ")");
    auto next = value(theirs->take("1.orders", Seconds{30}, go_on));
    CHECK(next->epoch() == held->epoch() + 1);
    for (int i = 0; i < 2; ++i) {
        const auto refused = write_under(*held);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == ErrorKind::state);
        CHECK_FALSE(held->still_held());
    }
    CHECK(value(articles.count()) == 0);
    CHECK_FALSE(try_take(*mine, "2.orders"));
    held.reset();
    CHECK(next->still_held());
    CHECK(write_under(*next));
}

TEST_CASE("whoever holds a lock of an older epoch writes nothing", "[locks][postgresql]") {
    Place place(Database::postgresql);
    auto store = place.open();
    auto locks = open_locks(place);
    auto held = value(try_take(*locks, "1.orders"));
    place.run(*store, "UPDATE locks SET epoch = epoch + 1");
    const auto refused = held->still_held();
    REQUIRE_FALSE(refused);
    CHECK_THAT(refused.error().text(), Contains("lost to another run") && Contains("run again"));
    CHECK_FALSE(store->in_transaction([&] { return held->fence(*store); }));
}

TEST_CASE("nobody takes a lock over while a fenced transaction is being committed", "[locks][postgresql]") {
    Place place(Database::postgresql);
    auto store = place.open();
    auto mine = open_locks(place), theirs = open_locks(place);
    auto held = value(try_take(*mine, "1.orders"));
    std::unique_ptr<HeldLock> next;
    std::thread rival;
    value(store->in_transaction([&]() -> Result<void> {
        BLONGO_CHECK(held->fence(*store));
        PostgresServer::instance().sql("postgres", "SELECT pg_terminate_backend(" + lock_session(place) + ")");
        rival = std::thread([&] {
            auto taken = theirs->take("1.orders", Seconds{30}, go_on);
            if (taken) next = std::move(*taken);
        });
        // The rival has the advisory lock at most; the epoch is ours until we commit.
        CHECK(place.number(*store, "SELECT epoch FROM locks WHERE name = '1.orders'") == held->epoch());
        const auto row = article("A");
        return Articles(*store, 1).put(std::span(&row, 1));
    }));
    rival.join();
    REQUIRE(next);
    CHECK(next->epoch() == held->epoch() + 1);
    CHECK_FALSE(held->still_held());
}

TEST_CASE("lock names tell flows and warehouses apart", "[locks]") {
    CHECK(flow_lock_name(3, "articles") != flow_lock_name(3, "orders"));
    CHECK(writer_lock_name("API.example.com", "/a", 1) == writer_lock_name("api.example.com", "/a", 1));
    CHECK(writer_lock_name("api.example.com", "/a", 1) != writer_lock_name("api.example.com", "/a", 2));
    CHECK(writer_lock_name("api.example.com", "/a", 1) != writer_lock_name("api.example.com", "/b", 1));
}

TEST_CASE("a dry run on an empty database takes no locks and sees none", "[locks][postgresql]") {
    Place place(Database::postgresql);
    auto locks = value(Locks::open(place.options(Access::read_only)));
    CHECK_FALSE(value(locks->holder("1.orders")));
    CHECK_FALSE(value(locks->wanted("1.orders")));
    CHECK_FALSE(try_take(*locks, "1.orders"));
    CHECK_FALSE(locks->mark_waiting("1.orders"));
}
