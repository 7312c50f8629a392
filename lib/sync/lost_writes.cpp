// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/lost_writes.hpp>

#include <chrono>

#include <blongo/sync/outcome.hpp>
#include <blongo/sync/work_claim.hpp>

namespace blongo::sync {

Result<std::vector<state::IntentRow>> lost_writes(state::Store& store, state::ConnectionKey connection) {
    constexpr std::chrono::minutes longest_write{10};
    BLONGO_TRY(auto rows, unsettled_writes(store, connection));
    BLONGO_TRY(const Timestamp now, store.now());
    std::erase_if(rows, [&](const state::IntentRow& row) {
        const bool is_under_way = row.state == state::IntentState::open && now - row.created < longest_write;
        return is_under_way || is_by_firewall(row.result);
    });
    return rows;
}

} // namespace blongo::sync
