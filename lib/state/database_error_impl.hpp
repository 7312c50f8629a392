// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <blongo/state/session_impl.hpp>

namespace blongo::state {

struct DatabaseError {
    Error error;
    bool connection_lost = false;
};

/// The one place where what a database says becomes what, where and remedy. Never shows the values
/// of a statement. `doing`: what was tried, "read articles".
[[nodiscard]] DatabaseError describe(const soci::soci_error& error, const Target& target, const char* doing);

} // namespace blongo::state
