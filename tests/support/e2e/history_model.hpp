// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "support/e2e/history_sides.hpp"

namespace blongo::test::history {

/// What stands in the configuration of a history, and how its two services behave.
struct Setup {
    bool journal = false;          ///< BaseLinker's journal is on
    bool missing_is_error = false; ///< an order that is gone is ERROR_ORDER_NOT_FOUND, not an empty list
    bool clears_omitted = false;   ///< PUT empties what it does not name
    bool shipments = false;        ///< parcels are booked
    std::int64_t locks_from = ware_status::allocated, begins_at = ware_status::released;
    std::int64_t after_import = 0, on_error = 0, cancel_refused = 0;
    std::map<std::int64_t, std::int64_t> by_warehouse; ///< status of Ongoing -> status of BaseLinker

    [[nodiscard]] std::string text() const;
};

/// What people in the warehouse made of an order.
struct PeoplesEdits {
    std::optional<std::string> address, point, remark, instruction, free_text;
    Pieces pieces;                 ///< by rowNumber: the quantity that they want
    std::set<std::string> removed; ///< lines of ours
    Lines added;
};

/// What is known of an order beside what both sides show.
struct Known {
    OrderId parent = 0;
    bool is_copy = false;
    OrderId waits_for = 0;     ///< the nearest ancestor that the warehouse held when this order was made; 0: none
    bool may_wait = false;     ///< ... or another order of the family: the shop's number is the same
    bool is_uncounted = false; ///< its pieces are not in the limit: it is a copy, or a part of one
    OrderId merged_into = 0;
    int gone_since = -1;                        ///< runs that had begun when it vanished from BaseLinker
    std::int64_t status = 0;                    ///< in BaseLinker
    bool set_by_us = false;                     ///< ... by a write-back
    int moved = 0, ware_moved = 0;              ///< when a person moved it last; when Ongoing's status changed last
    int created = 0;                            ///< when we made it in Ongoing
    int cancellations = 0;                      ///< how often people cancelled it in BaseLinker
    int bookings = 0, booked = 0;               ///< how often a parcel was booked; when the last one was
    std::map<std::int64_t, int> written;        ///< write-backs by status
    std::map<std::int64_t, int> entered, shown; ///< how often it came into a status of Ongoing; ... and that was written back
    Pieces freed;                               ///< pieces that accepted updates or the cancellation freed, not taken over
    bool freed_by_people = false;               ///< a person cancelled it in Ongoing
    std::string cause;                          ///< why it was parked after the last run
    int causes = 0;                             ///< how often it was parked, or for another cause
    int instruction_edited = 0, instruction_told = 0; ///< when people, and when we, wrote the instruction
};

using Parked = std::map<OrderId, std::string>; ///< cause by order

/// Follows a history: what people did, and what each run wrote. Complains of every write that no rule allows, and, at the
/// end, of every difference that is not explained.
class Model {
public:
    explicit Model(Setup setup) : setup_(std::move(setup)) {}

    // What people did. Each is called after the sandbox did it.
    void person_made(const BaseOrder& order);
    void person_moved(OrderId id, std::int64_t status);
    void person_deleted(OrderId id);
    void person_added_pieces(const std::string& sku, std::int64_t pieces) { limit_[sku] += pieces; }
    void person_split(OrderId parent, const BaseOrder& child, bool is_copy, const Sides& sides);
    void person_merged(OrderId main, const BaseOrder& other);
    PeoplesEdits& edits(OrderId id) { return edits_[id]; }
    void person_wrote_instruction(OrderId id, const std::string& text);
    void warehouse_moved(OrderId id, const WareOrder& before, std::int64_t status);

    void run_begins(const Sides& sides, const std::string& fault);
    /// `exit_code`: nullopt: killed.
    void run_ended(std::optional<int> exit_code, const std::vector<Call>& writes, const Sides& after, const Parked& parked);
    /// After the last run, at rest.
    void judge(const Sides& sides, const Parked& parked);

    [[nodiscard]] const std::vector<std::string>& complaints() const { return complaints_; }
    [[nodiscard]] const Known& known(OrderId id) const;

    /// Still accepted by BaseLinker's status: one of the accepted ones, or where our own status_on_error moved it.
    [[nodiscard]] bool is_accepted(const BaseOrder& order) const;
    [[nodiscard]] bool is_cancelled_in_base(OrderId id, const Sides& sides) const;
    /// What differs although no person of the warehouse wants it so: "address", "point", "remark", "line 10011".
    [[nodiscard]] std::set<std::string> differences(const BaseOrder& base, const WareOrder& there) const;

private:
    // history_calls.cpp
    void judge_call(const Call& call, const Sides& after);
    void judge_put(const Call& call, const Sides& after);
    void judge_creation(OrderId id, const WareOrder& made);
    void judge_update(OrderId id, const WareOrder& before, const WareOrder& made, bool committed);
    void judge_delete(const Call& call, OrderId id);
    void judge_patch(const Call& call, OrderId id);
    void judge_status(const Call& call, OrderId id, std::int64_t status);
    void judge_booking(const Call& call, OrderId id);
    void judge_delivery_status(const std::string& what, OrderId id, std::int64_t status);
    void free_pieces(OrderId id, const Lines& before, const Lines& after);
    void expect_no_piece_twice(const Sides& sides, const char* when);
    /// Whether an order lives in the warehouse, is gone from BaseLinker, and pieces of it are in this order's lines: it was
    /// merged into it, or into what this one is a part or a copy of, or nobody can see that it was not.
    [[nodiscard]] bool is_merging(OrderId main, const Sides& sides) const;
    /// Whether an order was merged into this one that waited for its parent to free these pieces.
    [[nodiscard]] bool has_taken_waiting(OrderId main, const Sides& sides) const;
    [[nodiscard]] bool looks_merged(OrderId id, const Sides& sides) const; ///< the other side of is_merging
    [[nodiscard]] bool is_gone_and_lives(OrderId id, const Sides& sides) const;

    // history_judge.cpp
    void judge_order(OrderId id, const Sides& sides, const Parked& parked);
    void judge_cancelled(OrderId id, const Sides& sides, const std::string& cause);
    void judge_merged(OrderId id, const Sides& sides, const Parked& parked);
    void judge_living(const BaseOrder& base, const Sides& sides, const Parked& parked);
    void judge_missing(const BaseOrder& base, const Sides& sides, const std::string& cause);
    void judge_edits(OrderId id, const WareOrder& there);
    void judge_instruction(OrderId id, const WareOrder& there, bool cancel_is_refused);
    void judge_final_status(const BaseOrder& base, const WareOrder* there, const std::string& cause);
    void judge_parked(const Sides& sides, const Parked& parked);
    /// People took all lines that the seller has left off the order in Ongoing: an update would empty it.
    [[nodiscard]] bool leaves_nothing(const BaseOrder& base) const;
    [[nodiscard]] bool frees_enough(const Known& child, const BaseOrder& base) const;
    /// status_after_send or status_after_short_send.
    [[nodiscard]] bool is_delivery_status(std::int64_t status) const {
        return setup_.shipments && (status == base_status::delivered || status == base_status::delivered_short);
    }
    [[nodiscard]] bool is_locked(const WareOrder& there) const { return there.status >= setup_.locks_from; }
    [[nodiscard]] OrderId holder_of(OrderId id) const; ///< the order that the pieces of a merged one are in now

    void complain(const std::string& what);
    Known& know(OrderId id) { return known_[id]; }
    [[nodiscard]] const PeoplesEdits& edits_of(OrderId id) const;

    Setup setup_;
    std::map<OrderId, Known> known_;
    std::map<OrderId, PeoplesEdits> edits_;
    Pieces limit_; ///< the most pieces of an SKU that may live in the warehouse: what people ever ordered, copies left out
    Sides now_;    ///< during a run, as its writes change it
    std::string fault_, fault_before_;
    int runs_ = 0, clock_ = 0;
    std::vector<std::string> complaints_;
};

} // namespace blongo::test::history
