// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "support/e2e/sandbox.hpp"

/// Random histories of orders on both sides, and a model of what must come of them. The model is written from the rules
/// of the flows alone: nothing here knows how blongo works.
namespace blongo::test::history {

using OrderId = std::int64_t; ///< of BaseLinker

/// Statuses of BaseLinker in these histories.
namespace base_status {
inline constexpr std::int64_t fresh = 8068, accepted = 8069, after_import = 8070, sent = 8071, trouble = 8072, cancelled = 8073,
                              cancel_refused = 8074, picked = 8075, back_from_warehouse = 8076, delivered = 8077,
                              delivered_short = 8078;
}
/// Statuses of Ongoing.
namespace ware_status {
inline constexpr std::int64_t open = 200, released = 300, allocated = 320, picked = 400, sent = 450, cancelled = 1000;
}

struct Line {
    std::string sku;
    std::int64_t pieces = 0;
    friend bool operator==(const Line&, const Line&) = default;
};
using Lines = std::map<std::string, Line>;          ///< by order_product_id or rowNumber
using Pieces = std::map<std::string, std::int64_t>; ///< by SKU

[[nodiscard]] Pieces pieces_of(const Lines& lines);

/// An order as BaseLinker holds it.
struct BaseOrder {
    OrderId id = 0;
    std::int64_t status = 0;
    bool confirmed = false;
    Lines lines;
    std::string address, point, remark;
};

/// An order as Ongoing holds it.
struct WareOrder {
    std::int64_t ongoing_id = 0, status = 0;
    Lines lines;
    std::string address, point, remark, instruction, free_text;
    bool is_short = false; ///< less was picked than is on its lines
    [[nodiscard]] bool is_cancelled() const { return status == ware_status::cancelled; }
};

/// What both sides hold. Orders of Ongoing by the BaseLinker order whose number they have.
struct Sides {
    std::map<OrderId, BaseOrder> base;
    std::map<OrderId, WareOrder> warehouse;

    [[nodiscard]] const BaseOrder* in_base(OrderId id) const;
    [[nodiscard]] const WareOrder* in_warehouse(OrderId id) const;
    [[nodiscard]] OrderId owner_of(std::int64_t ongoing_id) const; ///< 0: unknown
};

/// Throws if Ongoing holds two orders of one number.
[[nodiscard]] Sides look(Sandbox& sandbox);

/// What a PUT of this body makes of an order; `before` holds what it was.
[[nodiscard]] WareOrder after_put(WareOrder before, const json::Value& body, bool clears_omitted);

/// A call of the client that may have changed something.
struct Call {
    std::string side, operation, path, fault;
    json::Value sent;
    bool committed = false;

    [[nodiscard]] bool is_write() const;
    [[nodiscard]] std::int64_t id_in_path() const; ///< ".../orders/903001/..." -> 903001; 0: none
    [[nodiscard]] std::string text() const;
};

/// The writes since the one of that number; `since` becomes the newest.
[[nodiscard]] std::vector<Call> writes_since(Sandbox& sandbox, std::int64_t& since);

} // namespace blongo::test::history
