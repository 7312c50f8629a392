// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/intents.hpp>
#include <blongo/state/rows_impl.hpp>

namespace blongo::state {
namespace {

constexpr const char* read_due = "read what is due";

/// The values of one row in the types that SOCI binds.
struct Values {
    std::string kind, key, payload;
    std::int64_t id = 0, at = 0;
    int attempt = 0;

    static const Table& table() {
        static const Table due{"due", {"id", "kind", "key", "at", "payload", "attempt"}};
        return due;
    }

    [[nodiscard]] DueRow row() const { return {id, kind, key, from_unix_milliseconds(at), payload, attempt}; }

    template <class Self, class Body> static void each(Self& self, Body&& body) {
        body(self.id);
        for (auto* text : {&self.kind, &self.key}) body(*text);
        body(self.at);
        body(self.payload);
        body(self.attempt);
    }
};

constexpr std::string_view in_order = " ORDER BY at, id";

struct ByKind {
    using Key = std::tuple<std::string>;
    static constexpr std::string_view rest = "AND kind = :kind ORDER BY at, id";
};

} // namespace

Result<void> Due::put(const DueRow& row) {
    return writing(store_, "record what is due", [&](soci::session& sql) -> Result<void> {
        const std::int64_t at = to_unix_milliseconds(row.at);
        sql << "INSERT INTO due (connection, kind, key, at, payload, attempt) VALUES (:c, :kind, :key, :at, :payload, "
               ":attempt) ON CONFLICT (connection, kind, key) DO UPDATE SET at = excluded.at, payload = "
               "excluded.payload, attempt = excluded.attempt",
            soci::use(connection_), soci::use(row.kind), soci::use(row.key), soci::use(at), soci::use(row.payload),
            soci::use(row.attempt);
        return {};
    });
}

Result<std::vector<DueRow>> Due::ready(Timestamp now) {
    return reading(store_.session(), read_due, [&](soci::session& sql) {
        const std::int64_t until = to_unix_milliseconds(now);
        return Result<std::vector<DueRow>>(
            select_rows<Values>(sql, connection_, "AND at <= :until" + std::string(in_order),
                                [&](soci::statement& statement) { statement.exchange(soci::use(until)); }));
    });
}

Result<std::vector<DueRow>> Due::all() {
    return reading(store_.session(), read_due, [&](soci::session& sql) {
        return Result<std::vector<DueRow>>(select_rows<Values>(sql, connection_, std::string(in_order), [](soci::statement&) {}));
    });
}

Result<std::optional<DueRow>> Due::find(const std::string& kind, const std::string& key) {
    return reading(store_.session(), read_due, [&](soci::session&) {
        DueRow row;
        std::int64_t at = 0;
        const auto found = execute_kept(store_.session(),
                                        "SELECT id, kind, key, at, payload, attempt FROM due WHERE connection = :c AND kind = "
                                        ":kind AND key = :key",
                                        Out(row.id), Out(row.kind), Out(row.key), Out(at), Out(row.payload), Out(row.attempt),
                                        In(connection_), In(kind), In(key));
        row.at = from_unix_milliseconds(at);
        return Result<std::optional<DueRow>>(found.has_row ? std::optional(std::move(row)) : std::nullopt);
    });
}

Result<std::vector<DueRow>> Due::of_kind(const std::string& kind) {
    return reading(store_.session(), read_due, [&](soci::session&) {
        return Result<std::vector<DueRow>>(select_kept<Values, ByKind>(store_.session(), connection_, kind));
    });
}

Result<void> Due::erase(const std::string& kind, const std::string& key) {
    return writing(store_, "forget what was due", [&](soci::session&) -> Result<void> {
        execute_kept(store_.session(), "DELETE FROM due WHERE connection = :c AND kind = :kind AND key = :key", In(connection_),
                     In(kind), In(key));
        return {};
    });
}

} // namespace blongo::state
