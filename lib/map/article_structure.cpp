// SPDX-License-Identifier: Apache-2.0
#include <map>

#include <fmt/format.h>

#include <blongo/map/article_rows.hpp>

namespace blongo::map {

namespace {

struct Component {
    std::optional<ArticleNumber> number;
    std::string cause, reason; ///< why there is none
};

Component find_component(ProductId id, const Catalogue& catalogue) {
    if (auto number = catalogue.number_of(id)) return {std::move(number), {}, {}};
    const auto listed = catalogue.find(id);
    if (!listed) return {std::nullopt, "unknown_sku", fmt::format("component {} is not in the catalogue", id)};
    switch (listed->fate) {
    case Fate::parent:
        if (auto number = catalogue.number_of_only_variant(id)) return {std::move(number), {}, {}};
        return {std::nullopt, "unknown_sku",
                fmt::format("component {} is a product with {} variants, and the bundle does not say which", id,
                            catalogue.variants_of(id))};
    case Fate::no_sku: return {std::nullopt, "no_sku", fmt::format("component {} has no SKU", id)};
    case Fate::left_out: return {std::nullopt, "unknown_sku", fmt::format("component {} is left out by include / exclude", id)};
    case Fate::too_long: return {std::nullopt, "unknown_sku", fmt::format("the SKU of component {} is too long", id)};
    case Fate::duplicate:
    case Fate::article: break;
    }
    return {std::nullopt, "duplicate_sku",
            fmt::format("component {}: {}", id, duplicate_reason(listed->number, catalogue.holders_of(listed->number)))};
}

} // namespace

json::Value bundle_structure(ArticleContext& context) {
    const auto refuse = [&](std::string cause, std::string reason) {
        context.rejected = Rejection{std::move(cause),
                                     context.number.value(),
                                     fmt::format("products.{}.bundle_products", context.product.id),
                                     std::move(reason),
                                     {},
                                     context.source.id};
        return json::Value{};
    };
    if (context.product.bundle_products.empty()) return refuse("unknown_sku", "the bundle has no components");

    std::map<ArticleNumber, std::int64_t> pieces;
    for (const auto& [id, quantity] : context.product.bundle_products) {
        Component component = find_component(id, context.catalogue);
        if (!component.number) return refuse(std::move(component.cause), std::move(component.reason));
        if (*component.number == context.number)
            return refuse("unknown_sku", fmt::format("component {} is the bundle itself", id));
        if (quantity <= 0) return refuse("bad_quantity", fmt::format("component {} stands in the bundle {} times", id, quantity));
        pieces[*component.number] += quantity;
    }

    json::Value rows = json::Value::array();
    for (const auto& [number, quantity] : pieces) {
        context.components.push_back(number);
        rows.push_back(json::Value::object().set("articleNumber", number.value()).set("numberOfItems", quantity));
    }
    return json::Value::object().set("articleKind", "Structure").set("rows", std::move(rows));
}

} // namespace blongo::map
