// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "shop.hpp"
#include "support/process.hpp"

namespace blongo::bench {

/// Runs blongo with these arguments, at the moved time.
using Ask = std::function<test::Finished(std::vector<std::string> arguments)>;

/// The person who looks at BaseLinker's packages and says what became of bookings whose answers were lost, and sends again
/// what was refused on the way to a courier. Answers how many answers were lost.
int resolve_unknown(SoakShop& shop, const Ask& ask);

/// What is wrong with a shop at rest, by looking at both sides, a line each: an order twice or not at all and without a
/// reason, two packages for a delivery or none, a label that is missing, a status, a stock figure that sells too much or too
/// little, and whatever `blongo check` finds.
[[nodiscard]] std::vector<std::string> complaints_of(SoakShop& shop, const Ask& ask);

} // namespace blongo::bench
