// SPDX-License-Identifier: Apache-2.0
#include "orders.hpp"

using namespace test;
using map::OrderOptions;

namespace {

using Strings = std::vector<std::string>;

baselinker::Order with(std::vector<baselinker::OrderProduct> products) {
    auto result = order();
    result.products = std::move(products);
    return result;
}

Strings articles(const map::MappedOrder& mapped) {
    REQUIRE(mapped.document);
    Strings result;
    for (const auto& one : mapped.document->lines)
        result.push_back(one.row_number + " " + one.article.value() + " x " + std::to_string(one.quantity));
    return result;
}

map::Catalogue listing() {
    map::Catalogue result;
    for (const auto& [id, parent, sku] : std::vector<std::tuple<int, int, std::string>>{
             {1, 0, "PLAIN"}, {2, 0, "PARENT"}, {21, 2, "ONLY"}, {3, 0, "P3"}, {31, 3, "V1"}, {32, 3, "V2"}})
        result.add({ProductId{id}, ProductId{parent}, sku, "", "name"});
    result.finish(false);
    return result;
}

/// Articles of one line without SKU that names these ids; "" when the order is refused.
std::string resolved(std::string product, std::string variant, std::string storage = "db") {
    const auto catalogue = listing();
    auto one = line(1, "");
    one.product_id = std::move(product);
    one.variant_id = std::move(variant);
    one.storage = std::move(storage);
    const auto mapped = map::map_order(with({one}), {}, map::lookup_in(catalogue));
    if (!mapped.document) {
        CHECK(causes(mapped) == Strings{"unknown_sku"});
        return {};
    }
    return mapped.document->lines.at(0).article.value();
}

} // namespace

TEST_CASE("Lines go in the order of their ids") {
    CHECK(articles(map_order(with({line(30, "B"), line(4, "A", 3), line(5, "C")}))) == Strings{"4 A x 3", "5 C x 1", "30 B x 1"});
}

TEST_CASE("The same article on two lines stays on two lines, unless the warehouse merges them") {
    auto one = with({line(1, "A", 2, "10"), line(2, "B"), line(3, "A", 1, "12")});
    one.products[0].attributes = "engrave: Jan";
    one.products[2].attributes = "engrave: Ola";
    CHECK(articles(map_order(one)) == Strings{"1 A x 2", "2 B x 1", "3 A x 1"});

    OrderOptions merging;
    merging.merge_equal_lines = true;
    merging.line_values = OrderOptions::LineValues::line;
    CHECK(articles(map_order(one, merging)) == Strings{"1 A x 3", "2 B x 1"});
    CHECK(of_line(one, "lineTotalCustomsValue", merging) == "32");
    CHECK(of_line(one, "comment", merging) == R"("engrave: Jan\nengrave: Ola")");
    CHECK(of_line(one, "numberOfItems", merging) == "3");

    merging.line_values = OrderOptions::LineValues::unit;
    const auto mapped = map_order(one, merging);
    CHECK(of_line(one, "prices.customerLinePrice", merging) == "10");
    REQUIRE(mapped.document->notes.size() == 2);
    CHECK(mapped.document->notes[0] == "merged lines of A have different prices: that of line 1 is sent");
    CHECK(mapped.document->notes[1] == "1 lines of the same article merged into others");
}

TEST_CASE("A line without SKU is resolved by its variant, else its product, when that is one article") {
    CHECK(resolved("1", "0") == "PLAIN");
    CHECK(resolved("3", "32") == "V2");
    CHECK(resolved("2", "") == "ONLY");
    CHECK(resolved("3", "0").empty());
    CHECK(resolved("999", "0").empty());
    CHECK(resolved("1", "999") == "PLAIN");
    CHECK(resolved("1", "0", "shop").empty());
}

TEST_CASE("A variant that is gone never becomes its sibling") {
    CHECK(resolved("2", "999").empty());
}

TEST_CASE("What must be looked up is what lines without SKU name") {
    auto shop_line = line(3, "");
    shop_line.storage = "shop";
    auto variant_line = line(2, " ");
    variant_line.variant_id = "50";
    CHECK(map::ids_to_look_up(with({line(1, "A"), variant_line, shop_line, manual_line(4, "x", "1")})) ==
          std::vector{ProductId{50}, ProductId{7002}});
}

TEST_CASE("A line that no article is known for refuses the order, with its path") {
    const auto mapped = map_order(with({line(1, "A"), line(930011230, "")}));
    CHECK_FALSE(mapped.document);
    REQUIRE(mapped.rejected.size() == 1);
    CHECK(mapped.rejected[0].cause == "unknown_sku");
    CHECK(mapped.rejected[0].key == "84512345");
    CHECK(mapped.rejected[0].field == "orders.84512345.products.930011230.sku");
    CHECK(mapped.rejected[0].label == "Product 930011230");
    CHECK(mapped.rejected[0].source_id == ProductId{930018230});
    CHECK(causes(map_order(with({manual_line(1, "Artikel ohne Lagerbezug", "25")}))) == Strings{"unknown_sku"});
}

TEST_CASE("A discount is not sent") {
    const auto mapped = map_order(with({line(1, "A"), manual_line(2, "Rabat", "-5"), manual_line(3, "Gratis", "0")}));
    CHECK(articles(mapped) == Strings{"1 A x 1"});
    CHECK(mapped.document->notes == Strings{"discount \"Rabat\" not sent", "discount \"Gratis\" not sent"});
}

TEST_CASE("A free article is no discount") {
    CHECK(articles(map_order(with({line(1, "A"), line(2, "GIFT", 1, "0")}))) == Strings{"1 A x 1", "2 GIFT x 1"});
    CHECK(of_line(with({line(2, "GIFT", 1, "0")}), "prices.customerLinePrice") == "0");
}

TEST_CASE("Service lines go into the remark, or are dropped") {
    auto one = with({line(1, "A"), manual_line(2, "Pakowanie na prezent", "5")});
    one.user_comments = "Dzień dobry";
    one.products[1].attributes = "czerwony";
    OrderOptions options;
    options.service_lines = {"pakowanie*"};
    CHECK(articles(map_order(one, options)) == Strings{"1 A x 1"});
    CHECK(head(one, "orderRemark", options) == R"("Dzień dobry\n1 x Pakowanie na prezent, czerwony")");

    options.service_line_action = OrderOptions::ServiceLines::drop;
    CHECK(head(one, "orderRemark", options) == R"("Dzień dobry")");
    CHECK(map_order(one, options).document->notes == Strings{"service line \"Pakowanie na prezent\" dropped"});
    CHECK(causes(map_order(one)) == Strings{"unknown_sku"});
}

TEST_CASE("A service line with an SKU is an article") {
    OrderOptions options;
    options.service_lines = {"product*"};
    CHECK(articles(map_order(with({line(1, "A")}), options)) == Strings{"1 A x 1"});
}

TEST_CASE("Service SKUs are sent and not picked") {
    OrderOptions options;
    options.service_skus = {"ship*"};
    const auto one = with({line(1, "A"), line(2, "SHIPPING")});
    CHECK(of_line(one, "shouldBePicked", options, 0) == "absent");
    CHECK(of_line(one, "shouldBePicked", options, 1) == "false");
    CHECK(causes(map_order(with({line(2, "SHIPPING")}), options)) == Strings{"empty_order"});
}

TEST_CASE("A quantity must be a positive whole number") {
    for (const std::string_view quantity : {"0", "-1", "1.5"}) {
        auto one = order();
        one.products[0].quantity = money(quantity);
        CHECK(causes(map_order(one)) == Strings{"bad_quantity"});
    }
}

TEST_CASE("An empty order is never sent", "[F6]") {
    CHECK(causes(map_order(with({}))) == Strings{"empty_order"});
    CHECK(causes(map_order(with({manual_line(1, "Rabat", "-5")}))) == Strings{"empty_order"});
}

TEST_CASE("An unconfirmed order is never sent", "[F7]") {
    auto one = order();
    one.confirmed = false;
    const auto refused = map_order(one);
    REQUIRE(causes(refused) == Strings{"not_confirmed"});
    CHECK(refused.rejected[0].field == "orders.84512345.confirmed");
    CHECK(refused.rejected[0].reason == "the order is not confirmed");
    one.confirmed = true;
    one.date_confirmed.reset();
    CHECK(map_order(one).document);
    one.date_add.reset();
    CHECK(causes(map_order(one)) == Strings{"not_confirmed"});
}

TEST_CASE("Keys that are too long are refused, never cut") {
    CHECK(causes(map_order(with({line(1, std::string(51, 'x'))}))) == Strings{"key_too_long"});
    CHECK(articles(map_order(with({line(1, std::string(50, 'x'))}))).size() == 1);
    auto one = order();
    one.delivery_point_id = std::string(51, 'x');
    CHECK(causes(map_order(one)) == Strings{"key_too_long"});
    OrderOptions options;
    options.order_number_prefix = std::string(43, 'p');
    CHECK(causes(map_order(order(), options)) == Strings{"key_too_long"});
    options.order_number_prefix.pop_back();
    CHECK(map_order(order(), options).document);
}

TEST_CASE("All that is wrong with an order is told at once") {
    auto one = with({line(1, ""), line(2, "B", 0)});
    one.confirmed = false;
    CHECK(causes(map_order(one)) == Strings{"not_confirmed", "unknown_sku", "bad_quantity"});
}

TEST_CASE("Two lines with one id are refused: the warehouse would keep one") {
    CHECK(causes(map_order(with({line(1, "A"), line(1, "B")}))) == Strings{"field_invalid"});
}

TEST_CASE("Components of a bundle are lines like others") {
    auto first = line(1, "A", 2), second = line(2, "B");
    first.bundle_id = second.bundle_id = 50;
    CHECK(articles(map_order(with({first, second}))) == Strings{"1 A x 2", "2 B x 1"});
}

TEST_CASE("A bundle beside its own components is refused: nobody knows which is meant") {
    auto bundle = line(1, "SET"), component = line(2, "B");
    bundle.product_id = "50";
    component.bundle_id = 50;
    CHECK(causes(map_order(with({bundle, component}))) == Strings{"unknown_sku"});
    CHECK(articles(map_order(with({bundle}))) == Strings{"1 SET x 1"});
}

TEST_CASE("Lines of other warehouses are parked, left out or sent") {
    auto ours = line(1, "A"), theirs = line(2, "B");
    ours.warehouse_id = 206;
    theirs.warehouse_id = 207;
    OrderOptions options;
    options.lines_from = {"bl_206"};
    const auto parked = map_order(with({ours, theirs}), options);
    CHECK(causes(parked) == Strings{"foreign_lines"});
    CHECK(parked.rejected[0].field == "orders.84512345.products.2.warehouse_id");

    options.other_lines = OrderOptions::OtherLines::leave_out;
    CHECK(articles(map_order(with({ours, theirs}), options)) == Strings{"1 A x 1"});
    CHECK(map_order(with({ours, theirs}), options).document->notes == Strings{"line 2 left out: warehouse bl_207"});
    options.other_lines = OrderOptions::OtherLines::send;
    CHECK(articles(map_order(with({ours, theirs}), options)) == Strings{"1 A x 1", "2 B x 1"});
}

TEST_CASE("An order with no line of ours is skipped, whatever else is wrong with it") {
    auto theirs = line(2, "", 0);
    theirs.warehouse_id = 207;
    OrderOptions options;
    options.lines_from = {"bl_206"};
    for (const auto action :
         {OrderOptions::OtherLines::park, OrderOptions::OtherLines::leave_out, OrderOptions::OtherLines::send}) {
        options.other_lines = action;
        const auto mapped = map_order(with({theirs}), options);
        CHECK(mapped.skipped);
        CHECK(mapped.rejected.empty());
        CHECK_FALSE(mapped.document);
    }
}

TEST_CASE("A line of no warehouse is never lost between connections") {
    auto ours = line(1, "A"), nobodys = line(2, "B"), freight = line(3, "FREIGHT");
    ours.warehouse_id = 206;
    OrderOptions options;
    options.lines_from = {"bl_206"};
    options.service_skus = {"FREIGHT"};
    CHECK(articles(map_order(with({ours, freight}), options)) == Strings{"1 A x 1", "3 FREIGHT x 1"});
    CHECK(causes(map_order(with({nobodys}), options)) == Strings{"foreign_lines"});
    options.other_lines = OrderOptions::OtherLines::leave_out;
    CHECK(causes(map_order(with({ours, nobodys}), options)) == Strings{"foreign_lines"});
    options.other_lines = OrderOptions::OtherLines::send;
    CHECK(articles(map_order(with({ours, nobodys}), options)) == Strings{"1 A x 1", "2 B x 1"});
}

TEST_CASE("The articles of an order are named once each") {
    CHECK(map_order(with({line(1, "B"), line(2, "A"), line(3, "B")})).document->articles() ==
          std::vector{ArticleNumber{"A"}, ArticleNumber{"B"}});
}
