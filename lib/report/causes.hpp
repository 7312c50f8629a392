// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace blongo::report {

/// What is told to people about a parked cause: who acts, how, and the next command for this key.
struct CauseInfo {
    std::string owner, meaning, remedy, command;
};

/// A cause that this program does not know (written by a newer one) belongs to the admin.
[[nodiscard]] CauseInfo describe_cause(std::string_view cause, std::string_view key);

} // namespace blongo::report
