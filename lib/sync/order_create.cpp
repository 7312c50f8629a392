// SPDX-License-Identifier: Apache-2.0
// How one order gets into Ongoing: claim, PUT, read-back, record.
#include <fmt/format.h>

#include <blongo/map/order_marks.hpp>
#include <blongo/sync/departure.hpp>
#include <blongo/sync/order_actions.hpp>
#include <blongo/sync/order_holds.hpp>
#include <blongo/sync/order_ledger.hpp>
#include <blongo/sync/order_writer.hpp>
#include <blongo/sync/outcome.hpp>

namespace blongo::sync {

namespace {

const std::string equal_lines_cursor = "orders.equal_lines"; ///< "kept" or "merged"

} // namespace

bool OrderWriter::merges_equal_lines() {
    const auto mark = state::Cursors(flow_.session().store(), flow_.session().key()).get(equal_lines_cursor);
    equal_lines_known_ = mark && *mark;
    return equal_lines_known_ && **mark == "merged";
}

/// Not while its lines may be in the warehouse as those of another order: it was split off that one, or copied.
Result<bool> OrderWriter::may_go(OrderItem& item) {
    const SentAnew* anew = backfilled_.anew(item.order.order_id);
    if (anew != nullptr && anew->accept_copy) return true;
    const std::string key = fmt::to_string(item.order.order_id);
    const bool anew_here = attempts_.contains(item.order.order_id); // its own earlier attempt had these lines
    OrderFamily::Kinship kinship;
    if (!anew_here) {
        BLONGO_TRY(kinship, family_.kinship_of(item.order, item.document));
    }
    item.takes = std::move(kinship.takes);
    if (kinship.waits_for.value() == 0) return is_free_of_merges(item);
    BLONGO_CHECK(records_.park(item.order,
                               {"split_waiting",
                                key,
                                "products",
                                fmt::format("it shares its number or its lines with order {}, which has not given these "
                                            "pieces up in Ongoing",
                                            kinship.waits_for),
                                key,
                                {}},
                               {}));
    BLONGO_CHECK(family_.remember_waiting(item.document, kinship.waits_for));
    return false;
}

/// Not while Ongoing holds an order that BaseLinker merged into this one.
Result<bool> OrderWriter::is_free_of_merges(OrderItem& item) {
    const std::string key = fmt::to_string(item.order.order_id);
    BLONGO_TRY(const auto gone,
               family_.vanished_into(item.document, pieces_of(ledger_lines(item.document)), OrderFamily::Among::likely));
    if (!gone.empty()) {
        BLONGO_CHECK(records_.park(item.order,
                                   {"merged_in_base",
                                    key,
                                    "products",
                                    fmt::format("BaseLinker has no order {} any more, whose lines this one has, and Ongoing "
                                                "has not cancelled it yet",
                                                gone.front().row.order_id),
                                    key,
                                    {}},
                                   {}));
        return false;
    }
    BLONGO_TRY(item.debt, family_.debt_of(item.document, pieces_of(ledger_lines(item.document))));
    if (item.debt.waits_for.value() == 0) return true;
    BLONGO_CHECK(records_.park(item.order,
                               {"split_waiting",
                                key,
                                "products",
                                fmt::format("BaseLinker merged order {} into it, which waits until order {} has given its pieces "
                                            "up in Ongoing",
                                            item.debt.merged.front(), item.debt.waits_for),
                                key,
                                {}},
                               {}));
    return false;
}

LedgerOrder OrderWriter::ledger_of(const OrderItem& item) const {
    LedgerOrder kept = ledger_order(item.order, item.document, item.fingerprint, flow_.session().runtime().clock.now());
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
    if (map_options_.merge_equal_lines && item.document.articles().size() < item.document.lines.size()) merge_lines(item);
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
    LedgerOrder kept = ledger_of(item);
    state::IntentRow intent;
    intent.key = order_intent_key(item.order.order_id);
    intent.action = put_action;
    intent.payload = kept.to_json().dump();
    intent.fingerprint = item.fingerprint;
    BLONGO_TRY(const auto claimed, state::Intents(flow_.session().store(), flow_.session().key()).open(intent, leave_within));
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
    return put(item, *claimed, std::move(kept));
}

Result<void> OrderWriter::put(OrderItem& item, const state::IntentRow& intent, LedgerOrder kept) {
    const std::size_t lines = item.document.lines.size();
    const auto id = flow_.session().ongoing().put_order(item.document.body());
    if (!id) return put_failed(item, intent, id.error(), outcome_to_look_up(id.error()), result_to_look_up(id.error()));
    // It is there, perhaps without all of its lines: the next run looks.
    if (const auto whole = read_back(item, *id); !whole)
        return put_failed(item, intent, whole.error(), state::IntentState::unknown, whole.error().text());
    const auto line = create_action(item);                           // with what was asked for, which is done behind this
    if (item.document.lines.size() != lines) kept = ledger_of(item); // the warehouse merges equal lines: now they are merged
    kept.row.ongoing_id = *id;
    BLONGO_CHECK(flow_.session().store().in_transaction([&]() -> Result<void> {
        BLONGO_CHECK(
            state::Intents(flow_.session().store(), flow_.session().key()).settle(intent.id, state::IntentState::done, {}));
        BLONGO_CHECK(records_.keep(kept));
        BLONGO_CHECK(family_.took_over(kept.row.order_id, kept.takes));
        BLONGO_CHECK(family_.paid(kept.row.order_id, item.debt));
        return records_.want_after_import(item.order.order_id, item.order.order_status_id);
    }));
    BLONGO_CHECK(flow_.item_succeeded(line.key));
    flow_.report(line);
    return {};
}

Result<void> OrderWriter::put_failed(const OrderItem& item, const state::IntentRow& intent, const Error& error,
                                     state::IntentState outcome, const std::string& result) {
    BLONGO_CHECK(state::Intents(flow_.session().store(), flow_.session().key()).settle(intent.id, outcome, result));
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
    BLONGO_CHECK(
        state::Cursors(flow_.session().store(), flow_.session().key()).set(equal_lines_cursor, merged ? "merged" : "kept"));
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

} // namespace blongo::sync
