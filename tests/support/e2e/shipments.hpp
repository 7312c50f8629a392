// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "support/e2e/orders.hpp"

namespace blongo::test {

namespace status {
inline constexpr std::int64_t sent_in_part = 8074;
}

/// [connections.demo.shipments] with the couriers of the sandbox: lockers for delivery methods with "paczkomat", DPD for
/// all others; Ongoing prints; statuses 8071 after a complete send, 8074 after a short one. `more` goes before the rules.
[[nodiscard]] std::string sends_on(const std::string& more = {});
/// Members of an order to a locker (base_order's `more`).
[[nodiscard]] json::Value to_a_locker();

/// What people in the warehouse do with an order: everything picked, packed into these parcels (kg each) and sent.
/// `more`: further members of the task, "quantities" for example.
void send_in_warehouse(Sandbox& sandbox, std::int64_t order, const std::vector<std::string>& parcel_weights = {},
                       json::Value more = json::Value::object());

/// Packages of an order in BaseLinker, made by "client" (blongo), "seller" or anybody (empty); cancelled ones left out.
[[nodiscard]] std::vector<json::Value> packages_of(Sandbox& sandbox, std::int64_t order, const std::string& created_by = {});
/// How many calls of createPackage for this order were executed, whatever they answered.
[[nodiscard]] std::int64_t bookings_of(Sandbox& sandbox, std::int64_t order);
/// Jobs of Ongoing's printers for an order.
[[nodiscard]] std::int64_t print_jobs_of(Sandbox& sandbox, std::int64_t order);
/// Rows of `blongo shipments list --json`: one a delivery.
[[nodiscard]] std::vector<json::Value> deliveries_of(const Installation& installation);

/// A statement on the state's database, wherever that is; answers what it prints.
std::string read_any_state(const Installation& installation, const std::string& sql);
/// An hour passes for everything that waits: times of open and unknown writes, and what is due.
void age_sends(const Installation& installation);

/// A run in few words, for the message of a failure: its exit code, and a line for each action and error.
[[nodiscard]] std::string in_short(const Finished& run);

/// Packages of ours that BaseLinker holds for an order and that are none of those.
[[nodiscard]] std::vector<std::int64_t> packages_not_in(const std::set<std::int64_t>& known, Sandbox& sandbox,
                                                        std::int64_t order);
/// What a person types who found these packages, or none, for a booking of unknown outcome.
[[nodiscard]] std::vector<std::string> resolution_of(std::int64_t order, const std::vector<std::int64_t>& fresh);

/// The person who looks at BaseLinker's packages and says what became of the bookings of unknown outcome, one command
/// each. Answers how many there were.
int settle_by_hand(Sandbox& sandbox, const Installation& installation);

/// A sandbox and the state of an installation, to be brought back as often as needed.
class Snapshot {
public:
    Snapshot(Sandbox& sandbox, const Installation& installation);
    /// No blongo runs, no fault is set, no call is under way.
    void restore() const;

private:
    Sandbox& sandbox_;
    const Installation& installation_;
    json::Value world_, options_;
    std::string database_; ///< on PostgreSQL; one snapshot of a database at a time
    TempDir kept_;
};

} // namespace blongo::test
