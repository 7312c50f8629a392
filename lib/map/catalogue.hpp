// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/baselinker/wire.hpp>
#include <blongo/map/document.hpp>

namespace blongo::map {

/// An article that will come out of the catalogue, known from the listing alone.
struct CatalogueEntry {
    ProductId source_id, product_id;
    ArticleNumber number;
    friend bool operator==(const CatalogueEntry&, const CatalogueEntry&) = default;
};

/// What became of one row of the listing.
enum class Fate : std::uint8_t {
    article,  ///< has a number of its own: stands in entries()
    parent,   ///< has variants and parents are skipped
    left_out, ///< include / exclude by SKU
    no_sku,   ///< refused: neither an SKU nor one to take over
    too_long, ///< refused: more than 50 characters
    duplicate ///< refused: another product or variant has the same number
};

/// The whole listing, small: ids and SKUs. Decides article numbers and finds doubled and missing
/// SKUs before anything is written. Rows may come in any order, and more than once.
class Catalogue {
public:
    /// Answers whether include / exclude let an article of this number through ("": it has none).
    using SkuFilter = std::function<bool(std::string_view number)>;

    void add(const baselinker::ProductListRow& row);
    /// Ends the listing: resolves numbers (variant SKU, else the product's SKU if no sibling needs it
    /// too), finds duplicates and missing SKUs, refuses numbers over 50 characters. Rows that `wanted`
    /// refuses are neither articles nor duplicates of one. Called once.
    void finish(bool parent_articles, const SkuFilter& wanted = {});

    [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
    [[nodiscard]] std::size_t rows() const noexcept { return rows_.size(); }
    /// How many rows came to this.
    [[nodiscard]] std::size_t count(Fate fate) const noexcept;
    /// Main products, ascending: what details are asked for.
    [[nodiscard]] const std::vector<ProductId>& main_products() const noexcept { return mains_; }
    /// Articles with a number of their own, ascending by source id.
    [[nodiscard]] const std::vector<CatalogueEntry>& entries() const noexcept { return entries_; }
    /// no_sku, key_too_long (key "#<id>"), duplicate_sku (one per group: key is the SKU, reason names
    /// the ids, at most 10 of them).
    [[nodiscard]] const std::vector<Rejection>& rejections() const noexcept { return rejections_; }
    /// The number under which a product or variant goes to Ongoing; nullopt when it has none.
    [[nodiscard]] std::optional<ArticleNumber> number_of(ProductId source) const;
    /// How many variants the listing shows for a main product.
    [[nodiscard]] std::size_t variants_of(ProductId product) const;
    /// The only variant of a product that has a number; nullopt when there are none or several.
    [[nodiscard]] std::optional<ArticleNumber> number_of_only_variant(ProductId product) const;

    /// A digest of all of it after finish(): what comes of a product by one catalogue comes of it by another of the same.
    [[nodiscard]] std::string digest() const;

    /// A row of the listing after finish().
    struct Listed {
        Fate fate = Fate::article;
        std::string_view number; ///< resolved; empty without SKU. Refused ones too
    };
    [[nodiscard]] std::optional<Listed> find(ProductId source) const;
    /// Products and variants that would have this number, ascending; several: a group of duplicates.
    [[nodiscard]] std::vector<ProductId> holders_of(std::string_view number) const;

private:
    struct Row {
        ProductId id, parent;
        std::uint64_t offset = 0; ///< into texts_: the number; the name where there is none
        std::uint16_t length = 0;
        Fate fate = Fate::article;
    };
    using Index = std::uint32_t;
    struct Family {
        ProductId product;
        Index variants = 0; ///< how many
        Index first = 0;    ///< row of the first
    };

    [[nodiscard]] std::string_view text(const Row& row) const noexcept;
    [[nodiscard]] const Row* row_of(ProductId id) const;
    [[nodiscard]] const Family* family_of(ProductId product) const;
    void drop_repeated_rows();
    void resolve_families(bool parent_articles);
    void leave_out(const SkuFilter& wanted);
    void refuse_duplicates();
    void collect();

    std::vector<Row> rows_; ///< after finish(): ascending by id
    std::string texts_;
    std::vector<ProductId> mains_;
    std::vector<CatalogueEntry> entries_;
    std::vector<Rejection> rejections_;
    std::vector<Family> families_; ///< ascending by product
    std::vector<Index> by_number_; ///< rows with a valid number, by number, then id
};

/// One sentence for a group of equal SKUs: at most 10 ids, then how many more.
[[nodiscard]] std::string duplicate_reason(std::string_view number, const std::vector<ProductId>& ids);

} // namespace blongo::map
