// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace blongo {

/// The end of a message about a mistyped word: `before`, then "did you mean X?"; empty when no candidate is near. `quotes`:
/// the characters that X stands between (one: on both sides), as the word stands where it was written.
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string> candidates,
                                       std::string_view before = {}, std::string_view quotes = {});

} // namespace blongo
