// SPDX-License-Identifier: Apache-2.0
// Everything that is wrong from outside: a clear message with cause and remedy, the right exit
// code, nothing lost.
#include <catch2/catch.hpp>

#include <sys/stat.h>

#include "support/e2e/sandbox.hpp"
#include "support/replaced.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

void expect(const Finished& run, int code, const std::vector<std::string>& words) {
    INFO("exit " << run.exit_code << "\nstdout: " << run.out << "\nstderr: " << run.err);
    CHECK(run.exit_code == code);
    for (const auto& word : words) {
        INFO("missing: " << word);
        CHECK((run.err + run.out).find(word) != std::string::npos);
    }
}

const std::string impatient = "[http]\nread_timeout = \"2s\"\nconnect_timeout = \"1s\"\n"
                              "retry_ongoing = [\"5ms\"]\nretry_baselinker = [\"5ms\"]\n";

} // namespace

TEST_CASE("an unknown key is named with file, line, column and a suggestion") {
    Sandbox sandbox;
    Installation installation(sandbox, "existing_artikles = \"fill\"");
    expect(installation.blongo({"articles", "sync"}), 2, {"blongo.toml:", "existing_artikles", "existing_articles"});
    CHECK(sandbox.calls("baselinker") == 0);
}

TEST_CASE("a secret file that others may read is refused, with the command that mends it") {
    Sandbox sandbox;
    Installation installation(sandbox);
    chmod((installation.folder() / "token").c_str(), 0644);
    expect(installation.blongo({"articles", "sync"}), 2, {"token", "chmod 600"});
    CHECK(sandbox.calls("baselinker") == 0);
    chmod((installation.folder() / "token").c_str(), 0600);
    expect(installation.blongo({"articles", "sync"}), 0, {});
}

TEST_CASE("wrong credentials of either side end with 4 and say which side") {
    Sandbox sandbox({"--products", "3"});
    Installation installation(sandbox);
    write_file(installation.folder() / "token", "wrong\n");
    expect(installation.blongo({"articles", "sync"}), 4, {"BaseLinker", "token"});
    write_file(installation.folder() / "token", "sandbox-token\n");
    write_file(installation.folder() / "password", "wrong\n");
    expect(installation.blongo({"articles", "sync"}), 4, {"Ongoing", "password"});
    write_file(installation.folder() / "password", "sandbox-password\n");
    expect(installation.blongo({"articles", "sync"}), 0, {});
    CHECK(sandbox.articles().size() == 3);
}

TEST_CASE("a wrong inventory ends with 2 and names the setting") {
    Sandbox sandbox({"--products", "3"});
    Installation installation(sandbox);
    installation.write_config(replaced(installation.config_text(), "inventory_id = 307", "inventory_id = 999"));
    expect(installation.blongo({"articles", "sync"}), 2, {"999", "inventory_id"});
    expect(installation.blongo({"doctor"}), 2, {"999", "307"});
}

TEST_CASE("a host that nobody answers on ends with 5") {
    Sandbox sandbox({"--products", "3"});
    Installation installation(sandbox, {}, impatient);
    installation.write_config(replaced(installation.config_text(), sandbox.url() + "/sandbox", "http://127.0.0.1:9/x"));
    expect(installation.blongo({"articles", "sync"}), 5, {"127.0.0.1"});
}

TEST_CASE("a front end of Ongoing that answers 500 to everything ends the run with 5 and is told from a bad article", "[F26]") {
    Sandbox sandbox({"--products", "30"});
    sandbox.fault(json::Value::object()
                      .set("side", "ongoing")
                      .set("operation", "*")
                      .set("every", 1)
                      .set("fault", "status_before")
                      .set("code", 500)
                      .set("body", R"({"Message":"An error has occurred."})"));
    Installation installation(sandbox, {}, impatient);
    expect(installation.blongo({"articles", "sync"}), 5, {"front end refuses this HTTP client"});
    CHECK(lines_of(installation.blongo({"parked", "list", "--json"}), "parked").empty());
    sandbox.clear_faults();
    expect(installation.blongo({"articles", "sync"}), 0, {});
    CHECK(sandbox.articles().size() == 30);
}

TEST_CASE("a redirect is not followed") {
    Sandbox sandbox({"--products", "3"});
    Installation installation(sandbox, {}, impatient);
    sandbox.fault(json::Value::object()
                      .set("side", "baselinker")
                      .set("operation", "*")
                      .set("every", 1)
                      .set("fault", "redirect")
                      .set("location", sandbox.url() + "/elsewhere"));
    expect(installation.blongo({"articles", "sync"}), 1, {"redirect"});
    sandbox.clear_faults();
    expect(installation.blongo({"articles", "sync"}), 0, {});
}

TEST_CASE("a million brackets and 200 MB of answer are refused without harm") {
    for (const std::string fault : {"nesting", "huge"}) {
        Sandbox sandbox({"--products", "3"});
        Installation installation(sandbox, {}, "[http]\nretry_baselinker = [\"5ms\"]\n");
        sandbox.fault(json::Value::object()
                          .set("side", "baselinker")
                          .set("operation", "getInventoryProductsData")
                          .set("every", 1)
                          .set("fault", fault));
        const auto run = installation.blongo({"articles", "sync"});
        INFO(fault << ": " << run.err);
        CHECK((run.exit_code == 1 || run.exit_code == 5));
        CHECK(run.err.find("getInventoryProductsData") != std::string::npos);
#if !defined(__SANITIZE_ADDRESS__)
        CHECK(run.peak_kib < 256 * 1024);
#endif
        sandbox.clear_faults();
        expect(installation.blongo({"articles", "sync"}), 0, {});
        CHECK(sandbox.articles().size() == 3);
    }
}

TEST_CASE("a state made by a newer blongo is refused, by reading commands too") {
    Sandbox sandbox({"--products", "3"});
    Installation installation(sandbox);
    expect(installation.blongo({"articles", "sync"}), 0, {});
    const auto raised =
        run({{"sqlite3", installation.folder() / "state.db", "UPDATE blongo_schema SET version = version + 1000;"}, {}, {}, {}});
    INFO(raised.err);
    REQUIRE(raised.exit_code == 0);
    expect(installation.blongo({"articles", "sync"}), 1, {"newer", "state.db"});
    expect(installation.blongo({"status"}), 1, {"newer"});
}

TEST_CASE("a state made for another goods owner is refused with counts and remedy") {
    Sandbox sandbox({"--products", "3"});
    Installation installation(sandbox);
    expect(installation.blongo({"articles", "sync"}), 0, {});
    installation.write_config(replaced(installation.config_text(), "goods_owner_id = 1\n", "goods_owner_id = 2\n"));
    expect(installation.blongo({"articles", "sync"}), 2, {"goods owner", "3"});
    CHECK(sandbox.articles().size() == 3);
}

TEST_CASE("a full disk and a read-only folder are told, and nothing is lost") {
    Sandbox sandbox({"--products", "300"});
    Installation installation(sandbox);
    // RLIMIT_FSIZE makes writing fail as a full disk does, for root too.
    Spawn limited;
    limited.argv = {"prlimit", "--fsize=200000", blongo_binary(), "articles", "sync"};
    limited.environment = {{"BLONGO_CONFIG", installation.config_file()}};
    const auto full = run(limited);
    INFO(full.err);
    CHECK(full.exit_code == 1);
    CHECK(full.err.find("state.db") != std::string::npos);
    expect(installation.blongo({"articles", "sync"}), 0, {});
    CHECK(sandbox.articles().size() == 300);
    CHECK(sandbox.violations().empty());

    expect(installation.blongo({"articles", "sync", "--state", "sqlite:///proc/blongo/state.db"}), 1, {"/proc/blongo"});
}

TEST_CASE("wrong command lines end with 2 and a hint") {
    Sandbox sandbox;
    Installation installation(sandbox);
    expect(installation.blongo({"artikles", "sync"}), 2, {"articles"});
    expect(installation.blongo({"articles", "sync", "--dry-rum"}), 2, {"--dry-run"});
    expect(installation.blongo({"articles", "sync", "-C", "nobody"}), 2, {"nobody", "demo"});
    expect(installation.blongo({"articles", "sync", "--limit", "-3"}), 2, {"--limit"});
    expect(installation.blongo({"articles", "sync", "--limit", "99999999999999999999"}), 2, {"--limit"});
    expect(installation.blongo({"articles", "show", "--sku", "NOPE"}), 6, {"NOPE"});
    expect(installation.blongo({"articles", "sync", "--sku", "NOPE"}), 6, {"NOPE"});
}
