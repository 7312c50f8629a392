// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/text.hpp>

#include <algorithm>

#include <blongo/base/unicode.hpp>

namespace blongo {
namespace {

constexpr std::string_view white_space = " \t\r\n\v\f";

/// Edit distance in which a swap of neighbours is one step (optimal string alignment).
std::size_t edit_distance(std::u32string_view a, std::u32string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
        before.swap(last);
        last.swap(row);
    }
    return last[b.size()];
}

} // namespace

std::string_view trim(std::string_view text) noexcept {
    const std::size_t first = text.find_first_not_of(white_space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

std::string to_lower_ascii(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    for (std::size_t end = text.find(separator); end != std::string_view::npos; end = text.find(separator, begin)) {
        parts.emplace_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    parts.emplace_back(text.substr(begin));
    return parts;
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
    std::string out;
    for (const std::string& part : parts) {
        if (&part != parts.data()) out += separator;
        out += part;
    }
    return out;
}

bool glob_match(std::string_view pattern, std::string_view text) {
    const std::u32string glob = unicode::decode(fold_case(pattern));
    const std::u32string word = unicode::decode(fold_case(text));
    std::size_t g = 0;
    std::size_t w = 0;
    std::size_t star = std::u32string::npos; // the last star, and how far it reaches
    std::size_t reach = 0;
    while (w < word.size()) {
        if (g < glob.size() && glob[g] == U'*') {
            star = g++;
            reach = w;
        } else if (g < glob.size() && (glob[g] == U'?' || glob[g] == word[w])) {
            ++g;
            ++w;
        } else if (star != std::u32string::npos) {
            g = star + 1;
            w = ++reach;
        } else {
            return false;
        }
    }
    while (g < glob.size() && glob[g] == U'*') ++g;
    return g == glob.size();
}

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates) {
    const std::u32string wanted = unicode::decode(fold_case(word));
    const std::size_t near = std::clamp<std::size_t>(wanted.size() / 3, 1, 3);
    const std::string* best = nullptr;
    std::size_t best_distance = near + 1;
    for (const std::string& candidate : candidates) {
        const std::size_t distance = edit_distance(wanted, unicode::decode(fold_case(candidate)));
        // A distance as long as the word itself has nothing in common with it.
        if (distance < best_distance && distance < std::max<std::size_t>(wanted.size(), 1)) {
            best = &candidate;
            best_distance = distance;
        }
    }
    return best != nullptr ? std::optional{*best} : std::nullopt;
}

} // namespace blongo
