// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/base/time.hpp>
#include <blongo/baselinker/package_wire.hpp>
#include <blongo/map/document.hpp>
#include <blongo/map/order.hpp>
#include <blongo/map/stock.hpp>
#include <blongo/ongoing/order_wire.hpp>
#include <blongo/plan/action.hpp>
#include <blongo/plan/stock.hpp>

/// What `check` compares: both sides as plain facts, and what differs between them. No side is asked here.
namespace blongo::plan {

/// One thing that both sides do not agree on, with who mends it, and how: by `command`, or by hand as `remedy` says.
struct Difference {
    std::string kind{};       ///< "article_missing", "order_surplus", ... (README.md)
    std::string flow{};       ///< "articles", "orders", "shipments"
    std::string key{};        ///< articles: the article number; orders and shipments: the BaseLinker order id
    std::string baselinker{}; ///< what BaseLinker holds, one line; empty: nothing
    std::string ongoing{};    ///< what Ongoing holds
    std::string cause{};      ///< one sentence
    std::string owner{};      ///< seller, warehouse, admin, courier
    std::string command{};    ///< mends it; empty: blongo cannot
    std::string remedy{};     ///< what a person does, where no command mends it
};

/// The books of one flow: everything that BaseLinker has, by what became of it.
struct Totals {
    std::string flow{}; ///< "orders"
    std::string what{}; ///< name of the total: "accepted"
    std::int64_t total = 0;
    std::vector<std::pair<std::string, std::int64_t>> terms{}; ///< "in_ongoing", ...; without parked ones and missing ones
    std::map<std::string, std::int64_t> parked{};              ///< by cause
    std::int64_t missing = 0;                                  ///< should be on the other side, and is not
    [[nodiscard]] std::int64_t parked_total() const;
    /// Whether everything is accounted for by a term or a parked cause.
    [[nodiscard]] bool closes() const;
};

/// One word of a command line, quoted where a shell would take it apart.
[[nodiscard]] std::string shell_word(const std::string& text);

// Articles ----------------------------------------------------------------------------------------------------------

[[nodiscard]] Difference article_missing(const map::ArticleDocument& wanted);
/// `changes`: what `articles sync` would change, and nothing else (see merge_article).
[[nodiscard]] Difference article_differs(const map::ArticleDocument& wanted, const std::vector<Change>& changes);

/// What is known of an article of Ongoing whose number no product has.
struct SurplusArticle {
    std::string number{}, name{};
    bool ours = false;       ///< a product had it: blongo wrote or adopted it
    bool deactivate = false; ///< removed = "deactivate"
    bool in_stock = false;   ///< the warehouse has pieces of it, or expects some
};
[[nodiscard]] Difference article_surplus(const SurplusArticle& article);

// Stock -------------------------------------------------------------------------------------------------------------

/// BaseLinker holds other figures than it should; nullopt: it holds these.
[[nodiscard]] std::optional<Difference> judge_stock(const StockItem& item, const map::PiecesByWarehouse& figures,
                                                    const map::Demand& waiting, const StockRules& rules);

// Orders ------------------------------------------------------------------------------------------------------------

/// A line of which both sides hold something else: "2 x K-1"; empty: no such line.
struct LineDifference {
    std::string row{}, baselinker{}, ongoing{};
};
/// Empty as well where a warehouse keeps one line per article and the pieces of each article agree.
[[nodiscard]] std::vector<LineDifference> differing_lines(const map::OrderDocument& wanted, const ongoing::Order& there);

/// One order, on both sides.
struct OrderSides {
    BaseOrderId order{};
    OrderNumber number{}; ///< in Ongoing, or that it would have
    enum class Base : std::uint8_t {
        alive,
        moved_on,  ///< alive, in a status that tells neither that it is to be sent nor that it is cancelled
        cancelled, ///< in one of cancel_statuses
        deleted
    } base = Base::alive;
    std::string base_words{}; ///< "status 8073 Cancelled"
    bool known = false;       ///< blongo sent or adopted it
    bool expected = false;    ///< it is known, or admitted: it has to be in Ongoing
    bool booked = false;      ///< a shipment of it was booked, or may have been
    bool there = false;
    std::int64_t ongoing_status = 0;
    std::string ongoing_words{}; ///< "300 Open"
    bool finished = false;       ///< at or above the lowest send status
    std::vector<LineDifference> lines{};
    bool edited_there = false;    ///< Ongoing's lines are not those that blongo sent last: people changed them
    std::string lines_unmapped{}; ///< why its lines are no lines of an order any more; empty: they are
};
[[nodiscard]] std::vector<Difference> judge_order(const OrderSides& sides);

/// The id that a number of Ongoing was made of, if it can be one of ours: prefix, digits, and "-2" for a later attempt.
[[nodiscard]] std::optional<BaseOrderId> order_of_number(std::string_view prefix, std::string_view number);

// Shipments ---------------------------------------------------------------------------------------------------------

/// One delivery of the ledger.
struct HeldDelivery {
    std::int64_t number = 1;
    enum class State : std::uint8_t {
        due,         ///< asked for, nothing booked
        unknown,     ///< perhaps booked
        booked,      ///< has a package
        no_shipment, ///< needs none
        cancelled
    } state = State::due;
    std::int64_t package_id = 0;
    std::string package_number{}, tracking_url{};
    Timestamp booked_at{};
    bool label_is_expected = true; ///< false: another integration makes it ("report"), or it was withdrawn (privacy)
};

/// One order of ours in Ongoing (or its back order) with its deliveries, and what BaseLinker holds of it.
struct ShipmentSides {
    BaseOrderId order{};
    OrderNumber number{};        ///< under which its labels are filed
    bool sent = false;           ///< at or above Send, since shipments.start_from
    std::string ongoing_words{}; ///< "450 Sent"
    Timestamp now{};
    std::vector<HeldDelivery> deliveries{};           ///< of this order of Ongoing, ascending by number
    std::vector<baselinker::OrderPackage> packages{}; ///< of the order, all of them
    std::set<std::int64_t> other_packages{};          ///< held by deliveries of its back orders, or said to be none of ours
    std::vector<std::string> files{};                 ///< names
    std::string way_bill{};
    std::vector<std::string> waybills{};         ///< of tracking and parcels
    std::string parked_cause{}, parked_detail{}; ///< of the order, in the shipments flow; empty: not parked
};
/// A package that is neither a return nor cancelled.
[[nodiscard]] bool stands(const baselinker::OrderPackage& package);
/// The package of a label file's name, label-<number>-<package_id>[-<n>].<ext>; nullopt: no label of this order.
[[nodiscard]] std::optional<std::int64_t> package_of_label(const OrderNumber& number, std::string_view file_name);
/// Whether Ongoing shows this number: as waybill, tracking or parcel of the order.
[[nodiscard]] bool shows_number(const ongoing::Order& there, const std::string& package_number);
[[nodiscard]] std::vector<Difference> judge_shipment(const ShipmentSides& sides);

} // namespace blongo::plan
