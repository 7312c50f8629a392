// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <blongo/ongoing/delivery_wire.hpp>
#include <blongo/sync/send_context.hpp>

namespace blongo::sync {

/// An order of Ongoing that was sent, with its files.
struct SentOrder {
    ongoing::Order there;
    plan::SendMeaning meaning = plan::SendMeaning::not_sent;
    std::vector<ongoing::OrderFile> files;
    Timestamp sent_at;   ///< when Send was pressed: shippedTime, else when it was packed, else now
    bool is_old = false; ///< it was sent before start_from, or so long ago that nobody waits for its label
};

/// A delivery as a lost state would have held it, and the labels whose bytes Ongoing gives back.
struct LearntDelivery {
    state::DeliveryRow row;
    std::vector<std::pair<state::LabelRow, std::string>> labels;
    bool is_old = false; ///< SentOrder
};

/// Makes the rows of deliveries that state rebuild remembers again. Reads; keeps nothing.
class LearntDeliveries {
public:
    explicit LearntDeliveries(SendContext& context) : context_(context) {}

    /// Fills in sent_at and is_old.
    void date(SentOrder& sent);
    /// A package that is of this order: cancelled, done (of an old Send: what Ongoing lacks of it stays so), or with what
    /// is left to do, which does not print. `takes_the_goods`: the first one that stands.
    [[nodiscard]] Result<LearntDelivery> with_package(BaseOrderId id, std::int64_t number,
                                                      const baselinker::OrderPackage& package, const SentOrder& sent,
                                                      bool takes_the_goods);
    /// One that needs no package, or of which nobody knows whether it has one (`due`).
    [[nodiscard]] LearntDelivery without_package(BaseOrderId id, std::int64_t number, const SentOrder& sent,
                                                 state::DeliveryState state);
    /// Whether the order is one of a rule whose number another integration makes: it is registered, never bought.
    [[nodiscard]] Result<bool> is_only_registered(BaseOrderId id, const SentOrder& sent);

private:
    [[nodiscard]] state::DeliveryRow row_of(BaseOrderId id, std::int64_t number, const SentOrder& sent);
    [[nodiscard]] Result<void> learn_rule(state::DeliveryRow& row, const baselinker::OrderPackage& package, const SentOrder& sent,
                                          json::Value& steps);
    [[nodiscard]] Result<const map::CourierRule*> rule_by_facts(BaseOrderId id, const SentOrder& sent);
    void read_labels(LearntDelivery& learnt, const SentOrder& sent);

    SendContext& context_;
};

} // namespace blongo::sync
