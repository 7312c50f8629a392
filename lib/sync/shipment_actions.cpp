// SPDX-License-Identifier: Apache-2.0
// Surgery on one shipment: cancel, rebook, add, refresh, and what a person says of a write of unknown outcome.
#include <algorithm>
#include <array>
#include <functional>
#include <ranges>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/sync/article_ledger.hpp>
#include <blongo/sync/booking_payload.hpp>
#include <blongo/sync/cancellation.hpp>
#include <blongo/sync/claim_life.hpp>
#include <blongo/sync/departure.hpp>
#include <blongo/sync/label_desk.hpp>
#include <blongo/sync/order_holds.hpp>
#include <blongo/sync/send_desk.hpp>

namespace blongo::sync {

namespace {

using DeliveryState = state::DeliveryState;

using Body = std::function<Result<void>(SendContext&)>;

/// One action as a run of the flow that takes claims only.
report::Summary act(const config::Config& config, const config::Connection& connection, SendOptions options,
                    const Runtime& runtime, const Body& body) {
    options.flow.explicit_objects = true;
    auto session = Session::open(config, connection, state::BudgetClass::send, options.flow.dry_run, runtime);
    if (!session) return failed_summary(connection.name, "shipments", options.flow, session.error());
    Flow flow(**session, "shipments", options.flow);
    if (const auto begun = flow.begin(); !begun) return failed_summary(connection.name, "shipments", options.flow, begun.error());
    SendContext context(flow, options);
    return finish_action(flow, body(context));
}

Result<state::DeliveryRow> delivery_with_package(SendContext& context, BaseOrderId id, std::int64_t number) {
    BLONGO_TRY(const auto rows, context.deliveries().of_order(id));
    for (const auto& row : std::views::reverse(rows)) {
        if (number != 0 && row.number != number) continue;
        if (row.package_id != 0 && row.state != DeliveryState::cancelled) return row;
    }
    return fail(ErrorKind::not_found, fmt::format("order {} has no package that blongo could act on", id), {},
                fmt::format("blongo shipments show {}", id));
}

/// One Send of a named order, as if it were pressed again, with these wishes.
Result<void> send_again(SendContext& context, BaseOrderId id) {
    SendNotice notice(context);
    BLONGO_CHECK(notice.look({id}, {}));
    BLONGO_TRY(auto due, notice.due());
    Booking booking(context);
    PackerNote note(context);
    SendDesk desk(context, booking, note);
    LabelDesk labels(context, note);
    for (auto& send : due) {
        BLONGO_TRY(const bool sent, notice.load(send));
        if (!sent) continue;
        BLONGO_CHECK(desk.judge(send));
        if (context.dry_run()) continue;
        BLONGO_TRY(const auto rows, context.deliveries().of_order(id));
        for (const auto& row : rows) BLONGO_CHECK(labels.work(row, &send.there, false));
    }
    if (context.dry_run()) return {};
    return context.write_back().flush();
}

/// The steps behind a booking that a person settled.
Result<void> finish_deliveries(SendContext& context, BaseOrderId id) {
    PackerNote note(context);
    LabelDesk labels(context, note);
    BLONGO_TRY(const auto rows, context.deliveries().of_order(id));
    for (const auto& row : rows) BLONGO_CHECK(labels.work(row, nullptr, true));
    return context.write_back().flush();
}

/// Nothing is cancelled to be booked anew, and nothing is booked besides, while the order is on hold.
Result<void> refuse_held(SendContext& context, BaseOrderId id) {
    BLONGO_TRY(const auto hold, held(context.session(), id));
    if (!hold) return {};
    return fail(ErrorKind::rejected, fmt::format("order {} is {}", id, hold->reason), {},
                fmt::format("blongo orders unhold {}", id));
}

SendOptions by_hand(SendOptions options) {
    options.wishes.by_hand = true;
    return options;
}

} // namespace

report::Summary cancel_shipment(const config::Config& config, const config::Connection& connection, BaseOrderId id,
                                std::int64_t delivery, const FlowOptions& options, const Runtime& runtime) {
    SendOptions send;
    send.flow = options;
    return act(config, connection, send, runtime, [&](SendContext& context) -> Result<void> {
        BLONGO_TRY(const auto row, delivery_with_package(context, id, delivery));
        BLONGO_CHECK(cancel(context, row));
        return {};
    });
}

report::Summary rebook_shipment(const config::Config& config, const config::Connection& connection, BaseOrderId id,
                                const SendOptions& options, const Runtime& runtime) {
    return act(config, connection, by_hand(options), runtime, [&](SendContext& context) -> Result<void> {
        BLONGO_TRY(const auto row, delivery_with_package(context, id, 0));
        BLONGO_CHECK(refuse_held(context, id));
        BLONGO_TRY(const bool gone, cancel(context, row));
        if (!gone) return {};
        if (row.quantities != "{}") return send_again(context, id);
        // It was one more package of goods that others cover: so is the one in its place, with its parcels unless others
        // are given.
        SendOptions more = context.options();
        more.wishes.add = true;
        if (more.wishes.parcels.empty()) {
            BLONGO_TRY(const auto wishes, json::Value::parse(row.wishes.empty() ? "{}" : row.wishes));
            more.wishes.parcels = SendWishes::from_json(wishes).parcels;
        }
        SendContext again(context.flow(), more);
        return send_again(again, id);
    });
}

report::Summary add_shipment(const config::Config& config, const config::Connection& connection, BaseOrderId id,
                             const SendOptions& options, const Runtime& runtime) {
    SendOptions more = by_hand(options);
    more.wishes.add = true;
    return act(config, connection, more, runtime, [&](SendContext& context) -> Result<void> {
        BLONGO_CHECK(delivery_with_package(context, id, 0));
        BLONGO_CHECK(refuse_held(context, id));
        return send_again(context, id);
    });
}

report::Summary refresh_shipments(const config::Config& config, const config::Connection& connection,
                                  const std::vector<BaseOrderId>& ids, const FlowOptions& options, const Runtime& runtime) {
    SendOptions send;
    send.flow = options;
    return act(config, connection, send, runtime, [&](SendContext& context) -> Result<void> {
        static constexpr std::array under_way{DeliveryState::booked, DeliveryState::labelled, DeliveryState::done};
        constexpr int most = 10'000;
        std::vector<state::DeliveryRow> rows;
        if (ids.empty()) {
            BLONGO_TRY(rows, context.deliveries().in_states(under_way, most));
        }
        for (const auto& id : ids) {
            BLONGO_TRY(auto of_order, context.deliveries().of_order(id));
            std::erase_if(of_order, [](const auto& row) { return row.package_id == 0; });
            if (of_order.empty())
                return fail(ErrorKind::not_found, fmt::format("order {} has no package", id), {},
                            fmt::format("blongo why {}", id));
            for (const auto& row : of_order)
                if (row.state == DeliveryState::cancelled) BLONGO_CHECK(clear_away(context, row));
            std::erase_if(of_order, [](const auto& row) { return row.state == DeliveryState::cancelled; });
            rows.insert(rows.end(), of_order.begin(), of_order.end());
        }
        PackerNote note(context);
        LabelDesk labels(context, note);
        return labels.refresh_all(rows, !ids.empty());
    });
}

namespace {

/// A package that was there before the first attempt (package_exists): a person says whether it is the order's.
Result<void> resolve_existing(SendContext& context, Booking& booking, BaseOrderId id, const Resolution& resolution,
                              state::DeliveryRow row) {
    BLONGO_TRY(const auto due, context.due().of_kind(due_send));
    const auto asked = std::ranges::find(due, fmt::to_string(row.ongoing_id), &state::DueRow::key);
    if (asked == due.end())
        return fail(ErrorKind::not_found, fmt::format("nothing of order {} waits for an answer", id), {}, "blongo unknown list");
    BLONGO_TRY(const auto packages, booking.packages_of(id));
    BLONGO_TRY(const auto others, booking.packages_of_others(row, packages));
    if (resolution.package_id != 0) {
        const auto found =
            std::ranges::find(packages, baselinker::PackageId{resolution.package_id}, &baselinker::OrderPackage::package_id);
        if (found == packages.end() || others.contains(found->package_id))
            return fail(ErrorKind::not_found,
                        fmt::format("BaseLinker shows no free package {} of order {}", resolution.package_id, id), {},
                        fmt::format("blongo shipments show {}", id));
        if (context.dry_run()) return {};
        BLONGO_TRY(const auto seen, booking.seen_deliveries(id));
        BLONGO_CHECK(booking.adopt(row, *found, seen, asked->key, asked->payload));
        return finish_deliveries(context, id);
    }
    if (context.dry_run()) return {};
    BLONGO_TRY(auto payload, json::Value::parse(asked->payload));
    auto wishes = SendWishes::from_json(payload["wishes"]);
    for (const auto& package : packages)
        if (!others.contains(package.package_id)) wishes.ignore_packages.push_back(package.package_id.value());
    wishes.ask = false;
    payload.set("wishes", wishes.to_json()).set("fresh", true);
    auto changed = *asked;
    changed.payload = payload.dump();
    BLONGO_CHECK(context.due().put(changed));
    BLONGO_CHECK(context.flow().release_everywhere(fmt::to_string(id)));
    auto line = context.action(plan::Verb::update, id, row.order_number, "resolved");
    line.detail = "the packages that are there are none of this Send: the order is due again";
    context.flow().report(line);
    return resolution.rebook ? send_again(context, id) : Result<void>{};
}

/// A Send that waits for a person's word, or whose booking is settled as never made (`freed`), needs no package of ours; a
/// status that was given up stays as it is.
Result<void> leave_as_it_is(SendContext& context, BaseOrderId id, const std::string& of, bool freed) {
    BLONGO_TRY(auto rows, context.deliveries().of_order(id));
    std::erase_if(rows, [&](const state::DeliveryRow& row) {
        return row.state != DeliveryState::due || (!of.empty() && row.order_number.value() != of);
    });
    PackerNote note(context);
    OrderNumber left_send;
    for (auto& row : rows) {
        const std::string key = fmt::to_string(row.ongoing_id);
        BLONGO_TRY(const auto asked, context.due().find(due_send, key));
        const auto payload = json::Value::parse(asked ? asked->payload : "{}");
        if (!payload || (!freed && !SendWishes::from_json((*payload)["wishes"]).ask)) continue;
        left_send = row.order_number;
        if (context.dry_run()) continue;
        BLONGO_CHECK(note.take_back(row));
        row.state = DeliveryState::no_shipment;
        row.steps = parsed_object(row.steps).set("status", true).dump();
        BLONGO_CHECK(context.store().in_transaction([&]() -> Result<void> {
            BLONGO_CHECK(context.deliveries().put(row));
            return context.due().erase(due_send, key);
        }));
    }
    BLONGO_TRY(const bool status, context.write_back().leave(id));
    if (!status && left_send.value().empty())
        return fail(ErrorKind::not_found, fmt::format("nothing of order {} waits for an answer that could be left so", id), {},
                    "blongo unknown list; blongo parked list");
    if (!left_send.value().empty()) BLONGO_CHECK(context.flow().release_everywhere(fmt::to_string(id)));
    auto line = context.action(plan::Verb::update, id, left_send, "resolved");
    line.detail = "left as it is";
    context.flow().report(line);
    return {};
}

} // namespace

report::Summary resolve_unknown(const config::Config& config, const config::Connection& connection, BaseOrderId id,
                                const Resolution& resolution, const SendOptions& options, const Runtime& runtime) {
    return act(config, connection, by_hand(options), runtime, [&](SendContext& context) -> Result<void> {
        Booking booking(context);
        BLONGO_TRY(auto rows, context.deliveries().of_order(id));
        const auto row = std::ranges::find(rows, DeliveryState::booking, &state::DeliveryRow::state);
        if (row == rows.end() && resolution.leave) return leave_as_it_is(context, id, resolution.of, false);
        if (row == rows.end()) {
            std::erase_if(rows, [](const auto& one) { return one.state != DeliveryState::due; });
            const bool several = rows.size() > 1;
            if (!resolution.of.empty())
                std::erase_if(rows, [&](const auto& one) { return one.order_number.value() != resolution.of; });
            if (rows.size() == 1) return resolve_existing(context, booking, id, resolution, rows.front());
            if (several)
                return fail(ErrorKind::usage, fmt::format("several orders of {} in Ongoing wait for an answer", id), {},
                            "say of which it is with --of NUMBER; their numbers: blongo shipments show N");
            return fail(ErrorKind::not_found, fmt::format("order {} has no booking of unknown outcome", id), {},
                        "blongo unknown list");
        }
        BLONGO_TRY(const auto intent, context.intents().find(booking_key(id, row->number)));
        if (!intent) return fail(ErrorKind::state, "the booking has no open intent", {}, "blongo state check");
        BLONGO_TRY(const Timestamp now, context.store().now());
        if (intent->state == state::IntentState::open) {
            if (may_be_alive(*intent, now, context.longest_call()))
                return fail(ErrorKind::locked, "another process is booking it right now", {}, "wait for it to end");
            if (!context.dry_run()) { // from here on its request cannot leave any more
                BLONGO_TRY(const bool taken, take_over(context.session(), *intent, context.longest_call()));
                if (!taken) return fail(ErrorKind::locked, "another process is booking it right now", {}, "wait for it to end");
            }
        }
        BLONGO_TRY(const auto packages, booking.packages_of(id));
        BLONGO_TRY(const auto others, booking.packages_of_others(*row, packages));
        if (resolution.package_id != 0) {
            const auto found =
                std::ranges::find(packages, baselinker::PackageId{resolution.package_id}, &baselinker::OrderPackage::package_id);
            if (found == packages.end() || others.contains(found->package_id))
                return fail(ErrorKind::not_found,
                            fmt::format("BaseLinker shows no free package {} of order {}", resolution.package_id, id), {},
                            fmt::format("blongo shipments show {}", id));
            if (context.dry_run()) return {};
            BLONGO_CHECK(booking.resolve(*intent, *row, *found));
            return finish_deliveries(context, id);
        }
        BLONGO_TRY(const auto text, json::Value::parse(intent->payload));
        const auto payload = BookingPayload::from_json(text);
        const auto seen = plan::look_at_packages(payload.before, others, packages, payload.expected);
        if (seen.verdict != plan::PackageLook::Verdict::none) {
            std::string found;
            for (const auto& package : seen.fresh)
                found += fmt::format("{}{} ({})", found.empty() ? "" : ", ", package.package_id, package.package_number);
            return fail(ErrorKind::rejected, "BaseLinker shows a new package of this order: " + found, {},
                        fmt::format("blongo unknown resolve {} --package ID", id));
        }
        const Timestamp provable = intent->send_deadline + context.longest_call() + settle_margin;
        if (now < provable)
            return fail(ErrorKind::rejected, "the lost call may still be under way", {},
                        fmt::format("say so after {}", format_local(provable, connection.time_zone)));
        if (context.dry_run()) return {};
        BLONGO_CHECK(booking.resolve(*intent, *row, std::nullopt));
        if (resolution.leave) return leave_as_it_is(context, id, row->order_number.value(), true);
        BLONGO_CHECK(context.flow().release(fmt::to_string(id)));
        auto line = context.action(plan::Verb::update, id, row->order_number, "resolved");
        line.detail = "nothing was booked: the order is due again";
        context.flow().report(line);
        return resolution.rebook ? send_again(context, id) : Result<void>{};
    });
}

} // namespace blongo::sync
