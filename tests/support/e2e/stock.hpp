// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "support/e2e/orders.hpp"

namespace blongo::test {

/// [connections.demo.stock], enabled, to bl_206; `more` inside the table.
[[nodiscard]] std::string stock_on(const std::string& more = {}, const std::string& warehouse = "bl_206");

/// What stands in the configuration of a StockShop, and how its sandbox begins.
struct StockSetup {
    std::string stock = stock_on(); ///< the whole table, and whatever follows it
    std::string orders{};           ///< inside [connections.demo.orders]
    std::string start_from = "2020-01-01T00:00:00Z";
    int products = 20;      ///< P000001 ... with n pieces of the n-th one in bl_206
    int on_the_shelf = 100; ///< pieces of each article in Ongoing's warehouse 1; 0: no rows of stock
    std::vector<std::string> options{};
};

/// A shop whose articles are in Ongoing and whose orders have been read once: stock can be pushed.
class StockShop {
public:
    explicit StockShop(const StockSetup& setup = {});

    Sandbox sandbox;
    Installation installation;

    /// What the warehouse has of an article: pieces by Ongoing warehouse ("1", "2"), or other members of
    /// the sandbox's article ("stock", "sellable_null").
    void shelf(const std::string& sku, const std::string& pieces, const std::string& warehouse = "1");
    void article(const std::string& sku, const json::Value& members);
    /// Every article that is there has so many pieces in warehouse 1.
    void shelf_all(const std::string& pieces);

    /// What BaseLinker holds of a product, by its SKU's number in --products or by its id.
    [[nodiscard]] std::int64_t held(int n, const std::string& warehouse = "bl_206");
    [[nodiscard]] std::int64_t held_of(std::int64_t id, const std::string& warehouse = "bl_206");
    /// The seller's own stock figure.
    void set_held(int n, std::int64_t pieces);

    /// `blongo stock push --json`, said at a failure.
    [[nodiscard]] Finished push(std::vector<std::string> more = {}) const;
    /// The same, which must end with 0.
    void push_well(std::vector<std::string> more = {}) const;
    void sync_well() const;
    /// Calls of updateInventoryProductsStock since the journal was reset.
    [[nodiscard]] std::int64_t updates();
    /// The products that they named.
    [[nodiscard]] std::multiset<std::int64_t> written();
    /// A push now writes nothing at all.
    void expect_idle();
    /// So much time passes for what is remembered of reads and pushes: the next push reads everything.
    void make_full_read_due() const;
};

/// "reason/outcome" of the stock actions of a run by article number.
[[nodiscard]] std::map<std::string, std::string> actions_of(const Finished& run);
/// JSON from its text.
[[nodiscard]] json::Value from_text(const std::string& text);
/// A line of one of --products, without anything else.
[[nodiscard]] json::Value pieces_of(int n, std::int64_t quantity);

} // namespace blongo::test
