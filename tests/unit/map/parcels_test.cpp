// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "shipments.hpp"

using namespace test;

namespace {

/// What a plan is made from, with parts that a test changes.
struct Sources {
    baselinker::Order order = shipped_order(); // row 1: 2 pieces of 0.45 kg
    ongoing::Order in_warehouse = warehouse_order();
    std::vector<ongoing::WayBillRow> rows;
    std::map<std::string, Decimal> quantities = {{"1", Decimal{2}}};
    std::set<std::int64_t> earlier;
    map::ParcelOptions options;
    std::vector<map::PlannedParcel> by_hand;

    [[nodiscard]] std::variant<map::ParcelPlan, map::Rejection> plan() const {
        return map::plan_parcels(in_warehouse, rows, order, quantities, earlier, options, by_hand);
    }
    /// "source: 1.25, 2 30x20x15", or "cause: reason".
    [[nodiscard]] std::string text() const {
        const auto planned = plan();
        if (const auto* refused = std::get_if<map::Rejection>(&planned)) return refused->cause + ": " + refused->reason;
        const auto& plan = std::get<map::ParcelPlan>(planned);
        std::string all;
        for (const auto& parcel : plan.parcels) {
            all += (all.empty() ? ": " : ", ") + parcel.weight.to_string();
            if (parcel.length)
                all += " " + parcel.length->to_string() + "x" + parcel.width->to_string() + "x" + parcel.height->to_string();
        }
        return plan.source + all;
    }
};

ongoing::WayBillRow row(std::int64_t number, std::string_view weight) {
    ongoing::WayBillRow result;
    result.number_of_packages = number;
    if (!weight.empty()) result.weight = money(weight);
    return result;
}

} // namespace

TEST_CASE("Parcels of Ongoing come first, in kilograms and centimetres") {
    Sources from;
    from.in_warehouse.parcels = {parcel(1, "1.250"), parcel(2, "0.4")};
    from.in_warehouse.parcels[0].length = money("0.3");
    from.in_warehouse.parcels[0].width = money("0.205");
    from.in_warehouse.parcels[0].height = money("0.1");
    CHECK(from.text() == "parcels of Ongoing: 1.25 30x20.5x10, 0.4");
    const auto plan = std::get<map::ParcelPlan>(from.plan());
    CHECK(plan.parcels[0].parcel_id == 1);
    CHECK(plan.parcels[0].parcel_number == "P1");
    CHECK(plan.weight() == money("1.65"));
    CHECK(plan.max_side() == money("30"));
}

TEST_CASE("Return parcels and parcels of earlier deliveries are not sent again") {
    Sources from;
    from.in_warehouse.parcels = {parcel(1, "1"), parcel(2, "2"), parcel(3, "3")};
    from.in_warehouse.parcels[0].is_return = true;
    from.earlier = {2};
    CHECK(from.text() == "parcels of Ongoing: 3");
    from.earlier = {2, 3};
    CHECK(from.text() == "article weights: 0.9");
}

TEST_CASE("The type of a parcel is where Ongoing says what was picked into it") {
    Sources from;
    from.in_warehouse.parcels = {parcel(1, "1"), parcel(2, "2"), parcel(3, "3")};
    from.in_warehouse.document = *json::Value::parse(R"({"orderLines": [
        {"pickedArticleItems": [{"parcel": {"id": 1, "parcelType": {"code": "BOX"}}}, {"parcel": null}]},
        {"subOrderLines": [{"pickedArticleItems": [{"parcel": {"id": 2, "parcelType": {"code": "PALLET"}}}]}]}]})");
    const auto plan = std::get<map::ParcelPlan>(from.plan());
    CHECK(plan.parcels[0].parcel_type == "BOX");
    CHECK(plan.parcels[1].parcel_type == "PALLET");
    CHECK(plan.parcels[2].parcel_type.empty());
}

TEST_CASE("A parcel without a weight makes the next source count") {
    Sources from;
    from.in_warehouse.parcels = {parcel(1, "1"), parcel(2, "")};
    from.rows = {row(1, "7")};
    CHECK(from.text() == "way bill rows: 7");
    from.in_warehouse.parcels[1].weight = Decimal{};
    CHECK(from.text() == "way bill rows: 7");
    from.rows[0].weight = Decimal{};
    CHECK(from.text() == "article weights: 0.9");
}

TEST_CASE("A way bill row of several packages is several parcels that weigh no less than the row") {
    Sources from;
    from.rows = {row(3, "10"), row(2, "5"), row(0, ""), row(0, "0.125")};
    CHECK(from.text() == "way bill rows: 3.334, 3.334, 3.334, 2.5, 2.5, 0.125");
    from.rows = {row(3, "0.0001")};
    CHECK(from.text() == "way bill rows: 0.001, 0.001, 0.001");
    from.rows = {row(2, "")};
    CHECK(from.text() == "article weights: 0.9");
    from.rows = {row(1'000'000'000, "10")};
    CHECK(from.text() == "too_many_parcels: the way bill rows of Ongoing are more than 999 parcels");
}

TEST_CASE("Article weights count what was picked, with the packaging once, and only if every line has one") {
    Sources from;
    from.options.packaging_weight = money("0.1");
    CHECK(from.text() == "article weights + 0.1 kg packaging: 1");
    from.quantities = {{"1", Decimal{1}}, {"2", Decimal{}}};
    CHECK(from.text() == "article weights + 0.1 kg packaging: 0.55");
    from.order.products.push_back(line(2, "PEN", 3));
    from.quantities["2"] = 3;
    CHECK(from.text() == "no_weight: neither a parcel nor a way bill row of Ongoing has a weight, and BaseLinker "
                         "knows none of PEN");
    from.quantities = {};
    CHECK(from.text() == "no_weight: neither a parcel nor a way bill row of Ongoing has a weight, and nothing is "
                         "known of what was picked");
}

TEST_CASE("A service that rides along needs no weight") {
    Sources from;
    from.order.products.push_back(line(2, "GIFT-WRAP", 1));
    from.quantities["2"] = 1;
    ongoing::OrderLine service;
    service.row_number = "2";
    service.should_be_picked = false;
    from.in_warehouse.lines = {service};
    CHECK(from.text() == "article weights: 0.9");
    from.in_warehouse.lines[0].should_be_picked = true;
    CHECK_THAT(from.text(), Catch::EndsWith("BaseLinker knows none of GIFT-WRAP"));
}

TEST_CASE("The default weight is the last resort; then the order waits and names what is missing") {
    Sources from;
    from.quantities = {{"1", Decimal{2}}, {"77", Decimal{1}}};
    from.options.default_weight = money("1.5");
    CHECK(from.text() == "default_weight: 1.5");
    from.options.default_weight = Decimal{};
    CHECK_THAT(from.text(), Catch::EndsWith("BaseLinker knows none of line 77"));
    const auto refused = std::get<map::Rejection>(from.plan());
    CHECK(refused.key == "84512345");
    CHECK(refused.field == "parcels");
    for (int i = 100; i < 107; ++i) from.quantities[std::to_string(i)] = 1;
    CHECK_THAT(from.text(), Catch::EndsWith("line 100, line 101, line 102, line 103, line 104 and 3 more"));
}

TEST_CASE("Parcels given by hand count before all others") {
    Sources from;
    from.in_warehouse.parcels = {parcel(1, "1")};
    from.by_hand = {*map::parse_parcel("2.1kg,30x20x15"), *map::parse_parcel("3")};
    CHECK(from.text() == "given by hand: 2.1 30x20x15, 3");
}

TEST_CASE("The same parcels are the same in any order, whatever their numbers") {
    auto one = plan_of({planned("1"), planned("2")});
    auto two = plan_of({planned("2"), planned("1")});
    two.parcels[0].parcel_id = 7;
    two.source = "way bill rows";
    CHECK(one.fingerprint() == two.fingerprint());
    two.parcels[0].length = money("30");
    CHECK(one.fingerprint() != two.fingerprint());
    CHECK(one.fingerprint() != plan_of({planned("1")}).fingerprint());
    CHECK(one.fingerprint() != plan_of({planned("1"), planned("2.001")}).fingerprint());
    CHECK(plan_of({}).weight().is_zero());
    CHECK(plan_of({}).max_side().is_zero());
}

TEST_CASE("Absurd weights and sizes are not believed, and break nothing") {
    Sources from;
    from.in_warehouse.parcels = {parcel(1, "900000000000000000")};
    CHECK(from.text() == "article weights: 0.9");
    from.in_warehouse.parcels = {parcel(1, "1")};
    from.in_warehouse.parcels[0].length = money("900000000000000000");
    CHECK(from.text() == "parcels of Ongoing: 1");
    from.in_warehouse.parcels = {parcel(1, "999999"), parcel(2, "0.000000000000000001")};
    CHECK(from.text() == "no_weight: the weights have too many digits to be added up");
}

TEST_CASE("A parcel on the command line is a weight and, if one likes, three sides") {
    const auto parsed = [](const char* text) {
        const auto parcel = map::parse_parcel(text);
        if (!parcel) return std::string("no");
        const auto side = [](const auto& value) { return value ? value->to_string() : "-"; };
        return parcel->weight.to_string() + " " + side(parcel->length) + " " + side(parcel->width) + " " + side(parcel->height);
    };
    CHECK(parsed("2.1kg,30x20x15") == "2.1 30 20 15");
    CHECK(parsed("2.10 KG , 30 X 20 x 15.5cm") == "2.1 30 20 15.5");
    CHECK(parsed("2") == "2 - - -");
    for (const auto* wrong : {"", "kg", "0kg", "-1kg", "2,1kg", "2.1g", "1e3kg", "2kg,30x20", "2kg,30x20x0", "2kg,", "30x20x15",
                              "2kg,1x2x3,4", "100000kg", "0.0001kg", "2.1kgkg"})
        CHECK(parsed(wrong) == "no");
    const auto error = map::parse_parcel("2l").error();
    CHECK(error.kind == ErrorKind::usage);
    CHECK(error.text() == "\"2l\" is no parcel (write kilograms and, if you like, centimetres: 2.1kg or 2.1kg,30x20x15)");
}
