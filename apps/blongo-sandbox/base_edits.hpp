// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <blongo/base/result.hpp>
#include <blongo/json/value.hpp>

#include "world.hpp"

namespace blongo::sandbox {

/// What sellers do with an order in BaseLinker's own screens, as POST /_admin/baselinker/edit takes it:
/// {"order_id", "action", ...}, with the journal events of baselinker.md 3.3 for each.
///   add_line     "line": {...}                                     12
///   edit_line    "order_product_id", "line": {members over it}      13
///   remove_line  "order_product_id"                                 14, object_id = the line
///   split        "lines": [{"order_product_id", "quantity"}]        6, object_id = the new order
///   copy                                                            17, object_id = the new order
///   merge        "orders": [ids]                                    5 each, object_id = the vanished one; 4 each
///   delete                                                          4
///   confirm                                                         2
///   unconfirm                                                       none is documented, none is recorded
/// split and copy make an order with an id above all that ever were, with line ids of its own, created and
/// confirmed now, with nothing paid; source, shop and external numbers are those of the first one; "order" puts
/// members over it. merge moves the lines with their ids. Returns {"order_id": the order that was changed or made}.
Result<json::Value> edit_base_order(Account& account, const json::Value& task, const Context& context);

} // namespace blongo::sandbox
