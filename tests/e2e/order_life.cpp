// SPDX-License-Identifier: Apache-2.0
// Every transition of an imported order: where the warehouse stands x what happens in BaseLinker -> what is written, how
// both sides look, what is parked, the exit code, and what is booked when Send is pressed afterwards. One row per cell.
// Every cell runs with the journal off and on. BLONGO_CELL="320 cancel" runs one.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <functional>

#include <fmt/format.h>

#include <blongo/base/text.hpp>

#include "support/e2e/faults.hpp"
#include "support/e2e/order_life.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

/// O stands in the warehouse with two A and one B; V, where it is merged into O, with one A and one C.
struct Cell {
    /// Status of O in Ongoing; for merges V's / O's. "r": this warehouse refuses changes from 300 on, else from 320 on;
    /// 450: Send was pressed and nothing booked yet; 450b: booked.
    std::string before;
    std::string event;
    std::string writes; ///< see Life::writes(); of all runs that the event takes
    std::string there;  ///< Ongoing afterwards
    std::string base;   ///< BaseLinker afterwards
    std::string parked; ///< " or " where the rules leave room
    int code;           ///< the strongest exit code of these runs
    std::string booked; ///< after Send in all orders that stand there
};

const std::string O2 = "O 8069; N 8069", locked = "O locked_in_warehouse", came_back = "O cancelled_came_back",
                  merged = "O merged_in_base; V merged_in_base", waits = "N split_waiting";

const std::vector<Cell> cells = {
    // before | event | writes | Ongoing | BaseLinker | parked | exit code | booked
    {"200", "address", "put O", "O 200: A2 B1, Leśna 2", "O 8069", "", 0, "O"},
    {"300", "address", "put O", "O 300: A2 B1, Leśna 2", "O 8069", "", 0, "O"},
    {"300r", "address", "put O!", "O 300: A2 B1", "O 8069", locked, 3, "O"},
    {"320", "address", "", "O 320: A2 B1", "O 8069", locked, 3, "O"},
    {"400", "address", "", "O 400: A2 B1", "O 8069", locked, 3, "O"},
    {"450", "address", "", "O 450: A2 B1", "O 8069", locked, 3, "O"},
    {"450b", "address", "", "O 450: A2 B1", "O 8069", "", 0, "O"},
    {"1000", "address", "", "O 1000: A2 B1", "O 8069", came_back, 3, ""},

    {"200", "line added", "put O", "O 200: A2 B1 C3", "O 8069", "", 0, "O"},
    {"300", "line added", "put O", "O 300: A2 B1 C3", "O 8069", "", 0, "O"},
    {"300r", "line added", "put O!", "O 300: A2 B1", "O 8069", locked, 3, ""},
    {"320", "line added", "", "O 320: A2 B1", "O 8069", locked, 3, ""},
    {"400", "line added", "", "O 400: A2 B1", "O 8069", locked, 3, ""},
    {"450", "line added", "", "O 450: A2 B1", "O 8069", locked, 3, ""},
    {"450b", "line added", "", "O 450: A2 B1", "O 8069", "", 0, "O"},
    {"1000", "line added", "", "O 1000: A2 B1", "O 8069", came_back, 3, ""},

    {"200", "line changed", "put O", "O 200: A5 B1", "O 8069", "", 0, "O"},
    {"300", "line changed", "put O", "O 300: A5 B1", "O 8069", "", 0, "O"},
    {"300r", "line changed", "put O!", "O 300: A2 B1", "O 8069", locked, 3, ""},
    {"320", "line changed", "", "O 320: A2 B1", "O 8069", locked, 3, ""},
    {"400", "line changed", "", "O 400: A2 B1", "O 8069", locked, 3, ""},
    {"450", "line changed", "", "O 450: A2 B1", "O 8069", locked, 3, ""},
    {"450b", "line changed", "", "O 450: A2 B1", "O 8069", "", 0, "O"},
    {"1000", "line changed", "", "O 1000: A2 B1", "O 8069", came_back, 3, ""},

    {"200", "line removed", "put O", "O 200: A2", "O 8069", "", 0, "O"},
    {"300", "line removed", "put O", "O 300: A2", "O 8069", "", 0, "O"},
    {"300r", "line removed", "put O!", "O 300: A2 B1", "O 8069", locked, 3, ""},
    {"320", "line removed", "", "O 320: A2 B1", "O 8069", locked, 3, ""},
    {"400", "line removed", "", "O 400: A2 B1", "O 8069", locked, 3, ""},
    {"450", "line removed", "", "O 450: A2 B1", "O 8069", locked, 3, ""},
    {"450b", "line removed", "", "O 450: A2 B1", "O 8069", "", 0, "O"},
    {"1000", "line removed", "", "O 1000: A2 B1", "O 8069", came_back, 3, ""},

    {"200", "cancel", "delete O", "O 1000: A2 B1", "O 8073", "", 0, ""},
    {"300", "cancel", "delete O", "O 1000: A2 B1", "O 8073", "", 0, ""},
    {"300r", "cancel", "delete O!, note O, 8072 O", "O 300: A2 B1 told", "O 8072", locked, 3, ""},
    {"320", "cancel", "note O, 8072 O", "O 320: A2 B1 told", "O 8072", locked, 3, ""},
    {"400", "cancel", "note O, 8072 O", "O 400: A2 B1 told", "O 8072", locked, 3, ""},
    // From 450 on it is the label flow that tells the packer.
    {"450", "cancel", "8072 O", "O 450: A2 B1", "O 8072", locked, 3, ""},
    {"450b", "cancel", "", "O 450: A2 B1", "O 8073", "", 0, "O"},
    {"1000", "cancel", "", "O 1000: A2 B1", "O 8073", "", 0, ""},

    // At the first look an order that is not there says nothing yet.
    {"200", "delete", "delete O", "O 1000: A2 B1", "O gone", "", 0, ""},
    {"300", "delete", "delete O", "O 1000: A2 B1", "O gone", "", 0, ""},
    {"300r", "delete", "delete O!, note O", "O 300: A2 B1 told", "O gone", locked, 3, ""},
    {"320", "delete", "note O", "O 320: A2 B1 told", "O gone", locked, 3, ""},
    {"400", "delete", "note O", "O 400: A2 B1 told", "O gone", locked, 3, ""},
    {"450", "delete", "", "O 450: A2 B1", "O gone", locked, 3, ""},
    {"450b", "delete", "", "O 450: A2 B1", "O gone", "", 0, "O"},
    {"1000", "delete", "", "O 1000: A2 B1", "O gone", "", 0, ""},

    // V's / O's status: one decision.
    {"200/200", "merge", "put O, delete V", "O 200: A1 A2 B1 C1; V 1000: A1 C1", "O 8069", "", 0, "O"},
    {"300/300", "merge", "put O, delete V", "O 300: A1 A2 B1 C1; V 1000: A1 C1", "O 8069", "", 0, "O"},
    {"300r/300r", "merge", "put O!", "O 300: A2 B1; V 300: A1 C1", "O 8069", merged, 3, ""},
    {"320/320", "merge", "", "O 320: A2 B1; V 320: A1 C1", "O 8069", merged, 3, ""},
    {"400/400", "merge", "", "O 400: A2 B1; V 400: A1 C1", "O 8069", merged, 3, ""},
    {"450/450", "merge", "", "O 450: A2 B1; V 450: A1 C1", "O 8069", merged, 3, ""},
    {"450b/450b", "merge", "", "O 450: A2 B1; V 450: A1 C1", "O 8069", "", 0, "O; V"},
    {"1000/1000", "merge", "", "O 1000: A2 B1; V 1000: A1 C1", "O 8069", came_back, 3, ""},
    {"300/200", "merge", "put O, delete V", "O 200: A1 A2 B1 C1; V 1000: A1 C1", "O 8069", "", 0, "O"},
    {"200/300", "merge", "put O, delete V", "O 300: A1 A2 B1 C1; V 1000: A1 C1", "O 8069", "", 0, "O"},
    {"300r/200", "merge", "put O, delete V!, put O", "O 200: A2 B1; V 300: A1 C1", "O 8069", merged, 3, ""},
    {"200/300r", "merge", "put O!", "O 300: A2 B1; V 200: A1 C1", "O 8069", merged, 3, ""},
    {"320/200", "merge", "", "O 200: A2 B1; V 320: A1 C1", "O 8069", merged, 3, ""},
    {"200/320", "merge", "", "O 320: A2 B1; V 200: A1 C1", "O 8069", merged, 3, ""},
    {"450/200", "merge", "", "O 200: A2 B1; V 450: A1 C1", "O 8069", merged, 3, ""},
    // V's pieces have been sent: they must not go once more with O.
    {"450b/200", "merge", "", "O 200: A2 B1; V 450: A1 C1", "O 8069", merged + " or O merged_in_base", 3, "V"},
    {"200/450b", "merge", "", "O 450: A2 B1; V 200: A1 C1", "O 8069", merged + " or V merged_in_base", 3, "O"},
    {"1000/200", "merge", "put O", "O 200: A1 A2 B1 C1; V 1000: A1 C1", "O 8069", "", 0, "O"},
    // O is not in the warehouse any more, with or without V's pieces: it waits for a human, who sends it as a whole.
    {"200/1000", "merge", "delete V", "O 1000: A2 B1; V 1000: A1 C1", "O 8069", came_back, 3, ""},

    // One A and the B move to N.
    {"200", "split", "put O, put N", "O 200: A1; N 300: A1 B1", O2, "", 0, "N; O"},
    {"300", "split", "put O, put N", "O 300: A1; N 300: A1 B1", O2, "", 0, "N; O"},
    {"300r", "split", "put O!", "O 300: A2 B1", O2, waits + "; " + locked, 3, ""},
    {"320", "split", "", "O 320: A2 B1", O2, waits + "; " + locked, 3, ""},
    {"400", "split", "", "O 400: A2 B1", O2, waits + "; " + locked, 3, ""},
    {"450", "split", "", "O 450: A2 B1", O2, waits + "; " + locked, 3, ""},
    {"450b", "split", "", "O 450: A2 B1", O2, waits, 3, "O"},
    {"1000", "split", "put N", "O 1000: A2 B1; N 300: A1 B1", O2, came_back, 3, "N"},

    {"200", "copy", "", "O 200: A2 B1", O2, waits, 3, "O"},
    {"300", "copy", "", "O 300: A2 B1", O2, waits, 3, "O"},
    {"300r", "copy", "", "O 300: A2 B1", O2, waits, 3, "O"},
    {"320", "copy", "", "O 320: A2 B1", O2, waits, 3, "O"},
    {"400", "copy", "", "O 400: A2 B1", O2, waits, 3, "O"},
    {"450", "copy", "", "O 450: A2 B1", O2, waits, 3, "O"},
    {"450b", "copy", "", "O 450: A2 B1", O2, waits, 3, "O"},
    {"1000", "copy", "put N", "O 1000: A2 B1; N 300: A2 B1", O2, came_back, 3, "N"},

    // Cancelled, a run, and back to 8069.
    {"200", "back", "", "O 1000: A2 B1", "O 8069", came_back, 3, ""},
    {"300", "back", "", "O 1000: A2 B1", "O 8069", came_back, 3, ""},
    {"300r", "back", "note O", "O 300: A2 B1", "O 8069", "", 0, "O"},
    {"320", "back", "note O", "O 320: A2 B1", "O 8069", "", 0, "O"},
    {"400", "back", "note O", "O 400: A2 B1", "O 8069", "", 0, "O"},
    {"450", "back", "", "O 450: A2 B1", "O 8069", "", 0, "O"},
    {"450b", "back", "", "O 450: A2 B1", "O 8069", "", 0, "O"},
    {"1000", "back", "", "O 1000: A2 B1", "O 8069", came_back, 3, ""},
};

struct Event {
    std::function<void(Life&)> happens;
    int runs = 1; ///< that it takes
};

const Event& event_of(const std::string& name) {
    static constexpr auto O = Life::O, first_line = O * 10 + 1, second_line = O * 10 + 2;
    const auto status_of_o = [](Life& life, std::int64_t status) {
        seller::edit(life.sandbox, Life::O, with("order_status_id", status));
    };
    static const std::map<std::string, Event> events = {
        {"address", {[](Life& life) { seller::edit(life.sandbox, O, with("delivery_address", "Leśna 2")); }}},
        {"line added", {[](Life& life) { seller::add_line(life.sandbox, O, base_line(synthetic_sku(3), 3)); }}},
        {"line changed", {[](Life& life) { seller::edit_line(life.sandbox, O, first_line, with("quantity", 5)); }}},
        {"line removed", {[](Life& life) { seller::remove_line(life.sandbox, O, second_line); }}},
        {"cancel", {[=](Life& life) { status_of_o(life, status::cancelled); }}},
        {"delete", {[](Life& life) { seller::erase(life.sandbox, O); }, 2}},
        {"merge", {[](Life& life) { seller::merge(life.sandbox, O, {Life::V}); }, 2}},
        {"split",
         {[](Life& life) {
              seller::split(life.sandbox, O, {{first_line, 1}, {second_line, 1}});
          },
          2}},
        {"copy", {[](Life& life) { seller::copy(life.sandbox, O); }, 2}},
        {"back", {[=](Life& life) {
             status_of_o(life, status::cancelled);
             (void)life.run();
             (void)life.writes();
             status_of_o(life, status::to_warehouse);
         }}}};
    return events.at(name);
}

void bring_to(Life& life, std::int64_t order, const std::string& before) {
    life.bring_to(order, std::stoll(before));
    if (before != "450b") return;
    REQUIRE(life.run({"shipments", "send"}) == 0);
}

/// No piece is in the warehouse more often than it was sold: before or after what happened in BaseLinker.
void expect_nothing_twice(Life& life, const std::map<std::string, std::int64_t>& sold_before) {
    const auto sold = life.pieces_in_base();
    for (const auto& [letter, pieces] : life.pieces_there()) {
        const auto now = sold.contains(letter) ? sold.at(letter) : 0;
        const auto before = sold_before.contains(letter) ? sold_before.at(letter) : 0;
        INFO(letter << ": " << pieces << " in the warehouse");
        CHECK(pieces <= std::max(now, before));
    }
}

void play(Life& life, const Cell& cell, bool journal) {
    INFO("BLONGO_CELL=\"" << cell.before << " " << cell.event << "\", journal " << (journal ? "on" : "off"));
    life.rewind();
    const bool refuses = cell.before.find('r') != std::string::npos;
    life.sandbox.options(with("locked_from_status", refuses ? 300 : 320));
    const auto parts = split(cell.before, '/');
    bring_to(life, Life::O, parts.back());
    if (parts.size() == 2) bring_to(life, Life::V, parts.front());
    (void)life.writes();
    const auto sold = life.pieces_in_base();
    const Event& event = event_of(cell.event);
    event.happens(life);

    int code = 0;
    std::string writes;
    for (int run = 1; run <= event.runs; ++run) {
        code = std::max(code, life.run());
        const std::string now = life.writes();
        // An absence counts at the second look; only the journal may say so earlier, or that it is cancelled there.
        const bool may_at_once = journal || cell.before.starts_with("1000/");
        if (run == 1 && (cell.event == "delete" || (cell.event == "merge" && !may_at_once))) CHECK(now.empty());
        writes += (writes.empty() || now.empty() ? "" : ", ") + now;
        expect_nothing_twice(life, sold);
    }
    std::string parked = cell.parked;
    const std::string seen = life.parked();
    for (std::size_t at = 0; parked.find(" or ") != std::string::npos; at = 0) {
        const std::string one = parked.substr(at, parked.find(" or "));
        parked = one == seen ? one : parked.substr(one.size() + 4);
    }
    INFO(life.history());
    CHECK(writes == cell.writes);
    CHECK(life.there(parts.size() == 2) == cell.there);
    CHECK(life.base() == cell.base);
    CHECK(seen == parked);
    CHECK(code == cell.code);

    // Nothing happens: nothing is done.
    CHECK(life.run() == 0);
    CHECK(life.writes().empty());
    CHECK(life.parked() == seen);

    life.send_all(parts.size() == 2);
    INFO(life.output());
    CHECK(life.booked() == cell.booked);
    expect_lawful(life.sandbox);
}

void play_all(bool journal) {
    const char* only = std::getenv("BLONGO_CELL");
    Life life({.journal = journal});
    for (const Cell& cell : cells)
        if (only == nullptr || cell.before + " " + cell.event == only) play(life, cell, journal);
}

} // namespace

TEST_CASE("every transition while the journal is off", "[off]") {
    play_all(false);
}

TEST_CASE("every transition while the journal is on", "[on]") {
    play_all(true);
}
