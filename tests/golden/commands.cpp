// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <blongo/json/value.hpp>

#include <blongo/base/text.hpp>

#include "golden/tool.hpp"
#include "support/temp_dir.hpp"

using namespace blongo;
using namespace blongo::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using Strings = std::vector<std::string>;

namespace {

/// A configuration with secrets that are fine; nothing listens where it points to.
class Setup {
public:
    explicit Setup(const std::string& more = {}) {
        write_file(folder_ / "token", "t-0123456789abcdef\n");
        write_file(folder_ / "password", "p-0123456789abcdef\n");
        for (const char* name : {"token", "password"}) REQUIRE(chmod((folder_ / name).c_str(), 0600) == 0);
        write_file(config(),
                   fmt::format("[state]\nurl = \"sqlite://{}\"\n", folder_ / "state.db") + connection("acme", 1) + more);
    }
    [[nodiscard]] std::string connection(const std::string& name, int owner, const std::string& settings = {}) const {
        return fmt::format("[connections.{0}]\n{3}\n"
                           "[connections.{0}.baselinker]\nurl = \"http://127.0.0.1:1/c\"\ntoken_file = "
                           "\"{2}/token\"\ninventory_id = 307\n"
                           "[connections.{0}.ongoing]\nurl = \"http://127.0.0.1:1/{0}\"\nusername = \"WSI-TEST\"\n"
                           "password_file = \"{2}/password\"\ngoods_owner_id = {1}\n"
                           "[connections.{0}.orders]\nenabled = false\n"
                           "[connections.{0}.shipments]\nenabled = false\n",
                           name, owner, folder_.path().string(), settings);
    }
    void add(const std::string& toml) const { write_file(config(), read_file(config()) + toml); }
    [[nodiscard]] std::string config() const { return folder_ / "blongo.toml"; }
    [[nodiscard]] std::string operator/(std::string_view name) const { return folder_ / name; }
    [[nodiscard]] Ran run(Strings arguments, Variables variables = {}) const {
        arguments.insert(arguments.begin(), {"-c", config()});
        return run_tool(std::move(arguments), std::move(variables));
    }

private:
    TempDir folder_;
};

std::vector<json::Value> objects(const std::string& lines) {
    std::vector<json::Value> out;
    for (const std::string& line : split(lines, '\n')) {
        if (line.empty()) continue;
        auto value = json::Value::parse(line);
        INFO(line);
        REQUIRE(value);
        CHECK((*value)["schema"].integer() == 1);
        out.push_back(std::move(*value));
    }
    return out;
}

} // namespace

TEST_CASE("mapping show prints the mapping as text, CSV and JSON") {
    const Ran text = run_tool({"mapping", "show"});
    CHECK(text.code == 0);
    CHECK_THAT(text.out, StartsWith("FLOW      TARGET"));
    CHECK_THAT(text.out, Contains("barCodeInfo.barCode"));
    const Ran csv = run_tool({"mapping", "show", "--format", "csv"});
    CHECK_THAT(csv.out, StartsWith("flow,target,source,transformation,mapping,default,connection,origin\r\n"));
    const auto rows = objects(run_tool({"mapping", "show", "--json"}).out);
    REQUIRE(rows.size() == split(text.out, '\n').size() - 2);
    bool barcode = false;
    for (const auto& row : rows) {
        CHECK(row["message_type"].text() == "mapping");
        CHECK_FALSE(row["source"].text().empty());
        barcode = barcode || (row["flow"].text() == "articles" && row["target"].text() == "barCodeInfo.barCode");
    }
    CHECK(barcode);
}

TEST_CASE("mapping show prints templates next to the sources that they replace: the table that was agreed on") {
    const Setup setup("[connections.acme.mapping.article]\ncustomsDescription = \"{text_fields.extra_field_7|cut:100}\"\n"
                      "[connections.acme.mapping.order]\nreferenceNumber = \"{external_order_id,shop_order_id}\"\n"
                      "orderRemark = \"{user_comments,extra_field_1|join:' / '}\"\n"
                      "[connections.acme.mapping.order_line]\ncomment = \"{default}\"\n");
    const bool update = std::getenv("BLONGO_UPDATE_GOLDEN") != nullptr;
    const auto agreed = [&](const Strings& arguments, const std::string& name) {
        const std::string file = std::string(BLONGO_TEST_DATA) + "/golden/" + name;
        Ran ran = setup.run(arguments);
        CHECK(ran.code == 0);
        for (std::size_t at; (at = ran.out.find(setup.config())) != std::string::npos;)
            ran.out.replace(at, setup.config().size(), "blongo.toml");
        if (update) write_file(file, ran.out);
        CHECK(read_file(file) == ran.out);
    };
    agreed({"mapping", "show", "--format", "csv"}, "mapping-show.csv");
    agreed({"mapping", "show", "--json"}, "mapping-show.json");
    agreed({"mapping", "show", "--targets"}, "mapping-targets.txt");
    for (const auto& row : objects(run_tool({"mapping", "show", "--json"}).out)) CHECK(row["mapping"].text() == "default");
    const Setup broken("[connections.acme.mapping]\narticle.weight = \"heavy\"\n");
    const Ran refused = broken.run({"mapping", "show"});
    CHECK(refused.code == 2);
    CHECK_THAT(refused.err, Contains("must be a number"));
}

TEST_CASE("config show lists every value with its origin and no secret") {
    const Setup setup;
    const Ran ran = setup.run({"config", "show"}, {{"BLONGO_STATE", "sqlite:///elsewhere.db"}});
    CHECK(ran.code == 0);
    CHECK_THAT(ran.out, Contains("connections.acme.articles.batch") && Contains("100") && Contains("default"));
    CHECK_THAT(ran.out, Contains("sqlite:///elsewhere.db") && Contains("BLONGO_STATE"));
    CHECK_THAT(ran.out, Contains("blongo.toml:"));
    CHECK_THAT(ran.out, Contains("/token") && !Contains("0123456789abcdef"));
    bool found = false;
    for (const auto& row : objects(setup.run({"config", "show", "--json"}).out)) {
        CHECK(row["message_type"].text() == "setting");
        found = found || row["key"].text() == "connections.acme.baselinker.inventory_id";
    }
    CHECK(found);
}

TEST_CASE("config check tells everything that is wrong, counts it, and exits with 2") {
    const Setup good;
    const Ran fine = good.run({"config", "check"});
    CHECK(fine.code == 0);
    CHECK(fine.err.empty());
    CHECK(fine.out == good.config() + ": 1 connection, 0 errors, 0 warnings\n");

    const Setup bad;
    bad.add(bad.connection("beta", 2) + "[connections.beta.articles]\nbatch = 0\n");
    REQUIRE(chmod((bad / "token").c_str(), 0644) == 0);
    const Ran ran = bad.run({"config", "check"});
    CHECK(ran.code == 2);
    CHECK_THAT(ran.err, Contains("error: beta: ") && Contains("batch") && Contains("blongo.toml:"));
    CHECK_THAT(ran.err, Contains("chmod 600"));
    CHECK_THAT(ran.out, Contains("2 connections, 3 errors"));
    const auto rows = objects(bad.run({"config", "check", "--json"}).out);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0]["message_type"].text() == "check");
    CHECK(rows[0]["verdict"].text() == "FAIL");
    CHECK(rows[0]["errors"].integer() == 3);
}

TEST_CASE("a configuration file that cannot be read or used exits with 2 and says where") {
    const Ran missing = run_tool({"status", "-c", "/nonexistent/blongo.toml"});
    CHECK(missing.code == 2);
    CHECK_THAT(missing.err, Contains("/nonexistent/blongo.toml"));
    const Setup setup("[connections.acme.articles]\nbatsch = 5\n");
    const Ran unknown = setup.run({"articles", "sync"});
    CHECK(unknown.code == 2);
    CHECK_THAT(unknown.err, Contains("blongo.toml:") && Contains("batsch") && Contains("batch"));
}

TEST_CASE("an unknown connection exits with 2 and names the known ones") {
    const Setup setup;
    const Ran ran = setup.run({"articles", "sync", "-C", "acm"});
    CHECK(ran.code == 2);
    CHECK_THAT(ran.err, Contains("no connection is called 'acm', did you mean acme?") && Contains("known connections: acme"));
}

TEST_CASE("a disabled flow or connection exits with 2 and says how to enable it") {
    const Setup setup("[connections.acme.articles]\nenabled = false\n");
    const Ran ran = setup.run({"articles", "sync"});
    CHECK(ran.code == 2);
    CHECK_THAT(ran.err, Contains("articles are disabled") && Contains("set enabled = true in [connections.acme.articles]") &&
                            Contains("--dry-run"));
    Setup off;
    off.add(off.connection("beta", 2, "enabled = false"));
    const Ran connection = off.run({"articles", "sync", "-C", "beta"});
    CHECK(connection.code == 2);
    CHECK_THAT(connection.err, Contains("set enabled = true in [connections.beta]"));
}

TEST_CASE("one connection's configuration error never stops another") {
    Setup setup;
    setup.add(setup.connection("beta", 2) + "[connections.beta.articles]\nbatch = 0\n");
    const Ran ran = setup.run({"articles", "sync", "--json"});
    CHECK(ran.code == 2); // stronger than 5: nothing listens for acme
    const auto rows = objects(ran.out);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0]["connection"].text() == "acme");
    CHECK(rows[0]["message_type"].text() == "summary");
    CHECK(rows[0]["exit_code"].integer() == 5);
    bool told = false;
    for (const auto& error : objects(ran.err))
        told = told || (error["connection"].text() == "beta" && error["code"].text() == "config");
    CHECK(told);
}

TEST_CASE("an unreachable side exits with 5, in one summary line off a terminal") {
    const Setup setup;
    const Ran ran = setup.run({"articles", "sync"});
    CHECK(ran.code == 5);
    CHECK_THAT(ran.out, StartsWith("acme articles: not complete - "));
    CHECK(split(ran.out, '\n').size() == 2);
    CHECK_THAT(ran.err, StartsWith("error: acme: "));
}

TEST_CASE("mode = \"plan\" is a dry run and says so") {
    Setup setup;
    setup.add(setup.connection("beta", 2, "mode = \"plan\""));
    const Ran ran = setup.run({"articles", "sync", "-C", "beta"});
    CHECK_THAT(ran.err, Contains("beta: mode = \"plan\": nothing is written; set mode = \"live\" in [connections.beta]"));
    CHECK_THAT(ran.out, StartsWith("beta articles (dry run): "));
}

TEST_CASE("status and the lists work before anything ran, and make no state") {
    const Setup setup;
    const Ran status = setup.run({"status"});
    CHECK(status.code == 0);
    CHECK_THAT(status.out, Contains("acme") && Contains("never ran"));
    const auto rows = objects(setup.run({"status", "--json"}).out);
    REQUIRE(rows.size() == 5);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        CHECK(rows[i]["message_type"].text() == "status");
        CHECK(rows[i]["flow"].text() == std::vector<std::string>{"orders", "articles", "stock", "shipments", "returns"}[i]);
        CHECK(rows[i]["last_run"].is_null());
        CHECK(rows[i]["parked"].integer(-1) == 0);
    }
    CHECK(setup.run({"parked", "list"}).out == "nothing waits\n");
    CHECK(setup.run({"parked", "list", "--json"}).out.empty());
    CHECK(setup.run({"parked", "retry", "--all"}).out == "nothing waits\n");
    const Ran unknown = setup.run({"parked", "retry", "NO-SUCH"});
    CHECK(unknown.code == 6);
    CHECK_THAT(unknown.err, Contains("NO-SUCH is not parked"));
    const Ran articles = setup.run({"articles", "list"});
    CHECK(articles.code == 0);
    CHECK_THAT(articles.out, Contains("no articles are known yet"));
    struct stat file {};
    CHECK(stat((setup / "state.db").c_str(), &file) != 0);
}

TEST_CASE("doctor reports failures as checks and exits by the strongest") {
    const Setup setup;
    const Ran ran = setup.run({"doctor", "--json"});
    CHECK(ran.code == 5);
    bool failed = false;
    for (const auto& row : objects(ran.out)) {
        CHECK(row["message_type"].text() == "check");
        if (row["verdict"].text() != "FAIL") continue;
        failed = true;
        CHECK_FALSE(row["finding"].text().empty());
        CHECK_FALSE(row["remedy"].text().empty());
    }
    CHECK(failed);
}

TEST_CASE("the log file gets what stderr gets and is for its owner alone") {
    const Setup setup;
    const std::string log = setup / "blongo.log";
    for (int i = 0; i < 2; ++i) {
        const Ran ran = setup.run({"articles", "sync", "-C", "nobody", "--log-file", log});
        CHECK(ran.code == 2);
    }
    const std::string text = read_file(log);
    CHECK_THAT(text, StartsWith("2026-11-23T13:47:32Z error: "));
    CHECK(split(text, '\n').size() == 5); // two lines each time, appended
    struct stat file {};
    REQUIRE(stat(log.c_str(), &file) == 0);
    CHECK((file.st_mode & 0777) == 0600);
    const Ran nowhere = setup.run({"status", "--log-file", "/nonexistent/x.log"});
    CHECK(nowhere.code == 2);
    CHECK_THAT(nowhere.err, Contains("the log file cannot be opened: No such file or directory"));
}

TEST_CASE("quiet prints what is newly wrong and nothing else") {
    const Setup setup;
    const Ran ran = setup.run({"articles", "sync", "-q"});
    CHECK(ran.code == 5);
    CHECK(ran.out.empty());
    CHECK_THAT(ran.err, StartsWith("error: acme: "));
}
