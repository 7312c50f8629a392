// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <set>

#include <blongo/base/text.hpp>
#include <blongo/map/order.hpp>

#include "articles.hpp"

using namespace property;
using map::OrderOptions;

namespace {

baselinker::OrderProduct any_line(std::int64_t id) {
    baselinker::OrderProduct line;
    line.order_product_id = OrderProductId{id};
    line.storage = *rc::gen::element<std::string>("db", "db", "shop");
    line.product_id = *rc::gen::element<std::string>("", "0", "1", "2", "9");
    line.variant_id = *rc::gen::element<std::string>("", "0", "1");
    line.name = *rc::gen::element<std::string>("Kubek", "Rabat", "Pakowanie");
    line.attributes = *rc::gen::element<std::string>("", "czerwony");
    line.sku = *sku();
    line.quantity = *rc::gen::weightedElement<std::int64_t>({{6, 1}, {6, 3}, {1, 0}, {1, -1}});
    line.price_brutto = *decimal() - Decimal{*rc::gen::weightedElement<std::int64_t>({{5, 0}, {1, 6000}})};
    line.warehouse_id = *rc::gen::weightedElement<std::int64_t>({{6, 206}, {2, 207}, {1, 0}});
    line.bundle_id = *rc::gen::weightedElement<std::int64_t>({{8, 0}, {1, 2}});
    return line;
}

baselinker::Order any_order() {
    baselinker::Order order;
    order.order_id = BaseOrderId{84512345};
    order.confirmed = *rc::gen::weightedElement<bool>({{9, true}, {1, false}});
    order.date_confirmed = from_unix_seconds(1'795'442'106);
    order.user_comments = std::string(*rc::gen::inRange<std::size_t>(0, 700), 'u');
    order.admin_comments = std::string(*rc::gen::inRange<std::size_t>(0, 200), 'a');
    const int lines = *rc::gen::inRange(0, 7);
    for (int i = 1; i <= lines; ++i) order.products.push_back(any_line(i));
    return order;
}

OrderOptions any_order_options() {
    OrderOptions options;
    options.service_lines = {"pakow*"};
    options.service_skus = {"Ż*"};
    if (*rc::gen::arbitrary<bool>()) options.lines_from = {"bl_206"};
    options.other_lines =
        *rc::gen::element(OrderOptions::OtherLines::park, OrderOptions::OtherLines::leave_out, OrderOptions::OtherLines::send);
    options.line_values = *rc::gen::element(OrderOptions::LineValues::unit, OrderOptions::LineValues::line);
    options.merge_equal_lines = *rc::gen::arbitrary<bool>();
    return options;
}

/// Product 1 is the article ONE; nothing else is known.
std::optional<ArticleNumber> lookup(ProductId id, bool) {
    return id == ProductId{1} ? std::optional(ArticleNumber{"ONE"}) : std::nullopt;
}

} // namespace

TEST_CASE("An order is sent, refused or skipped: exactly one of the three") {
    CHECK(holds("one outcome", [] {
        const auto mapped = map::map_order(any_order(), any_order_options(), lookup);
        RC_ASSERT(int{mapped.document.has_value()} + int{!mapped.rejected.empty()} + int{mapped.skipped} == 1);
    }));
}

TEST_CASE("No piece of an order that is sent gets lost or doubled") {
    CHECK(holds("pieces are kept", [] {
        const auto order = any_order();
        auto options = any_order_options();
        options.lines_from.clear();
        const auto mapped = map::map_order(order, options, lookup);
        RC_PRE(mapped.document.has_value());
        Decimal expected;
        for (const auto& line : order.products) {
            const bool known = !trim(line.sku).empty() || line.product_id == "1" || line.variant_id == "1";
            if (known && (!trim(line.sku).empty() || line.storage == "db")) expected = expected + line.quantity;
        }
        Decimal sent;
        std::set<std::string> rows;
        for (const auto& line : mapped.document->lines) {
            sent = sent + Decimal{line.quantity};
            RC_ASSERT(rows.insert(line.row_number).second);
            RC_ASSERT(line.quantity > 0);
            RC_ASSERT(*line.find("numberOfItems")->decimal() == Decimal{line.quantity});
        }
        RC_ASSERT(sent == expected);
    }));
}

TEST_CASE("The order in which BaseLinker names the lines changes nothing") {
    CHECK(holds("lines may come in any order", [] {
        const auto order = any_order();
        const auto options = any_order_options();
        auto other = order;
        other.products = shuffled(other.products);
        const auto one = map::map_order(order, options, lookup);
        const auto two = map::map_order(other, options, lookup);
        RC_ASSERT(one.document.has_value() == two.document.has_value());
        RC_ASSERT(one.skipped == two.skipped);
        RC_ASSERT(one.rejected.size() == two.rejected.size());
        if (!one.document) return;
        RC_ASSERT(one.document->fingerprint() == two.document->fingerprint());
        RC_ASSERT(one.document->body() == two.document->body());
    }));
}

TEST_CASE("A remark has at most 500 characters and the seller's words whole") {
    CHECK(holds("the seller's words stay", [] {
        const auto order = any_order();
        OrderOptions options;
        options.service_lines = {"*"};
        const auto mapped = map::map_order(order, options, lookup);
        RC_PRE(mapped.document.has_value());
        const auto* remark = mapped.document->find("orderRemark");
        if (remark == nullptr) {
            RC_ASSERT(order.user_comments.empty());
            RC_ASSERT(order.admin_comments.empty());
            return;
        }
        RC_ASSERT(character_count(remark->text()) <= 500U);
        RC_ASSERT(remark->text().find(order.admin_comments) != std::string_view::npos);
    }));
}

TEST_CASE("With merged lines every article stands once") {
    CHECK(holds("one line per article", [] {
        auto options = any_order_options();
        options.merge_equal_lines = true;
        const auto mapped = map::map_order(any_order(), options, lookup);
        RC_PRE(mapped.document.has_value());
        RC_ASSERT(mapped.document->articles().size() == mapped.document->lines.size());
    }));
}
