// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/report/parcels.hpp>

using namespace blongo;
using namespace blongo::report;

namespace {

Money money(const char* amount, const char* currency) {
    return {*Decimal::parse(amount), currency};
}

const std::vector<BookedShipment> november{
    {"2026-11-02", "inpost", 12, 1, false, money("0.10", "PLN")}, {"2026-11-02", "inpost", 12, 3, false, money("0.20", "PLN")},
    {"2026-11-02", "inpost", 12, 2, true, money("99.00", "PLN")}, {"2026-11-02", "inpost", 13, 1, false, {}},
    {"2026-11-03", "inpost", 12, 1, false, money("5.00", "EUR")}, {"2026-11-01", "dpd", 7, 1, true, {}},
};

} // namespace

TEST_CASE("parcels are counted by day, courier and account; what was cancelled only as that") {
    const auto rows = count_parcels(november);
    REQUIRE(rows.size() == 4);
    CHECK(rows[0].courier == "dpd");
    CHECK(rows[0].shipments == 0);
    CHECK(rows[0].cancelled == 1);
    CHECK(rows[1].day == "2026-11-02");
    CHECK(rows[1].account == 12);
    CHECK(rows[1].shipments == 2);
    CHECK(rows[1].parcels == 4);
    CHECK(rows[1].cancelled == 1);
    CHECK(rows[1].cod_shipments == 2);
    CHECK(sums_text(rows[1].cod) == "0.30 PLN");
    CHECK(rows[2].account == 13);
    CHECK(rows[3].day == "2026-11-03");

    const auto totals = total_parcels(november);
    REQUIRE(totals.size() == 3);
    CHECK(totals[1].day.empty());
    CHECK(totals[1].shipments == 3);
    CHECK(totals[1].parcels == 5);
    CHECK(sums_text(totals[1].cod) == "5.00 EUR, 0.30 PLN");
    CHECK(count_parcels({}).empty());
}

TEST_CASE("cash on delivery is summed exactly, each currency by itself") {
    const auto rows = count_cod(november);
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].amount == *Decimal::parse("0.3"));
    CHECK(rows[0].shipments == 2);
    CHECK(rows[0].currency == "PLN");
    CHECK(rows[1].currency == "EUR");
    std::vector<BookedShipment> many(1'000, {"2026-11-02", "dpd", 7, 1, false, money("0.10", "PLN")});
    many.push_back({"2026-11-05", "dpd", 7, 1, false, money("90071992547409.93", "PLN")});
    REQUIRE(total_cod(many).size() == 1);
    CHECK(total_cod(many).front().amount.to_fixed(2) == "90071992547509.93");
    CHECK(total_cod(many).front().shipments == 1'001);
}

TEST_CASE("money is read as the state keeps it") {
    CHECK(parse_money("94.79 PLN")->amount.to_fixed(2) == "94.79");
    CHECK(parse_money("94.79 PLN")->currency == "PLN");
    for (const char* none : {"", "94.79", "94.79 ", "x PLN", " PLN"}) CHECK_FALSE(parse_money(none));
}
