// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <cstdlib>

#include <blongo/base/text.hpp>
#include <blongo/state/session_impl.hpp>
#include <blongo/state/target_impl.hpp>

#include "pooler.hpp"

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;
using Catch::Matchers::Contains;

namespace {

Target target_of(const std::string& url, const std::string& password = {}) {
    return value(read_postgresql_url(url, Secret(password)));
}

Error refused(const std::string& url) {
    const auto target = read_postgresql_url(url, {});
    REQUIRE_FALSE(target);
    CHECK(target.error().kind == ErrorKind::config);
    CHECK_FALSE(target.error().remedy.empty());
    return target.error();
}

Error open_error(const std::string& url, const Secret& password = {}, Access access = Access::read_write) {
    SystemClock clock;
    const auto store = Store::open({url, password, access, &clock});
    REQUIRE_FALSE(store);
    CHECK(store.error().kind == ErrorKind::state);
    CHECK_FALSE(store.error().remedy.empty());
    return store.error();
}

PostgresServer& server() {
    return PostgresServer::instance();
}

} // namespace

TEST_CASE("a server elsewhere must prove who it is, a local one need not", "[postgresql]") {
    CHECK_THAT(target_of("postgresql://u@db.example.com/blongo").connect, Contains("sslmode=verify-full"));
    CHECK(target_of("postgresql://u@db.example.com/blongo").verified);
    CHECK_THAT(target_of("postgresql://u@db.example.com:5433/blongo").place, Contains("db.example.com:5433/blongo"));
    CHECK_THAT(target_of("postgresql://u@127.0.0.1,db.example.com/blongo").connect, Contains("verify-full"));
    for (const char* local : {"postgresql://u@localhost/b", "postgresql://u@127.0.0.1:5432/b", "postgresql://u@[::1]/b",
                              "postgresql:///b", "postgresql:///b?host=/run/postgresql", "postgres://u@/b"}) {
        CHECK(target_of(local).connect.find("verify-full") == std::string::npos);
    }
    CHECK_THAT(target_of("postgresql://u@db.example.com/b?sslmode=require").connect, Contains("sslmode=require"));
}

TEST_CASE("a URL says what it connects to without saying who or with what", "[postgresql]") {
    const Target target = target_of("postgresql://jan%40firma@db.example.com/state?connect_timeout=3", "a b'c\\%=&");
    CHECK(target.place == "postgresql://db.example.com/state");
    CHECK_THAT(target.connect, Contains("user=jan%40firma") && Contains("connect_timeout=3") &&
                                   Contains("application_name=blongo") && Contains("password=a%20b%27c%5C%25%3D%26"));
    CHECK_THAT(target.lock_connect, Contains("keepalives_idle=5") && Contains("tcp_user_timeout=11000"));
}

TEST_CASE("URLs that hold a password or make no sense are refused", "[postgresql]") {
    CHECK_THAT(refused("postgresql://u:secret@h/b").text(), Contains("password_file") && !Contains("secret@"));
    CHECK_THAT(refused("postgresql://h/b?password=secret").text(), Contains("password"));
    CHECK_THAT(refused("postgresql://h/b?options=-cfsync=off").text(), Contains("options"));
    CHECK_THAT(refused("postgresql://h").text(), Contains("names no database"));
    CHECK_THAT(refused("postgresql://h:abc/b").text(), Contains("port"));
}

TEST_CASE("a password of any characters opens the state and stays out of the environment", "[postgresql]") {
    const auto url = server().make_database();
    const auto database = PostgresServer::database_of(url);
    const std::string password = "a b'c\\d %=&+\"ż";
    server().sql("postgres", "DROP ROLE IF EXISTS secretive; CREATE ROLE secretive LOGIN PASSWORD 'a b''c\\d %=&+\"ż'");
    server().sql(database, "GRANT CREATE ON SCHEMA public TO secretive");
    SystemClock clock;
    const auto secretive = server().url(database, "secretive");
    CHECK(Store::open({secretive, Secret(password), Access::read_write, &clock}));
    CHECK(std::getenv("PGPASSWORD") == nullptr);

    const auto wrong = open_error(secretive, Secret("wrong horse"));
    CHECK_THAT(wrong.text(), Contains("refused user or password") && !Contains("wrong horse"));
    CHECK_THAT(open_error(secretive).text(), Contains("wants a password"));
}

TEST_CASE("a server that is not there, and a database that is not there, are told apart", "[postgresql]") {
    CHECK_THAT(open_error("postgresql://u@127.0.0.1:1/b").text(),
               Contains("cannot be reached") && Contains("postgresql://127.0.0.1:1/b"));
    CHECK_THAT(open_error(server().url("absent")).text(), Contains("do not exist") && Contains("createdb"));
    CHECK_THAT(open_error(server().url("absent"), {}, Access::read_only).text(), Contains("do not exist"));
}

TEST_CASE("a database that cannot hold the state says what it lacks", "[postgresql]") {
    CHECK_THAT(open_error(server().make_database("SQL_ASCII")).text(), Contains("SQL_ASCII") && Contains("UTF8"));
    const auto database = PostgresServer::database_of(server().make_database());
    server().sql("postgres", "DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN");
    CHECK_THAT(open_error(server().url(database, "guest")).text(), Contains("lacks a right") && Contains("GRANT"));
    const auto frozen = PostgresServer::database_of(server().make_database());
    server().sql("postgres", "ALTER DATABASE " + frozen + " SET default_transaction_read_only = on");
    CHECK_THAT(open_error(server().url(frozen)).text(), Contains("takes no writes"));
    const auto nowhere = PostgresServer::database_of(server().make_database());
    server().sql("postgres", "ALTER DATABASE " + nowhere + " SET search_path = ''");
    CHECK_THAT(open_error(server().url(nowhere)).text(), Contains("no schema") && Contains("GRANT"));
    const auto crowded = PostgresServer::database_of(server().make_database());
    server().sql(crowded, "CREATE TABLE articles (id INT)");
    CHECK_THAT(open_error(server().url(crowded)).text(), Contains("database of its own"));
}

TEST_CASE("a session that broke loses its transaction and works again for the next", "[postgresql]") {
    Place place(Database::postgresql);
    auto store = place.open();
    Articles articles(*store, 1);
    const auto row = article("A");
    const auto kill = [&] {
        const auto pid = place.number(*store, "SELECT pg_backend_pid()");
        server().sql("postgres", "SELECT pg_terminate_backend(" + std::to_string(pid) + ")");
    };
    const auto done = store->in_transaction([&]() -> Result<void> {
        BLONGO_CHECK(articles.put(std::span(&row, 1)));
        kill();
        return articles.put(std::span(&row, 1));
    });
    REQUIRE_FALSE(done);
    CHECK(done.error().kind == ErrorKind::state);
    CHECK_THAT(done.error().text(), Contains("connection"));
    CHECK(value(articles.count()) == 0);

    kill();
    CHECK_FALSE(articles.count());
    CHECK(value(articles.count()) == 0);
    value(articles.put(std::span(&row, 1)));
    CHECK(value(articles.count()) == 1);
}

TEST_CASE("a transaction pooler is refused, a proxy that keeps sessions is not", "[postgresql]") {
    const auto url = server().make_database();
    const auto database = PostgresServer::database_of(url);
    SystemClock clock;
    const auto open_through = [&](const Pooler& pooler) {
        return Store::open({"postgresql://postgres@/" + database + "?host=" + pooler.folder(), {}, Access::read_write, &clock});
    };
    {
        Pooler pooler(server().socket(), Pooler::Mode::transaction);
        const auto store = open_through(pooler);
        REQUIRE_FALSE(store);
        CHECK(store.error().kind == ErrorKind::state);
        CHECK_THAT(store.error().text(), Contains("transaction pooler"));
    }
    Pooler pooler(server().socket(), Pooler::Mode::session);
    CHECK(open_through(pooler));
}
