// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <blongo/state/locks.hpp>
#include <blongo/state/target_impl.hpp>

namespace blongo::state {

/// flock on files beside the state.
[[nodiscard]] std::unique_ptr<Locks> open_file_locks(const Target& target, Clock& clock, bool read_only);
/// Advisory locks on a session of their own.
[[nodiscard]] Result<std::unique_ptr<Locks>> open_postgresql_locks(const OpenOptions& options, const Target& target);

/// Tries until `attempt` says true, at most `wait`; false: time is up. Even without a wait it tries
/// a few times, because a look by `holder` takes the lock for an instant.
[[nodiscard]] Result<bool> try_for(Clock& clock, Milliseconds wait, const StopToken& stop,
                                   const std::function<Result<bool>()>& attempt);

/// "pid 4711 on wms1 since 2026-11-23T13:47:32Z".
[[nodiscard]] std::string holder_text(std::int64_t pid, const std::string& host, std::int64_t since_milliseconds);

/// The error of a lock that somebody else keeps.
[[nodiscard]] Error locked_error(const std::string& name, const std::optional<std::string>& holder, Milliseconds wait);

} // namespace blongo::state
