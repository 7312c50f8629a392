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
    std::int64_t status = 0;          ///< 0: never seen since it was sent to Ongoing
    std::optional<Timestamp> shipped; ///< shippedTime
    std::int64_t event_id = 0;        ///< the last webhookEventId that was handled; 0: none
    std::optional<Timestamp> first_send_seen; ///< when it was first seen in a send status
};
/// Whether what is seen now is a Send event: a webhookEventId other than the one handled last, or in a send status after
/// being seen outside one (or never), or a changed shippedTime. Not in a send status: never.
[[nodiscard]] bool is_send_event(const std::optional<Sighting>& before, const ongoing::Order& now,
                                 const std::map<std::int64_t, std::string>& send, std::int64_t event_id);
/// When Send was pressed, as far as anybody knows: shippedTime, else the first sighting, else `now`.
[[nodiscard]] Timestamp sent_at(const ongoing::Order& order, const std::optional<Sighting>& before, Timestamp now);

/// What an earlier delivery of the same order took.
struct EarlierDelivery {
    std::int64_t number = 0;
    std::map<std::string, Decimal> quantities; ///< row number -> pieces
    std::vector<std::int64_t> parcel_ids;      ///< of Ongoing
    std::string parcels_fingerprint;
    bool booked = false;    ///< its package exists (or it needs none)
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
    bool is_short = false; ///< with this delivery less than ordered is delivered in all
};
/// Delivered = picked per line minus what earlier deliveries cover. Lines with shouldBePicked = false ride along: they
/// are never missing. Components of a kit count through their kit line. With require_picked = false an order of which
/// nothing is registered as picked counts as picked as ordered.
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
/// `told`: row number -> pieces as Ongoing was told; `told_country`: of consignee.countryCode as last accepted.
[[nodiscard]] std::optional<map::Rejection> check_order(const std::optional<baselinker::Order>& order,
                                                        const ShipmentChecks& checks,
                                                        const std::map<std::string, Decimal>& told,
                                                        const std::string& told_country);

/// Members of the delivery address (and service point) that people edited in Ongoing: those that differ between what
/// BaseLinker's order maps to (`mapped`: target -> value) and what Ongoing holds now, although BaseLinker did not change
/// them since the last write (`sent`: target -> value as last accepted).
[[nodiscard]] std::vector<std::string> edited_in_warehouse(const std::map<std::string, std::string>& sent,
                                                           const std::map<std::string, std::string>& held);

} // namespace blongo::plan
