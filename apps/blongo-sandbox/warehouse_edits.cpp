// SPDX-License-Identifier: Apache-2.0
#include "warehouse_edits.hpp"

#include <algorithm>

#include "warehouse_work.hpp"
#include "world_json.hpp"

namespace blongo::sandbox {

namespace {

auto find_line(WarehouseOrder& order, const json::Value& row) {
    return std::find_if(order.lines.begin(), order.lines.end(),
                        [&](const OrderLine& line) { return line.data["rowNumber"].text() == row.text(); });
}

tl::unexpected<Error> no_line(const json::Value& row) {
    return fail(ErrorKind::usage, "the order has no such line", "rowNumber " + row.dump());
}

Result<void> change_line(OrderLine& line, const json::Value& given) {
    for (const auto& [name, value] : given.members()) line.data.set(name, value);
    const auto pieces = std::as_const(line.data)["numberOfItems"].decimal();
    if (!pieces) return fail(ErrorKind::usage, "a line has a quantity", "numberOfItems");
    line.ordered = *pieces;
    line.allocated = std::min(line.allocated, line.ordered);
    return {};
}

Result<OrderLine> new_line(GoodsOwner& owner, const json::Value& given) {
    const std::string number(given["articleNumber"].text());
    const Article* article = owner.find_article(number);
    if (article == nullptr) return fail(ErrorKind::usage, "there is no such article", number);
    OrderLine line;
    line.id = owner.next_id++;
    line.article_id = article->id;
    BLONGO_CHECK(change_line(line, given));
    return line;
}

} // namespace

Result<void> edit_warehouse_order(GoodsOwner& owner, const json::Value& task, Timestamp now) {
    const std::string number(task["orderNumber"].text());
    const WarehouseOrder* stored = owner.find_order(number);
    if (stored == nullptr) return fail(ErrorKind::usage, "there is no such order", number);
    WarehouseOrder order = *stored;
    for (const auto& [path, value] : task["set"].members()) {
        if (value.is_null())
            order.data.erase_path(path);
        else
            order.data.set_path(path, value);
    }
    for (const json::Value& given : task["lines"].elements()) {
        const auto line = find_line(order, given["rowNumber"]);
        if (line == order.lines.end()) return no_line(given["rowNumber"]);
        BLONGO_CHECK(change_line(*line, given));
    }
    for (const json::Value& row : task["delete_lines"].elements()) {
        const auto line = find_line(order, row);
        if (line == order.lines.end()) return no_line(row);
        order.lines.erase(line);
    }
    for (const json::Value& given : task["add_lines"].elements()) {
        BLONGO_TRY(OrderLine line, new_line(owner, given));
        order.lines.push_back(std::move(line));
    }
    order.updated = now;
    const std::int64_t status = task["status"].integer(order.status);
    WarehouseOrder& kept = owner.orders.at(put_order(owner, std::move(order)));
    set_status(owner, kept, status, now, task);
    return {};
}

} // namespace blongo::sandbox
