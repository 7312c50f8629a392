// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/send_notice.hpp>

#include <algorithm>
#include <charconv>
#include <iterator>

#include <fmt/format.h>

#include <blongo/plan/order_life.hpp>
#include <blongo/state/runs.hpp>

namespace blongo::sync {

namespace {

constexpr std::chrono::minutes overlap{10};                             ///< flows.md Shipments 1
constexpr std::int64_t highest_send_status = plan::returned_in_ongoing; ///< flows.md Shipments 1: returned orders were sent once
constexpr std::size_t batch_size = 100;
const std::string changed_cursor = "shipments.changed";
/// A time before changed_cursor, for once, and the order that asked for it: no two requests look the same, so that a poll
/// does not take one for done that came while it ran.
const std::string back_cursor = "shipments.look_back";

std::optional<Timestamp> back_time(const std::optional<std::string>& cursor) {
    const auto seconds = cursor ? parse_id(cursor->substr(0, cursor->find(' '))) : std::nullopt;
    return seconds ? std::optional(from_unix_seconds(*seconds)) : std::nullopt;
}

/// SightingRow::event_id: the newest webhookEventId, or -1 minus it when the last Send was noticed by a poll, so that the
/// webhook of that very Send, which comes later, is no second Send.
struct KnownEvent {
    std::int64_t last_id = 0;
    bool noticed_by_poll = false;
    explicit KnownEvent(const std::optional<plan::Sighting>& seen) {
        if (!seen) return;
        noticed_by_poll = seen->event_id < 0;
        last_id = noticed_by_poll ? -1 - seen->event_id : seen->event_id;
    }
    static std::int64_t stored(std::int64_t last_id, bool by_poll) { return by_poll ? -1 - last_id : last_id; }
};

plan::Sighting sighting_of(const state::SightingRow& row) {
    return {row.status, row.shipped, row.event_id, row.first_send_seen};
}

} // namespace

Result<void> SendNotice::poll() {
    const auto lowest = plan::lowest_send_status(context_.config().send);
    if (!lowest) return {};
    Session& session = context_.session();
    std::unique_ptr<state::HeldLock> lock;
    if (!context_.dry_run()) {
        BLONGO_TRY(lock,
                   session.locks().take(state::flow_lock_name(session.key(), context_.flow().name()),
                                        std::max(session.runtime().lock_wait, Milliseconds{10'000}), session.runtime().stop));
    }
    BLONGO_TRY(const Timestamp start_from, context_.start_from());
    state::Cursors cursors(context_.store(), session.key());
    BLONGO_TRY(const auto cursor, cursors.number(changed_cursor));
    BLONGO_TRY(const auto back, cursors.get(back_cursor));
    const Timestamp begun = context_.now();

    ongoing::OrderQuery query;
    query.status_from = *lowest;
    query.status_to = highest_send_status;
    query.status_changed_from = (cursor ? from_unix_seconds(*cursor) : start_from) - overlap;
    if (const auto since = back_time(back))
        query.status_changed_from = std::min(*query.status_changed_from, std::max(*since, start_from) - overlap);
    std::vector<ongoing::Order> batch;
    BLONGO_CHECK(session.ongoing().each_order(query, [&](ongoing::Order&& order) -> Result<void> {
        batch.push_back(std::move(order));
        if (batch.size() < batch_size) return {};
        return take(std::exchange(batch, {}), false);
    }));
    BLONGO_CHECK(take(std::move(batch), false));
    if (context_.dry_run()) return {};
    return context_.store().in_transaction([&]() -> Result<void> {
        BLONGO_TRY(const auto back_now, cursors.get(back_cursor));
        if (back && back_now == back) BLONGO_CHECK(cursors.erase(back_cursor));
        return cursors.set(changed_cursor, std::to_string(to_unix_seconds(begun)));
    });
}

Result<void> SendNotice::look_back(state::Store& store, state::ConnectionKey key, BaseOrderId order, Timestamp since) {
    state::Cursors cursors(store, key);
    BLONGO_TRY(const auto asked, cursors.get(back_cursor));
    const Timestamp from = std::min(since, back_time(asked).value_or(since));
    return cursors.set(back_cursor, fmt::format("{} {}", to_unix_seconds(from), order));
}

Result<void> SendNotice::ask_a_person(state::Store& store, state::ConnectionKey key, BaseOrderId order,
                                      const ongoing::Order& there, Timestamp written) {
    SendWishes wishes;
    wishes.ask = true;
    return state::Due(store, key)
        .put({0, due_send, fmt::to_string(there.order_id), plan::sent_at(there, {}, written),
              send_payload(order, wishes.to_json(), false), 0});
}

Result<void> SendNotice::look(const std::vector<BaseOrderId>& orders, std::span<const OngoingOrderId> ongoing_orders) {
    named_ = true;
    named_orders_.insert(orders.begin(), orders.end());
    BLONGO_TRY(const auto rows, context_.orders().find_many(orders));
    std::vector<OrderNumber> numbers;
    for (const auto& order : orders) {
        const auto row = std::ranges::find(rows, order, &state::OrderRow::order_id);
        if (row == rows.end())
            return fail(ErrorKind::not_found, fmt::format("blongo did not send order {} to Ongoing", order), {},
                        fmt::format("blongo why {}", order));
        numbers.push_back(row->number);
    }
    BLONGO_TRY(auto there, find_all(numbers));
    for (const auto& number : numbers)
        if (std::ranges::find(there, number, &ongoing::Order::order_number) == there.end())
            return fail(ErrorKind::not_found, fmt::format("Ongoing has no order {}", number), {},
                        "blongo check, or blongo why N");
    for (const auto& id : ongoing_orders) {
        BLONGO_TRY(auto order, context_.session().ongoing().get_order(id));
        if (!order) return fail(ErrorKind::not_found, fmt::format("Ongoing has no order with the id {}", id));
        there.push_back(std::move(*order));
    }
    return take(std::move(there), true);
}

/// Which of them the ledger knows: by the order's own id and number, or as a back order of one of ours.
Result<std::map<OngoingOrderId, SendNotice::Ours>> SendNotice::ours_of(const std::vector<ongoing::Order>& orders) {
    std::vector<BaseOrderId> ids;
    std::vector<OngoingOrderId> ongoing_ids;
    for (const auto& order : orders) {
        ongoing_ids.push_back(order.order_id);
        if (const auto id = parse_id(order.goods_owner_order_id)) ids.emplace_back(*id);
    }
    BLONGO_TRY(const auto rows, context_.orders().find_many(ids));
    BLONGO_TRY(const auto sightings, context_.sightings().find_many(ongoing_ids));
    std::map<OngoingOrderId, Ours> out;
    for (const auto& order : orders) {
        BLONGO_TRY(auto ledger, ledger_of(order, rows, context_.orders()));
        if (!ledger) continue;
        Ours ours;
        // When it was sent to Ongoing it stood outside every send status: the ones that did not are closed.
        if (own_of(order, rows) != nullptr) ours.before = plan::Sighting{};
        ours.ledger = std::move(*ledger);
        const auto seen = std::ranges::find(sightings, order.order_id, &state::SightingRow::ongoing_id);
        if (seen != sightings.end()) ours.before = sighting_of(*seen);
        out.emplace(order.order_id, std::move(ours));
    }
    return out;
}

Result<void> SendNotice::take(std::vector<ongoing::Order> orders, bool by_name) {
    if (orders.empty()) return {};
    BLONGO_TRY(const auto ours, ours_of(orders));
    const auto body = [&]() -> Result<void> {
        for (auto& order : orders) {
            const auto found = ours.find(order.order_id);
            if (found == ours.end()) {
                ++not_ours_;
                if (by_name)
                    context_.flow().report(
                        context_.action(plan::Verb::skip, BaseOrderId{}, order.order_number, "not sent to Ongoing by blongo"));
                continue;
            }
            if (by_name) named_orders_.insert(found->second.ledger.order_id);
            order.document = {}; // only overlays need it
            BLONGO_CHECK(record(std::move(order), found->second, by_name));
        }
        return {};
    };
    if (context_.dry_run()) return body();
    return context_.store().in_transaction(body);
}

/// What is seen of one order: the sighting, and a due row when it asks for something.
Result<void> SendNotice::record(ongoing::Order order, const Ours& ours, bool by_name) {
    SendWishes wishes = by_name ? context_.options().wishes : SendWishes{};
    const auto& send = context_.config().send;
    const auto meaning = plan::meaning_of(send, order.status_number);
    const bool sent = meaning == plan::SendMeaning::book || meaning == plan::SendMeaning::no_shipment;
    const KnownEvent known(ours.before);
    // A late or repeated webhook is no news; nor is the one of a Send that a poll noticed before it came.
    const bool told_already =
        known.noticed_by_poll && ours.before->shipped == order.shipped_time && ours.before->status == order.status_number;
    const std::int64_t new_event = wishes.event_id > known.last_id && !told_already ? wishes.event_id : 0;
    auto before = ours.before;
    if (before) before->event_id = 0;
    const bool event = plan::is_send_event(before, order, send, new_event);
    const OngoingOrderId id = order.order_id;

    state::SightingRow row;
    row.ongoing_id = id;
    row.status = order.status_number;
    row.shipped = order.shipped_time;
    const std::int64_t last_id = std::max(known.last_id, wishes.event_id);
    row.event_id = KnownEvent::stored(last_id, wishes.event_id == 0 && (event || known.noticed_by_poll));
    if (ours.before) row.first_send_seen = ours.before->first_send_seen;
    if (sent && !row.first_send_seen) row.first_send_seen = context_.now();
    row.seen_at = context_.now();
    const bool changed = !ours.before || ours.before->status != row.status || ours.before->shipped != row.shipped ||
                         ours.before->event_id != row.event_id || ours.before->first_send_seen != row.first_send_seen;
    if (changed && !context_.dry_run()) BLONGO_CHECK(context_.sightings().put(row));

    BLONGO_TRY(const Timestamp start_from, context_.start_from());
    const bool too_early = plan::sent_at(order, ours.before, context_.now()) < start_from && !wishes.force_old;
    const auto& flow = context_.flow();
    const bool waits = flow.parked().contains(fmt::to_string(ours.ledger.order_id));
    if (ours.ledger.state != state::OrderState::imported) {
        if (by_name)
            context_.flow().report(context_.action(plan::Verb::skip, ours.ledger.order_id, order.order_number,
                                                   ours.ledger.state == state::OrderState::cancelled
                                                       ? "cancelled in the warehouse"
                                                       : "finished before blongo took it over"));
    } else if (!sent) {
        if (by_name && wishes.event_id == 0 && meaning == plan::SendMeaning::not_sent) {
            auto line = context_.action(plan::Verb::create, ours.ledger.order_id, order.order_number, "not sent yet");
            line.outcome = plan::Outcome::rejected;
            line.detail =
                fmt::format("it stands at {} {} in Ongoing: press Send there first", order.status_number, order.status_text);
            context_.flow().report(line);
        }
    } else if (too_early && (event || wishes.by_hand) && !waits) {
        ++before_start_;
        if (by_name)
            context_.flow().report(context_.action(plan::Verb::skip, ours.ledger.order_id, order.order_number,
                                                   "sent before shipments.start_from (--force-old books it)"));
    } else if (event || wishes.by_hand || wishes.reprint) {
        BLONGO_CHECK(ask(order, ours, wishes, event));
    }
    seen_.insert_or_assign(id, std::move(order));
    return {};
}

Result<void> SendNotice::ask(const ongoing::Order& order, const Ours& ours, SendWishes wishes, bool fresh) {
    state::DueRow row;
    row.kind = due_send;
    row.key = fmt::to_string(order.order_id);
    row.at = plan::sent_at(order, ours.before, context_.now());
    if (!context_.dry_run()) {
        BLONGO_TRY(const auto standing, context_.due().find(due_send, row.key));
        if (standing) { // what was asked for by hand and not done yet is not forgotten for a new event
            BLONGO_TRY(const auto before, json::Value::parse(standing->payload));
            const SendWishes asked = SendWishes::from_json(before["wishes"]);
            // ... but amounts and parcels that were given for one Send do not fit the next one.
            if (!fresh && wishes.parcels.empty()) wishes.parcels = asked.parcels;
            if (!fresh && !wishes.cod) wishes.cod = asked.cod;
            wishes.ignore_packages = asked.ignore_packages;
            wishes.ask = asked.ask;
            wishes.force_old = wishes.force_old || asked.force_old;
            if (wishes.workstation_id == 0) wishes.workstation_id = asked.workstation_id;
            if (wishes.user_id == 0) wishes.user_id = asked.user_id;
            fresh = fresh || before["fresh"].is_true();
        }
    }
    row.payload = send_payload(ours.ledger.order_id, wishes.to_json(), fresh);
    if (context_.dry_run()) {
        planned_[row.key] = row;
        return {};
    }
    return context_.due().put(row);
}

Result<std::optional<DueSend>> SendNotice::send_of(const state::DueRow& row) {
    BLONGO_TRY(const auto payload, json::Value::parse(row.payload));
    const BaseOrderId order{payload["order_id"].integer()};
    if (named_ && !named_orders_.contains(order)) return std::optional<DueSend>{};
    DueSend out;
    out.due_key = row.key;
    out.payload = row.payload;
    out.wishes = SendWishes::from_json(payload["wishes"]);
    out.fresh_event = payload["fresh"].is_true();
    out.sent_at = row.at;
    BLONGO_TRY(auto ledger, context_.orders().find(order));
    const auto id = parse_id(row.key);
    if (!ledger || !id) {
        if (!context_.dry_run()) BLONGO_CHECK(context_.due().erase(due_send, row.key));
        return std::optional<DueSend>{};
    }
    out.ledger = std::move(*ledger);
    out.there.order_id = OngoingOrderId{*id};
    return std::optional{std::move(out)};
}

Result<std::int64_t> SendNotice::unjudged() {
    BLONGO_TRY(const auto rows, context_.due().of_kind(due_send));
    std::int64_t count = 0;
    std::set<std::string> keys;
    const auto add = [&](const state::DueRow& row) {
        const auto payload = json::Value::parse(row.payload);
        if (!payload || !keys.insert(row.key).second) return;
        if (!context_.flow().parked().contains(std::string((*payload)["order_id"].text()))) ++count;
    };
    for (const auto& row : rows) add(row);
    for (const auto& [key, row] : planned_) add(row);
    return count;
}

Result<std::vector<DueSend>> SendNotice::due() {
    BLONGO_TRY(auto rows, context_.due().of_kind(due_send));
    for (const auto& [key, row] : planned_)
        if (std::ranges::find(rows, key, &state::DueRow::key) == rows.end()) rows.push_back(row);
    std::vector<DueSend> out;
    for (const auto& row : rows) {
        BLONGO_TRY(auto send, send_of(row));
        if (send) out.push_back(std::move(*send));
    }
    std::ranges::stable_sort(out, {}, &DueSend::sent_at);
    return out;
}

Result<bool> SendNotice::is_current(DueSend& send) {
    if (context_.dry_run()) return true;
    BLONGO_TRY(const auto row, context_.due().find(due_send, send.due_key));
    if (!row) return false;
    if (row->payload == send.payload) return true;
    BLONGO_TRY(auto newer, send_of(*row));
    if (!newer) return false;
    send = std::move(*newer);
    return true;
}

Result<std::vector<ongoing::Order>> SendNotice::find_all(std::span<const OrderNumber> numbers) {
    constexpr auto most = static_cast<std::size_t>(ongoing::limits::numbers_per_lookup);
    std::vector<ongoing::Order> out;
    for (std::size_t from = 0; from < numbers.size(); from += most) {
        BLONGO_TRY(auto some,
                   context_.session().ongoing().find_orders(numbers.subspan(from, std::min(most, numbers.size() - from))));
        std::ranges::move(some, std::back_inserter(out));
    }
    return out;
}

Result<void> SendNotice::saw_outside(OngoingOrderId id, std::int64_t status) {
    if (context_.dry_run()) return {};
    BLONGO_TRY(auto seen, context_.sightings().find(id));
    if (!seen) return {};
    seen->status = status;
    seen->seen_at = context_.now();
    return context_.sightings().put(*seen);
}

Result<bool> SendNotice::load(DueSend& send) {
    const OngoingOrderId id = send.there.order_id;
    if (const auto seen = seen_.find(id); seen != seen_.end()) {
        send.there = seen->second;
    } else {
        BLONGO_TRY(auto order, context_.session().ongoing().get_order(id));
        if (order) {
            send.there = std::move(*order);
            send.there.document = {};
        }
    }
    const std::int64_t status = send.there.status_number;
    send.meaning = plan::meaning_of(context_.config().send, status);
    const auto lowest = plan::lowest_send_status(context_.config().send);
    // Moved on behind Send ("collected") before anybody looked: what was sent is still to be booked.
    if (send.meaning == plan::SendMeaning::not_sent && lowest && status >= *lowest && status < highest_send_status)
        send.meaning = plan::SendMeaning::book;
    if (send.meaning == plan::SendMeaning::book || send.meaning == plan::SendMeaning::no_shipment) return true;
    if (!context_.dry_run()) BLONGO_CHECK(context_.due().erase(due_send, send.due_key));
    BLONGO_CHECK(saw_outside(id, send.there.status_number));
    BLONGO_CHECK(context_.flow().release(fmt::to_string(send.ledger.order_id)));
    auto line = context_.action(plan::Verb::skip, send.ledger.order_id, send.ledger.number, "no longer Sent in Ongoing");
    context_.flow().report(line);
    return false;
}

} // namespace blongo::sync
