// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/state/store.hpp>

namespace blongo::state {

/// What is known of the stock of one article. Key: (connection, number).
struct StockRow {
    ArticleNumber number;
    ProductId product_id;   ///< the product or variant that `pushed` belongs to
    std::string observed;   ///< JSON object: BaseLinker's warehouse key -> what Ongoing reported last
    std::string pushed;     ///< JSON object: warehouse key -> the figure that BaseLinker took last; "": never
    bool is_parent = false; ///< BaseLinker showed variants of the product: never written
    bool moved = false;     ///< written again although the figure is the same: BaseLinker may hold another one
    std::optional<Timestamp> pushed_at;
};

class Stock {
public:
    Stock(Store& store, ConnectionKey connection) : store_(store), connection_(connection) {}
    /// All rows, in order of number.
    [[nodiscard]] Result<std::vector<StockRow>> all();
    [[nodiscard]] Result<std::int64_t> count();
    /// Inserts or replaces.
    [[nodiscard]] Result<void> put(std::span<const StockRow> rows);
    /// The same without `moved`, which another process may have set since the rows were read: it stays, and is not set in
    /// new rows.
    [[nodiscard]] Result<void> put_observed(std::span<const StockRow> rows);
    [[nodiscard]] Result<void> erase(std::span<const ArticleNumber> numbers);
    /// Sets, or takes back, `moved` of those that are known.
    [[nodiscard]] Result<void> mark_moved(std::span<const ArticleNumber> numbers, bool moved = true);

private:
    Store& store_;
    ConnectionKey connection_;
};

/// How an order of BaseLinker bears on the stock.
enum class DemandState : std::uint8_t {
    waiting, ///< counts, and Ongoing does not hold it
    held,    ///< counts, and Ongoing holds it, perhaps not all of it
    closed   ///< counts no more: finished, cancelled, gone, or sent
};

/// What one order asks of the stock. Key: (connection, order_id).
struct DemandRow {
    BaseOrderId order_id;
    OrderStatusId status; ///< in BaseLinker when last seen
    DemandState state = DemandState::waiting;
    std::string lines;   ///< JSON object: article number -> {warehouse key -> pieces}, structures as they are ordered
    std::string asked;   ///< the same by components
    std::string waiting; ///< what Ongoing does not hold of it, by components
    Timestamp confirmed;
};

class Demands {
public:
    Demands(Store& store, ConnectionKey connection) : store_(store), connection_(connection) {}
    [[nodiscard]] Result<std::vector<DemandRow>> all();
    [[nodiscard]] Result<void> put(std::span<const DemandRow> rows);
    [[nodiscard]] Result<void> erase(std::span<const BaseOrderId> orders);

private:
    Store& store_;
    ConnectionKey connection_;
};

} // namespace blongo::state
