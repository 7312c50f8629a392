// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <blongo/base/decimal.hpp>
#include <blongo/base/time.hpp>

/// The settings of the five flows of a connection, with their defaults. What each means stands in
/// examples/blongo.toml.
namespace blongo::config {

/// Glob lists of include / exclude.
struct ProductFilter {
    std::vector<std::string> tags, categories, manufacturers, sku;
    [[nodiscard]] bool empty() const { return tags.empty() && categories.empty() && manufacturers.empty() && sku.empty(); }
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
    /// What of an order is patched in Ongoing when the warehouse has started: service_point, remark, instruction
    std::vector<std::string> patch_when_started = {"service_point"};
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
    std::vector<std::string> delivery_method, country, order_source, way_of_delivery, transporter, parcel_type, currency, sku;
    std::optional<bool> cod, service_point;
    std::optional<std::int64_t> parcels;
    std::optional<Decimal> min_weight, max_weight, max_side; ///< kg, kg, cm
    std::string courier_code;
    std::string strategy = "api"; ///< api, macro, report
    std::int64_t trigger_id = 0;
    std::int64_t account_id = 0;
    std::map<std::string, std::string> fields, package; ///< field id -> template
    std::string phone;                                  ///< checks.phone: "PL9"
    bool mobile = false, postcode = false, point = false, state = false;
    std::int64_t street_max = 0, name_max = 0;
    std::string rebook_after, cod_currency;
    StatusRef status_after_send;
    std::vector<std::string> print_command;
    std::string origin; ///< file:line of the rule
};

/// [connections.X.shipments]
struct Shipments {
    bool enabled = true;
    std::map<std::int64_t, std::string> send = {{450, "book"}}; ///< status number -> book, no_shipment, ignore
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
    std::vector<std::string> hidden_variables; ///< hold secrets: print commands do not see them
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

} // namespace blongo::config
