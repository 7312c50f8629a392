// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <blongo/config/config.hpp>

namespace blongo::config {

/// One line of `config check`.
struct Problem {
    enum class Severity : std::uint8_t { error, warning };
    Severity severity = Severity::error;
    std::string connection; ///< "" for what concerns the whole file, and for warnings
    std::string flow;       ///< the flow that cannot run; "" for the whole connection
    std::string message;    ///< "file:line:column: what, and what to write instead"
};

/// Everything that load() found but could read past: errors of the connections in file order
/// (disabled ones too), then warnings.
[[nodiscard]] std::vector<Problem> problems(const Config& config);

/// The rows of `config show`: all, or those of the named connections and of no other connection.
[[nodiscard]] std::vector<Setting> select_settings(const Config& config, std::span<const std::string> connections);

/// One line each: `key = value  # origin`. Secrets are not in it; the names of their sources are.
[[nodiscard]] std::string settings_text(std::span<const Setting> settings);

/// A key that a configuration may hold.
struct KnownKey {
    std::string key;           ///< "connections.*.orders.batch", "connections.*.shipments.couriers[].courier_code"
    std::string default_value; ///< as TOML
};

/// Every key, in the order of blongo.toml(5), for documentation and tests.
[[nodiscard]] std::vector<KnownKey> known_keys();

} // namespace blongo::config
