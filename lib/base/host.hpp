// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace blongo {

/// Name of this machine, for rows and words that say who; "unknown" where it has none.
[[nodiscard]] const std::string& host_name();

/// Changes when another program stands where this one was started from: the size and the time of its file.
[[nodiscard]] std::string program_mark();

} // namespace blongo
