// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <blongo/base/decimal.hpp>
#include <blongo/base/ids.hpp>
#include <blongo/json/value.hpp>

/// Return orders as Ongoing's answers hold them (GetReturnOrderModel, contract 3.9). Null is empty, 0 or nothing.
namespace blongo::ongoing {

/// returnOrderLines[]
struct ReturnOrderLine {
    std::string row_number;         ///< returnOrderRowNumber: our own key
    std::int64_t order_line_id = 0; ///< customerOrderLine.orderLineId
    ArticleNumber article;
    Decimal to_be_returned; ///< toBeReturnedNumberOfItems: what is expected
    Decimal returned;       ///< returnedNumberOfItems: what the warehouse received
    std::string cause_code, cause_name;
};

/// GetReturnOrderModel
struct ReturnOrder {
    std::int64_t id = 0; ///< returnOrderId
    ReturnNumber number;
    OngoingOrderId order_id; ///< customerOrderInfo.orderId
    std::int64_t status_number = 0;
    std::string status_text, comment, handling_comment;
    std::string in_date; ///< "2026-12-02", as it came
    std::int64_t warehouse_id = 0;
    json::Value free_values; ///< as they came; null: none
    std::vector<ReturnOrderLine> lines;
};

} // namespace blongo::ongoing
