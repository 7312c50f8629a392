// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <blongo/baselinker/couriers.hpp>
#include <blongo/map/order.hpp>
#include <blongo/plan/preflight.hpp>
#include <blongo/state/forecasts.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/sync/courier_forms.hpp>
#include <blongo/sync/flow.hpp>

namespace blongo::sync {

/// orders.preflight: every new or changed order is run through its courier rule hours before a packer meets it (flows.md
/// Orders 8). Makes no request: a courier's form is used where a send kept it within the last day. What is foreseen stands
/// in the state until it is mended or the order was sent. With preflight = "off", without courier rules, or while nothing
/// is booked, nothing is judged.
class Preflight {
public:
    explicit Preflight(Flow& flow);

    /// A new order that is about to be created. With preflight = "park" why it is not to be; otherwise what is foreseen
    /// is recorded, and noted in the document. It counts as soon as the order is in the ledger.
    [[nodiscard]] Result<std::optional<map::Rejection>> judge_new(const baselinker::Order& order, map::OrderDocument& document);
    /// An order of Ongoing that changed, with its new document: recorded and noted. Never holds an update up: it would
    /// mend nothing.
    [[nodiscard]] Result<void> judge_changed(const baselinker::Order& order, map::OrderDocument& document);
    /// An order of the ledger seen again, unchanged, with its row as it was before: judged if something was foreseen of it,
    /// or if the rules changed since it was seen last.
    [[nodiscard]] Result<void> look_again(const baselinker::Order& order, const state::OrderRow& row);
    /// The end of a run: what is settled is forgotten, and the rest counted in the summary.
    [[nodiscard]] Result<void> finish();

private:
    [[nodiscard]] bool judges() const;
    [[nodiscard]] Result<void> begin();
    [[nodiscard]] Result<void> note_rules();
    [[nodiscard]] Result<std::vector<plan::Failure>> judge(const baselinker::Order& order, const ongoing::Order& foreseen);
    [[nodiscard]] Result<void> record(BaseOrderId order, const OrderNumber& number, const std::vector<plan::Failure>& failures);
    [[nodiscard]] Result<ongoing::Order> foreseen_of(const baselinker::Order& order, const state::OrderRow& row);

    Flow& flow_;
    state::Forecasts forecasts_;
    baselinker::Couriers couriers_;
    CourierForms forms_;
    bool begun_ = false;
    Timestamp rules_since_; ///< since when the rules are as they are
    std::vector<map::CourierRule> rules_;
    plan::PreflightOptions options_;
    std::map<BaseOrderId, std::string> foreseen_; ///< cause by order, as it stands in the state
};

} // namespace blongo::sync
