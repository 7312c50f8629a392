// SPDX-License-Identifier: Apache-2.0
#include <blongo/baselinker/wire.hpp>

namespace blongo::baselinker {

std::string Product::text_field(const std::string& field, const std::string& language) const {
    if (!language.empty()) {
        const auto translated = text_fields.find(field + "|" + language);
        if (translated != text_fields.end() && !translated->second.empty()) return translated->second;
    }
    const auto found = text_fields.find(field);
    return found == text_fields.end() ? std::string{} : found->second;
}

} // namespace blongo::baselinker
