// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <blongo/base/secret.hpp>

namespace blongo {

/// Removes secrets from text before it is shown or stored: raw, base64 (every alignment, and
/// the user:password form of Basic), percent-encoded, and JSON-escaped, also mixed and escaped twice.
/// Secrets shorter than 4 bytes are not looked for.
class Redactor {
public:
    void add(const Secret& secret);
    /// Also hides base64(user:password) as Basic sends it.
    void add_basic(std::string_view user, const Secret& password);
    [[nodiscard]] std::string clean(std::string_view text) const;
    [[nodiscard]] bool empty() const noexcept { return needles_.empty(); }

private:
    void add_needle(std::string needle);
    std::vector<std::string> needles_; ///< longest first
};

/// "Jan Kowalski" -> "J*** K***"; for names, streets and cities in lists and logs.
[[nodiscard]] std::string mask_name(std::string_view text);
/// "jan@example.com" -> "j***@e***.com".
[[nodiscard]] std::string mask_email(std::string_view text);
/// "+48600100200" -> "***200".
[[nodiscard]] std::string mask_phone(std::string_view text);

} // namespace blongo
