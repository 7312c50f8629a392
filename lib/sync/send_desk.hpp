// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/map/shipment.hpp>
#include <blongo/sync/booking.hpp>
#include <blongo/sync/packer_note.hpp>
#include <blongo/sync/send_notice.hpp>

namespace blongo::sync {

/// Judges one Send and has it booked: deliveries, brakes, checks, courier rule, parcels, COD, the courier's form; what
/// cannot be booked is parked with its cause, on both sides and where the packer reads it (flows.md Shipments 2 to 10).
class SendDesk {
public:
    SendDesk(SendContext& context, Booking& booking, PackerNote& note) : context_(context), booking_(booking), note_(note) {}

    /// `send` holds the order as Ongoing has it now. An error ends the run; everything of the order's own is parked.
    [[nodiscard]] Result<void> judge(DueSend& send);
    /// The Send came to nothing (taken back, or covered by now): what was kept of it goes, and so does the packer's text.
    [[nodiscard]] Result<void> forget(BaseOrderId order, OngoingOrderId ongoing_order);

private:
    /// What was found out about one Send on the way to its booking.
    struct Case {
        DueSend& send;
        state::DeliveryRow row;
        std::vector<state::DeliveryRow> rows; ///< all deliveries of the BaseLinker order
        std::vector<std::string> seen;        ///< what the decision is based on
        std::optional<baselinker::Order> order;
        plan::DueDelivery due;
        map::ParcelPlan parcels;
        map::ShipmentFacts facts;
        const map::CourierRule* rule = nullptr;
        map::CodAmount cod;
        std::vector<std::string> notes;
    };
    [[nodiscard]] Result<void> open(Case& work);
    [[nodiscard]] Result<bool> judge_event(Case& work);
    [[nodiscard]] static std::set<std::int64_t> taken_parcels(const Case& work);
    [[nodiscard]] static bool has_new_parcel(const Case& work);
    [[nodiscard]] Result<void> judge_parcels_changed(Case& work);
    [[nodiscard]] Result<void> reprint(Case& work);
    [[nodiscard]] Result<std::optional<map::Rejection>> ask_a_person(Case& work);
    [[nodiscard]] Result<std::optional<map::Rejection>> check(Case& work);
    [[nodiscard]] Result<std::optional<map::Rejection>> check_address_edits(Case& work);
    [[nodiscard]] Result<void> push_address(Case& work, const std::map<std::string, std::string>& wanted,
                                            const std::map<std::string, std::string>& held);
    [[nodiscard]] Result<std::optional<map::Rejection>> plan_shipment(Case& work);
    [[nodiscard]] Result<void> without_booking(Case& work, const std::string& why);
    [[nodiscard]] Result<void> carry_out(Case& work);
    [[nodiscard]] Result<void> book_by_api(Case& work);
    [[nodiscard]] Result<void> book_by_macro(Case& work);
    [[nodiscard]] Result<void> register_report(Case& work);
    [[nodiscard]] Result<bool> existing_packages(Case& work, const plan::ExpectedPackage& expected,
                                                 std::vector<baselinker::OrderPackage>& packages);
    /// Books what was asked for, with what the decision is based on; a refusal is parked.
    [[nodiscard]] Result<void> buy(Case& work, BookingRequest request, const std::vector<baselinker::OrderPackage>& packages);
    /// `rejection`: its key and label are the case's own.
    [[nodiscard]] Result<void> park(Case& work, map::Rejection rejection, const std::string& input = {});
    [[nodiscard]] Result<void> withdraw(Case& work);
    void show_plan(const Case& work, const baselinker::PackageRequest* request);
    [[nodiscard]] map::ShipmentInput input_of(const Case& work);

    SendContext& context_;
    Booking& booking_;
    PackerNote& note_;
};

/// What a person has to say of an order of a lost state (SendWishes::ask): which of `packages`, that no delivery holds, it has.
/// Without key and label.
[[nodiscard]] map::Rejection owner_unknown(const OrderNumber& number, const std::vector<baselinker::OrderPackage>& packages);
/// DeliveryRow::quantities and ::strategy.
[[nodiscard]] json::Value quantities_json(const std::map<std::string, Decimal>& quantities);
[[nodiscard]] std::string_view strategy_word(map::Strategy strategy);
/// Hash of Ongoing's parcels of an order, returns left out: what "the same parcels" means (flows.md Shipments 2).
[[nodiscard]] std::string parcels_fingerprint(const ongoing::Order& order);

} // namespace blongo::sync
