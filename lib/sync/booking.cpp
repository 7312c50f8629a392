// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/booking.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/sync/booking_payload.hpp>
#include <blongo/sync/departure.hpp>

namespace blongo::sync {

namespace {

/// The result of a macro's intent until its package shows.
const std::string accepted = "accepted; the package is waited for";

/// Errors that prove that the side did nothing: it never saw the request, or refused it before looking at it. Everything
/// else that is no refusal leaves the outcome unknown.
bool never_executed(const Error& error) noexcept {
    switch (error.kind) {
    case ErrorKind::not_sent:
    case ErrorKind::throttled:
    case ErrorKind::auth:
    case ErrorKind::timeout:
    case ErrorKind::stopped:
    case ErrorKind::locked:
    case ErrorKind::state:
    case ErrorKind::config: return true;
    default: return false;
    }
}

} // namespace

std::string package_words(const state::DeliveryRow& row) {
    const auto parcels = json::Value::parse(row.parcels.empty() ? "[]" : row.parcels);
    Decimal weight;
    std::size_t count = 0;
    if (parcels)
        for (const auto& parcel : parcels->elements()) {
            weight = weight + parcel["weight"].decimal().value_or(Decimal{});
            ++count;
        }
    const std::string number = row.package_number.empty() ? fmt::format("#{}", row.package_id) : row.package_number;
    return fmt::format("{} {}{}", row.courier_code, number,
                       count == 0 ? std::string{} : fmt::format(", {} parcel{}, {} kg", count, count == 1 ? "" : "s", weight));
}

std::vector<std::int64_t> parcel_ids(const state::DeliveryRow& row) {
    std::vector<std::int64_t> out;
    const auto list = json::Value::parse(row.parcels.empty() ? "[]" : row.parcels);
    if (!list) return out;
    for (const auto& parcel : list->elements())
        if (const auto id = parcel["parcel_id"].integer(); id != 0) out.push_back(id);
    return out;
}

std::vector<std::string> seen_in(const std::vector<state::DeliveryRow>& rows) {
    std::vector<std::string> out;
    for (const auto& row : rows) out.push_back(fmt::format("{}:{}", row.number, static_cast<int>(row.state)));
    return out;
}

std::string packages_words(const std::vector<baselinker::OrderPackage>& packages) {
    std::string out;
    for (const auto& package : packages)
        out += fmt::format("{}{} {} ({})", out.empty() ? "" : ", ", package.package_id, package.package_number,
                           package.courier_code);
    return out;
}

Result<std::vector<std::string>> Booking::seen_deliveries(BaseOrderId order) {
    BLONGO_TRY(const auto rows, context_.deliveries().of_order(order));
    return seen_in(rows);
}

Result<bool> Booking::stands(BaseOrderId order, const std::vector<std::string>& seen, const std::string& due_key,
                             const std::string& due_payload) {
    BLONGO_TRY(const auto now, seen_deliveries(order));
    if (now != seen) return false;
    return context_.is_still_asked(due_key, due_payload);
}

Result<std::vector<baselinker::OrderPackage>> Booking::packages_of(BaseOrderId order) {
    return context_.couriers().packages_of(order);
}

Result<std::set<baselinker::PackageId>> Booking::packages_of_others(const state::DeliveryRow& row,
                                                                    const std::vector<baselinker::OrderPackage>& packages) {
    std::set<baselinker::PackageId> out;
    for (const auto& package : packages) {
        BLONGO_TRY(const bool held, context_.deliveries().holds_package(package.package_id.value(), row.order_id, row.number));
        if (held) out.insert(package.package_id);
    }
    return out;
}

void Booking::report_booked(const state::DeliveryRow& row, const std::string& how) {
    auto line = context_.action(row.adopted ? plan::Verb::adopt : plan::Verb::create, row.order_id, row.order_number,
                                row.number == 1 ? "delivery" : fmt::format("delivery {}", row.number));
    line.detail = package_words(row) + (how.empty() ? "" : "; " + how);
    context_.flow().report(line);
}

/// One transaction: the deliveries are still those that the decision was based on, the intent is ours, and the row says so.
Result<std::optional<state::IntentRow>> Booking::claim(state::DeliveryRow& row, const BookingRequest& request,
                                                       const std::vector<baselinker::OrderPackage>& packages,
                                                       const std::string& due_key) {
    BookingPayload payload;
    payload.order_id = row.order_id;
    payload.number = row.number;
    for (const auto& package : packages) payload.before.insert(package.package_id);
    payload.expected = request.expected;
    if (request.rebook_after) payload.rebook_after_ms = request.rebook_after->count();
    payload.due_key = due_key;
    state::IntentRow intent;
    intent.key = booking_key(row.order_id, row.number);
    intent.action = request.action;
    intent.fingerprint = request.input;
    intent.payload = payload.to_json().dump();
    std::optional<state::IntentRow> opened;
    BLONGO_CHECK(context_.store().in_transaction([&]() -> Result<void> {
        BLONGO_TRY(const bool it_stands, stands(row.order_id, request.seen, due_key, request.due_payload));
        if (!it_stands) return {};
        BLONGO_TRY(opened, context_.intents().open(intent, leave_within));
        if (!opened) return {};
        row.state = state::DeliveryState::booking;
        BLONGO_CHECK(context_.deliveries().put(row));
        return context_.due().erase(due_send, due_key);
    }));
    return opened;
}

Result<baselinker::CreatedPackage> Booking::call(const state::DeliveryRow& row, const BookingRequest& request,
                                                 const state::IntentRow& intent) {
    auto departure = context_.departure(intent.id);
    if (request.action == macro_action) {
        BLONGO_CHECK(
            context_.session().baselinker().run_order_macro_trigger(row.order_id, request.trigger_id, std::move(departure)));
        return baselinker::CreatedPackage{}; // the package comes later
    }
    if (request.action == register_action)
        return context_.couriers().create_package_manual(row.order_id, row.courier_code, request.tracking_number, context_.now(),
                                                         std::move(departure));
    return context_.couriers().create_package(request.package, std::move(departure));
}

Result<void> Booking::settle_booked(state::DeliveryRow& row, const state::IntentRow& intent,
                                    const baselinker::CreatedPackage& package, const std::string& how) {
    bool mine = false;
    BLONGO_CHECK(context_.store().in_transaction([&]() -> Result<void> {
        const auto result =
            json::Value::object().set("package_id", package.package_id.value()).set("package_number", package.package_number);
        BLONGO_TRY(mine, context_.intents().settle(intent.id, state::IntentState::done, result.dump()));
        if (!mine) return {};
        row.state = state::DeliveryState::booked;
        row.package_id = package.package_id.value();
        row.package_number = package.package_number;
        row.inner_number = package.courier_inner_number;
        row.booked_at = context_.now();
        BLONGO_CHECK(context_.deliveries().put(row));
        return context_.next_step(row, context_.now());
    }));
    if (!mine) return settled_by_others(row, package);
    BLONGO_CHECK(context_.flow().item_succeeded(fmt::to_string(row.order_id)));
    BLONGO_CHECK(context_.flow().release_everywhere(fmt::to_string(row.order_id)));
    report_booked(row, how);
    return {};
}

/// Somebody settled the booking while its answer was on the way. The same package: good. Another one, or none: money was
/// spent that nobody accounts for.
Result<void> Booking::settled_by_others(const state::DeliveryRow& row, const baselinker::CreatedPackage& package) {
    BLONGO_TRY(const auto stored, context_.deliveries().find(row.order_id, row.number));
    if (stored && stored->package_id == package.package_id.value()) return {};
    return context_.flow().park({"two_packages",
                                 fmt::to_string(row.order_id),
                                 "createPackage",
                                 fmt::format("package {} {} was booked, and its delivery was settled otherwise meanwhile",
                                             package.package_id, package.package_number),
                                 row.order_number.value(),
                                 {}});
}

Result<void> Booking::settle_free(state::DeliveryRow& row, const state::IntentRow& intent, state::IntentState state,
                                  const std::string& result, bool fresh) {
    return context_.store().in_transaction([&]() -> Result<void> {
        BLONGO_TRY(const bool mine, context_.intents().settle(intent.id, state, result));
        if (!mine) return {};
        row.state = state::DeliveryState::due;
        BLONGO_CHECK(context_.deliveries().put(row));
        BLONGO_TRY(const auto payload, json::Value::parse(intent.payload));
        const std::string due_key(payload["due_key"].text());
        BLONGO_CHECK(context_.next_step(row, std::nullopt));
        if (due_key.empty()) return {};
        BLONGO_TRY(const auto newer, context_.due().find(due_send, due_key));
        if (newer) return {}; // Send was pressed again meanwhile: that one is judged
        BLONGO_TRY(const auto wishes, json::Value::parse(row.wishes.empty() ? "{}" : row.wishes));
        return context_.due().put({0, due_send, due_key, row.sent_at, send_payload(row.order_id, wishes, fresh), 0});
    });
}

Result<void> Booking::settle_unknown(state::DeliveryRow& row, const state::IntentRow& intent, const std::string& result) {
    const auto& waits = context_.config().unknown_wait;
    const Timestamp look = intent.created + Seconds{waits.empty() ? 15 : waits.front()};
    BLONGO_CHECK(context_.store().in_transaction([&]() -> Result<void> {
        BLONGO_CHECK(context_.intents().settle(intent.id, state::IntentState::unknown, result));
        return context_.next_step(row, look);
    }));
    const std::string at = format_local(look, context_.session().connection().time_zone);
    const bool is_macro = result == accepted;
    context_.report_delivery(row.order_id, row.order_number, is_macro ? plan::Outcome::queued : plan::Outcome::unknown,
                             is_macro ? fmt::format("the macro was accepted; its package is looked for at {}", at)
                                      : fmt::format("{}: the answer was lost; looked for at {}", row.courier_code, at));
    if (is_macro) context_.flow().incomplete();
    return {};
}

Result<Booking::Done> Booking::book(state::DeliveryRow& row, const BookingRequest& request,
                                    const std::vector<baselinker::OrderPackage>& packages, const std::string& due_key) {
    BLONGO_TRY(const auto intent, claim(row, request, packages, due_key));
    if (!intent) return Done{Outcome::claimed, {}};
    context_.flow().count_write();
    const auto called = call(row, request, *intent);
    if (called && called->package_id.value() != 0) {
        BLONGO_CHECK(settle_booked(row, *intent, *called, {}));
        return Done{Outcome::booked, {}};
    }
    if (called) { // a macro was accepted: its package is waited for
        BLONGO_CHECK(settle_unknown(row, *intent, accepted));
        return Done{Outcome::unknown, {}};
    }
    const Error& error = called.error();
    if (!is_refusal(error) && !never_executed(error)) {
        BLONGO_CHECK(settle_unknown(row, *intent, error.text()));
        return Done{Outcome::unknown, {}};
    }
    if (!is_refusal(error)) {
        BLONGO_CHECK(settle_free(row, *intent, state::IntentState::withdrawn, error.text(), true));
        return fail(error);
    }
    // Refused. The seller's automation may have booked at the same moment: one look, at once.
    const auto now = packages_of(row.order_id);
    if (now) {
        BLONGO_TRY(const auto others, packages_of_others(row, *now));
        BLONGO_TRY(const auto payload, json::Value::parse(intent->payload));
        const auto seen = plan::look_at_packages(BookingPayload::from_json(payload).before, others, *now, request.expected);
        if (seen.verdict == plan::PackageLook::Verdict::one) {
            const auto& found = seen.fresh.front();
            row.adopted = true;
            BLONGO_CHECK(settle_booked(row, *intent, {found.package_id, found.package_number, found.courier_inner_number},
                                       "the courier refused ours; a package was made at the same moment"));
            return Done{Outcome::booked, {}};
        }
    }
    BLONGO_CHECK(settle_free(row, *intent, state::IntentState::refused, error.text(), false));
    if (request.action == book_action) BLONGO_CHECK(context_.forms().forget(row.courier_code));
    std::string words = html_to_text(error.message); // one line, for lists and the packer
    std::ranges::replace(words, '\n', ' ');
    return Done{Outcome::refused, std::move(words)};
}

Result<bool> Booking::adopt(state::DeliveryRow& row, const baselinker::OrderPackage& package,
                            const std::vector<std::string>& seen, const std::string& due_key, const std::string& due_payload) {
    bool mine = false;
    BLONGO_CHECK(context_.store().in_transaction([&]() -> Result<void> {
        BLONGO_TRY(mine, stands(row.order_id, seen, due_key, due_payload));
        if (!mine) return {};
        row.adopted = true;
        row.state = state::DeliveryState::booked;
        row.package_id = package.package_id.value();
        row.package_number = package.package_number;
        row.inner_number = package.courier_inner_number;
        row.courier_code = package.courier_code;
        row.account_id = package.account_id.value();
        row.booked_at = context_.now();
        BLONGO_CHECK(context_.deliveries().put(row));
        BLONGO_CHECK(context_.next_step(row, context_.now()));
        return context_.due().erase(due_send, due_key);
    }));
    if (mine) {
        BLONGO_CHECK(context_.flow().item_succeeded(fmt::to_string(row.order_id)));
        report_booked(row, "it was in BaseLinker already");
    }
    return mine;
}

} // namespace blongo::sync
