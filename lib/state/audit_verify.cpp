// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include <blongo/state/audit.hpp>
#include <blongo/state/audit_read_impl.hpp>
#include <blongo/state/session_impl.hpp>

namespace blongo::state {
namespace {

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
        BLONGO_CHECK(
            each_audit_row(sql_, "WHERE a.chain = :c ORDER BY a.seq", {chain_}, {}, [&](const ReadAudit& read) -> Result<void> {
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

    void look_at(const ReadAudit& read) {
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
        look_at_words(row, read.words_object);
        for (const std::string& object : row.event.erased) {
            if (const auto missing = missing_.find(object); missing != missing_.end()) {
                out_.erased += static_cast<std::int64_t>(missing->second.size());
                missing_.erase(missing);
            }
        }
    }

    void look_at_words(const AuditRow& row, const std::string& words_object) {
        if (row.words) ++words_;
        const AuditEvent& event = row.event;
        // What is erased with an object is found by its name.
        if (row.words && words_object != event.object) flaw(row.seq, fmt::format("its words were put under {}", words_object));
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
        for (const auto& [seq, hash] : marks_)
            flaw(seq, fmt::format("row {}, which was exported, is gone: the chain ends with {}", seq, last_));
        std::int64_t words = 0, seq = 0;
        std::string hash;
        sql_ << "SELECT COUNT(*) FROM audit_words WHERE chain = :c", soci::use(chain_), soci::into(words);
        if (words != words_) flaw(0, fmt::format("{} words belong to no row", words - words_));
        sql_ << "SELECT seq, hash FROM audit_heads WHERE chain = :c", soci::use(chain_), soci::into(seq), soci::into(hash);
        if (!sql_.got_data())
            flaw(last_, "its head is gone: rows may have been cut off at the end");
        else if (seq > last_)
            flaw(last_, fmt::format("the chain ends here, and its head says {}: rows are gone", seq));
        else if (seq != last_ || hash != hash_)
            flaw(last_, "its head was changed: rows may have been cut off at the end, or changed");
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

Result<AuditVerdict> verify_audit(Store& store, const std::vector<std::string>& connections,
                                  const std::vector<AuditHead>& heads) {
    return reading(store.session(), "verify the audit", [&](soci::session& sql) -> Result<AuditVerdict> {
        // One snapshot: rows that another process appends meanwhile would miss in what was read before.
        const Snapshot snapshot(sql, store.is_postgresql());
        AuditVerdict verdict;
        const auto chains = audit_chains(sql, connections);
        Result<void> done;
        for (const std::int64_t chain : chains)
            if (done) done = Verifier(sql, chain, heads, verdict).run();
        if (!done) return fail(done.error());
        for (const AuditHead& head : heads) {
            const bool wanted =
                connections.empty() || std::find(connections.begin(), connections.end(), head.connection) != connections.end();
            if (wanted && std::find(chains.begin(), chains.end(), head.chain) == chains.end())
                verdict.flaws.push_back({head.chain, head.seq, head.connection, "the chain, which was exported, is gone"});
        }
        return verdict;
    });
}

} // namespace blongo::state
