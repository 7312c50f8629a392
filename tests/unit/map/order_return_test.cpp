// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/map/order_return.hpp>

using namespace blongo;
using namespace blongo::map;

namespace {

baselinker::OrderReturn one_return(std::vector<baselinker::ReturnProduct> products) {
    baselinker::OrderReturn out;
    out.return_id = ReturnId(880122);
    out.order_id = BaseOrderId(184400101);
    out.products = std::move(products);
    return out;
}

baselinker::ReturnProduct product(std::int64_t id, const std::string& sku, const std::string& quantity = "1") {
    baselinker::ReturnProduct out;
    out.order_return_product_id = ReturnProductId(id);
    out.sku = sku;
    out.quantity = Decimal::parse(quantity).value();
    return out;
}

ReturnDocument document_of(std::vector<baselinker::ReturnProduct> products) {
    return map_return(one_return(std::move(products)), "BL-").document.value();
}

std::string cause_of(const baselinker::OrderReturn& one, const std::string& prefix = {}) {
    const auto mapped = map_return(one, prefix);
    CHECK(mapped.document.has_value() == mapped.rejected.empty());
    return mapped.rejected.empty() ? "" : mapped.rejected.front().cause;
}

ongoing::ReturnOrder there_of(std::vector<ongoing::ReturnOrderLine> lines) {
    ongoing::ReturnOrder out;
    out.id = 8801;
    out.number = ReturnNumber("BL-R880122");
    out.order_id = OngoingOrderId(903115);
    out.lines = std::move(lines);
    return out;
}

ongoing::ReturnOrderLine line_there(const std::string& row, std::int64_t order_line, std::int64_t pieces) {
    ongoing::ReturnOrderLine out;
    out.row_number = row;
    out.order_line_id = order_line;
    out.to_be_returned = Decimal(pieces);
    return out;
}

} // namespace

TEST_CASE("a return gets its number from the prefix, R and its id, and its rows from its lines") {
    auto source = one_return({product(22162, " mug-2 ", "3"), product(22161, "KUB")});
    source.reference_number = "RMA/11";
    source.products[0].return_reason_comment = "too\nsmall";
    const auto document = map_return(source, "BL-").document.value();
    CHECK(document.number == ReturnNumber("BL-R880122"));
    CHECK(document.comment == "RMA/11");
    REQUIRE(document.lines.size() == 2);
    CHECK(document.lines[0].row_number == "22161");
    CHECK(document.lines[1].article == ArticleNumber("mug-2"));
    CHECK(document.lines[1].quantity == 3);
    CHECK(document.lines[1].comment == "too small");
}

TEST_CASE("what cannot be said of a return rejects it, with the cause") {
    CHECK(cause_of(one_return({product(1, "A")})).empty());
    CHECK(cause_of(one_return({})) == "empty_order");
    CHECK(cause_of(one_return({product(1, "")})) == "unknown_sku");
    for (const char* quantity : {"0", "-1", "1.5"}) CHECK(cause_of(one_return({product(1, "A", quantity)})) == "bad_quantity");
    CHECK(cause_of(one_return({product(1, std::string(50, 'A'))})).empty());
    CHECK(cause_of(one_return({product(1, std::string(51, 'A'))})) == "key_too_long");
    CHECK(cause_of(one_return({product(1, "A")}), std::string(43, 'p')).empty()); // 43 + R + 6 digits
    CHECK(cause_of(one_return({product(1, "A")}), std::string(44, 'p')) == "key_too_long");
}

TEST_CASE("a refusal of a return says what is wrong with which field") {
    const auto told = [](const baselinker::OrderReturn& one, const std::string& prefix = {}) {
        const auto mapped = map_return(one, prefix);
        REQUIRE(mapped.rejected.size() == 1);
        const Rejection& refused = mapped.rejected.front();
        return refused.cause + " " + refused.field + ": " + refused.reason;
    };
    CHECK(told(one_return({})) == "empty_order products: the return has no lines");
    CHECK(told(one_return({product(7, "")})) == "unknown_sku products.sku: line 7 has no SKU");
    CHECK(told(one_return({product(7, "A", "1.5")})) == "bad_quantity products.quantity: A comes back 1.5 times");
    CHECK(told(one_return({product(7, std::string(51, 'A'))})) ==
          "key_too_long products.sku: the SKU of line 7 has more than 50 characters");
    CHECK(told(one_return({product(7, "A")}), std::string(44, 'p')) ==
          "key_too_long return_id: order_number_prefix makes the number longer than 50 characters");
}

TEST_CASE("the fingerprint follows what BaseLinker says, whatever the order of the lines") {
    const auto base = document_of({product(1, "A"), product(2, "B")});
    CHECK(base.fingerprint() == document_of({product(2, "B"), product(1, "A")}).fingerprint());
    CHECK(base.fingerprint() != document_of({product(1, "A", "2"), product(2, "B")}).fingerprint());
    CHECK(base.fingerprint() != document_of({product(1, "A"), product(3, "B")}).fingerprint());
    CHECK(base.fingerprint() != document_of({product(1, "A"), product(2, "C")}).fingerprint());
}

TEST_CASE("each line of a return means the one line of the order that has its article") {
    const auto document = document_of({product(1, "A"), product(2, "B")});
    const std::vector<ToldLine> told{{"501", ArticleNumber("B")}, {"502", ArticleNumber("A")}, {"503", ArticleNumber("C")}};
    const auto matched = match_lines(document, told);
    REQUIRE_FALSE(matched.rejected);
    CHECK(matched.rows.at("1") == "502");
    CHECK(matched.rows.at("2") == "501");

    const std::vector<ToldLine> twice{{"501", ArticleNumber("B")}, {"502", ArticleNumber("A")}, {"503", ArticleNumber("A")}};
    CHECK(match_lines(document, twice).rejected->cause == "unknown_sku");
    CHECK(match_lines(document, std::span(told).first(1)).rejected->cause == "unknown_sku");

    ongoing::Order order;
    order.lines.resize(2);
    order.lines[0].id = 701001;
    order.lines[0].row_number = "502";
    order.lines[1].id = 701002;
    order.lines[1].row_number = "501";
    const auto linked = link_lines(document, matched, order);
    REQUIRE_FALSE(linked.rejected);
    CHECK(linked.ids == OrderLineIds{{"1", 701001}, {"2", 701002}});
    order.lines.pop_back();
    CHECK(link_lines(document, matched, order).rejected->cause == "unknown_sku");
}

TEST_CASE("a new return order says the contract's members and no other") {
    const auto body = return_body(document_of({product(1, "A", "2")}), OngoingOrderId(903115), {{"1", 701001}}, nullptr, {});
    CHECK(body.model.canonical() ==
          json::Value::parse(R"({"returnOrderNumber":"BL-R880122","customerOrder":{"orderId":903115},"returnOrderLines":[
              {"returnOrderRowNumber":"1","customerOrderLine":{"orderLineId":701001},"toBeReturnedNumberOfItems":2}]})")
              ->canonical());
    CHECK_FALSE(body.same);
}

TEST_CASE("an update keeps what people in the warehouse did") {
    const OrderLineIds ids{{"1", 701001}, {"2", 701002}};
    const OngoingOrderId order(903115);
    const SentPieces sent{{"1", 1}, {"2", 1}, {"3", 1}};
    const auto document = document_of({product(1, "A", "2"), product(2, "B", "5")});
    auto there = there_of(
        {line_there("1", 701001, 1), line_there("2", 701002, 4), line_there("3", 701003, 1), line_there("by hand", 701004, 7)});
    there.in_date = "2026-12-02";
    there.warehouse_id = 2;
    there.handling_comment = "shelf 7";
    there.comment = "typed here";
    there.lines[0].cause_code = "COLOUR";
    const auto body = return_body(document, order, ids, &there, sent);
    const auto& lines = body.model["returnOrderLines"].elements();
    REQUIRE(lines.size() == 3);
    CHECK(lines[0]["toBeReturnedNumberOfItems"].integer() == 2); // ours, changed by the seller
    CHECK(lines[0].at_path("returnCause.code").text() == "COLOUR");
    CHECK(lines[1]["toBeReturnedNumberOfItems"].integer() == 4); // theirs
    CHECK(lines[2]["returnOrderRowNumber"].text() == "by hand"); // theirs; line 3, ours, is gone in BaseLinker
    CHECK(body.model["inDate"].text() == "2026-12-02T12:00:00.000+00:00");
    CHECK(body.model["warehouseId"].integer() == 2);
    CHECK(body.model["returnOrderHandlingComment"].text() == "shelf 7");
    CHECK(body.model["comment"].text() == "typed here");
    CHECK(body.notes == std::vector<std::string>{"kept: 4 pieces of B"});
    CHECK_FALSE(body.same);

    // Of ours, people took line 2 out: it stays out.
    const auto less = there_of({line_there("1", 701001, 2)});
    const auto kept = return_body(document, order, ids, &less, {{"1", 2}, {"2", 5}});
    CHECK(kept.model["returnOrderLines"].size() == 1);
    CHECK(kept.notes.size() == 1);
    CHECK(kept.same);
    // They already did what the seller does now.
    const auto done = there_of({line_there("1", 701001, 2), line_there("2", 701002, 5)});
    CHECK(return_body(document, order, ids, &done, {{"1", 1}, {"2", 1}}).same);
    CHECK(return_body(document, order, ids, &done, {{"1", 1}, {"2", 1}}).notes.empty());
    CHECK_FALSE(return_body(document, OngoingOrderId(1), ids, &done, {}).same);
}
