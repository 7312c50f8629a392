// SPDX-License-Identifier: Apache-2.0
#include <blongo/http/body.hpp>

#include <utility>

namespace blongo::http {
namespace {

std::string_view without_prefix(std::string_view body) noexcept {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (body.starts_with(byte_order_mark)) body.remove_prefix(byte_order_mark.size());
    const std::size_t start = body.find_first_not_of(" \t\r\n");
    return start == std::string_view::npos ? std::string_view{} : body.substr(start);
}

} // namespace

BodyForm form_of(std::string_view body) noexcept {
    const std::string_view text = without_prefix(body);
    if (text.empty()) return BodyForm::empty;
    if (text.front() == '{' || text.front() == '[') return BodyForm::json;
    return text.front() == '<' ? BodyForm::html : BodyForm::other;
}

bool breaks_off(std::string_view text) noexcept {
    std::size_t depth = 0;
    bool in_string = false, escaped = false;
    for (const char c : text) {
        if (escaped) {
            escaped = false;
        } else if (in_string) {
            escaped = c == '\\';
            in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > json::Document::default_depth) return false;
        } else if ((c == '}' || c == ']') && depth > 0) {
            --depth;
        }
    }
    return in_string || depth > 0;
}

Result<json::Document> parse_body(std::string_view body) {
    constexpr std::size_t spare_bytes = 16; // the parser wants room behind the text, and would copy it once more
    const std::string_view json = without_prefix(body);
    std::string text;
    text.reserve(json.size() + spare_bytes);
    text = json;
    return json::Document::parse(std::move(text));
}

} // namespace blongo::http
