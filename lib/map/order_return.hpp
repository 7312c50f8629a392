// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/baselinker/return_wire.hpp>
#include <blongo/json/value.hpp>
#include <blongo/map/document.hpp>
#include <blongo/ongoing/order_wire.hpp>
#include <blongo/ongoing/return_wire.hpp>

/// Returns of BaseLinker as return orders of Ongoing (flows.md Returns). Pure.
namespace blongo::map {

/// Raised by hand whenever the same return would give other members (see article_mapping_version).
inline constexpr int return_mapping_version = 1;

/// One line of PostReturnOrderModel.returnOrderLines, without the line of the customer's order.
struct ReturnLine {
    std::string row_number; ///< order_return_product_id: the line's identity on both sides
    ArticleNumber article;
    std::int64_t quantity = 0;
    std::string comment; ///< why it comes back, in the buyer's words
};

/// What BaseLinker says of one return.
struct ReturnDocument {
    ReturnId return_id;
    ReturnNumber number;
    std::string comment;           ///< the number that buyer and marketplace know
    std::vector<ReturnLine> lines; ///< ascending by order_return_product_id
    /// Hash of what BaseLinker reported and of the mapping version.
    [[nodiscard]] std::string fingerprint() const;
};

struct MappedReturn {
    std::optional<ReturnDocument> document;
    std::vector<Rejection> rejected; ///< the first one is the cause
};

/// Prefix + "R" + return_id. Not checked for its length.
[[nodiscard]] ReturnNumber return_number(const std::string& prefix, ReturnId id);
/// `prefix`: orders.order_number_prefix.
[[nodiscard]] MappedReturn map_return(const baselinker::OrderReturn& one, const std::string& prefix);

/// A line of the customer's order as Ongoing was told it.
struct ToldLine {
    std::string row_number;
    ArticleNumber article;
};

/// Row number of the return -> orderLineId of the customer's order in Ongoing.
using OrderLineIds = std::map<std::string, std::int64_t>;

/// For each line of the return the row number of the one line of the order that has its article. Rejected
/// (unknown_sku): none has it, or several have.
struct MatchedLines {
    std::map<std::string, std::string> rows; ///< row of the return -> row of the order
    std::optional<Rejection> rejected;
};
[[nodiscard]] MatchedLines match_lines(const ReturnDocument& document, std::span<const ToldLine> told);

/// The same as ids of Ongoing's order. Rejected (unknown_sku): people took such a line out of the order there.
struct LinkedLines {
    OrderLineIds ids;
    std::optional<Rejection> rejected;
};
[[nodiscard]] LinkedLines link_lines(const ReturnDocument& document, const MatchedLines& matched, const ongoing::Order& order);

/// PostReturnOrderModel without goodsOwnerId, and what people's edits keep it from saying.
struct ReturnBody {
    json::Value model;
    std::vector<std::string> notes; ///< "kept: ..."
    bool same = false;              ///< the return order there says all this already
};
/// Row number -> pieces last sent.
using SentPieces = std::map<std::string, std::int64_t>;
/// `there`: the return order that Ongoing holds, or null. Its members that are not ours go back as they are; a quantity
/// that people changed stays, a line that they added stays, one of ours that they took out stays out.
[[nodiscard]] ReturnBody return_body(const ReturnDocument& document, OngoingOrderId order, const OrderLineIds& ids,
                                     const ongoing::ReturnOrder* there, const SentPieces& sent);

/// Whether a return order says what `model` (of return_body) says, as far as it can be read back.
[[nodiscard]] bool says_the_same(const json::Value& model, const ongoing::ReturnOrder& there);

} // namespace blongo::map
