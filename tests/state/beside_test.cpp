// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <filesystem>

#include <blongo/state/runs.hpp>

#include "support/process.hpp"

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;

namespace {

/// Another process that opens the database, reads, and is the last to close it as far as locks tell.
std::string read_by_another(const std::string& file) {
    Spawn spawn;
    spawn.argv = {"sqlite3", "-cmd", ".timeout 5000", file, "SELECT count(*) FROM cursors"};
    const Finished finished = run(spawn);
    INFO(finished.err);
    REQUIRE(finished.exit_code == 0);
    return finished.out;
}

} // namespace

TEST_CASE("a process that opened the state more than once keeps it while others come and go") {
    Place place(Database::sqlite);
    auto first = Store::open(place.options());
    REQUIRE(first);
    Cursors cursors(**first, 1);
    REQUIRE(cursors.set("before", "1"));
    const std::string file = (*first)->path();
    { // the request budget and the locks of a run have sessions of their own
        auto second = Store::open(place.options());
        REQUIRE(second);
        REQUIRE(Cursors(**second, 1).get("before"));
    }
    auto third = Store::open(place.options());
    REQUIRE(third);
    CHECK(read_by_another(file) == "1\n");
    CHECK(std::filesystem::exists(file + "-wal"));
    REQUIRE(cursors.set("after", "1"));
    CHECK(read_by_another(file) == "2\n");
}
