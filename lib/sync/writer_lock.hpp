// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <blongo/base/clock.hpp>
#include <blongo/state/budget.hpp>
#include <blongo/state/locks.hpp>

namespace blongo::sync {

/// How long one write waits for the writer lock before the run gives up: longer than the longest write of another process.
inline constexpr Milliseconds writer_wait{150'000};
/// How long one write lets waiting sends go first: a mark that nobody takes away holds nobody up for longer.
inline constexpr Milliseconds sends_first{2'000};

/// Takes the writer lock of a goods owner for one write call (architecture.md, Locks 3). A send marks that it waits; every
/// other class lets it go first. Errors: locked after `wait`, with who holds it; stopped; state.
[[nodiscard]] Result<std::unique_ptr<state::HeldLock>> take_writer(state::Locks& locks, const std::string& name,
                                                                   state::BudgetClass klass, Clock& clock, const StopToken& stop,
                                                                   Milliseconds wait = writer_wait);

} // namespace blongo::sync
