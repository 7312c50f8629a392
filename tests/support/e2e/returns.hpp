// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "support/e2e/orders.hpp"

namespace blongo::test {

/// Statuses of returns in the sandbox's BaseLinker account.
namespace return_status {
inline constexpr std::int64_t fresh = 51001, accepted = 51002, received = 51006, closed = 51009;
}

/// [connections.demo.returns], enabled; `more` inside the table.
[[nodiscard]] std::string returns_on(const std::string& more = {});

/// A line of a return; its id is the return's times 10 plus its place.
[[nodiscard]] json::Value return_line(const std::string& sku, std::int64_t quantity = 1,
                                      json::Value more = json::Value::object());
/// A return of an order in status 51002; `more` over it.
[[nodiscard]] json::Value base_return(std::int64_t id, std::int64_t order, const std::vector<json::Value>& lines,
                                      json::Value more = json::Value::object());

/// A shop whose orders 1 and 2 are in Ongoing: order 1 has 2 pieces of P000001 and 3 of P000002, order 2 one piece each of
/// P000001 twice.
class ReturnShop {
public:
    explicit ReturnShop(const std::string& returns = returns_on(), const std::string& more = {}, const std::string& orders = {},
                        std::vector<std::string> options = {});

    Sandbox sandbox;
    Installation installation;

    /// The seller's and the buyers' doing.
    void base(const json::Value& one_or_many) { sandbox.post("/_admin/baselinker/returns", one_or_many); }
    /// A return as BaseLinker holds it; its status.
    [[nodiscard]] json::Value base_return_of(std::int64_t id);
    [[nodiscard]] std::int64_t status_of(std::int64_t id);
    /// The warehouse's doing.
    void work(const std::string& number, json::Value task);
    /// A return order as the warehouse holds it; null: none.
    [[nodiscard]] json::Value there(const std::string& number);
    [[nodiscard]] std::size_t return_orders();
    /// "P000001 x 2, P000002 x 1": what a return order expects, by its lines' own order lines.
    [[nodiscard]] std::string expected(const std::string& number);

    /// `blongo returns sync --json`, said at a failure.
    [[nodiscard]] Finished sync(std::vector<std::string> more = {}) const;
    /// `blongo returns list --json` by return id.
    [[nodiscard]] std::map<std::string, json::Value> listed() const;
    /// How many calls that BaseLinker executed set this return to this status.
    [[nodiscard]] std::int64_t status_writes(std::int64_t id, std::int64_t status);
};

} // namespace blongo::test
