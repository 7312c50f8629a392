// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/order_family.hpp>

#include <algorithm>
#include <ranges>

#include <fmt/format.h>

#include <blongo/map/order_marks.hpp>
#include <blongo/state/intents.hpp>
#include <blongo/state/runs.hpp>
#include <blongo/sync/order_ledger.hpp>

namespace blongo::sync {

namespace {

const std::string waiting_kind = "split_waiting";

json::Value pieces_value(const plan::Pieces& pieces) {
    json::Value out = json::Value::object();
    for (const auto& [article, count] : pieces)
        if (count > 0) out.set(article, count);
    return out;
}

plan::Pieces pieces_in(const json::Value& value) {
    plan::Pieces out;
    for (const auto& [article, pieces] : value.members())
        if (pieces.integer() > 0) out[article] = pieces.integer();
    return out;
}

std::string child_cursor(BaseOrderId child) {
    return fmt::format("orders.child:{}", child);
}

constexpr std::size_t most_looks = 20;                      ///< by id, per run
constexpr std::chrono::hours merged_after_closing{24 * 30}; ///< a sent order is looked for so long among merged ones
constexpr int receivers_at_once = 1'000;
const std::string receivers_cursor = "orders.receivers"; ///< every order of the ledger has its receiver's mark

json::Value parsed(const std::string& text) {
    auto value = json::Value::parse(text);
    return value ? std::move(*value) : json::Value::object();
}

} // namespace

plan::Pieces pieces_of(const std::vector<state::OrderLineRow>& lines) {
    plan::Pieces out;
    for (const auto& line : lines) out[line.article.value()] += line.quantity;
    return out;
}

plan::Pieces freed_of(const state::OrderRow& row) {
    return row.freed.empty() ? plan::Pieces{} : pieces_in(parsed(row.freed));
}

void set_freed(state::OrderRow& row, const plan::Pieces& pieces) {
    const json::Value freed = pieces_value(pieces);
    row.freed = freed.size() == 0 ? std::string{} : freed.dump();
}

OrderFamily::OrderFamily(Flow& flow, const OrderSources& sources, const map::OrderOptions& options)
    : flow_(flow), sources_(sources), options_(options), ledger_(flow.session().store(), flow.session().key()) {}

Result<void> OrderFamily::learn() {
    state::Cursors cursors(flow_.session().store(), flow_.session().key());
    for (const auto& entry : sources_.relations()) {
        const BaseOrderId other{entry.object_id};
        if (entry.log_type == log_type::merged) {
            merged_.emplace(other, entry.order_id);
            continue;
        }
        BLONGO_TRY(const auto parent, ledger_.find(entry.order_id));
        BLONGO_TRY(const auto child, ledger_.find(other));
        if (parent && !child && !flow_.dry_run()) BLONGO_CHECK(cursors.set(child_cursor(other), fmt::to_string(entry.order_id)));
    }
    return {};
}

Result<void> OrderFamily::fill_receivers() {
    if (receivers_filled_ || flow_.dry_run()) return {};
    state::Cursors cursors(flow_.session().store(), flow_.session().key());
    BLONGO_TRY(const auto filled, cursors.get(receivers_cursor));
    BaseOrderId last;
    while (!filled) {
        BLONGO_TRY(auto rows, ledger_.without_receiver(last, receivers_at_once));
        if (rows.empty()) break;
        for (auto& row : rows) row.receiver = receiver_of(told_of(row, {}));
        BLONGO_CHECK(ledger_.fill_receivers(rows));
        last = rows.back().order_id;
    }
    receivers_filled_ = true;
    return filled ? Result<void>{} : cursors.set(receivers_cursor, "1");
}

Result<void> OrderFamily::load_pieces(const std::vector<BaseOrderId>& orders) {
    std::vector<BaseOrderId> unknown;
    std::ranges::copy_if(orders, std::back_inserter(unknown), [&](BaseOrderId order) { return !pieces_.contains(order); });
    if (unknown.empty()) return {};
    BLONGO_TRY(const auto lines, ledger_.lines_of(unknown));
    for (const auto& order : unknown) {
        const auto found = lines.find(order);
        pieces_.emplace(order, found == lines.end() ? plan::Pieces{} : pieces_of(found->second));
    }
    return {};
}

Timestamp OrderFamily::closed_from() const {
    return sources_.read_at() - merged_after_closing;
}

bool OrderFamily::is_living(const state::OrderRow& row) const {
    return row.state == state::OrderState::imported && (row.closed_at == Timestamp{} || row.closed_at >= closed_from());
}

Result<std::set<BaseOrderId>> OrderFamily::living_of(const std::set<BaseOrderId>& orders) {
    std::set<BaseOrderId> out;
    if (orders.empty()) return out;
    BLONGO_TRY(const auto rows, ledger_.find_many(std::vector<BaseOrderId>(orders.begin(), orders.end())));
    for (const auto& row : rows)
        if (is_living(row)) out.insert(row.order_id);
    return out;
}

Result<std::set<BaseOrderId>> OrderFamily::owners_of_lines(const map::OrderDocument& document) {
    std::vector<std::string> numbers;
    for (const auto& line : document.lines) numbers.push_back(line.row_number);
    BLONGO_TRY(const auto owners, ledger_.owners_of_rows(numbers));
    std::set<BaseOrderId> all, out;
    for (const auto& [number, owner] : owners) all.insert(owner);
    BLONGO_TRY(const auto living, living_of(all));
    std::map<std::string, BaseOrderId> oldest;
    for (const auto& [number, owner] : owners) {
        if (!living.contains(owner)) continue;
        const auto [known, is_first] = oldest.emplace(number, owner);
        if (!is_first) known->second = std::min(known->second, owner);
    }
    for (const auto& [number, owner] : oldest)
        if (owner != document.order_id) out.insert(owner);
    return out;
}

Result<std::vector<BaseOrderId>> OrderFamily::of_same_receiver(const map::OrderDocument& document) {
    const std::string receiver = receiver_of(map::document_marks(document));
    if (receiver == no_receiver) return std::vector<BaseOrderId>{};
    BLONGO_CHECK(fill_receivers());
    return ledger_.of_receiver(receiver, closed_from());
}

Result<void> OrderFamily::look_up_gone() {
    std::set<BaseOrderId> gone = absent();
    for (const auto& [order, main] : merged_) gone.insert(order);
    if (gone.size() == gone_.size()) return {}; // neither loses any
    BLONGO_TRY(living_gone_, living_of(gone));
    gone_ = std::move(gone);
    return {};
}

Result<void> OrderFamily::look_up_watched() {
    if (watched_) return {};
    BLONGO_TRY(watched_, ledger_.watched_ids());
    return {};
}

std::optional<bool> OrderFamily::known_absent(BaseOrderId order) const {
    if (sources_.absent().contains(order) || looked_absent_.contains(order)) return true;
    if (sources_.has_seen(order) || looked_present_.contains(order)) return false;
    return std::nullopt;
}

Result<std::optional<bool>> OrderFamily::is_absent(BaseOrderId order) {
    if (const auto known = known_absent(order)) return known;
    if (++looks_ > most_looks) return std::optional<bool>{};
    BLONGO_TRY(const auto page, flow_.session().baselinker().get_order(order));
    const bool absent = page.orders.empty() && page.bad.empty();
    (absent ? looked_absent_ : looked_present_).insert(order);
    return std::optional{absent};
}

Result<std::vector<OrderFamily::Vanished>> OrderFamily::vanished_into(const map::OrderDocument& document, plan::Pieces gained,
                                                                      Among among) {
    std::vector<BaseOrderId> candidates;
    std::set<BaseOrderId> found{document.order_id};
    const auto add = [&](const auto& orders) {
        for (const BaseOrderId order : orders)
            if (known_absent(order).value_or(true) && found.insert(order).second) candidates.push_back(order);
    };
    BLONGO_TRY(const auto named, owners_of_lines(document));
    add(named);
    BLONGO_TRY(const auto same, of_same_receiver(document));
    add(same);
    BLONGO_CHECK(look_up_gone());
    add(living_gone_);
    if (among == Among::all) {
        BLONGO_CHECK(look_up_watched());
        add(*watched_ | std::views::reverse); // what was merged is most often young, and the looks are few
    }
    BLONGO_CHECK(load_pieces(candidates));
    std::vector<Vanished> out;
    for (const auto& order : candidates) {
        if (!named.contains(order) && !plan::covers(gained, pieces_.at(order))) continue; // another one took its share
        BLONGO_TRY(const auto absent, is_absent(order));
        if (!absent.value_or(false)) continue;
        BLONGO_TRY(auto row, ledger_.find(order)); // as it stands now: this run may have cancelled it
        if (!row || row->state != state::OrderState::imported) continue;
        const bool looked_before = row->absent_at != Timestamp{} && row->absent_at < sources_.read_at();
        const bool closed = row->closed_at != Timestamp{}; // not looked at by itself; nothing of it is written
        out.push_back({std::move(*row), looked_before || closed || merged_.contains(order)});
        gained = plan::lost_pieces(gained, pieces_.at(order));
    }
    return out;
}

Result<BaseOrderId> OrderFamily::holder_of(const state::OrderRow& gone) {
    const auto named = merged_.find(gone.order_id);
    if (named != merged_.end()) {
        BLONGO_TRY(const auto main, ledger_.find(named->second));
        if (main && main->state != state::OrderState::cancelled &&
            (main->state != state::OrderState::imported || main->closed_at != Timestamp{}))
            return main->order_id;
    }
    BLONGO_TRY(const auto lines, ledger_.lines(gone.order_id));
    const auto pieces = pieces_of(lines);
    for (const auto& [order, gained] : gains_)
        if (order != gone.order_id && plan::covers(gained, pieces)) return order;
    return BaseOrderId{};
}

std::set<BaseOrderId> OrderFamily::absent() const {
    std::set<BaseOrderId> out = sources_.absent();
    out.insert(looked_absent_.begin(), looked_absent_.end());
    return out;
}

Result<std::vector<OrderFamily::Relative>> OrderFamily::relatives_of(const baselinker::Order& order) {
    std::vector<Relative> out;
    const auto add = [&](state::OrderRow row, bool named) {
        const auto same = [&](const Relative& relative) { return relative.row.order_id == row.order_id; };
        if (std::ranges::none_of(out, same)) out.push_back({std::move(row), named});
    };
    BLONGO_TRY(const auto known,
               state::Cursors(flow_.session().store(), flow_.session().key()).number(child_cursor(order.order_id)));
    if (known) {
        BLONGO_TRY(auto parent, ledger_.find(BaseOrderId{*known}));
        if (parent) add(std::move(*parent), true);
    }
    for (const auto& entry : sources_.relations()) { // a dry run remembers nothing
        if (entry.log_type == log_type::merged || BaseOrderId{entry.object_id} != order.order_id) continue;
        BLONGO_TRY(auto parent, ledger_.find(entry.order_id));
        if (parent) add(std::move(*parent), true);
    }
    const std::string number = market_number_of(order);
    BLONGO_TRY(auto siblings, ledger_.of_market_number(number));
    const std::string source_id = order.order_source_id == 0 ? std::string{} : std::to_string(order.order_source_id);
    for (auto& row : siblings) {
        const std::string row_source_id(parsed(row.identity)["order_source_id"].text());
        const bool same_account = row_source_id.empty() || source_id.empty() || row_source_id == source_id;
        if (row.order_id == order.order_id || row.order_source != order.order_source || !same_account) continue;
        add(std::move(row), false);
    }
    return out;
}

/// Whether BaseLinker's order is another one than the one that this very run imported.
Result<bool> OrderFamily::changed_since_import(const state::OrderRow& parent) {
    if (parent.imported_at < sources_.read_at() || parent.state != state::OrderState::imported) return false;
    BLONGO_TRY(const auto page, flow_.session().baselinker().get_order(parent.order_id));
    return page.orders.empty() || map::order_source_mark(page.orders.front(), options_) != parent.source_mark;
}

Result<OrderFamily::Kinship> OrderFamily::kinship_of(const baselinker::Order& order, const map::OrderDocument& document) {
    Kinship out;
    BLONGO_TRY(const auto relatives, relatives_of(order));
    plan::Pieces open = pieces_of(ledger_lines(document));
    const plan::Pieces all = open;
    std::optional<BaseOrderId> owes;
    for (const auto& [parent, named] : relatives) {
        if (parent.newest_id >= order.order_id) { // both were there before either was imported
            BLONGO_TRY(const bool changed, changed_since_import(parent));
            if (!changed) continue;
            owes = parent.order_id;
            if (!flow_.dry_run()) {
                state::OrderRow row = parent; // what was imported is older than this order
                row.newest_id = BaseOrderId{order.order_id.value() - 1};
                BLONGO_CHECK(ledger_.update(row));
            }
            if (named) break;
            continue;
        }
        owes = owes.value_or(parent.order_id);
        const plan::Pieces freed = freed_of(parent);
        plan::Pieces taken;
        for (auto& [article, pieces] : open)
            if (const auto found = freed.find(article); found != freed.end() && pieces > 0) {
                taken[article] = std::min(pieces, found->second);
                pieces -= taken[article];
            }
        if (!taken.empty()) out.takes[parent.order_id] = std::move(taken);
        if (named) break; // what another one gave up is for the orders that were made of that one
    }
    const bool covered = std::ranges::all_of(open, [](const auto& row) { return row.second == 0; });
    if (owes && !(covered && !all.empty())) {
        out.waits_for = *owes;
        out.takes.clear();
    }
    return out;
}

Result<bool> OrderFamily::has_relatives(const baselinker::Order& order) {
    BLONGO_TRY(const auto relatives, relatives_of(order));
    return std::ranges::any_of(relatives, [&](const Relative& relative) { return relative.row.newest_id < order.order_id; });
}

Result<void> OrderFamily::took_over(BaseOrderId order, const TakenPieces& takes) {
    for (const auto& [parent, pieces] : takes) {
        BLONGO_TRY(auto row, ledger_.find(parent));
        if (!row) continue;
        set_freed(*row, plan::lost_pieces(freed_of(*row), pieces));
        BLONGO_CHECK(ledger_.update(*row));
    }
    return forget(order);
}

Result<void> OrderFamily::remember_waiting(const map::OrderDocument& document, BaseOrderId waits_for) {
    if (flow_.dry_run()) return {};
    json::Value rows = json::Value::array();
    for (const auto& line : document.lines) rows.push_back(line.row_number);
    const auto payload = json::Value::object()
                             .set("waits_for", waits_for.value())
                             .set("pieces", pieces_value(pieces_of(ledger_lines(document))))
                             .set("rows", std::move(rows));
    return state::Due(flow_.session().store(), flow_.session().key())
        .put({0, waiting_kind, fmt::to_string(document.order_id), sources_.read_at(), payload.dump(), 0});
}

Result<OrderDebt> OrderFamily::debt_of(const map::OrderDocument& document, const plan::Pieces& gained) {
    OrderDebt out;
    BLONGO_TRY(const auto waiting, state::Due(flow_.session().store(), flow_.session().key()).of_kind(waiting_kind));
    for (const auto& row : waiting) {
        const BaseOrderId order{parse_id(row.key).value_or(0)};
        if (order == document.order_id) continue;
        const json::Value payload = parsed(row.payload);
        const auto pieces = pieces_in(payload["pieces"]);
        const auto has_row = [&](const json::Value& number) {
            return std::ranges::find(document.lines, number.text(), &map::OrderLine::row_number) != document.lines.end();
        };
        if (!std::ranges::any_of(payload["rows"].elements(), has_row) && !plan::covers(gained, pieces)) continue;
        BLONGO_TRY(const auto absent, is_absent(order));
        if (!absent.value_or(false)) continue;
        BLONGO_TRY(const auto parent, ledger_.find(BaseOrderId{payload["waits_for"].integer()}));
        if (!parent) continue;
        if (!plan::covers(freed_of(*parent), plan::sum_of(out.takes[parent->order_id], pieces))) out.waits_for = parent->order_id;
        out.takes[parent->order_id] = plan::sum_of(out.takes[parent->order_id], pieces);
        out.merged.push_back(order);
    }
    return out;
}

Result<void> OrderFamily::paid(BaseOrderId order, const OrderDebt& debt) {
    if (debt.merged.empty()) return {};
    for (const auto& merged : debt.merged)
        BLONGO_CHECK(state::Due(flow_.session().store(), flow_.session().key()).erase(waiting_kind, fmt::to_string(merged)));
    return took_over(order, debt.takes);
}

Result<void> OrderFamily::forget(BaseOrderId order) {
    BLONGO_CHECK(state::Due(flow_.session().store(), flow_.session().key()).erase(waiting_kind, fmt::to_string(order)));
    return state::Cursors(flow_.session().store(), flow_.session().key()).erase(child_cursor(order));
}

} // namespace blongo::sync
