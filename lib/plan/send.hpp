// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <blongo/base/decimal.hpp>
#include <blongo/base/ids.hpp>
#include <blongo/base/time.hpp>
#include <blongo/baselinker/order_wire.hpp>
#include <blongo/map/document.hpp>
#include <blongo/ongoing/order_wire.hpp>

namespace blongo::plan {

/// What an Ongoing status number means ([connections.X.shipments] send).
enum class SendMeaning : std::uint8_t { not_sent, book, no_shipment, ignore };
/// "book", "no_shipment", "ignore" by number; numbers that are not named are not_sent.
[[nodiscard]] SendMeaning meaning_of(const std::map<std::int64_t, std::string>& send, std::int64_t status);
/// The lowest number that means book or no_shipment; nullopt: none does.
[[nodiscard]] std::optional<std::int64_t> lowest_send_status(const std::map<std::int64_t, std::string>& send);

/// What was last seen of an order in the warehouse. Pieces of the Send event rule (flows.md Shipments 2).
struct Sighting {
    std::int64_t status = 0;                  ///< 0: never seen since it was sent to Ongoing
    std::optional<Timestamp> shipped;         ///< shippedTime
    std::int64_t event_id = 0;                ///< the last webhookEventId that was handled; 0: none
    std::optional<Timestamp> first_send_seen; ///< when it was first seen in a send status
};
/// Whether what is seen now is a Send event: a webhookEventId other than the one handled last, or in a send status (book
/// or no_shipment) after being seen outside one (or never), or a changed shippedTime (one that appears or goes is no
/// change). Not in a send status: never.
[[nodiscard]] bool is_send_event(const std::optional<Sighting>& before, const ongoing::Order& now,
                                 const std::map<std::int64_t, std::string>& send, std::int64_t event_id);
/// When Send was pressed, as far as anybody knows: shippedTime, else the first sighting, else `now`.
[[nodiscard]] Timestamp sent_at(const ongoing::Order& order, const std::optional<Sighting>& before, Timestamp now);

/// What an earlier delivery of the same order took.
struct EarlierDelivery {
    std::int64_t number = 0;
    std::map<std::string, Decimal> quantities; ///< row number -> pieces
    std::vector<std::int64_t> parcel_ids;      ///< of Ongoing
    std::string parcels_fingerprint;           ///< of all parcels of the order at that time; "": not known
    /// Its package exists, may exist (its outcome is unknown), or it needs none. Neither booked nor cancelled: it is
    /// still to be booked, covers nothing, and the quantities of the DueDelivery take the place of its own.
    bool booked = false;
    bool cancelled = false; ///< its package was cancelled: covers nothing
};

/// What a Send event asks for.
struct DueDelivery {
    enum class What : std::uint8_t {
        first,           ///< nothing was booked for this order yet (or all of it was cancelled)
        further,         ///< more was picked since
        reprint,         ///< nothing new, same parcels
        parcels_changed, ///< nothing new, other parcels
        nothing_picked,  ///< flows.md: parked unless require_picked = false
    } what = What::reprint;
    std::map<std::string, Decimal> quantities; ///< row number -> pieces of this delivery
    bool is_short = false;                     ///< with this delivery less than ordered is delivered in all
};
/// Delivered = picked per line minus what earlier deliveries of the same Ongoing order cover (a back order has its own).
/// Lines with shouldBePicked = false ride along: they are never missing and never among the quantities. Components of a
/// kit count through their kit line: where that shows nothing, as many kits as the scarcest component allows. With
/// require_picked = false an order of which nothing is registered as picked counts as picked as ordered. A line without
/// row number has the key "#<orderLineId>". Parcels are compared with those of the newest booked delivery.
[[nodiscard]] DueDelivery judge_delivery(const ongoing::Order& order, std::span<const EarlierDelivery> earlier,
                                         const std::string& parcels_fingerprint, bool require_picked);

/// Checks before money (flows.md Shipments 5): what blocks, in this order: not confirmed, cancelled or gone, status not
/// shippable, lines or quantities other than Ongoing was told, country changed, unpaid (with require_paid).
struct ShipmentChecks {
    bool any_status = false;
    std::vector<OrderStatusId> ship_statuses;
    std::vector<OrderStatusId> cancel_statuses;
    bool require_paid = false;
};
/// `told`: row number -> pieces as Ongoing was told: rows that Ongoing was never told do not count, except that a row
/// may stand for several lines of its article (merged). `told_country`: consignee.countryCode as last accepted; empty:
/// none was told, any may be there now. The key of the Rejection is empty when the order is gone.
[[nodiscard]] std::optional<map::Rejection> check_order(const std::optional<baselinker::Order>& order,
                                                        const ShipmentChecks& checks, const std::map<std::string, Decimal>& told,
                                                        const std::string& told_country);

/// Members of the delivery address (and service point) that people edited in Ongoing: those of which it holds another
/// text now (`held`: target -> value) than it last accepted (`sent`). A member that is missing is an empty one; white
/// space is no difference. Ascending.
[[nodiscard]] std::vector<std::string> edited_in_warehouse(const std::map<std::string, std::string>& sent,
                                                           const std::map<std::string, std::string>& held);

} // namespace blongo::plan
