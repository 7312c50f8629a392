// SPDX-License-Identifier: Apache-2.0
#include "settings.hpp"

#include <array>

#include <fmt/format.h>

namespace blongo::sandbox {

std::span<const SettingRow> setting_rows() {
    static const std::array rows = {
        SettingRow{"quirks", &Settings::quirks, "answer as PHP does: numbers as text, \"\" for empty maps, lists for maps"},
        SettingRow{"journal", &Settings::journal, "getJournalList answers events (real accounts have it off)"},
        SettingRow{"journal_key_id", &Settings::journal_key_id, "journal rows carry id instead of log_id"},
        SettingRow{"missing_order_is_error", &Settings::missing_order_is_error,
                   "getOrders of an order_id that is not there is ERROR_ORDER_NOT_FOUND, not an empty list"},
        SettingRow{"past_end_repeats", &Settings::past_end_repeats, "a product page past the end repeats the last one"},
        SettingRow{"lower_stock_at_confirmation", &Settings::lower_stock_at_confirmation,
                   "confirmed orders lower BaseLinker's stock, cancelled and deleted ones raise it"},
        SettingRow{"stock_warnings", &Settings::stock_warnings,
                   "updateInventoryProductsStock warns of these product ids, parted by commas, and leaves them alone"},
        SettingRow{"seller_automation", &Settings::seller_automation,
                   "the seller's automatic action makes a package of its own whenever createPackage is called"},
        SettingRow{"seller_automation_on_status", &Settings::seller_automation_on_status,
                   "it also makes one when an order enters this BaseLinker status; 0: never"},
        SettingRow{"seller_automation_courier", &Settings::seller_automation_courier,
                   "courier of that package, with its first account"},
        SettingRow{"rate_limit", &Settings::rate_limit, "BaseLinker calls in 60 s before the token is blocked; 0: no limit"},
        SettingRow{"block_seconds", &Settings::block_seconds, "how long a token stays blocked"},
        SettingRow{"block_grace", &Settings::block_grace,
                   "milliseconds after the start of a block in which calls were already on their way"},
        SettingRow{"block_time_zone", &Settings::block_time_zone, "zone of the date in the block message, or UTC"},
        SettingRow{"latency_baselinker", &Settings::latency_baselinker, "milliseconds that every BaseLinker call takes"},
        SettingRow{"number_after_reads", &Settings::number_after_reads,
                   "package numbers appear at the n-th getOrderPackages; 0: at once"},
        SettingRow{"package_hidden_reads", &Settings::package_hidden_reads,
                   "the first n getOrderPackages do not show a package that createPackage made"},
        SettingRow{"label_not_ready", &Settings::label_not_ready, "the first n getLabel calls of a package fail"},
        SettingRow{"tracking_url_after_reads", &Settings::tracking_url_after_reads,
                   "tracking URLs appear at the n-th getOrderPackages; 0: at once"},
        SettingRow{"tracking_step_seconds", &Settings::tracking_step_seconds,
                   "packages are shipped, on the way, out for delivery, delivered, a step each n seconds; 0: never"},
        SettingRow{"package_error", &Settings::package_error, "createPackage is refused with this text of the courier"},
        SettingRow{"delete_error", &Settings::delete_error, "deleteCourierPackage is refused with this text unless forced"},
        SettingRow{"deleted_packages_stay", &Settings::deleted_packages_stay,
                   "deleteCourierPackage leaves the package there, cancelled (tracking status 10)"},
        SettingRow{"label_extension", &Settings::label_extension, "pdf, html, gif, png, epl, zpl, dpl; empty: the courier's"},
        SettingRow{"label_bytes", &Settings::label_bytes, "labels have at least this size"},
        SettingRow{"label_one_page", &Settings::label_one_page, "labels have one page, however many parcels there are"},
        SettingRow{"macro_after_reads", &Settings::macro_after_reads,
                   "packages of a macro appear after so many getOrderPackages"},
        SettingRow{"close_connections", &Settings::close_connections,
                   "every answer ends its connection, so that each request comes on a fresh one"},
        SettingRow{"merge_equal_lines", &Settings::merge_equal_lines, "Ongoing adds up lines with the same article"},
        SettingRow{"keep_last_equal_line", &Settings::keep_last_equal_line,
                   "Ongoing keeps the last one of lines with the same article"},
        SettingRow{"refuse_unknown_articles", &Settings::refuse_unknown_articles,
                   "Ongoing refuses order lines with unknown articles; else it makes the articles"},
        SettingRow{"put_clears_omitted", &Settings::put_clears_omitted, "PUT clears members that the body leaves out"},
        SettingRow{"auto_allocate", &Settings::auto_allocate, "new orders are allocated as far as stock reaches"},
        SettingRow{"locked_from_status", &Settings::locked_from_status,
                   "from this status on PUT and DELETE of an order are refused"},
        SettingRow{"cancel_locked_from_status", &Settings::cancel_locked_from_status,
                   "the same for DELETE alone; 0: as locked_from_status"},
        SettingRow{"new_order_status", &Settings::new_order_status, "status of a new order in Ongoing"},
        SettingRow{"latency_ongoing", &Settings::latency_ongoing, "milliseconds that every Ongoing call takes"},
        SettingRow{"new_article_stock", &Settings::new_article_stock, "pieces that a new article has on the shelf"},
        SettingRow{"webhook_repeat", &Settings::webhook_repeat,
                   "every webhook event is sent so often, with the same webhookEventId"},
        SettingRow{"warehouse_step_seconds", &Settings::warehouse_step_seconds,
                   "orders are picked and then sent by themselves, a step each n seconds; 0: never"},
    };
    return rows;
}

json::Value Settings::to_json() const {
    json::Value object = json::Value::object();
    for (const SettingRow& row : setting_rows())
        std::visit([&](auto member) { object.set(row.name, json::Value(this->*member)); }, row.member);
    return object;
}

Result<void> Settings::update(const json::Value& object) {
    if (!object.is_object()) return fail(ErrorKind::usage, "an object of options is due", "options");
    Settings changed = *this;
    for (const auto& [name, value] : object.members()) {
        const SettingRow* found = nullptr;
        for (const SettingRow& row : setting_rows())
            if (row.name == name) found = &row;
        if (found == nullptr) return fail(ErrorKind::usage, "there is no such option", name, "see blongo-sandbox --help");
        bool fits = false;
        if (const auto* truth = std::get_if<bool Settings::*>(&found->member); truth && value.is_bool()) {
            changed.** truth = value.is_true();
            fits = true;
        } else if (const auto* number = std::get_if<std::int64_t Settings::*>(&found->member); number && value.is_number()) {
            changed.** number = value.integer();
            fits = true;
        } else if (const auto* text = std::get_if<std::string Settings::*>(&found->member); text && value.is_string()) {
            changed.** text = std::string(value.text());
            fits = true;
        }
        if (!fits) return fail(ErrorKind::usage, "the value has the wrong type", name);
    }
    *this = std::move(changed);
    return {};
}

} // namespace blongo::sandbox
