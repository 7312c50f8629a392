// SPDX-License-Identifier: Apache-2.0
#include "support/e2e/history_events.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "support/e2e/orders.hpp"

namespace blongo::test::history {

namespace {

json::Value task_of(OrderId id, const char* action) {
    return json::Value::object().set("order_id", id).set("action", action);
}

json::Value list_of(json::Value one) {
    json::Value list = json::Value::array();
    list.push_back(std::move(one));
    return list;
}

std::string named(OrderId id) {
    return fmt::format("order {}", id);
}

std::int64_t sum_of(const Lines& lines) {
    std::int64_t sum = 0;
    for (const auto& [row, line] : lines) sum += line.pieces;
    return sum;
}

} // namespace

std::string People::something() {
    sides_ = look(sandbox_);
    for (const auto& [id, order] : sides_.base) newest_ = std::max(newest_, id); // no id is given twice
    std::string said;
    while (said.empty()) {
        const int what = pick(100);
        if (orders_ < 4 || (what < 15 && orders_ < most_orders)) {
            said = new_order();
        } else if (what < 65 && !sides_.base.empty()) {
            auto row = sides_.base.begin();
            std::advance(row, pick(static_cast<int>(sides_.base.size())));
            said = seller(row->second);
        } else if (what >= 65 && !sides_.warehouse.empty()) {
            auto row = sides_.warehouse.begin();
            std::advance(row, pick(static_cast<int>(sides_.warehouse.size())));
            if (!row->second.is_cancelled() && row->second.status < ware_status::sent) said = warehouse(row->first, row->second);
        }
    }
    return said;
}

void People::change_base(OrderId id, const char* member, json::Value value) {
    sandbox_.base_orders(json::Value::object().set("order_id", id).set(member, std::move(value)));
}

json::Value People::new_line(std::string& said) {
    const std::string sku = synthetic_sku(1 + skus_++ % most_skus);
    const std::int64_t pieces = 1 + pick(5);
    said += fmt::format(" {} x {}", pieces, sku);
    return base_line(sku, pieces).set("order_product_id", ++newest_line_);
}

std::string People::new_order() {
    const OrderId id = ++newest_;
    ++orders_;
    const bool confirmed = pick(6) != 0;
    const std::int64_t status = pick(5) == 0 ? base_status::fresh : base_status::accepted;
    std::string said = fmt::format("seller: new {} in {}{}:", named(id), status, confirmed ? "" : ", not confirmed");
    std::vector<json::Value> lines;
    for (int i = pick(3); i >= 0; --i) lines.push_back(new_line(said));
    json::Value more = json::Value::object()
                           .set("confirmed", confirmed)
                           .set("order_status_id", status)
                           .set("order_source", "shop")
                           .set("order_source_id", 5)
                           .set("shop_order_id", id + 500'000)
                           .set("external_order_id", fmt::format("X-{}", id));
    if (pick(2) == 0) more.set("delivery_point_id", fmt::format("POINT-{}", ++texts_));
    if (pick(2) == 0) more.set("user_comments", fmt::format("please {}", ++texts_));
    if (!confirmed) more.set("date_confirmed", 0);
    sandbox_.base_orders(base_order(id, lines, more));
    model_.person_made(look(sandbox_).base.at(id));
    return said;
}

bool People::is_going(const BaseOrder& order) const {
    return order.confirmed && order.status != base_status::cancelled && !model_.is_cancelled_in_base(order.id, sides_);
}

std::string People::seller(const BaseOrder& order) {
    const int what = pick(20);
    if (what < 6) return seller_moves(order);
    if (what < 10) return seller_edits(order);
    if (what < 15) return seller_changes_lines(order);
    if (what < 19) return seller_divides(order);
    return seller_merges(order);
}

std::string People::seller_moves(const BaseOrder& order) {
    const auto move = [&](std::int64_t status) {
        change_base(order.id, "order_status_id", status);
        model_.person_moved(order.id, status);
        return fmt::format("seller: {} moves from {} to {}", named(order.id), order.status, status);
    };
    if (!order.confirmed) {
        edit_base(task_of(order.id, "confirm"));
        return "seller: " + named(order.id) + " is confirmed";
    }
    const int what = pick(12);
    if (what == 0) {
        edit_base(task_of(order.id, "delete"));
        model_.person_deleted(order.id);
        return "seller: " + named(order.id) + " is deleted";
    }
    if (model_.is_cancelled_in_base(order.id, sides_)) return what < 6 ? move(base_status::accepted) : "";
    if (what < 5) return move(base_status::cancelled);
    if (order.status == base_status::accepted) return what < 8 ? move(base_status::fresh) : "";
    return move(base_status::accepted);
}

std::string People::seller_edits(const BaseOrder& order) {
    const auto edit = [&](const char* member, const std::string& text) {
        change_base(order.id, member, text);
        return fmt::format("seller: {} gets {} \"{}\"", named(order.id), member, text);
    };
    switch (pick(3)) {
    case 0: return edit("delivery_address", fmt::format("Street {}", ++texts_));
    case 1: return edit("delivery_point_id", pick(3) == 0 ? "" : fmt::format("POINT-{}", ++texts_));
    default: return edit("user_comments", pick(4) == 0 ? "" : fmt::format("please {}", ++texts_));
    }
}

std::string People::seller_changes_lines(const BaseOrder& order) {
    const int what = pick(6);
    if (what < 2 || order.lines.empty()) {
        std::string said = "seller: " + named(order.id) + " gets a line";
        json::Value line = new_line(said);
        model_.person_added_pieces(std::string(line["sku"].text()), line["quantity"].integer());
        edit_base(task_of(order.id, "add_line").set("line", std::move(line)));
        return said;
    }
    auto row = order.lines.begin();
    std::advance(row, pick(static_cast<int>(order.lines.size())));
    const auto& [id, line] = *row;
    if (what < 4) {
        const std::int64_t pieces = 1 + pick(9);
        if (pieces == line.pieces) return "";
        model_.person_added_pieces(line.sku, std::max<std::int64_t>(0, pieces - line.pieces));
        edit_base(task_of(order.id, "edit_line")
                      .set("order_product_id", id)
                      .set("line", json::Value::object().set("quantity", pieces)));
        return fmt::format("seller: {} line {} ({}) from {} to {} pieces", named(order.id), id, line.sku, line.pieces, pieces);
    }
    if (order.lines.size() < 2) return "";
    edit_base(task_of(order.id, "remove_line").set("order_product_id", id));
    return fmt::format("seller: {} loses line {} ({} x {})", named(order.id), id, line.pieces, line.sku);
}

/// Split and copy. What comes out of an order that we moved is put into the accepted status by the seller.
std::string People::seller_divides(const BaseOrder& order) {
    if (order.lines.empty()) return "";
    const bool is_copy = pick(3) == 0;
    json::Value task = task_of(order.id, is_copy ? "copy" : "split");
    std::string what = "is copied";
    if (!is_copy) {
        if (!is_going(order) || sum_of(order.lines) < 2) return "";
        auto row = order.lines.begin();
        std::advance(row, pick(static_cast<int>(order.lines.size())));
        const std::int64_t most = row->second.pieces - (order.lines.size() == 1 ? 1 : 0);
        if (most < 1) return "";
        const std::int64_t pieces = 1 + pick(static_cast<int>(most));
        task.set("lines", list_of(json::Value::object().set("order_product_id", row->first).set("quantity", pieces)));
        what = fmt::format("splits: {} x {}", pieces, row->second.sku);
    }
    if (!order.confirmed) return "";
    const std::int64_t status = model_.known(order.id).set_by_us || is_copy ? base_status::accepted : order.status;
    task.set("order", json::Value::object().set("order_status_id", status));
    const json::Value answer = sandbox_.post("/_admin/baselinker/edit", task);
    const OrderId child = answer.elements().at(0)["order_id"].integer();
    model_.person_split(order.id, look(sandbox_).base.at(child), is_copy, sides_);
    return fmt::format("seller: {} {} -> new {} in {}", named(order.id), what, named(child), status);
}

std::string People::seller_merges(const BaseOrder& order) {
    if (!is_going(order)) return "";
    std::vector<OrderId> others;
    for (const auto& [id, other] : sides_.base) {
        const WareOrder* there = sides_.in_warehouse(id);
        if (id != order.id && is_going(other) && (there == nullptr || there->status < ware_status::sent)) others.push_back(id);
    }
    const WareOrder* there = sides_.in_warehouse(order.id);
    if (others.empty() || (there != nullptr && there->status >= ware_status::sent)) return "";
    const OrderId other = any(others);
    edit_base(task_of(order.id, "merge").set("orders", list_of(other)));
    model_.person_merged(order.id, sides_.base.at(other));
    return fmt::format("seller: {} is merged into {}", named(other), named(order.id));
}

void People::edit_warehouse(OrderId id, json::Value task) {
    sandbox_.post("/_admin/ongoing/edit", std::move(task).set("orderNumber", std::to_string(id)));
}

std::string People::warehouse(OrderId id, const WareOrder& order) {
    return pick(2) == 0 ? warehouse_edits(id, order) : warehouse_works(id, order);
}

std::string People::warehouse_edits(OrderId id, const WareOrder& order) {
    PeoplesEdits& edits = model_.edits(id);
    const auto set = [&](const char* member, const std::string& text) {
        edit_warehouse(id, json::Value::object().set("set", json::Value::object().set(member, text)));
        return fmt::format("warehouse: {} gets {} \"{}\"", named(id), member, text);
    };
    const std::string text = fmt::format("by people {}", ++texts_);
    std::vector<std::string> ours;
    for (const auto& [row, line] : order.lines)
        if (!edits.added.contains(row)) ours.push_back(row);
    switch (pick(8)) {
    case 0: edits.address = text; return set("consignee.address1", text);
    case 1: edits.remark = text; return set("orderRemark", text);
    case 2: model_.person_wrote_instruction(id, text); return set("warehouseInstruction", text);
    case 3: edits.free_text = text; return set("freeText1", text);
    case 4: edits.point = text; return set("servicePointCode", text);
    case 5: {
        if (ours.empty()) return "";
        const std::string row = any(ours);
        const Line& line = order.lines.at(row);
        const std::int64_t pieces = 20 + pick(10);
        edits.pieces[row] = pieces;
        model_.person_added_pieces(line.sku, std::max<std::int64_t>(0, pieces - line.pieces));
        edit_warehouse(id, json::Value::object().set(
                               "lines", list_of(json::Value::object().set("rowNumber", row).set("numberOfItems", pieces))));
        return fmt::format("warehouse: {} line {} ({}) from {} to {} pieces", named(id), row, line.sku, line.pieces, pieces);
    }
    case 6: {
        if (order.lines.empty()) return "";
        const std::string row = fmt::format("P{}", ++texts_);
        const Line line{order.lines.begin()->second.sku, 1};
        edits.added[row] = line;
        edit_warehouse(id, json::Value::object().set("add_lines", list_of(json::Value::object()
                                                                              .set("rowNumber", row)
                                                                              .set("articleNumber", line.sku)
                                                                              .set("numberOfItems", line.pieces))));
        return fmt::format("warehouse: {} gets line {}: 1 x {}", named(id), row, line.sku);
    }
    default: {
        if (ours.size() < 2) return "";
        const std::string row = any(ours);
        edits.removed.insert(row);
        edit_warehouse(id, json::Value::object().set("delete_lines", list_of(row)));
        return fmt::format("warehouse: {} loses line {} ({})", named(id), row, order.lines.at(row).sku);
    }
    }
}

std::string People::warehouse_works(OrderId id, const WareOrder& order) {
    const auto work = [&](const char* action, std::int64_t status) {
        json::Value task = json::Value::object().set("orderNumber", std::to_string(id)).set("action", action);
        if (status == ware_status::sent)
            task.set("parcels", list_of(json::Value::object().set("weight", json::Value::number("1.2"))));
        sandbox_.post("/_admin/ongoing/work", task);
        model_.warehouse_moved(id, order, status);
        return fmt::format("warehouse: {} {} ({} -> {})", action, named(id), order.status, status);
    };
    const int what = pick(12);
    if (what == 0) return work("cancel", ware_status::cancelled);
    if (what == 1 && order.status == ware_status::allocated) return work("reopen", ware_status::released);
    if (order.status < ware_status::released) return work("release", ware_status::released);
    if (what > 6) return "";
    if (order.status < ware_status::allocated) return work("allocate", ware_status::allocated);
    if (order.status < ware_status::picked) return work("pick", ware_status::picked);
    return work("send", ware_status::sent);
}

} // namespace blongo::test::history
