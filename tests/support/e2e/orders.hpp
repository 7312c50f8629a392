// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "support/e2e/sandbox.hpp"

namespace blongo::test {

/// Statuses of the sandbox's BaseLinker account.
namespace status {
inline constexpr std::int64_t fresh = 8068, to_warehouse = 8069, in_warehouse = 8070, sent = 8071, trouble = 8072,
                              cancelled = 8073, other_trouble = 8075;
}

/// A line of a BaseLinker order: SKU, pieces, and whatever else. Lines of `--products N` name their product,
/// as BaseLinker's do.
[[nodiscard]] json::Value base_line(const std::string& sku, std::int64_t quantity = 1, json::Value more = json::Value::object());
/// A confirmed order in status 8069, confirmed an hour ago; `more` over it.
[[nodiscard]] json::Value base_order(std::int64_t id, const std::vector<json::Value>& lines,
                                     json::Value more = json::Value::object());
/// An order of one line, of one of the first 20 products of `--products`.
[[nodiscard]] json::Value one_piece(std::int64_t id, json::Value more = json::Value::object());
/// Ongoing holds these orders and no other; each was written once.
void expect_each_once(Sandbox& sandbox, const std::vector<std::int64_t>& ids);
/// The SKU and the product id of `--products N`.
[[nodiscard]] std::string synthetic_sku(int n);
inline constexpr std::int64_t synthetic_id = 900'000'000;

/// [connections.demo.orders] that takes all orders of 8069; `more` after it.
[[nodiscard]] std::string orders_on(const std::string& more = {}, const std::string& start_from = "2020-01-01T00:00:00Z",
                                    const std::string& statuses = "[8069]");

/// An object with one member, for short calls.
[[nodiscard]] json::Value with(const std::string& name, json::Value value);

/// What the seller does in BaseLinker's own screens, with its journal events (see blongo-sandbox --help).
namespace seller {
/// Members of an order: address (event 11), data (16), status (18), payment (3).
void edit(Sandbox& sandbox, std::int64_t order, json::Value members);
/// A line is added (12), changed (13), removed (14). base_order() numbers lines order * 10 + 1 and on.
void add_line(Sandbox& sandbox, std::int64_t order, const json::Value& line);
void edit_line(Sandbox& sandbox, std::int64_t order, std::int64_t line, const json::Value& members);
void remove_line(Sandbox& sandbox, std::int64_t order, std::int64_t line);
/// Pieces of lines (line id, quantity) move to a new order (6); its id is answered. `more`: members of the new one.
std::int64_t split(Sandbox& sandbox, std::int64_t order, const std::vector<std::pair<std::int64_t, std::int64_t>>& pieces,
                   const json::Value& more = json::Value::object());
/// The same lines again in a new order (17); its id is answered.
std::int64_t copy(Sandbox& sandbox, std::int64_t order, const json::Value& more = json::Value::object());
/// The lines of the others move to the main order, the others are gone (5, 4).
void merge(Sandbox& sandbox, std::int64_t main_order, const std::vector<std::int64_t>& others);
void erase(Sandbox& sandbox, std::int64_t order);     ///< 4
void confirm(Sandbox& sandbox, std::int64_t order);   ///< 2
void unconfirm(Sandbox& sandbox, std::int64_t order); ///< no event
} // namespace seller

/// What people do with an order in Ongoing's own screens, at any status; no write of the client's.
namespace people {
/// Members by path, {"consignee.address1": "Polna 9"}; null empties.
void edit(Sandbox& sandbox, const std::string& number, const json::Value& members);
/// Members of the line of that rowNumber, {"numberOfItems": 3}.
void edit_line(Sandbox& sandbox, const std::string& number, const std::string& row, const json::Value& members);
/// {"articleNumber", "numberOfItems"} and, if it has one, "rowNumber".
void add_line(Sandbox& sandbox, const std::string& number, const json::Value& line);
void delete_line(Sandbox& sandbox, const std::string& number, const std::string& row);
/// An order that no client of ours wrote: one line, with that rowNumber, to Jan Kowalski. The article is made if need be.
void make_order(Sandbox& sandbox, const std::string& number, const std::string& goods_owner_order_id, const std::string& row,
                const std::string& article, std::int64_t pieces, std::int64_t status);
/// Any number; 1000 cancels.
void set_status(Sandbox& sandbox, const std::string& number, std::int64_t status);
} // namespace people

/// `blongo orders sync --json`, said at a failure.
[[nodiscard]] Finished sync_orders(const Installation& installation, std::vector<std::string> more = {});
/// A statement on the state's database, by the sqlite3 shell; answers what it prints.
std::string edit_state(const Installation& installation, const std::string& sql);
/// All times of open and unknown writes move into the past: what waits for send_deadline + time-out
/// + 60 s on the state's clock waits no longer.
void age_intents(const Installation& installation);

} // namespace blongo::test
