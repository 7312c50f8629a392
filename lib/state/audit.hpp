// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/state/store.hpp>

namespace blongo::state {

/// Who works: stands in every row of the audit. None of it is taken from the network.
struct Actor {
    std::string login;     ///< of the process: "blongo"
    std::string sudo_user; ///< who called sudo; "": nobody
    std::string host;
    std::string acting_as; ///< --as NAME
    std::string command;   ///< "orders sync": the words of the command without its objects
    std::string version;   ///< of the program
};

/// What happened. `object` is "order:84512345", "return:77", "ongoing-order:1201", "ongoing-return:9", "package:55",
/// "article:SKU-1", or empty. Of orders, returns and packages `detail` and the digests can be erased: personal data.
struct AuditEvent {
    std::string kind{}; ///< run, decision, write, intent, act, erasure
    std::string flow{}; ///< "": none
    std::string object{};
    std::string verb{};                ///< create, update, put_order, hold, ...; of a write its effect
    std::string endpoint{};            ///< of a write: "ongoing PUT /orders"
    std::string outcome{};             ///< done, rejected, unknown, not_sent, ...
    std::string code{};                ///< cause, HTTP status, exit code: never words of a person
    std::string request{}, response{}; ///< SHA-256 of what was sent and what came back
    std::string before{}, after{};     ///< SHA-256 of the members that it changes, as they were and as they became
    std::string detail{};              ///< words for people
    std::vector<std::string> erased{}; ///< kind erasure: the objects whose salts and words are gone
};

/// A row as it is stored. Of an object with personal data the four digests and `detail` are HMACs under the object's
/// salt; `words` is what `detail` stands for while it is not erased.
struct AuditRow {
    std::int64_t chain = 0; ///< ConnectionKey; it outlives the connection
    std::int64_t seq = 0;   ///< 1, 2, 3 ... without a gap
    Timestamp at;           ///< state's clock
    std::string connection; ///< its name then
    Actor actor;
    AuditEvent event;
    std::string salt_mark; ///< SHA-256 of the salt of the object; "": nothing personal
    std::string hash;      ///< over the hash of the row before and every member above
    std::optional<std::string> words;
    [[nodiscard]] bool is_erased() const { return !salt_mark.empty() && !event.detail.empty() && !words; }
};

/// The end of one chain. Written down elsewhere, it proves later that nothing before it was changed or cut off.
struct AuditHead {
    std::int64_t chain = 0, seq = 0;
    std::string connection, hash;
};

struct AuditFilter {
    std::vector<std::string> connections; ///< names; empty: all, those that were removed too
    std::vector<std::string> objects;     ///< empty: all
    std::optional<Timestamp> from, until; ///< from <= at < until
    std::int64_t newest = 0;              ///< only so many, the newest ones; 0: all
};

/// What `verify` found wrong.
struct AuditFlaw {
    std::int64_t chain = 0, seq = 0;
    std::string connection, what;
};
struct AuditVerdict {
    std::int64_t rows = 0, erased = 0; ///< rows read; those whose personal part was erased, as a row says
    std::vector<AuditFlaw> flaws;
    std::vector<AuditHead> heads;
};

/// Who works in this process, said once before anything else. Without it rows say the login of the process.
void sign_process(Actor actor);
[[nodiscard]] const Actor& process_actor();

/// The audit of one connection: append only, each row chained to the one before. Events wait in memory for the next
/// transaction of the store and are committed with it, so that they cost no write of their own; flush() gives those that
/// still wait one. A read-only store notes nothing.
class Audit {
public:
    Audit(Store& store, ConnectionKey connection) : store_(store), connection_(connection) {}
    /// Thread-safe. An event with the flow left empty gets the run's.
    void note(AuditEvent event);
    /// From now on events belong to a run of this flow, whose begin is recorded with the first of them.
    void run_begins(const std::string& flow);
    /// Records the end if anything was recorded since the begin, and flushes: a run that did nothing leaves no row.
    [[nodiscard]] Result<void> run_ends(const std::string& outcome, int exit_code);
    [[nodiscard]] Result<void> flush();

private:
    Store& store_;
    ConnectionKey connection_;
};

/// Rows of all chains that fit, by chain and number.
[[nodiscard]] Result<std::vector<AuditRow>> audit_rows(Store& store, const AuditFilter& filter);
[[nodiscard]] Result<std::vector<AuditHead>> audit_heads(Store& store, const std::vector<std::string>& connections);
/// Reads every chain (of these names; empty: all) from its first row: each hash, the numbers, the stored head, every
/// erasable member against its digest, and that what is missing was erased by a row that says so. `heads`: ends that were
/// written down before; a chain must still hold each of them.
[[nodiscard]] Result<AuditVerdict> verify_audit(Store& store, const std::vector<std::string>& connections,
                                                const std::vector<AuditHead>& heads);

/// Erases salts and words of these objects, and records that with a row of kind erasure (`verb`: "erase" by a person,
/// "expire" by keep_personal_data) when there was anything, or `always`. Part of the caller's transaction, or of its own.
/// Answers how many rows of words it erased.
[[nodiscard]] Result<std::int64_t> erase_audit_words(Store& store, ConnectionKey connection,
                                                     const std::vector<std::string>& objects, const AuditEvent& event,
                                                     bool always);

/// The same for all objects of a connection that is removed.
[[nodiscard]] Result<void> erase_all_audit_words(Store& store, ConnectionKey connection);

/// All names under which an order, its packages and its returns may stand in the audit.
[[nodiscard]] Result<std::vector<std::string>> audit_names_of(Store& store, ConnectionKey connection, BaseOrderId order);

/// What the audit calls the object of a flow's key, of an intent's key (`flow` may be empty) or of a number with a prefix:
/// "84512345:1", "delivery:84512345:1" and "B2C-84512345" are "order:84512345", "return-status/77" and, of the flow returns,
/// "B2C-R77" are "return:77"; of articles and stock "article:SKU-1". A key that names no such object is its own name.
[[nodiscard]] std::string audited_object(const std::string& flow, const std::string& key);
/// Whether an object may be about a person.
[[nodiscard]] bool is_personal_object(std::string_view object) noexcept;

} // namespace blongo::state
