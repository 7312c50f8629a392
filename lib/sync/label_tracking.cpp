// SPDX-License-Identifier: Apache-2.0
// After the label: tracking into Ongoing, statuses into BaseLinker (flows.md Shipments 11 and 13).
#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include <blongo/plan/check.hpp>
#include <blongo/sync/article_ledger.hpp>
#include <blongo/sync/booking.hpp>
#include <blongo/sync/booking_payload.hpp>
#include <blongo/sync/label_desk.hpp>
#include <blongo/sync/second_look.hpp>
#include <blongo/sync/work_claim.hpp>

namespace blongo::sync {

namespace {

using DeliveryState = state::DeliveryState;
using std::chrono::hours;
using std::chrono::minutes;

/// A package without number or tracking URL is looked at again after so long, then daily.
constexpr std::array<Milliseconds, 4> url_waits{minutes{5}, minutes{15}, hours{1}, hours{6}};
constexpr Milliseconds url_daily = hours{24};
constexpr Milliseconds url_given_up = hours{24 * 14};
constexpr Milliseconds after_refusal = minutes{15};
constexpr Milliseconds status_is_fresh{60'000}; ///< older than this, an order's status is read again

json::Value steps_of(const state::DeliveryRow& row) {
    return parsed_object(row.steps);
}

} // namespace

std::string_view tracking_word(std::int64_t status) noexcept {
    constexpr std::array<std::string_view, 14> words{
        "unknown",  "label created", "shipped", "not delivered", "out for delivery", "delivered", "returned",
        "notified", "at the point",  "lost",    "cancelled",     "on the way",       "exception", "transferred abroad"};
    return status >= 0 && status < static_cast<std::int64_t>(words.size()) ? words[static_cast<std::size_t>(status)] : "unknown";
}

/// One read: number, URL and status of the package, and whether another one was booked at the same moment. That is asked
/// again until there is one package only.
Result<bool> LabelDesk::refresh(state::DeliveryRow& row) {
    BLONGO_TRY(const auto packages, context_.couriers().get_order_packages(row.order_id));
    const auto mine = std::ranges::find(packages, baselinker::PackageId{row.package_id}, &baselinker::OrderPackage::package_id);
    if (mine == packages.end()) return false;
    if (!mine->package_number.empty()) row.package_number = mine->package_number;
    if (!mine->courier_inner_number.empty()) row.inner_number = mine->courier_inner_number;
    if (!mine->tracking_url.empty()) row.tracking_url = mine->tracking_url;
    row.tracking_status = mine->tracking_status;
    const std::string key = fmt::to_string(row.order_id);
    const bool told = context_.flow().cause_of(key) == "two_packages";
    if (steps_of(row)["checked"].is_true() && !told) return true;
    const auto alone = [&] { row.steps = steps_of(row).set("checked", true).dump(); };
    BLONGO_TRY(const auto history, context_.intents().history(booking_key(row.order_id, row.number), 1));
    if (history.empty()) { // adopted: what was there was judged
        alone();
        return true;
    }
    BLONGO_TRY(const auto text, json::Value::parse(history.front().payload));
    const auto before = BookingPayload::from_json(text).before;
    BLONGO_TRY(const auto rows, context_.deliveries().of_order(row.order_id));
    std::vector<baselinker::OrderPackage> strangers;
    for (const auto& package : packages) {
        const bool ours =
            std::ranges::any_of(rows, [&](const auto& other) { return other.package_id == package.package_id.value(); });
        if (ours || before.contains(package.package_id) || package.is_return ||
            package.tracking_status == baselinker::tracking_cancelled)
            continue;
        strangers.push_back(package);
    }
    if (strangers.empty()) {
        alone();
        if (!told) return true;
        BLONGO_CHECK(note_.take_back(row));
        BLONGO_CHECK(context_.deliveries().put(row));
        BLONGO_CHECK(context_.flow().release_everywhere(key));
        return true;
    }
    const std::string words = fmt::format("ours is {} {}; at the same moment somebody booked {}", row.package_id,
                                          row.package_number, packages_words(strangers));
    BLONGO_CHECK(context_.flow().park({"two_packages", key, "getOrderPackages", words, row.order_number.value(), {}}));
    if (!told) BLONGO_CHECK(note_.tell_parked(row, "two_packages", words));
    return true;
}

Result<void> LabelDesk::write_tracking(const state::DeliveryRow& row, json::Value& steps) {
    if (row.strategy == "report") return {}; // the other integration wrote it
    const std::string& number = row.package_number;
    const std::string both = number + "|" + row.tracking_url;
    bool wrote = false;
    if (!row.tracking_url.empty()) {
        for (const auto id : parcel_ids(row)) {
            const std::string step = fmt::format("parcel {}", id);
            if (steps[step].text() == both) continue;
            const auto put = context_.warehouse().put_parcel_tracking(row.ongoing_id, id, number, row.tracking_url);
            if (!put && !is_refusal(put.error())) return fail(put.error());
            if (!put) { // packed anew meanwhile: a parcel that is gone does not keep the order from its tracking
                BLONGO_TRY(const auto there, context_.session().ongoing().get_order(row.ongoing_id));
                if (!there || std::ranges::find(there->parcels, id, &ongoing::Parcel::id) != there->parcels.end())
                    return fail(put.error());
            }
            steps.set(step, both);
            wrote = true;
        }
        if (steps["tracking"].text() != both) {
            BLONGO_CHECK(context_.warehouse().put_order_tracking(row.ongoing_id, number, row.tracking_url));
            steps.set("tracking", both);
            wrote = true;
        }
    }
    // One number for the whole order: that of its first delivery that stands.
    BLONGO_TRY(const auto rows, context_.deliveries().of_order(row.order_id));
    const bool is_main = std::ranges::none_of(rows, [&](const state::DeliveryRow& other) {
        return other.number < row.number && other.ongoing_id == row.ongoing_id && other.package_id != 0 &&
               other.state != DeliveryState::cancelled;
    });
    if (is_main && steps["waybill"].text() != number) {
        BLONGO_CHECK(context_.session().ongoing().patch_waybill(row.ongoing_id, number));
        steps.set("waybill", number);
        wrote = true;
    }
    if (wrote)
        context_.report_step(row, "tracking", plan::Outcome::done,
                             number + (row.tracking_url.empty() ? ", no tracking page yet" : ""));
    return {};
}

Result<void> LabelDesk::tracking(state::DeliveryRow& row, int attempt) {
    const Timestamp now = context_.now();
    const bool had_all = !row.package_number.empty() && !row.tracking_url.empty();
    if (!had_all || !steps_of(row)["checked"].is_true()) BLONGO_CHECK(refresh(row));
    if (!row.package_number.empty()) {
        json::Value steps = steps_of(row);
        const auto written = write_tracking(row, steps);
        row.steps = steps.dump();
        if (!written) {
            BLONGO_CHECK(context_.deliveries().put(row));
            if (ends_run(written.error())) return fail(written.error());
            BLONGO_CHECK(context_.flow().park({"remote_rejected",
                                               fmt::to_string(row.order_id),
                                               written.error().where,
                                               "tracking was not written: " + written.error().text(),
                                               row.order_number.value(),
                                               {}}));
            BLONGO_CHECK(statuses(row));
            return context_.next_step(row, now + after_refusal, attempt);
        }
        const std::string key = fmt::to_string(row.order_id);
        if (context_.flow().cause_of(key) == "remote_rejected") BLONGO_CHECK(context_.flow().release_everywhere(key));
    }
    BLONGO_CHECK(statuses(row));
    const bool told = steps_of(row)["status"].is_true();
    const bool complete = !row.package_number.empty() && !row.tracking_url.empty() && steps_of(row)["checked"].is_true();
    const bool given_up = now - row.booked_at.value_or(now) > url_given_up;
    if (told && (complete || given_up)) {
        row.state = DeliveryState::done;
        row.done_at = now;
    }
    return context_.store().in_transaction([&]() -> Result<void> {
        BLONGO_CHECK(context_.deliveries().put(row));
        if (row.state == DeliveryState::done) return context_.next_step(row, std::nullopt);
        if (!told) return context_.next_step(row, now + looks_apart, attempt);
        const auto tries = static_cast<std::size_t>(attempt);
        return context_.next_step(row, now + (tries < url_waits.size() ? url_waits[tries] : url_daily), attempt + 1);
    });
}

Result<void> LabelDesk::refresh_all(const std::vector<state::DeliveryRow>& rows, bool named) {
    for (const auto& row : rows) {
        if (context_.session().out_of_time()) {
            context_.flow().incomplete();
            return {};
        }
        if (context_.dry_run()) {
            BLONGO_CHECK(refresh_one(row, named));
            continue;
        }
        BLONGO_TRY(const auto claim, WorkClaim::take(context_, row.order_id, row.number));
        if (!claim) continue; // another process is at it
        BLONGO_TRY(const auto current, context_.deliveries().find(row.order_id, row.number));
        if (current && current->state != DeliveryState::cancelled) BLONGO_CHECK(refresh_one(*current, named));
    }
    return {};
}

Result<void> LabelDesk::refresh_one(state::DeliveryRow row, bool named) {
    constexpr std::int64_t delivered = 5, returned = 6, lost = 9; // contract 4.5: nothing more is to come
    const auto before = row;
    const bool ended = row.tracking_status == delivered || row.tracking_status == returned || row.tracking_status == lost ||
                       row.tracking_status == baselinker::tracking_cancelled;
    if (ended && !named) return {};
    BLONGO_TRY(const bool is_there, refresh(row));
    const bool same = before.package_number == row.package_number && before.tracking_url == row.tracking_url &&
                      before.tracking_status == row.tracking_status;
    auto line = context_.action(same ? plan::Verb::same : plan::Verb::update, row.order_id, row.order_number, "tracking");
    if (!same) line.detail = fmt::format("{}: {}", row.package_number, tracking_word(row.tracking_status));
    context_.flow().report(line);
    if (context_.dry_run()) return {};
    if (!same) {
        BLONGO_CHECK(context_.deliveries().put(row));
        if (row.state == DeliveryState::labelled) BLONGO_CHECK(tracking(row, 0));
    }
    const bool stands = is_there && row.tracking_status != baselinker::tracking_cancelled;
    return named && stands ? restore(row) : Result<void>{};
}

/// What Ongoing lost of a package that stands, or never got.
Result<void> LabelDesk::restore(state::DeliveryRow& row) {
    if (row.strategy == "report") return {}; // label and tracking are the other integration's
    if (row.state == DeliveryState::booked) {
        BLONGO_TRY(const auto due, context_.due().find(due_delivery, delivery_key(row.order_id, row.number)));
        return work_on(row, due, nullptr);
    }
    BLONGO_CHECK(restore_label(row));
    return restore_tracking(row);
}

/// The label is filed again, by its name, which prints nothing.
Result<void> LabelDesk::restore_label(const state::DeliveryRow& row) {
    std::set<std::string> there;
    {
        BLONGO_TRY(const auto files, context_.warehouse().get_files(row.ongoing_id));
        for (const auto& file : files) there.insert(file.file_name);
    }
    BLONGO_TRY(auto labels, label_of(row));
    for (auto& label : labels) {
        if (label.withdrawn || there.contains(label.file_name)) continue;
        ongoing::FileUpload file{label.file_name, label.mime_type, {}, std::nullopt};
        BLONGO_TRY(file.bytes, context_.labels().bytes(label));
        BLONGO_TRY(label.file_id, context_.warehouse().put_file_by_name(row.ongoing_id, file));
        BLONGO_CHECK(context_.labels().update(label));
        context_.report_step(row, "label", plan::Outcome::done, label.file_name + ", which was gone from Ongoing");
    }
    return {};
}

Result<void> LabelDesk::restore_tracking(state::DeliveryRow& row) {
    if (row.package_number.empty()) return {};
    BLONGO_TRY(const auto there, context_.session().ongoing().get_order(row.ongoing_id));
    if (!there || plan::shows_number(*there, row.package_number)) return {};
    json::Value steps = steps_of(row);
    std::vector<std::string> written{"tracking", "waybill"};
    for (const auto id : parcel_ids(row)) written.push_back(fmt::format("parcel {}", id));
    // A waybill that people wrote by hand stays.
    if (!there->way_bill.empty()) std::erase(written, "waybill");
    for (const auto& step : written) steps.erase(step);
    BLONGO_CHECK(write_tracking(row, steps));
    row.steps = steps.dump();
    return context_.deliveries().put(row);
}

/// status_after_send, once per complete delivery; status_after_short_send for a short one. Without a status of its own an
/// order that our status_on_error moved gets back the one that it had. The step stays open while BaseLinker does not show
/// the order and may have it.
Result<void> LabelDesk::statuses(state::DeliveryRow& row) {
    json::Value steps = steps_of(row);
    if (steps["status"].is_true()) return {};
    BLONGO_TRY(const SendSettings* settings, context_.settings());
    OrderStatusId target = row.is_short ? settings->after_short_send : settings->after_send;
    if (const auto of_rule = steps["status_after"].integer(); of_rule != 0 && !row.is_short) target = OrderStatusId{of_rule};
    OrderStatusId from{steps["base_status"].integer()};
    const bool may_have_moved = !settings->order_statuses.on_error.empty();
    auto read_at = from_unix_seconds(steps["base_status_at"].integer());
    if ((target.value() != 0 || may_have_moved) && context_.now() - read_at > status_is_fresh) {
        read_at = context_.now();
        BLONGO_TRY(const auto look, look_at_order(context_.flow(), row.order_id));
        if (!look.order && !look.is_gone) {
            context_.report_step(row, "status_after_send", plan::Outcome::queued,
                                 "BaseLinker does not show the order: looked at again in a later run");
            return {};
        }
        from = look.order ? look.order->order_status_id : OrderStatusId{};
        const auto& ship = settings->checks.ship_statuses;
        const bool moved_on = !settings->checks.any_status && std::ranges::find(ship, from) == ship.end();
        if (moved_on) from = OrderStatusId{}; // a person moved it on meanwhile: theirs stays
    } else {                                  // an earlier delivery of this order may have moved it since
        BLONGO_TRY(const auto set, context_.write_back().set_since(row.order_id, read_at));
        if (set) from = *set;
    }
    if (target.value() == 0 && may_have_moved && settings->order_statuses.is_error_status(from)) {
        BLONGO_TRY(target, context_.write_back().status_before_error(row.order_id));
    }
    steps.set("status", true);
    row.steps = steps.dump();
    BLONGO_TRY(const auto rows, context_.deliveries().of_order(row.order_id));
    const bool has_later = std::ranges::any_of(rows, [&](const state::DeliveryRow& other) {
        return other.number > row.number && other.state >= DeliveryState::booked && other.state != DeliveryState::cancelled;
    });
    const bool leave_it = from.value() == 0 || has_later; // the newest delivery says how the order stands
    return context_.store().in_transaction([&]() -> Result<void> {
        BLONGO_CHECK(context_.deliveries().put(row));
        if (leave_it || target.value() == 0) return {};
        BLONGO_TRY(const auto set, context_.write_back().set_since(row.order_id, read_at)); // by another process, meanwhile
        if (set && *set == target) return {};
        return context_.write_back().want(row.order_id, from, target, "status_after_send");
    });
}

} // namespace blongo::sync
