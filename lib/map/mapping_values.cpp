// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/mapping_values.hpp>

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include <blongo/base/text.hpp>
#include <blongo/base/time.hpp>
#include <blongo/map/keys.hpp>
#include <blongo/map/shipment.hpp>

namespace blongo::map {

namespace {

using baselinker::Order;
using baselinker::OrderProduct;

std::string text_of(std::string_view text) {
    return std::string(trim(text));
}

/// 0 means that nothing is filled in.
std::string id_of(std::int64_t id) {
    return id == 0 ? std::string{} : std::to_string(id);
}

std::string size_of(const Decimal& size) {
    return size > Decimal{} ? size.to_string() : std::string{};
}

std::string truth_of(bool truth) {
    return truth ? "true" : "false";
}

/// Ids of shops and catalogues: "0" and "-1" stand where there is none.
std::string foreign_id(std::string_view id) {
    std::string text = text_of(id);
    return text == "0" || text == "-1" ? std::string{} : text;
}

std::string time_of(const std::optional<Timestamp>& time, const OrderContext& context) {
    return time ? format_local_rfc3339(*time, context.options.time_zone) : std::string{};
}

using In = OrderContext;
template <std::string Order::*member> std::string order_text(const In& in) {
    return text_of(in.order.*member);
}

struct OrderName {
    std::string_view name;
    std::string (*value)(const In& in);
};

constexpr OrderName order_names[] = {
    {"order_id", [](const In& in) { return std::to_string(in.order.order_id.value()); }},
    {"order_number", [](const In& in) { return in.number.value(); }},
    {"shop_order_id", [](const In& in) { return foreign_id(in.order.shop_order_id); }},
    {"external_order_id", [](const In& in) { return foreign_id(in.order.external_order_id); }},
    {"order_source", &order_text<&Order::order_source>},
    {"order_source_id", [](const In& in) { return id_of(in.order.order_source_id); }},
    {"date_confirmed", [](const In& in) { return time_of(in.order.date_confirmed, in); }},
    {"date_add", [](const In& in) { return time_of(in.order.date_add, in); }},
    {"user_login", &order_text<&Order::user_login>},
    {"phone", &order_text<&Order::phone>},
    {"email", &order_text<&Order::email>},
    {"user_comments", &order_text<&Order::user_comments>},
    {"admin_comments", &order_text<&Order::admin_comments>},
    {"currency", [](const In& in) { return code_text(in.order.currency); }},
    {"payment_method", &order_text<&Order::payment_method>},
    {"payment_method_cod", [](const In& in) { return truth_of(in.order.payment_method_cod); }},
    {"payment_done", [](const In& in) { return in.order.payment_done.to_string(); }},
    {"delivery_method", &order_text<&Order::delivery_method>},
    {"delivery_method_id", [](const In& in) { return id_of(in.order.delivery_method_id); }},
    {"delivery_price", [](const In& in) { return in.order.delivery_price.to_string(); }},
    {"delivery_fullname", &order_text<&Order::delivery_fullname>},
    {"delivery_company", &order_text<&Order::delivery_company>},
    {"delivery_address", &order_text<&Order::delivery_address>},
    {"delivery_postcode", &order_text<&Order::delivery_postcode>},
    {"delivery_city", &order_text<&Order::delivery_city>},
    {"delivery_state", &order_text<&Order::delivery_state>},
    {"delivery_country", &order_text<&Order::delivery_country>},
    {"delivery_country_code", [](const In& in) { return code_text(in.order.delivery_country_code); }},
    {"delivery_point_id", &order_text<&Order::delivery_point_id>},
    {"delivery_point_name", &order_text<&Order::delivery_point_name>},
    {"delivery_point_address", &order_text<&Order::delivery_point_address>},
    {"delivery_point_postcode", &order_text<&Order::delivery_point_postcode>},
    {"delivery_point_city", &order_text<&Order::delivery_point_city>},
    {"invoice_fullname", &order_text<&Order::invoice_fullname>},
    {"invoice_company", &order_text<&Order::invoice_company>},
    {"invoice_nip", &order_text<&Order::invoice_nip>},
    {"invoice_address", &order_text<&Order::invoice_address>},
    {"invoice_postcode", &order_text<&Order::invoice_postcode>},
    {"invoice_city", &order_text<&Order::invoice_city>},
    {"invoice_state", &order_text<&Order::invoice_state>},
    {"invoice_country", &order_text<&Order::invoice_country>},
    {"invoice_country_code", [](const In& in) { return code_text(in.order.invoice_country_code); }},
    {"want_invoice", [](const In& in) { return truth_of(in.order.want_invoice); }},
    {"goods_value", [](const In& in) { return goods_value(in.order).to_string(); }},
    {"order_value", [](const In& in) { return (goods_value(in.order) + in.order.delivery_price).to_string(); }},
    {"extra_field_1", &order_text<&Order::extra_field_1>},
    {"extra_field_2", &order_text<&Order::extra_field_2>},
};

struct LineName {
    std::string_view name;
    std::string (*value)(const LineContext& in);
};

template <std::string OrderProduct::*member> std::string line_member(const LineContext& in) {
    return text_of(in.line.product->*member);
}

constexpr LineName line_names[] = {
    {"order_product_id", [](const LineContext& in) { return std::to_string(in.line.product->order_product_id.value()); }},
    {"product_id", [](const LineContext& in) { return foreign_id(in.line.product->product_id); }},
    {"variant_id", [](const LineContext& in) { return foreign_id(in.line.product->variant_id); }},
    {"name", &line_member<&OrderProduct::name>},
    {"attributes", &line_member<&OrderProduct::attributes>},
    {"sku", [](const LineContext& in) { return in.line.article.value(); }},
    {"ean", &line_member<&OrderProduct::ean>},
    {"location", &line_member<&OrderProduct::location>},
    {"auction_id", [](const LineContext& in) { return foreign_id(in.line.product->auction_id); }},
    {"warehouse_id", [](const LineContext& in) { return id_of(in.line.product->warehouse_id); }},
    {"price_brutto", [](const LineContext& in) { return in.line.product->price_brutto.to_string(); }},
    {"tax_rate", [](const LineContext& in) { return in.line.product->tax_rate.to_string(); }},
    {"quantity", [](const LineContext& in) { return std::to_string(in.line.quantity); }},
    {"weight", [](const LineContext& in) { return size_of(in.line.product->weight); }},
    {"bundle_id", [](const LineContext& in) { return id_of(in.line.product->bundle_id); }},
};

struct ArticleName {
    std::string_view name;
    std::string (*value)(const ArticleContext& in);
};

std::string variant_text(const ArticleContext& in, std::string baselinker::Variant::*member) {
    return in.source.variant == nullptr ? std::string{} : text_of(in.source.variant->*member);
}

constexpr ArticleName article_names[] = {
    {"name", [](const ArticleContext& in) { return text_of(in.product.text_field("name", in.options.language)); }},
    {"variant_name", [](const ArticleContext& in) { return variant_text(in, &baselinker::Variant::name); }},
    {"sku", [](const ArticleContext& in) { return in.number.value(); }},
    {"ean", &article_barcode},
    {"product_sku", [](const ArticleContext& in) { return text_of(in.product.sku); }},
    {"product_ean", [](const ArticleContext& in) { return text_of(in.product.ean); }},
    {"product_id", [](const ArticleContext& in) { return id_of(in.product.id.value()); }},
    {"variant_id",
     [](const ArticleContext& in) {
         return in.source.variant == nullptr ? std::string{} : id_of(in.source.variant->id.value());
     }},
    {"category_id", [](const ArticleContext& in) { return id_of(in.product.category_id); }},
    {"manufacturer_id", [](const ArticleContext& in) { return id_of(in.product.manufacturer_id); }},
    {"tags", [](const ArticleContext& in) { return join(in.product.tags, ", "); }},
    {"weight", [](const ArticleContext& in) { return size_of(in.product.weight); }},
    {"height", [](const ArticleContext& in) { return size_of(in.product.height); }},
    {"width", [](const ArticleContext& in) { return size_of(in.product.width); }},
    {"length", [](const ArticleContext& in) { return size_of(in.product.length); }},
    {"is_bundle", [](const ArticleContext& in) { return truth_of(in.product.is_bundle); }},
};

/// Sums of prices may be too large to be said.
template <class Names, class Context> std::string looked_up(const Names& names, std::string_view name, const Context& context) {
    const auto* found = std::ranges::find_if(names, [&](const auto& each) { return each.name == name; });
    if (found == std::end(names)) return {};
    try {
        return found->value(context);
    } catch (const std::overflow_error&) {
        return {};
    }
}

} // namespace

std::string order_source(std::string_view name, const OrderContext& context) {
    if (!name.starts_with(custom_fields)) return looked_up(order_names, name, context);
    const auto& fields = context.order.custom_extra_fields;
    const auto found = fields.find(std::string(name.substr(custom_fields.size())));
    return found == fields.end() ? std::string{} : text_of(found->second);
}

std::string line_source(std::string_view name, const LineContext& line, const OrderContext& order) {
    constexpr std::string_view of_order = "order.";
    if (name.starts_with(of_order)) return order_source(name.substr(of_order.size()), order);
    return looked_up(line_names, name, line);
}

std::string article_source(std::string_view name, const ArticleContext& context) {
    constexpr std::string_view text_fields = "text_fields.";
    if (!name.starts_with(text_fields)) return looked_up(article_names, name, context);
    std::string field(name.substr(text_fields.size()));
    std::string value = context.product.text_field(field, context.options.language);
    if (trim(value).empty()) {
        // "description.de" is the field of one language, "description|de" to BaseLinker.
        std::ranges::replace(field, '.', '|');
        value = context.product.text_field(field, {});
    }
    return text_of(context.options.html_description ? value : html_to_text(value));
}

} // namespace blongo::map
