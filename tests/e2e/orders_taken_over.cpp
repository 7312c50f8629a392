// SPDX-License-Identifier: Apache-2.0
// Orders that are in Ongoing already, articles that orders need, lines of the same article.
#include <catch2/catch.hpp>

#include <filesystem>

#include "support/e2e/orders.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

std::int64_t count(const json::Value& summary, const std::string& name) {
    return summary[name].integer(-1);
}

std::int64_t writes_of(Sandbox& sandbox, const std::string& number) {
    return sandbox.orders()[number]["writes"].integer(-1);
}

json::Value line_of(Sandbox& sandbox, const std::string& number, std::size_t index) {
    return sandbox.orders()[number]["lines"].elements().at(index)["data"];
}

} // namespace

TEST_CASE("a ledger that was deleted: what is there is adopted, nothing is written a second time") {
    Sandbox sandbox({"--products", "20"});
    for (int id = 1; id <= 30; ++id) sandbox.base_orders(base_order(id, {base_line(synthetic_sku(1 + id % 20), id)}));
    sandbox.base_orders(base_order(31, {base_line(synthetic_sku(1)), base_line(synthetic_sku(1), 2)}));
    Installation installation(sandbox, {}, {}, orders_on());
    REQUIRE(sync_orders(installation).exit_code == 0);
    REQUIRE(sandbox.orders().size() == 31);
    for (const auto& file : std::filesystem::directory_iterator(installation.folder().path()))
        if (file.path().filename().string().starts_with("state.db")) std::filesystem::remove(file);
    sandbox.reset_journal();
    const auto again = sync_orders(installation);
    CHECK(again.exit_code == 0);
    CHECK(count(summary_of(again), "adopted") == 31);
    CHECK(count(summary_of(again), "created") == 0);
    CHECK(sandbox.writes() == 0);
    for (int id = 1; id <= 31; ++id) CHECK(writes_of(sandbox, std::to_string(id)) == 1);
    sandbox.reset_journal();
    CHECK(count(summary_of(sync_orders(installation)), "same") == 31);
    CHECK(sandbox.writes() == 0);
}

TEST_CASE("an order of another connector is adopted when id and lines agree, else parked exists_in_warehouse") {
    Sandbox sandbox({"--products", "20"});
    for (int id = 1; id <= 4; ++id) sandbox.base_orders(base_order(id, {base_line(synthetic_sku(id), 2)}));
    const auto theirs = [&](int id, const std::string& goods_owner_order_id, int quantity, int status) {
        people::make_order(sandbox, std::to_string(id), goods_owner_order_id, std::to_string(id * 10 + 1), synthetic_sku(id),
                           quantity, status);
    };
    theirs(1, "1", 2, 300);   // agrees
    theirs(2, "2", 5, 300);   // other quantity
    theirs(3, "X-3", 2, 300); // other order
    theirs(4, "4", 2, 450);   // sent already
    Installation installation(sandbox, {}, {}, orders_on("status_after_import = 8070"));
    const auto run = sync_orders(installation);
    CHECK(run.exit_code == 3);
    CHECK(count(summary_of(run), "adopted") == 2);
    CHECK(count(summary_of(run), "parked") == 2);
    CHECK(sandbox.calls("ongoing", "PUT /orders") == 0);
    const auto parked = lines_of(installation.blongo({"parked", "list", "--json"}), "parked");
    REQUIRE(parked.size() == 2);
    for (const auto& row : parked) CHECK(row["cause"].text() == "exists_in_warehouse");
    // Ours to go on with: its status is set. Finished before adoption: nothing of it is touched.
    CHECK(sandbox.base_order(1)["order_status_id"].integer() == status::in_warehouse);
    CHECK(sandbox.base_order(4)["order_status_id"].integer() == status::to_warehouse);
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.calls("ongoing", "PUT /orders") == 0);
    CHECK(sandbox.violations().empty());
}

TEST_CASE("articles that orders need are made first: product, variant, bundle with components, service SKU") {
    Sandbox sandbox({"--products", "3"});
    sandbox.base_products(json::Value::object()
                              .set("id", 500)
                              .set("sku", "SHIRT")
                              .set("text_fields", json::Value::object().set("name", "Koszulka")));
    sandbox.base_products(json::Value::object()
                              .set("id", 501)
                              .set("parent_id", 500)
                              .set("sku", "SHIRT-M")
                              .set("text_fields", json::Value::object().set("name", "M")));
    sandbox.base_products(json::Value::object()
                              .set("id", 600)
                              .set("sku", "SET-1")
                              .set("is_bundle", true)
                              .set("bundle_products", json::Value::object().set("900000002", 2).set("900000003", 1))
                              .set("text_fields", json::Value::object().set("name", "Zestaw")));
    sandbox.base_products(json::Value::object()
                              .set("id", 700)
                              .set("sku", "FREIGHT-XL")
                              .set("text_fields", json::Value::object().set("name", "Dostawa z wniesieniem")));
    const auto of = [](const std::string& product, const std::string& variant = "0") {
        return json::Value::object().set("product_id", product).set("variant_id", variant);
    };
    sandbox.base_orders(
        base_order(1, {base_line(synthetic_sku(1), 1, of("900000001")), base_line("SHIRT-M", 1, of("500", "501"))}));
    sandbox.base_orders(base_order(2, {base_line("SET-1", 1, of("600"))}));
    sandbox.base_orders(base_order(3, {base_line(synthetic_sku(1), 1, of("900000001")), base_line("FREIGHT", 1)}));
    // No SKU on the line, but the catalogue knows the product.
    sandbox.base_orders(base_order(4, {base_line("", 3, of("900000001"))}));
    // A service that the catalogue knows is what the catalogue says.
    sandbox.base_orders(base_order(5, {base_line(synthetic_sku(1), 1, of("900000001")), base_line("FREIGHT-XL", 1, of("700"))}));
    Installation installation(sandbox, {}, {}, orders_on("service_skus = [\"FREIGHT*\"]"));
    const auto run = sync_orders(installation);
    CHECK(run.exit_code == 0);
    const json::Value articles = sandbox.articles();
    CHECK(articles.size() == 7);
    CHECK(articles["FREIGHT-XL"]["articleName"].text() == "Dostawa z wniesieniem");
    for (const std::string& number : {synthetic_sku(1), synthetic_sku(2), synthetic_sku(3), std::string("SHIRT-M"),
                                      std::string("SET-1"), std::string("FREIGHT")})
        CHECK_FALSE(articles[number].is_null());
    CHECK(articles["SHIRT-M"]["articleName"].text() == "Koszulka M");
    CHECK(articles["SET-1"].at_path("structureDefinition.articleKind").text() == "Structure");
    CHECK(articles["FREIGHT"]["isStockArticle"].dump() == "false");
    CHECK(line_of(sandbox, "3", 1)["shouldBePicked"].dump() == "false");
    CHECK(line_of(sandbox, "4", 0)["articleNumber"].text() == synthetic_sku(1));
    CHECK(sandbox.orders().size() == 5);
    CHECK(sandbox.violations().empty());
    // The article flow has nothing left to write of them.
    sandbox.reset_journal();
    CHECK(installation.blongo({"articles", "sync"}).exit_code == 0);
    CHECK(sandbox.calls("ongoing", "PUT /articles") == 0);
}

TEST_CASE("discounts are not sent, service lines go into the remark, both comments are there") {
    Sandbox sandbox({"--products", "3"});
    sandbox.base_orders(base_order(
        1,
        {base_line(synthetic_sku(1)),
         base_line("", 1, json::Value::object().set("name", "Rabat -10%").set("price_brutto", json::Value::number("-5.00"))),
         base_line("", 1,
                   json::Value::object().set("name", "Pakowanie na prezent").set("price_brutto", json::Value::number("9.00")))},
        json::Value::object().set("user_comments", "Prosze dzwonic").set("admin_comments", "VIP")));
    Installation installation(sandbox, {}, {}, orders_on("service_lines = [\"pakowanie*\"]"));
    CHECK(sync_orders(installation).exit_code == 0);
    const json::Value order = sandbox.orders()["1"];
    CHECK(order["lines"].size() == 1);
    const std::string remark(order["data"]["orderRemark"].text());
    for (const std::string part : {"Prosze dzwonic", "VIP", "Pakowanie na prezent"})
        CHECK(remark.find(part) != std::string::npos);
    CHECK(remark.find("Rabat") == std::string::npos);
}

TEST_CASE("the same article on two lines: kept apart where the warehouse keeps them, merged by us where it merges") {
    // A warehouse that merges adds up, or keeps the last line alone.
    for (const std::string setting : {"merge_equal_lines=false", "merge_equal_lines=true", "keep_last_equal_line=true"}) {
        INFO(setting);
        const std::string merges = setting == "merge_equal_lines=false" ? "false" : "true";
        Sandbox sandbox({"--products", "3", "--set", setting});
        sandbox.base_orders(base_order(1, {base_line(synthetic_sku(1), 1), base_line(synthetic_sku(1), 2)}));
        sandbox.base_orders(base_order(9, {base_line(synthetic_sku(3), 5), base_line(synthetic_sku(3), 1)}));
        Installation installation(sandbox, {}, {}, orders_on());
        const auto first = sync_orders(installation);
        CHECK(first.exit_code == 0);
        for (const auto& [number, expected] : {std::pair{"1", 3}, std::pair{"9", 6}}) {
            const json::Value order = sandbox.orders()[number];
            std::int64_t pieces = 0;
            for (const auto& line : order["lines"].elements()) pieces += line["ordered"].integer();
            CHECK(pieces == expected);
            CHECK(order["lines"].size() == (merges == "true" ? 1 : 2));
        }
        CHECK(writes_of(sandbox, "1") == (setting == "keep_last_equal_line=true" ? 2 : 1));
        CHECK(writes_of(sandbox, "9") == 1);
        CHECK(sandbox.calls("ongoing", "GET /orders/{orderId}") == 1);
        CHECK((first.err.find("merges lines of the same article") != std::string::npos) == (merges == "true"));
        // From then on it is known: the second such order is not read back.
        sandbox.reset_journal();
        sandbox.base_orders(base_order(2, {base_line(synthetic_sku(2), 4), base_line(synthetic_sku(2), 5)}));
        CHECK(sync_orders(installation).exit_code == 0);
        CHECK(sandbox.calls("ongoing", "GET /orders/{orderId}") == 0);
        CHECK(sandbox.calls("ongoing", "PUT /orders") == 1);
        const json::Value sent = sandbox.get("/_admin/journal?side=ongoing&operation=PUT%20/orders");
        CHECK(sent.elements().front()["parameters"]["orderLines"].size() == (merges == "true" ? 1 : 2));
        sandbox.reset_journal();
        CHECK(sync_orders(installation).exit_code == 0);
        CHECK(sandbox.writes() == 0);
    }
}

TEST_CASE("a warehouse that makes unknown articles itself still gets ours") {
    Sandbox sandbox({"--products", "3", "--set", "refuse_unknown_articles=false"});
    sandbox.base_orders(base_order(1, {base_line("NOBODY-KNOWS-1")}));
    Installation installation(sandbox, {}, {}, orders_on());
    CHECK(sync_orders(installation).exit_code == 3);
    CHECK(sandbox.orders().size() == 0);
}
