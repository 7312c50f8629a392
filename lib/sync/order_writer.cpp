// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/order_writer.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/map/order_marks.hpp>
#include <blongo/plan/order_life.hpp>
#include <blongo/sync/departure.hpp>
#include <blongo/sync/order_actions.hpp>
#include <blongo/sync/order_holds.hpp>
#include <blongo/sync/order_ledger.hpp>
#include <blongo/sync/settings.hpp>

namespace blongo::sync {

namespace {

constexpr std::size_t batch_size = ongoing::limits::numbers_per_lookup;
constexpr Milliseconds fresh_for{60'000};    ///< flows.md Orders 11: an older page is read again before a create
const std::string equal_lines_cursor = "orders.equal_lines"; ///< "kept" or "merged"

} // namespace

OrderWriter::OrderWriter(Flow& flow, const OrderStatuses& statuses, const plan::AdmissionRules& rules,
                         BackfilledOrders& backfilled, const OrderSources& sources)
    : flow_(flow), statuses_(statuses), rules_(rules), lifted_rules_(plan::lifted(rules)), backfilled_(backfilled),
      sources_(sources),
      map_options_(order_map_options(flow.session().connection())),
      slice_(flow), on_demand_(flow.session(), flow.options(), slice_, map_options_), write_back_(flow),
      records_(flow, statuses, write_back_, backfilled), take_over_(flow, records_, sources),
      reimport_(flow, statuses, backfilled), family_(flow, sources, map_options_),
      changes_(flow, statuses, write_back_, records_, family_, map_options_), warehouse_(flow, statuses, write_back_),
      preflight_(flow),
      ledger_(flow.session().store(), flow.session().key()) {}

Result<void> OrderWriter::recover() {
    if (flow_.dry_run()) return {};
    state::Intents intents(flow_.session().store(), flow_.session().key());
    BLONGO_TRY(const auto open, intents.unsettled(std::string(put_action)));
    BLONGO_TRY(const Timestamp now, flow_.session().store().now());
    for (const auto& intent : open) {
        if (intent.state == state::IntentState::open && may_be_alive(intent, now, flow_.session().http().read_timeout))
            continue;
        BLONGO_TRY(const auto payload, json::Value::parse(intent.payload));
        LedgerOrder kept = LedgerOrder::from_json(payload);
        const std::vector<OrderNumber> number{kept.row.number};
        BLONGO_TRY(const auto found, flow_.session().ongoing().find_orders(number));
        if (found.empty()) {
            // A PUT by number that comes late, or again, makes the same order and no second one.
            BLONGO_CHECK(intents.settle(intent.id, state::IntentState::withdrawn, "not there"));
            continue;
        }
        if (has_equal_lines(kept.lines) && !lines_agree(kept.lines, found.front())) {
            BLONGO_CHECK(intents.settle(intent.id, state::IntentState::withdrawn, std::string(lines_lost)));
            BLONGO_CHECK(remember_equal_lines(true, kept.row.number));
            continue;
        }
        kept.row.ongoing_id = found.front().order_id;
        kept.row.ongoing_status = found.front().status_number;
        BLONGO_CHECK(flow_.session().store().in_transaction([&]() -> Result<void> {
            BLONGO_CHECK(intents.settle(intent.id, state::IntentState::done, "seen"));
            BLONGO_CHECK(records_.keep(kept));
            BLONGO_CHECK(family_.took_over(kept.row.order_id, kept.takes));
            return records_.want_after_import(kept.row.order_id, kept.row.base_status);
        }));
        BLONGO_CHECK(flow_.item_succeeded(fmt::to_string(kept.row.order_id)));
        auto line = flow_.action(plan::Verb::create, fmt::to_string(kept.row.order_id), "recovered");
        line.order_number = kept.row.number.value();
        line.detail = "an earlier run was interrupted; the order is in Ongoing";
        flow_.report(line);
    }
    BLONGO_CHECK(changes_.recover());
    return write_back_.recover();
}

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
    BLONGO_CHECK(changes_.cancel_absent(read_at));
    BLONGO_CHECK(warehouse_.finish());
    return flow_.dry_run() ? write_back_.flush() : write_back_.finish();
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
        if (!anew && ledger != nullptr) { BLONGO_TRY(anew, has_vanished(order, *ledger)); }
        Way way = Way::create;
        if (!anew) { BLONGO_TRY(way, way_of(order, ledger)); }
        if (way == Way::create) fresh.push_back(std::move(order));
        if (way == Way::change) changed.push_back(std::move(order));
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

/// Not while its lines may be in the warehouse as those of another order: it was split off that one, or copied.
Result<bool> OrderWriter::may_go(OrderItem& item) {
    const SentAnew* anew = backfilled_.anew(item.order.order_id);
    if (anew != nullptr && anew->accept_copy) return true;
    const std::string key = fmt::to_string(item.order.order_id);
    BLONGO_TRY(const auto gone, family_.vanished_into(item.document, pieces_of(ledger_lines(item.document)), true));
    if (!gone.empty()) {
        BLONGO_CHECK(records_.park(item.order,
                                   {"merged_in_base", key, "products",
                                    fmt::format("BaseLinker has no order {} any more, whose lines this one has, and Ongoing "
                                                "has not cancelled it yet",
                                                gone.front().row.order_id),
                                    key, {}},
                                   {}));
        return false;
    }
    if (attempts_.contains(item.order.order_id)) return true; // its own earlier attempt had these lines
    BLONGO_TRY(auto kinship, family_.kinship_of(item.order, item.document));
    item.takes = std::move(kinship.takes);
    if (kinship.waits_for.value() == 0) return true;
    BLONGO_CHECK(records_.park(item.order,
                               {"split_waiting", key, "products",
                                fmt::format("it shares its number or its lines with order {}, which has not given these "
                                            "pieces up in Ongoing",
                                            kinship.waits_for),
                                key, {}},
                               {}));
    return false;
}

Result<OrderWriter::Way> OrderWriter::known_way(const baselinker::Order& order, const state::OrderRow& known) {
    const std::string key = fmt::to_string(order.order_id);
    if (!map::is_same_order(known.identity, map::order_identity(order))) {
        BLONGO_CHECK(records_.park(order,
                                   {"identity_changed", key, "order_id",
                                    fmt::format("BaseLinker gave the id {} to another order than the one in Ongoing as {}",
                                                key, known.number),
                                    key, {}},
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

bool OrderWriter::merges_equal_lines() {
    const auto mark = state::Cursors(flow_.session().store(), flow_.session().key()).get(equal_lines_cursor);
    equal_lines_known_ = mark && *mark;
    return equal_lines_known_ && **mark == "merged";
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
            BLONGO_CHECK(records_.park(order, {"foreign_lines", key, "products", "all its lines are of other warehouses now", key, {}}, {}));
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
            for (std::size_t i = 1; i < mapped.rejected.size(); ++i)
                rejection.reason += "; " + mapped.rejected[i].reason;
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
        BLONGO_CHECK(records_.park(item.order,
                                   {"unknown_sku", key, "products.sku",
                                    fmt::format("neither the catalogue nor Ongoing has: {}", names), key, {}},
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

LedgerOrder OrderWriter::ledger_of(const OrderItem& item) const {
    LedgerOrder kept =
        ledger_order(item.order, item.document, item.fingerprint, flow_.session().runtime().clock.now());
    kept.row.source_mark = map::order_source_mark(item.order, map_options_);
    kept.row.newest_id = sources_.newest_id();
    kept.takes = item.takes;
    kept.row.attempt = item.attempt;
    return kept;
}

report::Action OrderWriter::create_action(const OrderItem& item) const {
    const bool anew = backfilled_.anew(item.order.order_id) != nullptr;
    auto line = flow_.action(plan::Verb::create, fmt::to_string(item.order.order_id), anew ? "reimport" : "new");
    line.order_number = item.document.number.value();
    line.notes = item.document.notes;
    return line;
}

Result<void> OrderWriter::create(OrderItem& item) {
    // Mapped before an order of the same batch showed that the warehouse merges.
    if (map_options_.merge_equal_lines && item.document.articles().size() < item.document.lines.size())
        merge_lines(item);
    BLONGO_TRY(auto foreseen, preflight_.judge_new(item.order, item.document));
    if (foreseen) return records_.park(item.order, std::move(*foreseen), {});
    auto line = create_action(item);
    flow_.count_write();
    if (flow_.dry_run()) {
        for (const auto& order_line : item.document.lines)
            line.changes.push_back({"orderLines", {}, fmt::format("{} x {}", order_line.quantity, order_line.article)});
        flow_.report(line);
        return records_.want_after_import(item.order.order_id, item.order.order_status_id);
    }
    const LedgerOrder kept = ledger_of(item);
    state::IntentRow intent;
    intent.key = order_intent_key(item.order.order_id);
    intent.action = put_action;
    intent.payload = kept.to_json().dump();
    intent.fingerprint = item.fingerprint;
    BLONGO_TRY(const auto claimed,
               state::Intents(flow_.session().store(), flow_.session().key()).open(intent, leave_within));
    if (!claimed) {
        line.verb = plan::Verb::skip;
        line.reason = "another run is at this order";
        flow_.report(line);
        return {};
    }
    // Looked at again behind the claim: `orders hold` writes its row first and looks for a claim then, so that one of both
    // sees the other.
    BLONGO_TRY(auto hold, held(flow_.session(), item.order.order_id));
    if (hold) {
        BLONGO_CHECK(state::Intents(flow_.session().store(), flow_.session().key())
                         .settle(claimed->id, state::IntentState::withdrawn, "on hold"));
        return records_.park(item.order, std::move(*hold), {});
    }
    BLONGO_TRY(const bool stands, reimport_.still_stands(item.order.order_id));
    if (!stands) {
        BLONGO_CHECK(state::Intents(flow_.session().store(), flow_.session().key())
                         .settle(claimed->id, state::IntentState::withdrawn, "sent by another run"));
        line.verb = plan::Verb::skip;
        line.reason = "another run sent it meanwhile";
        flow_.report(line);
        return {};
    }
    return put(item, *claimed);
}

Result<void> OrderWriter::put(OrderItem& item, const state::IntentRow& intent) {
    const auto id = flow_.session().ongoing().put_order(item.document.body());
    if (!id) {
        // After an ambiguous answer the next run looks; a refusal is final for this content.
        const ErrorKind kind = id.error().kind;
        const bool look = kind == ErrorKind::ambiguous || kind == ErrorKind::unavailable;
        return put_failed(item, intent, id.error(),
                          look                         ? state::IntentState::unknown
                          : kind == ErrorKind::rejected ? state::IntentState::refused
                                                        : state::IntentState::withdrawn);
    }
    // It is there, perhaps without all of its lines: the next run looks.
    if (const auto whole = read_back(item, *id); !whole)
        return put_failed(item, intent, whole.error(), state::IntentState::unknown);
    const auto line = create_action(item); // with what was asked for, which is done behind this
    LedgerOrder kept = ledger_of(item);
    kept.row.ongoing_id = *id;
    BLONGO_CHECK(flow_.session().store().in_transaction([&]() -> Result<void> {
        BLONGO_CHECK(state::Intents(flow_.session().store(), flow_.session().key())
                         .settle(intent.id, state::IntentState::done, {}));
        BLONGO_CHECK(records_.keep(kept));
        BLONGO_CHECK(family_.took_over(kept.row.order_id, kept.takes));
        return records_.want_after_import(item.order.order_id, item.order.order_status_id);
    }));
    BLONGO_CHECK(flow_.item_succeeded(line.key));
    flow_.report(line);
    return {};
}

Result<void> OrderWriter::put_failed(const OrderItem& item, const state::IntentRow& intent, const Error& error,
                                     state::IntentState outcome) {
    BLONGO_CHECK(state::Intents(flow_.session().store(), flow_.session().key())
                     .settle(intent.id, outcome, error.text()));
    return records_.failed(item.order, create_action(item), error, item.fingerprint);
}

/// Whether a warehouse keeps two lines of one article apart is a setting of its own that nobody can ask for:
/// the first such order is read back, and from then on lines are merged by us where the warehouse would.
Result<void> OrderWriter::read_back(OrderItem& item, OngoingOrderId id) {
    if (equal_lines_known_) return {};
    const auto sent = ledger_lines(item.document);
    if (!has_equal_lines(sent)) return {};
    BLONGO_TRY(const auto there, flow_.session().ongoing().get_order(id));
    if (!there) return {};
    const bool merged = there->lines.size() < sent.size();
    BLONGO_CHECK(remember_equal_lines(merged, item.document.number));
    if (!merged) return {};
    merge_lines(item);
    if (lines_agree(sent, *there)) return {};
    // The warehouse lost a quantity: the same order again, with one line per article.
    BLONGO_CHECK(flow_.session().ongoing().put_order(item.document.body()));
    return {};
}

Result<void> OrderWriter::remember_equal_lines(bool merged, const OrderNumber& seen_at) {
    BLONGO_CHECK(state::Cursors(flow_.session().store(), flow_.session().key())
                     .set(equal_lines_cursor, merged ? "merged" : "kept"));
    equal_lines_known_ = true;
    if (merged)
        flow_.session().runtime().reporter.warning(
            flow_.session().connection().name,
            fmt::format("Ongoing merges lines of the same article (seen at order {}): blongo merges them itself from "
                        "now on",
                        seen_at));
    return {};
}

void OrderWriter::merge_lines(OrderItem& item) {
    map_options_.merge_equal_lines = true;
    auto mapped = map::map_order(item.order, map_options_, map::lookup_in(slice_.catalogue()), item.attempt);
    if (!mapped.document) return; // it was mapped before: the same lines, fewer
    item.fingerprint = mapped.document->fingerprint();
    item.document = std::move(*mapped.document);
}

Result<void> OrderWriter::park_unreadable(const baselinker::BadOrder& bad) {
    if (!statuses_.accepted.contains(bad.order_status_id) && bad.order_status_id.value() != 0) return {};
    const std::string key = fmt::to_string(bad.order_id);
    return flow_.park({"remote_rejected", key, bad.path, "BaseLinker's answer could not be read: " + bad.reason, key, {}});
}

} // namespace blongo::sync
