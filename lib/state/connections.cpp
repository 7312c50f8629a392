// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/connections.hpp>

#include <fmt/format.h>

#include <blongo/state/session_impl.hpp>

namespace blongo::state {
namespace {

struct Counts {
    std::int64_t articles = 0, orders = 0, intents = 0;
    [[nodiscard]] bool any() const { return articles + orders + intents > 0; }
    [[nodiscard]] std::string text() const {
        return fmt::format("{} articles, {} orders, {} recorded writes", articles, orders, intents);
    }
};

Counts count_ledger(soci::session& sql, ConnectionKey key) {
    Counts counts;
    sql << "SELECT COUNT(*) FROM articles WHERE connection = :c", soci::use(key), soci::into(counts.articles);
    // An order whose write is not settled yet stands in the intents only.
    sql << "SELECT COUNT(*) FROM (SELECT 'order:' || CAST(order_id AS TEXT) AS key FROM orders WHERE connection = :a "
           "UNION SELECT key FROM intents WHERE connection = :b AND key LIKE 'order:%' AND state IN (0, 1, 3)) known",
        soci::use(key), soci::use(key), soci::into(counts.orders);
    sql << "SELECT COUNT(*) FROM intents WHERE connection = :c", soci::use(key), soci::into(counts.intents);
    return counts;
}

std::vector<ConnectionRow> read_all(soci::session& sql) {
    std::vector<ConnectionRow> rows;
    ConnectionRow row;
    std::int64_t owner = 0, inventory = 0, first_seen = 0;
    soci::statement statement =
        (sql.prepare << "SELECT id, name, ongoing_host, ongoing_path, goods_owner_id, baselinker_url, inventory_id, "
                        "order_number_prefix, first_seen FROM connections ORDER BY name, id",
         soci::into(row.key), soci::into(row.name), soci::into(row.identity.ongoing_host), soci::into(row.identity.ongoing_path),
         soci::into(owner), soci::into(row.identity.baselinker_url), soci::into(inventory), soci::into(row.order_number_prefix),
         soci::into(first_seen));
    statement.execute();
    while (statement.fetch()) {
        row.identity.goods_owner_id = GoodsOwnerId{owner};
        row.identity.inventory_id = InventoryId{inventory};
        row.first_seen = from_unix_milliseconds(first_seen);
        rows.push_back(row);
    }
    return rows;
}

/// "goods owner 159 -> 160, inventory 307 -> 308": what the configuration changed.
std::string differences(const Identity& was, const Identity& now) {
    std::string out;
    const auto note = [&](std::string_view what, const auto& before, const auto& after) {
        if (before == after) return;
        out += fmt::format("{}{} {} -> {}", out.empty() ? "" : ", ", what, before, after);
    };
    note("Ongoing host", was.ongoing_host, now.ongoing_host);
    note("Ongoing path", was.ongoing_path, now.ongoing_path);
    note("goods owner", was.goods_owner_id.value(), now.goods_owner_id.value());
    note("BaseLinker url", was.baselinker_url, now.baselinker_url);
    note("inventory", was.inventory_id.value(), now.inventory_id.value());
    return out;
}

/// Refuses settings that must not change under a ledger; finds the row of this identity.
Result<std::optional<ConnectionRow>> judge(soci::session& sql, const std::string& name, const Identity& identity,
                                           const std::string& prefix) {
    std::optional<ConnectionRow> own;
    for (ConnectionRow& row : read_all(sql)) {
        if (row.identity == identity) {
            if (row.order_number_prefix != prefix) {
                const Counts counts = count_ledger(sql, row.key);
                if (counts.orders > 0) {
                    return fail(ErrorKind::config,
                                fmt::format("order_number_prefix was \"{}\" and is now \"{}\", but {} orders are known "
                                            "under the old one",
                                            row.order_number_prefix, prefix, counts.orders),
                                "connections." + name,
                                fmt::format("write order_number_prefix = \"{}\" again", row.order_number_prefix));
                }
            }
            own = std::move(row);
        } else if (row.name == name) {
            const Counts counts = count_ledger(sql, row.key);
            if (counts.any()) {
                return fail(ErrorKind::config,
                            fmt::format("the state of connection {} was made under other settings ({}) and holds {}", name,
                                        differences(row.identity, identity), counts.text()),
                            "connections." + name, "put the settings back, or give the connection for the other ones a new name");
            }
        }
    }
    return own;
}

ConnectionRow insert(soci::session& sql, const std::string& name, const Identity& identity, const std::string& prefix,
                     std::int64_t now) {
    const std::int64_t owner = identity.goods_owner_id.value();
    const std::int64_t inventory = identity.inventory_id.value();
    sql << "INSERT INTO connections (name, ongoing_host, ongoing_path, goods_owner_id, baselinker_url, inventory_id, "
           "order_number_prefix, first_seen) VALUES (:name, :host, :path, :owner, :url, :inventory, :prefix, :now)",
        soci::use(name), soci::use(identity.ongoing_host), soci::use(identity.ongoing_path), soci::use(owner),
        soci::use(identity.baselinker_url), soci::use(inventory), soci::use(prefix), soci::use(now);
    ConnectionRow row{0, name, identity, prefix, from_unix_milliseconds(now)};
    sql << "SELECT MAX(id) FROM connections", soci::into(row.key);
    return row;
}

} // namespace

Result<ConnectionRow> Connections::ensure(const std::string& name, const Identity& identity,
                                          const std::string& order_number_prefix) {
    const auto look = [&](soci::session& sql) -> Result<ConnectionRow> {
        BLONGO_TRY(auto own, judge(sql, name, identity, order_number_prefix));
        if (own) return *own;
        return ConnectionRow{0, name, identity, order_number_prefix, {}};
    };
    BLONGO_TRY(ConnectionRow seen, reading(store_.session(), "look up the connection", look));
    const bool fits = seen.key != 0 && seen.name == name && seen.order_number_prefix == order_number_prefix;
    if (fits || store_.read_only()) return seen;

    return writing(store_, "record the connection", [&](soci::session& sql) -> Result<ConnectionRow> {
        BLONGO_TRY(ConnectionRow row, look(sql));
        if (row.key == 0) {
            return insert(sql, name, identity, order_number_prefix, store_.session().now_milliseconds());
        }
        sql << "UPDATE connections SET name = :name, order_number_prefix = :prefix WHERE id = :id", soci::use(name),
            soci::use(order_number_prefix), soci::use(row.key);
        row.name = name;
        row.order_number_prefix = order_number_prefix;
        return row;
    });
}

Result<std::vector<ConnectionRow>> Connections::list() {
    return reading(store_.session(), "list the connections",
                   [](soci::session& sql) -> Result<std::vector<ConnectionRow>> { return read_all(sql); });
}

} // namespace blongo::state
