// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/send_context.hpp>

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include <blongo/state/runs.hpp>
#include <blongo/sync/departure.hpp>
#include <blongo/sync/order_settings.hpp>
#include <blongo/sync/settings.hpp>

namespace blongo::sync {

std::string delivery_key(BaseOrderId order, std::int64_t number) {
    return fmt::format("{}:{}", order, number);
}

std::string booking_key(BaseOrderId order, std::int64_t number) {
    return "delivery:" + delivery_key(order, number);
}

std::string send_payload(BaseOrderId order, json::Value wishes, bool fresh) {
    return json::Value::object().set("order_id", order.value()).set("wishes", std::move(wishes)).set("fresh", fresh).dump();
}

SendContext::SendContext(Flow& flow, const SendOptions& options)
    : flow_(flow), options_(options), orders_(flow.session().store(), flow.session().key()),
      deliveries_(flow.session().store(), flow.session().key()), sightings_(flow.session().store(), flow.session().key()),
      labels_(flow.session().store(), flow.session().key(), flow.session().connection().shipments.label_dir),
      intents_(flow.session().store(), flow.session().key()), due_(flow.session().store(), flow.session().key()),
      couriers_(flow.session().baselinker()), warehouse_(flow.session().ongoing()), forms_(flow.session(), couriers_),
      write_back_(flow) {}

Result<const SendSettings*> SendContext::settings() {
    if (settings_) return &*settings_;
    StatusNames resolve(session());
    SendSettings out;
    BLONGO_TRY(out.order_statuses, resolve_order_statuses(session(), resolve));
    BLONGO_TRY(out.rules, courier_rules(config(), std::ref(resolve)));
    out.parcels = parcel_options(config());
    BLONGO_TRY(out.after_send, resolve(config().status_after_send));
    BLONGO_TRY(out.after_short_send, resolve(config().status_after_short_send));
    const auto& cancelled = out.order_statuses.cancel;
    out.checks.cancel_statuses.assign(cancelled.begin(), cancelled.end());
    out.checks.any_status = config().ship_statuses_any;
    out.checks.require_paid = config().require_paid;
    std::set<OrderStatusId> shippable;
    for (const auto& status : config().ship_statuses) {
        BLONGO_TRY(const auto id, resolve(status));
        shippable.insert(id);
    }
    if (config().ship_statuses_auto) {
        shippable = out.order_statuses.accepted;
        shippable.insert(out.order_statuses.after_import);
        for (const auto& [cause, status] : out.order_statuses.on_error) shippable.insert(status);
        for (const auto& [number, status] : out.order_statuses.by_warehouse) shippable.insert(status);
        shippable.insert({out.after_send, out.after_short_send});
        for (const auto& rule : out.rules) shippable.insert(rule.status_after_send);
        shippable.erase(OrderStatusId{});
    }
    out.checks.ship_statuses.assign(shippable.begin(), shippable.end());
    settings_ = std::move(out);
    return &*settings_;
}

Result<Timestamp> SendContext::start_from() {
    if (!start_from_) {
        BLONGO_TRY(start_from_, sends_from(session()));
    }
    return *start_from_;
}

Result<Timestamp> sends_from(Session& session) {
    if (const auto& start_from = session.connection().shipments.start_from) return *start_from;
    if (session.key() == 0) return session.runtime().clock.now(); // a dry run before the first one
    return state::Runs(session.store(), session.key()).enabled_since("shipments");
}

const state::OrderRow* own_of(const ongoing::Order& order, const std::vector<state::OrderRow>& known) {
    const auto id = parse_id(order.goods_owner_order_id);
    const auto own = std::ranges::find_if(known, [&](const state::OrderRow& row) {
        return id && row.order_id.value() == *id && (row.ongoing_id == order.order_id || row.number == order.order_number);
    });
    return own == known.end() ? nullptr : &*own;
}

Result<std::optional<state::OrderRow>> ledger_of(const ongoing::Order& order, const std::vector<state::OrderRow>& known,
                                                 state::Orders& ledger) {
    if (const auto* own = own_of(order, known)) return std::optional{*own};
    if (!order.back_order_for) return std::optional<state::OrderRow>{};
    BLONGO_TRY(const auto parents, ledger.search(fmt::to_string(*order.back_order_for)));
    const auto parent = std::ranges::find(parents, *order.back_order_for, &state::OrderRow::ongoing_id);
    return parent == parents.end() ? std::optional<state::OrderRow>{} : std::optional{*parent};
}

Result<bool> SendContext::is_still_asked(const std::string& due_key, const std::string& payload) {
    BLONGO_TRY(const auto row, due_.find(due_send, due_key));
    return row && row->payload == payload;
}

Result<void> SendContext::next_step(const state::DeliveryRow& row, std::optional<Timestamp> at, int attempt) {
    const std::string key = delivery_key(row.order_id, row.number);
    if (!at) return due_.erase(due_delivery, key);
    return due_.put({0, due_delivery, key, *at, "{}", attempt});
}

http::Departure SendContext::departure(std::int64_t intent) {
    return renewing(store(), session().key(), {intent}, session().runtime().clock);
}

report::Action SendContext::action(plan::Verb verb, BaseOrderId order, const OrderNumber& number, std::string reason) const {
    auto line = flow_.action(verb, fmt::to_string(order), std::move(reason));
    line.order_number = number.value();
    return line;
}

void SendContext::report_delivery(BaseOrderId order, const OrderNumber& number, plan::Outcome outcome,
                                  const std::string& detail) {
    auto line = action(plan::Verb::create, order, number, "delivery");
    line.outcome = outcome;
    line.detail = detail;
    flow_.report(line);
}

void SendContext::report_step(const state::DeliveryRow& row, const std::string& step, plan::Outcome outcome,
                              const std::string& detail) {
    auto line = action(plan::Verb::update, row.order_id, row.order_number, step);
    line.step = step;
    line.outcome = outcome;
    line.detail = detail;
    flow_.report(line);
}

} // namespace blongo::sync
