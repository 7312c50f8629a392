// SPDX-License-Identifier: Apache-2.0
#include <thread>
#include <type_traits>

#include <catch2/catch.hpp>

#include <blongo/base/clock.hpp>
#include <blongo/base/ids.hpp>
#include <blongo/base/result.hpp>
#include <blongo/base/secret.hpp>

using namespace blongo;
using namespace std::chrono_literals;

namespace {

template <class T>
concept streamable = requires(std::ostream& out, const T& value) {
    out << value;
};

Result<int> half(int number) {
    if (number % 2 != 0) return fail(ErrorKind::usage, "odd number", "half");
    return number / 2;
}

Result<void> even(int number) {
    BLONGO_CHECK(half(number));
    return {};
}

Result<int> quarter(int number) {
    BLONGO_TRY(const int first, half(number));
    BLONGO_TRY(const int second, half(first));
    BLONGO_CHECK(even(number));
    return second;
}

} // namespace

TEST_CASE("an error says where, what and what to do, without empty parts") {
    CHECK(make_error(ErrorKind::config, "unknown key", "blongo.toml:3:1", "did you mean url?").text() ==
          "blongo.toml:3:1: unknown key (did you mean url?)");
    CHECK(make_error(ErrorKind::config, "unknown key").text() == "unknown key");
    CHECK(make_error(ErrorKind::config, "", "line 3").text() == "line 3");
    CHECK(make_error(ErrorKind::config, "", "", "read the manual").text() == "(read the manual)");
    CHECK(Error{}.text().empty());
}

TEST_CASE("every kind of error has a name of its own") {
    std::vector<std::string_view> names;
    for (int kind = 0; kind <= static_cast<int>(ErrorKind::internal); ++kind) {
        names.push_back(to_string(static_cast<ErrorKind>(kind)));
        CHECK_FALSE(names.back().empty());
    }
    CHECK(names.front() == "not_sent");
    CHECK(names.back() == "internal");
    std::sort(names.begin(), names.end());
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
}

TEST_CASE("a result hands its value or its error on") {
    CHECK(quarter(8) == 2);
    REQUIRE_FALSE(quarter(6));
    CHECK(quarter(6).error().text() == "half: odd number");
    CHECK(quarter(6).error().kind == ErrorKind::usage);
    CHECK(even(2).has_value());
    CHECK_FALSE(even(3).has_value());
}

TEST_CASE("ids are read from digits only") {
    CHECK(parse_id("307") == 307);
    CHECK(parse_id("9223372036854775807") == INT64_MAX);
    const auto* const text = GENERATE("", "-1", "+1", " 1", "1 ", "1x", "0x1", "9223372036854775808", "1.0");
    INFO(text);
    CHECK_FALSE(parse_id(text));
}

TEST_CASE("ids of different things cannot be mixed") {
    STATIC_REQUIRE_FALSE(std::is_convertible_v<ProductId, BaseOrderId>);
    STATIC_REQUIRE_FALSE(std::is_convertible_v<std::int64_t, ProductId>);
    CHECK(fmt::format("{}", ProductId{12}) == "12");
    CHECK(std::hash<Sku>{}(Sku{"a"}) == std::hash<Sku>{}(Sku{"a"}));
}

TEST_CASE("a secret can be neither printed nor compared") {
    STATIC_REQUIRE_FALSE(streamable<Secret>);
    STATIC_REQUIRE_FALSE(std::equality_comparable<Secret>);
    STATIC_REQUIRE_FALSE(std::is_convertible_v<Secret, std::string>);
}

TEST_CASE("a secret keeps its text when it is copied and moved, and leaves nothing behind") {
    const auto* const text = GENERATE("short", "a token that is too long to stand inside of the string object");
    Secret first{std::string(text)};
    Secret copy = first;
    CHECK(copy.reveal() == text);
    Secret moved = std::move(first);
    CHECK(moved.reveal() == text);
    CHECK(first.empty()); // NOLINT(bugprone-use-after-move): that is what is tested
    CHECK(std::string_view(first.reveal().data(), 15).find("short") == std::string_view::npos);
    Secret assigned{std::string("another")};
    assigned = copy;
    CHECK(assigned.reveal() == text);
    const Secret& same = assigned;
    assigned = same;
    CHECK(assigned.reveal() == text);
    copy = std::move(assigned);
    CHECK(copy.reveal() == text);
    CHECK(assigned.empty()); // NOLINT(bugprone-use-after-move)
}

TEST_CASE("the name of a secret tells two apart and does not show them") {
    const Secret a{std::string("token-a")};
    const Secret b{std::string("token-b")};
    CHECK(a.fingerprint() == Secret{std::string("token-a")}.fingerprint());
    CHECK(a.fingerprint() != b.fingerprint());
    CHECK(a.fingerprint().size() == 12);
    CHECK(a.fingerprint().find("token") == std::string::npos);
    CHECK(Secret{}.fingerprint().empty());
}

TEST_CASE("a clock of tests moves at once and counts the waits") {
    ManualClock clock{Timestamp{1000s}};
    StopToken stop;
    CHECK(clock.sleep(5s, stop));
    CHECK(clock.sleep(-5s, stop));
    clock.advance(1s);
    CHECK(clock.now() == Timestamp{1006s});
    CHECK(clock.boot_time() == 1006s);
    CHECK(clock.slept() == 5s);
    CHECK(clock.sleeps() == 2);
    stop.request(15);
    CHECK_FALSE(clock.sleep(5s, stop));
    CHECK(clock.now() == Timestamp{1006s});
    CHECK(stop.signal() == 15);
}

TEST_CASE("the machine's clock goes forward and does not wait for what is over") {
    SystemClock clock;
    StopToken stop;
    const Milliseconds before = clock.boot_time();
    CHECK(clock.now() > Timestamp{Seconds{1'700'000'000}});
    CHECK(clock.sleep(0ms, stop));
    CHECK(clock.sleep(-1h, stop));
    CHECK(clock.sleep(3ms, stop));
    CHECK(clock.boot_time() - before >= 3ms);
    stop.request(2);
    CHECK_FALSE(clock.sleep(1h, stop));
}

TEST_CASE("a stop ends a wait of the machine's clock early") {
    SystemClock clock;
    StopToken stop;
    std::thread other([&] { stop.request(15); });
    CHECK_FALSE(clock.sleep(1h, stop));
    other.join();
}
