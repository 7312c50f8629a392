// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <blongo/config/load.hpp>

namespace blongo::config::test {

/// A connection to which nothing can be objected, in 15 lines; what is tested is put behind it.
inline const std::string good = R"([connections.acme]
[connections.acme.baselinker]
token_file = "/etc/blongo/acme.token"
inventory_id = 307
[connections.acme.ongoing]
url = "https://api.ongoingsystems.se/acme"
username = "WSI-ACME"
password_file = "/etc/blongo/acme.password"
goods_owner_id = 159
[connections.acme.orders]
statuses = [8069]
start_from = 2026-11-24T06:00:00+01:00
cancel_statuses = "none"
)";

/// An environment without any variable.
inline std::optional<std::string> no_environment(const std::string& /*name*/) {
    return std::nullopt;
}

inline Result<Config> read(const std::string& toml) {
    return parse(toml, "b.toml", no_environment);
}

/// Every error of a text, one a line: of the file, or of its connections; "" if there is none.
inline std::string errors_of(const std::string& toml) {
    const auto config = read(toml);
    if (!config) return config.error().text();
    std::string text;
    for (const auto& connection : config->connections)
        for (const auto& [flow, messages] : connection.errors)
            for (const auto& message : messages)
                text += (text.empty() ? "" : "\n") + (flow.empty() ? std::string("all") : flow) + ": " + message;
    return text;
}

/// The value that `config show` prints for a key, and "absent" if there is no such row.
inline std::string shown(const Config& config, const std::string& key) {
    for (const auto& setting : config.settings)
        if (setting.key == key) return setting.value;
    return "absent";
}

inline std::string origin(const Config& config, const std::string& key) {
    for (const auto& setting : config.settings)
        if (setting.key == key) return setting.origin;
    return "absent";
}

} // namespace blongo::config::test
