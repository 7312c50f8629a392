// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <blongo/state/connections.hpp>
#include <blongo/state/store.hpp>

namespace blongo::state {

/// One thing that was looked at.
struct Finding {
    std::string connection; ///< its name; empty: of the whole state
    std::string check;      ///< "database", "schema", "connections", "labels", "permissions", ...
    bool ok = true;
    std::int64_t count = 0; ///< what was looked at, or what is wrong
    std::string detail;     ///< what was found, for people
    std::string remedy;     ///< what helps; empty when it is ok
};

/// Whether the memory itself is whole: the database's own checks (SQLite: every page; PostgreSQL: every row is read), tables and
/// columns as the migrations make them, rows of connections that are not there, stored labels against their hash, and who can
/// read the files. Only reads. `label_dir`: of the configuration; "": beside the state. Errors: the state cannot be opened.
[[nodiscard]] Result<std::vector<Finding>> check_integrity(Store& store, Clock& clock,
                                                           const std::function<std::string(const ConnectionRow&)>& label_dir);

} // namespace blongo::state
