// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/catalogue.hpp>

#include <algorithm>
#include <array>
#include <tuple>

#include <fmt/format.h>

#include <blongo/base/digest.hpp>
#include <blongo/base/text.hpp>
#include <blongo/map/keys.hpp>

namespace blongo::map {

namespace {

/// Names and refused SKUs are kept for messages only.
constexpr std::size_t label_characters = 80;
constexpr std::size_t ids_named = 10;

bool has_number(Fate fate) {
    return fate == Fate::article || fate == Fate::duplicate;
}

} // namespace

std::string duplicate_reason(std::string_view number, const std::vector<ProductId>& ids) {
    std::string named;
    for (std::size_t i = 0; i < std::min(ids.size(), ids_named); ++i) named += fmt::format("{}{}", i == 0 ? "" : ", ", ids[i]);
    if (ids.size() > ids_named) named += fmt::format(" and {} more", ids.size() - ids_named);
    return fmt::format("{} products or variants have the SKU {}: {}", ids.size(), number, named);
}

void Catalogue::add(const baselinker::ProductListRow& row) {
    std::string kept = key_text(row.sku);
    Fate fate = Fate::article;
    if (kept.empty()) {
        fate = Fate::no_sku;
        kept = cut_characters(normalise_name(row.name), label_characters);
    } else if (key_too_long(kept)) {
        fate = Fate::too_long;
        kept = cut_characters(kept, label_characters);
    }
    const ProductId parent = row.parent_id == row.id ? ProductId{} : row.parent_id;
    rows_.push_back({row.id, parent, texts_.size(), static_cast<std::uint16_t>(kept.size()), fate});
    texts_ += kept;
}

std::string_view Catalogue::text(const Row& row) const noexcept {
    return std::string_view(texts_).substr(row.offset, row.length);
}

void Catalogue::finish(bool parent_articles, const SkuFilter& wanted) {
    drop_repeated_rows();
    resolve_families(parent_articles);
    leave_out(wanted);
    refuse_duplicates();
    collect();
}

void Catalogue::drop_repeated_rows() {
    // Of two rows of one id the fuller one stays, whichever came first.
    const auto before = [this](const Row& a, const Row& b) {
        return std::tuple(a.id, -a.parent.value(), a.fate, text(b)) < std::tuple(b.id, -b.parent.value(), b.fate, text(a));
    };
    if (!std::ranges::is_sorted(rows_, before)) std::ranges::sort(rows_, before); // as it is without variants
    rows_.erase(std::unique(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) { return a.id == b.id; }), rows_.end());
    rows_.shrink_to_fit();
    texts_.shrink_to_fit();
}

void Catalogue::resolve_families(bool parent_articles) {
    std::vector<Index> variants;
    for (Index i = 0; i < rows_.size(); ++i)
        if (rows_[i].parent != ProductId{}) variants.push_back(i);
    std::stable_sort(variants.begin(), variants.end(), [this](Index a, Index b) { return rows_[a].parent < rows_[b].parent; });

    std::vector<Index> parents;
    for (auto first = variants.begin(); first != variants.end();) {
        const ProductId product = rows_[*first].parent;
        const auto last = std::find_if(first, variants.end(), [&](Index i) { return rows_[i].parent != product; });
        families_.push_back({product, static_cast<Index>(last - first), *first});
        if (const Row* parent = row_of(product)) {
            parents.push_back(static_cast<Index>(parent - rows_.data()));
            const auto needs = [this](Index i) { return rows_[i].fate == Fate::no_sku; };
            const bool taken = std::any_of(first, last, [&](Index i) { return !needs(i) && text(rows_[i]) == text(*parent); });
            if (!parent_articles && parent->fate != Fate::no_sku && !taken && std::count_if(first, last, needs) == 1) {
                Row& heir = rows_[*std::find_if(first, last, needs)];
                std::tie(heir.offset, heir.length, heir.fate) = std::tuple(parent->offset, parent->length, parent->fate);
            }
        }
        first = last;
    }
    if (parent_articles) return;
    for (const Index i : parents) rows_[i].fate = Fate::parent;
}

void Catalogue::leave_out(const SkuFilter& wanted) {
    if (!wanted) return;
    for (Row& row : rows_) {
        if (row.fate == Fate::parent) continue;
        if (!wanted(row.fate == Fate::no_sku ? std::string_view{} : text(row))) row.fate = Fate::left_out;
    }
}

void Catalogue::refuse_duplicates() {
    for (Index i = 0; i < rows_.size(); ++i)
        if (rows_[i].fate == Fate::article) by_number_.push_back(i);
    by_number_.shrink_to_fit();
    std::sort(by_number_.begin(), by_number_.end(),
              [this](Index a, Index b) { return std::tuple(text(rows_[a]), a) < std::tuple(text(rows_[b]), b); });
    for (auto first = by_number_.begin(); first != by_number_.end();) {
        const std::string_view number = text(rows_[*first]);
        const auto last = std::find_if(first, by_number_.end(), [&](Index i) { return text(rows_[i]) != number; });
        if (last - first > 1) {
            std::vector<ProductId> ids;
            for (auto i = first; i != last; ++i) {
                rows_[*i].fate = Fate::duplicate;
                ids.push_back(rows_[*i].id);
            }
            rejections_.push_back({"duplicate_sku", std::string(number), fmt::format("products.{}.sku", ids[0]),
                                   duplicate_reason(number, ids), std::string(number), ids[0]});
        }
        first = last;
    }
}

void Catalogue::collect() {
    std::size_t articles = 0;
    for (const Row& row : rows_) articles += row.fate == Fate::article ? 1U : 0U;
    entries_.reserve(articles);
    for (const Row& row : rows_) {
        const ProductId main = row.parent == ProductId{} ? row.id : row.parent;
        if (row.fate != Fate::parent && row.fate != Fate::left_out) mains_.push_back(main);
        if (row.fate == Fate::article) {
            entries_.push_back({row.id, main, ArticleNumber{std::string(text(row))}});
        } else if (row.fate == Fate::no_sku) {
            rejections_.push_back({"no_sku", key_of(row.id), fmt::format("products.{}.sku", row.id),
                                   row.parent == ProductId{}
                                       ? "the product has no SKU"
                                       : "the variant has no SKU, and that of its product is not for it alone",
                                   std::string(text(row)), row.id});
        } else if (row.fate == Fate::too_long) {
            rejections_.push_back({"key_too_long", key_of(row.id), fmt::format("products.{}.sku", row.id),
                                   fmt::format("the SKU {} has more than {} characters", text(row), key_characters),
                                   std::string(text(row)), row.id});
        }
    }
    std::sort(mains_.begin(), mains_.end());
    mains_.erase(std::unique(mains_.begin(), mains_.end()), mains_.end());
    mains_.shrink_to_fit();
}

const Catalogue::Row* Catalogue::row_of(ProductId id) const {
    const auto found =
        std::lower_bound(rows_.begin(), rows_.end(), id, [](const Row& row, ProductId wanted) { return row.id < wanted; });
    return found != rows_.end() && found->id == id ? &*found : nullptr;
}

std::optional<Catalogue::Listed> Catalogue::find(ProductId source) const {
    const Row* row = row_of(source);
    if (row == nullptr) return std::nullopt;
    return Listed{row->fate, has_number(row->fate) || row->fate == Fate::too_long ? text(*row) : std::string_view{}};
}

std::optional<ArticleNumber> Catalogue::number_of(ProductId source) const {
    const Row* row = row_of(source);
    if (row == nullptr || row->fate != Fate::article) return std::nullopt;
    return ArticleNumber{std::string(text(*row))};
}

const Catalogue::Family* Catalogue::family_of(ProductId product) const {
    const auto found = std::lower_bound(families_.begin(), families_.end(), product,
                                        [](const Family& family, ProductId wanted) { return family.product < wanted; });
    return found != families_.end() && found->product == product ? &*found : nullptr;
}

std::size_t Catalogue::variants_of(ProductId product) const {
    const Family* family = family_of(product);
    return family == nullptr ? 0 : family->variants;
}

std::optional<ArticleNumber> Catalogue::number_of_only_variant(ProductId product) const {
    const Family* family = family_of(product);
    if (family == nullptr || family->variants != 1) return std::nullopt;
    return number_of(rows_[family->first].id);
}

std::string Catalogue::digest() const {
    Digest digest;
    for (const Row& row : rows_) {
        const std::array<std::int64_t, 3> values{row.id.value(), row.parent.value(), static_cast<std::int64_t>(row.fate)};
        digest.add({reinterpret_cast<const char*>(values.data()), sizeof values}).add(text(row));
    }
    return digest.hex();
}

std::size_t Catalogue::count(Fate fate) const noexcept {
    return static_cast<std::size_t>(std::ranges::count(rows_, fate, &Row::fate));
}

std::vector<ProductId> Catalogue::holders_of(std::string_view number) const {
    std::vector<ProductId> ids;
    const auto first = std::lower_bound(by_number_.begin(), by_number_.end(), number,
                                        [this](Index i, std::string_view wanted) { return text(rows_[i]) < wanted; });
    for (auto i = first; i != by_number_.end() && text(rows_[*i]) == number; ++i) ids.push_back(rows_[*i].id);
    return ids;
}

} // namespace blongo::map
