// SPDX-License-Identifier: Apache-2.0
#include "command.hpp"

#include <array>

#include <fmt/format.h>

#include <blongo/base/ids.hpp>
#include <blongo/base/text.hpp>

namespace blongo::app {
namespace {

using Problem = std::optional<std::string>;
using Values = const std::vector<std::string>&;

std::optional<bool> parse_truth(const std::string& text) {
    const std::string word = to_lower_ascii(text);
    for (const char* yes : {"1", "true", "yes", "on"})
        if (word == yes) return true;
    for (const char* no : {"0", "false", "no", "off"})
        if (word == no) return false;
    return std::nullopt;
}

} // namespace

Option flag(std::string names, std::string help, bool& target) {
    const auto set = [&target](Values values) -> Problem {
        const auto truth = parse_truth(values.back());
        if (!truth) return fmt::format("'{}' is neither true nor false", values.back());
        target = *truth;
        return {};
    };
    return {std::move(names), {}, std::move(help), set};
}

Option counter(std::string names, std::string help, int& target) {
    const auto set = [&target](Values values) -> Problem {
        std::int64_t sum = 0;
        for (const std::string& text : values) {
            const auto number = parse_id(text);
            const auto truth = parse_truth(text);
            if (!number && !truth) return fmt::format("'{}' is not a number", text);
            sum += number ? std::min<std::int64_t>(*number, 9) : (*truth ? 1 : 0);
        }
        target = static_cast<int>(std::min<std::int64_t>(sum, 9));
        return {};
    };
    return {std::move(names), {}, std::move(help), set};
}

Option text(std::string names, std::string value, std::string help, std::string& target) {
    const auto set = [&target](Values values) -> Problem {
        if (values.back().empty()) return "the value is empty";
        target = values.back();
        return {};
    };
    return {std::move(names), std::move(value), std::move(help), set};
}

Option list(std::string names, std::string value, std::string help, std::vector<std::string>& target) {
    const auto set = [&target](Values values) -> Problem {
        for (const std::string& text : values)
            if (text.empty()) return "a value is empty";
        target = values;
        return {};
    };
    Option option{std::move(names), std::move(value), std::move(help), set};
    option.repeatable = true;
    return option;
}

Option number(std::string names, std::string value, std::string help, std::int64_t& target) {
    const auto set = [&target](Values values) -> Problem {
        const auto read = parse_id(values.back());
        if (!read) return fmt::format("'{}' is not a whole number of 0 or more", values.back());
        target = *read;
        return {};
    };
    return {std::move(names), std::move(value), std::move(help), set};
}

Option duration(std::string names, std::string value, std::string help, std::optional<Milliseconds>& target) {
    const auto set = [&target](Values values) -> Problem {
        const auto read = parse_duration(values.back());
        if (!read) return fmt::format("'{}' is not a duration; write it like 250ms, 45s, 15m, 2h or 30d", values.back());
        target = *read;
        return {};
    };
    return {std::move(names), std::move(value), std::move(help), set};
}

Option positional(const std::string& name, std::string help, bool required, std::vector<std::string>& target) {
    Option option = list(name, name, std::move(help), target);
    option.required = required;
    return option;
}

Option required(Option option) {
    option.required = true;
    return option;
}

Option one_of(Option option, std::vector<std::string> words) {
    option.words = std::move(words);
    return option;
}

std::string environment_name(const Option& option) {
    const std::size_t begin = option.names.find("--");
    if (begin == std::string::npos) return {};
    std::string out = "BLONGO_";
    for (const char c : option.names.substr(begin + 2))
        out += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return out;
}

} // namespace blongo::app
