// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include <blongo/base/result.hpp>
#include <blongo/json/value.hpp>

namespace blongo::sandbox {

/// What can be switched while the sandbox runs (PUT /_admin/options). The member names are
/// the names of the options.
struct Settings {
    // BaseLinker
    bool close_connections = false; ///< both sides: every answer ends its connection
    bool quirks = false;
    bool journal = false;
    bool journal_key_id = false;
    bool missing_order_is_error = false;
    bool past_end_repeats = false;
    bool lower_stock_at_confirmation = false;
    std::string stock_warnings;
    bool seller_automation = false;
    std::int64_t seller_automation_on_status = 0;
    std::string seller_automation_courier = "dpd";
    std::int64_t rate_limit = 0;
    std::int64_t block_seconds = 600;
    std::int64_t block_grace = 1000;
    std::string block_time_zone = "Europe/Warsaw";
    std::int64_t latency_baselinker = 0;
    std::int64_t number_after_reads = 0;
    std::int64_t package_hidden_reads = 0;
    std::int64_t label_not_ready = 0;
    std::int64_t tracking_url_after_reads = 0;
    std::int64_t tracking_step_seconds = 0;
    std::string package_error;
    std::string delete_error;
    bool deleted_packages_stay = false;
    std::string label_extension;
    std::int64_t label_bytes = 0;
    bool label_one_page = false;
    std::int64_t macro_after_reads = 0;
    // Ongoing
    bool merge_equal_lines = false;
    bool keep_last_equal_line = false;
    bool refuse_unknown_articles = true;
    bool put_clears_omitted = false;
    bool auto_allocate = false;
    std::int64_t locked_from_status = 320;
    std::int64_t cancel_locked_from_status = 0;
    std::int64_t new_order_status = 300;
    std::int64_t latency_ongoing = 0;
    std::int64_t warehouse_step_seconds = 0;
    std::int64_t new_article_stock = 0;
    std::int64_t webhook_repeat = 1;

    [[nodiscard]] json::Value to_json() const;
    /// Sets the members that the object names. Unknown names and wrong types are errors;
    /// then nothing is changed.
    [[nodiscard]] Result<void> update(const json::Value& object);
};

/// One row of the table of settings: for --help and for reading and writing them.
struct SettingRow {
    std::string_view name;
    std::variant<bool Settings::*, std::int64_t Settings::*, std::string Settings::*> member;
    std::string_view help;
};
[[nodiscard]] std::span<const SettingRow> setting_rows();

} // namespace blongo::sandbox
