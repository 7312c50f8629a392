// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/map/keys.hpp>
#include <blongo/map/order_rows.hpp>

namespace blongo::map {

namespace {

using baselinker::OrderProduct;
using json::Value;

Value row_number_of(LineContext& context) {
    return Value(std::to_string(context.line.product->order_product_id.value()));
}

Value article_of(LineContext& context) {
    return Value(context.line.article.value());
}

Value product_code_of(LineContext& context) {
    for (const std::string& id : {context.line.product->variant_id, context.line.product->product_id})
        if (!id.empty() && id != "0") return Value(id);
    return {};
}

Value quantity_of(LineContext& context) {
    return Value(context.line.quantity);
}

Value to_pick_of(LineContext& context) {
    return context.line.to_pick ? Value{} : Value(false);
}

Value comment_of(LineContext& context) {
    std::vector<std::string> comments;
    const auto add = [&](const OrderProduct& product) {
        std::string text(trim(normalise_text(product.attributes)));
        if (!text.empty() && std::ranges::find(comments, text) == comments.end()) comments.push_back(std::move(text));
    };
    add(*context.line.product);
    for (const OrderProduct* other : context.line.merged) add(*other);
    return comments.empty() ? Value{} : Value(join(comments, "\n"));
}

/// The declared value of a line: price_brutto to the letter of the table, or price x quantity.
Value value_of(LineContext& context) {
    const OrderProduct& first = *context.line.product;
    if (context.options.line_values == OrderOptions::LineValues::unit) return Value(first.price_brutto);
    try {
        Decimal total = first.price_brutto * first.quantity;
        for (const OrderProduct* other : context.line.merged) total = total + other->price_brutto * other->quantity;
        return Value(total);
    } catch (const std::overflow_error&) {
        context.notes.push_back(fmt::format("value of line {} is out of range: not sent", first.order_product_id));
        return {};
    }
}

Value customs_value_of(LineContext& context) {
    return value_of(context);
}

Value currency_of(LineContext& context) {
    const std::string currency = code_text(context.order.currency);
    return currency.empty() ? Value{} : Value(currency);
}

constexpr std::array rows{
    LineMappingRow{"rowNumber", {"orderLines[].rowNumber", "products.order_product_id", "the line's identity"}, &row_number_of},
    LineMappingRow{"externalId", {"orderLines[].externalId", "products.order_product_id", "a copy"}, &row_number_of},
    LineMappingRow{"articleNumber",
                   {"orderLines[].articleNumber", "products.sku", "without one: the catalogue's, by variant or product id"},
                   &article_of},
    LineMappingRow{
        "customerArticleNumber",
        {"orderLines[].customerArticleNumber", "products.variant_id or products.product_id", "the product code of the line"},
        &product_code_of},
    LineMappingRow{"numberOfItems", {"orderLines[].numberOfItems", "products.quantity", "a positive whole number"}, &quantity_of},
    LineMappingRow{
        "prices.customerLinePrice",
        {"orderLines[].prices.customerLinePrice", "products.price_brutto", "of one piece; line_values = \"line\": x quantity"},
        &value_of},
    LineMappingRow{"prices.currencyCode", {"orderLines[].prices.currencyCode", "currency", "on every line"}, &currency_of},
    LineMappingRow{
        "lineTotalCustomsValue",
        {"orderLines[].lineTotalCustomsValue", "products.price_brutto", "of one piece; line_values = \"line\": x quantity"},
        &customs_value_of},
    LineMappingRow{"comment", {"orderLines[].comment", "products.attributes", "when not empty"}, &comment_of},
    LineMappingRow{"shouldBePicked", {"orderLines[].shouldBePicked", "products.sku", "false for service_skus"}, &to_pick_of},
};

} // namespace

std::span<const LineMappingRow> line_rows() noexcept {
    return rows;
}

} // namespace blongo::map
