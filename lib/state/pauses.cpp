// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/audit.hpp>
#include <blongo/state/pauses.hpp>
#include <blongo/state/rows_impl.hpp>

namespace blongo::state {
namespace {

/// The values of one pause in the types that SOCI binds.
struct PauseValues {
    std::int64_t since = 0;
    OptionalTime ends;
    std::string who, reason;

    static const Table& table() {
        static const Table pauses{"pauses", {"since", "ends", "who", "reason"}, 0};
        return pauses;
    }

    [[nodiscard]] PauseRow row() const { return {from_unix_milliseconds(since), ends.time(), who, reason}; }

    template <class Self, class Body> static void each(Self& self, Body&& body) {
        body(self.since);
        body(self.ends);
        for (auto* text : {&self.who, &self.reason}) body(*text);
    }
};

} // namespace

Result<void> Pauses::put(const PauseRow& row) {
    return writing(store_, "pause the connection", [&](soci::session&) -> Result<void> {
        upsert_rows<PauseValues>(store_.session(), connection_, 1, [&](std::size_t) {
            return PauseValues{to_unix_milliseconds(row.since), OptionalTime(row.until), row.who, row.reason};
        });
        Audit(store_, connection_)
            .note({.kind = "act",
                   .verb = "pause",
                   .outcome = "done",
                   .code = row.until ? "until " + format_utc(*row.until) : "",
                   .detail = row.reason});
        return {};
    });
}

Result<bool> Pauses::end() {
    return writing(store_, "resume the connection", [&](soci::session& sql) -> Result<bool> {
        soci::statement statement = (sql.prepare << "DELETE FROM pauses WHERE connection = :c", soci::use(connection_));
        statement.execute(true);
        if (statement.get_affected_rows() == 0) return false;
        Audit(store_, connection_).note({.kind = "act", .verb = "resume", .outcome = "done"});
        return true;
    });
}

Result<std::optional<PauseRow>> Pauses::at(Timestamp now) {
    return reading(store_.session(), "read whether the connection is paused",
                   [&](soci::session& sql) -> Result<std::optional<PauseRow>> {
                       const auto rows = select_rows<PauseValues>(sql, connection_, "", [](soci::statement&) {});
                       const bool holds = !rows.empty() && (!rows.front().until || *rows.front().until > now);
                       return holds ? std::optional(rows.front()) : std::nullopt;
                   });
}

} // namespace blongo::state
