// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include <blongo/plan/packages.hpp>
#include <blongo/sync/send_context.hpp>

namespace blongo::sync {

/// What is about to be bought, with everything that recovery needs to know of it.
struct BookingRequest {
    std::string action = book_action;   ///< of the intent
    baselinker::PackageRequest package; ///< of createPackage
    std::int64_t trigger_id = 0;        ///< of runOrderMacroTrigger
    std::string tracking_number;        ///< of createPackageManual
    plan::ExpectedPackage expected;
    std::optional<Milliseconds> rebook_after; ///< none: never
    std::string input;                        ///< fingerprint: what must change before a refusal is tried again
    std::vector<std::string> seen;            ///< state of the order's deliveries when this was decided
    std::string due_payload;                  ///< what was asked for when this was decided
};

/// Whether an intent's action buys a package: only a person can settle it for good.
[[nodiscard]] bool is_booking(const std::string& action);

/// Buys a package, once (flows.md Shipments 8). The intent is committed with the delivery's row before the call; an answer
/// that was lost is settled by looking, never by calling again, unless rebook_after allows it.
class Booking {
public:
    explicit Booking(SendContext& context) : context_(context) {}

    enum class Outcome : std::uint8_t {
        booked,  ///< the row holds the package
        refused, ///< the courier's words are in `words`; the delivery is due again
        unknown, ///< nobody knows; looks are due
        claimed  ///< another process is at it, or did it meanwhile
    };
    struct Done {
        Outcome outcome = Outcome::claimed;
        std::string words;
    };
    /// `packages`: of the order, as read right before. An error ends the run: the call provably did not happen.
    [[nodiscard]] Result<Done> book(state::DeliveryRow& row, const BookingRequest& request,
                                    const std::vector<baselinker::OrderPackage>& packages, const std::string& due_key);
    /// Takes a package that is there already for the delivery's own. False: another process was faster.
    [[nodiscard]] Result<bool> adopt(state::DeliveryRow& row, const baselinker::OrderPackage& package,
                                     const std::vector<std::string>& seen, const std::string& due_key,
                                     const std::string& due_payload);
    /// All that earlier runs left open, of this flow's bookings; `only`: of these orders.
    [[nodiscard]] Result<void> recover(const std::set<BaseOrderId>& only);

    /// unknown resolve: a person says what happened.
    [[nodiscard]] Result<void> resolve(const state::IntentRow& intent, state::DeliveryRow& row,
                                       const std::optional<baselinker::OrderPackage>& package);

    /// The order's packages; none when BaseLinker no longer has the order.
    [[nodiscard]] Result<std::vector<baselinker::OrderPackage>> packages_of(BaseOrderId order);
    /// Those that other deliveries hold.
    [[nodiscard]] Result<std::set<baselinker::PackageId>>
    packages_of_others(const state::DeliveryRow& row, const std::vector<baselinker::OrderPackage>& packages);

    /// The order's deliveries as a decision is based on them: seen_in of what the state holds now.
    [[nodiscard]] Result<std::vector<std::string>> seen_deliveries(BaseOrderId order);
    /// Whether a decision stands: the deliveries are those that it was based on, and the Send is still asked for. Inside
    /// the transaction that acts on it.
    [[nodiscard]] Result<bool> stands(BaseOrderId order, const std::vector<std::string>& seen, const std::string& due_key,
                                      const std::string& due_payload);

private:
    /// Settles one open or unknown intent by looking at the order's packages. Nothing is sent. Leaves it alone while its
    /// process may be at work, or its next look is not due (unless `now_due`).
    [[nodiscard]] Result<void> look(const state::IntentRow& intent, bool now_due);
    [[nodiscard]] Result<std::optional<state::IntentRow>> claim(state::DeliveryRow& row, const BookingRequest& request,
                                                                const std::vector<baselinker::OrderPackage>& packages,
                                                                const std::string& due_key);
    [[nodiscard]] Result<baselinker::CreatedPackage> call(const state::DeliveryRow& row, const BookingRequest& request,
                                                          const state::IntentRow& intent);
    [[nodiscard]] Result<void> settle_booked(state::DeliveryRow& row, const state::IntentRow& intent,
                                             const baselinker::CreatedPackage& package, const std::string& how);
    [[nodiscard]] Result<void> settled_by_others(const state::DeliveryRow& row, const baselinker::CreatedPackage& package);
    /// Back to due: nothing was bought.
    [[nodiscard]] Result<void> settle_free(state::DeliveryRow& row, const state::IntentRow& intent, state::IntentState state,
                                           const std::string& result, bool fresh);
    [[nodiscard]] Result<void> settle_unknown(state::DeliveryRow& row, const state::IntentRow& intent, const std::string& result);
    [[nodiscard]] Result<void> found_nothing(state::DeliveryRow& row, const state::IntentRow& intent);
    [[nodiscard]] Result<void> park_unknown(state::DeliveryRow& row, const std::string& what);
    void report_booked(const state::DeliveryRow& row, const std::string& how);

    SendContext& context_;
};

/// What a delivery's courier was given, for people: "dpd 1349...U, 2 parcels, 3.4 kg".
[[nodiscard]] std::string package_words(const state::DeliveryRow& row);

/// Ids of the Ongoing parcels that a delivery took along.
[[nodiscard]] std::vector<std::int64_t> parcel_ids(const state::DeliveryRow& row);

/// "1:due", "2:booked" of each delivery of an order: what a decision is based on.
[[nodiscard]] std::vector<std::string> seen_in(const std::vector<state::DeliveryRow>& rows);

/// "501 1349...U (dpd), ..." of packages, for people.
[[nodiscard]] std::string packages_words(const std::vector<baselinker::OrderPackage>& packages);

} // namespace blongo::sync
