// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <blongo/state/belongings.hpp>
#include <blongo/state/pauses.hpp>
#include <blongo/state/runs.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// What a command that writes looks at first.
struct ConnectionGate {
    state::ConnectionKey key = 0;         ///< 0: the connection has never run
    std::optional<state::PauseRow> pause; ///< the one that holds now
};
/// Reads the state only.
[[nodiscard]] Result<ConnectionGate> gate_of(const config::Connection& connection, const Runtime& runtime);
/// The same, which brings a state of an older blongo up to date, as the write would.
[[nodiscard]] Result<ConnectionGate> gate_of_writer(const config::Connection& connection, const Runtime& runtime);

/// "paused since 2026-11-24 10:42 CET, by anna@office, until 2026-11-24 18:00 CET: stocktaking".
[[nodiscard]] std::string pause_words(const state::PauseRow& pause, const std::string& zone);

/// Nothing is written for the connection from now on; replaces a pause that is there. `until` (none: until it is resumed)
/// lies ahead: ErrorKind::usage.
[[nodiscard]] Result<state::PauseRow> pause_connection(const config::Connection& connection, const std::string& reason,
                                                       std::optional<Timestamp> until, const Runtime& runtime);
/// True if it was paused.
[[nodiscard]] Result<bool> resume_connection(const config::Connection& connection, const Runtime& runtime);

/// One connection for `connection list`, from what is remembered.
struct ConnectionOverview {
    std::optional<state::PauseRow> pause;
    std::optional<state::RunRow> last_run; ///< of any flow, the newest
    std::int64_t parked = 0;
    std::int64_t unknown = 0; ///< writes of unknown outcome
};
[[nodiscard]] Result<ConnectionOverview> overview_of(const config::Connection& connection, const Runtime& runtime);
/// Names of connections that the state remembers and the configuration does not have, each once.
[[nodiscard]] Result<std::vector<std::string>> forgotten_connections(const config::Config& config, const Runtime& runtime);

/// What is remembered of one connection, by its name in the configuration or under which it was last run.
struct Remembered {
    std::vector<state::ConnectionKey> keys; ///< several: the name stood for other settings before
    std::vector<state::Belongings> belongings;
    std::int64_t unsettled = 0;         ///< writes under way, or of unknown outcome
    std::optional<std::string> running; ///< a run that works for it, in words
    std::int64_t label_files = 0;       ///< erased
    std::int64_t labels_elsewhere = 0;  ///< label files that were not where labels are kept (an earlier label_dir)
};
/// Errors: not_found when nothing is remembered; guard when the configuration knows the same account and goods owner under
/// another name.
[[nodiscard]] Result<Remembered> remembered_of(const config::Config& config, const std::string& name, const Runtime& runtime);
/// Erases all that, label files included, while the locks of its flows are held. Errors: locked; those of remembered_of.
/// With `unsettled` in the answer nothing was erased.
[[nodiscard]] Result<Remembered> erase_remembered(const config::Config& config, const std::string& name, const Runtime& runtime);

} // namespace blongo::sync
