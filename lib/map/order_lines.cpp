// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/order_lines.hpp>

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/map/keys.hpp>

namespace blongo::map {

namespace {

using baselinker::OrderProduct;

enum class Place { ours, other, unknown };

bool matches_any(const std::vector<std::string>& patterns, std::string_view text) {
    return std::ranges::any_of(patterns, [&](const std::string& pattern) { return glob_match(pattern, text); });
}

/// An id of a line as text; "0" is a way of saying that there is none.
bool names_something(std::string_view id) {
    return !id.empty() && id != "0";
}

/// Decides the fate of the lines one by one.
class Chooser {
public:
    Chooser(const baselinker::Order& order, const OrderOptions& options, const NumberLookup& lookup)
        : order_(order), options_(options), lookup_(lookup) {}

    ChosenLines run() {
        std::vector<const OrderProduct*> products;
        for (const OrderProduct& product : order_.products) products.push_back(&product);
        std::ranges::stable_sort(products, {}, &OrderProduct::order_product_id);

        for (const OrderProduct* product : products) judge(*product);
        result_.all_elsewhere = elsewhere_ > 0 && candidates_ == elsewhere_;
        if (options_.merge_equal_lines) merge();
        return std::move(result_);
    }

private:
    void refuse(const OrderProduct& product, std::string cause, std::string_view field, std::string reason) {
        const auto ids = catalogue_ids(product);
        result_.rejected.push_back({std::move(cause), std::to_string(order_.order_id.value()),
                                    fmt::format("orders.{}.products.{}.{}", order_.order_id, product.order_product_id, field),
                                    std::move(reason), name_of(product), ids.empty() ? ProductId{} : ids.front()});
    }

    static std::string name_of(const OrderProduct& product) { return std::string(trim(normalise_name(product.name))); }

    /// The article number of a line by its SKU or the catalogue; empty: none.
    std::string number_of(const OrderProduct& product) const {
        std::string sku = key_text(product.sku);
        if (!sku.empty()) return sku;
        if (!lookup_) return {};
        const std::vector<ProductId> ids = catalogue_ids(product);
        for (const ProductId id : ids) {
            // A variant that is not there must not become its sibling.
            if (const auto number = lookup_(id, ids.size() == 1)) return number->value();
        }
        return {};
    }

    Place place_of(const OrderProduct& product) const {
        if (options_.lines_from.empty()) return Place::ours;
        if (product.warehouse_id == 0) return Place::unknown;
        const std::string key = "bl_" + std::to_string(product.warehouse_id);
        return std::ranges::find(options_.lines_from, key) != options_.lines_from.end() ? Place::ours : Place::other;
    }

    bool is_discount(const OrderProduct& product) const {
        return product.price_brutto <= Decimal{} && !names_something(product.product_id) && !names_something(product.variant_id);
    }

    void take_service_line(const OrderProduct& product) {
        const std::string name = name_of(product);
        if (options_.service_line_action == OrderOptions::ServiceLines::drop) {
            result_.notes.push_back(fmt::format("service line \"{}\" dropped", name));
            return;
        }
        const std::string attributes(trim(normalise_name(product.attributes)));
        result_.service_texts.push_back(
            fmt::format("{} x {}{}{}", product.quantity, name, attributes.empty() ? "" : ", ", attributes));
    }

    /// Whether lines_from lets the line through; else it is left out or refused.
    bool is_ours(const OrderProduct& product, bool to_pick) {
        const Place place = place_of(product);
        if (to_pick) {
            ++candidates_;
            if (place == Place::other) ++elsewhere_;
        }
        // Freight and fees have no warehouse: they go with the order.
        if (place == Place::ours || (place == Place::unknown && !to_pick)) return true;
        if (options_.other_lines == OrderOptions::OtherLines::send) return true;
        // A line of no warehouse is nobody else's: leaving it out would lose it.
        if (place == Place::other && options_.other_lines == OrderOptions::OtherLines::leave_out) {
            result_.notes.push_back(
                fmt::format("line {} left out: warehouse bl_{}", product.order_product_id, product.warehouse_id));
            return false;
        }
        refuse(product, "foreign_lines", "warehouse_id",
               place == Place::unknown ? fmt::format("line {} names no warehouse, and orders.lines_from is set", name_of(product))
                                       : fmt::format("line {} is of warehouse bl_{}, not in orders.lines_from", name_of(product),
                                                     product.warehouse_id));
        return false;
    }

    void judge(const OrderProduct& product) {
        const std::string number = number_of(product);
        if (number.empty()) {
            if (is_discount(product)) {
                result_.notes.push_back(fmt::format("discount \"{}\" not sent", name_of(product)));
                return;
            }
            if (matches_any(options_.service_lines, name_of(product))) {
                take_service_line(product);
                return;
            }
        }
        const bool to_pick = number.empty() || !matches_any(options_.service_skus, number);
        if (!is_ours(product, to_pick)) return;
        if (!rows_.insert(product.order_product_id).second) {
            refuse(product, "field_invalid", "order_product_id",
                   fmt::format("two lines have the id {}", product.order_product_id));
        } else if (number.empty()) {
            refuse(product, "unknown_sku", "sku",
                   fmt::format("line \"{}\" has no SKU, and the catalogue gives none", name_of(product)));
        } else if (key_too_long(number)) {
            refuse(product, "key_too_long", "sku",
                   fmt::format("the SKU {} has more than {} characters", cut_characters(number, 80), key_characters));
        } else if (!product.quantity.is_whole() || product.quantity <= Decimal{}) {
            refuse(product, "bad_quantity", "quantity", fmt::format("line {} has the quantity {}", number, product.quantity));
        } else if (stands_beside_its_components(product)) {
            refuse(product, "unknown_sku", "bundle_id",
                   fmt::format("the bundle {} and its components both stand in the order", number));
        } else {
            result_.lines.push_back({&product, ArticleNumber{number}, product.quantity.floor(), to_pick, {}});
        }
    }

    /// A bundle and its components in one order: nobody knows which of them is meant.
    bool stands_beside_its_components(const OrderProduct& product) const {
        if (product.bundle_id != 0) return false;
        const std::vector<ProductId> ids = catalogue_ids(product);
        return std::ranges::any_of(order_.products, [&](const OrderProduct& other) {
            return other.bundle_id != 0 && std::ranges::find(ids, ProductId{other.bundle_id}) != ids.end();
        });
    }

    void merge() {
        std::vector<ChosenLine> merged;
        for (ChosenLine& line : result_.lines) {
            const auto same = std::ranges::find(merged, line.article, &ChosenLine::article);
            if (same == merged.end()) {
                merged.push_back(std::move(line));
                continue;
            }
            same->quantity += line.quantity;
            same->merged.push_back(line.product);
            if (options_.line_values == OrderOptions::LineValues::unit &&
                line.product->price_brutto != same->product->price_brutto)
                result_.notes.push_back(fmt::format("merged lines of {} have different prices: that of line {} is sent",
                                                    line.article, same->product->order_product_id));
        }
        if (merged.size() < result_.lines.size())
            result_.notes.push_back(
                fmt::format("{} lines of the same article merged into others", result_.lines.size() - merged.size()));
        result_.lines = std::move(merged);
    }

    const baselinker::Order& order_;
    const OrderOptions& options_;
    const NumberLookup& lookup_;
    ChosenLines result_;
    std::set<OrderProductId> rows_;
    std::size_t candidates_ = 0, elsewhere_ = 0; ///< lines to pick; those of them that are not ours
};

} // namespace

std::vector<ProductId> catalogue_ids(const OrderProduct& line) {
    std::vector<ProductId> ids;
    if (line.storage != "db") return ids;
    for (const std::string& text : {line.variant_id, line.product_id}) {
        if (!names_something(text)) continue;
        if (const auto id = parse_id(text)) ids.emplace_back(*id);
    }
    return ids;
}

ChosenLines choose_lines(const baselinker::Order& order, const OrderOptions& options, const NumberLookup& lookup) {
    return Chooser(order, options, lookup).run();
}

} // namespace blongo::map
