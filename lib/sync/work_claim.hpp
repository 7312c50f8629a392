// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/sync/send_context.hpp>

namespace blongo::sync {

/// Whose write it is: "orders" (orders and their statuses), "returns" or "shipments".
[[nodiscard]] std::string_view flow_of(const state::IntentRow& intent) noexcept;
/// The order that a write with this payload is about; 0 where it is about a return.
[[nodiscard]] BaseOrderId order_of(const json::Value& payload) noexcept;
/// Writes of which nobody knows yet whether they were carried out, oldest first, without claims on work: those are no
/// writes. Empty flow: all.
[[nodiscard]] Result<std::vector<state::IntentRow>> unsettled_writes(state::Store& store, state::ConnectionKey connection,
                                                                     const std::string& flow = {});

/// The right to go on with one delivery: label, printing, tracking, statuses, cancellation. One process at a time; that of
/// a process that died is taken over. Ends with the object.
class WorkClaim {
public:
    /// Nullopt: another process has it.
    [[nodiscard]] static Result<std::optional<WorkClaim>> take(SendContext& context, BaseOrderId order, std::int64_t number);
    ~WorkClaim();
    WorkClaim(WorkClaim&& other) noexcept : context_(other.context_), intent_(other.intent_) { other.intent_ = 0; }
    WorkClaim(const WorkClaim&) = delete;
    WorkClaim& operator=(const WorkClaim&) = delete;
    WorkClaim& operator=(WorkClaim&&) = delete;

private:
    WorkClaim(SendContext& context, std::int64_t intent) : context_(&context), intent_(intent) {}
    SendContext* context_;
    std::int64_t intent_;
};

} // namespace blongo::sync
