// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/order_writer.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/map/order_marks.hpp>
#include <blongo/plan/order_life.hpp>
#include <blongo/sync/order_actions.hpp>
#include <blongo/sync/order_holds.hpp>
#include <blongo/sync/order_ledger.hpp>
#include <blongo/sync/settings.hpp>

namespace blongo::sync {

namespace {

constexpr std::size_t batch_size = ongoing::limits::numbers_per_lookup;
constexpr Milliseconds fresh_for{60'000}; ///< flows.md Orders 11: an older page is read again before a create

} // namespace

OrderWriter::OrderWriter(Flow& flow, const OrderStatuses& statuses, const plan::AdmissionRules& rules,
                         BackfilledOrders& backfilled, const OrderSources& sources)
    : flow_(flow), statuses_(statuses), rules_(rules), lifted_rules_(plan::lifted(rules)), backfilled_(backfilled),
      sources_(sources), map_options_(order_map_options(flow.session().connection())), slice_(flow),
      on_demand_(flow.session(), flow.options(), slice_, map_options_), write_back_(flow),
      records_(flow, statuses, write_back_, backfilled), take_over_(flow, records_, sources),
      reimport_(flow, statuses, backfilled), family_(flow, sources, map_options_),
      changes_(flow, statuses, write_back_, records_, family_, map_options_), warehouse_(flow, statuses, write_back_),
      preflight_(flow), ledger_(flow.session().store(), flow.session().key()) {}

Result<void> OrderWriter::process(std::vector<baselinker::Order> orders, Timestamp read_at) {
    map_options_.merge_equal_lines = merges_equal_lines();
    BLONGO_CHECK(family_.learn());
    plan::oldest_first(orders);
    std::size_t done = 0;
    const std::size_t total = orders.size();
    for (std::size_t from = 0; from < total; from += batch_size) {
        const auto begin = orders.begin() + static_cast<std::ptrdiff_t>(from);
        const auto end = orders.begin() + static_cast<std::ptrdiff_t>(std::min(total, from + batch_size));
        BLONGO_CHECK(process_batch({std::make_move_iterator(begin), std::make_move_iterator(end)}, read_at));
        flow_.progress("orders", done += static_cast<std::size_t>(end - begin), total);
        if (flow_.session().out_of_time()) {
            flow_.incomplete();
            break;
        }
    }
    return {};
}

Result<void> OrderWriter::finish(Timestamp read_at) {
    BLONGO_CHECK(warehouse_.finish());
    BLONGO_CHECK(flow_.dry_run() ? write_back_.flush() : write_back_.finish());
    BLONGO_CHECK(changes_.cancel_absent(read_at)); // last: its brake ends the run
    return write_back_.flush();
}

Result<void> OrderWriter::process_batch(std::vector<baselinker::Order> orders, Timestamp read_at) {
    std::vector<BaseOrderId> ids;
    for (const auto& order : orders) ids.push_back(order.order_id);
    BLONGO_TRY(const auto rows, ledger_.find_many(ids));
    KnownOrders known;
    for (const auto& row : rows) known.emplace(row.order_id, &row);

    std::vector<baselinker::Order> fresh, changed;
    for (auto& order : orders) {
        const auto row = known.find(order.order_id);
        const state::OrderRow* ledger = row == known.end() ? nullptr : row->second;
        BLONGO_TRY(bool anew, is_sent_anew(order, ledger));
        if (!anew && backfilled_.only_anew()) continue; // refused, and nothing else was asked for
        if (!anew && ledger != nullptr) {
            BLONGO_TRY(anew, has_vanished(order, *ledger));
        }
        Way way = Way::create;
        if (!anew) {
            BLONGO_TRY(way, way_of(order, ledger));
        }
        if (way == Way::create)
            fresh.push_back(std::move(order));
        else if (way == Way::change)
            changed.push_back(std::move(order));
    }
    if (!flow_.dry_run() && !seen_.empty()) BLONGO_CHECK(ledger_.touch(seen_, flow_.session().runtime().clock.now()));
    seen_.clear();
    BLONGO_CHECK(records_.keep_held(fresh));
    if (!changed.empty()) {
        BLONGO_TRY(auto items, map_orders(std::move(changed), known));
        BLONGO_CHECK(need_articles(items));
        BLONGO_CHECK(change(std::move(items)));
    }
    if (fresh.empty()) return write_back_.flush();

    BLONGO_TRY(auto items, map_orders(std::move(fresh), {}));
    BLONGO_CHECK(take_over_.look(items));
    BLONGO_CHECK(need_articles(items));
    for (auto& item : items) {
        if (flow_.session().out_of_time()) {
            flow_.incomplete();
            break;
        }
        if (flow_.limit_reached()) {
            flow_.report(flow_.action(plan::Verb::skip, fmt::to_string(item.order.order_id), "limit"));
            continue;
        }
        if (flow_.session().runtime().clock.now() - read_at > fresh_for) {
            BLONGO_TRY(const bool still, read_again(item));
            if (!still) continue;
        }
        BLONGO_TRY(const bool goes, may_go(item));
        if (goes) BLONGO_CHECK(create(item));
    }
    return write_back_.flush();
}

Result<void> OrderWriter::change(std::vector<OrderItem> items) {
    for (auto& item : items) {
        if (flow_.session().out_of_time()) {
            flow_.incomplete();
            break;
        }
        if (flow_.limit_reached()) {
            flow_.report(flow_.action(plan::Verb::skip, fmt::to_string(item.order.order_id), "limit"));
            continue;
        }
        // As it stands now: an order of the same batch may have changed it.
        BLONGO_TRY(const auto row, ledger_.find(item.order.order_id));
        if (!row) continue;
        BLONGO_CHECK(preflight_.judge_changed(item.order, item.document));
        BLONGO_CHECK(changes_.update(item, *row));
    }
    return {};
}

Result<bool> OrderWriter::is_sent_anew(const baselinker::Order& order, const state::OrderRow* known) {
    if (backfilled_.anew(order.order_id) == nullptr) return false;
    BLONGO_CHECK(write_back_.seen(order.order_id, order.order_status_id));
    BLONGO_TRY(const auto attempt, reimport_.judge(order, known));
    if (attempt) attempts_[order.order_id] = *attempt;
    return attempt.has_value();
}

int OrderWriter::attempt_of(BaseOrderId order, const state::OrderRow* known) const {
    const auto anew = attempts_.find(order);
    if (anew != attempts_.end()) return anew->second;
    return known == nullptr ? 1 : known->attempt;
}

Result<OrderWriter::Way> OrderWriter::known_way(const baselinker::Order& order, const state::OrderRow& known) {
    const std::string key = fmt::to_string(order.order_id);
    if (!map::is_same_order(known.identity, map::order_identity(order))) {
        BLONGO_CHECK(records_.park(
            order,
            {"identity_changed",
             key,
             "order_id",
             fmt::format("BaseLinker gave the id {} to another order than the one in Ongoing as {}", key, known.number),
             key,
             {}},
            {}));
        return Way::settled;
    }
    seen_.emplace_back(order.order_id, order.order_status_id);
    BLONGO_TRY(const bool moves, warehouse_.tell(order, known));
    BLONGO_TRY(auto now, ledger_.find(order.order_id));
    if (!now) return Way::settled;
    if (moves && now->state == state::OrderState::cancelled) return Way::settled; // it leaves the accepted statuses
    BLONGO_TRY(const bool changed, changes_.judge(order, *now));
    if (!changed) BLONGO_CHECK(preflight_.look_again(order, *now));
    return changed ? Way::change : Way::settled;
}

/// Admission by the ledger: what is in it is there, whatever its status; everything else by its own merits.
Result<OrderWriter::Way> OrderWriter::way_of(const baselinker::Order& order, const state::OrderRow* known) {
    const std::string key = fmt::to_string(order.order_id);
    BLONGO_CHECK(write_back_.seen(order.order_id, order.order_status_id));
    if (known != nullptr) return known_way(order, *known);
    auto admission = judge(order);
    // A split leaves the new order where a write-back of ours had put the first one.
    const bool moved_along = admission == plan::Admission::foreign_status && order.confirmed &&
                             (statuses_.waits(order.order_status_id) || statuses_.is_warehouse_status(order.order_status_id));
    if (moved_along) {
        BLONGO_TRY(const bool related, family_.has_relatives(order));
        if (related) admission = plan::Admission::admit;
    }
    if (admission == plan::Admission::admit) return Way::create;
    if (admission == plan::Admission::before_cutover) ++before_cutover_;
    if (admission == plan::Admission::delayed) ++delayed_;
    // A parked order that left the accepted statuses, or was excluded since, is no longer waited for.
    if (admission != plan::Admission::delayed) BLONGO_CHECK(records_.no_longer_waits(order.order_id));
    if (flow_.options().orders.empty()) return Way::settled;
    auto line = flow_.action(plan::Verb::skip, key, std::string(plan::to_string(admission)));
    line.detail = plan::what_lifts(admission, order.order_id);
    flow_.report(line);
    return Way::settled;
}

/// Of an order that a person named: whether it is gone from Ongoing, alive in BaseLinker, and was never shipped. Then it is
/// sent again under its number, which makes the same order and no second one.
Result<bool> OrderWriter::has_vanished(const baselinker::Order& order, const state::OrderRow& known) {
    const bool ours = known.state == state::OrderState::imported;
    if (!flow_.options().resend_vanished || !ours || !order.confirmed) return false;
    if (!statuses_.waits(order.order_status_id)) return false; // any other status may mean that it was sent long ago
    BLONGO_TRY(const bool sent, was_ever_sent(flow_.session(), known));
    if (sent) return false;
    if (!map::is_same_order(known.identity, map::order_identity(order))) return false;
    const std::vector<OrderNumber> number{known.number};
    BLONGO_TRY(const auto found, flow_.session().ongoing().find_orders(number));
    if (!found.empty()) return false;
    if (known.ongoing_id.value() != 0) { // perhaps people gave it another number
        BLONGO_TRY(const auto by_id, flow_.session().ongoing().get_order(known.ongoing_id));
        if (by_id) return false;
    }
    attempts_[order.order_id] = known.attempt;
    return true;
}

plan::Admission OrderWriter::judge(const baselinker::Order& order) {
    const Timestamp now = flow_.session().runtime().clock.now();
    const bool parked = flow_.parked().contains(fmt::to_string(order.order_id));
    const bool moved_by_us = parked && statuses_.is_error_status(order.order_status_id);
    const bool asked = backfilled_.waiting().contains(order.order_id);
    const auto admission = plan::admit(order, asked ? lifted_rules_ : rules_, moved_by_us, now);
    // It has waited once: moving it to status_on_error does not make it fresh again.
    if (parked && admission == plan::Admission::delayed) return plan::Admission::admit;
    const bool held = admission == plan::Admission::before_cutover || admission == plan::Admission::delayed;
    if (!held || !lifting_) return admission;
    backfilled_.taken(order.order_id);
    return plan::Admission::admit;
}

Result<std::vector<OrderItem>> OrderWriter::map_orders(std::vector<baselinker::Order> orders, const KnownOrders& known) {
    std::set<ProductId> asked;
    for (const auto& order : orders)
        for (const auto& id : map::ids_to_look_up(order)) asked.insert(id);
    BLONGO_CHECK(slice_.load(asked));
    const auto lookup = map::lookup_in(slice_.catalogue());
    std::vector<OrderItem> items;
    for (auto& order : orders) {
        const std::string key = fmt::to_string(order.order_id);
        const auto row = known.find(order.order_id);
        const state::OrderRow* ledger = row == known.end() ? nullptr : row->second;
        auto mapped = map::map_order(order, map_options_, lookup, attempt_of(order.order_id, ledger));
        if (mapped.skipped && ledger != nullptr) {
            BLONGO_CHECK(records_.park(
                order, {"foreign_lines", key, "products", "all its lines are of other warehouses now", key, {}}, {}));
            continue;
        }
        if (mapped.skipped) {
            flow_.report(flow_.action(plan::Verb::skip, key, "lines of other warehouses only"));
            BLONGO_CHECK(records_.no_longer_waits(order.order_id));
            continue;
        }
        if (!mapped.rejected.empty() || !mapped.document) {
            map::Rejection rejection = mapped.rejected.empty()
                                           ? map::Rejection{"empty_order", key, "products", "the order has no lines", key, {}}
                                           : mapped.rejected.front();
            for (std::size_t i = 1; i < mapped.rejected.size(); ++i) rejection.reason += "; " + mapped.rejected[i].reason;
            rejection.key = key;
            BLONGO_CHECK(records_.park(order, std::move(rejection), {}));
            continue;
        }
        OrderItem item;
        item.fingerprint = mapped.document->fingerprint();
        item.document = std::move(*mapped.document);
        item.attempt = attempt_of(order.order_id, ledger);
        item.order = std::move(order);
        // What the warehouse refused is tried again as soon as the order stands elsewhere there.
        const bool moved = ledger != nullptr && !ledger->tried.empty() && !ledger->tried.starts_with("merge") &&
                           !is_tried(*ledger, item.fingerprint);
        if (!moved && !backfilled_.only_anew() && flow_.must_wait(key, item.fingerprint)) {
            // ... unless what it waits for has come: an article that the ledger knows meanwhile.
            const auto numbers = item.document.articles();
            const bool for_article = flow_.parked().at(key).cause == "unknown_sku";
            BLONGO_TRY(const auto missing, on_demand_.unknown({numbers.begin(), numbers.end()}));
            if (!for_article || !missing.empty()) {
                BLONGO_CHECK(flow_.keep_parked(key));
                continue;
            }
        }
        items.push_back(std::move(item));
    }
    return items;
}

Result<void> OrderWriter::need_articles(std::vector<OrderItem>& items) {
    if (items.empty()) return {};
    std::vector<const baselinker::Order*> orders;
    std::vector<const map::OrderDocument*> documents;
    for (const auto& item : items) {
        orders.push_back(&item.order);
        documents.push_back(&item.document);
    }
    BLONGO_TRY(const auto missing, on_demand_.ensure(orders, documents));
    if (missing.empty()) return {};
    std::vector<OrderItem> ready;
    for (auto& item : items) {
        std::string names;
        for (const auto& number : item.document.articles())
            if (missing.contains(number)) names += (names.empty() ? "" : ", ") + number.value();
        if (names.empty()) {
            ready.push_back(std::move(item));
            continue;
        }
        const std::string key = fmt::to_string(item.order.order_id);
        BLONGO_CHECK(records_.park(
            item.order,
            {"unknown_sku", key, "products.sku", fmt::format("neither the catalogue nor Ongoing has: {}", names), key, {}},
            item.fingerprint));
    }
    items = std::move(ready);
    return {};
}

/// The order may have been cancelled or edited since its page came. False: it is no longer to be created.
Result<bool> OrderWriter::read_again(OrderItem& item) {
    BLONGO_TRY(auto page, flow_.session().baselinker().get_order(item.order.order_id));
    if (page.orders.empty()) return false;
    auto& now = page.orders.front();
    if (attempts_.contains(now.order_id)) {
        const auto mark = [&](const baselinker::Order& order) { return map::order_source_mark(order, map_options_); };
        if (mark(now) != mark(item.order) || now.order_status_id != item.order.order_status_id) {
            flow_.incomplete(); // the next run judges it anew
            return false;
        }
    } else {
        BLONGO_TRY(const Way way, way_of(now, nullptr));
        if (way != Way::create) return false;
    }
    auto mapped = map::map_order(now, map_options_, map::lookup_in(slice_.catalogue()), item.attempt);
    // Changed lines may need other articles: the next run takes it as it is now.
    if (!mapped.document || mapped.document->articles() != item.document.articles()) {
        flow_.incomplete();
        return false;
    }
    item.fingerprint = mapped.document->fingerprint();
    item.document = std::move(*mapped.document);
    item.order = std::move(now);
    return true;
}

Result<void> OrderWriter::park_unreadable(const baselinker::BadOrder& bad) {
    if (!statuses_.accepted.contains(bad.order_status_id) && bad.order_status_id.value() != 0) return {};
    const std::string key = fmt::to_string(bad.order_id);
    return flow_.park({"remote_rejected", key, bad.path, "BaseLinker's answer could not be read: " + bad.reason, key, {}});
}

} // namespace blongo::sync
