// SPDX-License-Identifier: Apache-2.0
// [connections.X.mapping] over HTTP: what Ongoing holds when templates write over articles, orders and lines.
#include <catch2/catch.hpp>

#include <filesystem>

#include "support/e2e/orders.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

const std::string mapping = R"(
[connections.demo.mapping.article]
"freeValues.freeText1" = "{text_fields.extra_field_7|upper}"
customsDescription = "{name}, {weight} kg"
articlePackingHandlingComment = "{text_fields.extra_field_7}"
[connections.demo.mapping.order]
orderRemark = "{user_comments,extra_field_1|join:' / '}"
referenceNumber = "{external_order_id,shop_order_id}"
freeText1 = "from the shop"
freeText2 = "{custom_extra_fields.135}"
freightPrice = "{delivery_price}"
pickingPriority = "{extra_field_2}"
"consignee.address3" = "{''}"
[connections.demo.mapping.order_line]
warehouseInstruction = "{location}"
"lineFreeValues.freeText1" = "{order.custom_extra_fields.135}/{quantity}"
)";

json::Value cup() {
    return json::Value::object()
        .set("id", 5001)
        .set("sku", "KUB-01")
        .set("weight", json::Value::number("0.5"))
        .set("text_fields", json::Value::object().set("name", "Kubek").set("extra_field_7", "gładki"));
}

json::Value order_with_everything(std::int64_t id) {
    return base_order(id, {base_line("KUB-01", 2, json::Value::object().set("location", "R-04").set("product_id", "5001"))},
                      json::Value::object()
                          .set("user_comments", "Proszę dzwonić")
                          .set("extra_field_1", "A7")
                          .set("extra_field_2", "5")
                          .set("external_order_id", "EXT-9")
                          .set("delivery_price", json::Value::number("12.50"))
                          .set("custom_extra_fields", json::Value::object().set("135", "prezent")));
}

} // namespace

TEST_CASE("what templates make of articles, orders and lines is what Ongoing holds, and a second run writes nothing") {
    Sandbox sandbox;
    sandbox.base_products(cup());
    sandbox.base_orders(order_with_everything(101));
    Installation installation(sandbox, {}, mapping, orders_on());
    const auto articles = installation.blongo({"articles", "sync"});
    INFO(articles.out << articles.err);
    REQUIRE(articles.exit_code == 0);
    const json::Value article = sandbox.articles()["KUB-01"];
    CHECK(article.at_path("freeValues.freeText1").text() == "GŁADKI");
    CHECK(article["customsDescription"].text() == "Kubek, 0.5 kg");
    CHECK(article["articleName"].text() == "Kubek");

    const auto run = sync_orders(installation);
    REQUIRE(run.exit_code == 0);
    const json::Value there = sandbox.orders()["101"];
    const json::Value& data = there["data"];
    INFO(there.dump());
    CHECK(data["orderRemark"].text() == "Proszę dzwonić / A7");
    CHECK(data["referenceNumber"].text() == "EXT-9");
    CHECK(data["freeText1"].text() == "from the shop");
    CHECK(data["freeText2"].text() == "prezent");
    CHECK(*data["freightPrice"].decimal() == *Decimal::parse("12.5"));
    CHECK(data["pickingPriority"].integer() == 5);
    CHECK(data["goodsOwnerOrderId"].text() == "101");
    REQUIRE(there["lines"].size() == 1);
    const json::Value& line = there["lines"].elements().front()["data"];
    CHECK(line["warehouseInstruction"].text() == "R-04");
    CHECK(line.at_path("lineFreeValues.freeText1").text() == "prezent/2");

    sandbox.reset_journal();
    CHECK(installation.blongo({"articles", "sync"}).exit_code == 0);
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.writes() == 0);
    CHECK(sandbox.violations().empty());
}

TEST_CASE("a changed template is one update of the article; a member that cannot be read back is written once") {
    Sandbox sandbox;
    sandbox.base_products(cup());
    Installation installation(sandbox, {}, mapping);
    REQUIRE(installation.blongo({"articles", "sync"}).exit_code == 0);
    std::string text = installation.config_text();
    const std::string before = "articlePackingHandlingComment = \"{text_fields.extra_field_7}\"";
    REQUIRE(text.find(before) != std::string::npos);
    text.replace(text.find(before), before.size(), "articlePackingHandlingComment = \"bubble wrap\"");
    installation.write_config(text);
    sandbox.reset_journal();
    REQUIRE(installation.blongo({"articles", "sync"}).exit_code == 0);
    CHECK(sandbox.writes() == 1);
    CHECK(sandbox.articles()["KUB-01"]["articlePackingHandlingComment"].text() == "bubble wrap");
    sandbox.reset_journal();
    REQUIRE(installation.blongo({"articles", "sync"}).exit_code == 0);
    CHECK(sandbox.writes() == 0);
}

TEST_CASE("a value that does not convert parks that order with its cause; the others go, and it goes when it is mended") {
    Sandbox sandbox;
    sandbox.base_products(cup());
    sandbox.base_orders(order_with_everything(101));
    json::Value wrong = order_with_everything(102);
    wrong.set("extra_field_2", "soon");
    sandbox.base_orders(wrong);
    Installation installation(sandbox, {}, mapping, orders_on());
    CHECK(sync_orders(installation).exit_code == 3);
    CHECK(sandbox.orders().size() == 1);
    const auto parked = lines_of(installation.blongo({"parked", "list", "--json"}), "parked");
    REQUIRE(parked.size() == 1);
    CHECK(parked.front()["key"].text() == "102");
    CHECK(parked.front()["cause"].text() == "field_invalid");
    CHECK(parked.front()["detail"].text().find("mapping.order.pickingPriority") != std::string::npos);
    CHECK(parked.front()["detail"].text().find("\"soon\", which is not a whole number") != std::string::npos);
    wrong.set("extra_field_2", "3");
    sandbox.base_orders(wrong);
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.orders()["102"]["data"]["pickingPriority"].integer() == 3);
}

TEST_CASE("an imported order follows what its templates read; people's edits stay, what renders empty is cleared") {
    Sandbox sandbox;
    sandbox.base_products(cup());
    sandbox.base_orders(order_with_everything(101));
    Installation installation(sandbox, {}, mapping, orders_on());
    REQUIRE(sync_orders(installation).exit_code == 0);
    const auto field = [&](const std::string& text) {
        sandbox.base_orders(
            json::Value::object().set("order_id", 101).set("custom_extra_fields", json::Value::object().set("135", text)));
        sandbox.reset_journal();
        CHECK(sync_orders(installation).exit_code == 0);
        CHECK(sandbox.writes() == 1);
        return sandbox.orders()["101"];
    };
    json::Value there = field("inny");
    CHECK(there["data"]["freeText2"].text() == "inny");
    CHECK(there["lines"].elements().front()["data"].at_path("lineFreeValues.freeText1").text() == "inny/2");

    sandbox.post("/_admin/ongoing/orders",
                 json::Value::object()
                     .set("orderNumber", "101")
                     .set("data", json::Value::object().set("orderNumber", "101").set("freeText1", "people's own")));
    there = field("");
    CHECK(there["data"]["freeText2"].text().empty());
    CHECK(there["lines"].elements().front()["data"].at_path("lineFreeValues.freeText1").text() == "/2");
    CHECK(there["data"]["freeText1"].text() == "people's own");
    sandbox.reset_journal();
    CHECK(sync_orders(installation).exit_code == 0);
    CHECK(sandbox.writes() == 0);
    CHECK(sandbox.violations().empty());
}

TEST_CASE("custom extra fields are asked for only where a template reads them") {
    Sandbox sandbox;
    sandbox.base_products(cup());
    sandbox.base_orders(order_with_everything(101));
    for (const bool reads : {false, true}) {
        Installation installation(sandbox, {},
                                  reads ? "[connections.demo.mapping.order]\nfreeText1 = \"{custom_extra_fields.135}\"\n" : "",
                                  orders_on());
        const std::string dump = installation.folder() / "http";
        REQUIRE(installation.blongo({"orders", "sync", "--dry-run", "--dump-http", dump}).exit_code == 0);
        const auto grep = installation.folder() / "http";
        std::string all;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(grep))
            if (entry.is_regular_file()) all += read_file(entry.path());
        REQUIRE(all.find("getOrders") != std::string::npos);
        CHECK((all.find("include_custom_extra_fields") != std::string::npos) == reads);
    }
}

TEST_CASE("a broken mapping stops the flow that it is about, with its place, before anything is sent") {
    Sandbox sandbox;
    sandbox.base_products(cup());
    sandbox.base_orders(order_with_everything(101));
    Installation installation(sandbox, {}, "[connections.demo.mapping]\norder.freeText4 = \"x\"\n", orders_on());
    const auto run = installation.blongo({"orders", "sync"});
    INFO(run.out << run.err);
    CHECK(run.exit_code == 2);
    CHECK(run.err.find("blongo.toml:") != std::string::npos);
    CHECK(run.err.find("did you mean \"order.freeText1\"?") != std::string::npos);
    CHECK(sandbox.writes() == 0);
    CHECK(installation.blongo({"config", "check"}).exit_code == 2);
    CHECK(installation.blongo({"articles", "sync"}).exit_code == 0);
}

TEST_CASE("mapping test shows what a template read, replaced and made, masks the buyer, and writes nothing") {
    Sandbox sandbox;
    sandbox.base_products(cup());
    sandbox.base_orders(order_with_everything(101));
    Installation installation(sandbox, {}, mapping, orders_on());
    const auto shown = installation.blongo({"mapping", "test", "101"});
    INFO(shown.out << shown.err);
    CHECK(shown.exit_code == 0);
    CHECK(shown.out.find("custom_extra_fields.135 = \"prezent\"") != std::string::npos);
    CHECK(shown.out.find("user_comments = \"***\", extra_field_1 = \"A7\"") != std::string::npos);
    CHECK(shown.out.find("dzwoni") == std::string::npos);
    CHECK(shown.out.find("R-04") != std::string::npos);
    const auto rows = lines_of(installation.blongo({"mapping", "test", "101", "--json"}), "order");
    REQUIRE(rows.size() == 1);
    bool priority = false;
    for (const auto& member : rows.front()["members"].elements())
        if (member["target"].text() == "pickingPriority")
            priority = member["baselinker"].text() == "5" && member["mapping"].text() == "own" &&
                       member["reads"].text() == "extra_field_2 = \"5\"" && member["default"].text().empty();
    CHECK(priority);
    const auto article = installation.blongo({"mapping", "test", "--sku", "KUB-01"});
    INFO(article.out << article.err);
    CHECK(article.exit_code == 0);
    CHECK(article.out.find("GŁADKI") != std::string::npos);
    CHECK(article.out.find("text_fields.extra_field_7 =") != std::string::npos);
    CHECK(sandbox.writes() == 0);
    CHECK(installation.blongo({"mapping", "test"}).exit_code == 2);
    CHECK(installation.blongo({"mapping", "test", "KUB-01"}).exit_code == 6); // neither an order nor an article yet

    REQUIRE(sync_orders(installation).exit_code == 0);
    CHECK(lines_of(installation.blongo({"mapping", "test", "KUB-01", "--json"}), "article").size() == 1);
    for (const auto& row : lines_of(installation.blongo({"mapping", "test", "101", "--json"}), "order"))
        for (const auto& member : row["members"].elements()) {
            INFO(member.dump());
            CHECK(member["verdict"].text() != "differs");
            CHECK(member["verdict"].text() != "only in BaseLinker");
        }
    CHECK(installation.blongo({"check"}).exit_code == 0);
}
