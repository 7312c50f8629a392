// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/work_claim.hpp>

#include <blongo/sync/claim_life.hpp>
#include <blongo/sync/departure.hpp>

namespace blongo::sync {

std::string_view flow_of(const state::IntentRow& intent) noexcept {
    const auto begins = [&](std::string_view with) { return intent.key.starts_with(with); };
    if (begins("return/") || begins("return-status/")) return "returns";
    return begins("order:") || begins("status:") ? "orders" : "shipments";
}

BaseOrderId order_of(const json::Value& payload) noexcept {
    const json::Value& written = payload["order"].is_object() ? payload["order"] : payload; // of a changed or merged order
    return BaseOrderId{written["order_id"].integer()};
}

Result<std::vector<state::IntentRow>> unsettled_writes(state::Store& store, state::ConnectionKey connection,
                                                       const std::string& flow) {
    BLONGO_TRY(auto rows, state::Intents(store, connection).unsettled());
    std::erase_if(rows, [&](const state::IntentRow& row) {
        if (row.action == work_action) return true;
        return !flow.empty() && flow_of(row) != flow;
    });
    return rows;
}

Result<std::optional<WorkClaim>> WorkClaim::take(SendContext& context, BaseOrderId order, std::int64_t number) {
    state::IntentRow wanted;
    wanted.key = "work:" + delivery_key(order, number);
    wanted.action = work_action;
    wanted.payload = json::Value::object().set("order_id", order.value()).set("number", number).dump();
    std::optional<state::IntentRow> mine;
    BLONGO_CHECK(context.store().in_transaction([&]() -> Result<void> {
        BLONGO_TRY(const auto standing, context.intents().find(wanted.key));
        if (standing) {
            BLONGO_TRY(const Timestamp now, context.store().now());
            if (may_be_alive(*standing, now, context.longest_call())) return {};
            BLONGO_CHECK(context.intents().settle(standing->id, state::IntentState::withdrawn, "its process died"));
        }
        BLONGO_TRY(mine, context.intents().open(wanted, leave_within));
        return {};
    }));
    if (!mine) return std::optional<WorkClaim>{};
    return std::optional<WorkClaim>{WorkClaim(context, mine->id)};
}

WorkClaim::~WorkClaim() {
    if (intent_ == 0) return;
    // If this fails the claim ends with the process.
    (void)context_->intents().settle(intent_, state::IntentState::done, {});
}

} // namespace blongo::sync
