// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <blongo/baselinker/order_wire.hpp>
#include <blongo/map/document.hpp>
#include <blongo/map/order.hpp>
#include <blongo/map/order_rows.hpp>

namespace blongo::map {

/// What becomes of the lines of one order.
struct ChosenLines {
    std::vector<ChosenLine> lines; ///< ascending by order_product_id
    std::vector<std::string> service_texts;
    std::vector<std::string> notes;
    std::vector<Rejection> rejected;
    bool all_elsewhere = false; ///< every line is of a warehouse that is not ours
};

/// Decides for every line whether it is sent, with which article and quantity.
[[nodiscard]] ChosenLines choose_lines(const baselinker::Order& order, const OrderOptions& options, const NumberLookup& lookup);

} // namespace blongo::map
