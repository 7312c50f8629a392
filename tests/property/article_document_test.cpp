// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "articles.hpp"

using namespace property;

namespace {

map::MappedProduct map_alone(const baselinker::Product& product, const map::ArticleOptions& options) {
    map::Catalogue catalogue;
    list(catalogue, product);
    catalogue.finish(options.parent_articles);
    return map_product(product, catalogue, options);
}

} // namespace

TEST_CASE("A fingerprint does not follow the order of BaseLinker's members, nor what is not mapped") {
    CHECK(holds("same values, same fingerprint", [] {
        const auto options = any_options();
        const auto product = any_product(1);
        auto other = product;
        other.variants = shuffled(other.variants);
        other.additional_eans = shuffled(other.additional_eans);
        // Of two entries of one EAN the first counts: their order is a value.
        const auto& packs = product.additional_eans;
        const bool ambiguous = packs.size() == 2 && packs[0].ean == packs[1].ean;
        RC_PRE(!ambiguous);
        other.tags = {"x"};
        other.stock[WarehouseKey{"bl_1"}] = *rc::gen::inRange<std::int64_t>(-5, 5);
        other.text_fields["extra_field_1"] = "y";
        const auto before = map_alone(product, options);
        const auto after = map_alone(other, options);
        RC_ASSERT(before.articles.size() == after.articles.size());
        for (std::size_t i = 0; i < before.articles.size(); ++i) {
            RC_ASSERT(before.articles[i].fingerprint() == after.articles[i].fingerprint());
            RC_ASSERT(before.articles[i].members == after.articles[i].members);
        }
    }));
}

TEST_CASE("A fingerprint does not follow the order in which members stand") {
    CHECK(holds("order of members does not matter", [] {
        const auto mapped = map_alone(any_product(1), any_options());
        for (auto article : mapped.articles) {
            const std::string before = article.fingerprint();
            article.members = shuffled(article.members);
            RC_ASSERT(article.fingerprint() == before);
        }
    }));
}

TEST_CASE("A mapped article reports no blank value and no other members than the table's") {
    CHECK(holds("members are of the table and say something", [] {
        const auto mapped = map_alone(any_product(1), any_options());
        for (const auto& article : mapped.articles) {
            for (const auto& member : article.members) {
                RC_ASSERT(std::ranges::count(map::article_mapping(), member.target, &map::MappingRow::target) == 1);
                RC_ASSERT(!member.value.is_null());
                RC_ASSERT((!member.value.is_string() || !member.value.text().empty()));
                RC_ASSERT((!member.value.is_number() || *member.value.decimal() > Decimal{}));
            }
        }
    }));
}
