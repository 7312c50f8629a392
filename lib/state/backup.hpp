// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include <blongo/state/connections.hpp>
#include <blongo/state/store.hpp>

namespace blongo::state {

struct BackupReport {
    std::string place; ///< what was copied
    std::int64_t bytes = 0;
    std::int64_t labels = 0;
    std::int64_t labels_lost = 0; ///< label rows whose bytes were gone or damaged
};

/// Copies a SQLite state, while runs work on it, into one file (0600): the database as it was at one moment (SQLite's backup
/// API), with the bytes of all stored labels inside. The file is checked, durable, and put in place at once. It has a mark by
/// which a later backup knows it and may take its place; nothing else is replaced, no state, whosever it is. Put at the path
/// of a state it is that state again, labels included, and the first run that opens it takes the mark off.
/// `options`: read_only. `label_dir`: of the configuration; "": beside the state. Errors: not_found (no state), usage (there is
/// something else than a backup), state; config for PostgreSQL, which copies itself: dump_command.
[[nodiscard]] Result<BackupReport> backup_state(const OpenOptions& options,
                                                const std::function<std::string(const ConnectionRow&)>& label_dir,
                                                const std::string& file);

/// The shell command that copies a PostgreSQL state into a file, without a password.
[[nodiscard]] std::string dump_command(const std::string& url, const std::string& file);

} // namespace blongo::state
