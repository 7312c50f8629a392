// SPDX-License-Identifier: Apache-2.0
#include <blongo/config/show.hpp>

#include <algorithm>

#include <blongo/config/tables.hpp>

namespace blongo::config {

std::vector<Problem> problems(const Config& config) {
    std::vector<Problem> found;
    for (const Connection& connection : config.connections)
        for (const auto& [flow, messages] : connection.errors)
            for (const auto& message : messages) found.push_back({Problem::Severity::error, connection.name, flow, message});
    for (const auto& message : config.unusable_files) found.push_back({Problem::Severity::error, {}, {}, message});
    for (const auto& warning : config.warnings) found.push_back({Problem::Severity::warning, {}, {}, warning});
    return found;
}

std::vector<Setting> select_settings(const Config& config, std::span<const std::string> connections) {
    std::vector<Setting> selected;
    for (const Setting& setting : config.settings) {
        constexpr std::string_view prefix = "connections.";
        if (!connections.empty() && setting.key.starts_with(prefix)) {
            const std::string_view rest = std::string_view(setting.key).substr(prefix.size());
            const std::string_view name = rest.substr(0, rest.find('.'));
            if (std::find(connections.begin(), connections.end(), name) == connections.end()) continue;
        }
        selected.push_back(setting);
    }
    return selected;
}

std::string settings_text(std::span<const Setting> settings) {
    std::string text;
    for (const Setting& setting : settings) text += setting.key + " = " + setting.value + "  # " + setting.origin + "\n";
    return text;
}

std::vector<KnownKey> known_keys() {
    std::vector<KnownKey> known = {{"include", "[]"}};
    describe_table(known, "", leading_table());
    describe_table(known, "connections.*", connection_table());
    describe_table(known, "", trailing_table());
    return known;
}

} // namespace blongo::config
