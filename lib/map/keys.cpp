// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/keys.hpp>

#include <algorithm>

#include <blongo/base/text.hpp>

namespace blongo::map {

namespace {

/// Most SKUs are a few letters, digits and dashes: those need no Unicode tables.
bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

} // namespace

std::string key_text(std::string_view sku) {
    if (is_plain(sku)) return std::string(sku);
    return line_text(sku);
}

std::string line_text(std::string_view text) {
    return std::string(trim(normalise_name(text)));
}

bool key_too_long(std::string_view key) {
    return key.size() > key_characters && character_count(key) > key_characters;
}

std::string code_text(std::string_view code) {
    std::string text = key_text(code);
    std::ranges::transform(text, text.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return text;
}

std::string key_of(ProductId id) {
    return "#" + std::to_string(id.value());
}

} // namespace blongo::map
