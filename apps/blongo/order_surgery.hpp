// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.hpp"

namespace blongo::app {

/// `orders hold`, `unhold`, `diff`, `reimport`: what people do with single orders.
void add_order_surgery(Command& orders);

} // namespace blongo::app
