// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/cancellation.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/sync/booking.hpp>
#include <blongo/sync/departure.hpp>
#include <blongo/sync/work_claim.hpp>

namespace blongo::sync {

namespace {

/// Our label files of that package go from the order, so that nobody prints one that is not valid any more.
Result<int> delete_files(SendContext& context, const state::DeliveryRow& row) {
    int deleted = 0;
    BLONGO_TRY(const auto labels, context.labels().of_delivery(row.order_id, row.number));
    std::set<std::string> ours;
    for (const auto& label : labels)
        if (label.package_id == row.package_id) ours.insert(label.file_name);
    if (ours.empty()) return deleted;
    BLONGO_TRY(const auto files, context.warehouse().get_files(row.ongoing_id));
    for (const auto& file : files) {
        if (!ours.contains(file.file_name)) continue;
        BLONGO_CHECK(context.warehouse().delete_file(row.ongoing_id, file.file_id));
        ++deleted;
    }
    return deleted;
}

Result<bool> is_there(SendContext& context, const state::DeliveryRow& row) {
    Booking booking(context);
    BLONGO_TRY(const auto packages, booking.packages_of(row.order_id));
    return std::ranges::any_of(packages, [&](const auto& package) {
        return package.package_id.value() == row.package_id && package.tracking_status != baselinker::tracking_cancelled;
    });
}

Result<void> record_cancelled(SendContext& context, state::DeliveryRow row) {
    row.state = state::DeliveryState::cancelled;
    row.cancelled_at = context.now();
    BLONGO_CHECK(context.store().in_transaction([&]() -> Result<void> {
        BLONGO_CHECK(context.deliveries().put(row));
        return context.next_step(row, std::nullopt);
    }));
    BLONGO_CHECK(context.flow().release_everywhere(fmt::to_string(row.order_id)));
    auto line = context.action(plan::Verb::cancel, row.order_id, row.order_number, "delivery");
    line.detail = package_words(row) +
                  ": cancelled in BaseLinker. The courier may still charge for it, and its number was passed on to the "
                  "marketplace and the buyer";
    context.flow().report(line);
    return {};
}

/// The row first: whatever fails behind it, nobody takes the package for one that stands. The intent last: until then the
/// next run deletes the files.
Result<void> mark_cancelled(SendContext& context, const state::IntentRow& intent, const state::DeliveryRow& row) {
    if (row.state != state::DeliveryState::cancelled) BLONGO_CHECK(record_cancelled(context, row));
    const auto deleted = delete_files(context, row);
    if (!deleted && ends_run(deleted.error())) return fail(deleted.error());
    const bool again = !deleted && is_ambiguous(deleted.error());
    BLONGO_CHECK(context.intents().settle(intent.id, again ? state::IntentState::unknown : state::IntentState::done, {}));
    if (deleted) return {};
    context.session().runtime().reporter.warning(
        context.session().connection().name,
        fmt::format("order {}: the label file is still in Ongoing: {}", row.order_id, deleted.error().text()));
    return {};
}

void report_not(SendContext& context, const state::DeliveryRow& row, plan::Outcome outcome, const std::string& words) {
    auto line = context.action(plan::Verb::cancel, row.order_id, row.order_number, "delivery");
    line.outcome = outcome;
    line.detail = package_words(row) + ": " + words;
    context.flow().report(line);
}

} // namespace

Result<void> clear_away(SendContext& context, const state::DeliveryRow& row) {
    if (context.dry_run()) return {};
    BLONGO_TRY(const int deleted, delete_files(context, row));
    if (deleted == 0) return {};
    auto line = context.action(plan::Verb::update, row.order_id, row.order_number, "label");
    line.detail = fmt::format("the label of package {}, which is cancelled, is gone from Ongoing", row.package_id);
    context.flow().report(line);
    return {};
}

Result<bool> cancel(SendContext& context, const state::DeliveryRow& row) {
    if (context.dry_run()) {
        report_not(context, row, plan::Outcome::planned, "would be cancelled");
        return true;
    }
    BLONGO_TRY(auto claim, WorkClaim::take(context, row.order_id, row.number));
    if (!claim) return fail(ErrorKind::locked, "another process works on this shipment", {}, "try again in a minute");
    BLONGO_TRY(const auto current, context.deliveries().find(row.order_id, row.number));
    if (!current || current->state == state::DeliveryState::cancelled) return true;
    state::IntentRow wanted;
    wanted.key = "cancel:" + delivery_key(row.order_id, row.number);
    wanted.action = delete_action;
    wanted.payload = json::Value::object()
                         .set("order_id", row.order_id.value())
                         .set("number", row.number)
                         .set("package_id", row.package_id)
                         .dump();
    BLONGO_TRY(const auto standing, context.intents().find(wanted.key));
    if (standing) { // the claim is ours, so its process is gone: asking again is refused by the courier at worst
        BLONGO_CHECK(context.intents().settle(standing->id, state::IntentState::withdrawn, "asked again"));
    }
    BLONGO_TRY(const auto intent, context.intents().open(wanted, leave_within));
    if (!intent) return fail(ErrorKind::locked, "another process is cancelling this package", {}, "try again in a minute");
    const auto deleted = context.couriers().delete_courier_package(row.courier_code, baselinker::PackageId{row.package_id},
                                                                   context.departure(intent->id));
    const auto settle = [&](state::IntentState state, const std::string& result) -> Result<void> {
        BLONGO_CHECK(context.intents().settle(intent->id, state, result));
        return {};
    };
    if (!deleted && ends_run(deleted.error())) {
        BLONGO_CHECK(settle(state::IntentState::withdrawn, deleted.error().text()));
        return fail(deleted.error());
    }
    const auto there = is_there(context, row);
    if (there && !*there) {
        BLONGO_CHECK(mark_cancelled(context, *intent, *current));
        return true;
    }
    const bool is_known = there && (deleted || is_refusal(deleted.error()));
    BLONGO_CHECK(
        settle(is_known ? state::IntentState::refused : state::IntentState::unknown, deleted ? "" : deleted.error().text()));
    report_not(context, row, is_known ? plan::Outcome::rejected : plan::Outcome::unknown,
               !deleted ? html_to_text(deleted.error().message)
               : there  ? "BaseLinker said yes and still shows the package"
                        : "BaseLinker said yes; whether the package is gone could not be looked at");
    return false;
}

Result<void> recover_cancellations(SendContext& context, const std::set<BaseOrderId>& only) {
    BLONGO_TRY(const auto open, context.intents().unsettled(delete_action));
    for (const auto& intent : open) {
        BLONGO_TRY(const auto payload, json::Value::parse(intent.payload));
        const BaseOrderId order{payload["order_id"].integer()};
        if (!only.empty() && !only.contains(order)) continue;
        BLONGO_TRY(auto claim, WorkClaim::take(context, order, payload["number"].integer()));
        if (!claim) continue; // its process is at work
        BLONGO_TRY(const auto row, context.deliveries().find(order, payload["number"].integer()));
        const auto there = row ? is_there(context, *row) : Result<bool>(true);
        if (!there && ends_run(there.error())) return fail(there.error());
        if (!there) continue;
        if (!*there) {
            BLONGO_CHECK(mark_cancelled(context, intent, *row));
            continue;
        }
        BLONGO_TRY(const Timestamp now, context.store().now());
        if (now < intent.send_deadline + context.longest_call() + settle_margin) continue; // it may still arrive
        BLONGO_CHECK(context.intents().settle(intent.id, state::IntentState::withdrawn, "the package is still there"));
        if (row)
            report_not(context, *row, plan::Outcome::rejected, "the cancellation did not arrive: the package is still there");
    }
    return {};
}

} // namespace blongo::sync
