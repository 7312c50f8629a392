// SPDX-License-Identifier: Apache-2.0
#include <blongo/report/causes.hpp>

#include <algorithm>

#include <blongo/plan/causes.hpp>

namespace blongo::report {

CauseInfo describe_cause(std::string_view cause, std::string_view key, std::string_view flow) {
    const plan::Cause* known = plan::find_cause(cause, flow);
    if (known == nullptr) return {.owner = "admin", .meaning = {}, .remedy = {}, .command = {}};
    return {.owner = std::string(known->owner),
            .meaning = std::string(known->meaning),
            .remedy = std::string(known->remedy),
            .command = plan::command_for(*known, shell_word(key))};
}

std::string who_acts(const CauseInfo& cause, const std::string& connection) {
    std::string text = cause.owner + " acts";
    if (!cause.remedy.empty()) text += ": " + cause.remedy;
    if (cause.command.empty()) return text;
    text += "; then: " + cause.command;
    return connection.empty() ? text : text + " -C " + connection;
}

std::string shell_word(std::string_view text) {
    const auto is_plain = [](char c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return letter || std::string_view("_-./:,+@%=").find(c) != std::string_view::npos || (c & 0x80) != 0;
    };
    if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'')
            quoted += "'\\''";
        else
            quoted += c;
    }
    return quoted + '\'';
}

} // namespace blongo::report
