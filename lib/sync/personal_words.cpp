// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/personal_words.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include <blongo/base/text.hpp>
#include <blongo/sync/personal_mask.hpp>

namespace blongo::sync {

namespace {

constexpr std::string_view hidden = "***", delimiters = " \t\r\n,;()[]{}<>\"'`=|";
constexpr std::size_t shortest_word = 3, shortest_number = 6;
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> quotes{
    {{"\"", "\""}, {"'", "'"}, {"`", "`"}, {"„", "”"}, {"„", "“"}, {"“", "”"}, {"«", "»"}, {"‘", "’"}}};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_alphanumeric(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80;
}

/// A word without the marks around it: "Kowalski:" is "kowalski".
std::string plain(std::string_view word) {
    const auto is_mark = [](char c) { return std::string_view(".:!?*-+/\\").find(c) != std::string_view::npos; };
    while (!word.empty() && is_mark(word.front())) word.remove_prefix(1);
    while (!word.empty() && is_mark(word.back())) word.remove_suffix(1);
    return fold_case(word);
}

/// Length of a date, with its time: "2026-11-23 14:07:31"; 0: there is none.
std::size_t date_length(std::string_view text) {
    const auto fits = [&](std::string_view form, std::size_t at) {
        if (text.size() < at + form.size()) return false;
        for (std::size_t i = 0; i < form.size(); ++i)
            if (form[i] == '9' ? !is_digit(text[at + i]) : form[i] != text[at + i] && form[i] != '_') return false;
        return true;
    };
    constexpr std::string_view day = "9999-99-99", time = "_99:99:99";
    if (!fits(day, 0)) return 0;
    const std::size_t length = day.size() + (fits(time, day.size()) ? time.size() : 0);
    return length < text.size() && is_digit(text[length]) ? 0 : length;
}

/// Length of a number in groups: "+48 600-100-200"; 0: fewer digits than a telephone number has.
std::size_t number_length(std::string_view text) {
    std::size_t end = 0, digits = 0;
    for (std::size_t at = 0; at < text.size() && at < end + 3; ++at) {
        if (is_digit(text[at])) {
            ++digits;
            end = at + 1;
        } else if (std::string_view(" -./()+").find(text[at]) == std::string_view::npos) {
            break;
        }
    }
    return digits >= shortest_number ? end : 0;
}

class Masker {
public:
    Masker(std::string_view text, const SentWords& sent) : text_(text), sent_(sent) {}

    std::string run() {
        while (at_ < text_.size()) {
            const bool begins = at_ == 0 || !is_alphanumeric(text_[at_ - 1]);
            if ((begins || text_[at_] != '\'') && quoted()) continue; // "the buyer's phone"
            if (number() || (begins && word())) continue;
            out_ += text_[at_++];
        }
        return std::move(out_);
    }

private:
    bool quoted() {
        const std::string_view rest = text_.substr(at_);
        std::size_t end = std::string_view::npos, close = 0;
        std::string_view opening;
        for (const auto& [left, right] : quotes) {
            if (!rest.starts_with(left)) continue;
            opening = left;
            const auto found = rest.find(right, left.size());
            if (found >= end) continue;
            end = found;
            close = right.size();
        }
        if (opening.empty()) return false;
        const std::string_view inside = rest.substr(opening.size(), end == std::string_view::npos ? end : end - opening.size());
        out_ += opening;
        out_ += inside.empty() || is_personal_member(inside) ? inside : hidden;
        if (end != std::string_view::npos) out_ += rest.substr(end, close);
        at_ = end == std::string_view::npos ? text_.size() : at_ + end + close;
        return true;
    }

    bool number() {
        const std::string_view rest = text_.substr(at_);
        const bool goes_on = at_ > 0 && is_digit(text_[at_ - 1]);
        if (goes_on || !(is_digit(rest.front()) || rest.front() == '+' || rest.front() == '(')) return false;
        const std::size_t date = date_length(rest);
        const std::size_t length = date != 0 ? date : number_length(rest);
        if (length == 0) return false;
        out_ += date != 0 ? rest.substr(0, date) : hidden;
        at_ += length;
        return true;
    }

    bool word() {
        const std::string_view rest = text_.substr(at_);
        const std::string_view found = rest.substr(0, rest.find_first_of(delimiters));
        if (found.empty()) return false;
        if (found.find('@') == std::string_view::npos && !sent_.contains(plain(found))) return false;
        out_ += hidden;
        at_ += found.size();
        return true;
    }

    std::string_view text_;
    const SentWords& sent_;
    std::size_t at_ = 0;
    std::string out_;
};

} // namespace

void add_words(SentWords& words, std::string_view text) {
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find_first_of(delimiters));
        text.remove_prefix(std::min(word.size() + 1, text.size()));
        if (std::string one = plain(word); character_count(one) >= shortest_word && !is_personal_member(one))
            words.insert(std::move(one));
    }
}

std::string mask_words(std::string_view text, const SentWords& sent) {
    return Masker(text, sent).run();
}

} // namespace blongo::sync
