// SPDX-License-Identifier: Apache-2.0
// Details that are as they were when nothing was to be done are not looked at again: only while all else is as it was, too.
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "support/e2e/orders.hpp"
#include "support/e2e/sandbox.hpp"
#include "support/replaced.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr int products = 30;

json::Value product(int number, const std::string& name) {
    return json::Value::object()
        .set("id", 500 + number)
        .set("sku", fmt::format("A-{}", number))
        .set("height", 20)
        .set("text_fields", json::Value::object().set("name", name));
}

/// A shop of which a run found that nothing was to be done.
struct QuietShop {
    QuietShop() {
        for (int i = 1; i <= products; ++i) sandbox.base_products(product(i, fmt::format("Kubek {}", i)));
        CHECK(sync()["created"].integer() == products);
        CHECK(sync()["same"].integer() == products);
        CHECK(known_answers() == products / 10);
        sandbox.reset_journal();
    }

    json::Value sync(std::vector<std::string> more = {}) {
        std::vector<std::string> arguments{"articles", "sync", "--json"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        last = installation.blongo(arguments);
        UNSCOPED_INFO(last.out << last.err);
        return summary_of(last);
    }

    std::string state(const std::string& statement) const {
        const std::string answer = edit_state(installation, statement);
        return answer.substr(0, answer.find('\n'));
    }
    [[nodiscard]] int known_answers() const {
        const std::string kept = state("SELECT value FROM cursors WHERE name = 'articles.known_answers'");
        return static_cast<int>(json::Value::parse(kept).value()["answers"].elements().size());
    }

    Sandbox sandbox;
    Installation installation{sandbox, "batch = 10"};
    Finished last;
};

} // namespace

TEST_CASE("what is unchanged is told as unchanged run after run, and the one product that changes is written") {
    QuietShop shop;
    for (int i = 0; i < 2; ++i) CHECK(shop.sync()["same"].integer() == products);
    CHECK(shop.sandbox.writes() == 0);
    CHECK(lines_of(shop.installation.blongo({"articles", "sync", "--json", "-v"}), "action").size() == products);

    shop.sandbox.base_products(product(17, "Talerz"));
    const json::Value changed = shop.sync();
    CHECK(changed["updated"].integer() == 1);
    CHECK(changed["same"].integer() == products - 1);
    CHECK(shop.sandbox.articles()["A-17"]["articleName"].text() == "Talerz");
    CHECK(shop.sandbox.calls("ongoing", "PUT /articles") == 1);

    // Back to what it was: that answer is an old acquaintance, and must be written all the same.
    shop.sandbox.base_products(product(17, "Kubek 17"));
    CHECK(shop.sync()["updated"].integer() == 1);
    CHECK(shop.sandbox.articles()["A-17"]["articleName"].text() == "Kubek 17");
}

TEST_CASE("another setting makes every product looked at again") {
    QuietShop shop;
    shop.installation.write_config(
        replaced(shop.installation.config_text(), "batch = 10", "batch = 10\nlength_factor = \"0.1\""));
    CHECK(shop.sync()["updated"].integer() == products);
    CHECK(shop.sandbox.articles()["A-1"]["height"].dump() == "2");
}

TEST_CASE("what another run wrote into the ledger is compared with Ongoing again") {
    QuietShop shop;
    SECTION("one that names the article") {
        shop.sandbox.base_products(product(3, "Talerz"));
        CHECK(shop.sync({"--sku", "A-3"})["updated"].integer() == 1);
        shop.sandbox.base_products(product(3, "Kubek 3"));
        CHECK(shop.sync()["updated"].integer() == 1);
        CHECK(shop.sandbox.articles()["A-3"]["articleName"].text() == "Kubek 3");
    }
    SECTION("one whose answer was lost") {
        shop.sandbox.base_products(product(3, "Talerz"));
        shop.sandbox.fault(json::Value::object()
                               .set("side", "ongoing")
                               .set("operation", "PUT /articles")
                               .set("nth", 1)
                               .set("fault", "drop_after"));
        const std::int64_t first = shop.sync()["updated"].integer();
        CHECK(first + shop.sync()["updated"].integer() >= 1);
        CHECK(shop.sync()["same"].integer() == products);
        CHECK(shop.sandbox.articles()["A-3"]["articleName"].text() == "Talerz");
    }
}

TEST_CASE("once a day everything is compared anew, also with a ledger that somebody changed by hand") {
    QuietShop shop;
    shop.state("UPDATE articles SET fingerprint = 'lost' WHERE number = 'A-3'");
    shop.state("DELETE FROM articles WHERE number = 'A-25'");
    const auto later_by = [&](int hours) { // the look at everything lies back so much further
        shop.state(
            fmt::format("UPDATE cursors SET value = json_set(value, '$.looked_at', json_extract(value, '$.looked_at') - {}) "
                        "WHERE name = 'articles.known_answers'",
                        hours * 3'600'000));
        return shop.sync();
    };
    CHECK(later_by(23)["same"].integer() == products);
    CHECK(shop.state("SELECT COUNT(*) FROM articles") == std::to_string(products - 1));
    const json::Value next_day = later_by(2);
    CHECK(next_day["adopted"].integer() == 1);
    CHECK(next_day["same"].integer() == products - 1);
    CHECK(shop.state("SELECT length(fingerprint) FROM articles WHERE number = 'A-3'") == "32");
    CHECK(shop.state("SELECT COUNT(*) FROM articles") == std::to_string(products));
    CHECK(shop.sandbox.writes() == 0);
}

TEST_CASE("products without an article, refused ones and new ones keep their place when the ledger is not looked at") {
    QuietShop shop;
    shop.sandbox.base_products(product(40, "Bez numeru").set("sku", ""));
    shop.sandbox.fault(json::Value::object()
                           .set("side", "ongoing")
                           .set("operation", "PUT /articles")
                           .set("fault", "status_before")
                           .set("match", "A-41")
                           .set("every", 1)
                           .set("code", 400)
                           .set("body", R"({"message":"ArticleName is refused"})"));
    shop.sandbox.base_products(product(41, "Odmowa"));
    for (int i = 0; i < 4; ++i) {
        const json::Value run = shop.sync();
        CHECK(run["same"].integer() == products);
        CHECK(run["parked_total"].integer() == 2);
    }
    // Neither of the two makes everything looked at again, run after run.
    CHECK(shop.known_answers() == 2); // of four: 541 comes first, 540 last
    CHECK(shop.state("SELECT json_extract(value, '$.ledger') FROM cursors WHERE name = 'articles.known_answers'") ==
          R"({"new":[541],"marked":[540]})");
    // What was left out gets its article as soon as it may have one.
    shop.sandbox.clear_faults();
    shop.sandbox.base_products(product(40, "Z numerem"));
    shop.sync();
    CHECK(shop.sandbox.articles()["A-40"]["articleName"].text() == "Z numerem");
    CHECK(shop.sync()["same"].integer() >= products + 1);
}

TEST_CASE("a number that two products have is refused for both although the answer is the same as before") {
    QuietShop shop;
    // As many new ones as make a batch: all others are asked for as before, and answered as before.
    json::Value fresh = json::Value::array();
    for (int i = 1; i <= 10; ++i) fresh.push_back(product(100 + i, "Nowy"));
    fresh.push_back(product(110, "Kopia").set("sku", "A-9"));
    shop.sandbox.base_products(fresh);
    const json::Value refused = shop.sync();
    CHECK(refused["created"].integer() == 9);
    CHECK(refused["parked"].integer() == 1);
    CHECK(refused["same"].integer() == products - 1);
    // Gone again: nothing is parked, and all is as it was.
    shop.sandbox.send("DELETE", "/_admin/baselinker/products?id=610", {});
    const json::Value fine = shop.sync();
    CHECK(fine["parked_total"].integer() == 0);
    CHECK(fine["same"].integer() == products + 9);
}

TEST_CASE("what Ongoing refuses stays parked run after run beside products that are unchanged") {
    QuietShop shop;
    shop.sandbox.base_products(product(4, "Talerz"));
    shop.sandbox.fault(json::Value::object()
                           .set("side", "ongoing")
                           .set("operation", "PUT /articles")
                           .set("fault", "status_before")
                           .set("every", 1)
                           .set("code", 400)
                           .set("body", R"({"message":"ArticleName is refused"})"));
    for (int i = 0; i < 3; ++i) {
        const json::Value run = shop.sync();
        CHECK(run["parked_total"].integer() == 1);
        CHECK(run["same"].integer() == products - 1);
    }
}

TEST_CASE("a refusal that comes again and again is no answer that is known") {
    QuietShop shop;
    // All ten in one call are refused, five are not.
    shop.sandbox.fault(json::Value::object()
                           .set("side", "baselinker")
                           .set("operation", "getInventoryProductsData")
                           .set("match", "505,506")
                           .set("every", 1)
                           .set("fault", "status_before")
                           .set("code", 200)
                           .set("body", R"({"status":"ERROR","error_code":"ERROR_PRODUCT_ID","error_message":"refused"})"));
    for (int i = 0; i < 2; ++i) CHECK(shop.sync()["same"].integer() == products);
    CHECK(shop.sandbox.calls("baselinker", "getInventoryProductsData") == 2 * 5);
    shop.sandbox.base_products(product(7, "Talerz"));
    CHECK(shop.sync()["updated"].integer() == 1);
    CHECK(shop.sandbox.articles()["A-7"]["articleName"].text() == "Talerz");
}

TEST_CASE("a known answer that comes at the second attempt is known") {
    QuietShop shop;
    shop.sandbox.fault(json::Value::object()
                           .set("side", "baselinker")
                           .set("operation", "getInventoryProductsData")
                           .set("nth", 2)
                           .set("fault", "status_before")
                           .set("code", 200)
                           .set("body", "<html>busy</html>"));
    CHECK(shop.sync()["same"].integer() == products);
    CHECK(shop.known_answers() == products / 10);
    CHECK(shop.sandbox.calls("baselinker", "getInventoryProductsData") == 4);
}

TEST_CASE("products take turns in runs that end early although most answers are known") {
    QuietShop shop;
    shop.sandbox.base_products(product(products, "Talerz")); // in the last batch
    shop.sandbox.options(json::Value::object().set("latency_baselinker", 300));
    int runs = 0;
    constexpr int most = 12;
    while (shop.sandbox.articles()[fmt::format("A-{}", products)]["articleName"].text() != "Talerz" && ++runs < most) {
        shop.sync({"--max-duration", "1400ms"});
    }
    CHECK(runs < most);
}
