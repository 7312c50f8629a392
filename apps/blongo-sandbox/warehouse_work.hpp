// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <blongo/base/result.hpp>
#include <blongo/json/value.hpp>

#include "world.hpp"

namespace blongo::sandbox {

/// What people in the warehouse do with an order, as POST /_admin/ongoing/work takes it:
/// {"orderNumber", "action", "quantities": {rowNumber: n}, "parcels": [{weight, length, width,
/// height}], "way_bill_rows": [{numberOfPackages, parcelType, weight, ...}], "user_id", "computer_id"}.
/// Actions: release (300), allocate (320), pick (400), pack, send (450), pick_and_send (450),
/// collect (500), return (800), cancel (1000), reopen (300), and back_order: what was not picked becomes
/// an order of its own ("status", default 300); "reduce" takes it off the lines of the first one.
/// Without quantities all is picked; lines that quantities leaves out stay as they are.
[[nodiscard]] Result<void> do_warehouse_work(GoodsOwner& owner, const json::Value& task, Timestamp now);

/// The warehouse that works by itself: orders that have stood for `step` are picked, then sent
/// with one parcel.
void work_by_itself(GoodsOwner& owner, Seconds step, Timestamp now);

/// Moves an order to a status, with the times and the webhook event that go with it. `who`
/// names the user_id and computer_id, if it was a person.
void set_status(GoodsOwner& owner, WarehouseOrder& order, std::int64_t status, Timestamp now, const json::Value& who = {});

} // namespace blongo::sandbox
