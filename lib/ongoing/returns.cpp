// SPDX-License-Identifier: Apache-2.0
#include <blongo/ongoing/returns.hpp>

#include <blongo/ongoing/read.hpp>
#include <blongo/ongoing/verdict.hpp>

namespace blongo::ongoing {
namespace {

constexpr Operation find_returns{"GET", "/returnOrders"};
constexpr Operation put_return{"PUT", "/returnOrders", http::Effect::idempotent_write, "returnOrderId"};

Decimal quantity_of(json::Node node) {
    return decimal_of(node).value_or(Decimal{});
}

ReturnOrderLine decode_line(json::Node item) {
    ReturnOrderLine line;
    line.row_number = text_of(item["returnOrderRowNumber"]);
    line.order_line_id = integer_of(item["customerOrderLine"]["orderLineId"]).value_or(0);
    line.article = ArticleNumber(text_of(item["article"]["articleNumber"]));
    line.to_be_returned = quantity_of(item["toBeReturnedNumberOfItems"]);
    line.returned = quantity_of(item["returnedNumberOfItems"]);
    line.cause_code = text_of(item["returnCause"]["code"]);
    line.cause_name = text_of(item["returnCause"]["name"]);
    return line;
}

} // namespace

Result<ReturnOrder> decode_return_order(json::Node item, const std::string& name) {
    ReturnOrder out;
    const json::Node info = item["returnOrderInfo"];
    out.id = integer_of(info["returnOrderId"]).value_or(0);
    out.number = ReturnNumber(text_of(info["returnOrderNumber"]));
    if (out.id <= 0) return fail(ErrorKind::protocol, "a return order without returnOrderId", name + " " + item.path());
    out.order_id = OngoingOrderId(integer_of(item["customerOrderInfo"]["orderId"]).value_or(0));
    out.status_number = integer_of(info["returnOrderStatus"]["number"]).value_or(0);
    out.status_text = text_of(info["returnOrderStatus"]["text"]);
    out.comment = text_of(info["comment"]);
    out.handling_comment = text_of(info["returnOrderHandlingComment"]);
    out.in_date = text_of(info["inDate"]);
    out.warehouse_id = integer_of(info["warehouse"]["id"]).value_or(0);
    out.free_values = json::Value::from(info["freeValues"]);
    for (const json::Node line : item["returnOrderLines"]) out.lines.push_back(decode_line(line));
    return out;
}

Result<std::vector<ReturnOrder>> Returns::find(std::span<const ReturnNumber> numbers) {
    std::vector<std::string> texts;
    for (const ReturnNumber& number : numbers) texts.push_back(number.value());
    const std::string name = find_returns.name();
    std::vector<ReturnOrder> out;
    BLONGO_CHECK(
        client_.look_up(find_returns, client_.owner(), "returnOrderNumbers", texts, [&](json::Node root) -> Result<void> {
            BLONGO_TRY(const json::Node list, list_at(root, name));
            for (const json::Node item : list) {
                BLONGO_TRY(ReturnOrder one, decode_return_order(item, name));
                out.push_back(std::move(one));
            }
            return {};
        }));
    return out;
}

Result<std::int64_t> Returns::put(const json::Value& post_return_order_model) {
    BLONGO_TRY(const auto answer, client_.call(put_return, "/returnOrders", {}, client_.with_owner(post_return_order_model)));
    const auto id = integer_of(answer.root()["returnOrderId"]);
    if (!id) return fail(ErrorKind::ambiguous, "returnOrderId is no whole number: the outcome is unknown", put_return.name());
    return *id;
}

} // namespace blongo::ongoing
