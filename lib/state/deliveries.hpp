// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/state/store.hpp>

namespace blongo::state {

/// How far a delivery has come.
enum class DeliveryState : std::uint8_t {
    due,         ///< Send was pressed; nothing is booked (it may be parked)
    booking,     ///< its intent is open or unknown: perhaps a package exists
    booked,      ///< its package is known; the label is not in Ongoing yet
    labelled,    ///< the label is in Ongoing; tracking is not complete
    done,        ///< everything is written
    no_shipment, ///< nothing was to be booked
    cancelled    ///< its package was cancelled: covers nothing any more
};

/// One delivery of an order: one unit of money (flows.md Shipments 4). Key: (connection, order_id, number).
struct DeliveryRow {
    BaseOrderId order_id;
    std::int64_t number = 1; ///< first, second, ... delivery of the order
    DeliveryState state = DeliveryState::due;
    OrderNumber order_number;  ///< in Ongoing
    OngoingOrderId ongoing_id; ///< of the order, or of its back order
    std::string event;         ///< what asked for it: JSON {"event_id","shipped","workstation","user"}
    std::string quantities;    ///< JSON {row number: pieces}
    bool is_short = false;     ///< less than ordered was delivered with it
    std::string parcels;       ///< JSON list as it was sent
    std::string parcels_fingerprint;
    std::string rule;     ///< "dpd (blongo.toml:84)"
    std::string strategy; ///< "api", "macro", "report", "none"
    std::string courier_code;
    std::int64_t account_id = 0;
    std::int64_t package_id = 0; ///< 0: none
    std::string package_number, inner_number, tracking_url;
    std::int64_t tracking_status = 0; ///< contract 4.5
    bool adopted = false;             ///< the package was not booked by us
    std::string cod;                  ///< "94.79 PLN" that the courier collects; "": none
    std::string steps;                ///< JSON: what is written to Ongoing and not to be written again
    std::string kept_instruction;     ///< JSON {"before","ours"} while a message of ours stands in Ongoing; "": none does
    std::string wishes;               ///< JSON: parcels, COD, flags given by hand for this delivery
    Timestamp sent_at;                ///< when Send was pressed
    std::optional<Timestamp> booked_at, labelled_at, done_at, printed_at, cancelled_at;
};

class Deliveries {
public:
    Deliveries(Store& store, ConnectionKey connection) : store_(store), connection_(connection) {}
    [[nodiscard]] Result<std::optional<DeliveryRow>> find(BaseOrderId order, std::int64_t number);
    [[nodiscard]] Result<std::vector<DeliveryRow>> of_order(BaseOrderId order); ///< ascending by number
    /// Rows in one of these states, oldest Send first.
    [[nodiscard]] Result<std::vector<DeliveryRow>> in_states(std::span<const DeliveryState> states, int limit);
    /// Newest Send first; `since`: sent at or after.
    [[nodiscard]] Result<std::vector<DeliveryRow>> list(std::optional<Timestamp> since, int limit);
    /// With a package that was booked from `from` on and before `until`, cancelled ones too; oldest booking first. Walks
    /// through all deliveries: for reports.
    [[nodiscard]] Result<std::vector<DeliveryRow>> booked(Timestamp from, Timestamp until);
    /// By package number or tracking number, exactly.
    [[nodiscard]] Result<std::vector<DeliveryRow>> search(const std::string& number);
    /// Whether another delivery of this connection holds this package of BaseLinker.
    [[nodiscard]] Result<bool> holds_package(std::int64_t package_id, BaseOrderId but_order, std::int64_t but_number);
    /// Inserts or replaces, in one transaction (or the one that is open).
    [[nodiscard]] Result<void> put(const DeliveryRow& row);
    /// Records only what the packer reads (kept_instruction), and the row if there is none. False, and nothing is written:
    /// another process brought the delivery into another state since the row was read.
    [[nodiscard]] Result<bool> put_instruction(const DeliveryRow& row);
    /// Forgets a delivery that is still due: nothing was booked for it. Any other stays.
    [[nodiscard]] Result<void> erase_due(BaseOrderId order, std::int64_t number);
    /// Whether some delivery's parcels had their weights from the warehouse; nullopt: no delivery tells.
    [[nodiscard]] Result<std::optional<bool>> were_weighed();
    /// All of them, or those in one state.
    [[nodiscard]] Result<std::int64_t> count(std::optional<DeliveryState> state = {});
    /// Courier codes with packages that no manifest (`mark_manifested`) names yet, and those packages.
    [[nodiscard]] Result<std::vector<DeliveryRow>> not_on_manifest(const std::string& courier_code);
    [[nodiscard]] Result<void> mark_manifested(std::span<const std::int64_t> package_ids, const std::string& manifest);

private:
    Store& store_;
    ConnectionKey connection_;
};

/// What was last seen of an order in the warehouse: tells a Send event from the same one seen again.
struct SightingRow {
    OngoingOrderId ongoing_id; ///< of the order, or of its back order
    std::int64_t status = 0;
    std::optional<Timestamp> shipped;
    std::int64_t event_id = 0;                ///< last webhookEventId handled; 0: none
    std::optional<Timestamp> first_send_seen; ///< first sighting in a send status
    Timestamp seen_at;
};

class Sightings {
public:
    Sightings(Store& store, ConnectionKey connection) : store_(store), connection_(connection) {}
    [[nodiscard]] Result<std::optional<SightingRow>> find(OngoingOrderId order);
    [[nodiscard]] Result<std::vector<SightingRow>> find_many(std::span<const OngoingOrderId> orders);
    /// Seen at or above a status, sent at or after a time, and with neither a delivery that stands nor a due Send.
    [[nodiscard]] Result<std::vector<SightingRow>> without_delivery(Timestamp sent_from, std::int64_t lowest_status);
    [[nodiscard]] Result<void> put(const SightingRow& row);

private:
    Store& store_;
    ConnectionKey connection_;
};

} // namespace blongo::state
