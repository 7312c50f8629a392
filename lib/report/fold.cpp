// SPDX-License-Identifier: Apache-2.0
#include <blongo/report/fold.hpp>

#include <algorithm>
#include <vector>

#include <blongo/base/text.hpp>

namespace blongo::report {
namespace {

constexpr std::size_t deepest_indent = 20;
constexpr std::size_t words_of_command = 3; ///< "blongo orders why"

struct Word {
    std::size_t gap = 0; ///< spaces before it
    std::string text;
};

std::vector<Word> words_of(std::string_view line) {
    std::vector<Word> words;
    std::size_t gap = 0;
    for (const std::string& part : split(line, ' ')) {
        if (part.empty()) {
            ++gap;
            continue;
        }
        words.push_back({gap, part});
        gap = 1;
    }
    return words;
}

bool begins_command(const std::string& word) {
    const auto begin = word.find_first_not_of("('\"`");
    return begin != std::string::npos && word.substr(begin) == "blongo";
}

/// Options, numbers, ids and names in capitals, as they follow a command.
bool is_argument(const std::string& word, const std::string& before) {
    const bool has_digit = std::ranges::any_of(word, [](char c) { return c >= '0' && c <= '9'; });
    const bool in_capitals = std::ranges::none_of(word, [](char c) { return c >= 'a' && c <= 'z'; });
    return word.starts_with('-') || before.starts_with('-') || has_digit || in_capitals;
}

/// Commands of at most `room` columns as one word each.
std::vector<Word> with_commands(std::vector<Word> words, std::size_t room) {
    std::vector<Word> out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        Word word = words[i];
        if (begins_command(word.text)) {
            std::size_t taken = 1;
            while (i + 1 < words.size() && words[i + 1].gap == 1 &&
                   std::string_view(";.,:)").find(words[i].text.back()) == std::string_view::npos &&
                   (taken < words_of_command || is_argument(words[i + 1].text, words[i].text))) {
                if (display_width(word.text) + 1 + display_width(words[i + 1].text) > room) break;
                word.text += ' ' + words[++i].text;
                ++taken;
            }
        }
        out.push_back(std::move(word));
    }
    return out;
}

} // namespace

std::string fold_line(std::string_view line, std::size_t columns, std::size_t indent) {
    if (columns == 0 || display_width(line) <= columns) return std::string(line);
    std::string out;
    std::size_t used = 0;
    bool line_has_word = false;
    for (const Word& word : with_commands(words_of(line), columns > indent ? columns - indent : columns)) {
        const std::size_t width = display_width(word.text);
        if (line_has_word && used + word.gap + width > columns) {
            out += '\n' + std::string(indent, ' ');
            used = indent;
        } else {
            out += std::string(word.gap, ' ');
            used += word.gap;
        }
        out += word.text;
        used += width;
        line_has_word = true;
    }
    return out;
}

std::string fold_lines(std::string_view text, std::size_t columns, std::size_t indent) {
    std::string out;
    bool first = true;
    for (const std::string& line : split(text, '\n')) {
        if (!first) out += '\n';
        first = false;
        const auto gap = line.find("  ");
        const auto behind = gap == std::string::npos ? std::string::npos : line.find_first_not_of(' ', gap);
        out += fold_line(line, columns, behind <= deepest_indent ? behind : indent);
    }
    return out;
}

} // namespace blongo::report
