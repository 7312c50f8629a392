// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

#include <blongo/base/time.hpp>

using namespace blongo;
using namespace std::chrono_literals;

namespace {

std::optional<std::string> in_utc(std::string_view text) {
    const auto time = parse_timestamp(text);
    return time ? std::optional{format_utc(*time)} : std::nullopt;
}

} // namespace

TEST_CASE("times with an offset, without one, and bare dates are read as UTC") {
    CHECK(in_utc("2026-11-24T06:00:00+01:00") == "2026-11-24T05:00:00Z");
    CHECK(in_utc("2026-11-24T06:00:00-05:30") == "2026-11-24T11:30:00Z");
    CHECK(in_utc("2026-11-24T06:00:00Z") == "2026-11-24T06:00:00Z");
    CHECK(in_utc("2026-11-24t06:00:00z") == "2026-11-24T06:00:00Z");
    CHECK(in_utc("2026-11-24 06:00:00") == "2026-11-24T06:00:00Z");
    CHECK(in_utc("2026-11-24") == "2026-11-24T00:00:00Z");
    CHECK(in_utc("2026-11-24T06:00:00.5Z") == "2026-11-24T06:00:00.500Z");
    CHECK(in_utc("2026-11-24T06:00:00.1234567+00:00") == "2026-11-24T06:00:00.123Z");
    CHECK(in_utc("2024-02-29T23:59:59") == "2024-02-29T23:59:59Z");
    CHECK(in_utc("1969-12-31T23:59:59.999Z") == "1969-12-31T23:59:59.999Z");
    CHECK(in_utc("0001-01-01T00:00:00") == "0001-01-01T00:00:00Z"); // .NET's "no date"
}

TEST_CASE("times out of range or out of shape are refused") {
    const auto* const text = GENERATE(
        "", "2026", "2026-11", "2026-13-01", "2026-00-01", "2026-02-29", "2026-11-31", "2026-11-24T", "2026-11-24T24:00:00",
        "2026-11-24T06:60:00", "2026-11-24T06:00:60", "2026-11-24T06:00", "2026-11-24T06:00:00.", "2026-11-24T06:00:00+25:00",
        "2026-11-24T06:00:00+01:60", "2026-11-24T06:00:00+0100", "2026-11-24T06:00:00+01", "2026-11-24T06:00:00Zx",
        "2026-11-24T06:00:00 ", "24.11.2026", "2026-1-4", "-026-11-24", "2026-11-24X06:00:00", "2026/11/24");
    INFO(text);
    CHECK_FALSE(parse_timestamp(text));
}

TEST_CASE("unix times before 1970 go down, and extreme ones stay in range") {
    CHECK(to_unix_seconds(Timestamp{-1ms}) == -1);
    CHECK(to_unix_seconds(Timestamp{1999ms}) == 1);
    CHECK(to_unix_milliseconds(from_unix_seconds(12)) == 12'000);
    CHECK(to_unix_milliseconds(from_unix_milliseconds(-5)) == -5);
    CHECK(from_unix_seconds(INT64_MAX) > from_unix_seconds(0));
    CHECK(from_unix_seconds(INT64_MIN) < from_unix_seconds(0));
}

TEST_CASE("local times follow the zone's summer and winter time") {
    const Timestamp winter = *parse_timestamp("2026-11-23T13:47:32Z");
    const Timestamp summer = *parse_timestamp("2026-07-01T22:30:00Z");
    CHECK(format_local(winter, "Europe/Warsaw") == "2026-11-23 14:47 CET");
    CHECK(format_local(summer, "Europe/Warsaw") == "2026-07-02 00:30 CEST");
    CHECK(local_date(summer, "Europe/Warsaw") == "2026-07-02");
    CHECK(local_date(summer, "UTC") == "2026-07-01");
    CHECK(format_local(winter, "America/New_York") == "2026-11-23 08:47 EST");
    for (const auto& [zone, text] :
         {std::pair{"Europe/Warsaw", "2026-11-23T14:47:32+01:00"}, std::pair{"America/New_York", "2026-11-23T08:47:32-05:00"},
          std::pair{"America/St_Johns", "2026-11-23T10:17:32-03:30"}, std::pair{"UTC", "2026-11-23T13:47:32+00:00"}}) {
        CHECK(format_local_rfc3339(winter, zone) == text);
        CHECK(parse_timestamp(text) == winter);
    }
}

TEST_CASE("an unknown zone is told apart and falls back to UTC") {
    const Timestamp time = *parse_timestamp("2026-11-23T13:47:32Z");
    const auto* const zone = GENERATE("", "Europe/Atlantis", "/etc/passwd", "../../etc/passwd", "Europe/..", "posixrules\n");
    INFO(zone);
    CHECK_FALSE(is_known_zone(zone));
    CHECK(format_local(time, zone) == "2026-11-23 13:47 UTC");
    CHECK(local_date(time, zone) == "2026-11-23");
}

TEST_CASE("known zones are known") {
    CHECK(is_known_zone("Europe/Warsaw"));
    CHECK(is_known_zone("Europe/Stockholm"));
    CHECK(is_known_zone("UTC"));
}

TEST_CASE("durations are a whole number and a unit") {
    CHECK(parse_duration("250ms") == 250ms);
    CHECK(parse_duration("45s") == 45s);
    CHECK(parse_duration("15m") == 15min);
    CHECK(parse_duration("2h") == 2h);
    CHECK(parse_duration("30d") == 720h);
    CHECK(parse_duration("0") == 0ms);
    CHECK(parse_duration("0m") == 0ms);
    CHECK(parse_duration("36500d") == 24h * 36500);
}

TEST_CASE("durations without unit, negative, broken or beyond a century are refused") {
    const auto* const text = GENERATE("", "5", "-5s", "+5s", "5 s", " 5s", "5s ", "1.5h", "s", "5w", "5M", "5S", "1h30m",
                                      "36501d", "9999999999999999999d", "99999999999999999999999999ms", "1000000h");
    INFO(text);
    CHECK_FALSE(parse_duration(text));
}

TEST_CASE("a duration is written in the largest unit that is exact") {
    CHECK(format_duration(90s) == "90s");
    CHECK(format_duration(120s) == "2m");
    CHECK(format_duration(1500ms) == "1500ms");
    CHECK(format_duration(48h) == "2d");
    CHECK(format_duration(90min) == "90m");
    CHECK(format_duration(0ms) == "0s");
    rc::prop("written and read again", [] {
        const Milliseconds duration{*rc::gen::inRange<std::int64_t>(0, 3'000'000'000'000)};
        RC_ASSERT(parse_duration(format_duration(duration)) == duration);
    });
}

TEST_CASE("ages are written for people") {
    CHECK(format_age(-5s) == "0 s");
    CHECK(format_age(12'900ms) == "12 s");
    CHECK(format_age(59s) == "59 s");
    CHECK(format_age(60s) == "1 min");
    CHECK(format_age(2h + 59min) == "2 h");
    CHECK(format_age(47h) == "47 h");
    CHECK(format_age(48h) == "2 d");
}

TEST_CASE("every time survives being written and read") {
    rc::prop("format_utc and parse_timestamp", [] {
        const auto count = *rc::gen::inRange<std::int64_t>(-62'135'596'800'000, 253'402'300'799'999);
        const Timestamp time = from_unix_milliseconds(count);
        RC_ASSERT(parse_timestamp(format_utc(time)) == time);
    });
    rc::prop("any text at all is read or refused", [] {
        const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("0123456789-:T.Z+ ")));
        (void)parse_timestamp(text);
        (void)parse_duration(text);
    });
}

TEST_CASE("a day begins at its first moment, wherever it is") {
    const auto at = [](const char* date, const char* zone) {
        const auto time = local_midnight(date, zone);
        return time ? format_utc(*time) : std::string("none");
    };
    CHECK(at("2026-11-24", "Europe/Warsaw") == "2026-11-23T23:00:00Z");
    CHECK(at("2026-07-01", "Europe/Warsaw") == "2026-06-30T22:00:00Z");
    CHECK(at("2026-11-24", "America/New_York") == "2026-11-24T05:00:00Z");
    CHECK(at("2018-11-04", "America/Sao_Paulo") == "2018-11-04T03:00:00Z"); // there was no midnight
    CHECK(at("2026-11-24", "No/Where") == "2026-11-24T00:00:00Z");
    CHECK(at("2026-02-30", "Europe/Warsaw") == "none");
    CHECK(at("2026-11-24T00:00:00Z", "Europe/Warsaw") == "none");
    CHECK(at("tomorrow", "Europe/Warsaw") == "none");
    rc::prop("the first moment is that day, and the moment before is not", [] {
        const auto any = from_unix_seconds(*rc::gen::inRange<std::int64_t>(0, 4'000'000'000));
        const std::string zone = *rc::gen::element<std::string>("Europe/Warsaw", "America/Sao_Paulo", "Asia/Beirut");
        const std::string date = local_date(any, zone);
        const auto begin = local_midnight(date, zone);
        RC_ASSERT(begin.has_value());
        RC_ASSERT(local_date(*begin, zone) == date);
        RC_ASSERT(local_date(*begin - 1s, zone) != date);
        RC_ASSERT(*begin <= any);
    });
}
