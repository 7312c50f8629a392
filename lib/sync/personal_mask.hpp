// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace blongo::sync {

/// The body of a request or an answer of either side as it may be written down: what its members say of a person (names,
/// streets, telephone numbers, mail addresses, free texts, labels, the link to the order's page) becomes "***". Names of
/// members, ids, articles, quantities, statuses and countries stay. A form of BaseLinker is shown with its parameters
/// decoded. Takes a body that was cut off, too; what is not JSON stays as it is.
[[nodiscard]] std::string mask_body(std::string_view body);

} // namespace blongo::sync
