// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/plan/check.hpp>
#include <blongo/plan/order_life.hpp>
#include <blongo/plan/same_value.hpp>

using namespace blongo;
using namespace blongo::plan;

namespace {

json::Value number(const char* text) {
    return json::Value::number(text);
}

OrderSides agreed_order() {
    OrderSides sides;
    sides.order = BaseOrderId{84};
    sides.number = OrderNumber{"B84"};
    sides.base_words = "status 8069 To the warehouse";
    sides.known = sides.expected = sides.there = true;
    sides.ongoing_status = 300;
    sides.ongoing_words = "300 Open";
    return sides;
}

std::vector<std::string> kinds(const std::vector<Difference>& found) {
    std::vector<std::string> out;
    for (const auto& one : found) {
        // Whatever it is, somebody acts, and knows what to do.
        CHECK_FALSE(one.owner.empty());
        CHECK_FALSE(one.cause.empty());
        CHECK_FALSE((one.command.empty() && one.remedy.empty()));
        CHECK_FALSE(one.key.empty());
        out.push_back(one.kind);
    }
    return out;
}

using Kinds = std::vector<std::string>;

constexpr std::int64_t package_id = 501;

baselinker::OrderPackage package(std::int64_t id, const std::string& courier_number = "N1") {
    baselinker::OrderPackage out;
    out.package_id = baselinker::PackageId{id};
    out.package_number = courier_number;
    out.courier_code = "dpd";
    return out;
}

/// Sent, booked an hour ago, labelled and tracked.
ShipmentSides agreed_shipment() {
    ShipmentSides sides;
    sides.order = BaseOrderId{84};
    sides.number = OrderNumber{"B84"};
    sides.sent = true;
    sides.ongoing_words = "450 Sent";
    sides.now = from_unix_seconds(1'700'003'600);
    HeldDelivery delivery;
    delivery.state = HeldDelivery::State::booked;
    delivery.package_id = package_id;
    delivery.package_number = "N1";
    delivery.tracking_url = "https://t/N1";
    delivery.booked_at = from_unix_seconds(1'700'000'000);
    sides.deliveries.push_back(delivery);
    sides.packages.push_back(package(package_id));
    sides.files = {"packing-list.pdf", "label-B84-501.pdf"};
    sides.way_bill = "N1";
    return sides;
}

} // namespace

TEST_CASE("books close when every term is named, and not when something is missing") {
    Totals books{.flow = "orders",
                 .what = "accepted",
                 .total = 10,
                 .terms = {{"in_ongoing", 6}, {"delayed", 1}},
                 .parked = {{"no_sku", 1}, {"unknown_sku", 2}}};
    CHECK(books.parked_total() == 3);
    CHECK(books.closes());
    books.total = 11;
    books.missing = 1;
    CHECK_FALSE(books.closes());
}

TEST_CASE("a mark is the same for values that say the same") {
    CHECK(article_value_mark("weight", number("1.50")) == article_value_mark("weight", number("1.5")));
    CHECK(article_value_mark("weight", number("1.5")) != article_value_mark("weight", number("1.51")));
    CHECK(article_value_mark("weight", number("0.0")) == 0);
    CHECK(article_value_mark("articleName", json::Value{}) == 0);
    CHECK(article_value_mark("articleName", "") == 0);
    CHECK(article_value_mark("articleName", "a") != article_value_mark("articleName", "b"));
    CHECK(article_value_mark("description", "a\r\nb") == article_value_mark("description", "a\nb"));
    const auto codes = [](const char* text) {
        return article_value_mark("barCodeInfo.alternativeBarCodes", *json::Value::parse(text));
    };
    CHECK(codes(R"([{"barCode":"1","quantityPerBarCode":1},{"barCode":"2"}])") ==
          codes(R"([{"barCode":"2","type":"x"},{"barCode":"1"}])"));
    CHECK(codes(R"([{"barCode":"12"}])") != codes(R"([{"barCode":"1"},{"barCode":"2"}])"));
    CHECK(codes(R"([{"barCode":"1"}])") != codes(R"([{"barCode":"2"}])"));
    CHECK(codes(R"([{"barCode":"1","quantityPerBarCode":6}])") != codes(R"([{"barCode":"1"}])"));
}

TEST_CASE("words of a command line are quoted where a shell would take them apart") {
    CHECK(shell_word("KUB-1/x") == "KUB-1/x");
    CHECK(shell_word("a b") == "'a b'");
    CHECK(shell_word("it's") == "'it'\\''s'");
    CHECK(shell_word("$(x)") == "'$(x)'");
    CHECK(shell_word("") == "''");
}

TEST_CASE("a bundle is made after its components, by one command") {
    map::ArticleDocument bundle;
    bundle.number = ArticleNumber{"SET"};
    bundle.components = {ArticleNumber{"A"}, ArticleNumber{"B"}};
    CHECK(article_missing(bundle).command == "blongo articles sync --sku A --sku B --sku SET");
}

TEST_CASE("a surplus article of ours is settled by a sync, unless its stock keeps it alive") {
    CHECK(article_surplus({.number = "X"}).command.empty());
    CHECK(article_surplus({.number = "X", .ours = true}).command == "blongo articles sync");
    CHECK(article_surplus({.number = "X", .ours = true, .deactivate = true}).command == "blongo articles sync");
    const auto full = article_surplus({.number = "X", .ours = true, .deactivate = true, .in_stock = true});
    CHECK(full.command.empty());
    CHECK(full.owner == "warehouse");
}

TEST_CASE("an order is judged by what each side holds") {
    using Base = OrderSides::Base;
    auto sides = agreed_order();
    CHECK(kinds(judge_order(sides)).empty());

    SECTION("missing") {
        sides.there = false;
        CHECK(kinds(judge_order(sides)) == Kinds{"order_missing"});
        CHECK(judge_order(sides).front().command == "blongo orders sync --order 84");
        sides.booked = true; // sending it again might ship it twice
        CHECK(judge_order(sides).front().command.empty());
        sides.known = sides.booked = false;
        CHECK(judge_order(sides).front().command == "blongo orders sync --order 84");
        sides.base = Base::cancelled;
        CHECK(kinds(judge_order(sides)).empty());
    }
    SECTION("cancelled on one side") {
        sides.base = Base::cancelled;
        CHECK(kinds(judge_order(sides)) == Kinds{"order_cancelled_one_side"});
        sides.ongoing_status = cancelled_in_ongoing;
        CHECK(kinds(judge_order(sides)).empty());
        sides.base = Base::alive;
        CHECK(kinds(judge_order(sides)) == Kinds{"order_cancelled_one_side"});
        sides.base = Base::moved_on;
        CHECK(kinds(judge_order(sides)).empty());
    }
    SECTION("cancelled after it left") {
        sides.base = Base::cancelled;
        sides.finished = true;
        CHECK(kinds(judge_order(sides)).empty());
    }
    SECTION("deleted, or never there") {
        sides.base = Base::deleted;
        CHECK(kinds(judge_order(sides)) == Kinds{"order_cancelled_one_side"});
        sides.known = false;
        CHECK(kinds(judge_order(sides)) == Kinds{"order_surplus"});
        sides.ongoing_status = cancelled_in_ongoing;
        CHECK(kinds(judge_order(sides)).empty());
    }
    SECTION("lines") {
        sides.lines = {{"1", "2 x A", "1 x A"}, {"2", "", "1 x B"}};
        const auto found = judge_order(sides);
        REQUIRE(kinds(found) == Kinds{"order_line_differs"});
        CHECK(found.front().baselinker == "line 1: 2 x A; line 2: -");
        CHECK(found.front().ongoing == "line 1: 1 x A; line 2: 1 x B");
        CHECK(found.front().command == "blongo orders sync --order 84");
        sides.finished = true; // nothing can be sent any more
        CHECK(judge_order(sides).front().command.empty());
        CHECK_THAT(judge_order(sides).front().remedy, Catch::StartsWith("settle with the buyer and the warehouse"));
    }
}

TEST_CASE("lines are compared one by one, and by article where a warehouse merges them") {
    map::OrderDocument wanted;
    const auto ours = [&](const char* row, const char* article, std::int64_t pieces) {
        map::OrderLine line;
        line.row_number = row;
        line.article = ArticleNumber{article};
        line.quantity = pieces;
        wanted.lines.push_back(line);
    };
    ongoing::Order there;
    const auto theirs = [&](const char* row, const char* article, std::int64_t pieces) {
        ongoing::OrderLine line;
        line.id = 9;
        line.row_number = row;
        line.article_number = ArticleNumber{article};
        line.ordered = Decimal{pieces};
        there.lines.push_back(line);
    };
    ours("1", "A", 2);
    ours("2", "A", 1);
    theirs("1", "A", 3);
    CHECK(differing_lines(wanted, there).empty());
    theirs("", "B", 1);
    const auto extra = differing_lines(wanted, there);
    REQUIRE(extra.size() == 3);
    CHECK(extra.front().row == "#9");
    CHECK(extra.front().baselinker.empty());
    CHECK(extra.front().ongoing == "1 x B");
    there.lines.clear();
    theirs("1", "A", 2);
    const auto missing = differing_lines(wanted, there);
    REQUIRE(missing.size() == 1);
    CHECK(missing.front().row == "2");
    CHECK(missing.front().ongoing.empty());
}

TEST_CASE("a number that blongo could have made gives the order's id") {
    CHECK(order_of_number("", "84512345") == BaseOrderId{84512345});
    CHECK(order_of_number("B", "B84512345-2") == BaseOrderId{84512345});
    CHECK_FALSE(order_of_number("B", "84512345"));
    CHECK_FALSE(order_of_number("", "84512345-1"));
    CHECK_FALSE(order_of_number("", "84512345-x"));
    CHECK_FALSE(order_of_number("", "WEB-17"));
    CHECK_FALSE(order_of_number("", "007"));
    CHECK_FALSE(order_of_number("", ""));
    CHECK_FALSE(order_of_number("B", "B"));
}

TEST_CASE("a label's name tells its package") {
    const OrderNumber order{"B/84"};
    CHECK(package_of_label(order, "label-B_84-501.pdf") == 501);
    CHECK(package_of_label(order, "label-B_84-501-2.zpl") == 501);
    CHECK_FALSE(package_of_label(order, "label-B_841-501.pdf"));
    CHECK_FALSE(package_of_label(order, "label-B_84-x.pdf"));
    CHECK_FALSE(package_of_label(order, "label-B_84-501"));
    CHECK_FALSE(package_of_label(order, "invoice.pdf"));
}

TEST_CASE("what is wrong with a shipment says what both sides hold") {
    auto sides = agreed_shipment();
    sides.packages.push_back(package(502, "N2"));
    const auto found = judge_shipment(sides);
    REQUIRE(kinds(found) == Kinds{"two_packages"});
    CHECK(found.front().baselinker == "package 501 N1 (dpd), package 502 N2 (dpd)");
    CHECK(found.front().ongoing == "B84, 450 Sent");
    CHECK(found.front().cause == "BaseLinker holds 2 packages for 1 delivery of the order");
}

TEST_CASE("a shipment is judged by its package, its label and its tracking") {
    auto sides = agreed_shipment();
    CHECK(kinds(judge_shipment(sides)).empty());

    SECTION("nothing booked") {
        sides.deliveries.clear();
        sides.packages.clear();
        sides.files.clear();
        CHECK(kinds(judge_shipment(sides)) == Kinds{"sent_without_booking"});
        CHECK(judge_shipment(sides).front().command == "blongo shipments send 84");
        sides.parked_cause = "no_weight";
        CHECK(judge_shipment(sides).front().owner == "warehouse");
        CHECK(judge_shipment(sides).front().command == "blongo shipments send 84 --parcel WEIGHT");
        sides.sent = false;
        CHECK(kinds(judge_shipment(sides)).empty());
    }
    SECTION("needs no package") {
        sides.deliveries.front() = {.number = 1, .state = HeldDelivery::State::no_shipment};
        sides.packages.clear();
        sides.files.clear();
        CHECK(kinds(judge_shipment(sides)).empty());
    }
    SECTION("outcome unknown: never booked again by a command that could book twice") {
        sides.deliveries.front().state = HeldDelivery::State::unknown;
        sides.deliveries.front().package_id = 0;
        sides.packages.clear();
        sides.files.clear();
        REQUIRE(kinds(judge_shipment(sides)) == Kinds{"sent_without_booking"});
        CHECK(judge_shipment(sides).front().command == "blongo unknown resolve 84");
    }
    SECTION("the package is gone, or cancelled at the courier") {
        if (GENERATE(true, false))
            sides.packages.clear();
        else
            sides.packages.front().tracking_status = baselinker::tracking_cancelled;
        CHECK(kinds(judge_shipment(sides)) == Kinds{"sent_without_booking", "label_of_no_package"});
    }
    SECTION("two packages") {
        sides.packages.push_back(package(502, "N2"));
        CHECK(kinds(judge_shipment(sides)) == Kinds{"two_packages"});
        sides.other_packages.insert(502); // of a back order
        CHECK(kinds(judge_shipment(sides)).empty());
        sides.other_packages.clear();
        sides.packages.back().is_return = true;
        CHECK(kinds(judge_shipment(sides)).empty());
        sides.packages.back().is_return = false;
        sides.deliveries.push_back(
            {.number = 2, .state = HeldDelivery::State::booked, .package_id = 502, .booked_at = sides.now});
        CHECK(kinds(judge_shipment(sides)).empty());
    }
    SECTION("no label") {
        sides.files.clear();
        CHECK(kinds(judge_shipment(sides)) == Kinds{"package_without_label"});
        sides.deliveries.front().label_is_expected = false;
        CHECK(kinds(judge_shipment(sides)).empty());
        sides.deliveries.front().label_is_expected = true;
        sides.deliveries.front().booked_at = sides.now - std::chrono::minutes{4};
        CHECK(kinds(judge_shipment(sides)).empty());
    }
    SECTION("no tracking") {
        sides.way_bill.clear();
        CHECK(kinds(judge_shipment(sides)) == Kinds{"label_without_tracking"});
        CHECK(judge_shipment(sides).front().owner == "admin");
        sides.waybills = {"N1"};
        CHECK(kinds(judge_shipment(sides)).empty());
        sides.waybills.clear();
        sides.deliveries.front().package_number.clear();
        CHECK(judge_shipment(sides).front().owner == "courier");
    }
    SECTION("a second delivery leaves nothing in Ongoing before it has a tracking page") {
        sides.packages.push_back(package(502, "N2"));
        sides.files.emplace_back("label-B84-502.pdf");
        sides.deliveries.push_back({.number = 2,
                                    .state = HeldDelivery::State::booked,
                                    .package_id = 502,
                                    .package_number = "N2",
                                    .booked_at = sides.deliveries.front().booked_at});
        CHECK(kinds(judge_shipment(sides)).empty());
        sides.deliveries.back().tracking_url = "https://t/N2";
        CHECK(kinds(judge_shipment(sides)) == Kinds{"label_without_tracking"});
        sides.waybills = {"N2"};
        CHECK(kinds(judge_shipment(sides)).empty());
    }
    SECTION("labels of packages that no longer stand") {
        sides.files.emplace_back("label-B84-499.pdf");
        REQUIRE(kinds(judge_shipment(sides)) == Kinds{"label_of_no_package"});
        CHECK(judge_shipment(sides).front().owner == "warehouse"); // of no delivery that blongo knows
        sides.deliveries.push_back({.number = 2, .state = HeldDelivery::State::cancelled, .package_id = 499});
        CHECK(judge_shipment(sides).front().command == "blongo shipments refresh 84");
    }
}
