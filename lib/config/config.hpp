// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <blongo/base/decimal.hpp>
#include <blongo/base/ids.hpp>
#include <blongo/base/time.hpp>

namespace blongo::config {

/// Where a secret comes from: exactly one of the four ways is set. The text itself is read by
/// read_secret() only when it is needed. No option and no file of ours ever holds it.
struct SecretSource {
    std::string file;                 ///< token_file: mode 0600 (or the process's own group)
    std::vector<std::string> command; ///< token_command: argv, the first line of its output
    std::string env;                  ///< token_env: name of an environment variable
    std::string credential;           ///< token_credential: a systemd credential's name
    [[nodiscard]] bool set() const {
        return !file.empty() || !command.empty() || !env.empty() || !credential.empty();
    }
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

/// Glob lists of include / exclude.
struct ProductFilter {
    std::vector<std::string> tags, categories, manufacturers, sku;
    [[nodiscard]] bool empty() const {
        return tags.empty() && categories.empty() && manufacturers.empty() && sku.empty();
    }
};

/// [connections.X.articles]
struct Articles {
    bool enabled = true;
    Decimal length_factor = *Decimal::parse("0.01"); ///< BaseLinker cm x factor = Ongoing m
    std::string parent = "skip";                     ///< skip, article
    std::string description = "text";                ///< text, html
    std::string language;                            ///< empty: the catalogue's default
    std::string bundles = "structure";               ///< structure, article, skip
    std::string scope = "all";                       ///< all, ordered
    ProductFilter include, exclude;
    std::string existing_articles = "fill";  ///< fill, overwrite
    std::vector<std::string> warehouse_owns; ///< target members written on create only
    std::string removed = "keep";            ///< keep, deactivate
    std::int64_t max_deactivated_percent = 20;
    std::int64_t max_new_articles = 0; ///< 0: no limit
    std::int64_t batch = 100;          ///< ids per getInventoryProductsData
};

/// A BaseLinker status in the configuration: an id, or an exact name that is resolved live.
struct StatusRef {
    std::int64_t id = 0; ///< 0: by name
    std::string name;
    friend bool operator==(const StatusRef&, const StatusRef&) = default;
};

/// [connections.X.orders]
struct Orders {
    bool enabled = true;
    std::vector<StatusRef> statuses;
    std::optional<Timestamp> start_from;
    Milliseconds late_window{std::chrono::hours{24 * 90}};
    Milliseconds import_delay{0};
    std::string order_number_prefix;
    std::vector<StatusRef> cancel_statuses;
    bool cancel_statuses_none = false; ///< written "none"
    std::vector<StatusRef> finished_statuses;
    std::vector<std::string> order_sources, exclude_sources;
    std::string line_values = "unit";      ///< unit, line
    std::string admin_comments = "remark"; ///< remark, instruction, off
    std::string company = "address2";      ///< address2, name, address3
    bool notify_email = false, notify_sms = false, notify_telephone = false;
    std::vector<std::string> service_skus, service_lines; ///< globs
    std::string service_line_action = "remark";           ///< remark, drop
    std::vector<std::string> lines_from;                  ///< warehouse keys; empty: all
    std::string other_lines = "park";                     ///< park, leave_out, send
    std::string preflight = "warn";                       ///< warn, park, off
    StatusRef status_after_import;
    std::map<std::string, StatusRef> status_on_error; ///< by cause; "default" for all others
    StatusRef status_after_cancel_refused;
    std::map<std::int64_t, StatusRef> status_by_warehouse; ///< Ongoing status number -> status
};

/// [connections.X.stock]
struct Stock {
    bool enabled = false;
    std::string warehouse;
    std::map<std::int64_t, std::string> warehouses; ///< Ongoing warehouse id -> warehouse key
    std::string figure;                             ///< "": not chosen (= sellable without reservations)
    std::int64_t buffer = 0;
    std::map<std::string, std::int64_t> buffers; ///< by SKU
    std::vector<std::string> exclude;            ///< SKU globs
    std::int64_t batch = 500;
    std::int64_t max_zeroed_percent = 20;
    Milliseconds max_orders_age{std::chrono::hours{2}};
};

/// One [[connections.X.shipments.couriers]]; every condition that is set must hold.
struct CourierRule {
    std::vector<std::string> delivery_method, country, order_source, way_of_delivery, transporter,
        parcel_type, currency, sku;
    std::optional<bool> cod, service_point;
    std::optional<std::int64_t> parcels;
    std::optional<Decimal> min_weight, max_weight, max_side; ///< kg, kg, cm
    std::string courier_code;
    std::string strategy = "api"; ///< api, macro, report
    std::int64_t trigger_id = 0;
    std::int64_t account_id = 0;
    std::map<std::string, std::string> fields, package; ///< field id -> template
    std::string phone;                                  ///< checks.phone: "PL9"
    bool mobile = false, postcode = false;
    std::int64_t street_max = 0, name_max = 0;
    std::string rebook_after, cod_currency;
    StatusRef status_after_send;
    std::vector<std::string> print_command;
    std::string origin; ///< file:line of the rule
};

/// [connections.X.shipments]
struct Shipments {
    bool enabled = true;
    std::map<std::int64_t, std::string> send = {
        {450, "book"}}; ///< status number -> book, no_shipment, ignore
    std::optional<Timestamp> start_from;
    std::int64_t max_bookings_at_once = 50;
    Milliseconds max_order_age{std::chrono::hours{24 * 30}};
    bool require_picked = true, require_paid = false;
    bool ship_statuses_auto = true, ship_statuses_any = false;
    std::vector<StatusRef> ship_statuses;
    std::string short_delivery = "book";            ///< short: book, park
    std::string parcels_changed = "park";           ///< park, add, rebook
    std::string address_edited_in_ongoing = "park"; ///< park, push, ignore
    std::string existing = "adopt";                 ///< adopt, park
    std::string default_weight;                     ///< kg; empty: park no_weight
    Decimal packaging_weight;
    std::vector<std::int64_t> unknown_wait = {15, 60, 180}; ///< seconds
    std::string rebook_after = "never";
    StatusRef status_after_send, status_after_short_send;
    std::int64_t print_report_id = 0, print_fallback_workstation_id = 0;
    std::string print_to = "sender";
    std::vector<std::string> print_command;
    std::map<std::string, std::string> printers;
    std::string label_dir;
    Milliseconds label_retention{std::chrono::hours{24 * 30}};
    std::string label_texts = "en";
    std::vector<std::string> on_label_failure = {"instruction"};
    std::vector<CourierRule> couriers;
};

/// [connections.X.returns]
struct Returns {
    bool enabled = false;
    std::vector<StatusRef> statuses;
    StatusRef status_after_received;
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
    std::vector<Milliseconds> retry_baselinker = {Milliseconds{1000}, Milliseconds{2000}, Milliseconds{4000},
                                                  Milliseconds{8000}};
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
    std::string key; ///< "connections.acme.articles.batch"; courier rules count from 1: "...couriers[1].cod"
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

    [[nodiscard]] const Connection* find(std::string_view name) const;
};

} // namespace blongo::config
