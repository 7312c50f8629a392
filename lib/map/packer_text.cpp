// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/packer_text.hpp>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <blongo/base/template.hpp>
#include <blongo/base/text.hpp>
#include <blongo/map/packer_words.hpp>

namespace blongo::map {

namespace {

constexpr std::size_t instruction_characters = 500;
constexpr std::size_t detail_characters = 200;
constexpr std::string_view separator = " | ";

/// "10:42", from "2026-11-24 10:42 CET".
std::string local_clock(Timestamp at, std::string_view zone) {
    const std::string local = format_local(at, zone);
    const std::size_t date_ends = local.find(' ');
    return local.substr(date_ends + 1, 5);
}

bool is_clock(std::string_view text) {
    const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
    return text.size() >= 5 && digit(0) && digit(1) && text[2] == ':' && digit(3) && digit(4);
}

/// One message of which only the courier's words may be cut.
class Message {
public:
    Message(PackerMessage message, std::string_view cause, Timestamp at, std::string_view zone, std::string_view texts,
            std::string_view order_number)
        : language_(language_called(texts)), time_(local_clock(at, zone)), order_(order_number) {
        const PackerLanguage language = language_.value_or(PackerLanguage::en);
        what_ = message_word(message, language);
        words_ = cause_words(cause, language);
        if (language_) return;
        if (auto made = Template::parse(texts)) template_ = std::move(*made);
    }

    [[nodiscard]] std::string with(const std::string& detail) const {
        if (!template_.text().empty())
            return std::string(trim(template_.render([&](std::string_view name) { return value(name, detail); })));
        std::string text = fmt::format("{} {}: {}", what_, time_, words_.cause);
        if (!detail.empty()) text += ": " + detail;
        return text + ". " + std::string(words_.remedy);
    }

private:
    [[nodiscard]] std::string value(std::string_view name, const std::string& detail) const {
        if (name == "what") return std::string(what_);
        if (name == "time") return time_;
        if (name == "cause") return fmt::format("{}. {}", words_.cause, words_.remedy);
        if (name == "detail") return detail;
        return name == "order" ? order_ : std::string();
    }

    std::optional<PackerLanguage> language_;
    std::string_view what_;
    PackerWords words_;
    std::string time_, order_;
    Template template_;
};

} // namespace

PackerMessage packer_message(std::string_view cause) {
    constexpr std::array stops = {"cancelled_in_base", "lines_changed", "country_changed", "merged_in_base"};
    if (std::ranges::find(stops, cause) != stops.end()) return PackerMessage::stop;
    return cause == "label_pending" || cause == token_blocked ? PackerMessage::waiting : PackerMessage::failed;
}

std::string packer_text(PackerMessage message, std::string_view cause, std::string_view detail, Timestamp at,
                        std::string_view zone, std::string_view texts, std::string_view order_number, std::string_view kept) {
    const Message made(message, cause, at, zone, texts, order_number);
    std::string words = cut_characters(normalise_name(html_to_text(detail)), detail_characters);
    while (!words.empty() && (words.back() == '.' || words.back() == ' ')) words.pop_back();
    std::string text = made.with(words);
    if (const std::size_t length = character_count(text); length > instruction_characters) {
        const std::size_t over = length - instruction_characters, has = character_count(words);
        text = made.with(cut_characters(words, has > over ? has - over : 0));
        text = trim(cut_characters(text, instruction_characters));
    }
    const std::string before(trim(normalise_text(kept)));
    const std::size_t taken = character_count(text) + separator.size();
    if (before.empty() || taken >= instruction_characters) return text;
    const std::string rest(trim(cut_characters(before, instruction_characters - taken)));
    return rest.empty() ? text : text + std::string(separator) + rest;
}

bool is_packer_text(std::string_view instruction) {
    for (const PackerMessage message : {PackerMessage::failed, PackerMessage::waiting, PackerMessage::stop}) {
        for (const PackerLanguage language : packer_languages) {
            const std::string begin = std::string(message_word(message, language)) + " ";
            if (instruction.starts_with(begin) && is_clock(instruction.substr(begin.size()))) return true;
        }
    }
    return false;
}

std::string behind_packer_text(std::string_view instruction) {
    if (!is_packer_text(instruction)) return std::string(instruction);
    const std::size_t ends = instruction.find(separator);
    return ends == std::string_view::npos ? std::string{} : std::string(instruction.substr(ends + separator.size()));
}

} // namespace blongo::map
