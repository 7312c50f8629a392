// SPDX-License-Identifier: Apache-2.0
// Long and strange orders: right, cut where texts may be cut, rejected with a cause where keys may not.
#include <algorithm>

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "support/e2e/sending.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr std::size_t remark_characters = 500;

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) { return (c & '\xC0') != '\x80'; }));
}

std::string repeated(const std::string& text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += text;
    return all;
}

/// Orders of one line, imported one by one; what stands in Ongoing.
struct Shop {
    Sandbox sandbox{{"--products", "20"}};
    Installation installation;
    explicit Shop(const std::string& orders = {}) : installation(sandbox, {}, {}, orders_on(orders)) {}

    Finished import(const json::Value& order) {
        sandbox.base_orders(order);
        return sync_orders(installation);
    }
    json::Value data(const std::string& number) { return sandbox.orders()[number]["data"]; }
    std::string remark(const std::string& number) { return std::string(data(number)["orderRemark"].text()); }
    /// Cause of an order, by `parked list`.
    std::string cause(const std::string& order) {
        const auto listed = installation.blongo({"parked", "list", "--json"});
        for (const auto& row : lines_of(listed, "parked"))
            if (row["key"].text() == order) return std::string(row["cause"].text()) + ": " + std::string(row["detail"].text());
        return {};
    }
};

std::vector<std::string> notes_of(const Finished& run) {
    std::vector<std::string> notes;
    for (const auto& line : lines_of(run, "action"))
        for (const auto& note : line["notes"].elements()) notes.emplace_back(note.text());
    return notes;
}

bool cut_is_noted(const Finished& run) {
    const auto notes = notes_of(run);
    return std::ranges::find(notes, "remark cut to 500 characters") != notes.end();
}

json::Value comments(const std::string& buyer, const std::string& seller) {
    return json::Value::object().set("user_comments", buyer).set("admin_comments", seller);
}

} // namespace

TEST_CASE("an order of 200 lines arrives whole, in its order, once") {
    Shop shop;
    std::vector<json::Value> lines;
    for (int n = 0; n < 200; ++n)
        lines.push_back(base_line(synthetic_sku(1 + n % 20), 1 + n % 7,
                                  with("attributes", n % 3 == 0 ? fmt::format("Kolor: żółty {}", n) : "")));
    REQUIRE(shop.import(base_order(101, lines)).exit_code == 0);
    const json::Value order = shop.sandbox.orders()["101"];
    CHECK(order["writes"].integer() == 1);
    REQUIRE(order["lines"].size() == 200);
    for (std::size_t n = 0; n < 200; ++n) {
        const json::Value& line = order["lines"].elements()[n]["data"];
        INFO(line.dump());
        CHECK(line["rowNumber"].text() == std::to_string(1011 + n));
        CHECK(line["articleNumber"].text() == synthetic_sku(1 + static_cast<int>(n % 20)));
        CHECK(line["numberOfItems"].integer() == static_cast<std::int64_t>(1 + n % 7));
        CHECK(line["comment"].text() == (n % 3 == 0 ? fmt::format("Kolor: żółty {}", n) : ""));
    }
    const auto idle = sync_orders(shop.installation);
    CHECK(summary_of(idle)["same"].integer() == 1);
    CHECK(shop.sandbox.orders()["101"]["writes"].integer() == 1);
    expect_each_once(shop.sandbox, {101});
}

TEST_CASE("comments in Polish, Arabic and emoji arrive as they were written; control characters do not") {
    Shop shop;
    const std::string polish = "Zażółć gęślą jaźń", arabic = "يرجى الاتصال قبل التسليم",
                      emoji = "Dziękuję \U0001F496 \U0001F469\u200D\U0001F467 \U0001F1F5\U0001F1F1";
    const auto first = shop.import(base_order(101, {base_line(synthetic_sku(1))}, comments(polish + "\r\n" + arabic, emoji)));
    CHECK(first.exit_code == 0);
    CHECK(notes_of(first).empty());
    CHECK(shop.remark("101") == polish + "\n" + arabic + "\n" + emoji);
    CHECK(
        shop.import(base_order(102, {base_line(synthetic_sku(2))}, comments("a\u0007b\u0001\tc \uFEFFd", "z\u0307"))).exit_code ==
        0);
    CHECK(shop.remark("102") == "ab c d\n\u017C");
    CHECK(sync_orders(shop.installation).exit_code == 0);
    CHECK(shop.sandbox.orders()["101"]["writes"].integer() == 1);
}

TEST_CASE("HTML in comments is what the buyer wrote: nothing of it is lost") {
    Shop shop;
    const std::string html = "<b>Pilne!</b> 2 < 3 &amp; <script>alert(1)</script><br>dzwonić";
    CHECK(shop.import(base_order(101, {base_line(synthetic_sku(1))}, comments(html, "<p>szef</p>"))).exit_code == 0);
    CHECK(shop.remark("101") == html + "\n<p>szef</p>");
}

TEST_CASE("a remark of 500 characters stays whole; of 501 the buyer's text is cut, on a character, with a note") {
    Shop shop;
    const std::string seller = "UWAGA szkło";
    const std::size_t free = remark_characters - characters(seller) - 1;
    const std::string whole = repeated("ż", free), longer = repeated("ż", free + 1);
    const auto fits = shop.import(base_order(101, {base_line(synthetic_sku(1))}, comments(whole, seller)));
    CHECK_FALSE(cut_is_noted(fits));
    CHECK(shop.remark("101") == whole + "\n" + seller);
    CHECK(characters(shop.remark("101")) == remark_characters);
    const auto cut = shop.import(base_order(102, {base_line(synthetic_sku(2))}, comments(longer, seller)));
    CHECK(cut.exit_code == 0);
    CHECK(cut_is_noted(cut));
    CHECK(shop.remark("102") == whole + "\n" + seller);

    // Never inside a character of several code points: a family of three stays or goes.
    const std::string family = "\U0001F469\u200D\U0001F469\u200D\U0001F467";
    const auto families = shop.import(base_order(103, {base_line(synthetic_sku(3))}, comments(repeated(family, 120), "")));
    CHECK(cut_is_noted(families));
    CHECK(shop.remark("103") == repeated(family, 100));
    const std::string arabic = repeated("مرحبا ", 120);
    CHECK(cut_is_noted(shop.import(base_order(104, {base_line(synthetic_sku(4))}, comments(arabic, seller)))));
    CHECK(arabic.starts_with(shop.remark("104").substr(0, shop.remark("104").size() - seller.size() - 1)));
    CHECK(shop.remark("104").ends_with("\n" + seller));
    CHECK(characters(shop.remark("104")) <= remark_characters);

    // The seller's own text is cut only when it is too long alone.
    const std::string admin = repeated("A", 600);
    CHECK(cut_is_noted(shop.import(base_order(105, {base_line(synthetic_sku(5))}, comments("kupujący", admin)))));
    CHECK(shop.remark("105") == admin.substr(0, remark_characters));
    CHECK(shop.sandbox.violations().empty());
}

TEST_CASE("a seller's comment as instruction obeys the same limit") {
    Shop shop("admin_comments = \"instruction\"");
    const auto run = shop.import(base_order(101, {base_line(synthetic_sku(1))}, comments("kupujący", repeated("ż", 501))));
    CHECK(run.exit_code == 0);
    CHECK(shop.data("101")["warehouseInstruction"].text() == repeated("ż", 500));
    CHECK(shop.remark("101") == "kupujący");
    CHECK_FALSE(notes_of(run).empty());
}

TEST_CASE("no order number can have 51 characters: a prefix that could make one is refused before anything is written") {
    const std::string longest = repeated("P", 25);
    const std::int64_t largest_id = 999'999'999'999'999;
    Shop shop("order_number_prefix = \"" + longest + "\"");
    CHECK(shop.import(one_piece(largest_id)).exit_code == 0);
    CHECK(shop.data(longest + std::to_string(largest_id))["goodsOwnerOrderId"].text() == std::to_string(largest_id));
    Shop refused("order_number_prefix = \"" + longest + "P\"");
    const auto run = refused.import(one_piece(1));
    CHECK(run.exit_code == 2);
    CHECK(run.err.find("order_number_prefix is longer than 25 characters; an order number of Ongoing holds 50") !=
          std::string::npos);
    CHECK(refused.sandbox.orders().size() == 0);
}

TEST_CASE("an SKU of 50 characters goes, one of 51 is parked key_too_long, and no article is made of it") {
    Shop shop;
    const std::string fits = "Ż" + repeated("S", 49), longer = fits + "S";
    for (const auto& [id, sku] : {std::pair{700, fits}, {701, longer}})
        shop.sandbox.base_products(json::Value::object().set("id", id).set("sku", sku).set("name", "Towar"));
    const auto line = [](const std::string& sku, int id) { return base_line(sku, 1, with("product_id", std::to_string(id))); };
    shop.sandbox.base_orders(base_order(102, {line(longer, 701)}));
    const auto run = shop.import(base_order(101, {line(fits, 700)}));
    CHECK(run.exit_code == 3);
    CHECK(shop.sandbox.orders().size() == 1);
    CHECK(shop.sandbox.orders()["101"].is_object());
    CHECK(shop.sandbox.articles()[fits].is_object());
    CHECK(shop.sandbox.articles()[longer].is_null());
    CHECK(shop.cause("102").starts_with("key_too_long: "));
    shop.sandbox.base_orders(base_order(102, {line(fits, 700)}));
    CHECK(sync_orders(shop.installation).exit_code == 0);
    CHECK(shop.sandbox.orders().size() == 2);
    CHECK(shop.cause("102").empty());
}

TEST_CASE("a pick-up point of 50 characters goes, one of 51 is parked key_too_long until it is mended") {
    Shop shop;
    const std::string fits = repeated("K", 50);
    shop.sandbox.base_orders(one_piece(102, with("delivery_point_id", fits + "K")));
    CHECK(shop.import(one_piece(101, with("delivery_point_id", fits))).exit_code == 3);
    CHECK(shop.data("101")["servicePointCode"].text() == fits);
    CHECK(shop.sandbox.orders().size() == 1);
    CHECK(shop.cause("102").starts_with("key_too_long: "));
    CHECK(shop.cause("102").find("pick-up point") != std::string::npos);
    shop.sandbox.base_orders(one_piece(102, with("delivery_point_id", "GDA01M")));
    CHECK(sync_orders(shop.installation).exit_code == 0);
    CHECK(shop.data("102")["servicePointCode"].text() == "GDA01M");
}

TEST_CASE("emoji leave names and streets, and the rest of them stays") {
    Shop shop;
    CHECK(shop.import(base_order(101, {base_line(synthetic_sku(1))},
                                 json::Value::object()
                                     .set("delivery_fullname", "Anna \U0001F496 Żółć \U0001F469\u200D\U0001F467")
                                     .set("delivery_address", "ul. Kwiatowa \U0001F33B 7/3\nm. 2")))
              .exit_code == 0);
    CHECK(shop.data("101")["consignee"]["name"].text() == "Anna Żółć");
    CHECK(shop.data("101")["consignee"]["address1"].text() == "ul. Kwiatowa 7/3 m. 2");
}
