// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include <blongo/map/order.hpp>
#include <blongo/plan/order_overlay.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/sync/flow.hpp>
#include <blongo/sync/order_ledger.hpp>
#include <blongo/sync/order_sources.hpp>

namespace blongo::sync {

/// The lines of an order of the ledger, by article.
[[nodiscard]] plan::Pieces pieces_of(const std::vector<state::OrderLineRow>& lines);
/// state::OrderRow::freed.
[[nodiscard]] plan::Pieces freed_of(const state::OrderRow& row);
void set_freed(state::OrderRow& row, const plan::Pieces& pieces);

/// Orders that share goods (flows.md Orders 11): merged ones, whose lines another order has now, and those that a split
/// or a copy made of another one. Keeps a line from being in the warehouse twice.
class OrderFamily {
public:
    OrderFamily(Flow& flow, const OrderSources& sources, const map::OrderOptions& options);

    /// What the journal told of splits and copies of the ledger's orders is remembered.
    [[nodiscard]] Result<void> learn();

    /// An imported order that BaseLinker has no more, and whose pieces an order gained; several share what it gained.
    struct Vanished {
        state::OrderRow row;
        bool proven = false; ///< this was not the first look, or the journal says so
    };
    /// Where vanished orders are looked for. `likely`: among those with a line that the document has, those of its receiver,
    /// and those that a look or the journal tells to be gone; `all`: after these also among all that are not finished.
    enum class Among : std::uint8_t { likely, all };
    /// `document`: of the order that gained them. Orders that this run has not read are looked at by their id, a few a run;
    /// a line of the document that has the row number of another order's line is a sign as good as the pieces.
    [[nodiscard]] Result<std::vector<Vanished>> vanished_into(const map::OrderDocument& document, plan::Pieces gained,
                                                              Among among);
    /// An order of the ledger that was sent and takes no changes any more has these pieces beyond its own in BaseLinker.
    void note_gain(BaseOrderId order, plan::Pieces gained) { gains_.insert_or_assign(order, std::move(gained)); }
    /// The order of note_gain() that has the lines of an order that BaseLinker has no more; 0: none has.
    [[nodiscard]] Result<BaseOrderId> holder_of(const state::OrderRow& gone);
    /// All that are absent by this run's looks.
    [[nodiscard]] std::set<BaseOrderId> absent() const;
    /// An order whose merge is not decided yet: it is not cancelled by this run.
    void keep(BaseOrderId order) { kept_.insert(order); }
    [[nodiscard]] bool is_kept(BaseOrderId order) const { return kept_.contains(order); }
    /// Whether every order that may have the lines of another one was read.
    [[nodiscard]] bool all_read() const noexcept { return sources_.has_swept(); }
    /// Of how many imported orders this run knows whether BaseLinker has them.
    [[nodiscard]] std::size_t looked_at() const {
        return sources_.watched_looked_at() + looked_present_.size() + looked_absent_.size();
    }

    /// What a new order has to do with orders of the ledger.
    struct Kinship {
        BaseOrderId waits_for; ///< the order whose reduction has to come first; 0: it may go
        TakenPieces takes;
    };
    [[nodiscard]] Result<Kinship> kinship_of(const baselinker::Order& order, const map::OrderDocument& document);
    /// The order waits: its lines are remembered, since they may go into another order by a merge, which then has to wait
    /// for the same pieces.
    [[nodiscard]] Result<void> remember_waiting(const map::OrderDocument& document, BaseOrderId waits_for);
    /// What an order with these gains has to do with waiting orders that BaseLinker merged into it.
    [[nodiscard]] Result<OrderDebt> debt_of(const map::OrderDocument& document, const plan::Pieces& gained);
    /// The gains are in Ongoing.
    [[nodiscard]] Result<void> paid(BaseOrderId order, const OrderDebt& debt);
    /// Whether an order of the ledger shares its number or its lines with this one.
    [[nodiscard]] Result<bool> has_relatives(const baselinker::Order& order);
    /// The order is in Ongoing. Takes part in an open transaction.
    [[nodiscard]] Result<void> took_over(BaseOrderId order, const TakenPieces& takes);
    /// The order is not to be sent any more.
    [[nodiscard]] Result<void> forget(BaseOrderId order);

private:
    /// Once for a state that a version before schema 10 wrote.
    [[nodiscard]] Result<void> fill_receivers();
    [[nodiscard]] Result<void> load_pieces(const std::vector<BaseOrderId>& orders);
    /// Orders that were closed before are not looked for among merged ones.
    [[nodiscard]] Timestamp closed_from() const;
    /// In Ongoing, and not finished or for not longer than merged orders are looked for.
    [[nodiscard]] bool is_living(const state::OrderRow& row) const;
    [[nodiscard]] Result<std::set<BaseOrderId>> living_of(const std::set<BaseOrderId>& orders);
    /// Of the living orders: those with a line that the document has, too (of several the oldest);
    [[nodiscard]] Result<std::set<BaseOrderId>> owners_of_lines(const map::OrderDocument& document);
    /// those that go to the same receiver;
    [[nodiscard]] Result<std::vector<BaseOrderId>> of_same_receiver(const map::OrderDocument& document);
    /// those that a look or the journal tells to be gone (living_gone_).
    [[nodiscard]] Result<void> look_up_gone();
    /// All that are not finished (watched_), also where this run reads named orders only.
    [[nodiscard]] Result<void> look_up_watched();
    /// What this run has seen of it so far; nullopt: nothing.
    [[nodiscard]] std::optional<bool> known_absent(BaseOrderId order) const;
    /// Nullopt: not known, and no look is left.
    [[nodiscard]] Result<std::optional<bool>> is_absent(BaseOrderId order);
    struct Relative {
        state::OrderRow row;
        bool named = false; ///< the journal says that the order was made of this one
    };
    /// Those that the journal names come first.
    [[nodiscard]] Result<std::vector<Relative>> relatives_of(const baselinker::Order& order);
    [[nodiscard]] Result<bool> changed_since_import(const state::OrderRow& parent);

    Flow& flow_;
    const OrderSources& sources_;
    const map::OrderOptions& options_;
    state::Orders ledger_;
    std::map<BaseOrderId, BaseOrderId> merged_; ///< the journal says which order has the lines of another one
    std::map<BaseOrderId, plan::Pieces> gains_;
    std::set<BaseOrderId> looked_present_, looked_absent_, kept_;
    bool receivers_filled_ = false;
    std::size_t looks_ = 0;
    std::set<BaseOrderId> gone_, living_gone_;
    std::optional<std::vector<BaseOrderId>> watched_;
    std::map<BaseOrderId, plan::Pieces> pieces_; ///< of orders that were looked at, as the ledger had them
};

} // namespace blongo::sync
