// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include <blongo/base/time.hpp>

namespace blongo::http {

/// The point in time that a Retry-After header names: seconds from `now`, or an HTTP date.
/// A time that has passed is `now`. Nothing if the text is neither.
[[nodiscard]] std::optional<Timestamp> parse_retry_after(std::string_view value, Timestamp now);

} // namespace blongo::http
