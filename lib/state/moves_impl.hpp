// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <blongo/state/moves.hpp>
#include <blongo/state/session_impl.hpp>

namespace blongo::state {

/// A row of the table `moves`: the state left for another place (a tombstone), or came from one.
struct MoveMark {
    std::string token; ///< the same on both sides
    bool away = false;
    std::string place; ///< the other one, for people
    std::string url;   ///< the other one, without password
    std::string host;  ///< of the process that moved it
    std::int64_t at = 0;
    bool ended = false; ///< an arrival: its source has the tombstone
};

/// The tombstone; else an arrival that has not ended; else none.
[[nodiscard]] Result<std::optional<MoveMark>> find_mark(Store::Session& session);
[[nodiscard]] Result<void> put_mark(Store::Session& session, const MoveMark& mark);
[[nodiscard]] Result<void> erase_arrivals(Store::Session& session);
/// The arrival with this token is usable from now on.
[[nodiscard]] Result<void> end_arrival(Store::Session& session, const std::string& token);

/// The error of a tombstone, or of an arrival that has not ended; {} without either.
[[nodiscard]] Result<void> refuse_moved(Store::Session& session);
/// At opening: refuse_moved, and an arrival that has not ended is usable if, and only if, its source holds the tombstone.
/// That is seen by looking there, with the password of `options`, and remembered unless `options` only reads.
[[nodiscard]] Result<void> refuse_half_moved(Store::Session& session, const OpenOptions& options);

} // namespace blongo::state
