// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/time.hpp>

#include <limits>

#include <fmt/format.h>

namespace blongo {
namespace {

/// Reads fixed-width fields from the front of a text.
class Cursor {
public:
    explicit Cursor(std::string_view text) : text_(text) {}
    [[nodiscard]] bool done() const { return text_.empty(); }

    bool skip(std::string_view any_of) {
        if (text_.empty() || any_of.find(text_.front()) == std::string_view::npos) return false;
        text_.remove_prefix(1);
        return true;
    }

    /// Exactly `width` digits with a value between low and high.
    std::optional<int> number(std::size_t width, int low, int high) {
        if (text_.size() < width) return std::nullopt;
        int value = 0;
        for (const char c : text_.substr(0, width)) {
            if (c < '0' || c > '9') return std::nullopt;
            value = value * 10 + (c - '0');
        }
        if (value < low || value > high) return std::nullopt;
        text_.remove_prefix(width);
        return value;
    }

    /// The digits after the decimal point as milliseconds, finer ones cut off.
    std::optional<int> fraction() {
        int value = 0;
        std::size_t digits = 0;
        for (; digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9'; ++digits) {
            if (digits < 3) value = value * 10 + (text_[digits] - '0');
        }
        if (digits == 0) return std::nullopt;
        for (std::size_t i = digits; i < 3; ++i) value *= 10;
        text_.remove_prefix(digits);
        return value;
    }

private:
    std::string_view text_;
};

struct Unit {
    std::string_view name;
    std::int64_t milliseconds;
};
constexpr Unit units[] = {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}};

} // namespace

std::int64_t to_unix_seconds(Timestamp time) noexcept {
    return std::chrono::floor<Seconds>(time).time_since_epoch().count();
}

std::int64_t to_unix_milliseconds(Timestamp time) noexcept {
    return time.time_since_epoch().count();
}

Timestamp from_unix_seconds(std::int64_t seconds) noexcept {
    constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max() / 1000;
    if (seconds > limit) seconds = limit;
    if (seconds < -limit) seconds = -limit;
    return Timestamp{Milliseconds{seconds * 1000}};
}

Timestamp from_unix_milliseconds(std::int64_t milliseconds) noexcept {
    return Timestamp{Milliseconds{milliseconds}};
}

std::string format_utc(Timestamp time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss<Milliseconds> clock{time - day};
    std::string out =
        fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                    static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count());
    if (clock.subseconds().count() != 0) out += fmt::format(".{:03}", clock.subseconds().count());
    return out + "Z";
}

std::optional<Timestamp> parse_timestamp(std::string_view text) {
    using namespace std::chrono;
    Cursor in(text);
    const auto year_part = in.number(4, 0, 9999);
    if (!year_part || !in.skip("-")) return std::nullopt;
    const auto month_part = in.number(2, 1, 12);
    if (!month_part || !in.skip("-")) return std::nullopt;
    const auto day_part = in.number(2, 1, 31);
    if (!day_part) return std::nullopt;
    const year_month_day date{year{*year_part}, month{static_cast<unsigned>(*month_part)}, day{static_cast<unsigned>(*day_part)}};
    if (!date.ok()) return std::nullopt;
    Timestamp time = sys_days{date};
    if (in.done()) return time;

    if (!in.skip("Tt ")) return std::nullopt;
    const auto hour_part = in.number(2, 0, 23);
    if (!hour_part || !in.skip(":")) return std::nullopt;
    const auto minute_part = in.number(2, 0, 59);
    if (!minute_part || !in.skip(":")) return std::nullopt;
    const auto second_part = in.number(2, 0, 59);
    if (!second_part) return std::nullopt;
    time += hours{*hour_part} + minutes{*minute_part} + seconds{*second_part};
    if (in.skip(".")) {
        const auto fraction = in.fraction();
        if (!fraction) return std::nullopt;
        time += milliseconds{*fraction};
    }
    if (in.done()) return time;

    if (in.skip("Zz")) return in.done() ? std::optional{time} : std::nullopt;
    const bool east = in.skip("+");
    if (!east && !in.skip("-")) return std::nullopt;
    const auto offset_hours = in.number(2, 0, 23);
    if (!offset_hours || !in.skip(":")) return std::nullopt;
    const auto offset_minutes = in.number(2, 0, 59);
    if (!offset_minutes || !in.done()) return std::nullopt;
    const Milliseconds offset = hours{*offset_hours} + minutes{*offset_minutes};
    return east ? time - offset : time + offset;
}

std::optional<Milliseconds> parse_duration(std::string_view text) {
    constexpr std::int64_t longest = 36'500 * units[0].milliseconds;
    if (text == "0") return Milliseconds{0};
    std::int64_t number = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
        number = number * 10 + (text[digits] - '0');
        if (number > longest) return std::nullopt;
    }
    if (digits == 0) return std::nullopt;
    for (const Unit& unit : units) {
        if (text.substr(digits) != unit.name) continue;
        if (number > longest / unit.milliseconds) return std::nullopt;
        return Milliseconds{number * unit.milliseconds};
    }
    return std::nullopt;
}

std::string format_duration(Milliseconds duration) {
    if (duration.count() == 0) return "0s";
    for (const Unit& unit : units) {
        if (duration.count() % unit.milliseconds == 0) {
            return fmt::format("{}{}", duration.count() / unit.milliseconds, unit.name);
        }
    }
    return fmt::format("{}ms", duration.count());
}

std::string format_age(Milliseconds duration) {
    const std::int64_t seconds = std::chrono::floor<Seconds>(duration).count();
    if (seconds < 0) return "0 s";
    if (seconds < 60) return fmt::format("{} s", seconds);
    if (seconds < 3600) return fmt::format("{} min", seconds / 60);
    if (seconds < 48L * 3600) return fmt::format("{} h", seconds / 3600);
    return fmt::format("{} d", seconds / 86'400);
}

} // namespace blongo
