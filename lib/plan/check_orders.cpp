// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include <blongo/plan/check.hpp>
#include <blongo/plan/order_life.hpp>

namespace blongo::plan {

namespace {

struct Pieces {
    std::string article;
    Decimal quantity;
    friend bool operator==(const Pieces&, const Pieces&) = default;
};

std::string words(const std::map<std::string, Pieces>& lines, const std::string& row) {
    const auto found = lines.find(row);
    return found == lines.end() ? std::string{}
                                : fmt::format("{} x {}", found->second.quantity.to_string(), found->second.article);
}

std::map<std::string, Decimal> by_article(const std::map<std::string, Pieces>& lines) {
    std::map<std::string, Decimal> sums;
    for (const auto& [row, pieces] : lines) sums[pieces.article] = sums[pieces.article] + pieces.quantity;
    return sums;
}

Difference order_difference(const OrderSides& sides, std::string kind) {
    return {.kind = std::move(kind),
            .flow = "orders",
            .key = fmt::to_string(sides.order),
            .baselinker = sides.base == OrderSides::Base::deleted ? "" : sides.base_words,
            .ongoing = sides.there ? fmt::format("{}, {}", sides.number, sides.ongoing_words) : ""};
}

Difference missing(const OrderSides& sides) {
    auto out = order_difference(sides, "order_missing");
    out.owner = "admin";
    out.cause = sides.known ? fmt::format("blongo sent the order as {}, and it is gone from Ongoing", sides.number)
                            : "the order is to be in the warehouse, and Ongoing does not have it";
    if (sides.known && sides.booked)
        out.remedy = "it was shipped, cancelled or finished before it vanished, so it is not sent a second time: settle "
                     "with the warehouse what became of it";
    else
        out.command = fmt::format("blongo orders sync --order {}", sides.order);
    return out;
}

Difference alive_in_ongoing(const OrderSides& sides) {
    auto out = order_difference(sides, "order_cancelled_one_side");
    out.owner = "warehouse";
    out.cause = sides.base == OrderSides::Base::deleted ? "the order was deleted in BaseLinker and is still in the warehouse"
                                                        : "the order is cancelled in BaseLinker and still in the warehouse";
    if (!sides.known || changeable(sides.ongoing_status) == Changeable::no)
        out.remedy = fmt::format("the warehouse has started: stop it there, and cancel order {} in Ongoing", sides.number);
    else if (sides.base == OrderSides::Base::deleted)
        out.command = "blongo orders sync"; // by its second look
    else
        out.command = fmt::format("blongo orders sync --order {}", sides.order);
    return out;
}

Difference alive_in_base(const OrderSides& sides) {
    auto out = order_difference(sides, "order_cancelled_one_side");
    out.owner = "seller";
    out.cause = "the order is cancelled in Ongoing and not in BaseLinker: cancel it there, too, or send it anew";
    out.command = fmt::format("blongo orders reimport {}", sides.order);
    return out;
}

Difference surplus(const OrderSides& sides) {
    auto out = order_difference(sides, "order_surplus");
    out.owner = "admin";
    out.cause = "Ongoing has an order of a number that blongo could have made, and BaseLinker has no such order";
    out.remedy = fmt::format("find out who made order {}; cancel it in Ongoing if nobody waits for it", sides.number);
    return out;
}

Difference line_differs(const OrderSides& sides) {
    auto out = order_difference(sides, "order_line_differs");
    out.baselinker.clear();
    out.ongoing.clear();
    for (const auto& line : sides.lines) {
        const std::string separator = out.baselinker.empty() ? "" : "; ";
        out.baselinker += fmt::format("{}line {}: {}", separator, line.row, line.baselinker.empty() ? "-" : line.baselinker);
        out.ongoing += fmt::format("{}line {}: {}", separator, line.row, line.ongoing.empty() ? "-" : line.ongoing);
    }
    out.owner = "seller";
    out.cause = sides.lines_unmapped.empty() ? "lines, articles or quantities are not the same on both sides"
                                             : "BaseLinker's lines are no lines of an order any more: " + sides.lines_unmapped;
    const bool mended_by_sync =
        sides.known && !sides.edited_there && sides.lines_unmapped.empty() && changeable(sides.ongoing_status) != Changeable::no;
    if (sides.finished)
        out.remedy = "settle with the buyer and the warehouse what was really sent, and correct BaseLinker";
    else if (mended_by_sync)
        out.command = fmt::format("blongo orders sync --order {}", sides.order);
    else if (sides.edited_there)
        out.remedy = "people changed the lines in Ongoing, and theirs stay: set the lines in BaseLinker, or theirs back";
    else
        out.remedy = "set the lines back in BaseLinker, or change them in Ongoing by hand";
    return out;
}

} // namespace

std::vector<LineDifference> differing_lines(const map::OrderDocument& wanted, const ongoing::Order& there) {
    std::map<std::string, Pieces> ours, theirs;
    for (const auto& line : wanted.lines) ours[line.row_number] = {line.article.value(), Decimal{line.quantity}};
    for (const auto& line : there.lines) {
        const std::string row = line.row_number.empty() ? fmt::format("#{}", line.id) : line.row_number;
        theirs[row] = {line.article_number.value(), line.ordered};
    }
    std::vector<LineDifference> out;
    if (ours == theirs || by_article(ours) == by_article(theirs)) return out;
    std::set<std::string> rows;
    for (const auto& [row, pieces] : ours) rows.insert(row);
    for (const auto& [row, pieces] : theirs) rows.insert(row);
    for (const auto& row : rows) {
        LineDifference line{row, words(ours, row), words(theirs, row)};
        if (line.baselinker != line.ongoing) out.push_back(std::move(line));
    }
    return out;
}

std::vector<Difference> judge_order(const OrderSides& sides) {
    using Base = OrderSides::Base;
    std::vector<Difference> out;
    const bool alive_there = sides.there && sides.ongoing_status != cancelled_in_ongoing;
    if (sides.base == Base::deleted && !sides.known) {
        if (alive_there) out.push_back(surplus(sides));
    } else if (sides.base == Base::deleted || sides.base == Base::cancelled) {
        if (alive_there && !sides.finished) out.push_back(alive_in_ongoing(sides));
    } else if (!sides.there) {
        if (sides.expected) out.push_back(missing(sides));
    } else if (!alive_there) {
        if (sides.base == Base::alive) out.push_back(alive_in_base(sides));
    } else if (!sides.lines.empty() || !sides.lines_unmapped.empty()) {
        out.push_back(line_differs(sides));
    }
    return out;
}

std::optional<BaseOrderId> order_of_number(std::string_view prefix, std::string_view number) {
    if (!number.starts_with(prefix)) return std::nullopt;
    number.remove_prefix(prefix.size());
    if (const auto dash = number.find('-'); dash != std::string_view::npos) {
        const auto attempt = parse_id(number.substr(dash + 1));
        if (!attempt || *attempt < 2) return std::nullopt;
        number = number.substr(0, dash);
    }
    const auto id = parse_id(number);
    if (!id || *id == 0 || number.front() == '0') return std::nullopt;
    return BaseOrderId{*id};
}

} // namespace blongo::plan
