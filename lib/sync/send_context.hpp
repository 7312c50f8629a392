// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <blongo/baselinker/couriers.hpp>
#include <blongo/map/courier_rule.hpp>
#include <blongo/ongoing/deliveries.hpp>
#include <blongo/plan/send.hpp>
#include <blongo/state/deliveries.hpp>
#include <blongo/state/intents.hpp>
#include <blongo/state/labels.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/sync/courier_forms.hpp>
#include <blongo/sync/flow.hpp>
#include <blongo/sync/order_writer.hpp>
#include <blongo/sync/outcome.hpp>
#include <blongo/sync/shipments.hpp>
#include <blongo/sync/write_back.hpp>

namespace blongo::sync {

/// The settings of [connections.X.shipments] with every status of BaseLinker as an id.
struct SendSettings {
    std::vector<map::CourierRule> rules;
    map::ParcelOptions parcels;
    plan::ShipmentChecks checks;
    OrderStatuses order_statuses; ///< status_on_error is shared with the orders flow
    OrderStatusId after_send, after_short_send;
};

// Kinds of due rows (state::Due) of this flow.
inline const std::string due_send = "send";         ///< key: Ongoing order id; a Send that nobody has handled yet
inline const std::string due_delivery = "delivery"; ///< key: "<order>:<number>"; the next step of a delivery
// Actions of intents of this flow.
inline const std::string book_action = "create_package";
inline const std::string macro_action = "run_macro";
inline const std::string register_action = "create_package_manual";
inline const std::string delete_action = "delete_package";
inline const std::string upload_action = "post_file";
inline const std::string print_action = "print_file";
inline const std::string work_action = "work"; ///< a claim, no write: work_claim.hpp

// Members of DeliveryRow::steps that state rebuild sets.
inline const std::string step_as_found = "as_found"; ///< an old one: what Ongoing lacks of it stays so
inline const std::string step_no_print = "no_print"; ///< its label is filed, and printed only when somebody asks
/// So long after the Send nobody stands at the packing table for its label.
inline constexpr std::chrono::hours packer_is_gone{24};

[[nodiscard]] std::string delivery_key(BaseOrderId order, std::int64_t number);
/// Key of the intents that book a delivery.
[[nodiscard]] std::string booking_key(BaseOrderId order, std::int64_t number);
/// Payload of a due Send. `fresh`: it is judged although nothing changed since it was refused.
[[nodiscard]] std::string send_payload(BaseOrderId order, json::Value wishes, bool fresh);

/// Sends before this are never booked by themselves: start_from, else since when this flow is enabled; of a connection
/// that never ran: now.
[[nodiscard]] Result<Timestamp> sends_from(Session& session);
/// The row among `known` of an order of Ongoing, by its id and number; nullptr: none is.
[[nodiscard]] const state::OrderRow* own_of(const ongoing::Order& order, const std::vector<state::OrderRow>& known);
/// The ledger's order that an order of Ongoing is of: its own among `known`, else that whose back order it is.
[[nodiscard]] Result<std::optional<state::OrderRow>> ledger_of(const ongoing::Order& order,
                                                               const std::vector<state::OrderRow>& known, state::Orders& ledger);

/// What the steps of sending share in one run. Nothing here makes a request by itself but settings(), at the first call,
/// if statuses are configured by name.
class SendContext {
public:
    SendContext(Flow& flow, const SendOptions& options);

    [[nodiscard]] Flow& flow() noexcept { return flow_; }
    [[nodiscard]] Session& session() noexcept { return flow_.session(); }
    [[nodiscard]] const SendOptions& options() const noexcept { return options_; }
    [[nodiscard]] bool dry_run() const noexcept { return flow_.dry_run(); }
    [[nodiscard]] const config::Shipments& config() { return flow_.session().connection().shipments; }
    [[nodiscard]] Timestamp now() { return flow_.session().runtime().clock.now(); }

    [[nodiscard]] state::Store& store() noexcept { return flow_.session().store(); }
    [[nodiscard]] state::Orders& orders() noexcept { return orders_; }
    [[nodiscard]] state::Deliveries& deliveries() noexcept { return deliveries_; }
    [[nodiscard]] state::Sightings& sightings() noexcept { return sightings_; }
    [[nodiscard]] state::Labels& labels() noexcept { return labels_; }
    [[nodiscard]] state::Intents& intents() noexcept { return intents_; }
    [[nodiscard]] state::Due& due() noexcept { return due_; }

    [[nodiscard]] baselinker::Couriers& couriers() noexcept { return couriers_; }
    [[nodiscard]] ongoing::Deliveries& warehouse() noexcept { return warehouse_; }
    [[nodiscard]] CourierForms& forms() noexcept { return forms_; }
    [[nodiscard]] StatusWriteBack& write_back() noexcept { return write_back_; }

    [[nodiscard]] Result<const SendSettings*> settings();
    /// sends_from(), asked once.
    [[nodiscard]] Result<Timestamp> start_from();
    /// Long enough for a call to a courier that began at an intent's send_deadline to have arrived: an intent that is
    /// older cannot become true any more.
    [[nodiscard]] Milliseconds longest_call() { return flow_.session().http().courier_timeout; }

    /// Whether the due row of a Send is still the one that was judged: nothing new was asked, and nobody else did it.
    [[nodiscard]] Result<bool> is_still_asked(const std::string& due_key, const std::string& payload);
    /// When the next step of a delivery is due; none: it has none. Takes part in an open transaction.
    [[nodiscard]] Result<void> next_step(const state::DeliveryRow& row, std::optional<Timestamp> at, int attempt = 0);
    /// What lets the request of an open intent leave: see departure.hpp.
    [[nodiscard]] http::Departure departure(std::int64_t intent);

    /// An action line of an order.
    [[nodiscard]] report::Action action(plan::Verb verb, BaseOrderId order, const OrderNumber& number, std::string reason) const;
    /// A line of the booking of a delivery that is not booked yet.
    void report_delivery(BaseOrderId order, const OrderNumber& number, plan::Outcome outcome, const std::string& detail);
    /// A line of a step ("label", "tracking", "print") of a delivery.
    void report_step(const state::DeliveryRow& row, const std::string& step, plan::Outcome outcome, const std::string& detail);

private:
    Flow& flow_;
    const SendOptions& options_;
    state::Orders orders_;
    state::Deliveries deliveries_;
    state::Sightings sightings_;
    state::Labels labels_;
    state::Intents intents_;
    state::Due due_;
    baselinker::Couriers couriers_;
    ongoing::Deliveries warehouse_;
    CourierForms forms_;
    StatusWriteBack write_back_;
    std::optional<SendSettings> settings_;
    std::optional<Timestamp> start_from_;
};

} // namespace blongo::sync
