// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/personal.hpp>

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/state/audit.hpp>
#include <blongo/state/erased_order_impl.hpp>
#include <blongo/state/order_keys_impl.hpp>
#include <blongo/state/session_impl.hpp>

namespace blongo::state {
namespace {

constexpr int orders_at_once = 20; ///< in one transaction, which keeps every other process from writing

void change(soci::session& sql, ConnectionKey connection, const std::string& statement) {
    sql << statement, soci::use(connection);
}

/// What settled writes of an order say. Those that are open or unknown still need it.
void blank_writes(soci::session& sql, ConnectionKey connection, const OrderKeys& keys) {
    for (const std::string& condition : write_conditions(keys))
        change(sql, connection,
               "UPDATE intents SET payload = '{}', result = '', fingerprint = '' WHERE connection = :c AND state NOT IN (0, 3) "
               "AND " +
                   condition);
}

/// The part of an erasure that is the same for all: everything but the audit.
void erase_rows(Store::Session& session, ConnectionKey connection, BaseOrderId order) {
    soci::session& sql = session.sql();
    const OrderKeys keys = keys_of(sql, connection, order);
    const std::string id = std::to_string(order.value());
    change(
        sql, connection,
        fmt::format("UPDATE orders SET erased_at = {} WHERE connection = :c AND order_id = {}", session.now_milliseconds(), id));
    blank_if_erased(session, connection, order);
    change(sql, connection,
           fmt::format("UPDATE deliveries SET kept_instruction = '', tracking_url = '' WHERE connection = :c AND order_id = {}",
                       id));
    blank_writes(sql, connection, keys);
    for (const std::string& condition : parked_conditions(keys))
        change(sql, connection, "UPDATE parked SET detail = '', label = '', input = '' WHERE connection = :c AND " + condition);
    change(sql, connection, fmt::format("UPDATE holds SET reason = '' WHERE connection = :c AND order_id = {}", id));
}

bool any(soci::session& sql, ConnectionKey connection, const std::string& rest) {
    std::int64_t found = 0;
    sql << "SELECT COUNT(*) FROM " + rest, soci::use(connection), soci::into(found);
    return found > 0;
}

std::int64_t first_number(soci::session& sql, ConnectionKey connection, const std::string& query) {
    std::int64_t found = 0;
    soci::indicator indicator = soci::i_null;
    sql << query, soci::use(connection), soci::into(found, indicator);
    return indicator == soci::i_ok ? found : 0;
}

/// The order that an object of the audit, or the owner of a write, belongs to; 0: the ledger knows none.
std::int64_t order_of(soci::session& sql, ConnectionKey connection, const std::string& object) {
    const auto colon = object.find(':');
    const auto id = colon == std::string::npos ? std::nullopt : parse_id(object.substr(colon + 1));
    if (!id) return 0;
    const std::string kind = object.substr(0, colon);
    const auto look = [&](const char* table, const char* column) {
        return first_number(sql, connection,
                            fmt::format("SELECT MIN(order_id) FROM {} WHERE connection = :c AND {} = {}", table, column, *id));
    };
    if (kind == "order") return *id;
    if (kind == "package") return look("deliveries", "package_id");
    if (kind == "return") return look("returns", "return_id");
    if (kind == "ongoing-return") return look("returns", "ongoing_id");
    const std::int64_t own = look("orders", "ongoing_id");
    return own != 0 ? own : look("deliveries", "ongoing_id");
}

/// Whether nothing about the buyer is needed any more: erased before, or the ledger never took the order in and it does
/// not wait either.
bool is_over(soci::session& sql, ConnectionKey connection, std::int64_t order) {
    if (order == 0) return true;
    if (any(sql, connection, fmt::format("orders WHERE connection = :c AND order_id = {} AND erased_at = 0", order)))
        return false;
    const std::string waits = parked_conditions(OrderKeys{BaseOrderId{order}, {}}).front();
    return !any(sql, connection, "parked WHERE connection = :c AND " + waits);
}

std::set<std::string> texts(soci::session& sql, ConnectionKey connection, std::int64_t before, const std::string& query) {
    std::set<std::string> out;
    std::string text;
    soci::statement statement = (sql.prepare << query, soci::into(text), soci::use(connection), soci::use(before));
    statement.execute();
    while (statement.fetch()) out.insert(text);
    return out;
}

} // namespace

Result<std::string> work_on(Store& store, ConnectionKey connection, BaseOrderId order) {
    return reading(store.session(), "see whether an order is worked on", [&](soci::session& sql) -> Result<std::string> {
        const std::int64_t id = order.value();
        if (any(sql, connection,
                fmt::format("orders WHERE connection = :c AND order_id = {0} AND state = 0 AND closed_at = 0 AND NOT EXISTS "
                            "(SELECT 1 FROM "
                            "deliveries d WHERE d.connection = orders.connection AND d.order_id = {0} AND d.state >= 4)",
                            id)))
            return "the warehouse has not sent it yet";
        for (const std::string& condition : write_conditions(keys_of(sql, connection, order)))
            if (any(sql, connection, "intents WHERE connection = :c AND state IN (0, 3) AND " + condition))
                return "a write is under way, or of unknown outcome";
        if (any(sql, connection, fmt::format("deliveries WHERE connection = :c AND state < 4 AND order_id = {}", id)))
            return "its shipment is not done yet";
        return std::string{};
    });
}

Result<void> erase_personal(Store& store, ConnectionKey connection, BaseOrderId order, const std::string& verb) {
    return writing(store, "erase personal data", [&](soci::session&) -> Result<void> {
        erase_rows(store.session(), connection, order);
        BLONGO_TRY(const auto names, audit_names_of(store, connection, order));
        BLONGO_CHECK(
            erase_audit_words(store, connection, names, {.object = names.front(), .verb = verb, .outcome = "done"}, true));
        return {};
    });
}

Result<std::int64_t> expire_personal(Store& store, ConnectionKey connection, Timestamp finished_before,
                                     const std::function<bool()>& goes_on) {
    const std::int64_t before = to_unix_milliseconds(finished_before);
    std::int64_t expired = 0;
    do {
        BLONGO_TRY(
            const auto orders,
            reading(store.session(), "read the finished orders", [&](soci::session& sql) -> Result<std::vector<BaseOrderId>> {
                std::vector<BaseOrderId> out;
                std::int64_t order = 0;
                soci::statement statement =
                    (sql.prepare << fmt::format(
                         "SELECT order_id FROM orders WHERE connection = :c AND erased_at = 0 AND ((closed_at > 0 AND closed_at "
                         "< "
                         ":b) OR (closed_at = 0 AND state <> 0 AND seen_at < :b2)) ORDER BY order_id LIMIT {}",
                         orders_at_once),
                     soci::into(order), soci::use(connection), soci::use(before), soci::use(before));
                statement.execute();
                while (statement.fetch()) out.emplace_back(order);
                return out;
            }));
        if (orders.empty()) break;
        BLONGO_CHECK(writing(store, "erase personal data", [&](soci::session&) -> Result<void> {
            std::vector<std::string> names;
            for (const BaseOrderId order : orders) {
                erase_rows(store.session(), connection, order);
                BLONGO_TRY(const auto own, audit_names_of(store, connection, order));
                names.insert(names.end(), own.begin(), own.end());
            }
            BLONGO_CHECK(erase_audit_words(store, connection, names,
                                           {.verb = "expire", .outcome = "done", .code = fmt::format("{} orders", orders.size())},
                                           false));
            return {};
        }));
        expired += static_cast<std::int64_t>(orders.size());
    } while (goes_on());
    return expired;
}

Result<std::int64_t> expire_leftovers(Store& store, ConnectionKey connection, Timestamp written_before) {
    const std::int64_t before = to_unix_milliseconds(written_before);
    std::set<std::string> owners, objects;
    BLONGO_CHECK(reading(store.session(), "look for what is left of finished orders", [&](soci::session& sql) -> Result<void> {
        for (const std::string& key :
             texts(sql, connection, before,
                   "SELECT key FROM intents WHERE connection = :c AND state NOT IN (0, 3) AND settled < :b AND (payload "
                   "<> '{}' OR result <> '' OR fingerprint <> '')")) {
            const std::string owner = owner_of_key(key);
            if (!owner.empty() && is_over(sql, connection, order_of(sql, connection, owner))) owners.insert(owner);
        }
        for (const std::string& object :
             texts(sql, connection, before,
                   "SELECT DISTINCT w.object FROM audit_words w JOIN audit a ON a.chain = w.chain AND a.seq = w.seq "
                   "WHERE w.chain = :c AND a.at < :b"))
            if (is_over(sql, connection, order_of(sql, connection, object))) objects.insert(object);
        return {};
    }));
    std::vector<std::string> left(owners.begin(), owners.end());
    for (std::size_t i = 0; i < left.size(); i += orders_at_once)
        BLONGO_CHECK(writing(store, "erase personal data", [&](soci::session& sql) -> Result<void> {
            for (std::size_t k = i; k < std::min(left.size(), i + orders_at_once); ++k) {
                const std::int64_t id = parse_id(left[k].substr(left[k].find(':') + 1)).value_or(0);
                const bool is_return = left[k].starts_with("return:");
                blank_writes(sql, connection, is_return ? OrderKeys{BaseOrderId{0}, {id}} : OrderKeys{BaseOrderId{id}, {}});
            }
            return {};
        }));
    if (!objects.empty())
        BLONGO_CHECK(erase_audit_words(store, connection, {objects.begin(), objects.end()},
                                       {.verb = "expire", .outcome = "done", .code = fmt::format("{} objects", objects.size())},
                                       false));
    return static_cast<std::int64_t>(owners.size() + objects.size());
}

} // namespace blongo::state
