// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include <blongo/state/session_impl.hpp>

namespace blongo::state {

/// A short statement that one session executes again and again. SQLite compiles it once, which is most of what it costs;
/// on PostgreSQL a prepared statement belongs to a connection that may be lost: there it is made anew each time.
class KeptStatement {
public:
    /// Executes `query`; false: it gave no row. `bind(statement)` exchanges what it gives and reads: all of it must live as
    /// long as this object, at the same place. A query gives at most one row.
    template <class Bind> bool execute(Store::Session& session, const char* query, Bind&& bind) {
        if (session.postgresql()) {
            soci::statement once(session.sql());
            return prepare(once, query, bind, soci::details::st_one_time_query).execute(true);
        }
        try {
            if (!statement_) prepare(statement_.emplace(session.sql()), query, bind, soci::details::st_repeatable_query);
            const bool has_row = statement_->execute(true);
            // Read to its end, a query holds nothing open.
            while (has_row && statement_->fetch()) {
            }
            return has_row;
        } catch (...) {
            statement_.reset();
            throw;
        }
    }

private:
    template <class Bind> static soci::statement& prepare(soci::statement& statement, const char* query, Bind& bind,
                                                          soci::details::statement_type type) {
        bind(statement);
        statement.alloc();
        statement.prepare(query, type);
        statement.define_and_bind();
        return statement;
    }

    std::optional<soci::statement> statement_;
};

} // namespace blongo::state
