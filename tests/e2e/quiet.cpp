// SPDX-License-Identifier: Apache-2.0
// -q, as cron uses it: what is new is printed at once, what stands again after `remind`, what is solved once, and nothing else.
#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <filesystem>

#include <blongo/base/text.hpp>

#include "support/e2e/commands.hpp"
#include "support/e2e/faults.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr std::int64_t n = 84512301;

struct Cron {
    explicit Cron(const std::string& shipments = shipments_on()) : shop(shipments) {}
    /// Both outputs, as cron would mail them.
    std::string mail(int code, std::vector<std::string> arguments = {"run", "-q"}) {
        const Finished run = said(shop.installation, std::move(arguments));
        CHECK(run.exit_code == code);
        return run.out + run.err;
    }
    void park(std::int64_t order) { shop.sandbox.base_orders(base_order(order, {base_line("NO-SUCH-SKU")})); }
    /// As if so many hours had passed since anything was told.
    void pass(int hours) {
        edit_state(shop.installation, "UPDATE alerts SET told_at = told_at - " + std::to_string(hours) + " * 3600 * 1000");
    }
    void refuse(bool refused) {
        if (refused)
            shop.sandbox.fault(json::Value::object()
                                   .set("side", "ongoing")
                                   .set("operation", "*")
                                   .set("times", 999)
                                   .set("fault", "status_before")
                                   .set("code", 401));
        else
            shop.sandbox.clear_faults();
    }
    Shop shop;
};

} // namespace

TEST_CASE("a parked order is printed at once, again after the time of remind, and once when it is solved") {
    Cron cron;
    CHECK(cron.mail(0).empty());
    cron.park(n);
    const std::string first = cron.mail(3);
    expect_text(first, "? 84512301          unknown_sku: ");
    expect_no_text(first, "problem:");
    for (int i = 0; i < 2; ++i) CHECK(cron.mail(0).empty());
    CHECK(cron.mail(3, {"run", "-q", "--strict"}).empty());
    cron.park(n + 1); // another of the same cause is new
    expect_text(cron.mail(3), "? 84512302          unknown_sku: ");
    cron.pass(23);
    CHECK(cron.mail(0).empty());
    cron.pass(1);
    const std::string again = cron.mail(0);
    CHECK_THAT(again, Catch::StartsWith("demo: reminder: 2 waiting (unknown_sku): "));
    expect_text(again, "\n    since 20");
    expect_text(again, "; seller acts: blongo parked list -C demo\n");
    CHECK(cron.mail(0).empty());
    for (const auto order : {n, n + 1}) cron.shop.sandbox.base_orders(one_piece(order));
    CHECK_THAT(cron.mail(0), Catch::StartsWith("demo: solved: 2 waiting (unknown_sku): "));
    CHECK(cron.mail(0).empty());
    CHECK(edit_state(cron.shop.installation, "SELECT COUNT(*) FROM alerts") == "0\n");
}

TEST_CASE("a flow that fails is printed once in its own words, reminded of, and printed as solved; its exit code stays") {
    Cron cron;
    CHECK(cron.mail(0).empty());
    cron.refuse(true);
    const std::string first = cron.mail(4);
    CHECK_THAT(first, Catch::StartsWith("error: demo: "));
    CHECK(cron.mail(4).empty());
    cron.pass(24);
    const std::string again = cron.mail(4);
    CHECK_THAT(again, Catch::StartsWith("demo: reminder: "));
    expect_text(again, first); // with what helps
    CHECK(cron.mail(4).empty());
    cron.refuse(false);
    CHECK(cron.mail(0, {"articles", "sync", "-q"}).empty()); // another flow cannot tell that it is solved
    CHECK_THAT(cron.mail(0), Catch::StartsWith("demo: solved: "));
    CHECK(cron.mail(0).empty());
}

TEST_CASE("a flow that fails so long that it has no good run any more is one problem, not two") {
    Cron cron(shipments_on({}, dpd_rule + impatient));
    CHECK(cron.mail(0).empty());
    edit_state(cron.shop.installation, "UPDATE runs SET started = started - 7200000, ended = ended - 7200000");
    cron.shop.sandbox.fault(json::Value::object()
                                .set("side", "ongoing")
                                .set("operation", "*")
                                .set("times", 999)
                                .set("fault", "status_before")
                                .set("code", 503));
    const std::string mail = cron.mail(5);
    CHECK_THAT(mail, Catch::StartsWith("error: demo: "));
    expect_no_text(mail, "no run went well since");
    CHECK(cron.mail(5).empty());
}

TEST_CASE("a write of unknown outcome, and settings that are wrong, are printed once") {
    Cron cron;
    cron.shop.orders(n, 1);
    CHECK(cron.mail(0).empty());
    cron.shop.send(n);
    cron.shop.sandbox.fault(json::Value::object()
                                .set("side", "baselinker")
                                .set("operation", "createPackage")
                                .set("times", 1)
                                .set("fault", "drop_before"));
    expect_text(cron.mail(8), "demo: problem: nobody knows whether a write was carried out: create_package of order 84512301");
    CHECK(cron.mail(8).empty());
    age_intents(cron.shop.installation);
    CHECK(said(cron.shop.installation, {"unknown", "resolve", std::to_string(n), "--nothing-was-booked"}).exit_code == 0);
    CHECK_THAT(cron.mail(0), Catch::StartsWith("demo: solved: nobody knows"));

    const std::string config = cron.shop.installation.config_text();
    const auto begin = config.find("start_from = ");
    REQUIRE(begin != std::string::npos);
    cron.shop.installation.write_config(std::string(config).erase(begin, config.find('\n', begin) - begin));
    expect_text(cron.mail(2), "connections.demo.orders.start_from is missing");
    CHECK(cron.mail(2).empty());
    cron.shop.installation.write_config(config);
    expect_text(cron.mail(0), "demo: solved: orders: ");
    CHECK(cron.mail(0).empty());
}

TEST_CASE("JSON Lines of a quiet run are the same messages") {
    Cron cron;
    cron.park(n);
    expect_text(cron.mail(3, {"run", "-q", "--json"}), "\"message_type\":\"action\"");
    CHECK(cron.mail(0, {"run", "-q", "--json"}).empty());
    cron.pass(24);
    const auto reminder = json::Value::parse(cron.mail(0, {"run", "-q", "--json"}));
    REQUIRE(reminder.has_value());
    CHECK((*reminder)["message_type"].text() == "alert");
    CHECK((*reminder)["state"].text() == "reminder");
}

TEST_CASE(
    "the command of notify and quiet runs take no message from each other, and runs that are not quiet leave quiet ones theirs") {
    Cron cron;
    const std::string folder = cron.shop.installation.folder().path().string();
    write_file(folder + "/tell", "#!/bin/sh\ncat >> \"$1/told\"\n");
    REQUIRE(::chmod((folder + "/tell").c_str(), 0755) == 0);
    cron.shop.installation.write_config(cron.shop.installation.config_text() + "\n[notify]\ncommand = [\"" + folder +
                                        "/tell\", \"" + folder + "\"]\n");
    const auto told = [&] {
        const std::string text = std::filesystem::exists(folder + "/told") ? read_file(folder + "/told") : "";
        std::filesystem::remove(folder + "/told");
        return text;
    };
    cron.park(n);
    CHECK(said(cron.shop.installation, {"orders", "sync"}).exit_code == 3);
    expect_text(told(), "\"state\":\"problem\"");
    CHECK_THAT(cron.mail(0), Catch::StartsWith("demo: problem: 1 waiting (unknown_sku): "));
    CHECK(told().empty());
    cron.shop.sandbox.base_orders(one_piece(n));
    CHECK_THAT(cron.mail(0), Catch::StartsWith("demo: solved: "));
    expect_text(told(), "\"state\":\"solved\"");
    CHECK(cron.mail(0).empty());
    CHECK(told().empty());
}

TEST_CASE("a lock that another run holds is no news of a quiet run") {
    Sandbox sandbox({"--products", "300", "--latency-ongoing", "10"});
    const Installation installation(sandbox);
    const auto slow = installation.start({"articles", "sync"});
    slow->wait_until([&] { return sandbox.articles().size() >= 5; });
    const Finished locked_out = said(installation, {"articles", "sync", "-q"});
    CHECK(locked_out.exit_code == 11);
    CHECK(locked_out.out + locked_out.err == "");
    CHECK(slow->wait().exit_code == 0);
}

TEST_CASE("the lines of the cron example call the program, and are silent when it was removed") {
    const TempDir folder;
    write_file(folder / "blongo", "#!/bin/sh\necho \"called: $*\"\n");
    REQUIRE(::chmod((folder / "blongo").c_str(), 0755) == 0);
    int lines = 0;
    for (std::string line : split(read_file(std::string(BLONGO_SOURCE_DIR) + "/examples/cron/blongo"), '\n')) {
        if (line.starts_with("#*/")) line.erase(0, 1);
        if (!line.starts_with("*/")) continue;
        ++lines;
        const std::string user = "  blongo  ";
        REQUIRE(line.find(user) != std::string::npos);
        const std::string command = line.substr(line.find(user) + user.size());
        const auto with_path = [&](const std::string& path) {
            const auto ran = run(
                {.argv = {"/bin/sh", "-c", command}, .environment = {{"PATH", path}}, .stdin_text = {}, .working_directory = {}});
            return ran.out + ran.err;
        };
        CHECK_THAT(with_path(folder.path().string()), Catch::StartsWith("called: run -q "));
        CHECK(with_path(folder / "nothing-here").empty());
    }
    CHECK(lines == 3);
}
