// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>

#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// The statuses of [connections.X.returns] as ids.
struct ReturnStatuses {
    std::set<ReturnStatusId> accepted; ///< empty: every status
    ReturnStatusId after_received;     ///< 0: leave
    [[nodiscard]] bool accepts(ReturnStatusId status) const { return accepted.empty() || accepted.contains(status); }
};

/// Names are looked up in BaseLinker's list, which costs one call at the first name. A name that is not there, or there
/// twice, is ErrorKind::config.
[[nodiscard]] Result<ReturnStatuses> resolve_return_statuses(Session& session);

} // namespace blongo::sync
