// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
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
[[nodiscard]] json::Value base_line(const std::string& sku, std::int64_t quantity = 1,
                                    json::Value more = json::Value::object());
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
[[nodiscard]] std::string orders_on(const std::string& more = {},
                                    const std::string& start_from = "2020-01-01T00:00:00Z",
                                    const std::string& statuses = "[8069]");

/// `blongo orders sync --json`, said at a failure.
[[nodiscard]] Finished sync_orders(const Installation& installation, std::vector<std::string> more = {});
/// A statement on the state's database, by the sqlite3 shell; answers what it prints.
std::string edit_state(const Installation& installation, const std::string& sql);
/// All times of open and unknown writes move into the past: what waits for send_deadline + time-out
/// + 60 s on the state's clock waits no longer.
void age_intents(const Installation& installation);

} // namespace blongo::test
