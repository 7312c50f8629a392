// SPDX-License-Identifier: Apache-2.0
#include <blongo/http/retry_after.hpp>

#include <algorithm>
#include <cstdint>
#include <string>

#include <curl/curl.h>

#include <blongo/base/text.hpp>

namespace blongo::http {

std::optional<Timestamp> parse_retry_after(std::string_view value, Timestamp now) {
    const std::string text(trim(value));
    if (text.empty()) return std::nullopt;
    if (text.find_first_not_of("0123456789") == std::string::npos) {
        constexpr std::int64_t farthest = 10LL * 365 * 24 * 3600; // keeps the sum far from overflow
        std::int64_t seconds = 0;
        for (const char digit : text) seconds = std::min(farthest, seconds * 10 + (digit - '0'));
        return now + Seconds(seconds);
    }
    // Only the three forms of HTTP dates, which all begin with the day's name: curl_getdate reads much more.
    if (text.front() < 'A' || text.front() > 'Z') return std::nullopt;
    const std::int64_t seconds = curl_getdate(text.c_str(), nullptr);
    if (seconds < 0) return std::nullopt;
    return std::max(now, from_unix_seconds(seconds));
}

} // namespace blongo::http
