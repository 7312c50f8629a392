// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/base/result.hpp>
#include <blongo/json/reader.hpp>
#include <blongo/json/value.hpp>
#include <blongo/ongoing/client.hpp>
#include <blongo/ongoing/return_wire.hpp>

namespace blongo::ongoing {

/// The operations on return orders (contract 3.9), through a Client.
class Returns {
public:
    explicit Returns(Client& client) : client_(client) {}

    /// GET /returnOrders?returnOrderNumbers=...: at most numbers_per_lookup; several calls when the query would get too
    /// long.
    [[nodiscard]] Result<std::vector<ReturnOrder>> find(std::span<const ReturnNumber> numbers);
    /// PUT /returnOrders with a PostReturnOrderModel (goodsOwnerId is filled in): creates or updates by
    /// returnOrderNumber. Answers the return order's id; a 2xx without one is ErrorKind::ambiguous.
    /// Effect::idempotent_write.
    [[nodiscard]] Result<std::int64_t> put(const json::Value& post_return_order_model);

private:
    Client& client_;
};

/// One return order of an answer; `name` of the operation, for the error.
[[nodiscard]] Result<ReturnOrder> decode_return_order(json::Node item, const std::string& name);

} // namespace blongo::ongoing
