// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <blongo/sync/send_desk.hpp>
#include <blongo/sync/send_notice.hpp>

namespace blongo::sync {

/// Sends that have no label and of which nothing tells why, neither the parked orders nor the packer's instruction.
class UnservedSends {
public:
    UnservedSends(SendContext& context, SendNotice& notice, SendDesk& desk, PackerNote& note);

    /// flows.md Shipments 1: sent, ours, and neither package nor cause: parked sent_without_shipment, never silently skipped;
    /// released when it is no longer so.
    [[nodiscard]] Result<void> show();
    /// The run ends because a token is blocked (`error`; of another kind nothing is done): who waits for a label shall read
    /// why.
    [[nodiscard]] Result<void> tell_blocked(const Error& error);

private:
    /// The delivery of this order whose label is waited for: the one that is due, or a new one.
    [[nodiscard]] Result<state::DeliveryRow> waiting_delivery(BaseOrderId order, const OrderNumber& number, OngoingOrderId id,
                                                              Timestamp sent_at);

    SendContext& context_;
    SendNotice& notice_;
    SendDesk& desk_;
    PackerNote& note_;
};

} // namespace blongo::sync
