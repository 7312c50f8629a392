// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/stock_book.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/json/value.hpp>
#include <blongo/state/articles.hpp>
#include <blongo/state/parked.hpp>

namespace blongo::sync {

namespace {

template <class Number> std::string text_of(const std::map<WarehouseKey, Number>& figures) {
    json::Value out = json::Value::object();
    for (const auto& [key, figure] : figures) out.set(key.value(), figure);
    return out.dump();
}

std::map<WarehouseKey, Decimal> decimals_of(const std::string& text) {
    std::map<WarehouseKey, Decimal> out;
    const auto value = json::Value::parse(text.empty() ? "{}" : text);
    if (value)
        for (const auto& [key, figure] : value->members())
            if (const auto number = figure.decimal()) out[WarehouseKey{std::string(key)}] = *number;
    return out;
}

map::PiecesByWarehouse pieces_of(const std::string& text) {
    map::PiecesByWarehouse out;
    const auto value = json::Value::parse(text.empty() ? "{}" : text);
    if (value)
        for (const auto& [key, pieces] : value->members()) out[WarehouseKey{std::string(key)}] = pieces.integer();
    return out;
}

} // namespace

map::StockTargets stock_targets(const config::Stock& settings) {
    map::StockTargets out;
    if (settings.warehouses.empty()) out.all = WarehouseKey{settings.warehouse};
    for (const auto& [id, key] : settings.warehouses) out.by_warehouse.emplace(id, WarehouseKey{key});
    return out;
}

plan::StockRules stock_rules(const config::Stock& settings) {
    plan::StockRules out;
    out.targets = stock_targets(settings).keys();
    out.subtract_waiting = settings.figure != "on_hand";
    out.buffer = settings.buffer;
    out.buffers = settings.buffers;
    return out;
}

Result<void> check_stock_settings(const config::Connection& connection, const baselinker::Inventory& inventory) {
    const auto& settings = connection.stock;
    const std::string where = fmt::format("[connections.{}.stock]", connection.name);
    const auto targets = stock_targets(settings).keys();
    if (targets.contains(WarehouseKey{}) || targets.empty())
        return fail(ErrorKind::config, fmt::format("connections.{}.stock.warehouse is missing", connection.name), where,
                    "write the warehouse of BaseLinker that the stock goes to, for example \"bl_206\" (blongo list warehouses)");
    if (settings.figure == "on_hand" && !settings.warehouses.empty())
        return fail(ErrorKind::config, "figure = \"on_hand\" is one figure for all of Ongoing's warehouses", where,
                    "write warehouse instead of warehouses, or figure = \"sellable\"");
    if (inventory.reservations && settings.figure.empty())
        return fail(
            ErrorKind::config,
            fmt::format("the catalogue {} works with reservations, and stock.figure is not chosen", inventory.inventory_id),
            where,
            "write figure = \"sellable\" if orders lower BaseLinker's own stock, or \"on_hand\" if it subtracts its "
            "reservations itself");
    for (const auto& key : targets)
        if (std::ranges::find(inventory.warehouses, key) == inventory.warehouses.end())
            return fail(ErrorKind::config, fmt::format("the catalogue {} has no warehouse {}", inventory.inventory_id, key),
                        where, "blongo list inventories");
    return {};
}

state::StockRow StockBook::Entry::row() const {
    state::StockRow row;
    row.number = item.number;
    row.product_id = item.product;
    row.observed = text_of(item.observed);
    if (!item.pushed.empty()) row.pushed = text_of(item.pushed);
    row.moved = item.moved;
    row.is_parent = item.is_parent;
    row.pushed_at = pushed_at;
    return row;
}

StockBook::StockBook(Session& session) : session_(session), targets_(stock_targets(session.connection().stock)) {}

Result<void> StockBook::load() {
    const auto& settings = session_.connection().stock;
    BLONGO_TRY(const auto articles, state::Articles(session_.store(), session_.key()).targets());
    BLONGO_TRY(const auto parked, state::Parked(session_.store(), session_.key()).list("articles"));
    for (const auto& row : parked)
        if (row.cause == "duplicate_sku") ambiguous_.insert(row.key);
    std::set<ProductId> with_variants;
    for (const auto& article : articles)
        if (article.source_id != article.product_id) with_variants.insert(article.product_id);
    const auto matches = [](const std::string& number) {
        return [&number](const std::string& pattern) { return glob_match(pattern, number); };
    };
    for (const auto& article : articles) {
        const std::string& number = article.number.value();
        if (ambiguous_.contains(number)) continue;
        if (article.is_bundle || article.kind == "Structure") {
            bundles_.insert(number);
        } else if (with_variants.contains(article.source_id)) {
            parents_.insert(number);
        } else if (std::ranges::any_of(settings.exclude, matches(number))) {
            excluded_.insert(number);
        } else {
            Entry entry;
            entry.item.number = article.number;
            entry.item.product = article.source_id;
            by_number_.emplace(number, entries_.size());
            by_product_.emplace(article.source_id.value(), entries_.size());
            entries_.push_back(std::move(entry));
        }
    }
    BLONGO_TRY(const auto rows, state::Stock(session_.store(), session_.key()).all());
    for (const auto& row : rows) {
        Entry* entry = find(row.number);
        // What is not kept up to date must not be taken for fresh when it comes back; and the SKU may be another product's.
        if (entry == nullptr || row.product_id != entry->item.product) {
            stale_.push_back(row.number);
            continue;
        }
        entry->item.is_parent = row.is_parent;
        entry->item.observed = decimals_of(row.observed);
        entry->item.pushed = pieces_of(row.pushed);
        entry->item.moved = row.moved;
        entry->pushed_at = row.pushed_at;
    }
    return {};
}

StockBook::Entry* StockBook::find(const ArticleNumber& number) {
    const auto found = by_number_.find(number.value());
    return found == by_number_.end() ? nullptr : &entries_[found->second];
}

std::string StockBook::not_pushed(const ArticleNumber& number) const {
    const std::string& text = number.value();
    if (const auto found = by_number_.find(text); found != by_number_.end())
        return entries_[found->second].item.is_parent ? "a product with variants: its variants get theirs" : "";
    if (ambiguous_.contains(text)) return "several products have this SKU: none of them gets it";
    if (bundles_.contains(text)) return "a bundle: BaseLinker computes its stock from its components";
    if (parents_.contains(text)) return "a product with variants: its variants get theirs";
    if (excluded_.contains(text)) return "excluded by stock.exclude";
    return "no product of BaseLinker is known for it: blongo articles sync";
}

void StockBook::observe(const ArticleNumber& number, std::map<WarehouseKey, Decimal> figures) {
    Entry* entry = find(number);
    if (entry == nullptr) return;
    entry->seen = true;
    if (entry->item.observed == figures) return;
    entry->item.observed = std::move(figures);
    entry->is_news = true;
}

void StockBook::forget_unseen() {
    for (auto& entry : entries_) {
        if (entry.seen || entry.item.observed.empty()) continue;
        entry.item.observed.clear();
        entry.is_news = true;
    }
}

void StockBook::forget_all() {
    for (auto& entry : entries_) {
        entry.item.observed.clear();
        entry.item.pushed.clear();
        entry.is_news = true;
    }
}

Result<std::size_t> StockBook::read_stock(std::optional<Timestamp> changed_from) {
    std::size_t rows = 0;
    if (session_.connection().stock.figure == "on_hand") {
        BLONGO_CHECK(session_.ongoing().each_article(
            [&](ongoing::Article&& article) -> Result<void> {
                ++rows;
                observe(article.article_number, map::on_hand_by_target(article, targets_));
                return {};
            },
            changed_from));
        return rows;
    }
    BLONGO_CHECK(session_.ongoing().each_warehouse_stock(changed_from, [&](ongoing::WarehouseStock&& stock) -> Result<void> {
        ++rows;
        take(stock);
        return {};
    }));
    return rows;
}

Result<void> StockBook::read_stock(std::span<const ArticleNumber> numbers) {
    if (session_.connection().stock.figure == "on_hand") {
        BLONGO_TRY(const auto articles, session_.ongoing().find_articles(numbers));
        for (const auto& article : articles) observe(article.article_number, map::on_hand_by_target(article, targets_));
        return {};
    }
    BLONGO_TRY(const auto rows, session_.ongoing().find_warehouse_stock(numbers));
    for (const auto& stock : rows) take(stock);
    return {};
}

void StockBook::hold(ProductId product, const std::map<WarehouseKey, std::int64_t>& stock, bool is_parent) {
    const auto found = by_product_.find(product.value());
    if (found == by_product_.end()) return;
    auto& entry = entries_[found->second];
    entry.is_news = entry.is_news || entry.item.is_parent != is_parent;
    entry.item.is_parent = is_parent;
    auto& held = entry.item.held.emplace();
    const auto keys = targets_.keys();
    for (const auto& [key, pieces] : stock)
        if (keys.contains(key)) held[key] = pieces;
}

Result<void> StockBook::read_held() {
    return session_.baselinker().each_product_stock(session_.connection().baselinker.inventory_id,
                                                    [&](baselinker::ProductStock&& product) -> Result<void> {
                                                        if (product.bad) return {};
                                                        hold(product.product_id, product.stock, !product.variants.empty());
                                                        for (const auto& [variant, stock] : product.variants)
                                                            hold(variant, stock, false);
                                                        return {};
                                                    });
}

Result<void> StockBook::read_held(std::span<const ArticleNumber> numbers) {
    std::vector<ProductId> products;
    for (const auto& number : numbers)
        if (const auto* entry = find(number)) products.push_back(entry->item.product);
    constexpr auto most = static_cast<std::size_t>(baselinker::limits::products_per_data_call);
    for (std::size_t from = 0; from < products.size(); from += most) {
        const std::span batch(products.data() + from, std::min(most, products.size() - from));
        BLONGO_TRY(const auto data,
                   session_.baselinker().get_products_data(session_.connection().baselinker.inventory_id, batch));
        for (const auto& product : data.products) hold(product.id, product.stock, !product.variants.empty() || product.is_bundle);
    }
    return {};
}

} // namespace blongo::sync
