// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/return_settings.hpp>

#include <fmt/format.h>

#include <blongo/baselinker/returns.hpp>
#include <blongo/sync/status_names.hpp>

namespace blongo::sync {

Result<ReturnStatuses> resolve_return_statuses(Session& session) {
    const auto& settings = session.connection().returns;
    std::vector<NamedStatus> known;
    bool read = false;
    const auto resolve = [&](const config::StatusRef& status) -> Result<ReturnStatusId> {
        if (status.name.empty()) return ReturnStatusId{status.id};
        if (!read) {
            BLONGO_TRY(const auto list, baselinker::Returns(session.baselinker()).get_return_status_list());
            for (const auto& one : list) known.push_back({one.id.value(), one.name});
            read = true;
        }
        BLONGO_TRY(const std::int64_t id, status_called(status.name, known, "return status",
                                                        fmt::format("[connections.{}.returns]", session.connection().name)));
        return ReturnStatusId{id};
    };
    ReturnStatuses out;
    for (const auto& status : settings.statuses) {
        BLONGO_TRY(const auto id, resolve(status));
        out.accepted.insert(id);
    }
    BLONGO_TRY(out.after_received, resolve(settings.status_after_received));
    return out;
}

} // namespace blongo::sync
