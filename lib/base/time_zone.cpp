// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <string>

#include <date/tz.h>
#include <fmt/format.h>

#include <blongo/base/time.hpp>

namespace blongo {
namespace {

const date::time_zone* find_zone(std::string_view name) noexcept {
    // The library opens a file of this name: nothing that leaves the zone data.
    if (name.empty() || name.front() == '/' || name.find("..") != std::string_view::npos) return nullptr;
    try {
        return date::locate_zone(std::string(name));
    } catch (const std::exception&) {
        return nullptr;
    }
}

struct Local {
    std::chrono::local_time<Milliseconds> time;
    std::string abbreviation;
    Seconds offset{0}; ///< east of UTC
};

Local to_local(Timestamp time, std::string_view zone_name) {
    Seconds offset{0};
    std::string abbreviation = "UTC";
    if (const date::time_zone* zone = find_zone(zone_name)) {
        const date::sys_info info = zone->get_info(std::chrono::floor<Seconds>(time));
        offset = info.offset;
        abbreviation = info.abbrev;
    }
    return {std::chrono::local_time<Milliseconds>{time.time_since_epoch() + offset}, std::move(abbreviation), offset};
}

std::string format_date(std::chrono::local_days day) {
    const std::chrono::year_month_day date{day};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                       static_cast<unsigned>(date.day()));
}

} // namespace

std::string format_local(Timestamp time, std::string_view zone) {
    const Local local = to_local(time, zone);
    const auto day = std::chrono::floor<std::chrono::days>(local.time);
    const std::chrono::hh_mm_ss<Milliseconds> clock{local.time - day};
    return fmt::format("{} {:02}:{:02} {}", format_date(day), clock.hours().count(), clock.minutes().count(), local.abbreviation);
}

std::string format_local_rfc3339(Timestamp time, std::string_view zone) {
    const Local local = to_local(time, zone);
    const auto day = std::chrono::floor<std::chrono::days>(local.time);
    const std::chrono::hh_mm_ss<Seconds> clock{std::chrono::floor<Seconds>(local.time - day)};
    const auto offset = std::chrono::abs(std::chrono::floor<std::chrono::minutes>(local.offset)).count();
    constexpr int minutes_an_hour = 60;
    return fmt::format("{}T{:02}:{:02}:{:02}{}{:02}:{:02}", format_date(day), clock.hours().count(), clock.minutes().count(),
                       clock.seconds().count(), local.offset < Seconds{0} ? '-' : '+', offset / minutes_an_hour,
                       offset % minutes_an_hour);
}

std::string local_date(Timestamp time, std::string_view zone) {
    return format_date(std::chrono::floor<std::chrono::days>(to_local(time, zone).time));
}

std::optional<Timestamp> local_midnight(std::string_view date_text, std::string_view zone_name) {
    constexpr std::size_t date_characters = 10;
    const auto midnight = parse_timestamp(date_text);
    if (!midnight || date_text.size() != date_characters) return std::nullopt;
    const date::time_zone* zone = find_zone(zone_name);
    if (zone == nullptr) return midnight;
    const date::local_seconds local{std::chrono::floor<Seconds>(*midnight).time_since_epoch()};
    const date::local_info info = zone->get_info(local);
    // A clock that is put forward at midnight has no midnight: the day begins with the change.
    if (info.result == date::local_info::nonexistent) return Timestamp{info.second.begin.time_since_epoch()};
    return Timestamp{local.time_since_epoch() - info.first.offset};
}

bool is_known_zone(std::string_view zone) {
    return find_zone(zone) != nullptr;
}

} // namespace blongo
