// SPDX-License-Identifier: Apache-2.0
// What each write of a run was allowed to be, by what both sides held right before it. Nothing happens beside a run.
#include <algorithm>

#include <fmt/format.h>

#include "support/e2e/history_model.hpp"

namespace blongo::test::history {

namespace {

constexpr std::int64_t never_tried_from = ware_status::allocated;

bool is_paperwork(const std::string& operation) { // of shipments
    return operation.find("/files") != std::string::npos || operation.find("Tracking") != std::string::npos ||
           operation.find("/parcels") != std::string::npos || operation.ends_with("/waybill");
}

} // namespace

void Model::judge_call(const Call& call, const Sides& after) {
    const std::string& what = call.operation;
    if (call.side == "baselinker") {
        if (what == "setOrderStatus")
            return judge_status(call, call.sent["order_id"].integer(), call.sent["status_id"].integer());
        if (what == "setOrderStatuses") {
            for (const auto& id : call.sent["order_ids"].elements())
                judge_status(call, id.integer(), call.sent["status_id"].integer());
            return;
        }
        if (what == "createPackage" && setup_.shipments) return judge_booking(call, call.sent["order_id"].integer());
        return complain("no rule allows " + call.text());
    }
    if (what == "PUT /orders" || what == "PUT /orders/{orderId}") return judge_put(call, after);
    const OrderId id = after.owner_of(call.id_in_path());
    if (what == "DELETE /orders/{orderId}") return judge_delete(call, id);
    if (setup_.shipments && is_paperwork(what)) return;
    if (what.starts_with("PATCH /orders/{orderId}/")) return judge_patch(call, id);
    if (what != "PUT /articles") complain("no rule allows " + call.text());
}

void Model::judge_put(const Call& call, const Sides& after) {
    const std::string number(call.sent["orderNumber"].text());
    const OrderId id = std::atoll(number.c_str());
    if (std::to_string(id) != number) return complain("an order of a number that nobody asked for: " + call.text());
    if (call.sent["goodsOwnerOrderId"].text() != number) complain(fmt::format("order {} with another goodsOwnerOrderId", id));
    const WareOrder* before = now_.in_warehouse(id);
    WareOrder made = after_put(before == nullptr ? WareOrder{} : *before, call.sent, setup_.clears_omitted);
    if (before == nullptr) {
        judge_creation(id, made);
        if (!call.committed) return;
        made.status = setup_.begins_at;
        if (const WareOrder* there = after.in_warehouse(id)) made.ongoing_id = there->ongoing_id;
        Known& known = know(id);
        known.created = ++clock_;
        ++known.entered[made.status];
        for (const auto& [sku, pieces] : pieces_of(made.lines))
            if (known.waits_for != 0) know(known.waits_for).freed[sku] -= pieces;
    } else {
        judge_update(id, *before, made, call.committed);
        if (!call.committed) return;
        free_pieces(id, before->lines, made.lines);
    }
    now_.warehouse[id] = std::move(made);
}

void Model::judge_creation(OrderId id, const WareOrder& made) {
    const BaseOrder* base = now_.in_base(id);
    if (base == nullptr) return complain(fmt::format("order {} is created and BaseLinker does not have it", id));
    if (!is_accepted(*base)) complain(fmt::format("order {} is created in status {}", id, base->status));
    for (const auto& difference : differences(*base, made))
        complain(fmt::format("order {} is created with another {}", id, difference));
    if (made.lines.empty()) complain(fmt::format("order {} is created without lines", id));
}

void Model::judge_update(OrderId id, const WareOrder& before, const WareOrder& made, bool committed) {
    if (before.status >= never_tried_from) complain(fmt::format("PUT of order {} at status {}", id, before.status));
    const BaseOrder* base = now_.in_base(id);
    if (is_cancelled_in_base(id, now_)) return complain(fmt::format("order {} is updated and was cancelled in BaseLinker", id));
    if (made.lines.empty()) complain(fmt::format("order {} is updated to no lines", id));
    const PeoplesEdits& edits = edits_of(id);
    for (const auto& [row, line] : edits.added)
        if (const auto kept = made.lines.find(row); kept == made.lines.end() || kept->second != line)
            complain(fmt::format("the update of order {} loses the line {} that people added", id, row));
    const auto expect = [&](const char* member, const std::optional<std::string>& edited, const std::string& sent) {
        if (edited && *edited != sent)
            complain(fmt::format("the update of order {} overwrites people's {} with \"{}\"", id, member, sent));
    };
    expect("free text", edits.free_text, made.free_text);
    if (edits.instruction && made.instruction.find(*edits.instruction) == std::string::npos)
        complain(fmt::format("the update of order {} overwrites people's instruction", id));
    for (const auto& difference : differences(*base, made)) {
        // A merge that could not be completed leaves the lines as they were.
        const std::string row = difference.substr(difference.find(' ') + 1);
        const auto old = before.lines.find(row), now = made.lines.find(row);
        const bool stays =
            old == before.lines.end() ? now == made.lines.end() : now != made.lines.end() && old->second == now->second;
        if (is_merging(id, now_) && difference.starts_with("line ") && (stays || now == made.lines.end())) continue;
        complain(fmt::format("the update of order {} sends another {}", id, difference));
    }
    if (committed && fault_.empty() && fault_before_.empty() && made.lines == before.lines && made.address == before.address &&
        made.point == before.point && made.remark == before.remark && made.instruction == before.instruction)
        complain(fmt::format("an update of order {} that changes nothing", id));
}

void Model::judge_delete(const Call& call, OrderId id) {
    const WareOrder* there = now_.in_warehouse(id);
    if (there == nullptr) return complain("nobody knows the order of " + call.text());
    const bool is_repeated = there->is_cancelled() && !fault_.empty(); // the answer to the first one was lost
    if (there->status >= never_tried_from && !is_repeated)
        complain(fmt::format("DELETE of order {} at status {}", id, there->status));
    const Known& known = this->known(id);
    if (!is_cancelled_in_base(id, now_)) complain(fmt::format("order {} is cancelled and stands in BaseLinker", id));
    const int looks = runs_ - known.gone_since;
    if (now_.in_base(id) == nullptr && looks < 2 && !setup_.journal && fault_before_ != "empty_listing" &&
        fault_ != "empty_listing")
        complain(fmt::format("order {} is cancelled at the first look that did not find it", id));
    if (known.merged_into != 0) {
        const OrderId main = holder_of(id);
        const BaseOrder* base = now_.in_base(main);
        const WareOrder* holder = now_.in_warehouse(main);
        const bool is_watched =
            base != nullptr && holder != nullptr && !is_cancelled_in_base(main, now_) && holder->status < ware_status::sent;
        for (const auto& [row, line] : there->lines)
            if (is_watched && base->lines.contains(row) && base->lines.at(row) == line && !holder->lines.contains(row) &&
                !edits_of(main).removed.contains(row))
                complain(fmt::format("order {} is cancelled before order {} holds its line {}", id, main, row));
    }
    if (!call.committed) return;
    WareOrder& gone = now_.warehouse.at(id);
    free_pieces(id, gone.lines, {});
    gone.status = ware_status::cancelled;
    ++know(id).entered[ware_status::cancelled];
}

void Model::judge_patch(const Call& call, OrderId id) {
    if (!now_.warehouse.contains(id)) return complain("nobody knows the order of " + call.text());
    WareOrder& there = now_.warehouse.at(id);
    if (there.is_cancelled()) complain(fmt::format("a cancelled order is patched: {}", call.text()));
    const std::string member = call.operation.substr(call.operation.rfind('/') + 1);
    const std::string sent(call.sent[member].text());
    if (member == "servicePointCode") {
        const BaseOrder* base = now_.in_base(id);
        if (base == nullptr || base->point != sent) complain(fmt::format("order {}: the point \"{}\" is patched", id, sent));
        if (edits_of(id).point) complain(fmt::format("order {}: people's point is patched away", id));
        if (call.committed) there.point = sent;
        return;
    }
    if (member != "warehouseInstruction") return complain("no rule allows " + call.text());
    if (const auto& edited = edits_of(id).instruction; edited && sent.find(*edited) == std::string::npos)
        complain(fmt::format("order {}: people's instruction is lost: {}", id, sent));
    if (!call.committed) return;
    there.instruction = sent;
    know(id).instruction_told = ++clock_;
}

void Model::judge_status(const Call& call, OrderId id, std::int64_t status) {
    if (!call.committed) return;
    const BaseOrder* base = now_.in_base(id);
    if (base == nullptr) return complain(fmt::format("order {} is gone and gets status {}", id, status));
    Known& known = know(id);
    const std::int64_t from = base->status;
    const WareOrder* there = now_.in_warehouse(id);
    const std::string what =
        fmt::format("order {} is moved from {} ({}) to {}", id, from, known.set_by_us ? "ours" : "a person's", status);
    if (from == status) complain(what + ": it is there already");
    const bool refused = status == setup_.cancel_refused;
    if (refused) {
        if (from != base_status::cancelled || there == nullptr || there->is_cancelled() || there->status < setup_.locks_from)
            complain(what + ": no cancellation was refused");
        if (known.written[status] >= known.cancellations) complain(what + ": it was told already");
    } else if (from != base_status::accepted && (!known.set_by_us || from == setup_.cancel_refused)) {
        complain(what + ": against a person");
    }
    const auto told = there == nullptr ? setup_.by_warehouse.end() : setup_.by_warehouse.find(there->status);
    if (status == setup_.after_import) {
        if (there == nullptr) complain(what + ": the warehouse does not have it");
        if (known.written[status] > known.written[setup_.on_error]) complain(what + ": it was set already");
    } else if (told != setup_.by_warehouse.end() && told->second == status) {
        if (known.shown[there->status] >= known.entered[there->status]) complain(what + ": it was set already");
        // How the parcel went says more than that the warehouse sent it.
        if (is_delivery_status(from) && there->status == ware_status::sent) complain(what + ": a parcel was booked already");
        ++known.shown[there->status];
    } else if (is_delivery_status(status)) {
        judge_delivery_status(what, id, status);
    } else if (status == base_status::accepted) {
        if (from != setup_.on_error || !known.set_by_us) complain(what + ": nobody had moved it away");
    } else if (status != setup_.on_error && !refused) {
        complain(what + ": no setting names that");
    }
    ++known.written[status];
    known.status = status;
    known.set_by_us = true;
    now_.base.at(id).status = status;
}

void Model::judge_booking(const Call& call, OrderId id) {
    const WareOrder* there = now_.in_warehouse(id);
    if (is_cancelled_in_base(id, now_) || there == nullptr || there->is_cancelled())
        complain(fmt::format("a parcel is booked for order {}, which is cancelled", id));
    else if (there->status < ware_status::sent)
        complain(fmt::format("a parcel is booked for order {} at status {}", id, there->status));
    if (!call.committed) return;
    ++know(id).bookings;
    know(id).booked = ++clock_;
}

/// Once for each delivery that was booked, by what was in it.
void Model::judge_delivery_status(const std::string& what, OrderId id, std::int64_t status) {
    Known& known = know(id);
    if (known.written[base_status::delivered] + known.written[base_status::delivered_short] >= known.bookings)
        complain(what + ": no parcel was booked for that");
    const WareOrder* there = now_.in_warehouse(id);
    if (there != nullptr && there->is_short != (status == base_status::delivered_short))
        complain(what + ": the other one is meant for what was picked");
}

} // namespace blongo::test::history
