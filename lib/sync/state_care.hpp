// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <blongo/config/config.hpp>
#include <blongo/state/backup.hpp>
#include <blongo/state/integrity.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// state check: state::check_integrity, and for each connection whether its open writes and what is due can be gone on with:
/// a booking and its delivery belong together, and what a later run needs is there. Only reads, no side is asked. Errors:
/// the state cannot be opened; not_found: there is none.
[[nodiscard]] Result<std::vector<state::Finding>> check_state(const config::Config& config, const Runtime& runtime);

/// state backup: see state::backup_state.
[[nodiscard]] Result<state::BackupReport> backup_state(const config::Config& config, const std::string& file,
                                                       const Runtime& runtime);

} // namespace blongo::sync
