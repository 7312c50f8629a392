// SPDX-License-Identifier: Apache-2.0
#include <limits>
#include <stdexcept>

#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

#include <blongo/base/decimal.hpp>

using blongo::Decimal;

namespace {

__extension__ typedef __int128 Wide;

Decimal read(std::string_view text) {
    const auto value = Decimal::parse(text);
    INFO("the number " << text);
    REQUIRE(value);
    return *value;
}

std::string digits_of(Wide value) {
    if (value == 0) return "0";
    const bool negative = value < 0;
    std::string out;
    for (Wide rest = negative ? -value : value; rest != 0; rest /= 10) {
        out.insert(out.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
    }
    return negative ? "-" + out : out;
}

/// The plain text of units x 10^-scale, the long way: the model that the class is checked against.
std::string model(Wide units, int scale) {
    const bool negative = units < 0;
    std::string digits = digits_of(negative ? -units : units);
    while (static_cast<int>(digits.size()) <= scale) digits.insert(digits.begin(), '0');
    std::string whole = digits.substr(0, digits.size() - static_cast<std::size_t>(scale));
    std::string places = digits.substr(digits.size() - static_cast<std::size_t>(scale));
    while (!places.empty() && places.back() == '0') places.pop_back();
    return (negative ? "-" : "") + whole + (places.empty() ? "" : "." + places);
}

struct Sample {
    std::int64_t units;
    int scale;
    Decimal value;
};

Sample sample(std::int64_t limit, int max_scale) {
    const auto units = *rc::gen::inRange<std::int64_t>(-limit, limit + 1);
    const auto scale = *rc::gen::inRange(0, max_scale + 1);
    const auto value = Decimal::parse(model(units, scale));
    RC_ASSERT(value.has_value());
    return {units, scale, *value};
}

Wide at_scale(const Sample& s, int scale) {
    Wide units = s.units;
    for (int i = s.scale; i < scale; ++i) units *= 10;
    return units;
}

} // namespace

TEST_CASE("a decimal number is written in its shortest plain form") {
    CHECK(read("12").to_string() == "12");
    CHECK(read("-0.50").to_string() == "-0.5");
    CHECK(read("1.5e2").to_string() == "150");
    CHECK(read("1.5E+2").to_string() == "150");
    CHECK(read("15e-3").to_string() == "0.015");
    CHECK(read("0.000000000000000001").to_string() == "0.000000000000000001");
    CHECK(read("20.990").to_string() == "20.99");
    CHECK(read("-0").to_string() == "0");
    CHECK(read("0e999999999999").to_string() == "0");
    CHECK(read("9223372036854775807").to_string() == "9223372036854775807");
    CHECK(read("-9223372036854775808").to_string() == "-9223372036854775808");
    CHECK(read("1.50000000000000000000000000000").to_string() == "1.5");
    CHECK(fmt::format("{:>6}", read("0.5")) == "   0.5");
}

TEST_CASE("what is no JSON number, or does not fit, is no decimal") {
    const auto* const text =
        GENERATE("", "-", "+1", ".5", "5.", "1e", "1e+", "0x10", "1,5", " 1", "1 ", "007", "-01.5", "NaN", "1.2.3", "--1",
                 "9223372036854775808", "-9223372036854775809", "1e19", "1e999999999999999999999", "1e-19",
                 "0.0000000000000000001", "12345678901234567890", "1.2345678901234567891", "1e18e1");
    INFO(text);
    CHECK_FALSE(Decimal::parse(text));
}

TEST_CASE("rounding goes half away from zero") {
    CHECK(read("0.125").to_fixed(2) == "0.13");
    CHECK(read("-0.125").to_fixed(2) == "-0.13");
    CHECK(read("0.1249").to_fixed(2) == "0.12");
    CHECK(read("12.5").to_fixed(2) == "12.50");
    CHECK(read("12.5").to_fixed(0) == "13");
    CHECK(read("-0.001").to_fixed(2) == "0.00");
    CHECK(read("3").to_fixed(20) == "3.00000000000000000000");
    CHECK(read("2.5").rounded(-3).to_string() == "3");
    CHECK(read("9223372036854775807").to_fixed(1) == "9223372036854775807.0");
    CHECK(read("9.223372036854775807").rounded(0) == Decimal(9));
}

TEST_CASE("floor goes down, also below zero") {
    CHECK(read("2.9").floor() == 2);
    CHECK(read("-2.1").floor() == -3);
    CHECK(read("-2").floor() == -2);
    CHECK(read("0").floor() == 0);
    CHECK(read("2.0").is_whole());
    CHECK_FALSE(read("2.01").is_whole());
    CHECK(read("-0.0").is_zero());
    CHECK(read("-0.1").is_negative());
}

TEST_CASE("numbers that do not fit are an overflow, not a wrong number") {
    const Decimal largest(std::numeric_limits<std::int64_t>::max());
    const Decimal smallest(std::numeric_limits<std::int64_t>::min());
    CHECK_THROWS_AS(largest + 1, std::overflow_error);
    CHECK_THROWS_AS(smallest - 1, std::overflow_error);
    CHECK_THROWS_AS(largest * 2, std::overflow_error);
    CHECK_THROWS_AS(largest + read("0.1"), std::overflow_error);
    CHECK_THROWS_AS(read("0.0000000001") * read("0.0000000001"), std::overflow_error);
    CHECK((largest * 0).is_zero());
    CHECK((smallest + largest).to_string() == "-1");
    CHECK((largest - largest).is_zero());
    CHECK((read("0.0000000001") * read("10000000000")).to_string() == "1");
}

TEST_CASE("decimal arithmetic agrees with exact integers") {
    rc::prop("text and back is the same number", [] {
        const Sample a = sample(std::numeric_limits<std::int64_t>::max() - 1, 18);
        RC_ASSERT(a.value.to_string() == model(a.units, a.scale));
        RC_ASSERT(Decimal::parse(a.value.to_string()) == a.value);
    });
    rc::prop("sums", [] {
        const Sample a = sample(1'000'000'000'000, 5);
        const Sample b = sample(1'000'000'000'000, 5);
        RC_ASSERT((a.value + b.value).to_string() == model(at_scale(a, 5) + at_scale(b, 5), 5));
        RC_ASSERT((a.value - b.value).to_string() == model(at_scale(a, 5) - at_scale(b, 5), 5));
        RC_ASSERT(a.value + b.value - b.value == a.value);
    });
    rc::prop("products", [] {
        const Sample a = sample(3'000'000'000, 9);
        const Sample b = sample(3'000'000'000, 9);
        RC_ASSERT((a.value * b.value).to_string() == model(static_cast<Wide>(a.units) * b.units, a.scale + b.scale));
    });
    rc::prop("order", [] {
        const Sample a = sample(2000, 4);
        const Sample b = sample(2000, 4);
        const Wide left = at_scale(a, 4);
        const Wide right = at_scale(b, 4);
        RC_ASSERT((a.value < b.value) == (left < right));
        RC_ASSERT((a.value == b.value) == (left == right));
        RC_ASSERT((a.value > b.value) == (left > right));
    });
    rc::prop("rounding", [] {
        const Sample a = sample(10'000'000, 6);
        const int places = *rc::gen::inRange(0, 7);
        Wide divisor = 1;
        for (int i = places; i < 6; ++i) divisor *= 10;
        const Wide units = at_scale(a, 6);
        const Wide half = units < 0 ? -divisor / 2 : divisor / 2;
        RC_ASSERT(a.value.rounded(places).to_string() == model((units + half) / divisor, places));
        const auto fixed = a.value.to_fixed(places);
        RC_ASSERT(Decimal::parse(fixed) == a.value.rounded(places));
        RC_ASSERT(places == 0 || fixed.size() - fixed.find('.') - 1 == static_cast<std::size_t>(places));
    });
}
