// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <blongo/state/audit.hpp>

namespace soci {
class session;
}

namespace blongo::state {

/// A row of the audit as it stands, with what only a check of it needs.
struct ReadAudit {
    AuditRow row;
    std::string actor;        ///< the id that the row names
    std::string words_object; ///< whose the words say that they are
};

/// Calls `body` for the rows that fit `rest` ("WHERE a.chain = :c ..."); `numbers`, then `texts`, are bound in this order.
[[nodiscard]] Result<void> each_audit_row(soci::session& sql, const std::string& rest, const std::vector<std::int64_t>& numbers,
                                          const std::vector<std::string>& texts,
                                          const std::function<Result<void>(const ReadAudit&)>& body);

/// The chains of connections of these names; of all, with those of which only a head is left, if there are no names.
[[nodiscard]] std::vector<std::int64_t> audit_chains(soci::session& sql, const std::vector<std::string>& names);

} // namespace blongo::state
