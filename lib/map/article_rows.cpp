// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/article_rows.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/base/unicode.hpp>
#include <blongo/map/keys.hpp>

namespace blongo::map {

namespace {

using json::Value;

/// A text field in the wanted language, else without one; the first that is not blank.
std::string_view text_field(const baselinker::Product& product, const std::string& field, const std::string& language) {
    if (!language.empty()) {
        const auto found = product.text_fields.find(field + "|" + language);
        if (found != product.text_fields.end() && !trim(found->second).empty()) return found->second;
    }
    const auto found = product.text_fields.find(field);
    return found == product.text_fields.end() ? std::string_view{} : std::string_view(found->second);
}

bool is_word_character(char32_t c) {
    if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    const bool punctuation = c < 0xC0 || c == 0xD7 || c == 0xF7 || (c >= 0x2000 && c < 0x2070) || (c >= 0x3000 && c < 0x3040);
    return !punctuation;
}

/// Whether `whole` begins with `beginning`, in any case, and a word ends there.
bool begins_with_words(std::string_view whole, std::string_view beginning) {
    const std::u32string text = unicode::decode(fold_case(whole));
    const std::u32string prefix = unicode::decode(fold_case(beginning));
    if (prefix.empty() || !text.starts_with(prefix)) return false;
    return text.size() == prefix.size() || !is_word_character(prefix.back()) || !is_word_character(text[prefix.size()]);
}

Value reported(std::string text) {
    return text.empty() ? Value{} : Value(std::move(text));
}

Value map_name(ArticleContext& context) {
    std::string name = article_name(context.product, context.source, context.options);
    if (character_count(name) > name_characters) {
        name = trim(cut_characters(name, name_characters));
        context.notes.push_back(fmt::format("name cut to {} characters", name_characters));
    }
    return reported(std::move(name));
}

Value map_number(ArticleContext& context) {
    return Value(context.number.value());
}

Value map_product_code(ArticleContext& context) {
    return Value(std::to_string(context.source.id.value()));
}

/// An EAN; zeros alone are a way of saying that there is none.
std::string ean_text(std::string_view ean) {
    std::string text(trim(normalise_name(ean)));
    return text.find_first_not_of('0') == std::string::npos ? std::string{} : text;
}

Value map_barcode(ArticleContext& context) {
    return reported(article_barcode(context));
}

Value map_weight(ArticleContext& context) {
    const Decimal& weight = context.product.weight;
    return weight > Decimal{} ? Value(weight) : Value{};
}

template <Decimal baselinker::Product::*size> Value map_size(ArticleContext& context) {
    const Decimal& centimetres = context.product.*size;
    if (centimetres <= Decimal{}) return {};
    try {
        const Decimal metres = centimetres * context.options.length_factor;
        return metres > Decimal{} ? Value(metres) : Value{};
    } catch (const std::overflow_error&) {
        context.notes.push_back(fmt::format("size {} cm is out of range: not sent", centimetres));
        return {};
    }
}

Value map_description(ArticleContext& context) {
    const std::string_view description = text_field(context.product, "description", context.options.language);
    const std::string text =
        context.options.html_description ? normalise_text(description) : normalise_text(html_to_text(description));
    return reported(std::string(trim(text)));
}

Value map_alternative_barcodes(ArticleContext& context) {
    // BaseLinker keeps them at the product: with several articles nobody knows whose they are.
    if (context.sources.size() != 1 || context.product.additional_eans.empty()) return {};
    const std::string main = article_barcode(context);
    std::map<std::string, std::int64_t> packs;
    for (const baselinker::AdditionalEan& additional : context.product.additional_eans) {
        const std::string ean = ean_text(additional.ean);
        if (!ean.empty() && ean != main) packs.emplace(ean, std::max<std::int64_t>(additional.quantity, 1));
    }
    if (packs.empty()) return {};
    Value list = Value::array();
    for (const auto& [ean, quantity] : packs)
        list.push_back(Value::object().set("barCode", ean).set("quantityPerBarCode", quantity));
    return list;
}

Value map_structure(ArticleContext& context) {
    if (!context.product.is_bundle || context.options.bundles != ArticleOptions::Bundles::structure) return {};
    return bundle_structure(context);
}

/// The seed's table in its order, then what goes beyond it. The mapper runs exactly these rows.
constexpr std::array rows{
    ArticleMappingRow{{"articleName", "products.text_fields.name + variants.name",
                       "one space between; the variant's name alone if it begins with the product's; "
                       "at most 200 characters"},
                      &map_name},
    ArticleMappingRow{{"articleNumber", "variants.sku or products.sku", "the product's only if no other variant needs it too"},
                      &map_number},
    ArticleMappingRow{{"productCode", "variants.variant_id or products.product_id", "as text"}, &map_product_code},
    ArticleMappingRow{
        {"barCodeInfo.barCode", "variants.ean or products.ean", "the product's only if no other variant needs it too"},
        &map_barcode},
    ArticleMappingRow{{"weight", "products.weight", "kg, as it is"}, &map_weight},
    ArticleMappingRow{{"height", "products.height", "cm x length_factor = m"}, &map_size<&baselinker::Product::height>},
    ArticleMappingRow{{"width", "products.width", "cm x length_factor = m"}, &map_size<&baselinker::Product::width>},
    ArticleMappingRow{{"length", "products.length", "cm x length_factor = m"}, &map_size<&baselinker::Product::length>},
    ArticleMappingRow{{"description", "products.text_fields.description", "HTML to plain text with its line breaks"},
                      &map_description},
    ArticleMappingRow{
        {"barCodeInfo.alternativeBarCodes", "products.ean_additional", "with quantities; only of a product that is one article"},
        &map_alternative_barcodes},
    ArticleMappingRow{
        {"structureDefinition", "products.bundle_products", "a bundle: kind Structure, components by article number"},
        &map_structure},
};

constexpr auto table = [] {
    std::array<MappingRow, rows.size()> result{};
    for (std::size_t i = 0; i < rows.size(); ++i) result[i] = rows[i].row;
    return result;
}();

} // namespace

std::span<const ArticleMappingRow> article_rows() noexcept {
    return rows;
}

std::span<const MappingRow> article_mapping() noexcept {
    return table;
}

std::string article_barcode(const ArticleContext& context) {
    const auto own = [&](const ArticleSource& source) {
        return ean_text(source.variant == nullptr ? context.product.ean : source.variant->ean);
    };
    return own_or_inherited(context.source, context.sources, {context.product.id, nullptr}, own);
}

std::string article_name(const baselinker::Product& product, const ArticleSource& source, const ArticleOptions& options) {
    std::string name(trim(normalise_name(text_field(product, "name", options.language))));
    if (source.variant == nullptr) return name;
    std::string variant(trim(normalise_name(source.variant->name)));
    if (variant.empty()) return name;
    if (name.empty() || begins_with_words(variant, name)) return variant;
    return name + " " + variant;
}

} // namespace blongo::map
