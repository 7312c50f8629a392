// SPDX-License-Identifier: Apache-2.0
// Each setting of [connections.X.articles], by what it does to Ongoing.
#include <map>

#include <catch2/catch.hpp>

#include "support/e2e/sandbox.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

void add(Sandbox& sandbox, int id, const std::string& sku, const std::string& name, json::Value more = {}) {
    json::Value product = json::Value::object()
                              .set("id", id)
                              .set("sku", sku)
                              .set("weight", json::Value::number("0.5"))
                              .set("text_fields", json::Value::object().set("name", name));
    for (const auto& [key, value] : more.members()) product.set(key, value);
    sandbox.post("/_admin/baselinker/products", product);
}

void remove(Sandbox& sandbox, int id) {
    sandbox.send("DELETE", "/_admin/baselinker/products?id=" + std::to_string(id), {});
}

Finished sync(const Installation& installation) {
    auto run = installation.blongo({"articles", "sync", "--json"});
    UNSCOPED_INFO(run.out << run.err);
    return run;
}

/// An article is active unless somebody said otherwise.
bool is_active(Sandbox& sandbox, const std::string& number) {
    const json::Value article = sandbox.articles()[number];
    REQUIRE(article.is_object());
    return article["isActive"].is_null() || article["isActive"].is_true();
}

} // namespace

TEST_CASE("existing_articles = fill keeps what people entered and fills the gaps; overwrite does not ask") {
    for (const bool overwrite : {false, true}) {
        Sandbox sandbox;
        add(sandbox, 1, "A-1", "Kubek", json::Value::object().set("ean", "5901234123457"));
        sandbox.edit_article("A-1", json::Value::object().set("articleName", "Nazwa magazynu"));
        Installation installation(sandbox, overwrite ? "existing_articles = \"overwrite\"" : "");
        CHECK(sync(installation).exit_code == 0);
        const json::Value article = sandbox.articles()["A-1"];
        CHECK(article["articleName"].text() == (overwrite ? "Kubek" : "Nazwa magazynu"));
        CHECK(article.at_path("barCodeInfo.barCode").text() == "5901234123457");
        sandbox.reset_journal();
        CHECK(sync(installation).exit_code == 0);
        CHECK(sandbox.writes() == 0);
    }
}

TEST_CASE("warehouse_owns: written on create, never afterwards") {
    Sandbox sandbox;
    add(sandbox, 1, "A-1", "Kubek");
    Installation installation(sandbox, "warehouse_owns = [\"weight\"]");
    REQUIRE(sync(installation).exit_code == 0);
    CHECK(*sandbox.articles()["A-1"]["weight"].decimal() == *Decimal::parse("0.5"));
    add(sandbox, 1, "A-1", "Kubek", json::Value::object().set("weight", json::Value::number("0.9")));
    REQUIRE(sync(installation).exit_code == 0);
    CHECK(*sandbox.articles()["A-1"]["weight"].decimal() == *Decimal::parse("0.5"));
    const auto shown = lines_of(installation.blongo({"articles", "show", "--sku", "A-1", "--json"}), "article");
    REQUIRE(shown.size() == 1);
    std::map<std::string, std::string> verdicts;
    for (const auto& line : shown.front()["lines"].elements())
        verdicts[std::string(line["target"].text())] = line["verdict"].text();
    CHECK(verdicts["weight"] == "kept");
    CHECK(verdicts["articleName"] == "same");
    CHECK(verdicts["length"] == "empty");
}

TEST_CASE("--sku takes these articles and no other") {
    Sandbox sandbox;
    for (int id = 1; id <= 3; ++id) add(sandbox, id, "A-" + std::to_string(id), "Kubek");
    Installation installation(sandbox);
    CHECK(installation.blongo({"articles", "sync", "--sku", "A-2"}).exit_code == 0);
    CHECK(sandbox.articles().size() == 1);
    CHECK(sandbox.articles()["A-2"].is_object());
}

TEST_CASE("filters leave articles out by SKU glob and tag") {
    Sandbox sandbox;
    add(sandbox, 1, "TEA-1", "Herbata", json::Value::object().set("tags", json::Value::array()));
    add(sandbox, 2, "CUP-1", "Kubek");
    add(sandbox, 3, "CUP-X", "Kubek testowy");
    Installation installation(sandbox, "include = { sku = [\"CUP*\"] }\nexclude = { sku = [\"*-x\"] }");
    CHECK(sync(installation).exit_code == 0);
    const json::Value articles = sandbox.articles();
    CHECK(articles.size() == 1);
    CHECK_FALSE(articles["CUP-1"].is_null());
}

TEST_CASE("removed = deactivate: guarded, never with stock, taken back when the product returns") {
    Sandbox sandbox;
    for (int i = 1; i <= 30; ++i) add(sandbox, i, "A-" + std::to_string(i), "Artykul");
    Installation installation(sandbox, "removed = \"deactivate\"");
    REQUIRE(sync(installation).exit_code == 0);
    // A-2 still lies in the warehouse.
    sandbox.set_stock("A-2", 3);
    remove(sandbox, 1);
    remove(sandbox, 2);
    CHECK(sync(installation).exit_code == 0);
    CHECK_FALSE(is_active(sandbox, "A-1"));
    CHECK(is_active(sandbox, "A-2"));

    add(sandbox, 1, "A-1", "Artykul");
    CHECK(sync(installation).exit_code == 0);
    CHECK(is_active(sandbox, "A-1"));

    // A third of the catalogue at once is not believed.
    for (int i = 3; i <= 12; ++i) remove(sandbox, i);
    sandbox.reset_journal();
    const auto stopped = sync(installation);
    CHECK(stopped.exit_code == 7);
    CHECK(sandbox.writes() == 0);
    CHECK(stopped.err.find("max_deactivated_percent") != std::string::npos);
}

TEST_CASE("removed = keep: nothing is written for a product that is gone") {
    Sandbox sandbox;
    add(sandbox, 1, "A-1", "Kubek");
    add(sandbox, 2, "A-2", "Talerz");
    Installation installation(sandbox);
    REQUIRE(sync(installation).exit_code == 0);
    remove(sandbox, 1);
    sandbox.reset_journal();
    const auto kept = installation.blongo({"articles", "sync", "--json", "--personal"});
    CHECK(kept.exit_code == 0);
    CHECK(sandbox.writes() == 0);
    CHECK(is_active(sandbox, "A-1"));
    const auto told = lines_of(kept, "action");
    REQUIRE(told.size() == 1);
    CHECK(told.front()["key"].text() == "A-1");
    CHECK(told.front()["label"].text() == "Kubek");
    CHECK(told.front()["reason"].text() == "gone from BaseLinker");
}

TEST_CASE("an empty listing stops the run before anything is done") {
    Sandbox sandbox;
    for (int i = 1; i <= 6; ++i) add(sandbox, i, "A-" + std::to_string(i), "Artykul");
    Installation installation(sandbox, "removed = \"deactivate\"");
    REQUIRE(sync(installation).exit_code == 0);
    for (int i = 1; i <= 6; ++i) remove(sandbox, i);
    sandbox.reset_journal();
    CHECK(sync(installation).exit_code == 7);
    CHECK(sandbox.writes() == 0);
}

TEST_CASE("max_new_articles and --limit stop creating and the next run goes on") {
    Sandbox sandbox({"--products", "20"});
    Installation installation(sandbox, "max_new_articles = 5");
    CHECK(sync(installation).exit_code == 0);
    CHECK(sandbox.articles().size() == 5);
    CHECK(installation.blongo({"articles", "sync", "--limit", "3"}).exit_code == 0);
    CHECK(sandbox.articles().size() == 8);
    for (int i = 0; i < 3; ++i) CHECK(sync(installation).exit_code == 0);
    CHECK(sandbox.articles().size() == 20);
    CHECK(sandbox.violations().empty());
}

TEST_CASE("--max-duration ends a run cleanly with 5, and later runs complete the work") {
    Sandbox sandbox({"--products", "400", "--latency-ongoing", "30"});
    Installation installation(sandbox);
    const auto cut = installation.blongo({"articles", "sync", "--json", "--max-duration", "5s"});
    INFO(cut.out.substr(0, 500) << cut.err);
    CHECK(cut.exit_code == 5);
    CHECK_FALSE(summary_of(cut)["complete"].is_true());
    const auto there = sandbox.articles().size();
    CHECK(there > 0);
    CHECK(there < 400);
    sandbox.options(json::Value::object().set("latency_ongoing", 0));
    sandbox.reset_journal();
    const auto rest = sync(installation);
    CHECK(rest.exit_code == 0);
    CHECK(sandbox.articles().size() == 400);
    CHECK(sandbox.calls("ongoing", "PUT /articles") == static_cast<std::int64_t>(400 - there));
}

TEST_CASE("SIGTERM finishes the current article and ends with 143") {
    Sandbox sandbox({"--products", "400", "--latency-ongoing", "10"});
    Installation installation(sandbox);
    const auto process = installation.start({"articles", "sync", "--json"});
    process->wait_until([&] { return sandbox.articles().size() >= 10; });
    process->signal(15);
    const auto ended = process->wait();
    CHECK(ended.exit_code == 143);
    const auto there = sandbox.articles().size();
    CHECK(there < 400);
    sandbox.reset_journal();
    CHECK(sync(installation).exit_code == 0);
    CHECK(sandbox.calls("ongoing", "PUT /articles") == static_cast<std::int64_t>(400 - there));
    CHECK(sandbox.violations().empty());
}

TEST_CASE("a second run of the same flow ends with 11 and says who holds the lock", "[F3]") {
    Sandbox sandbox({"--products", "300", "--latency-ongoing", "10"});
    Installation installation(sandbox);
    const auto process = installation.start({"articles", "sync"});
    process->wait_until([&] { return sandbox.articles().size() >= 5; });
    const auto second = installation.blongo({"articles", "sync"});
    INFO(second.err);
    CHECK(second.exit_code == 11);
    CHECK(second.err.find(std::to_string(process->pid())) != std::string::npos);
    CHECK(process->wait().exit_code == 0);
}

TEST_CASE("every quirk of the connector's JSON gives the same articles", "[F32]") {
    Sandbox plain({"--demo"}), odd({"--demo", "--quirks"});
    Installation one(plain), other(odd);
    const auto first = one.blongo({"articles", "sync"});
    const auto second = other.blongo({"articles", "sync"});
    INFO(first.err << second.err);
    CHECK(first.exit_code == second.exit_code);
    const json::Value a = plain.articles(), b = odd.articles();
    REQUIRE(a.size() == b.size());
    for (const auto& [number, article] : a.members())
        for (const char* member : {"articleName", "productCode", "description", "weight", "length", "barCodeInfo"})
            CHECK(article[member].canonical() == b[number][member].canonical());
    CHECK(odd.violations().empty());
}
