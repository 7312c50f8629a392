// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/return_writer.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/sync/claim_life.hpp>
#include <blongo/sync/departure.hpp>
#include <blongo/sync/outcome.hpp>
#include <blongo/sync/return_ledger.hpp>

namespace blongo::sync {

namespace {

using state::IntentState;
using state::ReturnState;

constexpr std::size_t batch_size = ongoing::limits::numbers_per_lookup;
const std::string put_action = "put_return";
constexpr int merges_followed = 5;       ///< an order that was merged into one that was merged ...
constexpr std::int64_t done_in_base = 1; ///< OrderReturn::fulfillment_status
constexpr std::string_view not_in_ledger = "its order is not in the ledger";

std::string key_of(ReturnId id) {
    return fmt::format("return/{}", id);
}

} // namespace

ReturnWriter::ReturnWriter(Flow& flow, const ReturnStatuses& statuses, ReturnStatusWriteBack& status)
    : flow_(flow), statuses_(statuses), status_(status), client_(flow.session().ongoing()),
      ledger_(flow.session().store(), flow.session().key()), orders_(flow.session().store(), flow.session().key()),
      intents_(flow.session().store(), flow.session().key()) {}

std::set<ReturnId> ReturnWriter::unresolved() const {
    std::set<ReturnId> out;
    for (const auto& [id, intent] : unresolved_) out.insert(id);
    return out;
}

Result<void> ReturnWriter::recover() {
    if (flow_.dry_run()) return {};
    const Milliseconds timeout = flow_.session().http().read_timeout;
    BLONGO_TRY(const auto open, intents_.unsettled(put_action));
    for (const auto& intent : open) {
        if (intent.state == IntentState::open) {
            BLONGO_TRY(const bool taken_over, take_over(flow_.session(), intent, timeout));
            if (!taken_over) continue;
        }
        BLONGO_TRY(const auto payload, json::Value::parse(intent.payload));
        auto entry = entry_from_json(payload["entry"]);
        const std::vector<ReturnNumber> number{entry.row.number};
        BLONGO_TRY(const auto found, client_.find(number));
        if (found.empty() || !map::says_the_same(payload["model"], found.front())) {
            // It made no difference, or not yet: a late one must not overwrite what is sent meanwhile.
            BLONGO_TRY(const Timestamp now, flow_.session().store().now());
            if (now < intent.send_deadline + timeout + settle_margin) {
                unresolved_.emplace(entry.row.return_id, intent);
                continue;
            }
            BLONGO_CHECK(intents_.settle(intent.id, IntentState::withdrawn, "not there"));
            continue;
        }
        entry.row.ongoing_id = found.front().id;
        (void)receive(entry, found.front());
        read_.insert(entry.row.return_id);
        BLONGO_CHECK(flow_.session().store().in_transaction([&]() -> Result<void> {
            BLONGO_CHECK(intents_.settle(intent.id, IntentState::done, "seen"));
            return ledger_.put(entry);
        }));
        BLONGO_CHECK(flow_.item_succeeded(return_key(entry.row.return_id)));
        auto line = flow_.action(payload["known"].is_true() ? plan::Verb::update : plan::Verb::create,
                                 return_key(entry.row.return_id), "recovered");
        line.detail = "an earlier run was interrupted; the return order is in Ongoing";
        flow_.report(line);
    }
    return {};
}

Result<void> ReturnWriter::skip(const baselinker::OrderReturn& one, const std::string& why, bool said) {
    const std::string key = return_key(one.return_id);
    BLONGO_CHECK(flow_.release(key));
    if (said) flow_.report(flow_.action(plan::Verb::skip, key, why));
    return {};
}

Result<void> ReturnWriter::call_off(state::ReturnEntry entry, const std::string& why) {
    const std::string key = return_key(entry.row.return_id);
    BLONGO_CHECK(flow_.release(key));
    if (entry.row.state != ReturnState::sent && entry.row.state != ReturnState::missing) return {};
    auto line = flow_.action(plan::Verb::skip, key, why);
    line.detail = fmt::format("cancel return order {} in Ongoing, if nothing is to come", entry.row.number);
    flow_.report(line);
    entry.row.state = ReturnState::called_off;
    entry.row.seen_at = flow_.session().runtime().clock.now();
    return keep(entry);
}

Result<void> ReturnWriter::keep(const state::ReturnEntry& entry) {
    return flow_.dry_run() ? Result<void>{} : ledger_.put(entry);
}

Result<void> ReturnWriter::gone(ReturnId id) {
    BLONGO_TRY(auto known, ledger_.find(id));
    if (!known) return flow_.release(return_key(id));
    return call_off(std::move(*known), "gone in BaseLinker");
}

map::Rejection ReturnWriter::labelled(map::Rejection rejection, BaseOrderId order) const {
    rejection.label = fmt::format("return of order {}", order);
    return rejection;
}

Result<void> ReturnWriter::park_unreadable(const baselinker::BadReturn& bad) {
    if (bad.return_id.value() == 0) {
        flow_.session().runtime().reporter.warning(flow_.session().connection().name,
                                                   fmt::format("a return of BaseLinker could not be read: {}", bad.reason));
        return {};
    }
    // Returns of other people's orders are not ours to complain of.
    BLONGO_TRY(const auto order, orders_.find(bad.order_id));
    if (!order && bad.order_id.value() != 0) return {};
    return flow_.park(labelled(
        {"remote_rejected", return_key(bad.return_id), bad.path, "BaseLinker's answer could not be read: " + bad.reason, {}, {}},
        bad.order_id));
}

/// The order that holds the lines in Ongoing: of one that was merged into another, that one.
Result<std::optional<state::OrderRow>> ReturnWriter::order_of(const state::OrderRow& order) {
    state::OrderRow current = order;
    for (int i = 0; i < merges_followed && current.merged_into.value() != 0; ++i) {
        BLONGO_TRY(auto into, orders_.find(current.merged_into));
        if (!into) return std::optional<state::OrderRow>{};
        current = std::move(*into);
    }
    return std::optional(std::move(current));
}

Result<void> ReturnWriter::process(std::vector<baselinker::OrderReturn> returns, bool named) {
    std::ranges::sort(returns, {}, &baselinker::OrderReturn::return_id);
    std::vector<ReturnId> ids;
    std::vector<BaseOrderId> order_ids;
    std::vector<std::pair<ReturnId, ReturnStatusId>> seen;
    for (const auto& one : returns) {
        ids.push_back(one.return_id);
        order_ids.push_back(one.order_id);
        seen.emplace_back(one.return_id, one.status_id);
    }
    met_ = ids;
    BLONGO_TRY(const auto known_rows, ledger_.find_many(ids));
    BLONGO_TRY(const auto order_rows, orders_.find_many(order_ids));
    std::map<ReturnId, const state::ReturnEntry*> known;
    for (const auto& entry : known_rows) known.emplace(entry.row.return_id, &entry);
    std::map<BaseOrderId, const state::OrderRow*> orders;
    for (const auto& row : order_rows) orders.emplace(row.order_id, &row);
    if (!flow_.dry_run()) BLONGO_CHECK(ledger_.touch(seen, flow_.session().runtime().clock.now()));

    std::vector<Item> items;
    for (auto& one : returns) {
        const auto order = orders.find(one.order_id);
        const auto entry = known.find(one.return_id);
        BLONGO_TRY(auto item, judge(std::move(one), order == orders.end() ? nullptr : order->second,
                                    entry == known.end() ? std::nullopt : std::optional(*entry->second), named));
        if (item) items.push_back(std::move(*item));
    }
    for (std::size_t from = 0; from < items.size(); from += batch_size) {
        const std::size_t to = std::min(items.size(), from + batch_size);
        std::vector<ReturnNumber> numbers;
        for (std::size_t i = from; i < to; ++i) numbers.push_back(items[i].document.number);
        BLONGO_TRY(const auto found, client_.find(numbers));
        for (std::size_t i = from; i < to; ++i) {
            BLONGO_TRY(const bool may, may_write(items[i]));
            if (flow_.session().out_of_time()) return {};
            if (!may) continue;
            const auto there = std::ranges::find(found, items[i].document.number, &ongoing::ReturnOrder::number);
            BLONGO_CHECK(apply(items[i], there == found.end() ? nullptr : &*there));
            flow_.progress("returns", i + 1, items.size());
        }
    }
    return {};
}

/// What one return asks for: nothing, or an item to write.
Result<std::optional<ReturnWriter::Item>> ReturnWriter::judge(baselinker::OrderReturn&& one, const state::OrderRow* order,
                                                              std::optional<state::ReturnEntry> known, bool named) {
    const std::string key = return_key(one.return_id);
    const std::optional<Item> nothing;
    const auto passed_over = [&](const std::string& why) -> Result<std::optional<Item>> {
        BLONGO_CHECK(skip(one, why, named));
        return nothing;
    };
    if (order == nullptr) {
        if (!named) ++not_ours_;
        return passed_over(std::string(not_in_ledger));
    }
    if (one.fulfillment_status == baselinker::return_called_off) {
        if (!known) return passed_over("called off in BaseLinker");
        BLONGO_CHECK(call_off(std::move(*known), "called off in BaseLinker"));
        return nothing;
    }
    BLONGO_TRY(auto lines_of, order_of(*order));
    if (!lines_of) return passed_over("the order that it was merged into is not in the ledger");
    if (!known) {
        if (!statuses_.accepts(one.status_id)) return passed_over("its status is none of returns.statuses");
        if (statuses_.accepted.empty() && one.fulfillment_status == done_in_base) return passed_over("done in BaseLinker");
        if (lines_of->state == state::OrderState::cancelled) return passed_over("its order is cancelled in Ongoing");
    }
    auto mapped = map::map_return(one, flow_.session().connection().orders.order_number_prefix);
    if (!mapped.document) {
        auto rejection = mapped.rejected.front();
        for (std::size_t i = 1; i < mapped.rejected.size(); ++i) rejection.reason += "; " + mapped.rejected[i].reason;
        BLONGO_CHECK(flow_.park(labelled(std::move(rejection), one.order_id)));
        return nothing;
    }
    Item item;
    item.document = std::move(*mapped.document);
    const std::string fingerprint = item.document.fingerprint();
    if (known && known->row.fingerprint == fingerprint) {
        if (known->row.state == ReturnState::called_off) { // it lives again, and its return order stands
            known->row.state = ReturnState::sent;
            known->row.base_status = one.status_id;
            BLONGO_CHECK(keep(*known));
        }
        auto line = flow_.action(plan::Verb::same, key, "in Ongoing");
        flow_.report(line);
        BLONGO_CHECK(flow_.release(key));
        return nothing;
    }
    item.input = fingerprint + "/" + lines_of->fingerprint;
    if (flow_.must_wait(key, item.input)) {
        BLONGO_CHECK(flow_.keep_parked(key));
        return nothing;
    }
    BLONGO_TRY(const auto lines, orders_.lines(lines_of->order_id));
    std::vector<map::ToldLine> told;
    for (const auto& line : lines) told.push_back({line.row_number, line.article});
    item.matched = map::match_lines(item.document, told);
    if (item.matched.rejected) {
        BLONGO_CHECK(flow_.park(labelled(std::move(*item.matched.rejected), one.order_id), item.input));
        return nothing;
    }
    item.order = std::move(*lines_of);
    item.known = std::move(known);
    item.source = std::move(one);
    return std::optional(std::move(item));
}

/// Time, --limit, and an earlier write that may still arrive.
Result<bool> ReturnWriter::may_write(const Item& item) {
    if (flow_.session().out_of_time()) {
        flow_.incomplete();
        return false;
    }
    const std::string key = return_key(item.document.return_id);
    if (flow_.limit_reached()) {
        left_some_ = true;
        flow_.report(flow_.action(plan::Verb::skip, key, "limit"));
        return false;
    }
    const auto open = unresolved_.find(item.document.return_id);
    if (open == unresolved_.end()) return true;
    if (open->second.fingerprint == item.document.fingerprint()) {
        // The same again makes the same return order, whichever arrives first.
        BLONGO_TRY(const bool settled, intents_.settle(open->second.id, IntentState::withdrawn, "sent again"));
        unresolved_.erase(open);
        return settled;
    }
    auto line = line_of(item, plan::Verb::update, "changed");
    line.outcome = plan::Outcome::unknown;
    line.detail = "an earlier version may still arrive in Ongoing: this one is sent by a later run";
    flow_.report(line);
    return false;
}

report::Action ReturnWriter::line_of(const Item& item, plan::Verb verb, std::string reason) const {
    auto line = flow_.action(verb, return_key(item.document.return_id), std::move(reason));
    line.order_number = item.order.number.value();
    line.label = fmt::format("{} of order {}", item.document.number, item.order.number);
    return line;
}

state::ReturnEntry ReturnWriter::entry_of(const Item& item, const ongoing::ReturnOrder* there) const {
    const Timestamp now = flow_.session().runtime().clock.now();
    state::ReturnEntry entry;
    if (item.known) entry.row = item.known->row;
    entry.row.return_id = item.document.return_id;
    entry.row.order_id = item.source.order_id;
    entry.row.number = item.document.number;
    entry.row.fingerprint = item.document.fingerprint();
    entry.row.base_status = item.source.status_id;
    entry.row.state = ReturnState::sent;
    entry.row.received_at = Timestamp{};
    entry.row.seen_at = entry.row.looked_at = now;
    if (!item.known) {
        entry.row.sent_at = now;
        entry.row.sent_status = item.source.status_id;
    }
    for (const auto& line : item.document.lines) entry.lines.push_back({line.row_number, line.article, line.quantity, {}});
    if (there != nullptr) entry.row.ongoing_id = there->id;
    return entry;
}

/// A return order of that number which the ledger does not know: whether this is our own, half-recorded one.
Result<bool> ReturnWriter::is_ours(const Item& item, const ongoing::ReturnOrder& there, const map::ReturnBody& body) {
    BLONGO_TRY(const auto attempts, intents_.history(key_of(item.document.return_id), 1));
    const bool same_order = there.order_id == item.order.ongoing_id;
    return same_order && (body.same || !attempts.empty());
}

Result<void> ReturnWriter::apply(const Item& item, const ongoing::ReturnOrder* there) {
    BLONGO_TRY(const auto order, flow_.session().ongoing().get_order(item.order.ongoing_id));
    if (!order)
        return flow_.park(labelled({"remote_rejected",
                                    return_key(item.document.return_id),
                                    "order_id",
                                    fmt::format("Ongoing has no order {} any more", item.order.number),
                                    {},
                                    {}},
                                   item.source.order_id),
                          item.input);
    auto linked = map::link_lines(item.document, item.matched, *order);
    if (linked.rejected) return flow_.park(labelled(std::move(*linked.rejected), item.source.order_id), item.input);
    map::SentPieces sent;
    if (item.known && there != nullptr)
        for (const auto& line : item.known->lines) sent.emplace(line.row_number, line.quantity);
    const auto body = map::return_body(item.document, item.order.ongoing_id, linked.ids, there, sent);
    auto entry = entry_of(item, there);
    if (there != nullptr) (void)receive(entry, *there);
    read_.insert(item.document.return_id);
    if (!item.known && there != nullptr) {
        BLONGO_TRY(const bool ours, is_ours(item, *there, body));
        if (!ours)
            return flow_.park(
                labelled({"exists_in_warehouse",
                          return_key(item.document.return_id),
                          "returnOrderNumber",
                          fmt::format("Ongoing already has a return order {}, and it says something else", there->number),
                          {},
                          {}},
                         item.source.order_id),
                item.input);
        if (body.same) {
            entry.row.adopted = true;
            flow_.report(line_of(item, plan::Verb::adopt, "already there"));
            BLONGO_CHECK(keep(entry));
            return flow_.item_succeeded(return_key(item.document.return_id));
        }
    }
    return put(item, body, std::move(entry));
}

Result<void> ReturnWriter::put(const Item& item, const map::ReturnBody& body, state::ReturnEntry entry) {
    const bool is_update = item.known.has_value();
    auto line = line_of(item, is_update ? plan::Verb::update : plan::Verb::create, is_update ? "changed" : "new");
    line.notes = body.notes;
    for (const auto& row : item.document.lines)
        line.changes.push_back({"returnOrderLines", {}, fmt::format("{} x {}", row.quantity, row.article)});
    flow_.count_write();
    if (flow_.dry_run()) {
        flow_.report(line);
        return {};
    }
    state::IntentRow intent;
    intent.key = key_of(item.document.return_id);
    intent.action = put_action;
    intent.fingerprint = entry.row.fingerprint;
    intent.payload = json::Value::object()
                         .set("return_id", item.document.return_id.value())
                         .set("order_id", item.source.order_id.value())
                         .set("known", is_update)
                         .set("entry", entry_to_json(entry))
                         .set("model", body.model)
                         .dump();
    std::optional<state::IntentRow> claimed;
    BLONGO_CHECK(flow_.session().store().in_transaction([&]() -> Result<void> {
        BLONGO_TRY(const auto now, ledger_.find(item.document.return_id));
        if (now && now->row.fingerprint == intent.fingerprint) return {}; // another run has sent it meanwhile
        BLONGO_TRY(claimed, intents_.open(intent, leave_within));
        return {};
    }));
    if (!claimed) {
        flow_.report(line_of(item, plan::Verb::skip, "another run is at this return"));
        return {};
    }
    const auto id = client_.put(body.model);
    if (!id) {
        BLONGO_CHECK(intents_.settle(claimed->id, outcome_to_look_up(id.error()), result_to_look_up(id.error())));
        return flow_.item_failed(line, id.error(), item.input);
    }
    entry.row.ongoing_id = *id;
    BLONGO_CHECK(flow_.session().store().in_transaction([&]() -> Result<void> {
        BLONGO_CHECK(intents_.settle(claimed->id, IntentState::done, {}));
        return ledger_.put(entry);
    }));
    BLONGO_CHECK(flow_.item_succeeded(line.key));
    flow_.report(line);
    return {};
}

} // namespace blongo::sync
