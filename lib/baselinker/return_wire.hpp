// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <blongo/base/decimal.hpp>
#include <blongo/base/ids.hpp>
#include <blongo/base/time.hpp>

/// Returns as BaseLinker's answers hold them (contract 3.6), with every quirk undone. Names are the API's own.
namespace blongo::baselinker {

/// OrderReturn::fulfillment_status of a return that is called off.
inline constexpr std::int64_t return_called_off = 2;

/// getOrderReturns.returns[].products[]: a line.
struct ReturnProduct {
    ReturnProductId order_return_product_id; ///< the line's stable key
    std::string product_id, variant_id, name, sku;
    Decimal quantity; ///< pieces; whole or not is for the mapping to judge
    std::int64_t return_reason_id = 0;
    std::string return_reason_comment; ///< the buyer's words
};

/// getOrderReturns.returns[]. Names and addresses are not read: nothing needs them.
struct OrderReturn {
    ReturnId return_id;
    BaseOrderId order_id;
    std::string reference_number; ///< what the buyer and the marketplace call it
    ReturnStatusId status_id;
    std::optional<Timestamp> date_add, date_in_status;
    std::int64_t fulfillment_status = 0; ///< 0 active, 5 accepted, 1 done, 2 cancelled
    std::vector<ReturnProduct> products;
};

/// A return that could not be read: the others of the page go on.
struct BadReturn {
    ReturnId return_id; ///< 0 if not even that could be read
    BaseOrderId order_id;
    std::string path, reason;
};

/// One answer of getOrderReturns.
struct ReturnsPage {
    std::vector<OrderReturn> returns; ///< in the order in which they came
    std::vector<BadReturn> bad;
    std::vector<ReturnId> rows; ///< all of them, bad ones included, in the order in which they came
};

/// What getOrderReturns is asked for.
struct ReturnQuery {
    std::optional<BaseOrderId> order_id;
    std::optional<ReturnId> return_id;
    std::optional<Timestamp> date_from; ///< creation
    std::optional<ReturnId> id_from;    ///< inclusive or not: unverified
    std::optional<ReturnStatusId> status_id;
};

/// getOrderReturnStatusList.statuses[]
struct ReturnStatus {
    ReturnStatusId id;
    std::string name;
};

/// getOrderReturnJournalList.logs[]: something that happened to a return in the last 3 days.
struct ReturnJournalEntry {
    std::int64_t log_id = 0;
    std::int64_t log_type = 0; ///< 1 created ... 12 (3.6)
    ReturnId return_id;
    std::int64_t object_id = 0;
};

} // namespace blongo::baselinker
