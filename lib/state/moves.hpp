// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <blongo/state/store.hpp>

namespace blongo::state {

/// Whether an error says that this state has moved elsewhere, or has not fully arrived: nothing can be done with it here.
[[nodiscard]] bool is_moved(const Error& error) noexcept;

/// ErrorKind::config with the other place when the state has moved since it was opened, or is just arriving here. Every transaction that writes asks by
/// itself; whoever only reads for hours asks here.
[[nodiscard]] Result<void> refuse_moved(Store& store);

} // namespace blongo::state
