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
[[nodiscard]] CauseInfo describe_cause(std::string_view cause, std::string_view key, std::string_view flow = {});

/// "seller acts: give it an SKU in BaseLinker; then: blongo articles show --sku A -C acme", the last
/// part when a connection is named.
[[nodiscard]] std::string who_acts(const CauseInfo& cause, const std::string& connection);

/// A word as a shell takes it: in quotes when it holds anything that a shell would read itself.
[[nodiscard]] std::string shell_word(std::string_view text);

} // namespace blongo::report
