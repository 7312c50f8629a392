// SPDX-License-Identifier: Apache-2.0
// An order that both sides edit: what people changed in Ongoing stays when an update comes, what blongo set goes when
// BaseLinker reports it no more, and what is still changed when the warehouse has started.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "support/e2e/faults.hpp"
#include "support/e2e/order_life.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr auto O = Life::O;
constexpr std::int64_t first_line = O * 10 + 1, second_line = O * 10 + 2;
const std::string number = Life::number_of(O), first_row = std::to_string(first_line), second_row = std::to_string(second_line);

/// The seller's edit of O's members.
void edits(Life& life, json::Value members) {
    seller::edit(life.sandbox, O, std::move(members));
}

bool says(Life& life, const std::string& words) {
    INFO(life.history());
    return life.output().find(words) != std::string::npos;
}

/// Ongoing's text of a member of O.
std::string held(Life& life, const std::string& path) {
    return text_at(life.in_ongoing(O), path);
}

/// O as it was imported, with a locker, and in this status of Ongoing.
void with_locker(Life& life, std::int64_t ongoing_status) {
    life.bring_to(O, 200);
    edits(life, with("delivery_point_id", "KRA010"));
    runs(life, "put O");
    REQUIRE(held(life, "servicePointCode") == "KRA010");
    life.bring_to(O, ongoing_status);
}

} // namespace

TEST_CASE("what people edited in Ongoing stays when an update comes, and is said; the rest is updated", "[F15]") {
    Life life;
    life.bring_to(O, 200);
    people::edit(life.sandbox, number,
                 json::Value::object()
                     .set("consignee.address1", "Magazynowa 5")
                     .set("orderRemark", "zadzwonić")
                     .set("warehouseInstruction", "szkło")
                     .set("consignee.doorCode", "12#"));
    people::edit_line(life.sandbox, number, second_row, with("numberOfItems", 3));
    people::add_line(life.sandbox, number,
                     json::Value::object().set("articleNumber", synthetic_sku(4)).set("numberOfItems", 1).set("rowNumber", "M1"));
    // Their edits alone are no reason to write.
    runs(life, "");
    CHECK(life.parked().empty());

    edits(life, json::Value::object()
                    .set("delivery_address", "Leśna 2")
                    .set("delivery_city", "Łódź")
                    .set("admin_comments", "pilne")
                    .set("phone", "+48600999888"));
    seller::edit_line(life.sandbox, O, first_line, with("quantity", 4));
    seller::edit_line(life.sandbox, O, second_line, with("quantity", 7));
    seller::add_line(life.sandbox, O, base_line(synthetic_sku(3), 1));
    CHECK(life.run({"orders", "sync", "--json"}) == 0);
    INFO(life.history());
    CHECK(life.writes() == "put O");
    CHECK(life.there() == "O 200: A4 B3 C1 D1, Magazynowa 5");
    CHECK(held(life, "consignee.city") == "Łódź");
    CHECK(held(life, "telephoneNotification.value") == "+48600999888");
    CHECK(held(life, "orderRemark") == "zadzwonić");
    CHECK(held(life, "warehouseInstruction") == "szkło");
    CHECK(held(life, "consignee.doorCode") == "12#");
    for (const char* kept : {"consignee.address1", "orderRemark", "numberOfItems"}) {
        INFO(kept);
        CHECK(life.output().find("kept: ") != std::string::npos);
        CHECK(life.output().find(kept) != std::string::npos);
    }
    CHECK(life.parked().empty());
    idle(life);
    // The next edit of the same members changes nothing of theirs either.
    edits(life, with("delivery_address", "Leśna 3"));
    runs(life, "");
    CHECK(life.there() == "O 200: A4 B3 C1 D1, Magazynowa 5");
    idle(life);
}

TEST_CASE("a line that people deleted stays deleted when an update comes") {
    Life life;
    life.bring_to(O, 200);
    people::delete_line(life.sandbox, number, second_row);
    runs(life, "");
    edits(life, with("delivery_address", "Leśna 2"));
    runs(life, "put O");
    CHECK(life.there() == "O 200: A2, Leśna 2");
    seller::edit_line(life.sandbox, O, second_line, with("quantity", 6));
    runs(life, "");
    CHECK(life.there() == "O 200: A2, Leśna 2");
    idle(life);
}

TEST_CASE("an edit in BaseLinker that says what people already did writes nothing, and is ours from then on") {
    Life life;
    life.bring_to(O, 200);
    people::edit_line(life.sandbox, number, first_row, with("numberOfItems", 3));
    people::edit(life.sandbox, number, with("consignee.address1", "Leśna 2"));
    seller::edit_line(life.sandbox, O, first_line, with("quantity", 3));
    edits(life, with("delivery_address", "Leśna 2"));
    runs(life, "");
    CHECK(life.there() == "O 200: A3 B1, Leśna 2");
    seller::edit_line(life.sandbox, O, first_line, with("quantity", 4));
    edits(life, with("delivery_address", "Polna 7"));
    runs(life, "put O");
    CHECK(life.there() == "O 200: A4 B1, Polna 7");
    idle(life);
}

TEST_CASE("a line that is removed in BaseLinker goes although people had changed it") {
    Life life;
    life.bring_to(O, 200);
    people::edit_line(life.sandbox, number, second_row, with("numberOfItems", 9));
    seller::remove_line(life.sandbox, O, second_line);
    runs(life, "put O");
    CHECK(life.there() == "O 200: A2");
    idle(life);
}

TEST_CASE("an order with a line of people's without a row number cannot be said again: it is not updated but parked") {
    Life life;
    life.bring_to(O, 200);
    people::add_line(life.sandbox, number, json::Value::object().set("articleNumber", synthetic_sku(4)).set("numberOfItems", 1));
    runs(life, "");
    edits(life, with("delivery_address", "Leśna 2"));
    runs(life, "", 3);
    CHECK(life.there() == "O 200: A2 B1 D1");
    CHECK(life.parked() == "O edited_in_warehouse");
    idle(life);
    people::delete_line(life.sandbox, number, "");
    runs(life, "put O");
    CHECK(life.there() == "O 200: A2 B1, Leśna 2");
    CHECK(life.parked().empty());
    idle(life);
}

TEST_CASE("a service point that BaseLinker no longer reports is cleared, one that people set stays") {
    Life life;
    with_locker(life, 200);
    edits(life, with("delivery_point_id", ""));
    runs(life, "put O");
    CHECK(held(life, "servicePointCode").empty());
    idle(life);

    life.rewind();
    with_locker(life, 200);
    people::edit(life.sandbox, number, with("servicePointCode", "WAW777"));
    edits(life, with("delivery_point_id", ""));
    runs(life, "");
    CHECK(held(life, "servicePointCode") == "WAW777");
    idle(life);
}

TEST_CASE("when the warehouse has started, a changed service point is patched, and nothing is parked") {
    for (const std::int64_t before : {320, 400}) {
        INFO(before);
        Life life;
        with_locker(life, before);
        edits(life, with("delivery_point_id", "KRA020"));
        runs(life, "point O");
        CHECK(held(life, "servicePointCode") == "KRA020");
        CHECK(life.parked().empty());
        idle(life);

        // With the street the rest waits.
        edits(life, json::Value::object().set("delivery_point_id", "KRA030").set("delivery_address", "Leśna 2"));
        runs(life, "point O", 3);
        CHECK(held(life, "servicePointCode") == "KRA030");
        CHECK(held(life, "consignee.address1") == "Polna 1");
        CHECK(life.parked() == "O locked_in_warehouse");
        idle(life);

        // PATCH cannot empty it.
        edits(life, with("delivery_point_id", ""));
        CHECK(life.run() == 0);
        CHECK(life.writes().empty());
        CHECK(life.parked() == "O locked_in_warehouse");
        idle(life);
    }
}

TEST_CASE("a service point at a warehouse that refuses changes from 300 on is patched after the refusal") {
    Life life{{.options = {"--set", "locked_from_status=300"}}};
    with_locker(life, 300);
    edits(life, with("delivery_point_id", "KRA020"));
    runs(life, "put O!, point O");
    CHECK(held(life, "servicePointCode") == "KRA020");
    CHECK(life.parked().empty());
    idle(life);
}

TEST_CASE("a service point that Ongoing refuses is told, and what it said") {
    Life life;
    with_locker(life, 320);
    life.sandbox.fault(json::Value::object()
                           .set("side", "ongoing")
                           .set("operation", "PATCH /orders/{orderId}/servicePointCode")
                           .set("every", 1)
                           .set("fault", "status_before")
                           .set("code", 400)
                           .set("body", R"({"message":"Unknown service point"})"));
    edits(life, with("delivery_point_id", "KRA020"));
    CHECK(life.run() == 3);
    INFO(life.output());
    CHECK(life.output().find("Unknown service point") != std::string::npos);
    CHECK(life.parked() == "O locked_in_warehouse");
}

TEST_CASE("a change that the warehouse locks out is settled when people make it by hand, and its part goes") {
    for (const std::int64_t locked : {300, 320}) {
        INFO(locked);
        Life life;
        if (locked == 300) life.sandbox.options(with("locked_from_status", 300));
        life.bring_to(O, locked);
        const auto part = seller::split(life.sandbox, O, {{second_line, 1}});
        (void)life.run();
        CHECK(life.cause_of(O) == "locked_in_warehouse");
        CHECK(life.cause_of(part) == "split_waiting");
        (void)life.run();
        (void)life.writes();
        idle(life);
        people::delete_line(life.sandbox, number, second_row);
        (void)life.run();
        (void)life.run();
        INFO(life.history());
        CHECK(life.parked().empty());
        CHECK(life.there() == fmt::format("O {}: A2; N 300: B1", locked));
        (void)life.writes();
        idle(life);
    }
}

TEST_CASE("patch_when_started names what is patched") {
    SECTION("by default no remark") {
        Life life;
        life.bring_to(O, 400);
        edits(life, with("admin_comments", "pilne"));
        runs(life, "", 3);
        CHECK(life.parked() == "O locked_in_warehouse");
        idle(life);
    }
    SECTION("the remark") {
        Life life{{.orders = R"(patch_when_started = ["service_point", "remark"])"}};
        life.bring_to(O, 400);
        edits(life, with("admin_comments", "pilne"));
        runs(life, "remark O");
        CHECK(held(life, "orderRemark") == "pilne");
        CHECK(life.parked().empty());
        idle(life);
        // People's remark stays.
        people::edit(life.sandbox, number, with("orderRemark", "zadzwonić"));
        edits(life, with("admin_comments", "bardzo pilne"));
        CHECK(life.run() == 0);
        CHECK(life.writes().empty());
        CHECK(held(life, "orderRemark") == "zadzwonić");
    }
    SECTION("the instruction") {
        Life life{{.orders = "admin_comments = \"instruction\"\npatch_when_started = [\"instruction\"]"}};
        life.bring_to(O, 400);
        edits(life, with("admin_comments", "pilne"));
        runs(life, "note O");
        CHECK(held(life, "warehouseInstruction") == "pilne");
        CHECK(life.parked().empty());
        idle(life);
    }
    SECTION("nothing") {
        Life life{{.orders = "patch_when_started = []"}};
        with_locker(life, 400);
        edits(life, with("delivery_point_id", "KRA020"));
        runs(life, "", 3);
        CHECK(held(life, "servicePointCode") == "KRA010");
        CHECK(life.parked() == "O locked_in_warehouse");
        idle(life);
    }
}

TEST_CASE("a refused update is tried again for new content, and when the order's status has changed") {
    Life life{{.options = {"--set", "locked_from_status=300"}}};
    edits(life, with("delivery_address", "Leśna 2"));
    runs(life, "put O!", 3);
    idle(life);
    edits(life, with("delivery_address", "Leśna 3"));
    CHECK(life.run() == 0); // it stood there already
    CHECK(life.writes() == "put O!");
    CHECK(life.parked() == "O locked_in_warehouse");
    idle(life);
    // What was asked for is taken back: nothing waits any more.
    edits(life, with("delivery_address", "Polna 1"));
    runs(life, "");
    CHECK(life.parked().empty());
    edits(life, with("delivery_address", "Leśna 4"));
    CHECK(life.run() == 3);
    CHECK(life.writes() == "put O!");
    life.bring_to(O, 200); // people open it again
    runs(life, "put O");
    CHECK(life.there() == "O 200: A2 B1, Leśna 4");
    CHECK(life.parked().empty());
    idle(life);
}

TEST_CASE("a dry run says what it would update or cancel, and writes nothing") {
    Life life;
    life.bring_to(O, 200);
    edits(life, with("delivery_address", "Leśna 2"));
    CHECK(life.run({"orders", "sync", "--dry-run"}) == 0);
    CHECK(life.writes().empty());
    CHECK(says(life, number));
    edits(life, with("order_status_id", status::cancelled));
    CHECK(life.run({"orders", "sync", "--dry-run"}) == 0);
    CHECK(life.writes().empty());
    CHECK(says(life, number));
    CHECK(life.there() == "O 200: A2 B1");
    runs(life, "delete O");
}
