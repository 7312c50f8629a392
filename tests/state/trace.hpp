// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <soci/sqlite3/soci-sqlite3.h>

#include <blongo/state/session_impl.hpp>

namespace blongo::test {

/// The statements that SQLite runs for a session while this exists, with their values; without the look at `moves`, a table of
/// a row or two, that every transaction begins with.
class Trace {
public:
    explicit Trace(state::Store& store)
        : database_(static_cast<soci::sqlite3_session_backend*>(store.session().sql().get_backend())->conn_) {
        sqlite_api::sqlite3_trace_v2(database_, SQLITE_TRACE_STMT, &note, this);
    }
    ~Trace() { sqlite_api::sqlite3_trace_v2(database_, 0, nullptr, nullptr); }
    Trace(const Trace&) = delete;
    std::vector<std::string> statements;

private:
    static int note(unsigned, void* self, void* statement, void*) {
        char* text = sqlite_api::sqlite3_expanded_sql(static_cast<sqlite_api::sqlite3_stmt*>(statement));
        const std::string all(text);
        if (all.find(" FROM moves ") == std::string::npos) static_cast<Trace*>(self)->statements.push_back(all);
        sqlite_api::sqlite3_free(text);
        return 0;
    }
    sqlite_api::sqlite3* database_;
};

/// How SQLite goes about a statement: "SEARCH orders USING INDEX ...; ...".
inline std::string plan_of(state::Store& store, const std::string& statement) {
    std::string out, detail;
    int id = 0, parent = 0, unused = 0;
    soci::statement plan = (store.session().sql().prepare << "EXPLAIN QUERY PLAN " + statement, soci::into(id),
                            soci::into(parent), soci::into(unused), soci::into(detail));
    plan.execute();
    while (plan.fetch()) out += detail + "; ";
    return out;
}

} // namespace blongo::test
