// SPDX-License-Identifier: Apache-2.0
// What `orders sync` would change, order by order: the sync's own computation (compute_update), without its writes.
#include <blongo/sync/order_diff.hpp>

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include <blongo/map/order_marks.hpp>
#include <blongo/plan/admission.hpp>
#include <blongo/plan/order_life.hpp>
#include <blongo/sync/catalogue_slice.hpp>
#include <blongo/sync/order_backfill.hpp>
#include <blongo/sync/order_changes.hpp>
#include <blongo/sync/order_holds.hpp>
#include <blongo/sync/order_settings.hpp>
#include <blongo/sync/settings.hpp>

namespace blongo::sync {

namespace {

constexpr std::string_view kept = "kept";
const std::string whole = "order";

std::string shown(const json::Value& value) {
    return value.is_object() || value.is_array() ? value.dump() : std::string(value.text());
}

std::string status_words(const ongoing::Order& order) {
    return fmt::format("status {} {}", order.status_number, order.status_text);
}

class OrderDiff {
public:
    OrderDiff(Flow& flow, const OrderDifferenceSink& sink)
        : flow_(flow), session_(flow.session()), sink_(sink), options_(order_map_options(session_.connection())),
          ledger_(session_.store(), session_.key()), slice_(flow), backfilled_(flow) {}

    Result<void> run(const std::vector<BaseOrderId>& ids) {
        BLONGO_TRY(statuses_, resolve_order_statuses(session_));
        BLONGO_CHECK(backfilled_.load());
        const auto equal_lines = state::Cursors(session_.store(), session_.key()).get("orders.equal_lines");
        options_.merge_equal_lines = equal_lines && *equal_lines && **equal_lines == "merged";
        if (ids.empty()) return all();
        for (const auto& id : ids) {
            BLONGO_TRY(const auto order, read(id));
            BLONGO_TRY(const auto row, ledger_.find(id));
            if (!order && !row)
                return fail(ErrorKind::not_found, fmt::format("neither BaseLinker nor blongo knows an order {}", id), {},
                            fmt::format("blongo find {}", id));
            BLONGO_CHECK(one(order ? &*order : nullptr, row ? &*row : nullptr));
        }
        return {};
    }

private:
    Result<std::optional<baselinker::Order>> read(BaseOrderId id) {
        BLONGO_TRY(auto page, session_.baselinker().get_order(id));
        if (page.orders.empty()) return std::optional<baselinker::Order>{};
        return std::optional{std::move(page.orders.front())};
    }

    /// Orders of the ledger that are not finished: whole statuses are read, then what none of them brought.
    Result<void> all() {
        BLONGO_TRY(const auto rows, ledger_.watched());
        std::map<BaseOrderId, const state::OrderRow*> open;
        for (const auto& row : rows) open.emplace(row.order_id, &row);
        std::set<OrderStatusId> statuses = statuses_.accepted;
        statuses.merge(statuses_.watched());
        const std::size_t total = open.size();
        for (const auto& status : statuses) {
            if (open.empty()) return {};
            baselinker::OrderQuery query;
            query.status_id = status;
            BLONGO_CHECK(session_.baselinker().each_order(
                query,
                [&](baselinker::Order&& order) -> Result<void> {
                    const auto row = open.find(order.order_id);
                    if (row == open.end()) return {};
                    const state::OrderRow known = *row->second;
                    open.erase(row);
                    flow_.progress("comparing orders", total - open.size(), total);
                    return one(&order, &known);
                },
                [&](baselinker::BadOrder&& bad) -> Result<void> {
                    open.erase(bad.order_id);
                    return {};
                }));
        }
        for (const auto& [id, row] : open) {
            if (session_.out_of_time()) {
                flow_.incomplete();
                return {};
            }
            BLONGO_TRY(const auto order, read(id));
            BLONGO_CHECK(one(order ? &*order : nullptr, row));
        }
        return {};
    }

    void tell(BaseOrderId id, const OrderNumber& number, std::string member, std::string ours, std::string theirs,
              std::string verdict) {
        if (verdict != kept) ++flow_.summary().differences;
        const bool own = is_own(member);
        sink_({id, number.value(), std::move(member), std::move(ours), std::move(theirs), std::move(verdict), own});
    }

    /// "orderLines[11].comment" is a line's member.
    bool is_own(std::string_view member) const {
        const auto dot = member.starts_with("orderLines[") ? member.find("].") : std::string_view::npos;
        const auto& own = dot == std::string_view::npos ? options_.own_members : options_.own_line_members;
        if (dot != std::string_view::npos) member.remove_prefix(dot + 2);
        return std::ranges::any_of(own, [&](const OwnMember& one) { return one.member->path == member; });
    }

    Result<void> one(const baselinker::Order* order, const state::OrderRow* row) {
        if (session_.runtime().stop.requested()) return fail(ErrorKind::stopped, "stopped while comparing orders");
        if (row == nullptr) return unknown(*order);
        const bool is_cancelled = order == nullptr || statuses_.cancel.contains(order->order_status_id);
        if (is_cancelled) return cancelled(order, *row);
        const std::string base = fmt::format("status {}", order->order_status_id);
        if (!map::is_same_order(row->identity, map::order_identity(*order))) {
            tell(row->order_id, row->number, whole, "another order", "the order of before", "identity_changed");
            return {};
        }
        if (row->state == state::OrderState::cancelled) {
            if (order->confirmed && statuses_.waits(order->order_status_id))
                tell(row->order_id, row->number, whole, base, "cancelled", "cancelled_came_back");
            return {};
        }
        if (row->state != state::OrderState::imported || row->closed_at != Timestamp{}) return {};
        if (!order->confirmed) {
            tell(row->order_id, row->number, whole, "not confirmed", "", "not_confirmed");
            return {};
        }
        // What the sync goes by: the same marks are no change, whatever people edited in Ongoing.
        const bool same = !row->source_mark.empty() && row->source_mark == map::order_source_mark(*order, options_);
        return same ? Result<void>{} : changed(*order, *row);
    }

    Result<map::MappedOrder> mapped(const baselinker::Order& order, int attempt) {
        const auto ids = map::ids_to_look_up(order);
        BLONGO_CHECK(slice_.load({ids.begin(), ids.end()}));
        return map::map_order(order, options_, map::lookup_in(slice_.catalogue()), attempt);
    }

    Result<void> changed(const baselinker::Order& order, const state::OrderRow& row) {
        BLONGO_TRY(const auto became, mapped(order, row.attempt));
        if (!became.document) {
            const auto& why = became.rejected;
            tell(row.order_id, row.number, whole, why.empty() ? "lines of other warehouses only" : why.front().reason, "",
                 why.empty() ? "foreign_lines" : why.front().cause);
            return {};
        }
        if (became.document->fingerprint() == row.fingerprint) return {};
        BLONGO_TRY(const auto computed, compute_update(session_, row, *became.document));
        if (!computed) {
            tell(row.order_id, row.number, whole, fmt::format("status {}", order.order_status_id), "", "remote_rejected");
            return {};
        }
        const auto& there = computed->there;
        if (there.status_number == plan::cancelled_in_ongoing) {
            tell(row.order_id, row.number, whole, fmt::format("status {}", order.order_status_id), status_words(there),
                 "cancelled_came_back");
            return {};
        }
        BLONGO_TRY(const auto hold, held(session_, row.order_id));
        for (const auto& change : computed->overlay.changes)
            tell(row.order_id, row.number, change.member, shown(change.after), shown(change.before),
                 hold ? std::string("on_hold") : verdict_of(change.member, there.status_number));
        for (const auto& member : computed->overlay.kept) tell_kept(*became.document, there, row, member);
        return {};
    }

    std::string verdict_of(const std::string& member, std::int64_t status) const {
        if (plan::changeable(status) != plan::Changeable::no) return "update";
        static const std::map<std::string, std::string> patched{
            {"servicePointCode", "service_point"}, {"orderRemark", "remark"}, {"warehouseInstruction", "instruction"}};
        const auto setting = patched.find(member);
        const auto& wanted = session_.connection().orders.patch_when_started;
        const bool open = status < plan::lowest_sent(session_.connection().shipments.send);
        const bool patches = open && setting != patched.end() && std::ranges::find(wanted, setting->second) != wanted.end();
        return patches ? "patch" : "locked";
    }

    void tell_kept(const map::OrderDocument& document, const ongoing::Order& there, const state::OrderRow& row,
                   const std::string& member) {
        const json::Value* ours = document.find(member);
        std::string theirs;
        if (const auto held_there = ongoing::post_model_of_order(there.document)) theirs = shown(held_there->at_path(member));
        tell(row.order_id, row.number, member, ours == nullptr ? "" : shown(*ours), theirs, std::string(kept));
    }

    Result<void> cancelled(const baselinker::Order* order, const state::OrderRow& row) {
        if (row.state != state::OrderState::imported || row.closed_at != Timestamp{}) return {};
        BLONGO_TRY(const auto there, session_.ongoing().get_order(row.ongoing_id));
        if (!there || there->status_number == plan::cancelled_in_ongoing) return {};
        const bool possible = plan::changeable(there->status_number) != plan::Changeable::no;
        tell(row.order_id, row.number, whole,
             order == nullptr ? "not there" : fmt::format("cancelled, status {}", order->order_status_id), status_words(*there),
             possible ? "cancel" : "locked");
        return {};
    }

    /// An order that the ledger does not know, and that Ongoing may have from somebody else.
    Result<void> unknown(const baselinker::Order& order) {
        const OrderNumber number = map::order_number(options_, order.order_id);
        const std::string base = fmt::format("status {}", order.order_status_id);
        const std::vector<OrderNumber> numbers{number};
        BLONGO_TRY(const auto found, session_.ongoing().find_orders(numbers));
        BLONGO_TRY(const auto became, mapped(order, 1));
        if (!found.empty()) return exists(order, number, found.front(), became);
        auto rules = admission_rules(session_.connection().orders, statuses_);
        if (backfilled_.waiting().contains(order.order_id)) rules = plan::lifted(std::move(rules));
        const std::string cause = flow_.cause_of(fmt::to_string(order.order_id));
        const bool moved = !cause.empty() && statuses_.is_error_status(order.order_status_id);
        if (plan::admit(order, rules, moved, session_.runtime().clock.now()) != plan::Admission::admit) return {};
        BLONGO_TRY(const auto hold, held(session_, order.order_id));
        std::string verdict = hold ? "on_hold" : cause.empty() ? "create" : cause;
        if (!became.rejected.empty()) verdict = became.rejected.front().cause;
        if (!became.skipped) tell(order.order_id, number, whole, base, "", std::move(verdict));
        return {};
    }

    Result<void> exists(const baselinker::Order& order, const OrderNumber& number, const ongoing::Order& there,
                        const map::MappedOrder& became) {
        const std::string verdict = "exists_in_warehouse";
        if (there.goods_owner_order_id != fmt::to_string(order.order_id))
            tell(order.order_id, number, "goodsOwnerOrderId", fmt::to_string(order.order_id), there.goods_owner_order_id,
                 verdict);
        const auto held_there = ongoing::post_model_of_order(there.document);
        if (!became.document || !held_there) return {};
        const json::Value nothing =
            json::Value::object().set("members", json::Value::object()).set("lines", json::Value::object());
        const auto overlay = plan::overlay_order(*held_there, *became.document, nothing, ongoing::reads_back_of_order);
        for (const auto& change : overlay.changes)
            if (change.member != "goodsOwnerOrderId")
                tell(order.order_id, number, change.member, shown(change.after), shown(change.before), verdict);
        return {};
    }

    Flow& flow_;
    Session& session_;
    const OrderDifferenceSink& sink_;
    map::OrderOptions options_;
    state::Orders ledger_;
    CatalogueSlice slice_;
    BackfilledOrders backfilled_;
    OrderStatuses statuses_;
};

} // namespace

report::Summary diff_orders(const config::Config& config, const config::Connection& connection,
                            const std::vector<BaseOrderId>& ids, const OrderDifferenceSink& sink, const Runtime& runtime) {
    FlowOptions options = FlowOptions::looking();
    options.explicit_objects = !ids.empty();
    auto session = Session::open(config, connection, state::BudgetClass::orders, true, runtime);
    if (!session) return failed_summary(connection.name, "orders", options, session.error());
    Flow flow(**session, "orders", options);
    if (const auto begun = flow.begin(); !begun) return failed_summary(connection.name, "orders", options, begun.error());
    OrderDiff diff(flow, sink);
    return finish_action(flow, diff.run(ids));
}

} // namespace blongo::sync
