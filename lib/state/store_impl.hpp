// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <blongo/state/session_impl.hpp>

namespace blongo::state {

/// A session on a state whose schema fits, and how it was opened.
struct Opened {
    std::unique_ptr<Store::Session> session;
    int version = 0;
};

/// read_write: makes and migrates. read_only: the existing state with the newest schema, else an
/// empty one in memory. `write_existing` (with read_only): the session may write, so that even a
/// dry run shares the request budget; nothing is made or migrated. A state that has moved elsewhere is refused.
[[nodiscard]] Result<Opened> open_session(const OpenOptions& options, bool write_existing);
/// The same for whoever moves it, wherever it stands.
[[nodiscard]] Result<Opened> open_session_as_it_is(const OpenOptions& options, bool write_existing);
/// Store::open for whoever moves it.
[[nodiscard]] Result<std::unique_ptr<Store>> open_store_as_it_is(const OpenOptions& options);

} // namespace blongo::state
