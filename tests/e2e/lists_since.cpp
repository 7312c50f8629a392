// SPDX-License-Identifier: Apache-2.0
// --since of the lists, and -y of what asks.
#include <algorithm>

#include <catch2/catch.hpp>

#include "support/e2e/commands.hpp"
#include "support/e2e/demo_day.hpp"

using namespace blongo;
using namespace blongo::test;

TEST_CASE("lists leave out what is older than --since") {
    struct Listed {
        std::vector<std::string> command;
        const char *row, *older;
    };
    const std::vector<Listed> lists = {
        {{"orders", "list"}, "order", "UPDATE orders SET imported_at = imported_at - 86400000 WHERE order_id = 184400101"},
        {{"shipments", "list"}, "shipment", "UPDATE deliveries SET sent_at = sent_at - 86400000 WHERE order_id = 184400101"},
        {{"parked", "list"}, "parked", "UPDATE parked SET since = since - 86400000 WHERE key = '184400121'"},
    };
    const DemoDay day;
    for (const Listed& list : lists) {
        INFO(list.command.front());
        edit_state(day.installation, list.older);
        const auto count = [&](const std::string& since) {
            auto arguments = list.command;
            arguments.insert(arguments.end(), {"--json", "--since", since});
            const auto ran = said(day.installation, arguments);
            CHECK(ran.exit_code == 0);
            return lines_of(ran, list.row).size();
        };
        const auto all = count("2d");
        CHECK(all > 1);
        CHECK(count("2h") == all - 1);
        CHECK(count("2090-01-01") == 0);
        auto wrong = list.command;
        wrong.insert(wrong.end(), {"--since", "yesterday"});
        CHECK(said(day.installation, wrong).exit_code == 2);
    }
}

TEST_CASE("what cannot be undone wants a yes, by option or from the environment") {
    const DemoDay day;
    CHECK(said(day.installation, {"connection", "remove", "demo", "--erase"}).exit_code == 2);
    CHECK_FALSE(lines_of(said(day.installation, {"orders", "list", "--json"}), "order").empty());
    CHECK(said(day.installation, {"connection", "remove", "demo", "--erase"}, {{"BLONGO_YES", "1"}}).exit_code == 0);
    CHECK(lines_of(said(day.installation, {"orders", "list", "--json"}), "order").empty());
}

TEST_CASE("lists of Ongoing's own tables have a row for each, and name their columns") {
    const DemoDay day;
    for (const char* what : {"ways-of-delivery", "transporters"}) {
        INFO(what);
        const auto listed = said(day.installation, {"list", what});
        CHECK(listed.exit_code == 0);
        expect_text(listed.out, "CODE");
        expect_text(listed.out, "NAME");
        CHECK(std::count(listed.out.begin(), listed.out.end(), '\n') > 1);
    }
}
