// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <blongo/base/result.hpp>
#include <blongo/json/value.hpp>

#include "world.hpp"

namespace blongo::sandbox {

/// What people do with an order in Ongoing's own screens, whatever its status, as POST /_admin/ongoing/edit takes it:
/// {"orderNumber": "X",
///  "set": {"consignee.address1": "Polna 9", "servicePointCode": null},   members by path; null: emptied
///  "lines": [{"rowNumber": "11", "numberOfItems": 3, "comment": "..."}], members of lines
///  "delete_lines": ["12"],                                               by rowNumber
///  "add_lines": [{"articleNumber": "A", "numberOfItems": 1}],            rowNumber as given, or none
///  "status": 1000}                                                       cancels; any other number sets that
/// It is no write of the API's client: `writes` and the journal of calls do not count it. All or nothing.
[[nodiscard]] Result<void> edit_warehouse_order(GoodsOwner& owner, const json::Value& task, Timestamp now);

} // namespace blongo::sandbox
