// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace blongo {

using Milliseconds = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;

/// A point in time, always UTC, millisecond precision.
using Timestamp = std::chrono::sys_time<Milliseconds>;

/// Seconds since 1970-01-01T00:00:00Z, as both APIs and the state count.
[[nodiscard]] std::int64_t to_unix_seconds(Timestamp time) noexcept;
[[nodiscard]] std::int64_t to_unix_milliseconds(Timestamp time) noexcept;
[[nodiscard]] Timestamp from_unix_seconds(std::int64_t seconds) noexcept;
[[nodiscard]] Timestamp from_unix_milliseconds(std::int64_t milliseconds) noexcept;

/// "2026-11-23T13:47:32Z"; with a fraction only when it is not 0.
[[nodiscard]] std::string format_utc(Timestamp time);

/// "2026-11-23 14:47 CET": local time of an IANA zone, minutes, zone abbreviation.
/// An unknown zone falls back to UTC.
[[nodiscard]] std::string format_local(Timestamp time, std::string_view zone);

/// "2026-11-23T14:47:32+01:00": local time of an IANA zone, whole seconds, as configurations take it. An unknown zone
/// falls back to UTC.
[[nodiscard]] std::string format_local_rfc3339(Timestamp time, std::string_view zone);

/// The calendar date "2026-11-23" on which `time` falls in an IANA zone.
[[nodiscard]] std::string local_date(Timestamp time, std::string_view zone);

/// The first moment of a calendar date ("2026-11-24") in an IANA zone; nullopt: that is no date.
/// An unknown zone falls back to UTC.
[[nodiscard]] std::optional<Timestamp> local_midnight(std::string_view date, std::string_view zone);

/// Whether the machine's time zone data knows this IANA name.
[[nodiscard]] bool is_known_zone(std::string_view zone);

/// Reads RFC 3339 ("2026-11-24T06:00:00+01:00", "...Z", with or without fraction), a
/// bare date ("2026-11-24", midnight UTC), and the zoneless form (read as UTC).
[[nodiscard]] std::optional<Timestamp> parse_timestamp(std::string_view text);

/// Reads "250ms", "45s", "15m", "2h", "30d"; a bare "0" is allowed. Negative, or longer
/// than 36500 days: nullopt.
[[nodiscard]] std::optional<Milliseconds> parse_duration(std::string_view text);

/// The shortest exact form: "0s", "90s" is "90s", 120 s is "2m", 1500 ms is "1500ms".
[[nodiscard]] std::string format_duration(Milliseconds duration);

/// "12 s", "3 min", "2 h", "5 d": for people.
[[nodiscard]] std::string format_age(Milliseconds duration);

} // namespace blongo
