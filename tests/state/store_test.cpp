// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <filesystem>
#include <sys/stat.h>
#include <thread>

#include <blongo/state/budget.hpp>
#include <blongo/state/locks.hpp>
#include <blongo/state/migrations_impl.hpp>

#include "support/process.hpp"

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;
using Catch::Matchers::Contains;

namespace {

unsigned mode_of(const std::string& file) {
    struct stat info {};
    REQUIRE(::stat(file.c_str(), &info) == 0);
    return info.st_mode & 0777U;
}

int newest() {
    return Store::newest_schema();
}

/// A schema that this program does not know yet.
int next() {
    return newest() + 1;
}

std::string schema(int version) {
    return "schema " + std::to_string(version);
}

std::vector<Migration> with_next_step(std::vector<std::string> statements) {
    std::vector<Migration> steps(migrations().begin(), migrations().end());
    steps.push_back({next(), std::move(statements)});
    return steps;
}

std::int64_t articles_of(Store& store) {
    return value(Articles(store, 1).count());
}

/// A statement that the database refuses.
Result<void> reading_nonsense(Store& store) {
    return reading(store.session(), "read nonsense", [](soci::session& sql) -> Result<void> {
        sql << "SELECT nothing FROM nowhere";
        return {};
    });
}

Result<void> put_one(Store& store, const std::string& number) {
    const auto row = article(number);
    return Articles(store, 1).put(std::span(&row, 1));
}

} // namespace

TEST_CASE("what was written is there after opening again, and for a second session", "[store]") {
    BLONGO_ON_BOTH(place);
    {
        auto store = place.open();
        CHECK(store->schema_version() == Store::newest_schema());
        CHECK(store->is_postgresql() != is_sqlite(place));
        CHECK_FALSE(store->read_only());
        CHECK(store->place().find("postgres@") == std::string::npos);
        CHECK(store->path().empty() != is_sqlite(place));
        CHECK(value(store->now()) == place.clock.now());
        value(put_one(*store, "A"));
        auto second = value(store->another());
        CHECK(articles_of(*second) == 1);
        value(put_one(*second, "B"));
        CHECK(articles_of(*store) == 2);
    }
    auto store = place.open();
    CHECK(articles_of(*store) == 2);
    auto reader = place.open(Access::read_only);
    CHECK(reader->read_only());
    CHECK(articles_of(*reader) == 2);
}

TEST_CASE("a reader of an absent state sees an empty one and makes nothing", "[store]") {
    BLONGO_ON_BOTH(place);
    auto reader = place.open(Access::read_only);
    CHECK(articles_of(*reader) == 0);
    CHECK(reader->schema_version() == Store::newest_schema());
    auto second = value(reader->another());
    CHECK(articles_of(*second) == 0);
    CHECK_FALSE(put_one(*reader, "A"));
    if (is_sqlite(place)) {
        CHECK(std::filesystem::is_empty(place.folder.path()));
        CHECK(reader->place() == place.url);
        const OpenOptions absent{"sqlite://" + (place.folder / "no/such/folder/state.db"), {}, Access::read_only, &place.clock};
        CHECK(Store::open(absent));
        CHECK(std::filesystem::is_empty(place.folder.path()));
    } else {
        const auto database = PostgresServer::database_of(place.url);
        CHECK(PostgresServer::instance().sql(database, "SELECT count(*) FROM pg_tables WHERE tablename = 'articles'") == "0");
    }
}

TEST_CASE("a reader writes nothing, not even by mistake", "[store]") {
    BLONGO_ON_BOTH(place);
    { value(put_one(*place.open(), "A")); }
    auto reader = place.open(Access::read_only);
    const auto refused = put_one(*reader, "B");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::state);
    CHECK(articles_of(*reader) == 1);
}

TEST_CASE("the files of a state are for its owner only", "[store][sqlite]") {
    Place place(Database::sqlite);
    const std::string file = place.folder / "new folder/state.db";
    auto store = value(Store::open({"sqlite://" + file, {}, Access::read_write, &place.clock}));
    value(put_one(*store, "A"));
    CHECK(mode_of(place.folder / "new folder") == 0700);
    CHECK(mode_of(file) == 0600);
    CHECK(mode_of(file + "-wal") == 0600);
    CHECK(mode_of(file + "-shm") == 0600);
    CHECK(store->path() == std::filesystem::canonical(file).string());
    CHECK(place.number(*store, "PRAGMA synchronous") == 2);
    CHECK(place.number(*store, "PRAGMA busy_timeout") == 30000);
}

TEST_CASE("a link to a state and the state itself are one place", "[store][sqlite]") {
    Place place(Database::sqlite);
    { value(put_one(*place.open(), "A")); }
    std::filesystem::create_symlink(place.folder / "state.db", place.folder / "link.db");
    auto store = value(Store::open({"sqlite://" + (place.folder / "link.db"), {}, Access::read_write, &place.clock}));
    CHECK(store->path() == std::filesystem::canonical(place.folder / "state.db").string());
    CHECK(articles_of(*store) == 1);
}

TEST_CASE("a transaction keeps all or nothing", "[store][F38]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    SECTION("of a body that fails") {
        const auto done = store->in_transaction([&]() -> Result<void> {
            BLONGO_CHECK(put_one(*store, "A"));
            return fail(ErrorKind::stopped, "enough");
        });
        REQUIRE_FALSE(done);
        CHECK(done.error().kind == ErrorKind::stopped);
    }
    SECTION("of a body that throws") {
        CHECK_THROWS_AS(store->in_transaction([&]() -> Result<void> {
            BLONGO_CHECK(put_one(*store, "A"));
            throw std::runtime_error("bug");
        }),
                        std::runtime_error);
    }
    SECTION("of a body that overlooks a failed statement") {
        const auto done = store->in_transaction([&]() -> Result<void> {
            BLONGO_CHECK(put_one(*store, "A"));
            CHECK_FALSE(Articles(*store, 1).rename(ArticleNumber{"absent"}, ArticleNumber{"B"}, {}));
            auto broken = reading_nonsense(*store);
            CHECK_FALSE(broken);
            CHECK_FALSE(put_one(*store, "B"));
            return {};
        });
        REQUIRE_FALSE(done);
        CHECK(done.error().kind == ErrorKind::state);
    }
    SECTION("of a body that begins another one") {
        CHECK_FALSE(store->in_transaction([&] { return store->in_transaction([&] { return put_one(*store, "A"); }); }));
    }
    CHECK(articles_of(*store) == 0);
    CHECK(store->in_transaction([&] { return put_one(*store, "A"); }));
    CHECK(articles_of(*store) == 1);
}

TEST_CASE("a second writer waits for the first instead of failing", "[store]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    auto rival = value(store->another());
    std::thread thread;
    value(store->in_transaction([&]() -> Result<void> {
        thread = std::thread([&] {
            const auto done = put_one(*rival, "B");
            if (!done) std::abort();
        });
        return put_one(*store, "A");
    }));
    thread.join();
    CHECK(articles_of(*store) == 2);
}

TEST_CASE("many processes that open a new state at once make it once", "[store][processes]") {
    Place place(GENERATE(Database::sqlite, Database::postgresql), false);
    INFO(place.url);
    const auto codes = in_processes(6, [&](int number) {
        auto store = Store::open(place.options());
        if (!store) {
            std::fprintf(stderr, "%s\n", store.error().text().c_str());
            return 1;
        }
        return put_one(**store, "N" + std::to_string(number)) ? 0 : 2;
    });
    CHECK(codes == std::vector<int>(6, 0));
    auto store = place.open();
    CHECK(articles_of(*store) == 6);
    CHECK(place.number(*store, "SELECT COUNT(*) FROM blongo_schema") == Store::newest_schema());
}

TEST_CASE("a process that comes and goes leaves the log of another one that works on the state in place",
          "[store][sqlite][processes]") {
    Place place(Database::sqlite, false);
    auto store = place.open();
    const StopToken go_on;
    auto budget = value(RequestBudget::open(place.options(), {"account", 60, 0, BudgetClass::send, Milliseconds{60'000}}, go_on));
    auto another = value(store->another());
    const auto seen_by_another_process = [&] {
        Spawn shell;
        shell.argv = {"sqlite3", store->path(), "SELECT COUNT(*) FROM articles"};
        return run(shell).out;
    };
    value(put_one(*store, "A"));
    CHECK(seen_by_another_process() == "1\n");
    CHECK(std::filesystem::exists(store->path() + "-wal"));
    value(put_one(*store, "B"));
    CHECK(seen_by_another_process() == "2\n"); // not written into a log that has been removed
}

TEST_CASE("a schema newer than the program is refused by writers and readers", "[migrations]") {
    BLONGO_ON_BOTH(place);
    { place.run(*place.open(), "INSERT INTO blongo_schema (version, migrated) VALUES (99, 0)"); }
    for (const auto access : {Access::read_write, Access::read_only}) {
        const auto refused = Store::open(place.options(access));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == ErrorKind::state);
        CHECK_THAT(refused.error().text(), Contains("schema 99") && Contains(schema(newest())) && Contains("install"));
    }
}

TEST_CASE("an older schema is brought up to date, after a copy of the file", "[migrations]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    value(put_one(*store, "A"));
    const auto steps = with_next_step(
        {"CREATE TABLE extra (id {id}, word {text} NOT NULL)", "INSERT INTO extra (word) SELECT number FROM articles"});
    const auto old = check_version(store->session().target(), newest(), next(), true);
    REQUIRE_FALSE(old);
    CHECK_THAT(old.error().text(), Contains(schema(newest())) && Contains(schema(next())) && Contains("blongo run"));

    CHECK(value(migrate(store->session(), steps)) == next());
    CHECK(value(schema_version(store->session())) == next());
    CHECK(place.number(*store, "SELECT COUNT(*) FROM extra WHERE word = 'A'") == 1);
    CHECK(value(migrate(store->session(), steps)) == next());
    store.reset();
    CHECK_FALSE(Store::open(place.options()));

    if (is_sqlite(place)) {
        const std::string copy = place.folder / ("state.db.v" + std::to_string(newest()) + ".bak");
        CHECK(mode_of(copy) == 0600);
        auto before = value(Store::open({"sqlite://" + copy, {}, Access::read_write, &place.clock}));
        CHECK(before->schema_version() == newest());
        CHECK(articles_of(*before) == 1);
    }
}

TEST_CASE("a migration that fails leaves the state as it was", "[migrations]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    value(put_one(*store, "A"));
    CHECK_FALSE(migrate(store->session(), with_next_step({"CREATE TABLE extra (id {id})", "CREATE NONSENSE"})));
    CHECK(value(schema_version(store->session())) == newest());
    store.reset();
    store = place.open();
    CHECK(articles_of(*store) == 1);
    CHECK(value(migrate(store->session(), with_next_step({"CREATE TABLE extra (id {id})"}))) == next());
}

TEST_CASE("no migration while a run works with the old schema", "[migrations]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    auto locks = value(Locks::open(place.options()));
    StopToken stop;
    auto held = value(locks->take(flow_lock_name(1, "articles"), Milliseconds{0}, stop));
    const auto steps = with_next_step({"CREATE TABLE extra (id {id})"});
    const auto refused = migrate(store->session(), steps);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::locked);
    CHECK_THAT(refused.error().text(), Contains("1.articles"));
    held.reset();
    CHECK(migrate(store->session(), steps));
}
