// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "faults.hpp"
#include "options.hpp"
#include "running.hpp"
#include "support/temp_dir.hpp"

using namespace blongo;
using namespace blongo::test;
using sandbox::parse_options;

TEST_CASE("options are read in both forms") {
    const auto options = parse_options({"--port", "0", "--demo", "--products=25", "--quirks", "--rate-limit", "60",
                                        "--block-seconds=5", "--latency-baselinker", "7", "--token", "t", "--goods-owner-id",
                                        "159", "--set", "merge_equal_lines=true"});
    REQUIRE(options);
    CHECK(options->port == 0);
    CHECK(options->demo);
    CHECK(options->products == 25);
    CHECK(options->settings.quirks);
    CHECK(options->settings.rate_limit == 60);
    CHECK(options->settings.block_seconds == 5);
    CHECK(options->settings.latency_baselinker == 7);
    CHECK(options->settings.merge_equal_lines);
    CHECK(options->token == "t");
    CHECK(options->goods_owner_id == 159);
}

TEST_CASE("what cannot be read is said, with the option's name") {
    const std::vector<std::vector<std::string>> wrong = {
        {"--port", "x"},     {"--port", "70000"},     {"--prot", "1"},        {"--port"},          {"serve"},
        {"--set", "quirks"}, {"--set", "quirks=yes"}, {"--set", "nothing=1"}, {"--products", "-5"}};
    for (const auto& arguments : wrong) {
        const auto options = parse_options(arguments);
        REQUIRE_FALSE(options);
        CHECK(options.error().kind == ErrorKind::usage);
        CHECK_FALSE(options.error().text().empty());
    }
}

TEST_CASE("the help names every setting, every fault and every admin path") {
    const std::string help = sandbox::help_text();
    for (const auto& row : sandbox::setting_rows()) CHECK(help.find(row.name) != std::string::npos);
    for (const std::string& name : sandbox::fault_names()) CHECK(help.find(name) != std::string::npos);
    for (const char* path :
         {"/_admin/journal", "/_admin/violations", "/_admin/world", "/_admin/faults", "/_admin/clock", "/_admin/ongoing/work",
          "/_admin/baselinker/orders", "/_admin/unblock", "/_admin/baselinker/edit", "/_admin/ongoing/edit"})
        CHECK(help.find(path) != std::string::npos);
}

TEST_CASE("settings are changed as a whole or not at all") {
    Running world;
    CHECK(world.admin("PUT", "/options", parsed(R"({"quirks":true,"no_such":1})")).status == 400);
    CHECK(world.admin("PUT", "/options", parsed(R"({"quirks":true,"rate_limit":"5"})")).status == 400);
    CHECK_FALSE(world.admin("GET", "/options")["quirks"].is_true());
    CHECK(world.admin("PUT", "/options", parsed(R"({"quirks":true})"))["quirks"].is_true());
}

TEST_CASE("a world and fault rules can be given as files") {
    const TempDir folder;
    write_file(folder / "world.json",
               R"({"accounts":[{"token":"sandbox-token","dictionaries":{"inventories":[{"inventory_id":5}]}}],
        "goods_owners":[{"warehouse":"sandbox","goodsOwnerId":1,"user":"WSI-SANDBOX","password":"sandbox-password"}]})");
    write_file(folder / "faults.json",
               R"({"faults":[{"operation":"getInventories","nth":1,"fault":"status_before","code":503}]})");
    sandbox::Options options;
    options.world_file = folder / "world.json";
    options.fault_files = {folder / "faults.json"};
    Running world(options);
    CHECK(world.base("getInventories").status == 503);
    CHECK(world.base("getInventories")["inventories"].elements().front()["inventory_id"].integer() == 5);

    options.world_file = folder / "missing.json";
    CHECK_FALSE(sandbox::Sandbox::create(options));
    write_file(folder / "broken.json", R"({"faults":[{"operation":"x","fault":"y"}]})");
    options.world_file.clear();
    options.fault_files = {folder / "broken.json"};
    CHECK_FALSE(sandbox::Sandbox::create(options));
}

TEST_CASE("the world's time can be moved") {
    Running world;
    const std::string before(world.admin("POST", "/clock", parsed(R"({"offset_seconds":0})"))["now"].text());
    const std::string after(world.admin("POST", "/clock", parsed(R"({"offset_seconds":864000})"))["now"].text());
    CHECK(after.substr(0, 10) > before.substr(0, 10));
    world.plant_article("A");
    const Answer articles = world.ongoing("GET", "/articles?goodsOwnerId=1");
    CHECK(articles.rows().front()["articleDataLastUpdated"].text().substr(0, 10) == after.substr(0, 10));
}

TEST_CASE("objects can be changed behind the client's back") {
    sandbox::Options options;
    options.demo = true;
    Running world(options);
    CHECK(world.admin("POST", "/baselinker/products", parsed(R"({"id":701450010,"sku":"NEW","weight":9})")).status == 200);
    const json::Value product = world.admin("GET", "/baselinker/products?id=701450010").rows().front();
    CHECK(product["sku"].text() == "NEW");
    CHECK(product["ean"].text().size() == 13);
    CHECK(world.admin("DELETE", "/baselinker/products?id=701450010")["deleted"].is_true());
    CHECK(world.admin("GET", "/baselinker/products?id=701450010").rows().empty());
    CHECK(
        world.admin("POST", "/ongoing/articles", parsed(R"({"data":{"articleNumber":"KAWA-250","weight":0.9},"stock":{"1":3}})"))
            .status == 200);
    const json::Value article = world.admin("GET", "/ongoing/articles?number=KAWA-250").rows().front();
    CHECK(article["data"]["weight"].text() == "0.9");
    CHECK_FALSE(article["data"]["articleName"].text().empty());
    CHECK(article["stock"]["1"]["items"].text() == "3");
    CHECK(world.admin("POST", "/ongoing/orders", parsed(R"({"orderNumber":"184400118","status":450})")).status == 200);
    CHECK(world.admin("GET", "/ongoing/orders?number=184400118").rows().front()["status"].integer() == 450);
    CHECK(world.admin("DELETE", "/ongoing/orders?number=184400118")["deleted"].is_true());
    CHECK(world.admin("DELETE", "/ongoing/articles?number=KAWA-250")["deleted"].is_true());
    CHECK(world.admin("POST", "/ongoing/work", parsed(R"({"orderNumber":"none","action":"send"})")).status == 400);
    CHECK(world.admin("GET", "/nothing").status == 404);
}

TEST_CASE("a stop that comes before or while the server begins to listen ends it") {
    for (int i = 0; i < 50; ++i) {
        sandbox::HttpServer server([](sandbox::Exchange&) { return sandbox::Reply{}; });
        REQUIRE(server.bind(0) > 0);
        std::thread thread([&] { server.run(); });
        if (i % 2 == 1) std::this_thread::yield();
        server.stop();
        thread.join();
    }
}
