// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/redact.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <blongo/base/text.hpp>
#include <blongo/base/unicode.hpp>

namespace blongo {
namespace {

constexpr std::size_t shortest_needle = 4;
constexpr std::size_t shortest_base64 = 6;

std::optional<unsigned> read_hex(std::string_view text, std::size_t at, std::size_t digits) {
    if (at + digits > text.size()) return std::nullopt;
    unsigned value = 0;
    for (const char c : text.substr(at, digits)) {
        value <<= 4;
        if (c >= '0' && c <= '9')
            value += static_cast<unsigned>(c - '0');
        else if (c >= 'a' && c <= 'f')
            value += static_cast<unsigned>(c - 'a' + 10);
        else if (c >= 'A' && c <= 'F')
            value += static_cast<unsigned>(c - 'A' + 10);
        else
            return std::nullopt;
    }
    return value;
}

using Positions = std::vector<std::size_t>;

void add(Positions& positions, std::size_t position) {
    if (std::find(positions.begin(), positions.end(), position) == positions.end()) positions.push_back(position);
}

/// Where a text stands after one byte of a needle, written raw, as %XX (or %25XX), or as + for a space.
void step_byte(std::string_view text, std::size_t at, char byte, Positions& out) {
    if (at >= text.size()) return;
    if (text[at] == byte || (byte == ' ' && text[at] == '+')) add(out, at + 1);
    if (text[at] != '%') return;
    std::size_t digits = at + 1;
    while (text.substr(digits, 2) == "25") {
        if (byte == '%') add(out, digits + 2);
        digits += 2;
    }
    const auto value = read_hex(text, digits, 2);
    if (value && static_cast<char>(*value) == byte) add(out, digits + 2);
}

constexpr std::size_t deepest_nesting = 3; ///< JSON text inside of JSON text: how often escaped again

std::size_t backslashes_at(std::string_view text, std::size_t at, std::size_t most) {
    std::size_t count = 0;
    while (count < most && at + count < text.size() && text[at + count] == '\\') ++count;
    return count;
}

/// Where a text stands after one character of a needle as a JSON escape, the backslash doubled as
/// often as the text was escaped again.
void step_escape(std::string_view text, std::size_t at, char32_t character, Positions& out) {
    constexpr std::size_t most = (1U << (deepest_nesting + 1)) - 1;
    const std::size_t end = at + backslashes_at(text, at, most);
    if (end == at || end >= text.size()) return;
    constexpr std::string_view letters = "bfnrt\"/'";
    constexpr std::u32string_view meant = U"\b\f\n\r\t\"/'";
    const std::size_t letter = letters.find(text[end]);
    if (letter != std::string_view::npos && meant[letter] == character) add(out, end + 1);
    if (text[end] != 'u') return;
    const auto unit = read_hex(text, end + 1, 4);
    if (!unit) return;
    if (*unit == character) add(out, end + 5);
    if (*unit < 0xD800 || *unit > 0xDBFF) return;
    const std::size_t low = end + 5 + backslashes_at(text, end + 5, most);
    if (low == end + 5 || low >= text.size() || text[low] != 'u') return;
    const auto second = read_hex(text, low + 1, 4);
    if (second && *second >= 0xDC00 && *second <= 0xDFFF &&
        0x10000 + ((*unit - 0xD800) << 10) + (*second - 0xDC00) == character) {
        add(out, low + 5);
    }
}

/// The same for a run of backslashes in the needle: all of them doubled as often.
void step_backslashes(std::string_view text, std::size_t at, std::size_t run, Positions& out) {
    const std::size_t there = backslashes_at(text, at, run << deepest_nesting);
    for (std::size_t nesting = 1; nesting <= deepest_nesting; ++nesting) {
        if (run << nesting <= there) add(out, at + (run << nesting));
    }
    Positions spelled{at};
    for (std::size_t i = 0; i < run && !spelled.empty(); ++i) {
        Positions next;
        step_escape(text, spelled.front(), U'\\', next);
        spelled = std::move(next);
    }
    if (!spelled.empty()) add(out, spelled.front());
}

/// The end of the longest spelling of `needle` that begins at `begin`; `begin` if there is none.
std::size_t match_end(std::string_view text, std::size_t begin, std::string_view needle) {
    Positions now{begin};
    for (std::size_t at = 0; at < needle.size();) {
        const std::size_t from = at;
        Positions after;
        if (const std::size_t run = backslashes_at(needle, at, needle.size()); run > 0) {
            at += run;
            for (const std::size_t position : now) step_backslashes(text, position, run, after);
        } else {
            const char32_t character = unicode::next(needle, at);
            for (const std::size_t position : now) step_escape(text, position, character, after);
        }
        for (std::size_t byte = from; byte < at; ++byte) {
            Positions moved;
            for (const std::size_t position : now) step_byte(text, position, needle[byte], moved);
            now = std::move(moved);
        }
        for (const std::size_t position : now) add(after, position);
        if (after.empty()) return begin;
        now = std::move(after);
    }
    return *std::max_element(now.begin(), now.end());
}

/// What stands in for a secret: text whose ends occur in no needle, so that it cannot complete one.
std::string stand_in(const std::vector<std::string>& needles) {
    const auto unused = [&](char c) {
        return std::none_of(needles.begin(), needles.end(),
                            [c](const std::string& needle) { return needle.find(c) != std::string::npos; });
    };
    if (unused('*')) return "***";
    if (unused('[') && unused(']')) return "[...]";
    for (char c = '!'; c <= '~'; ++c) {
        const bool harmless = c != '%' && c != '\\' && c != '+' && !(c >= '0' && c <= '9');
        if (harmless && unused(c)) return std::string(3, c);
    }
    return "\x1a";
}

std::string base64_url(std::string text) {
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    return text;
}

std::string first_character(std::string_view text) {
    if (text.empty()) return {};
    std::size_t end = 0;
    (void)unicode::next(text, end);
    return std::string(text.substr(0, end));
}

} // namespace

void Redactor::add(const Secret& secret) {
    const std::string& text = secret.reveal();
    if (text.size() < shortest_needle) return;
    add_needle(text);
    for (std::size_t shift = 0; shift < 3; ++shift) {
        // Behind `shift` other bytes: only the characters that those bytes and what follows cannot change.
        const std::string encoded = base64_encode(std::string(shift, '\0') + text);
        const std::size_t first = (shift * 8 + 5) / 6;
        const std::size_t last = (shift + text.size()) * 8 / 6;
        std::string stable = encoded.substr(first, last - first);
        if (stable.size() < shortest_base64) continue;
        add_needle(base64_url(stable));
        add_needle(std::move(stable));
    }
}

void Redactor::add_basic(std::string_view user, const Secret& password) {
    add(password);
    if (password.empty()) return;
    std::string encoded = base64_encode(std::string(user) + ':' + password.reveal());
    while (!encoded.empty() && encoded.back() == '=') encoded.pop_back();
    add_needle(base64_url(encoded));
    add_needle(std::move(encoded));
}

void Redactor::add_needle(std::string needle) {
    if (needle.size() < shortest_needle) return;
    if (std::find(needles_.begin(), needles_.end(), needle) != needles_.end()) return;
    const auto place =
        std::find_if(needles_.begin(), needles_.end(), [&](const std::string& other) { return other.size() < needle.size(); });
    needles_.insert(place, std::move(needle));
}

std::string Redactor::clean(std::string_view text) const {
    std::array<bool, 256> starts{};
    starts['%'] = starts['\\'] = starts['+'] = true;
    for (const std::string& needle : needles_) starts[static_cast<unsigned char>(needle.front())] = true;

    std::vector<std::pair<std::size_t, std::size_t>> hits; // in order, merged where they meet
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!starts[static_cast<unsigned char>(text[at])]) continue;
        for (const std::string& needle : needles_) {
            const std::size_t end = match_end(text, at, needle);
            if (end == at) continue;
            if (hits.empty() || hits.back().second < at)
                hits.emplace_back(at, end);
            else
                hits.back().second = std::max(hits.back().second, end);
        }
    }
    if (hits.empty()) return std::string(text);

    const std::string hidden = stand_in(needles_);
    std::string out;
    std::size_t copied = 0;
    for (const auto& [begin, end] : hits) {
        out += text.substr(copied, begin - copied);
        out += hidden;
        copied = end;
    }
    out += text.substr(copied);
    return out;
}

std::string mask_name(std::string_view text) {
    std::string out;
    for (const std::string& word : split(normalise_name(text), ' ')) {
        if (word.empty()) continue;
        if (!out.empty()) out += ' ';
        out += first_character(word) + "***";
    }
    return out;
}

std::string mask_email(std::string_view text) {
    text = trim(text);
    const std::size_t at = text.rfind('@');
    if (at == std::string_view::npos) return mask_name(text);
    const std::string_view domain = text.substr(at + 1);
    const std::size_t dot = domain.rfind('.');
    std::string out = first_character(text.substr(0, at)) + "***@" + first_character(domain) + "***";
    if (dot != std::string_view::npos) out += domain.substr(dot);
    return out;
}

std::string mask_phone(std::string_view text) {
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits), [](char c) { return c >= '0' && c <= '9'; });
    if (text.empty()) return {};
    return digits.size() < 7 ? "***" : "***" + digits.substr(digits.size() - 3);
}

} // namespace blongo
