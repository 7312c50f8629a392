// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace blongo {

/// HMAC-SHA-256 in lower-case hex.
[[nodiscard]] std::string hmac_hex(std::string_view key, std::string_view bytes);

/// "~1:" and base64 of the text, encrypted under the key (AES-256-CTR; the nonce is the HMAC of the text, so that equal
/// texts look equal and can be compared). Without the key nobody can try out what it says. Empty stays empty.
[[nodiscard]] std::string seal(std::string_view key, std::string_view text);
/// The text; what is not sealed comes back as it is. Nullopt: sealed under another key, or damaged.
[[nodiscard]] std::optional<std::string> unseal(std::string_view key, std::string_view sealed);

} // namespace blongo
