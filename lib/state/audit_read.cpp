// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/state/audit.hpp>
#include <blongo/state/audit_read_impl.hpp>
#include <blongo/state/rows_impl.hpp>
#include <blongo/state/session_impl.hpp>

namespace blongo::state {
namespace {

constexpr const char* all_columns =
    "SELECT a.chain, a.seq, a.at, a.name, a.actor, a.kind, a.flow, a.object, a.verb, a.endpoint, a.outcome, a.code, a.request, "
    "a.response, a.was, a.became, a.detail, a.erased, a.salt_mark, a.hash, COALESCE(p.login, ''), COALESCE(p.sudo_user, ''), "
    "COALESCE(p.host, ''), COALESCE(p.acting_as, ''), COALESCE(p.command, ''), COALESCE(p.version, ''), "
    "CASE WHEN w.seq IS NULL THEN 0 ELSE 1 END, COALESCE(w.object, ''), COALESCE(w.words, '') FROM audit a LEFT JOIN "
    "audit_actors p ON p.id = a.actor "
    "LEFT JOIN audit_words w ON w.chain = a.chain AND w.seq = a.seq ";

} // namespace

Result<void> each_audit_row(soci::session& sql, const std::string& rest, const std::vector<std::int64_t>& numbers,
                            const std::vector<std::string>& texts, const std::function<Result<void>(const ReadAudit&)>& body) {
    ReadAudit read;
    AuditRow& row = read.row;
    AuditEvent& e = row.event;
    Actor& who = row.actor;
    std::int64_t at = 0, has_words = 0;
    std::string erased, words;
    soci::statement statement(sql);
    for (auto* number : {&row.chain, &row.seq, &at}) statement.exchange(soci::into(*number));
    for (auto* text :
         {&row.connection, &read.actor, &e.kind,        &e.flow,   &e.object,      &e.verb,      &e.endpoint, &e.outcome,
          &e.code,         &e.request,  &e.response,    &e.before, &e.after,       &e.detail,    &erased,     &row.salt_mark,
          &row.hash,       &who.login,  &who.sudo_user, &who.host, &who.acting_as, &who.command, &who.version})
        statement.exchange(soci::into(*text));
    statement.exchange(soci::into(has_words));
    statement.exchange(soci::into(read.words_object));
    statement.exchange(soci::into(words));
    for (const auto& number : numbers) statement.exchange(soci::use(number));
    for (const auto& text : texts) statement.exchange(soci::use(text));
    statement.alloc();
    statement.prepare(all_columns + rest);
    statement.define_and_bind();
    statement.execute();
    while (statement.fetch()) {
        row.at = from_unix_milliseconds(at);
        e.erased = erased.empty() ? std::vector<std::string>{} : split(erased, ' ');
        row.words = has_words != 0 ? std::optional(words) : std::nullopt;
        BLONGO_CHECK(body(read));
    }
    return {};
}

std::vector<std::int64_t> audit_chains(soci::session& sql, const std::vector<std::string>& names) {
    std::set<std::int64_t> out;
    std::int64_t chain = 0;
    std::string name;
    soci::statement statement = (sql.prepare << "SELECT DISTINCT chain, name FROM audit", soci::into(chain), soci::into(name));
    statement.execute();
    while (statement.fetch())
        if (names.empty() || std::find(names.begin(), names.end(), name) != names.end()) out.insert(chain);
    if (names.empty()) {
        // A head whose rows are all gone is a chain, too.
        soci::statement heads = (sql.prepare << "SELECT chain FROM audit_heads", soci::into(chain));
        heads.execute();
        while (heads.fetch()) out.insert(chain);
    }
    return {out.begin(), out.end()};
}

Result<std::vector<AuditRow>> audit_rows(Store& store, const AuditFilter& filter) {
    return reading(store.session(), "read the audit", [&](soci::session& sql) -> Result<std::vector<AuditRow>> {
        const std::int64_t from = filter.from ? to_unix_milliseconds(*filter.from) : 0;
        const std::int64_t until = filter.until ? to_unix_milliseconds(*filter.until) : INT64_MAX;
        std::string rest = "WHERE a.at >= :f AND a.at < :u";
        std::vector<std::string> texts;
        for (const auto& [column, values] : {std::pair{"a.name", &filter.connections}, {"a.object", &filter.objects}}) {
            if (values->empty()) continue;
            rest += fmt::format(" AND {} IN (", column);
            for (const std::string& value : *values) {
                rest += fmt::format("{}:t{}", value == values->front() && rest.ends_with('(') ? "" : ",", texts.size());
                texts.push_back(value);
            }
            rest += ")";
        }
        const bool backwards = filter.newest > 0;
        rest += backwards ? fmt::format(" ORDER BY a.at DESC, a.chain DESC, a.seq DESC LIMIT {}", filter.newest)
                          : " ORDER BY a.chain, a.seq";
        std::vector<AuditRow> rows;
        BLONGO_CHECK(each_audit_row(sql, rest, {from, until}, texts, [&](const ReadAudit& read) -> Result<void> {
            rows.push_back(read.row);
            return {};
        }));
        if (backwards) std::reverse(rows.begin(), rows.end());
        return rows;
    });
}

Result<std::vector<AuditHead>> audit_heads(Store& store, const std::vector<std::string>& connections) {
    return reading(store.session(), "read the audit", [&](soci::session& sql) -> Result<std::vector<AuditHead>> {
        std::vector<AuditHead> heads;
        for (const std::int64_t chain : audit_chains(sql, connections)) {
            AuditHead head;
            head.chain = chain;
            sql << "SELECT a.seq, a.hash, a.name FROM audit a WHERE a.chain = :c ORDER BY a.seq DESC LIMIT 1", soci::use(chain),
                soci::into(head.seq), soci::into(head.hash), soci::into(head.connection);
            if (sql.got_data()) heads.push_back(head);
        }
        return heads;
    });
}

Result<std::int64_t> erase_audit_words(Store& store, ConnectionKey connection, const std::vector<std::string>& objects,
                                       const AuditEvent& event, bool always) {
    return writing(store, "erase words of the audit", [&](soci::session& sql) -> Result<std::int64_t> {
        std::int64_t words = 0;
        std::vector<std::string> erased;
        for (const std::string& object : objects) {
            soci::statement texts = (sql.prepare << "DELETE FROM audit_words WHERE chain = :c AND object = :o",
                                     soci::use(connection), soci::use(object));
            texts.execute(true);
            words += texts.get_affected_rows();
            soci::statement salts = (sql.prepare << "DELETE FROM audit_salts WHERE chain = :c AND object = :o",
                                     soci::use(connection), soci::use(object));
            salts.execute(true);
            if (salts.get_affected_rows() > 0) erased.push_back(object);
        }
        if (erased.empty() && !always) return 0;
        AuditEvent row = event;
        row.kind = "erasure";
        row.erased = std::move(erased);
        Audit(store, connection).note(std::move(row));
        return words;
    });
}

Result<std::vector<std::string>> audit_names_of(Store& store, ConnectionKey connection, BaseOrderId order) {
    return reading(store.session(), "read the ids of an order", [&](soci::session& sql) -> Result<std::vector<std::string>> {
        const std::int64_t id = order.value();
        std::vector<std::string> names{fmt::format("order:{}", id)};
        for (const auto& [prefix, query] :
             {std::pair{"ongoing-order:", "SELECT ongoing_id FROM orders WHERE connection = :c AND order_id = :o"},
              {"ongoing-order:", "SELECT ongoing_id FROM deliveries WHERE connection = :c AND order_id = :o"},
              {"package:", "SELECT package_id FROM deliveries WHERE connection = :c AND order_id = :o"},
              {"return:", "SELECT return_id FROM returns WHERE connection = :c AND order_id = :o"},
              {"ongoing-return:", "SELECT ongoing_id FROM returns WHERE connection = :c AND order_id = :o"}}) {
            std::int64_t found = 0;
            soci::statement statement = (sql.prepare << query, soci::into(found), soci::use(connection), soci::use(id));
            statement.execute();
            while (statement.fetch()) {
                std::string name = fmt::format("{}{}", prefix, found);
                if (found != 0 && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
            }
        }
        return names;
    });
}

Result<void> erase_all_audit_words(Store& store, ConnectionKey connection) {
    return writing(store, "erase words of the audit", [&](soci::session& sql) -> Result<void> {
        std::vector<std::string> objects;
        std::string object;
        soci::statement statement = (sql.prepare << "SELECT object FROM audit_salts WHERE chain = :c ORDER BY object",
                                     soci::into(object), soci::use(connection));
        statement.execute();
        while (statement.fetch()) objects.push_back(object);
        BLONGO_CHECK(erase_audit_words(store, connection, objects, {.verb = "remove", .outcome = "done"}, true));
        return {};
    });
}

} // namespace blongo::state
