// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <blongo/base/decimal.hpp>
#include <blongo/base/ids.hpp>
#include <blongo/base/time.hpp>
#include <blongo/config/flows.hpp>

namespace blongo::config {

/// Where a secret comes from: exactly one of the four ways is set. The text itself is read by
/// read_secret() only when it is needed. No option and no file of ours ever holds it.
struct SecretSource {
    std::string file;                          ///< token_file: mode 0600 (or the process's own group)
    std::vector<std::string> command;          ///< token_command: argv, the first line of its output
    std::string env;                           ///< token_env: name of an environment variable
    std::string credential;                    ///< token_credential: a systemd credential's name
    std::vector<std::string> hidden_variables; ///< of other secrets: `command` does not see them
    [[nodiscard]] bool set() const { return !file.empty() || !command.empty() || !env.empty() || !credential.empty(); }
};

/// [connections.X.baselinker]
struct BaseLinker {
    std::string url = "https://api.baselinker.com/connector.php";
    SecretSource token;
    InventoryId inventory_id;
    std::int64_t requests_per_minute = 60; ///< shared by every process of the account; no upper bound
    std::int64_t reserve = 20;             ///< slots that sweeps never use
    std::string account;                   ///< same name: same budget; empty: one per token
    std::string ca_file;
};

/// [connections.X.ongoing]
struct Ongoing {
    std::string url; ///< "https://api.ongoingsystems.se/acme", without /api/v1
    std::string username;
    SecretSource password;
    GoodsOwnerId goods_owner_id;
    std::string ca_file;
};

/// One target member -> template of [connections.X.mapping], with its place for messages.
struct MappingOverride {
    std::string target;
    std::string expression;
    std::string origin; ///< file:line:column
};

/// One BaseLinker account x one Ongoing goods owner.
struct Connection {
    std::string name; ///< a-z, 0-9, dash
    bool enabled = true;
    std::string mode = "live"; ///< live, plan
    std::vector<std::string> pilot_orders;
    std::string time_zone = "Europe/Warsaw";
    BaseLinker baselinker;
    Ongoing ongoing;
    Articles articles;
    Orders orders;
    Stock stock;
    Shipments shipments;
    Returns returns;
    std::vector<MappingOverride> mapping;
    /// What makes a flow of this connection unusable, by flow ("articles", ...; "" = the whole
    /// connection). Such an error stops that flow of that connection only.
    std::map<std::string, std::vector<std::string>> errors;
};

/// [http]
struct Http {
    Milliseconds connect_timeout{10'000}, read_timeout{60'000}, courier_timeout{120'000};
    std::vector<Milliseconds> retry_ongoing = {Milliseconds{250}, Milliseconds{1000}, Milliseconds{4000}};
    std::vector<Milliseconds> retry_baselinker = {Milliseconds{1000}, Milliseconds{2000}, Milliseconds{4000}, Milliseconds{8000}};
};

/// [notify]
struct Notify {
    std::vector<std::string> command;
    std::vector<std::string> on = {"unknown", "guard", "auth", "stale", "sent_without_shipment", "parked"};
    Milliseconds remind{std::chrono::hours{24}};
};

/// [privacy]
struct Privacy {
    Milliseconds keep_personal_data{std::chrono::hours{24 * 30}};
    std::optional<Milliseconds> delete_labels_in_ongoing_after;
};

/// One effective value, for `config show`, and where it comes from: "default",
/// "/etc/blongo/blongo.toml:12:3", or "/etc/blongo/blongo.toml:12:3 (defaults)".
struct Setting {
    std::string key;   ///< "connections.acme.articles.batch"; courier rules count from 1: "...couriers[1].cod"
    std::string value; ///< as TOML; secrets never appear, their sources do
    std::string origin;
};

struct Config {
    std::string file; ///< the first file read
    std::string state_url = "sqlite:///var/lib/blongo/state.db";
    SecretSource state_password;
    std::vector<Connection> connections; ///< in file order
    Http http;
    Notify notify;
    std::string metrics_textfile;
    Privacy privacy;
    std::vector<Setting> settings;     ///< every key with its origin, in the order of cli.md
    std::vector<std::string> warnings; ///< file:line:column: message
    /// What makes included files unusable. Their connections are not known; those of other files go on.
    std::vector<std::string> unusable_files;

    [[nodiscard]] const Connection* find(std::string_view name) const;
};

} // namespace blongo::config
