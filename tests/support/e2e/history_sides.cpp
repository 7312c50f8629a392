// SPDX-License-Identifier: Apache-2.0
#include "support/e2e/history_sides.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <thread>

#include <fmt/format.h>

namespace blongo::test::history {

namespace {

std::string text_of(const json::Value& value) {
    return std::string(value.text());
}

Lines lines_of_body(const json::Value& rows) {
    Lines lines;
    for (const json::Value& row : rows.elements())
        lines[text_of(row["rowNumber"])] = {text_of(row["articleNumber"]), row["numberOfItems"].integer()};
    return lines;
}

void take(std::string& into, const json::Value& document, const char* path, bool clears_omitted) {
    const json::Value* at = &document;
    for (std::string_view rest = path; at != nullptr && !rest.empty();) {
        const auto dot = rest.find('.');
        at = at->find(rest.substr(0, dot));
        rest = dot == std::string_view::npos ? std::string_view{} : rest.substr(dot + 1);
    }
    if (at != nullptr || clears_omitted) into = at == nullptr ? std::string{} : text_of(*at);
}

void take_members(WareOrder& order, const json::Value& document, bool clears_omitted) {
    take(order.address, document, "consignee.address1", clears_omitted);
    take(order.point, document, "servicePointCode", clears_omitted);
    take(order.remark, document, "orderRemark", clears_omitted);
    take(order.instruction, document, "warehouseInstruction", clears_omitted);
    take(order.free_text, document, "freeText1", clears_omitted);
}

} // namespace

Pieces pieces_of(const Lines& lines) {
    Pieces sum;
    for (const auto& [row, line] : lines) sum[line.sku] += line.pieces;
    return sum;
}

const BaseOrder* Sides::in_base(OrderId id) const {
    const auto found = base.find(id);
    return found == base.end() ? nullptr : &found->second;
}

const WareOrder* Sides::in_warehouse(OrderId id) const {
    const auto found = warehouse.find(id);
    return found == warehouse.end() ? nullptr : &found->second;
}

OrderId Sides::owner_of(std::int64_t ongoing_id) const {
    for (const auto& [id, order] : warehouse)
        if (order.ongoing_id == ongoing_id) return id;
    return 0;
}

Sides look(Sandbox& sandbox) {
    Sides sides;
    const json::Value in_base = sandbox.get("/_admin/baselinker/orders");
    for (const json::Value& row : in_base.elements()) {
        BaseOrder order{row["order_id"].integer(),        row["order_status_id"].integer(),  row["confirmed"].is_true(),   {},
                        text_of(row["delivery_address"]), text_of(row["delivery_point_id"]), text_of(row["user_comments"])};
        for (const json::Value& line : row["products"].elements())
            order.lines[std::to_string(line["order_product_id"].integer())] = {text_of(line["sku"]), line["quantity"].integer()};
        sides.base.emplace(order.id, std::move(order));
    }
    const json::Value there = sandbox.orders();
    for (const auto& [number, row] : there.members()) {
        WareOrder order;
        order.ongoing_id = row["orderId"].integer();
        order.status = row["status"].integer();
        take_members(order, row["data"], true);
        for (const json::Value& line : row["lines"].elements()) {
            const std::int64_t ordered = line["ordered"].integer();
            order.lines[text_of(line["data"]["rowNumber"])] = {text_of(line["data"]["articleNumber"]), ordered};
            order.is_short = order.is_short || line["picked"].integer() < ordered;
        }
        sides.warehouse.emplace(std::atoll(number.c_str()), std::move(order));
    }
    return sides;
}

WareOrder after_put(WareOrder before, const json::Value& body, bool clears_omitted) {
    take_members(before, body, clears_omitted);
    before.lines = lines_of_body(body["orderLines"]);
    return before;
}

bool Call::is_write() const {
    return side == "baselinker" ? !operation.starts_with("get") : !operation.starts_with("GET");
}

std::int64_t Call::id_in_path() const {
    const auto at = path.find("/orders/");
    return at == std::string::npos ? 0 : std::atoll(path.c_str() + at + std::string_view("/orders/").size());
}

std::string Call::text() const {
    std::string what = sent.is_null() ? std::string{} : " " + sent.dump();
    if (operation == "PUT /articles") {
        what = " " + text_of(sent["articleNumber"]);
    } else if (operation.starts_with("PUT /orders")) {
        const WareOrder order = after_put({}, sent, true);
        what = fmt::format(" {}: address \"{}\", point \"{}\", remark \"{}\", instruction \"{}\",", sent["orderNumber"].text(),
                           order.address, order.point, order.remark, order.instruction);
        for (const auto& [row, line] : order.lines) what += fmt::format(" {}: {} x {}", row, line.pieces, line.sku);
    }
    const std::string id = id_in_path() == 0 ? std::string{} : fmt::format(" #{}", id_in_path());
    return fmt::format("{}{}{}{}{}", operation, id, what, committed ? "" : " (not executed)",
                       fault.empty() ? "" : " [" + fault + "]");
}

std::vector<Call> writes_since(Sandbox& sandbox, std::int64_t& since) {
    const std::string path = "/_admin/journal?since=" + std::to_string(since);
    json::Value journal = sandbox.get(path);
    // The call whose client was killed may still be under way.
    const auto is_done = [&] {
        const auto& rows = journal.elements();
        return std::all_of(rows.begin(), rows.end(), [](const json::Value& row) { return row["done"].is_true(); });
    };
    for (int tries = 0; !is_done() && tries < 500; ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        journal = sandbox.get(path);
    }
    std::vector<Call> calls;
    for (const json::Value& row : journal.elements()) {
        since = std::max(since, row["seq"].integer());
        Call call{text_of(row["side"]),  text_of(row["operation"]), text_of(row["path"]),
                  text_of(row["fault"]), row["parameters"],         row["committed"].is_true()};
        if (call.is_write()) calls.push_back(std::move(call));
    }
    return calls;
}

} // namespace blongo::test::history
