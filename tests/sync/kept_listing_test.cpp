// SPDX-License-Identifier: Apache-2.0
// What is kept of a listing, and what must not be taken for one.
#include <blongo/state/runs.hpp>
#include <blongo/sync/kept_listing.hpp>

#include "scripted_session.hpp"

using namespace blongo;
using namespace blongo::test;

TEST_CASE("a run without a deadline that is stopped behind its listing leaves none to the next run") {
    BLONGO_ON_BOTH(place);
    ScriptedSession session(place);
    sync::Flow flow{session, "articles", {}};
    sync::KeptListing listing(flow, true);
    REQUIRE(listing.add({{ProductId{1}, ProductId{}, "SKU-1", {}, {}, {}}}, 1));
    REQUIRE(listing.end(false));
    sync::KeptListing next(flow, true);
    REQUIRE(next.restore([](baselinker::ProductListRow&&) -> Result<void> { return {}; }));
    CHECK_FALSE(next.is_whole());
    CHECK(next.first_page() == 1);
}
