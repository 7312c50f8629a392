// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <blongo/config/codecs.hpp>

namespace blongo::config {

/// The parts of an address that tell two services apart.
struct Address {
    std::string scheme; ///< lower case
    std::string host;   ///< lower case, IPv6 in brackets
    std::string port;   ///< "" if it is the scheme's own
    std::string path;   ///< without a slash at the end
    [[nodiscard]] std::string text() const;
};

/// Judges an address that a person configured: https, or http to this machine; no user, password,
/// query or fragment. On failure `complaint` says what is wrong, without the address itself, which
/// may hold a password.
[[nodiscard]] std::optional<Address> parse_address(std::string_view url, std::string& complaint);

namespace codec {
/// The base address of a service.
struct Url {
    using value_type = std::string;
    [[nodiscard]] std::string expected() const { return "an address such as \"https://host/path\""; }
    bool read(Reading& reading, const std::string& key, const Node& node, std::string& out) const;
    [[nodiscard]] std::string show(const std::string& value) const { return quote(value); }
};
} // namespace codec

} // namespace blongo::config
