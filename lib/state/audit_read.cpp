// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/state/audit.hpp>
#include <blongo/state/rows_impl.hpp>
#include <blongo/state/session_impl.hpp>

namespace blongo::state {
namespace {

/// A row with the id of its actor.
struct Read {
    AuditRow row;
    std::string actor;
};

constexpr const char* all_columns =
    "SELECT a.chain, a.seq, a.at, a.name, a.actor, a.kind, a.flow, a.object, a.verb, a.endpoint, a.outcome, a.code, a.request, "
    "a.response, a.was, a.became, a.detail, a.erased, a.salt_mark, a.hash, COALESCE(p.login, ''), COALESCE(p.sudo_user, ''), "
    "COALESCE(p.host, ''), COALESCE(p.acting_as, ''), COALESCE(p.command, ''), COALESCE(p.version, ''), "
    "CASE WHEN w.seq IS NULL THEN 0 ELSE 1 END, COALESCE(w.words, '') FROM audit a LEFT JOIN audit_actors p ON p.id = a.actor "
    "LEFT JOIN audit_words w ON w.chain = a.chain AND w.seq = a.seq ";

/// Calls body(Read) for the rows that fit `rest`; `texts` and `numbers` are bound in this order.
template <class Body>
Result<void> each_row(soci::session& sql, const std::string& rest, const std::vector<std::int64_t>& numbers,
                      const std::vector<std::string>& texts, Body&& body) {
    Read read;
    AuditRow& row = read.row;
    AuditEvent& e = row.event;
    Actor& who = row.actor;
    std::int64_t at = 0, has_words = 0;
    std::string erased, words;
    soci::statement statement(sql);
    for (auto* number : {&row.chain, &row.seq, &at}) statement.exchange(soci::into(*number));
    for (auto* text : {&row.connection, &read.actor, &e.kind, &e.flow, &e.object, &e.verb, &e.endpoint, &e.outcome, &e.code, &e.request,
                       &e.response, &e.before, &e.after, &e.detail, &erased, &row.salt_mark, &row.hash, &who.login, &who.sudo_user,
                       &who.host, &who.acting_as, &who.command, &who.version})
        statement.exchange(soci::into(*text));
    statement.exchange(soci::into(has_words));
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

std::vector<std::int64_t> chains_of(soci::session& sql, const std::vector<std::string>& names) {
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

/// Reads one chain and compares everything with everything.
class Verifier {
public:
    Verifier(soci::session& sql, std::int64_t chain, const std::vector<AuditHead>& marks, AuditVerdict& out)
        : sql_(sql), chain_(chain), out_(out) {
        for (const auto& mark : marks)
            if (mark.chain == chain) marks_.emplace(mark.seq, mark.hash);
    }

    Result<void> run() {
        read_salts();
        BLONGO_CHECK(each_row(sql_, "WHERE a.chain = :c ORDER BY a.seq", {chain_}, {}, [&](const Read& read) -> Result<void> {
            look_at(read);
            return {};
        }));
        look_at_end();
        return {};
    }

private:
    void flaw(std::int64_t seq, std::string what) { out_.flaws.push_back({chain_, seq, connection_, std::move(what)}); }

    void read_salts() {
        std::string object, salt;
        soci::statement statement = (sql_.prepare << "SELECT object, salt FROM audit_salts WHERE chain = :c", soci::into(object),
                                     soci::into(salt), soci::use(chain_));
        statement.execute();
        while (statement.fetch()) salts_[object] = salt;
    }

    void look_at(const Read& read) {
        const AuditRow& row = read.row;
        ++out_.rows;
        connection_ = row.connection;
        if (row.seq != last_ + 1)
            flaw(row.seq, last_ == 0 ? fmt::format("the chain begins with row {}: the rows before it are gone", row.seq)
                                     : fmt::format("the rows after {} are gone", last_));
        last_ = row.seq;
        if (audit_hash(hash_, row, read.actor) != row.hash) flaw(row.seq, "the row, or its hash, was changed");
        hash_ = row.hash;
        if (actor_id(row.actor) != read.actor) flaw(row.seq, "who it was, was changed");
        if (const auto mark = marks_.find(row.seq); mark != marks_.end()) {
            if (mark->second != row.hash) flaw(row.seq, "it is not the row whose hash was exported");
            marks_.erase(mark);
        }
        look_at_words(row);
        for (const std::string& object : row.event.erased) {
            if (const auto missing = missing_.find(object); missing != missing_.end()) {
                out_.erased += static_cast<std::int64_t>(missing->second.size());
                missing_.erase(missing);
            }
        }
    }

    void look_at_words(const AuditRow& row) {
        if (row.words) ++words_;
        const AuditEvent& event = row.event;
        if (row.salt_mark.empty()) {
            if (row.words) flaw(row.seq, "words were added to it");
            return;
        }
        const auto salt = salts_.find(event.object);
        const bool alive = salt != salts_.end() && salt_mark(salt->second) == row.salt_mark;
        if (alive) used_salts_.insert(event.object);
        if (alive && event.detail.empty() && !row.words) return;
        if (!row.words) {
            missing_[event.object].push_back(row.seq);
            if (alive) flaw(row.seq, "its words are gone, and its salt is not");
        } else if (!alive) {
            flaw(row.seq, "the salt of its words was changed");
        } else if (salted(salt->second, *row.words) != event.detail) {
            flaw(row.seq, "its words were changed");
        }
    }

    void look_at_end() {
        for (const auto& [object, rows] : missing_)
            flaw(rows.front(), fmt::format("words or salt of {} are gone, and no row says that they were erased", object));
        for (const auto& [object, salt] : salts_)
            if (!used_salts_.contains(object)) flaw(0, fmt::format("the salt of {} belongs to no row", object));
        for (const auto& [seq, hash] : marks_) flaw(seq, fmt::format("row {}, which was exported, is gone: the chain ends with {}", seq, last_));
        std::int64_t words = 0, seq = 0;
        std::string hash;
        sql_ << "SELECT COUNT(*) FROM audit_words WHERE chain = :c", soci::use(chain_), soci::into(words);
        if (words != words_) flaw(0, fmt::format("{} words belong to no row", words - words_));
        sql_ << "SELECT seq, hash FROM audit_heads WHERE chain = :c", soci::use(chain_), soci::into(seq), soci::into(hash);
        if (!sql_.got_data())
            flaw(last_, "its head is gone");
        else if (seq > last_)
            flaw(last_, fmt::format("the chain ends here, and its head says {}: rows are gone", seq));
        else if (seq != last_ || hash != hash_)
            flaw(last_, "its head was changed");
        out_.heads.push_back({chain_, last_, connection_, hash_});
    }

    soci::session& sql_;
    std::int64_t chain_, last_ = 0, words_ = 0;
    AuditVerdict& out_;
    std::string connection_, hash_;
    std::multimap<std::int64_t, std::string> marks_;
    std::map<std::string, std::string> salts_;
    std::set<std::string> used_salts_;
    std::map<std::string, std::vector<std::int64_t>> missing_; ///< object: rows that miss words or salt so far
};

/// One view of the database for several statements.
class Snapshot {
public:
    Snapshot(soci::session& sql, bool postgresql) : sql_(sql) {
        sql_ << (postgresql ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" : "BEGIN");
    }
    ~Snapshot() {
        try {
            sql_ << "ROLLBACK";
        } catch (const std::exception&) { // the session is lost: its next user hears of it
        }
    }
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

private:
    soci::session& sql_;
};

} // namespace

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
        rest += backwards ? fmt::format(" ORDER BY a.at DESC, a.chain DESC, a.seq DESC LIMIT {}", filter.newest) : " ORDER BY a.chain, a.seq";
        std::vector<AuditRow> rows;
        BLONGO_CHECK(each_row(sql, rest, {from, until}, texts, [&](const Read& read) -> Result<void> {
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
        for (const std::int64_t chain : chains_of(sql, connections)) {
            AuditHead head;
            head.chain = chain;
            sql << "SELECT a.seq, a.hash, a.name FROM audit a WHERE a.chain = :c ORDER BY a.seq DESC LIMIT 1", soci::use(chain),
                soci::into(head.seq), soci::into(head.hash), soci::into(head.connection);
            if (sql.got_data()) heads.push_back(head);
        }
        return heads;
    });
}

Result<AuditVerdict> verify_audit(Store& store, const std::vector<std::string>& connections, const std::vector<AuditHead>& heads) {
    return reading(store.session(), "verify the audit", [&](soci::session& sql) -> Result<AuditVerdict> {
        // One snapshot: rows that another process appends meanwhile would miss in what was read before.
        const Snapshot snapshot(sql, store.is_postgresql());
        AuditVerdict verdict;
        const auto chains = chains_of(sql, connections);
        Result<void> done;
        for (const std::int64_t chain : chains)
            if (done) done = Verifier(sql, chain, heads, verdict).run();
        if (!done) return fail(done.error());
        for (const AuditHead& head : heads) {
            const bool wanted = connections.empty() || std::find(connections.begin(), connections.end(), head.connection) != connections.end();
            if (wanted && std::find(chains.begin(), chains.end(), head.chain) == chains.end())
                verdict.flaws.push_back({head.chain, head.seq, head.connection, "the chain, which was exported, is gone"});
        }
        return verdict;
    });
}

Result<std::int64_t> erase_audit_words(Store& store, ConnectionKey connection, const std::vector<std::string>& objects,
                                       const AuditEvent& event, bool always) {
    return writing(store, "erase words of the audit", [&](soci::session& sql) -> Result<std::int64_t> {
        std::int64_t words = 0;
        std::vector<std::string> erased;
        for (const std::string& object : objects) {
            soci::statement texts = (sql.prepare << "DELETE FROM audit_words WHERE chain = :c AND object = :o", soci::use(connection),
                                     soci::use(object));
            texts.execute(true);
            words += texts.get_affected_rows();
            soci::statement salts = (sql.prepare << "DELETE FROM audit_salts WHERE chain = :c AND object = :o", soci::use(connection),
                                     soci::use(object));
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
        for (const auto& [prefix, query] : {std::pair{"ongoing-order:", "SELECT ongoing_id FROM orders WHERE connection = :c AND order_id = :o"},
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
        soci::statement statement = (sql.prepare << "SELECT object FROM audit_salts WHERE chain = :c ORDER BY object", soci::into(object),
                                     soci::use(connection));
        statement.execute();
        while (statement.fetch()) objects.push_back(object);
        BLONGO_CHECK(erase_audit_words(store, connection, objects, {.verb = "remove", .outcome = "done"}, true));
        return {};
    });
}

} // namespace blongo::state
