// SPDX-License-Identifier: Apache-2.0
#include "support/e2e/history_model.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace blongo::test::history {

std::string Setup::text() const {
    std::string out = fmt::format("journal {}, order gone is {}, PUT {} what it omits, Ongoing locks from {}, orders begin at {}",
                                  journal ? "on" : "off", missing_is_error ? "an error" : "an empty list",
                                  clears_omitted ? "clears" : "keeps", locks_from, begins_at);
    const auto setting = [&](const char* name, std::int64_t status) {
        if (status != 0) out += fmt::format(", {} {}", name, status);
    };
    setting("status_after_import", after_import);
    setting("status_on_error", on_error);
    setting("status_after_cancel_refused", cancel_refused);
    for (const auto& [there, status] : by_warehouse) out += fmt::format(", status_by_warehouse {} = {}", there, status);
    return out + (shipments ? ", parcels are booked" : "");
}

void Model::complain(const std::string& what) {
    complaints_.push_back(fmt::format("run {}: {}", runs_, what));
}

const Known& Model::known(OrderId id) const {
    static const Known nothing;
    const auto found = known_.find(id);
    return found == known_.end() ? nothing : found->second;
}

const PeoplesEdits& Model::edits_of(OrderId id) const {
    static const PeoplesEdits none;
    const auto found = edits_.find(id);
    return found == edits_.end() ? none : found->second;
}

// --- what people did -------------------------------------------------------

void Model::person_made(const BaseOrder& order) {
    Known& known = know(order.id);
    known.status = order.status;
    known.moved = ++clock_;
    for (const auto& [sku, pieces] : pieces_of(order.lines)) limit_[sku] += pieces;
}

void Model::person_moved(OrderId id, std::int64_t status) {
    Known& known = know(id);
    known.status = status;
    known.set_by_us = false;
    known.moved = ++clock_;
    if (status == base_status::cancelled) ++known.cancellations;
}

void Model::person_deleted(OrderId id) {
    know(id).gone_since = runs_;
}

void Model::person_split(OrderId parent, const BaseOrder& child, bool is_copy, const Sides& sides) {
    Known& known = know(child.id);
    known.parent = parent;
    known.is_copy = is_copy;
    known.status = child.status;
    known.moved = ++clock_;
    OrderId root = parent;
    for (OrderId at = parent; at != 0; at = know(at).parent) {
        if (known.waits_for == 0 && sides.in_warehouse(at) != nullptr) known.waits_for = at;
        root = at;
    }
    for (const auto& [id, order] : sides.warehouse) {
        OrderId top = id;
        while (know(top).parent != 0) top = know(top).parent;
        known.may_wait = known.may_wait || (top == root && id != child.id);
    }
    known.is_uncounted = is_copy ? known.waits_for != 0 : know(parent).is_uncounted;
    if (is_copy && known.waits_for == 0)
        for (const auto& [sku, pieces] : pieces_of(child.lines)) limit_[sku] += pieces;
}

void Model::person_merged(OrderId main, const BaseOrder& other) {
    Known& known = know(other.id);
    if (known.is_uncounted) // the pieces of a copy are ordered indeed
        for (const auto& [sku, pieces] : pieces_of(other.lines)) limit_[sku] += pieces;
    known.merged_into = main;
    known.gone_since = runs_;
}

void Model::person_wrote_instruction(OrderId id, const std::string& text) {
    edits_[id].instruction = text;
    know(id).instruction_edited = ++clock_;
}

void Model::warehouse_moved(OrderId id, const WareOrder& before, std::int64_t status) {
    Known& known = know(id);
    known.ware_moved = ++clock_;
    ++known.entered[status];
    if (status != ware_status::cancelled) return;
    known.freed_by_people = true;
    free_pieces(id, before.lines, {});
}

// --- runs ------------------------------------------------------------------

void Model::run_begins(const Sides& sides, const std::string& fault) {
    now_ = sides;
    fault_before_ = fault_;
    fault_ = fault;
    ++runs_;
    ++clock_;
}

void Model::run_ended(std::optional<int> exit_code, const std::vector<Call>& writes, const Sides& after, const Parked& parked) {
    for (const Call& call : writes) judge_call(call, after);
    // What the writes made of both sides is what is there: else a write was overlooked here.
    for (const auto& [id, order] : after.warehouse) {
        const WareOrder* told = now_.in_warehouse(id);
        if (told == nullptr || told->status != order.status || told->lines != order.lines || told->address != order.address ||
            told->point != order.point || told->remark != order.remark)
            complain(fmt::format("order {} in Ongoing is not what the calls of this run made of it", id));
    }
    if (!exit_code) return;
    if (*exit_code != 0 && *exit_code != 3 && *exit_code != 5 && *exit_code != 8)
        complain(fmt::format("exit code {}", *exit_code));
    for (auto& [id, known] : known_) {
        const auto row = parked.find(id);
        const std::string cause = row == parked.end() ? "" : row->second;
        if (!cause.empty() && cause != known.cause) ++known.causes;
        known.cause = cause;
        if (setup_.on_error != 0 && known.written[setup_.on_error] > known.causes)
            complain(fmt::format("order {} was parked {} times and set to status_on_error {} times", id, known.causes,
                                 known.written[setup_.on_error]));
    }
    const bool is_well = fault_.empty() && (*exit_code == 0 || *exit_code == 3);
    if (is_well) expect_no_piece_twice(after, "at the end of a run");
}

void Model::expect_no_piece_twice(const Sides& sides, const char* when) {
    Pieces living;
    for (const auto& [id, order] : sides.warehouse) {
        if (order.is_cancelled()) continue;
        for (const auto& [row, line] : order.lines)
            if (!edits_of(id).added.contains(row)) living[line.sku] += line.pieces;
    }
    for (const auto& [sku, pieces] : living)
        if (const auto limit = limit_.find(sku); limit == limit_.end() || pieces > limit->second)
            complain(fmt::format("{}: {} pieces of {} are in orders of the warehouse that live, at most {} were ordered", when,
                                 pieces, sku, limit == limit_.end() ? 0 : limit->second));
}

void Model::free_pieces(OrderId id, const Lines& before, const Lines& after) {
    Known& known = know(id);
    const auto ours = [&](const Lines& lines) {
        Pieces sum;
        for (const auto& [row, line] : lines)
            if (!edits_of(id).added.contains(row)) sum[line.sku] += line.pieces;
        return sum;
    };
    Pieces had = ours(before), has = ours(after);
    // What an order that was merged away held is in the other one now.
    if (const WareOrder* main = now_.in_warehouse(holder_of(id));
        known.merged_into != 0 && main != nullptr && !main->is_cancelled())
        for (const auto& [sku, pieces] : pieces_of(main->lines)) has[sku] += pieces;
    for (const auto& [sku, pieces] : had) known.freed[sku] += std::max<std::int64_t>(0, pieces - has[sku]);
    for (const auto& [sku, pieces] : has)
        if (pieces > had[sku]) known.freed[sku] = std::max<std::int64_t>(0, known.freed[sku] - (pieces - had[sku]));
}

// --- what holds of an order ------------------------------------------------

bool Model::is_accepted(const BaseOrder& order) const {
    if (!order.confirmed) return false;
    return order.status == base_status::accepted ||
           (setup_.on_error != 0 && order.status == setup_.on_error && known(order.id).set_by_us);
}

bool Model::is_cancelled_in_base(OrderId id, const Sides& sides) const {
    const BaseOrder* order = sides.in_base(id);
    if (order == nullptr) return true;
    return order->status == base_status::cancelled || (order->status == base_status::cancel_refused && known(id).set_by_us);
}

OrderId Model::holder_of(OrderId id) const {
    OrderId at = id;
    while (known(at).merged_into != 0) at = known(at).merged_into;
    return at;
}

bool Model::is_gone_and_lives(OrderId id, const Sides& sides) const {
    const WareOrder* there = sides.in_warehouse(id);
    return sides.in_base(id) == nullptr && there != nullptr && !there->is_cancelled();
}

bool Model::is_merging(OrderId main, const Sides& sides) const {
    if (const OrderId parent = known(main).parent; parent != 0 && is_merging(parent, sides)) return true;
    const BaseOrder* base = sides.in_base(main);
    const Pieces has = base == nullptr ? Pieces{} : pieces_of(base->lines);
    return std::any_of(known_.begin(), known_.end(), [&](const auto& row) {
        if (row.first == main || !is_gone_and_lives(row.first, sides)) return false;
        if (row.second.merged_into != 0 && holder_of(row.first) == main) return true;
        const Pieces held = pieces_of(sides.in_warehouse(row.first)->lines);
        return std::any_of(held.begin(), held.end(), [&](const auto& one) { return has.contains(one.first); });
    });
}

bool Model::has_taken_waiting(OrderId main, const Sides& sides) const {
    return std::any_of(known_.begin(), known_.end(), [&](const auto& row) {
        return row.second.merged_into != 0 && holder_of(row.first) == main && row.second.waits_for != 0 &&
               sides.in_warehouse(row.first) == nullptr;
    });
}

std::set<std::string> Model::differences(const BaseOrder& base, const WareOrder& there) const {
    const PeoplesEdits& edits = edits_of(base.id);
    std::set<std::string> found;
    const auto compare = [&](const char* name, const std::string& told, const std::string& held,
                             const std::optional<std::string>& edited) {
        if (held != edited.value_or(told)) found.insert(name);
    };
    compare("address", base.address, there.address, edits.address);
    compare("point", base.point, there.point, edits.point);
    compare("remark", base.remark, there.remark, edits.remark);
    for (const auto& [row, line] : base.lines) {
        if (edits.removed.contains(row)) continue;
        const auto edited = edits.pieces.find(row);
        const Line wanted{line.sku, edited == edits.pieces.end() ? line.pieces : edited->second};
        const auto held = there.lines.find(row);
        if (held == there.lines.end() || held->second != wanted) found.insert("line " + row);
    }
    for (const auto& [row, line] : there.lines)
        if (!edits.added.contains(row) && (!base.lines.contains(row) || edits.removed.contains(row))) found.insert("line " + row);
    return found;
}

} // namespace blongo::test::history
