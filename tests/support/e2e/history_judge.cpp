// SPDX-License-Identifier: Apache-2.0
// What both sides and the parked list must be once everything has come to rest.
#include <algorithm>

#include <fmt/format.h>

#include "support/e2e/history_model.hpp"

namespace blongo::test::history {

namespace {

const std::string told_words = "order cancelled", separator = " | ";

int how_often(const std::string& text, const std::string& words) {
    int count = 0;
    for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++count;
    return count;
}

/// Without what shipments write in front for the packer.
std::string without_labels(std::string text) {
    while (text.starts_with("LABEL ")) {
        const auto end = text.find(separator);
        text = end == std::string::npos ? std::string{} : text.substr(end + separator.size());
    }
    return text;
}

} // namespace

void Model::judge(const Sides& sides, const Parked& parked) {
    expect_no_piece_twice(sides, "at the end");
    for (const auto& [id, known] : known_) judge_order(id, sides, parked);
    judge_parked(sides, parked);
}

void Model::judge_order(OrderId id, const Sides& sides, const Parked& parked) {
    const BaseOrder* base = sides.in_base(id);
    const WareOrder* there = sides.in_warehouse(id);
    const auto row = parked.find(id);
    const std::string cause = row == parked.end() ? "" : row->second;
    if (there != nullptr) {
        judge_edits(id, *there);
        judge_instruction(id, *there,
                          is_cancelled_in_base(id, sides) && !there->is_cancelled() && is_locked(*there) &&
                              known(id).merged_into == 0 && cause != "merged_in_base");
    }
    if (base != nullptr) judge_final_status(*base, there, cause);
    if (known(id).merged_into != 0) return judge_merged(id, sides, parked);
    if (is_cancelled_in_base(id, sides)) return judge_cancelled(id, sides, cause);
    if (there == nullptr) return judge_missing(*base, sides, cause);
    judge_living(*base, sides, parked);
}

void Model::judge_cancelled(OrderId id, const Sides& sides, const std::string& cause) {
    const WareOrder* there = sides.in_warehouse(id);
    if (there == nullptr || there->is_cancelled()) {
        if (!cause.empty()) complain(fmt::format("order {} is cancelled on both sides and parked {}", id, cause));
        return;
    }
    if (!is_locked(*there)) return complain(fmt::format("order {} is cancelled in BaseLinker and lives in Ongoing", id));
    if (there->status >= ware_status::sent) return; // the warehouse was faster, and is done
    if (cause == "merged_in_base" && looks_merged(id, sides)) return;
    if (cause != "locked_in_warehouse")
        complain(fmt::format("order {} could not be cancelled in Ongoing and is parked \"{}\"", id, cause));
}

bool Model::looks_merged(OrderId id, const Sides& sides) const {
    if (!is_gone_and_lives(id, sides)) return false;
    if (known(id).merged_into != 0) return true;
    const Pieces held = pieces_of(sides.in_warehouse(id)->lines);
    return std::any_of(sides.base.begin(), sides.base.end(), [&](const auto& row) {
        const Pieces has = pieces_of(row.second.lines);
        return std::any_of(held.begin(), held.end(), [&](const auto& one) { return has.contains(one.first); });
    });
}

void Model::judge_merged(OrderId id, const Sides& sides, const Parked& parked) {
    const auto cause_of = [&](OrderId order) {
        const auto row = parked.find(order);
        return row == parked.end() ? std::string{} : row->second;
    };
    const OrderId main = holder_of(id);
    const BaseOrder* base = sides.in_base(main);
    const WareOrder* there = sides.in_warehouse(id);
    const WareOrder* holder = sides.in_warehouse(main);
    const bool is_plain = base == nullptr || is_cancelled_in_base(main, sides) || holder == nullptr || holder->is_cancelled();
    if (there == nullptr || there->is_cancelled()) return judge_cancelled(id, sides, cause_of(id));
    // A merge is one decision: one order that the warehouse does not give up keeps all that were merged with it.
    const bool is_kept =
        !is_plain && cause_of(id) == "merged_in_base" && std::any_of(known_.begin(), known_.end(), [&](const auto& row) {
            const WareOrder* other = sides.in_warehouse(row.first);
            return row.first != id && row.second.merged_into != 0 && holder_of(row.first) == main && other != nullptr &&
                   !other->is_cancelled() && is_locked(*other);
        });
    if (!is_locked(*there) && !is_kept && (is_plain || !is_locked(*holder)))
        return complain(fmt::format("order {} was merged into {} and lives in Ongoing", id, main));
    if (there->status >= ware_status::sent) return;
    const auto explains = [](const std::string& cause) { return cause == "merged_in_base" || cause == "locked_in_warehouse"; };
    if (!explains(cause_of(id)))
        complain(fmt::format("order {} was merged into {}, lives in Ongoing and is parked \"{}\"", id, main, cause_of(id)));
    // What the seller took out of the main order again, or moved on, keeps nothing back there.
    const Pieces held = pieces_of(there->lines), has = is_plain ? Pieces{} : pieces_of(base->lines);
    const bool has_its_pieces = std::any_of(held.begin(), held.end(), [&](const auto& one) { return has.contains(one.first); });
    if (has_its_pieces && holder->status < ware_status::sent && !explains(cause_of(main)))
        complain(fmt::format("order {}, which order {} was merged into, is parked \"{}\"", main, id, cause_of(main)));
}

void Model::judge_living(const BaseOrder& base, const Sides& sides, const Parked& parked) {
    const WareOrder& there = *sides.in_warehouse(base.id);
    const auto row = parked.find(base.id);
    const std::string cause = row == parked.end() ? "" : row->second;
    if (there.is_cancelled()) {
        if (is_accepted(base) && cause != "cancelled_came_back")
            complain(fmt::format("order {} is cancelled in Ongoing, stands in BaseLinker and is parked \"{}\"", base.id, cause));
        return;
    }
    if (there.status >= ware_status::sent) return; // finished: no longer watched
    if (is_merging(base.id, sides)) return;        // judged with the order that was merged into it
    if (has_taken_waiting(base.id, sides) && (cause == "split_waiting" || cause == "merged_in_base")) return;
    if (base.lines.empty()) return;
    if (cause == "edited_in_warehouse" && leaves_nothing(base)) return;
    auto found = differences(base, there);
    std::string list;
    for (const auto& name : found) list += " " + name;
    if (!is_locked(there) && there.status < ware_status::allocated) {
        if (!found.empty()) complain(fmt::format("order {} was not updated:{}", base.id, list));
        return;
    }
    if (found.contains("point") && !base.point.empty()) complain(fmt::format("order {}: the point was not patched", base.id));
    if (!found.empty() && cause != "locked_in_warehouse")
        complain(fmt::format("order {} differs in{} and is parked \"{}\"", base.id, list, cause));
}

bool Model::leaves_nothing(const BaseOrder& base) const {
    const PeoplesEdits& edits = edits_of(base.id);
    return edits.added.empty() && std::all_of(base.lines.begin(), base.lines.end(),
                                              [&](const auto& line) { return edits.removed.contains(line.first); });
}

bool Model::frees_enough(const Known& child, const BaseOrder& base) const {
    const Known& parent = known(child.waits_for);
    const Pieces needed = pieces_of(base.lines);
    return std::all_of(needed.begin(), needed.end(), [&](const auto& row) {
        const auto found = parent.freed.find(row.first);
        return found != parent.freed.end() && found->second >= row.second;
    });
}

void Model::judge_missing(const BaseOrder& base, const Sides& sides, const std::string& cause) {
    if (!is_accepted(base)) return; // it may wait for anything, or for nothing
    const Known& known = this->known(base.id);
    if (base.lines.empty() && cause == "empty_order") return;
    if ((is_merging(base.id, sides) || has_taken_waiting(base.id, sides)) && !cause.empty()) return;
    if (cause != "split_waiting") return complain(fmt::format("order {} is not in Ongoing and parked \"{}\"", base.id, cause));
    if (known.waits_for == 0) {
        if (!known.may_wait) complain(fmt::format("order {} waits for a parent that the warehouse never had", base.id));
    } else if (frees_enough(known, base) && !this->known(known.waits_for).freed_by_people) {
        complain(fmt::format("order {} waits although order {} has freed its pieces", base.id, known.waits_for));
    }
}

void Model::judge_edits(OrderId id, const WareOrder& there) {
    const PeoplesEdits& edits = edits_of(id);
    const auto expect = [&](const char* member, const std::optional<std::string>& edited, const std::string& held) {
        if (edited && *edited != held)
            complain(fmt::format("order {}: people's {} \"{}\" is now \"{}\"", id, member, *edited, held));
    };
    expect("address", edits.address, there.address);
    expect("point", edits.point, there.point);
    expect("remark", edits.remark, there.remark);
    expect("free text", edits.free_text, there.free_text);
    for (const auto& [row, pieces] : edits.pieces)
        if (const auto line = there.lines.find(row); line != there.lines.end() && line->second.pieces != pieces)
            complain(fmt::format("order {}: people's {} pieces on line {} are now {}", id, pieces, row, line->second.pieces));
    for (const auto& [row, line] : edits.added)
        if (const auto kept = there.lines.find(row); kept == there.lines.end() || kept->second != line)
            complain(fmt::format("order {}: the line {} that people added is lost", id, row));
    for (const auto& row : edits.removed)
        if (there.lines.contains(row)) complain(fmt::format("order {}: the line {} that people removed is back", id, row));
}

void Model::judge_instruction(OrderId id, const WareOrder& there, bool cancel_is_refused) {
    const Known& known = this->known(id);
    const std::string text = without_labels(there.instruction);
    const std::string people = edits_of(id).instruction.value_or("");
    const int told = how_often(text, told_words);
    if (told > 1) complain(fmt::format("order {}: the packer is told {} times", id, told));
    if (cancel_is_refused) {
        const bool wiped_by_people = known.instruction_edited > known.instruction_told && known.instruction_told != 0;
        if (told == 0 && !wiped_by_people && there.status < ware_status::sent)
            complain(fmt::format("order {}: the packer is not told of the cancellation: \"{}\"", id, text));
        if (!text.ends_with(people)) complain(fmt::format("order {}: people's instruction is lost: \"{}\"", id, text));
        return;
    }
    if (there.status >= ware_status::sent || known.merged_into != 0) return;
    if (text != people) complain(fmt::format("order {}: the instruction is \"{}\" instead of \"{}\"", id, text, people));
}

void Model::judge_final_status(const BaseOrder& base, const WareOrder* there, const std::string& cause) {
    const Known& known = this->known(base.id);
    const auto times = [&](std::int64_t status) {
        const auto found = known.written.find(status);
        return found == known.written.end() ? 0 : found->second;
    };
    if (base.status != known.status) complain(fmt::format("order {} is in status {} and nobody moved it", base.id, base.status));
    if (!base.confirmed) return;
    if (there == nullptr) {
        if (setup_.on_error != 0 && !cause.empty() && base.status == base_status::accepted && times(setup_.on_error) == 0)
            complain(fmt::format("order {} is parked {} and was never moved to status_on_error", base.id, cause));
        return;
    }
    if (setup_.cancel_refused != 0 && base.status == base_status::cancelled && is_locked(*there) &&
        there->status < ware_status::sent && times(setup_.cancel_refused) == 0)
        complain(fmt::format("order {} could not be cancelled and BaseLinker does not show it", base.id));
    const bool may_move = base.status == base_status::accepted || (known.set_by_us && base.status != setup_.cancel_refused);
    const bool shows_error = !cause.empty() && base.status == setup_.on_error;
    if (is_delivery_status(base.status)) return;
    if (known.booked > known.moved && may_move)
        complain(fmt::format("a parcel of order {} is booked and BaseLinker does not show it", base.id));
    const auto told = setup_.by_warehouse.find(there->status);
    if (told != setup_.by_warehouse.end() && known.ware_moved > known.moved && may_move && !shows_error) {
        if (base.status != told->second)
            complain(
                fmt::format("order {} is at {} in Ongoing and stays at {} in BaseLinker", base.id, there->status, base.status));
        return;
    }
    if (setup_.after_import != 0 && base.status == base_status::accepted && !there->is_cancelled() && cause.empty() &&
        known.moved < known.created)
        complain(fmt::format("order {} is in Ongoing and was never moved to status_after_import", base.id));
}

void Model::judge_parked(const Sides& sides, const Parked& parked) {
    for (const auto& [id, cause] : parked) {
        const BaseOrder* base = sides.in_base(id);
        const WareOrder* there = sides.in_warehouse(id);
        const auto no = [&, order = id, why = cause](const char* because) {
            complain(fmt::format("order {} is parked {} and {}", order, why, because));
        };
        const bool is_cancelled = is_cancelled_in_base(id, sides);
        if (cause == "split_waiting") {
            if ((there != nullptr && !has_taken_waiting(id, sides)) || base == nullptr || is_cancelled)
                no("does not wait to be created");
        } else if (cause == "merged_in_base") {
            if (!looks_merged(id, sides) && !is_merging(id, sides) && !has_taken_waiting(id, sides)) no("no merge is open");
        } else if (cause == "cancelled_came_back") {
            if (there == nullptr || !there->is_cancelled() || is_cancelled) no("it did not come back");
        } else if (cause == "empty_order") {
            if (base == nullptr || !base->lines.empty()) no("it has lines");
        } else if (cause == "edited_in_warehouse") {
            if (base == nullptr || there == nullptr || there->is_cancelled() || !leaves_nothing(*base))
                no("its lines can be said");
        } else if (cause == "locked_in_warehouse") {
            if (there == nullptr || there->is_cancelled() || !is_locked(*there))
                no("it is not locked");
            else if (there->status < ware_status::sent && !is_cancelled && !is_merging(id, sides) &&
                     differences(*base, *there).empty())
                no("nothing differs");
        } else {
            no("nothing in these histories causes that");
        }
    }
}

} // namespace blongo::test::history
