// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/map/parcels.hpp>
#include <blongo/report/reporter.hpp>
#include <blongo/state/deliveries.hpp>
#include <blongo/state/labels.hpp>
#include <blongo/state/parked.hpp>
#include <blongo/state/pauses.hpp>
#include <blongo/sync/session.hpp>
#include <blongo/sync/state_access.hpp>

namespace blongo::sync {

/// What a person or a webhook asks for one order besides its number. Kept with the order until it is sent.
struct SendWishes {
    std::vector<map::PlannedParcel> parcels; ///< --parcel: instead of what Ongoing says
    std::optional<Decimal> cod;              ///< --cod AMOUNT
    bool force_old = false;                  ///< books although the order, or its Send, is too old
    bool reprint = false;
    bool add = false;                             ///< one more package, whatever was picked
    bool ask = false;                             ///< of a lost state: only a person says whether it was booked before
    std::vector<std::int64_t> ignore_packages;    ///< of BaseLinker: a person said that they are none of this order's sends
    bool by_hand = false;                         ///< a person asks: waits of parked orders are over
    std::int64_t event_id = 0;                    ///< webhookEventId; 0: none
    std::int64_t workstation_id = 0, user_id = 0; ///< who pressed Send, where; 0: not known

    [[nodiscard]] json::Value to_json() const;
    [[nodiscard]] static SendWishes from_json(const json::Value& value);
};

struct SendOptions {
    FlowOptions flow;                           ///< orders: BaseLinker order ids of named orders
    SendWishes wishes;                          ///< of the named orders
    std::vector<OngoingOrderId> ongoing_orders; ///< --ongoing-order: named by Ongoing's id
    bool allow_many = false;                    ///< lifts max_bookings_at_once for this run
    Milliseconds wait{150'000};                 ///< named orders: how long label retries and another process are waited for
    bool watching = false;                      ///< shipments watch: parked orders are judged every few minutes only
    bool settle_statuses = true;                ///< statuses of BaseLinker that earlier runs left open are settled, too
};

/// shipments send: recover -> notice -> judge -> book -> label -> tracking -> statuses (flows.md Shipments).
[[nodiscard]] report::Summary send_shipments(const config::Config& config, const config::Connection& connection,
                                             const SendOptions& options, const Runtime& runtime);
/// The flow as `run` starts it.
[[nodiscard]] report::Summary run_shipments(const config::Config& config, const config::Connection& connection,
                                            const FlowOptions& options, const Runtime& runtime);

/// shipments watch: one look for one connection, on a session that stays open. Nothing due: one call to Ongoing, none to
/// BaseLinker.
class ShipmentWatch {
public:
    ShipmentWatch(const config::Config& config, const config::Connection& connection, const Runtime& runtime);
    ~ShipmentWatch();
    ShipmentWatch(const ShipmentWatch&) = delete;
    ShipmentWatch& operator=(const ShipmentWatch&) = delete;
    /// The pause of the connection that holds now, for which nothing is looked at. A connection that was erased meanwhile
    /// (`connection remove`) begins anew.
    [[nodiscard]] Result<std::optional<state::PauseRow>> pause();
    [[nodiscard]] report::Summary look();

private:
    const config::Config& config_;
    const config::Connection& connection_;
    const Runtime& runtime_;
    std::unique_ptr<Session> session_;
    std::optional<Milliseconds> settled_at_; ///< boot time
};

/// A tracking status of BaseLinker (contract baselinker.md 4.5) in words: "delivered".
[[nodiscard]] std::string_view tracking_word(std::int64_t status) noexcept;

/// A delivery with what belongs to it, for `shipments list` and `show`.
struct ShipmentView {
    state::DeliveryRow delivery;
    std::vector<state::LabelRow> labels;
    std::optional<state::ParkedRow> parked; ///< of its order
};
/// Deliveries, newest Send first (no request).
[[nodiscard]] Result<std::vector<ShipmentView>> list_shipments(const config::Connection& connection,
                                                               std::optional<Timestamp> since, int limit, const Runtime& runtime);
/// All deliveries of one order (no request), with the writes whose outcome is unknown as sentences.
struct OrderShipments {
    BaseOrderId order_id;
    OrderNumber number;
    std::vector<ShipmentView> deliveries;
    std::optional<state::ParkedRow> parked;
    std::vector<std::string> unsettled;
    std::string verdict; ///< one sentence: what was sent, or what keeps it
};
[[nodiscard]] Result<OrderShipments> show_shipments(const config::Connection& connection, BaseOrderId id, const Runtime& runtime);

/// shipments cancel: deleteCourierPackage, never forced, proven by getOrderPackages; our label files of that package are
/// deleted in Ongoing. `delivery` 0: the newest one with a package.
[[nodiscard]] report::Summary cancel_shipment(const config::Config& config, const config::Connection& connection, BaseOrderId id,
                                              std::int64_t delivery, const FlowOptions& options, const Runtime& runtime);
/// shipments rebook: cancel, then book anew.
[[nodiscard]] report::Summary rebook_shipment(const config::Config& config, const config::Connection& connection, BaseOrderId id,
                                              const SendOptions& options, const Runtime& runtime);
/// shipments add: one more package of the order, with the parcels of the wishes.
[[nodiscard]] report::Summary add_shipment(const config::Config& config, const config::Connection& connection, BaseOrderId id,
                                           const SendOptions& options, const Runtime& runtime);
/// shipments refresh: numbers, tracking URLs and statuses of packages that are under way; empty ids: all. For named orders
/// Ongoing gets again what it lost: label files (nothing is printed) and tracking; labels of cancelled packages go.
[[nodiscard]] report::Summary refresh_shipments(const config::Config& config, const config::Connection& connection,
                                                const std::vector<BaseOrderId>& ids, const FlowOptions& options,
                                                const Runtime& runtime);

/// shipments label: the stored label, fetched from the courier when no copy is there. Bytes and name.
struct LabelFile {
    std::string name, extension, bytes;
    std::string stored; ///< path of the stored copy, for printing
};
[[nodiscard]] Result<std::vector<LabelFile>> label_files(const config::Config& config, const config::Connection& connection,
                                                         BaseOrderId id, const Runtime& runtime);

/// Prints a file with the connection's print_command. Error (config): there is none.
[[nodiscard]] Result<void> print_file(const config::Connection& connection, const std::string& path);
/// --parcel 2.1kg,30x20x15. Error (usage).
[[nodiscard]] Result<map::PlannedParcel> read_parcel(const std::string& text);

/// shipments manifest: the protocol of a courier's packages that were on none yet.
struct Manifest {
    std::string name, extension, bytes;
    std::vector<std::int64_t> package_ids;
};
/// Keeps the protocol; then its packages are on one.
using SaveManifest = std::function<Result<void>(const Manifest&)>;
[[nodiscard]] Result<Manifest> make_manifest(const config::Config& config, const config::Connection& connection,
                                             const std::string& courier_code, bool dry_run, const SaveManifest& save,
                                             const Runtime& runtime);
/// shipments pickup: orders the courier (Effect::unsafe_write, one intent per courier and day).
struct PickupRequest {
    std::string courier_code, day; ///< "2026-11-24"
    std::string from, to;          ///< "14:00"; where the courier's form asks for them
    std::vector<std::pair<std::string, std::string>> fields;
};
[[nodiscard]] report::Summary order_pickup(const config::Config& config, const config::Connection& connection,
                                           const PickupRequest& request, const FlowOptions& options, const Runtime& runtime);

/// A write whose outcome nobody knows.
struct UnknownWrite {
    BaseOrderId order_id;
    std::int64_t delivery = 0; ///< 0: no booking
    std::string action;        ///< "create_package", ...
    std::string detail;        ///< what was seen so far
    Timestamp since;
    std::optional<Timestamp> next_look;
    std::string command; ///< what settles it
};
[[nodiscard]] Result<std::vector<UnknownWrite>> list_unknown(const config::Connection& connection, const Runtime& runtime);
/// The same of a state that is open.
[[nodiscard]] Result<std::vector<UnknownWrite>> list_unknown(const OpenedState& opened);
/// unknown resolve: a person looked. Exactly one of: a package of the order is adopted; nothing was booked: the order is
/// due again; `rebook`: the same and booked at once.
struct Resolution {
    std::int64_t package_id = 0;
    bool nothing_was_booked = false, rebook = false;
    bool leave = false; ///< nothing more is to be done: neither booked, nor set
    std::string of;     ///< number of the order, or of its back order, in Ongoing; empty: the only one that waits
};
[[nodiscard]] report::Summary resolve_unknown(const config::Config& config, const config::Connection& connection, BaseOrderId id,
                                              const Resolution& resolution, const SendOptions& options, const Runtime& runtime);

} // namespace blongo::sync
