// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <blongo/state/audit.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// Who runs this command: "anna@office" as the machine knows it, "eva (packers@office)" with --as eva.
[[nodiscard]] std::string acting_person(const Runtime& runtime);

/// Tells the audit who works in this process: the login as the system gives it, not the environment, who called sudo, and
/// who sits there by his own word (--as). `command`: "orders sync".
void sign_process(const config::Environment& environment, const std::string& acting_as, const std::string& command,
                  const std::string& version);

} // namespace blongo::sync
