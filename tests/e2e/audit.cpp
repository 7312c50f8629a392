// SPDX-License-Identifier: Apache-2.0
// Who did what, and personal data: `blongo audit` and `blongo pii`.

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "support/e2e/commands.hpp"
#include "support/e2e/orders.hpp"

#include "buyer.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

std::vector<json::Value> audit_rows(const Shop& shop, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"audit", "show", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return lines_of(said(shop.installation, std::move(arguments)), "audit");
}

std::size_t row_count(const Shop& shop) {
    return std::size_t(std::stoll(edit_state(shop.installation, "SELECT COUNT(*) FROM audit")));
}

} // namespace

TEST_CASE("an order from import to shipment stands in the audit, with who and what; idle runs add nothing", "[audit]") {
    Shop shop;
    shop.order(101);
    shop.send(101);
    REQUIRE(said(shop.installation, {"run", "--as", "Ewa Pakowska"}, {{"SUDO_USER", "anna"}}).exit_code == 0);
    REQUIRE(shop.packages(101) == 1);
    const auto rows = audit_rows(shop, {"--order", "101"});
    std::string told;
    for (const auto& row : rows)
        told +=
            fmt::format("{} {} {} {}\n", row["kind"].text(), row["verb"].text(), row["endpoint"].text(), row["outcome"].text());
    INFO(told);
    for (const char* wanted : {"write idempotent_write ongoing PUT /orders done", "decision create  done",
                               "intent create_package  done", "write unsafe_write baselinker createPackage done"})
        CHECK(told.find(wanted) != std::string::npos);
    for (const auto& row : rows) CHECK(row["object"].text() == "order:101");
    CHECK(rows.back()["acting_as"].text() == "Ewa Pakowska");
    CHECK(rows.back()["sudo_user"].text() == "anna");
    CHECK(rows.back()["command"].text() == "run");
    // Every write that arrived at a side is there once.
    const auto all = audit_rows(shop, {"--since", "1d"});
    std::size_t writes = 0;
    for (const auto& row : all) writes += row["endpoint"].text().empty() ? 0 : 1;
    CHECK(std::int64_t(writes) == shop.sandbox.writes());
    expect_text(said(shop.installation, {"audit", "show", "--order", "101"}).out, "Ewa Pakowska (");

    const std::size_t before = row_count(shop);
    for (int i = 0; i < 2; ++i) REQUIRE(said(shop.installation, {"run"}).exit_code == 0);
    CHECK(row_count(shop) == before);

    REQUIRE(said(shop.installation, {"connection", "pause", "demo", "--reason", "stocktaking"}).exit_code == 0);
    REQUIRE(said(shop.installation, {"connection", "resume", "demo"}).exit_code == 0);
    CHECK(row_count(shop) == before + 2);
    CHECK(audit_rows(shop).back()["verb"].text() == "resume");
    CHECK(said(shop.installation, {"audit", "show", "--order", "nobody"}).exit_code == 6);
}

TEST_CASE("verify proves the audit; a changed row, a cut end and a lost head are found", "[audit]") {
    Shop shop;
    shop.orders(101, 2);
    const auto blongo = [&](std::vector<std::string> arguments) { return said(shop.installation, std::move(arguments)); };
    const auto good = blongo({"audit", "verify"});
    CHECK(good.exit_code == 0);
    expect_text(good.out, "the audit closes");
    for (const std::vector<std::string>& form : {std::vector<std::string>{}, {"--format", "csv"}, {"--json"}}) {
        std::vector<std::string> arguments{"audit", "export", "--heads"};
        arguments.insert(arguments.end(), form.begin(), form.end());
        const auto heads = blongo(arguments);
        REQUIRE(heads.exit_code == 0);
        write_file(shop.installation.folder() / "heads", heads.out);
        CHECK(blongo({"audit", "verify", "--heads", shop.installation.folder() / "heads"}).exit_code == 0);
    }
    CHECK(blongo({"audit", "export"}).exit_code == 2);
    const auto csv = blongo({"audit", "export", "--from", "2020-01-01", "--format", "csv"});
    CHECK(std::size_t(std::count(csv.out.begin(), csv.out.end(), '\n')) == row_count(shop) + 1);
    expect_text(csv.out, audit_rows(shop).back()["hash"].text().data());

    edit_state(shop.installation,
               "DROP TRIGGER audit_stay; DELETE FROM audit_words WHERE seq = (SELECT MAX(seq) FROM audit); "
               "DELETE FROM audit WHERE seq = (SELECT MAX(seq) FROM audit); UPDATE audit_heads SET seq = seq - 1, hash = "
               "(SELECT hash FROM audit ORDER BY seq DESC LIMIT 1)");
    const auto cut = blongo({"audit", "verify", "--heads", shop.installation.folder() / "heads"});
    CHECK(cut.exit_code == 1);
    expect_text(cut.out, "which was exported, is gone");
    edit_state(shop.installation, "DROP TRIGGER audit_keep; UPDATE audit SET outcome = 'rejected' WHERE seq = 2");
    const auto changed = blongo({"audit", "verify"});
    CHECK(changed.exit_code == 1);
    expect_text(changed.out, "was changed");
    write_file(shop.installation.folder() / "heads", "nonsense\n");
    CHECK(blongo({"audit", "verify", "--heads", shop.installation.folder() / "heads"}).exit_code == 2);
}

TEST_CASE("pii erase leaves nothing of a buyer in state, WAL, labels and a fresh copy, and the audit closes", "[pii]") {
    Shop shop;
    const std::string log = shop.installation.folder() / "log";
    const auto blongo = [&](std::vector<std::string> arguments) { return said(shop.installation, std::move(arguments)); };
    CHECK(blongo({"pii", "erase", "101", "-y"}).exit_code == 6); // nothing has run yet
    REQUIRE(blongo({"articles", "sync"}).exit_code == 0);
    shop.order(101, buyer());
    shop.order(102);
    REQUIRE(blongo({"orders", "hold", "102", "--reason", "call " + buyer_name + " at " + buyer_phone}).exit_code == 0);
    REQUIRE(blongo({"orders", "hold", "101", "--reason", "call " + buyer_name + " at " + buyer_phone}).exit_code == 0);
    for (const char* order : {"101", "102"}) REQUIRE(blongo({"orders", "unhold", order}).exit_code == 0);
    CHECK(blongo({"pii", "erase", "102", "-y"}).exit_code == 7); // it would never be sent
    for (const int order : {101, 102}) shop.send(order);
    REQUIRE(blongo({"shipments", "send", "--log-file", log}).exit_code == 0);
    REQUIRE(shop.packages(101) == 1);

    const auto found = lines_of(blongo({"pii", "find", buyer_name, "--json", "--log-file", log}), "held");
    REQUIRE_FALSE(found.empty()); // the reason of the hold, in the audit
    CHECK(blongo({"pii", "erase", "101"}).exit_code == 2);
    const auto exported = json::Value::parse(blongo({"pii", "export", "101"}).out);
    REQUIRE(exported);
    CHECK(exported->elements().at(0)["state"]["deliveries"].size() == 1);
    CHECK(exported->dump().find(buyer_name) != std::string::npos);

    const auto erased = blongo({"pii", "erase", "101", "--yes"});
    CHECK(erased.exit_code == 0);
    REQUIRE(blongo({"pii", "erase", "102", "-y"}).exit_code == 0);
    expect_clean(erased.out + erased.err, "what erase says");
    const std::string copy = shop.installation.folder() / "copy.db";
    edit_state(shop.installation, "VACUUM INTO '" + copy + "'");
    expect_nothing_personal(shop.installation.folder().path());
    for (const std::string& text : personal()) {
        const auto looked = blongo({"pii", "find", text, "--in", copy, "--log-file", log, "--json"});
        CHECK(lines_of(looked, "held").empty());
    }
    CHECK(edit_state(shop.installation, "SELECT COUNT(*) FROM labels WHERE erased IS NULL AND order_id = 101") == "0\n");
    const auto verified = blongo({"audit", "verify"});
    CHECK(verified.exit_code == 0);
    expect_text(verified.out, "were erased");
    expect_text(blongo({"audit", "show", "--order", "101"}).out, "(erased)");

    // Nothing comes back: runs do not look at it any more, and write nothing.
    const auto writes = shop.sandbox.writes();
    CHECK(blongo({"run"}).exit_code == 0);
    CHECK(shop.sandbox.writes() == writes);
    CHECK(shop.packages(101) == 1);
    expect_nothing_personal(shop.installation.folder().path());
    CHECK(blongo({"audit", "verify"}).exit_code == 0);
    CHECK(blongo({"pii", "erase", "999", "-y"}).exit_code == 6);
    // A number that two orders answer to erases neither.
    edit_state(shop.installation, "UPDATE orders SET market_number = 'M-1'");
    const auto several = blongo({"pii", "erase", "M-1", "-y"});
    CHECK(several.exit_code == 2);
    expect_text(several.err, "M-1 names several orders: 101 of demo, 102 of demo");
}

TEST_CASE("a shipment that is under way is not erased; keep_personal_data erases by itself", "[pii]") {
    Shop shop(shipments_on(), "[privacy]\nkeep_personal_data = \"30d\"\n");
    const auto blongo = [&](std::vector<std::string> arguments) { return said(shop.installation, std::move(arguments)); };
    shop.order(101, buyer());
    shop.send(101);
    REQUIRE(blongo({"run"}).exit_code == 0);
    const std::string state = edit_state(shop.installation, "SELECT state FROM deliveries WHERE order_id = 101");
    edit_state(shop.installation, "UPDATE deliveries SET state = 2 WHERE order_id = 101");
    CHECK(blongo({"pii", "erase", "101", "-y"}).exit_code == 7);
    edit_state(shop.installation, "UPDATE deliveries SET state = 4 WHERE order_id = 101");

    const auto kept = [&] { return edit_state(shop.installation, "SELECT COUNT(*) FROM orders WHERE agreed <> ''"); };
    edit_state(shop.installation, "UPDATE orders SET closed_at = (strftime('%s','now') - 29 * 86400) * 1000");
    REQUIRE(blongo({"run"}).exit_code == 0);
    CHECK(kept() == "1\n");
    edit_state(shop.installation, "UPDATE orders SET closed_at = (strftime('%s','now') - 31 * 86400) * 1000");
    REQUIRE(blongo({"run"}).exit_code == 0);
    CHECK(kept() == "0\n");
    CHECK(edit_state(shop.installation, "SELECT COUNT(*) FROM audit_words WHERE object = 'order:101'") == "0\n");
    CHECK(blongo({"audit", "verify"}).exit_code == 0);
    const auto rows = audit_rows(shop);
    CHECK(std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row["verb"].text() == "expire"; }));
}

TEST_CASE("labels go from Ongoing when the configuration says so, once, and nobody misses them", "[pii]") {
    Shop shop(shipments_on(), "[privacy]\ndelete_labels_in_ongoing_after = \"90d\"\n");
    const auto blongo = [&](std::vector<std::string> arguments) { return said(shop.installation, std::move(arguments)); };
    const auto labels = [&](int order) { return shop.files(order).size(); };
    for (const int order : {101, 102, 103}) {
        shop.order(order);
        if (order != 103) shop.send(order);
    }
    REQUIRE(blongo({"run"}).exit_code == 0);
    shop.send(103); // sent later
    REQUIRE(blongo({"run"}).exit_code == 0);
    for (const int order : {101, 102, 103}) REQUIRE(labels(order) == 1);
    edit_state(shop.installation, "UPDATE labels SET uploaded = uploaded - 89 * 86400000 WHERE order_id <> 103");
    REQUIRE(blongo({"run"}).exit_code == 0);
    CHECK(labels(101) + labels(102) == 2);

    edit_state(shop.installation, "UPDATE labels SET uploaded = uploaded - 2 * 86400000 WHERE order_id <> 103");
    REQUIRE(blongo({"run", "--dry-run"}).exit_code == 0);
    CHECK(labels(101) + labels(102) == 2);
    shop.sandbox.fault(json::Value::object()
                           .set("side", "ongoing")
                           .set("operation", "DELETE /orders/{orderId}/files/{fileId}")
                           .set("nth", 1)
                           .set("fault", "status_before")
                           .set("code", 400)
                           .set("body", R"({"message":"not today"})"));
    const auto refused = blongo({"run"});
    CHECK(refused.exit_code == 0);
    expect_text(refused.err, "1 labels that privacy.delete_labels_in_ongoing_after names are still in Ongoing: order 101");
    expect_text(refused.err, "not today");
    CHECK(labels(101) == 1);
    CHECK(labels(102) == 0);
    shop.sandbox.clear_faults();
    CHECK(blongo({"run"}).err.find("privacy") == std::string::npos);
    CHECK(labels(101) == 0);
    CHECK(labels(103) == 1);

    const auto writes = shop.sandbox.writes();
    CHECK(blongo({"run"}).exit_code == 0);
    CHECK(blongo({"shipments", "refresh", "101"}).exit_code == 0);
    CHECK(shop.sandbox.writes() == writes);
    CHECK(labels(101) == 0);
    const auto checked = blongo({"check", "--exit-code"});
    INFO(checked.out << checked.err);
    CHECK(checked.exit_code == 0);
    const auto rows = audit_rows(shop, {"--order", "101"});
    CHECK(std::any_of(rows.begin(), rows.end(), [](const auto& row) {
        return row["endpoint"].text().find("files") != std::string_view::npos &&
               row["endpoint"].text().starts_with("ongoing DELETE");
    }));
}

TEST_CASE("marks of a buyer's data cannot be tried out without the key of the state", "[pii]") {
    Shop shop;
    shop.order(101, buyer());
    for (const char* column : {"fingerprint", "agreed", "source_mark"})
        CHECK(edit_state(shop.installation, fmt::format("SELECT substr({}, 1, 3) FROM orders", column)) == "~1:\n");
    CHECK(edit_state(shop.installation, "SELECT DISTINCT substr(payload, 1, 3) FROM intents") == "~1:\n");
    // The next run reads them: nothing differs, nothing is written.
    const auto writes = shop.sandbox.writes();
    CHECK(said(shop.installation, {"orders", "sync"}).exit_code == 0);
    CHECK(shop.sandbox.writes() == writes);
}

TEST_CASE("--personal is recorded before anything is shown", "[pii]") {
    Shop shop;
    shop.order(101, buyer());
    const auto count = row_count(shop);
    REQUIRE(said(shop.installation, {"orders", "list", "--personal"}).exit_code == 0);
    CHECK(row_count(shop) == count + 1);
    CHECK(audit_rows(shop).back()["verb"].text() == "show personal data");
    CHECK(audit_rows(shop).back()["command"].text() == "orders list");
}

TEST_CASE("--personal is recorded by a state that remembers nothing yet, and a rebuild still takes it for lost", "[pii]") {
    Shop shop;
    REQUIRE(said(shop.installation, {"doctor", "--personal"}).exit_code == 0);
    CHECK(row_count(shop) == 1);
    CHECK(audit_rows(shop).back()["verb"].text() == "show personal data");
    CHECK(said(shop.installation, {"state", "rebuild"}).exit_code == 0);
}

TEST_CASE("the audit shows words about an order with --personal only", "[pii]") {
    Shop shop;
    shop.order(101, buyer());
    const std::string reason = "call " + buyer_name;
    REQUIRE(said(shop.installation, {"orders", "hold", "101", "--reason", reason}).exit_code == 0);
    REQUIRE(said(shop.installation, {"connection", "pause", "demo", "--reason", "stocktaking"}).exit_code == 0);
    for (const std::vector<std::string>& form : {std::vector<std::string>{}, {"--json"}, {"--format", "csv"}}) {
        std::vector<std::string> arguments{"audit", "show"};
        arguments.insert(arguments.end(), form.begin(), form.end());
        const auto masked = said(shop.installation, arguments);
        expect_clean(masked.out + masked.err, "audit show");
        expect_text(masked.out, "***");
        expect_text(masked.out, "stocktaking"); // about nobody
        arguments.emplace_back("--personal");
        expect_text(said(shop.installation, arguments).out, reason);
    }
}
