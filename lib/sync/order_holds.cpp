// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/order_holds.hpp>

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/plan/order_life.hpp>
#include <blongo/state/intents.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/sync/acting_person.hpp>
#include <blongo/sync/flow.hpp>
#include <blongo/sync/order_ledger.hpp>
#include <blongo/sync/order_settings.hpp>

namespace blongo::sync {

namespace {

constexpr std::string_view cause = "on_hold";

map::Rejection rejection(const state::HoldRow& hold, const std::string& zone) {
    const std::string key = fmt::to_string(hold.order_id);
    return {std::string(cause), key, "orders", hold_words(hold, zone), key, {}};
}

/// One order that is to be put on hold, on both sides.
struct Sides {
    std::optional<baselinker::Order> order;
    std::optional<state::OrderRow> known;
    std::optional<ongoing::Order> there;
    bool being_sent = false; ///< a run is at it right now, or nobody knows whether it arrived
};

class HoldDesk {
public:
    explicit HoldDesk(Flow& flow)
        : flow_(flow), session_(flow.session()), holds_(session_.store(), session_.key()),
          ledger_(session_.store(), session_.key()) {}

    Result<void> hold_all(const std::vector<BaseOrderId>& ids, const std::string& reason) {
        StatusNames resolve(session_);
        const auto& settings = session_.connection().orders;
        BLONGO_TRY(cancelled_, resolve_cancel_statuses(session_, resolve));
        for (const auto& status : settings.finished_statuses) {
            BLONGO_TRY(const auto id, resolve(status));
            finished_.insert(id);
        }
        for (const auto& id : ids) BLONGO_CHECK(hold(id, reason));
        return {};
    }

    Result<void> unhold_all(const std::vector<BaseOrderId>& ids) {
        for (const auto& id : ids) BLONGO_CHECK(unhold(id));
        return {};
    }

private:
    Result<Sides> look(BaseOrderId id) {
        Sides sides;
        BLONGO_TRY(sides.known, ledger_.find(id));
        BLONGO_TRY(auto page, session_.baselinker().get_order(id));
        if (!page.orders.empty()) sides.order = std::move(page.orders.front());
        if (!sides.known) return sides;
        const std::vector<OrderNumber> number{sides.known->number};
        BLONGO_TRY(auto found, session_.ongoing().find_orders(number));
        if (!found.empty()) sides.there = std::move(found.front());
        return sides;
    }

    /// Why a hold would change nothing; empty: it would.
    std::string pointless(const Sides& sides) const {
        if (sides.there) {
            const std::string status = fmt::format("status {} {}", sides.there->status_number, sides.there->status_text);
            if (sides.there->status_number == plan::cancelled_in_ongoing) return "it is cancelled in Ongoing: " + status;
            const auto lowest = plan::lowest_sent(session_.connection().shipments.send);
            if (sides.there->status_number >= lowest) return "the warehouse has sent it: " + status;
        }
        if (sides.known && sides.known->state == state::OrderState::finished_before_adoption)
            return "it was finished before blongo adopted it";
        if (!sides.order) return "BaseLinker has no such order any more: deleted, or merged into another one";
        const auto status = sides.order->order_status_id;
        if (cancelled_.contains(status)) return fmt::format("it is cancelled in BaseLinker: status {}", status);
        if (finished_.contains(status)) return fmt::format("it is finished in BaseLinker: status {}", status);
        return {};
    }

    /// What a hold of this order does, and what it cannot do.
    std::string consequence(const Sides& sides, BaseOrderId id) const {
        const std::string until = fmt::format("until blongo orders unhold {}", id);
        if (sides.there)
            return fmt::format("neither changed in Ongoing nor booked {}; the warehouse has it as {} (status {} {}) and "
                               "can still pick it: tell the warehouse",
                               until, sides.there->order_number, sides.there->status_number, sides.there->status_text);
        if (sides.being_sent)
            return fmt::format("a run is sending it right now: it may be in Ongoing in a moment, and be picked there; neither "
                               "changed nor booked {}",
                               until);
        if (sides.known)
            return fmt::format("gone from Ongoing, where blongo sent it as {}; neither sent again nor booked {}",
                               sides.known->number, until);
        return "not sent to Ongoing " + until;
    }

    Result<void> hold(BaseOrderId id, const std::string& reason) {
        auto line = flow_.action(plan::Verb::update, fmt::to_string(id), "hold");
        BLONGO_TRY(auto sides, look(id));
        if (!sides.order && !sides.known)
            return fail(ErrorKind::not_found, fmt::format("BaseLinker has no order {}", id), {},
                        fmt::format("blongo find {}", id));
        if (sides.known) line.order_number = sides.known->number.value();
        if (std::string why = pointless(sides); !why.empty()) {
            line.outcome = plan::Outcome::rejected;
            line.detail = std::move(why);
            flow_.report(line);
            return {};
        }
        BLONGO_TRY(const auto before, holds_.find(id));
        if (before && (reason.empty() || reason == before->reason)) {
            line.verb = plan::Verb::same;
            line.detail = hold_words(*before, session_.connection().time_zone);
            flow_.report(line);
            return {};
        }
        if (!flow_.dry_run()) {
            const Runtime& runtime = session_.runtime();
            BLONGO_TRY([[maybe_unused]] const bool is_new, holds_.put({id, runtime.clock.now(), acting_person(runtime), reason}));
            // A run that opened its write before this row was there may not have seen it: it is said.
            BLONGO_TRY(const auto open, state::Intents(session_.store(), session_.key()).find(order_intent_key(id)));
            sides.being_sent = open.has_value();
        }
        line.detail = consequence(sides, id);
        if (!line.dry_run && (sides.there || sides.being_sent))
            session_.runtime().reporter.warning(session_.connection().name, fmt::format("order {}: {}", id, line.detail));
        flow_.report(line);
        return {};
    }

    Result<void> unhold(BaseOrderId id) {
        auto line = flow_.action(plan::Verb::update, fmt::to_string(id), "unhold");
        BLONGO_TRY(const auto before, holds_.find(id));
        if (!before) {
            line.verb = plan::Verb::same;
            line.detail = "not on hold";
            flow_.report(line);
            return {};
        }
        line.detail = fmt::format("was {}; the next run goes on with it", hold_words(*before, session_.connection().time_zone));
        if (!flow_.dry_run()) {
            BLONGO_CHECK(session_.store().in_transaction([&]() -> Result<void> {
                BLONGO_TRY([[maybe_unused]] const bool was, holds_.release(id));
                return judge_again(id);
            }));
        }
        flow_.report(line);
        return {};
    }

    /// What the hold kept is due at once.
    Result<void> judge_again(BaseOrderId id) {
        state::Parked parked(session_.store(), session_.key());
        for (const std::string flow : {"orders", "shipments"}) {
            BLONGO_TRY(const auto row, parked.find(flow, fmt::to_string(id)));
            if (!row || row->cause != cause) continue;
            BLONGO_TRY([[maybe_unused]] const bool marked, parked.retry_now(flow, row->key));
        }
        return {};
    }

    Flow& flow_;
    Session& session_;
    state::Holds holds_;
    state::Orders ledger_;
    std::set<OrderStatusId> cancelled_, finished_;
};

report::Summary act(const config::Config& config, const config::Connection& connection, FlowOptions options,
                    const Runtime& runtime, const std::function<Result<void>(HoldDesk&)>& body) {
    options.explicit_objects = true;
    auto session = Session::open(config, connection, state::BudgetClass::orders, options.dry_run, runtime);
    if (!session) return failed_summary(connection.name, "orders", options, session.error());
    Flow flow(**session, "orders", options);
    if (const auto begun = flow.begin(); !begun) return failed_summary(connection.name, "orders", options, begun.error());
    HoldDesk desk(flow);
    return finish_action(flow, body(desk));
}

} // namespace

std::string hold_words(const state::HoldRow& hold, const std::string& zone) {
    std::string words = "on hold since " + format_local(hold.since, zone);
    if (!hold.who.empty()) words += ", by " + hold.who;
    return hold.reason.empty() ? words : words + ": " + hold.reason;
}

Result<std::optional<map::Rejection>> held(Session& session, BaseOrderId order) {
    BLONGO_TRY(const auto all, held_of(session, std::span(&order, 1)));
    if (all.empty()) return std::optional<map::Rejection>{};
    return std::optional{all.begin()->second};
}

Result<std::map<BaseOrderId, map::Rejection>> held_of(Session& session, std::span<const BaseOrderId> orders) {
    BLONGO_TRY(const auto rows, state::Holds(session.store(), session.key()).find_many(orders));
    std::map<BaseOrderId, map::Rejection> out;
    for (const auto& row : rows) out.emplace(row.order_id, rejection(row, session.connection().time_zone));
    return out;
}

report::Summary hold_orders(const config::Config& config, const config::Connection& connection,
                            const std::vector<BaseOrderId>& ids, const std::string& reason, const FlowOptions& options,
                            const Runtime& runtime) {
    return act(config, connection, options, runtime, [&](HoldDesk& desk) { return desk.hold_all(ids, reason); });
}

report::Summary unhold_orders(const config::Config& config, const config::Connection& connection,
                              const std::vector<BaseOrderId>& ids, const FlowOptions& options, const Runtime& runtime) {
    return act(config, connection, options, runtime, [&](HoldDesk& desk) { return desk.unhold_all(ids); });
}

} // namespace blongo::sync
