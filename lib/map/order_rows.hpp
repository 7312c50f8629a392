// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/baselinker/order_wire.hpp>
#include <blongo/json/value.hpp>
#include <blongo/map/document.hpp>
#include <blongo/map/order.hpp>

namespace blongo::map {

/// What a row of the order's head reads, and where it leaves notes.
struct OrderContext {
    const baselinker::Order& order;
    const OrderOptions& options;
    const OrderNumber& number;
    const std::vector<std::string>& service_texts; ///< service lines that go into the remark
    std::vector<std::string>& notes;
};

/// A row of the head with the function that runs it: null = not reported.
struct OrderMappingRow {
    MappingRow row;
    json::Value (*value)(OrderContext& context);
};
[[nodiscard]] std::span<const OrderMappingRow> order_rows() noexcept;

/// A line that goes to the warehouse, with what was decided about it.
struct ChosenLine {
    const baselinker::OrderProduct* product = nullptr;
    ArticleNumber article;
    std::int64_t quantity = 0;
    bool to_pick = true;
    /// Further lines of the same article that are merged into this one.
    std::vector<const baselinker::OrderProduct*> merged;
};

struct LineContext {
    const baselinker::Order& order;
    const OrderOptions& options;
    const ChosenLine& line;
    std::vector<std::string>& notes;
};

/// A row of a line with the function that runs it; the target is relative to the line.
struct LineMappingRow {
    std::string_view member; ///< "articleNumber"
    MappingRow row;          ///< "orderLines[].articleNumber"
    json::Value (*value)(LineContext& context);
};
[[nodiscard]] std::span<const LineMappingRow> line_rows() noexcept;

/// The remark: the buyer's words, the seller's, the service lines; 500 characters, of which only the
/// buyer's are cut.
[[nodiscard]] std::string order_remark(OrderContext& context);

} // namespace blongo::map
