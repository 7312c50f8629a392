// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/unicode.hpp>

#include <algorithm>
#include <cstdlib>
#include <new>

#include <utf8proc.h>

#include <blongo/base/text.hpp>

namespace blongo {
namespace unicode {

char32_t next(std::string_view utf8, std::size_t& position, bool* valid) noexcept {
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(utf8.data()) + position;
    if (valid != nullptr) *valid = true;
    if (*bytes < 0x80) {
        ++position;
        return *bytes;
    }
    utf8proc_int32_t code_point = -1;
    const auto left = static_cast<utf8proc_ssize_t>(utf8.size() - position);
    const utf8proc_ssize_t length = utf8proc_iterate(bytes, left, &code_point);
    if (length <= 0 || code_point < 0) {
        ++position;
        if (valid != nullptr) *valid = false;
        return replacement;
    }
    position += static_cast<std::size_t>(length);
    return static_cast<char32_t>(code_point);
}

void append(std::string& out, char32_t code_point) {
    if (code_point < 0x80) {
        out += static_cast<char>(code_point);
        return;
    }
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) code_point = replacement;
    utf8proc_uint8_t bytes[4];
    const utf8proc_ssize_t length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code_point), bytes);
    out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
}

std::u32string decode(std::string_view utf8) {
    std::u32string out;
    out.reserve(utf8.size());
    for (std::size_t at = 0; at < utf8.size();) out += next(utf8, at);
    return out;
}

std::string encode(std::u32string_view code_points) {
    std::string out;
    out.reserve(code_points.size());
    for (const char32_t c : code_points) append(out, c);
    return out;
}

} // namespace unicode

namespace {

bool is_plain_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7F; });
}

/// Made of ASCII and Latin letters alone (below U+0300), with no control character and no white space but blanks: texts
/// that normalising leaves as they are, but for blanks in a row.
bool is_plain_latin(std::string_view text) {
    const auto byte_at = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    for (std::size_t at = 0; at < text.size();) {
        const unsigned lead = byte_at(at++);
        if (lead >= 0x20 && lead < 0x7F) continue;
        if (lead < 0xC2 || lead > 0xCB || at == text.size()) return false;
        const unsigned next = byte_at(at++);
        if ((next & 0xC0U) != 0x80 || (lead == 0xC2 && next <= 0xA0)) return false;
    }
    return true;
}

/// One blank where there are several, none at the ends.
std::string fold_blanks(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text)
        if (c != ' ' || (!out.empty() && out.back() != ' ')) out += c;
    if (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

const utf8proc_property_t& property(char32_t c) {
    return *utf8proc_get_property(static_cast<utf8proc_int32_t>(c));
}

std::string map_text(const std::string& valid_utf8, int options) {
    utf8proc_uint8_t* mapped = nullptr;
    const utf8proc_ssize_t length =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(valid_utf8.data()),
                     static_cast<utf8proc_ssize_t>(valid_utf8.size()), &mapped, static_cast<utf8proc_option_t>(options));
    if (length == UTF8PROC_ERROR_NOMEM) throw std::bad_alloc();
    if (length < 0) return valid_utf8;
    std::string out(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(length));
    std::free(mapped); // NOLINT(cppcoreguidelines-no-malloc): utf8proc allocates so
    return out;
}

/// Characters that NFC neither changes nor joins: Latin letters, punctuation, currencies, emoji.
bool is_composed(char32_t c) {
    return c < 0x300 || (c >= 0x2010 && c <= 0x205E) || (c >= 0x20A0 && c <= 0x20BF) || (c >= 0x1F300 && c <= 0x1FAFF);
}

std::string compose(std::u32string_view text) {
    std::string utf8 = unicode::encode(text);
    if (std::all_of(text.begin(), text.end(), is_composed)) return utf8;
    return map_text(utf8, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

bool is_control(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

/// Line ends become \n, tabs spaces; other control characters and byte order marks go.
std::u32string clean(std::string_view utf8) {
    std::u32string out;
    out.reserve(utf8.size());
    bool after_return = false;
    for (std::size_t at = 0; at < utf8.size();) {
        const char32_t c = unicode::next(utf8, at);
        if (c == U'\n' && after_return) {
            after_return = false;
            continue;
        }
        after_return = c == U'\r';
        if (c == U'\r' || c == U'\n' || c == 0x85 || c == 0x2028 || c == 0x2029) {
            out += U'\n';
        } else if (c == U'\t') {
            out += U' ';
        } else if (c != 0xFEFF && !is_control(c)) {
            out += c;
        }
    }
    return out;
}

/// Emoji, dingbats and their modifiers. The signs (c), (R), TM and arrows are text.
bool is_pictograph(char32_t c) {
    if (c == 0xFE0E || c == 0xFE0F || c == 0x20E3) return true;   // presentation selectors, keycap
    if (c >= 0x1F000 && c <= 0x1FAFF) return true;                // all blocks of pictographs, flags
    if (c >= 0xE0000 && c <= 0xE007F) return true;                // tags of flags
    if (c < 0x2300 || (c >= 0x3000 && c <= 0x33FF)) return false; // letter-like signs, CJK signs
    return property(c).boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC || (c >= 0x2600 && c <= 0x27BF);
}

bool is_space(char32_t c) {
    return c == U'\n' || property(c).category == UTF8PROC_CATEGORY_ZS;
}

} // namespace

std::string normalise_text(std::string_view utf8) {
    if (is_plain_latin(utf8)) return std::string(utf8);
    return compose(clean(utf8));
}

std::string normalise_name(std::string_view utf8) {
    if (is_plain_latin(utf8)) return fold_blanks(utf8);
    std::u32string kept;
    bool dropped = false;
    for (const char32_t c : clean(utf8)) {
        const bool drop = is_pictograph(c) || (c == 0x200D && dropped); // the joiner inside an emoji
        if (!drop) kept += c;
        dropped = drop;
    }
    std::u32string folded;
    for (const char32_t c : unicode::decode(compose(kept))) {
        if (!is_space(c)) {
            folded += c;
        } else if (!folded.empty() && folded.back() != U' ') {
            folded += U' ';
        }
    }
    while (!folded.empty() && folded.back() == U' ') folded.pop_back();
    return unicode::encode(folded);
}

std::size_t character_count(std::string_view utf8) noexcept {
    std::size_t count = 0;
    for (std::size_t at = 0; at < utf8.size(); ++count) (void)unicode::next(utf8, at);
    return count;
}

std::string cut_characters(std::string_view utf8, std::size_t characters) {
    if (utf8.size() <= characters) return std::string(utf8);
    std::size_t end = 0; // the last boundary within the limit
    std::size_t count = 0;
    utf8proc_int32_t state = 0;
    utf8proc_int32_t previous = -1;
    for (std::size_t at = 0; at < utf8.size(); ++count) {
        const std::size_t begin = at;
        const auto c = static_cast<utf8proc_int32_t>(unicode::next(utf8, at));
        if (previous >= 0 && utf8proc_grapheme_break_stateful(previous, c, &state)) end = begin;
        if (count == characters) return std::string(utf8.substr(0, end));
        previous = c;
    }
    return std::string(utf8);
}

std::size_t display_width(std::string_view utf8) noexcept {
    std::size_t total = 0;
    int widest = 0; // of the current grapheme
    utf8proc_int32_t state = 0;
    utf8proc_int32_t previous = -1;
    for (std::size_t at = 0; at < utf8.size();) {
        const auto c = static_cast<utf8proc_int32_t>(unicode::next(utf8, at));
        if (previous >= 0 && utf8proc_grapheme_break_stateful(previous, c, &state)) {
            total += static_cast<std::size_t>(widest);
            widest = 0;
        }
        widest = std::max(widest, c == 0xFE0F && previous >= 0 ? 2 : utf8proc_charwidth(c));
        previous = c;
    }
    return total + static_cast<std::size_t>(widest);
}

std::string fold_case(std::string_view utf8) {
    if (is_plain_ascii(utf8)) return to_lower_ascii(utf8);
    std::string valid = unicode::encode(unicode::decode(utf8));
    return map_text(valid, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
}

} // namespace blongo
