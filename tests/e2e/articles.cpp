// SPDX-License-Identifier: Apache-2.0
// What a user sees of the article flow: what Ongoing holds afterwards, what was printed, exit codes.
#include <catch2/catch.hpp>

#include "support/e2e/sandbox.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

std::int64_t count(const json::Value& summary, const std::string& name) {
    return summary[name].integer(-1);
}

json::Value product(int id, const std::string& sku, const std::string& name) {
    return json::Value::object()
        .set("id", id)
        .set("sku", sku)
        .set("ean", "")
        .set("weight", json::Value::number("0.5"))
        .set("height", 10)
        .set("width", 20)
        .set("length", 30)
        .set("text_fields", json::Value::object().set("name", name));
}

} // namespace

TEST_CASE("a first run creates every article, a second run writes nothing") {
    Sandbox sandbox({"--products", "250"});
    Installation installation(sandbox);
    const auto first = installation.blongo({"articles", "sync", "--json"});
    INFO(first.out << first.err);
    CHECK(first.exit_code == 0);
    CHECK(count(summary_of(first), "created") == 250);
    CHECK(sandbox.articles().size() == 250);

    sandbox.reset_journal();
    const auto second = installation.blongo({"articles", "sync", "--json"});
    INFO(second.out << second.err);
    CHECK(second.exit_code == 0);
    CHECK(count(summary_of(second), "same") == 250);
    CHECK(sandbox.writes() == 0);
    CHECK(sandbox.violations().empty());
}

TEST_CASE("mapping and units arrive to the letter") {
    Sandbox sandbox;
    sandbox.post(
        "/_admin/baselinker/products",
        product(5001, "KUB-01", "Kubek")
            .set("ean", "5901234123457")
            .set("text_fields",
                 json::Value::object().set("name", "Kubek").set("description", "<p>Du\xc5\xbcy<br>kubek &amp; spodek</p>")));
    Installation installation(sandbox);
    const auto run = installation.blongo({"articles", "sync"});
    INFO(run.out << run.err);
    REQUIRE(run.exit_code == 0);
    const json::Value article = sandbox.articles()["KUB-01"];
    CHECK(article["articleName"].text() == "Kubek");
    CHECK(article["productCode"].text() == "5001");
    CHECK(article.at_path("barCodeInfo.barCode").text() == "5901234123457");
    CHECK(*article["weight"].decimal() == *Decimal::parse("0.5"));
    CHECK(*article["height"].decimal() == *Decimal::parse("0.1"));
    CHECK(*article["width"].decimal() == *Decimal::parse("0.2"));
    CHECK(*article["length"].decimal() == *Decimal::parse("0.3"));
    CHECK(article["description"].text() == "Du\xc5\xbcy\nkubek & spodek");
}

TEST_CASE("one changed name is one write, and people's edits are kept") {
    Sandbox sandbox({"--products", "30"});
    Installation installation(sandbox);
    REQUIRE(installation.blongo({"articles", "sync"}).exit_code == 0);
    const json::Value before = sandbox.articles();
    const std::string number = before.members().front().first;
    const std::string id(before[number]["productCode"].text());

    // The warehouse corrects a weight; the seller changes the name.
    sandbox.edit_article(number, json::Value::object().set("weight", json::Value::number("9.75")));
    sandbox.post(
        "/_admin/baselinker/products",
        json::Value::object().set("id", std::stoi(id)).set("text_fields", json::Value::object().set("name", "Nowa nazwa")));
    sandbox.reset_journal();
    const auto run = installation.blongo({"articles", "sync", "--json"});
    INFO(run.out << run.err);
    CHECK(run.exit_code == 0);
    CHECK(sandbox.writes() == 1);
    CHECK(count(summary_of(run), "updated") == 1);
    const json::Value after = sandbox.articles()[number];
    CHECK(after["articleName"].text() == "Nowa nazwa");
    CHECK(*after["weight"].decimal() == *Decimal::parse("9.75"));
    CHECK(sandbox.violations().empty());
}

TEST_CASE("a renamed SKU is renamed in Ongoing, not doubled", "[F21]") {
    Sandbox sandbox;
    sandbox.post("/_admin/baselinker/products", product(5001, "OLD-1", "Kubek"));
    Installation installation(sandbox);
    REQUIRE(installation.blongo({"articles", "sync"}).exit_code == 0);
    const auto id = sandbox.articles()["OLD-1"]["articleSystemId"].integer();
    sandbox.post("/_admin/baselinker/products", json::Value::object().set("id", 5001).set("sku", "NEW-1"));
    sandbox.reset_journal();
    const auto run = installation.blongo({"articles", "sync", "--json"});
    INFO(run.out << run.err);
    CHECK(run.exit_code == 0);
    CHECK(sandbox.writes() == 1);
    const json::Value articles = sandbox.articles();
    CHECK(articles.size() == 1);
    CHECK(articles["NEW-1"]["articleSystemId"].integer() == id);
    const auto show = installation.blongo({"articles", "show", "--sku", "NEW-1"});
    CHECK(show.out.find("OLD-1") != std::string::npos);
    sandbox.reset_journal();
    REQUIRE(installation.blongo({"articles", "sync"}).exit_code == 0);
    CHECK(sandbox.writes() == 0);
}

TEST_CASE("a dry run prints what a run does and writes nothing, not even a state file") {
    Sandbox sandbox({"--products", "5"});
    Installation installation(sandbox);
    const auto dry = installation.blongo({"articles", "sync", "--dry-run", "--json"});
    INFO(dry.out << dry.err);
    CHECK(dry.exit_code == 0);
    const auto planned = lines_of(dry, "action");
    REQUIRE(planned.size() == 5);
    for (const auto& line : planned) {
        CHECK(line["verb"].text() == "create");
        CHECK(line["dry_run"].is_true());
        CHECK(line["outcome"].text() == "planned");
    }
    CHECK(sandbox.writes() == 0);
    CHECK_FALSE(std::filesystem::exists(installation.folder() / "state.db"));
    CHECK(installation.blongo({"articles", "sync", "--dry-run", "--exit-code"}).exit_code == 9);

    const auto live = installation.blongo({"articles", "sync", "--json"});
    std::vector<std::string> keys;
    for (const auto& line : lines_of(live, "action")) keys.emplace_back(line["key"].text());
    for (const auto& line : planned) CHECK(std::find(keys.begin(), keys.end(), line["key"].text()) != keys.end());
}

TEST_CASE("mode = plan writes nothing until it is live") {
    Sandbox sandbox({"--products", "3"});
    Installation installation(sandbox);
    installation.write_config("[connections.demo]\nmode = \"plan\"\n" + installation.config_text());
    const auto run = installation.blongo({"articles", "sync"});
    INFO(run.out << run.err);
    CHECK(run.exit_code == 0);
    CHECK(sandbox.writes() == 0);
    CHECK((run.out + run.err).find("plan") != std::string::npos);
}

TEST_CASE("a filled warehouse is read once and articles that match are not written") {
    Sandbox sandbox;
    sandbox.post("/_admin/baselinker/products", product(1, "A-1", "Kubek"));
    sandbox.post("/_admin/baselinker/products", product(2, "A-2", "Talerz"));
    Installation other(sandbox);
    REQUIRE(other.blongo({"articles", "sync"}).exit_code == 0);
    // The same warehouse, a lost ledger.
    Installation installation(sandbox);
    sandbox.reset_journal();
    CHECK(count(summary_of(installation.blongo({"articles", "sync", "--dry-run", "--json"})), "adopted") == 2);
    const auto run = installation.blongo({"articles", "sync", "--json"});
    INFO(run.out << run.err);
    CHECK(run.exit_code == 0);
    CHECK(count(summary_of(run), "adopted") == 2);
    CHECK(sandbox.writes() == 0);
    // And what was adopted as equal is ours to change.
    sandbox.post("/_admin/baselinker/products",
                 json::Value::object().set("id", 1).set("text_fields", json::Value::object().set("name", "Garnek")));
    REQUIRE(installation.blongo({"articles", "sync"}).exit_code == 0);
    CHECK(sandbox.articles()["A-1"]["articleName"].text() == "Garnek");
}

TEST_CASE("doubled and missing SKUs are parked with owner and remedy, and release themselves", "[F20]") {
    Sandbox sandbox;
    sandbox.post("/_admin/baselinker/products", product(1, "SAME", "Kubek"));
    sandbox.post("/_admin/baselinker/products", product(2, "SAME", "Talerz"));
    sandbox.post("/_admin/baselinker/products", product(3, "", "Bez kodu"));
    sandbox.post("/_admin/baselinker/products", product(4, "GOOD", "Dobry"));
    Installation installation(sandbox);
    const auto first = installation.blongo({"articles", "sync", "--json"});
    INFO(first.out << first.err);
    CHECK(first.exit_code == 3);
    CHECK(sandbox.articles().size() == 1);
    CHECK(count(summary_of(first), "parked_total") == 2);
    const auto listed = installation.blongo({"parked", "list", "--json"});
    const auto rows = lines_of(listed, "parked");
    REQUIRE(rows.size() == 2);
    for (const auto& row : rows) CHECK(row["owner"].text() == "seller");
    // Nothing new: the second run is quiet about its exit code, --strict is not.
    CHECK(installation.blongo({"articles", "sync"}).exit_code == 0);
    CHECK(installation.blongo({"articles", "sync", "--strict"}).exit_code == 3);

    sandbox.post("/_admin/baselinker/products", json::Value::object().set("id", 2).set("sku", "OTHER"));
    sandbox.post("/_admin/baselinker/products", json::Value::object().set("id", 3).set("sku", "THIRD"));
    const auto mended = installation.blongo({"articles", "sync", "--json"});
    INFO(mended.out << mended.err);
    CHECK(mended.exit_code == 0);
    CHECK(count(summary_of(mended), "parked_total") == 0);
    CHECK(sandbox.articles().size() == 4);
}

TEST_CASE("bundles become structures after their components") {
    Sandbox sandbox;
    sandbox.post(
        "/_admin/baselinker/products",
        product(1, "SET", "Zestaw").set("is_bundle", true).set("bundle_products", json::Value::object().set("2", 1).set("3", 4)));
    sandbox.post("/_admin/baselinker/products", product(2, "CUP", "Kubek"));
    sandbox.post("/_admin/baselinker/products", product(3, "SPOON",
                                                        "\xc5\x81y\xc5\xbc"
                                                        "eczka"));
    Installation installation(sandbox);
    const auto run = installation.blongo({"articles", "sync", "--json"});
    INFO(run.out << run.err);
    CHECK(run.exit_code == 0);
    const json::Value set = sandbox.articles()["SET"];
    CHECK(set.at_path("structureDefinition.articleKind").text() == "Structure");
    CHECK(set.at_path("structureDefinition.rows").size() == 2);
    const auto actions = lines_of(run, "action");
    REQUIRE(actions.size() == 3);
    CHECK(actions.back()["key"].text() == "SET");
    sandbox.reset_journal();
    REQUIRE(installation.blongo({"articles", "sync"}).exit_code == 0);
    CHECK(sandbox.writes() == 0);
    CHECK(sandbox.violations().empty());
}

TEST_CASE("SKUs that move in a chain take their articles with them, whatever the order of the products") {
    for (const bool upwards : {true, false}) {
        Sandbox sandbox;
        const int first = upwards ? 1 : 2, second = upwards ? 2 : 1;
        sandbox.post("/_admin/baselinker/products", product(first, "A", "Kubek"));
        sandbox.post("/_admin/baselinker/products", product(second, "B", "Talerz"));
        Installation installation(sandbox);
        REQUIRE(installation.blongo({"articles", "sync"}).exit_code == 0);
        const json::Value before = sandbox.articles();
        sandbox.post("/_admin/baselinker/products", json::Value::object().set("id", first).set("sku", "B"));
        sandbox.post("/_admin/baselinker/products", json::Value::object().set("id", second).set("sku", "C"));
        const auto run = installation.blongo({"articles", "sync", "--json"});
        INFO(run.out << run.err);
        CHECK(run.exit_code == 0);
        const json::Value after = sandbox.articles();
        CHECK(after.size() == 2);
        CHECK(after["B"]["articleSystemId"].integer() == before["A"]["articleSystemId"].integer());
        CHECK(after["C"]["articleSystemId"].integer() == before["B"]["articleSystemId"].integer());
        CHECK(after["B"]["articleName"].text() == "Kubek");
        CHECK(after["C"]["articleName"].text() == "Talerz");
    }
}

TEST_CASE("two products that exchange their SKUs are parked: nobody's stock is renamed") {
    Sandbox sandbox;
    sandbox.post("/_admin/baselinker/products", product(1, "A", "Kubek"));
    sandbox.post("/_admin/baselinker/products", product(2, "B", "Talerz"));
    Installation installation(sandbox);
    REQUIRE(installation.blongo({"articles", "sync"}).exit_code == 0);
    sandbox.post("/_admin/baselinker/products", json::Value::object().set("id", 1).set("sku", "B"));
    sandbox.post("/_admin/baselinker/products", json::Value::object().set("id", 2).set("sku", "A"));
    sandbox.reset_journal();
    const auto run = installation.blongo({"articles", "sync", "--json"});
    INFO(run.out << run.err);
    CHECK(run.exit_code == 3);
    CHECK(sandbox.writes() == 0);
    CHECK(sandbox.articles()["A"]["articleName"].text() == "Kubek");
    // By way of a free SKU it goes.
    sandbox.post("/_admin/baselinker/products", json::Value::object().set("id", 1).set("sku", "TMP"));
    REQUIRE(installation.blongo({"articles", "sync"}).exit_code == 0);
    sandbox.post("/_admin/baselinker/products", json::Value::object().set("id", 1).set("sku", "B"));
    REQUIRE(installation.blongo({"articles", "sync"}).exit_code == 0);
    CHECK(sandbox.articles()["A"]["articleName"].text() == "Talerz");
    CHECK(sandbox.articles()["B"]["articleName"].text() == "Kubek");
}

TEST_CASE("a product made anew under the same SKU keeps its article, active") {
    Sandbox sandbox;
    for (int i = 1; i <= 30; ++i) sandbox.post("/_admin/baselinker/products", product(i, "A-" + std::to_string(i), "X"));
    Installation installation(sandbox, "removed = \"deactivate\"");
    REQUIRE(installation.blongo({"articles", "sync"}).exit_code == 0);
    sandbox.send("DELETE", "/_admin/baselinker/products?id=1", {});
    sandbox.post("/_admin/baselinker/products", product(99, "A-1", "X"));
    const auto run = installation.blongo({"articles", "sync", "--json"});
    INFO(run.out << run.err);
    CHECK(run.exit_code == 0);
    const json::Value article = sandbox.articles()["A-1"];
    CHECK((article["isActive"].is_null() || article["isActive"].is_true()));
    CHECK(article["productCode"].text() == "99");
}

TEST_CASE("what a killed run wrote is still ours to change") {
    for (const std::string operation : {"PUT /articles", "PUT /articles/{articleSystemId}"}) {
        Sandbox sandbox;
        for (int i = 1; i <= 3; ++i) sandbox.post("/_admin/baselinker/products", product(i, "A-" + std::to_string(i), "Jeden"));
        Installation installation(sandbox);
        const auto rename = [&](const std::string& name) {
            for (int i = 1; i <= 3; ++i)
                sandbox.post("/_admin/baselinker/products",
                             json::Value::object().set("id", i).set("text_fields", json::Value::object().set("name", name)));
        };
        const bool update = operation != "PUT /articles";
        if (update) {
            REQUIRE(installation.blongo({"articles", "sync"}).exit_code == 0);
            rename("Dwa");
        }
        sandbox.fault(json::Value::object()
                          .set("side", "ongoing")
                          .set("operation", "PUT /articles")
                          .set("nth", 2)
                          .set("fault", "kill_after"));
        const auto killed = installation.blongo({"articles", "sync"});
        CHECK(killed.exit_code == 137);
        sandbox.clear_faults();
        rename("Trzy");
        const auto run = installation.blongo({"articles", "sync", "--json"});
        INFO(operation << run.out << run.err);
        CHECK(run.exit_code == 0);
        for (int i = 1; i <= 3; ++i) CHECK(sandbox.articles()["A-" + std::to_string(i)]["articleName"].text() == "Trzy");
    }
}
