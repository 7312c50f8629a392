// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/did_you_mean.hpp>

#include <blongo/base/text.hpp>

namespace blongo {

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates, std::string_view before,
                         std::string_view quotes) {
    const auto meant = nearest(word, candidates);
    if (!meant) return {};
    const std::string open(quotes.substr(0, 1));
    const std::string close(quotes.empty() ? quotes : quotes.substr(quotes.size() - 1));
    return std::string(before) + "did you mean " + open + *meant + close + "?";
}

} // namespace blongo
