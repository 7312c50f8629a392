// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <csignal>
#include <filesystem>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <soci/sqlite3/soci-sqlite3.h>

#include <blongo/state/session_impl.hpp>
#include <blongo/state/sqlite_file_impl.hpp>

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;
using Catch::Matchers::Contains;

namespace {

Error error_of(const std::string& path) {
    ManualClock clock;
    const auto store = Store::open({"sqlite://" + path, {}, Access::read_write, &clock});
    REQUIRE_FALSE(store);
    CHECK_FALSE(store.error().remedy.empty());
    CHECK_FALSE(store.error().where.empty());
    return store.error();
}

std::vector<ArticleRow> many(int count) {
    std::vector<ArticleRow> rows;
    for (int i = 0; i < count; ++i) {
        rows.push_back(article("N" + std::to_string(i)));
        rows.back().agreed = std::string(500, 'x');
    }
    return rows;
}

/// As root nothing is forbidden: be somebody else in a child process.
int as_nobody(const std::function<int()>& body) {
    return in_processes(1, [&](int) {
        if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) return 98;
        return body();
    })[0];
}

} // namespace

TEST_CASE("a path that cannot hold a state is refused with cause and remedy", "[errors]") {
    TempDir folder;
    const auto no_parent = error_of(folder / "a/b/state.db");
    CHECK(no_parent.kind == ErrorKind::state);
    CHECK_THAT(no_parent.text(), Contains("cannot be made") && Contains("mkdir -p"));
    CHECK_THAT(error_of(folder.path().string()).text(), Contains("not a file"));
    write_file(folder / "plain", "x");
    CHECK_THAT(error_of(folder / "plain/state.db").text(), Contains("is not a folder"));
    CHECK(error_of("relative/state.db").kind == ErrorKind::config);
    CHECK(error_of(folder / "").kind == ErrorKind::config);
    CHECK(error_of(folder / "with\"quote.db").kind == ErrorKind::config);
    ManualClock clock;
    const auto unknown = Store::open({"mysql://host/db", {}, Access::read_write, &clock});
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().kind == ErrorKind::config);
    CHECK_THAT(unknown.error().text(), Contains("sqlite://"));
}

TEST_CASE("a path with spaces and equals signs is taken as it is", "[errors]") {
    TempDir folder;
    ManualClock clock;
    const std::string file = folder / "my  state = 1.db";
    REQUIRE(Store::open({"sqlite://" + file, {}, Access::read_write, &clock}));
    CHECK(std::filesystem::file_size(file) > 0);
    CHECK(Store::open({"sqlite://" + file, {}, Access::read_only, &clock}));
}

TEST_CASE("files that are no state are refused and left alone", "[errors]") {
    TempDir folder;
    const std::string text = "this is a text file, and a long enough one to be taken for a header of a database file";
    write_file(folder / "text.db", text + text + text);
    CHECK_THAT(error_of(folder / "text.db").text(), Contains("not a SQLite database") && Contains("text.db"));
    CHECK(read_file(folder / "text.db") == text + text + text);

    {
        soci::session other(soci::sqlite3, "dbname=" + (folder / "other.db"));
        other << "CREATE TABLE customers (id BIGINT)";
    }
    CHECK_THAT(error_of(folder / "other.db").text(), Contains("another program"));
}

TEST_CASE("a damaged state is reported as damaged", "[errors]") {
    Place place(Database::sqlite);
    {
        auto store = place.open();
        const auto rows = many(2000);
        value(Articles(*store, 1).put(rows));
    }
    std::string bytes = read_file(place.folder / "state.db");
    for (std::size_t i = 8192; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 31);
    write_file(place.folder / "state.db", bytes);
    auto store = Store::open(place.options());
    Result<void> read = fail(ErrorKind::internal, "");
    if (store) {
        read = Articles(**store, 1).each_key([](ArticleKeyRow&&) {});
    } else {
        read = fail(store.error());
    }
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == ErrorKind::state);
    CHECK_THAT(read.error().text(), Contains("damaged") && Contains("state.db"));
}

TEST_CASE("a full disk keeps nothing half-written, and the state works again afterwards", "[errors]") {
    Place place(Database::sqlite);
    auto store = place.open();
    Articles articles(*store, 1);
    const auto first = many(50);
    value(articles.put(first));
    const auto pages = place.number(*store, "PRAGMA page_count");
    place.number(*store, "PRAGMA max_page_count = " + std::to_string(pages + 10));

    const auto rows = many(5000);
    const auto full = store->in_transaction([&]() -> Result<void> {
        const auto one = article("before");
        BLONGO_CHECK(articles.put(std::span(&one, 1)));
        CHECK_FALSE(articles.put(rows));
        // Whoever overlooks the error must not commit what SQLite has not rolled back.
        const auto other = article("after");
        CHECK_FALSE(articles.put(std::span(&other, 1)));
        return {};
    });
    REQUIRE_FALSE(full);
    CHECK(full.error().kind == ErrorKind::state);
    CHECK_THAT(full.error().text(), Contains("disk is full") && Contains("free space") && Contains("state.db"));
    CHECK(value(articles.count()) == 50);

    place.number(*store, "PRAGMA max_page_count = 1000000");
    value(articles.put(rows));
    CHECK(value(articles.count()) == 5000);
}

TEST_CASE("a disk that refuses a write in the middle leaves the last commit", "[errors][processes]") {
    Place place(Database::sqlite, false);
    {
        auto store = place.open();
        const auto rows = many(50);
        value(Articles(*store, 1).put(rows));
    }
    const int code = in_processes(1, [&](int) {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{400'000, 400'000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        auto store = Store::open(place.options());
        if (!store) return 1;
        const auto rows = many(5000);
        const auto put = Articles(**store, 1).put(rows);
        if (put) return 2;
        return put.error().kind == ErrorKind::state && !put.error().remedy.empty() ? 0 : 3;
    })[0];
    CHECK(code == 0);
    auto store = place.open();
    CHECK(value(Articles(*store, 1).count()) == 50);
}

TEST_CASE("a folder or file of somebody else is refused with a remedy", "[errors][processes]") {
    Place place(Database::sqlite, false);
    { auto store = place.open(); }
    std::filesystem::permissions(place.folder.path(), std::filesystem::perms(0755));
    if (::geteuid() != 0) {
        std::filesystem::permissions(place.folder.path(), std::filesystem::perms(0555));
    }
    const auto message_has = [&](const std::string& url, const std::string& word) {
        return as_nobody([&] {
            auto options = place.options();
            options.url = url;
            const auto store = Store::open(options);
            if (store) return 1;
            const bool right = store.error().kind == ErrorKind::state && !store.error().remedy.empty() &&
                               store.error().text().find(word) != std::string::npos;
            if (!right) std::fprintf(stderr, "%s\n", store.error().text().c_str());
            return right ? 0 : 2;
        });
    };
    CHECK(message_has("sqlite://" + (place.folder / "new.db"), "cannot be written") == 0);
    CHECK(message_has("sqlite://" + (place.folder / "sub/new.db"), "cannot be made") == 0);
    if (::geteuid() == 0) CHECK(message_has(place.url, "cannot be written") == 0);
    std::filesystem::permissions(place.folder.path(), std::filesystem::perms(0755));
}

TEST_CASE("network file systems are told from local ones", "[errors]") {
    for (const std::uint64_t shared : {0x6969ULL, 0x517BULL, 0xFF534D42ULL, 0xFE534D42ULL, 0xFFFFFFFFFF534D42ULL}) {
        CHECK(is_network_filesystem(shared));
    }
    for (const std::uint64_t local : {0xEF53ULL, 0x58465342ULL, 0x01021994ULL, 0x9123683EULL, 0x794C7630ULL}) {
        CHECK_FALSE(is_network_filesystem(local));
    }
}
