// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <blongo/baselinker/order_wire.hpp>
#include <blongo/sync/flow.hpp>

namespace blongo::sync {

/// The flows of one run look within this time of each other.
inline constexpr Milliseconds looks_apart{60'000};

/// BaseLinker did not show an object that was asked for by its id. Its answer may be empty for once: the object is gone when
/// it was not there in an earlier run either, `looks_apart` ago or longer (flows.md Orders 1). Until then false, and the
/// first look is kept in the state. `object`: "order:84512345"; `seen`: when something showed it last: looks before that
/// count no more. Takes part in an open transaction; a dry run keeps nothing.
[[nodiscard]] Result<bool> is_gone(Flow& flow, const std::string& object, Timestamp seen = {});
/// It is there: earlier looks count no more.
[[nodiscard]] Result<void> is_there(Flow& flow, const std::string& object);

/// One look at an order in BaseLinker, by its id.
struct OrderLook {
    std::optional<baselinker::Order> order{}; ///< as it stands now
    bool is_gone = false;                     ///< without an order: this was the look that proves it; else look again
};
[[nodiscard]] Result<OrderLook> look_at_order(Flow& flow, BaseOrderId order);

} // namespace blongo::sync
