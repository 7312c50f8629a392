// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <blongo/base/clock.hpp>
#include <blongo/http/transport.hpp>
#include <blongo/state/intents.hpp>

namespace blongo::sync {

/// An unsafe write leaves within this time of its intent, or not at all (architecture.md, Locks).
inline constexpr Milliseconds leave_within{20'000};
/// How long after send_deadline and the call's time-out a request may still take effect.
inline constexpr Milliseconds settle_margin{60'000};

/// The departure of a request that carries out `intents`: right before each physical attempt their send_deadline is
/// renewed, all in one transaction, and the request may leave for `leave_within`, counted from before that. An intent that
/// is no longer open (somebody else settled it meanwhile) is ErrorKind::not_sent: the request must not leave any more.
/// `store` and `clock` outlive the request; called by the thread of `store`, outside a transaction.
[[nodiscard]] http::Departure renewing(state::Store& store, state::ConnectionKey connection, std::vector<std::int64_t> intents,
                                       Clock& clock);

} // namespace blongo::sync
