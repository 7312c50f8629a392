// SPDX-License-Identifier: Apache-2.0
// How a booking whose outcome is unknown is settled: by looking at the order's packages (flows.md Shipments 8).
#include <blongo/sync/booking.hpp>

#include <fmt/format.h>

#include <blongo/sync/booking_payload.hpp>
#include <blongo/sync/claim_life.hpp>
#include <blongo/sync/packer_note.hpp>

namespace blongo::sync {

namespace {

constexpr std::chrono::minutes watch_pause{5};

} // namespace

bool is_booking(const std::string& action) {
    return action == book_action || action == macro_action || action == register_action;
}

Result<void> Booking::recover(const std::set<BaseOrderId>& only) {
    if (context_.dry_run()) return {};
    BLONGO_TRY(const auto open, context_.intents().unsettled());
    for (const auto& intent : open) {
        if (!is_booking(intent.action)) continue;
        BLONGO_TRY(const auto payload, json::Value::parse(intent.payload));
        const BaseOrderId order{payload["order_id"].integer()};
        if (!only.empty() && !only.contains(order)) continue;
        auto looked = look(intent, !only.empty());
        if (looked) continue;
        if (ends_run(looked.error())) return looked;
        // One order that cannot be looked at must not stop all others.
        context_.report_delivery(order, OrderNumber{}, plan::Outcome::unknown,
                                 "whether it was booked could not be looked at: " + looked.error().text());
    }
    return {};
}

Result<void> Booking::look(const state::IntentRow& intent, bool now_due) {
    BLONGO_TRY(const Timestamp now, context_.store().now());
    if (intent.state == state::IntentState::open && may_be_alive(intent, now, context_.longest_call())) return {};
    BLONGO_TRY(const auto text, json::Value::parse(intent.payload));
    const BookingPayload payload = BookingPayload::from_json(text);
    BLONGO_TRY(auto found, context_.deliveries().find(payload.order_id, payload.number));
    if (!found)
        return fail(ErrorKind::state, fmt::format("delivery {} of order {} is missing", payload.number, payload.order_id), {},
                    "blongo state check");
    state::DeliveryRow& row = *found;
    BLONGO_TRY(const auto due, context_.due().find(due_delivery, delivery_key(row.order_id, row.number)));
    const bool waits = due && due->at > now;
    if (intent.state == state::IntentState::unknown && waits && !now_due) {
        if (context_.options().watching) return {}; // said when it was put off
        context_.report_delivery(
            row.order_id, row.order_number, plan::Outcome::unknown,
            fmt::format("looked for again at {}", format_local(due->at, context_.session().connection().time_zone)));
        return {};
    }
    if (intent.state == state::IntentState::open) {
        // From here on its request cannot leave any more: a look sees all that will ever come of it.
        BLONGO_TRY(const bool taken_over, take_over(context_.session(), intent, context_.longest_call()));
        if (!taken_over) return {};
    }
    BLONGO_TRY(const auto packages, packages_of(row.order_id));
    BLONGO_TRY(const auto others, packages_of_others(row, packages));
    const auto seen = plan::look_at_packages(payload.before, others, packages, payload.expected);
    if (seen.verdict == plan::PackageLook::Verdict::one) {
        const auto& package = seen.fresh.front();
        if (row.courier_code.empty()) row.courier_code = package.courier_code;
        row.account_id = package.account_id.value();
        return settle_booked(row, intent, {package.package_id, package.package_number, package.courier_inner_number},
                             "settled by looking");
    }
    if (seen.verdict == plan::PackageLook::Verdict::none) return found_nothing(row, intent);
    const std::string what = fmt::format("new packages that may be it: {}", packages_words(seen.fresh));
    BLONGO_CHECK(context_.intents().settle(intent.id, state::IntentState::unknown, what));
    return park_unknown(row, what);
}

Result<void> Booking::park_unknown(state::DeliveryRow& row, const std::string& what) {
    const std::string key = fmt::to_string(row.order_id);
    const bool is_news = context_.flow().cause_of(key) != "unknown";
    BLONGO_CHECK(context_.flow().park({"unknown",
                                       key,
                                       "createPackage",
                                       fmt::format("booking of delivery {} with {}: {}", row.number, row.courier_code, what),
                                       row.order_number.value(),
                                       {}}));
    if (is_news) BLONGO_CHECK(PackerNote(context_).tell_parked(row, "unknown", what));
    context_.report_delivery(row.order_id, row.order_number, plan::Outcome::unknown, what);
    return {};
}

/// Nothing yet: the next look, or it stays unknown until a person says what happened, or, for couriers that bill by scan,
/// it may be booked again.
Result<void> Booking::found_nothing(state::DeliveryRow& row, const state::IntentRow& intent) {
    BLONGO_TRY(const Timestamp now, context_.store().now());
    BLONGO_TRY(const auto text, json::Value::parse(intent.payload));
    BookingPayload payload = BookingPayload::from_json(text);
    plan::UnknownOutcome outcome;
    outcome.called = intent.created;
    outcome.send_deadline = intent.send_deadline;
    outcome.call_timeout = context_.longest_call();
    for (const auto wait : context_.config().unknown_wait) outcome.waits.push_back(Seconds{wait});
    if (payload.rebook_after_ms >= 0) outcome.rebook_after = Milliseconds{payload.rebook_after_ms};
    outcome.macro = intent.action == macro_action;
    // Looks that were due by now are one look: what counts is that the last one was made after its time.
    ++payload.empty_looks;
    while (static_cast<std::size_t>(payload.empty_looks) < outcome.waits.size() &&
           outcome.called + outcome.waits[static_cast<std::size_t>(payload.empty_looks)] <= now)
        ++payload.empty_looks;
    if (outcome.rebook_after && now >= intent.send_deadline + *outcome.rebook_after) payload.late_looks.push_back(now);
    outcome.empty_looks = payload.empty_looks;
    outcome.late_empty_looks = payload.late_looks;
    BLONGO_CHECK(context_.store().in_transaction([&]() -> Result<void> {
        BLONGO_CHECK(
            context_.intents().settle(intent.id, state::IntentState::unknown, "looked: BaseLinker shows no new package"));
        BLONGO_CHECK(context_.intents().update_payload(intent.id, payload.to_json().dump()));
        return {};
    }));
    if (plan::may_book_again(outcome, now)) {
        BLONGO_CHECK(settle_free(row, intent, state::IntentState::withdrawn, "nothing came of it: rebook_after", true));
        context_.report_delivery(row.order_id, row.order_number, plan::Outcome::queued,
                                 "nothing came of the lost call (rebook_after): booked anew");
        return {};
    }
    const auto next = plan::next_look(outcome);
    if (next && *next > now) {
        BLONGO_CHECK(context_.next_step(row, *next, payload.empty_looks));
        context_.report_delivery(row.order_id, row.order_number, plan::Outcome::unknown,
                                 fmt::format("BaseLinker shows no new package yet; looked for again at {}",
                                             format_local(*next, context_.session().connection().time_zone)));
        return {};
    }
    // From now on it is looked for at every run; shipments watch, which looks all the time, waits in between.
    auto put_off = context_.options().watching ? context_.next_step(row, now + watch_pause, payload.empty_looks)
                                               : context_.next_step(row, std::nullopt);
    if (!put_off) return put_off;
    return park_unknown(row, "the answer was lost, and BaseLinker shows no new package");
}

Result<void> Booking::resolve(const state::IntentRow& intent, state::DeliveryRow& row,
                              const std::optional<baselinker::OrderPackage>& package) {
    if (!package) return settle_free(row, intent, state::IntentState::withdrawn, "a person says: nothing was booked", true);
    row.courier_code = package->courier_code;
    row.account_id = package->account_id.value();
    return settle_booked(row, intent, {package->package_id, package->package_number, package->courier_inner_number},
                         "a person says that this is the package");
}

} // namespace blongo::sync
