// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/baselinker/order_wire.hpp>
#include <blongo/json/value.hpp>
#include <blongo/map/catalogue.hpp>
#include <blongo/map/document.hpp>
#include <blongo/map/own_members.hpp>

namespace blongo::map {

/// Raised by hand whenever the same order would give other members (see article_mapping_version).
inline constexpr int order_mapping_version = 1;

/// Settings of [connections.X.orders] that decide what an order becomes.
struct OrderOptions {
    std::string order_number_prefix;
    std::string time_zone = "Europe/Warsaw"; ///< in whose calendar the delivery date is counted
    enum class LineValues : std::uint8_t { unit, line } line_values = LineValues::unit;
    enum class AdminComments : std::uint8_t { remark, instruction, off } admin_comments = AdminComments::remark;
    enum class Company : std::uint8_t { address2, name, address3 } company = Company::address2;
    bool notify_email = false, notify_sms = false, notify_telephone = false;
    std::vector<std::string> service_skus;  ///< globs: sent, but not to be picked
    std::vector<std::string> service_lines; ///< name globs of lines without SKU
    enum class ServiceLines : std::uint8_t { remark, drop } service_line_action = ServiceLines::remark;
    std::vector<std::string> lines_from; ///< warehouse keys ("bl_206"); empty: all lines are ours
    enum class OtherLines : std::uint8_t { park, leave_out, send } other_lines = OtherLines::park;
    bool merge_equal_lines = false;           ///< the warehouse keeps one line per article: so do we
    OwnMembers own_members, own_line_members; ///< [connections.X.mapping.order] and .order_line
    bool trace = false;                       ///< tell how each of those came about
};

/// One line of PostOrderModel.orderLines.
struct OrderLine {
    std::string row_number; ///< order_product_id: the line's identity on both sides
    ArticleNumber article;
    std::int64_t quantity = 0;
    bool to_pick = true;
    std::vector<Member> members;  ///< in mapping order, all of them, rowNumber included
    std::vector<OwnTrace> traces; ///< only with OrderOptions::trace
    [[nodiscard]] const json::Value* find(std::string_view target) const;
};

/// What one order becomes in Ongoing.
struct OrderDocument {
    BaseOrderId order_id;
    OrderNumber number;
    std::vector<Member> members;    ///< in mapping order, orderNumber included, without goodsOwnerId and lines
    std::vector<OrderLine> lines;   ///< ascending by order_product_id
    std::vector<std::string> notes; ///< "remark cut to 500 characters", ...
    std::vector<OwnTrace> traces;   ///< only with OrderOptions::trace

    [[nodiscard]] const json::Value* find(std::string_view target) const;
    /// PostOrderModel without goodsOwnerId.
    [[nodiscard]] json::Value body() const;
    /// The articles that must be there before the order: each once, ascending.
    [[nodiscard]] std::vector<ArticleNumber> articles() const;
    /// Hash of members, lines and mapping version, whatever the order in which they stand.
    [[nodiscard]] std::string fingerprint() const;
};

/// What one order of BaseLinker yields: a document, or why there is none.
struct MappedOrder {
    std::optional<OrderDocument> document;
    std::vector<Rejection> rejected; ///< in the order of the lines; the first one is the cause
    bool skipped = false;            ///< all its lines are of other warehouses: not ours
};

/// Answers the article number of a product or variant of the catalogue. `or_only_variant`: a product that
/// is no article itself and has a single variant means that variant.
using NumberLookup = std::function<std::optional<ArticleNumber>(ProductId, bool or_only_variant)>;
/// A lookup by a finished listing. The catalogue must outlive it.
[[nodiscard]] NumberLookup lookup_in(const Catalogue& catalogue);

/// The order part of the mapping, to the letter of the seed's table. Rows of lines are named
/// "orderLines[].articleNumber".
[[nodiscard]] std::span<const MappingRow> order_mapping() noexcept;

/// One order. Pure: what lines without SKU need to know of the catalogue is asked of `lookup`.
/// `attempt` 2 and above number an order that is sent anew ("84512345-2").
[[nodiscard]] MappedOrder map_order(const baselinker::Order& order, const OrderOptions& options, const NumberLookup& lookup,
                                    int attempt = 1);

/// prefix + order_id, and "-2" for the second attempt. Not checked for its length.
[[nodiscard]] OrderNumber order_number(const OrderOptions& options, BaseOrderId order, int attempt = 1);

/// Catalogue ids that a line names: its variant, then its product; none for a line of another storage.
[[nodiscard]] std::vector<ProductId> catalogue_ids(const baselinker::OrderProduct& line);
/// Catalogue ids that `map_order` will ask its lookup for: those of lines without SKU. Ascending.
[[nodiscard]] std::vector<ProductId> ids_to_look_up(const baselinker::Order& order);

/// What tells an order from another one to which its id was given later: a JSON object of order_id,
/// date_add, order_source, its account (order_source_id) and shop_order_id (no personal data).
[[nodiscard]] std::string order_identity(const baselinker::Order& order);
/// Whether an identity seen earlier is of the same order: a value that was empty then may be filled now;
/// every other difference means another order.
[[nodiscard]] bool is_same_order(std::string_view known, std::string_view now);

} // namespace blongo::map
