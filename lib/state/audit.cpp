// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/audit.hpp>

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <blongo/base/keyed.hpp>
#include <blongo/base/text.hpp>
#include <blongo/state/kept_statement_impl.hpp>

namespace blongo::state {
namespace {

constexpr std::size_t digest_characters = 32;

/// Texts one after the other, each with its length: no two lists of texts look the same.
std::string spelled(std::initializer_list<std::string_view> texts) {
    std::string out;
    for (const auto text : texts) {
        const fmt::format_int size(text.size());
        out.append(size.data(), size.size()).append(1, ':').append(text).append(1, ',');
    }
    return out;
}

/// One number that a query finds, or 0.
std::int64_t find_number(soci::session& sql, const std::string& query, ConnectionKey chain, const std::string& value) {
    std::int64_t found = 0;
    sql << query, soci::use(chain), soci::use(value), soci::into(found);
    return sql.got_data() ? found : 0;
}

/// The order or return that an id of the other side belongs to, where the ledger knows it: what is erased with an order
/// stands under its name.
std::string own_name(soci::session& sql, ConnectionKey chain, const std::string& object) {
    struct Alias {
        std::string_view prefix, own;
        std::vector<const char*> queries;
    };
    static const std::array aliases{
        Alias{"ongoing-order:",
              "order:",
              {"SELECT order_id FROM orders WHERE connection = :c AND ongoing_id = CAST(:v AS BIGINT) LIMIT 1",
               "SELECT order_id FROM deliveries WHERE connection = :c AND ongoing_id = CAST(:v AS BIGINT) LIMIT 1"}},
        Alias{"package:",
              "order:",
              {"SELECT order_id FROM deliveries WHERE connection = :c AND package_id = CAST(:v AS BIGINT) LIMIT 1"}},
        Alias{"ongoing-return:",
              "return:",
              {"SELECT return_id FROM returns WHERE connection = :c AND ongoing_id = CAST(:v AS BIGINT) LIMIT 1"}}};
    for (const auto& alias : aliases) {
        if (!object.starts_with(alias.prefix)) continue;
        const std::string value = object.substr(alias.prefix.size());
        if (value.empty() || value.size() > 18 || value.find_first_not_of("0123456789") != std::string::npos) return object;
        for (const char* query : alias.queries)
            if (const auto id = find_number(sql, query, chain, value); id != 0) return fmt::format("{}{}", alias.own, id);
    }
    return object;
}

std::string salt_of(Store::Session& session, ConnectionKey chain, const std::string& object) {
    std::string salt;
    const auto found =
        execute_kept(session, "SELECT salt FROM audit_salts WHERE chain = :c AND object = :o", Out(salt), In(chain), In(object));
    if (found.has_row) return salt;
    salt = random_hex(16);
    execute_kept(session, "INSERT INTO audit_salts (chain, object, salt) VALUES (:c, :o, :s)", In(chain), In(object), In(salt));
    return salt;
}

/// Puts digests in the place of what is about a person, and keeps the words apart.
void hide(Store::Session& session, AuditRow& row) {
    AuditEvent& event = row.event;
    const auto members = {&event.request, &event.response, &event.before, &event.after, &event.detail};
    bool any = false;
    for (const auto* member : members) any = any || !member->empty();
    if (!any || !is_personal_object(event.object)) {
        for (auto* member : {&event.request, &event.response, &event.before, &event.after})
            *member = member->substr(0, digest_characters);
        return;
    }
    if (!event.detail.empty()) row.words = event.detail;
    const std::string salt = salt_of(session, row.chain, event.object);
    row.salt_mark = salt_mark(salt);
    for (auto* member : members) *member = salted(salt, *member);
    if (row.words)
        execute_kept(session, "INSERT INTO audit_words (chain, seq, object, words) VALUES (:c, :s, :o, :w)", In(row.chain),
                     In(row.seq), In(event.object), In(*row.words));
}

void insert(Store::Session& session, const AuditRow& row, const std::string& actor) {
    const AuditEvent& e = row.event;
    const std::int64_t at = to_unix_milliseconds(row.at);
    const std::string erased = joined_objects(e.erased);
    execute_kept(session,
                 "INSERT INTO audit (chain, seq, at, name, actor, kind, flow, object, verb, endpoint, outcome, code, request, "
                 "response, was, became, detail, erased, salt_mark, hash) VALUES (:c, :s, :at, :n, :a, :k, :f, :o, :v, :e, :out, "
                 ":code, :req, :resp, :was, :became, :detail, :erased, :mark, :hash)",
                 In(row.chain), In(row.seq), In(at), In(row.connection), In(actor), In(e.kind), In(e.flow), In(e.object),
                 In(e.verb), In(e.endpoint), In(e.outcome), In(e.code), In(e.request), In(e.response), In(e.before), In(e.after),
                 In(e.detail), In(erased), In(row.salt_mark), In(row.hash));
}

void record_actor(Store::Session& session, const std::string& id, const Actor& who) {
    execute_kept(session,
                 "INSERT INTO audit_actors (id, login, sudo_user, host, acting_as, command, version) VALUES (:i, :l, :s, :h, :a, "
                 ":c, :v) ON CONFLICT (id) DO NOTHING",
                 In(id), In(who.login), In(who.sudo_user), In(who.host), In(who.acting_as), In(who.command), In(who.version));
}

Actor& signature() {
    static Actor actor = [] {
        Actor unsigned_one;
        const passwd* user = ::getpwuid(::geteuid());
        unsigned_one.login = user != nullptr ? user->pw_name : fmt::format("uid {}", ::geteuid());
        unsigned_one.host = host_name();
        return unsigned_one;
    }();
    return actor;
}

/// The end of one chain while rows are appended to it.
struct Head {
    std::string connection, hash;
    std::int64_t seq = 0;
    bool whole = true; ///< what is stored as the head is the last row
};

Head read_head(Store::Session& session, ConnectionKey chain) {
    Head head, stored;
    execute_kept(session, "SELECT name FROM connections WHERE id = :c", Out(head.connection), In(chain));
    execute_kept(session, "SELECT seq, hash FROM audit WHERE chain = :c ORDER BY seq DESC LIMIT 1", Out(head.seq), Out(head.hash),
                 In(chain));
    // A head that was lost or changed keeps nobody from working: rows go behind the last one, and what is stored stays as it
    // is, so that a check goes on telling it.
    execute_kept(session, "SELECT seq, hash FROM audit_heads WHERE chain = :c", Out(stored.seq), Out(stored.hash), In(chain));
    head.whole = stored.seq == head.seq && stored.hash == head.hash;
    return head;
}

} // namespace

std::string joined_objects(const std::vector<std::string>& objects) {
    return join(objects, " ");
}

std::string actor_id(const Actor& who) {
    return fingerprint(spelled({who.login, who.sudo_user, who.host, who.acting_as, who.command, who.version}));
}

std::string salt_mark(const std::string& salt) {
    return sha256_hex(salt).substr(0, digest_characters);
}

std::string salted(const std::string& salt, const std::string& text) {
    return text.empty() ? std::string{} : hmac_hex(salt, text).substr(0, digest_characters);
}

std::string audit_hash(const std::string& previous, const AuditRow& row, const std::string& actor) {
    const AuditEvent& e = row.event;
    return sha256_hex(spelled({previous,
                               std::to_string(row.chain),
                               std::to_string(row.seq),
                               std::to_string(to_unix_milliseconds(row.at)),
                               row.connection,
                               actor,
                               e.kind,
                               e.flow,
                               e.object,
                               e.verb,
                               e.endpoint,
                               e.outcome,
                               e.code,
                               e.request,
                               e.response,
                               e.before,
                               e.after,
                               e.detail,
                               joined_objects(e.erased),
                               row.salt_mark}));
}

Result<void> write_audit(Store::Session& session) {
    if (session.trail().empty()) return {};
    return reading(session, "write the audit", [&](soci::session& sql) -> Result<void> {
        const auto waiting = session.trail().take();
        const Timestamp now = from_unix_milliseconds(session.now_milliseconds());
        const std::string actor = actor_id(process_actor());
        record_actor(session, actor, process_actor());
        std::map<ConnectionKey, Head> heads;
        for (const auto& one : waiting) {
            auto [head, fresh] = heads.try_emplace(one.chain);
            if (fresh) head->second = read_head(session, one.chain);
            AuditRow row;
            row.chain = one.chain;
            row.seq = ++head->second.seq;
            row.at = now;
            row.connection = head->second.connection;
            row.event = one.event;
            row.event.object = own_name(sql, one.chain, row.event.object);
            hide(session, row);
            row.hash = head->second.hash = audit_hash(head->second.hash, row, actor);
            insert(session, row, actor);
        }
        for (const auto& [chain, head] : heads) {
            if (!head.whole) continue;
            execute_kept(session,
                         "INSERT INTO audit_heads (chain, seq, hash) VALUES (:c, :s, :h) ON CONFLICT (chain) DO UPDATE SET seq = "
                         "excluded.seq, hash = excluded.hash",
                         In(chain), In(head.seq), In(head.hash));
        }
        return {};
    });
}

void sign_process(Actor actor) {
    signature() = std::move(actor);
}

const Actor& process_actor() {
    return signature();
}

void Audit::note(AuditEvent event) {
    if (store_.read_only() || connection_ == 0) return;
    store_.session().trail().note({connection_, std::move(event), store_.session().in_transaction()});
}

void Audit::run_begins(const std::string& flow) {
    if (!store_.read_only() && connection_ != 0) store_.session().trail().run_begins(connection_, flow);
}

Result<void> Audit::run_ends(const std::string& outcome, int exit_code) {
    if (store_.read_only()) return {};
    AuditTrail& trail = store_.session().trail();
    if (trail.run_did_something()) note({.kind = "run", .verb = "end", .outcome = outcome, .code = std::to_string(exit_code)});
    auto flushed = flush();
    trail.run_over();
    return flushed;
}

Result<void> Audit::flush() {
    if (store_.read_only() || store_.session().trail().empty() || store_.session().in_transaction()) return {};
    return store_.in_transaction([]() -> Result<void> { return {}; });
}

std::string audited_object(const std::string& flow, const std::string& key) {
    if (key.empty()) return key;
    if (flow == "articles" || flow == "stock") return "article:" + key;
    constexpr std::string_view digits = "0123456789", marks = ":/";
    std::string_view part = key;
    const std::size_t mark = part.find_first_of(marks);
    const bool has_kind =
        mark != std::string_view::npos && part.substr(0, mark).find_first_not_of(digits) != std::string_view::npos;
    if (has_kind) part.remove_prefix(mark + 1);
    part = part.substr(0, part.find_first_of(marks));
    const std::size_t before = part.find_last_not_of(digits);
    const std::string_view id = before == std::string_view::npos ? part : part.substr(before + 1);
    if (id.empty() || (has_kind && id != part)) return key;
    return fmt::format("{}{}", flow == "returns" || key.starts_with("return") ? "return:" : "order:", id);
}

bool is_personal_object(std::string_view object) noexcept {
    static constexpr std::array<std::string_view, 5> prefixes{
        "order:", "return:", "ongoing-order:", "ongoing-return:", "package:"};
    return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return object.starts_with(prefix); });
}

} // namespace blongo::state
