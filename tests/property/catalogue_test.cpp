// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <map>
#include <set>

#include "articles.hpp"

using namespace property;
using map::Fate;

namespace {

map::Catalogue build(const std::vector<baselinker::ProductListRow>& rows, bool parent_articles) {
    map::Catalogue result;
    for (const auto& row : rows) result.add(row);
    result.finish(parent_articles);
    return result;
}

std::vector<std::string> refusals(const map::Catalogue& catalogue) {
    std::vector<std::string> result;
    for (const auto& one : catalogue.rejections())
        result.push_back(one.cause + "|" + one.key + "|" + one.reason + "|" + one.label);
    return result;
}

} // namespace

TEST_CASE("A catalogue is the same for any order of its rows") {
    CHECK(holds("order of rows does not matter", [] {
        const auto rows = *listing();
        const bool parents = *rc::gen::arbitrary<bool>();
        const auto one = build(rows, parents);
        const auto other = build(shuffled(rows), parents);
        RC_ASSERT(one.entries() == other.entries());
        RC_ASSERT(one.main_products() == other.main_products());
        RC_ASSERT(refusals(one) == refusals(other));
        RC_ASSERT(one.rows() == other.rows());
    }));
}

TEST_CASE("Every row of a listing ends as an article, a parent, or in a rejection") {
    CHECK(holds("no row is lost", [] {
        const auto rows = *listing();
        const auto catalogue = build(rows, *rc::gen::arbitrary<bool>());
        std::set<ProductId> entries;
        for (const auto& entry : catalogue.entries()) entries.insert(entry.source_id);
        for (const auto& row : rows) {
            const auto listed = catalogue.find(row.id);
            RC_ASSERT(listed);
            RC_ASSERT((listed->fate == Fate::article) == entries.contains(row.id));
            RC_ASSERT(listed->fate != Fate::left_out);
            if (listed->fate == Fate::article || listed->fate == Fate::parent) continue;
            const std::string key =
                listed->fate == Fate::duplicate ? std::string(listed->number) : "#" + std::to_string(row.id.value());
            RC_ASSERT(std::ranges::count(catalogue.rejections(), key, &map::Rejection::key) == 1);
        }
    }));
}

TEST_CASE("Article numbers of a catalogue are unique, valid, and belong to products that are asked for") {
    CHECK(holds("numbers are unique", [] {
        const auto catalogue = build(*listing(), *rc::gen::arbitrary<bool>());
        std::set<ArticleNumber> numbers;
        for (const auto& entry : catalogue.entries()) {
            RC_ASSERT(numbers.insert(entry.number).second);
            RC_ASSERT(!entry.number.value().empty());
            RC_ASSERT(entry.number.value().size() <= 50U);
            RC_ASSERT(catalogue.holders_of(entry.number.value()) == std::vector{entry.source_id});
            RC_ASSERT(std::ranges::binary_search(catalogue.main_products(), entry.product_id));
        }
    }));
}

TEST_CASE("Listing and details agree on the numbers of an unchanged catalogue") {
    CHECK(holds("the same entries, whichever is read", [] {
        const auto options = any_options();
        const int count = *rc::gen::inRange(1, 5);
        std::vector<baselinker::Product> products;
        map::Catalogue catalogue;
        for (int id = 1; id <= count; ++id) {
            products.push_back(any_product(id));
            list(catalogue, products.back());
        }
        catalogue.finish(options.parent_articles);
        std::map<ProductId, ArticleNumber> mapped;
        for (const auto& product : products) {
            const auto result = map_product(product, catalogue, options);
            RC_ASSERT(result.rejected.empty());
            for (const auto& article : result.articles) RC_ASSERT(mapped.emplace(article.source_id, article.number).second);
        }
        RC_ASSERT(mapped.size() == catalogue.entries().size());
        for (const auto& entry : catalogue.entries()) RC_ASSERT(mapped.at(entry.source_id) == entry.number);
    }));
}

TEST_CASE("A product alone gets the same numbers with and without its listing") {
    CHECK(holds("details follow the listing's rules", [] {
        const auto options = any_options();
        const auto product = any_product(1);
        map::Catalogue listed;
        list(listed, product);
        listed.finish(options.parent_articles);
        map::Catalogue nothing;
        nothing.finish(options.parent_articles);
        const auto with = map_product(product, listed, options);
        const auto without = map_product(product, nothing, options);
        RC_ASSERT(with.articles.size() == without.articles.size());
        for (std::size_t i = 0; i < with.articles.size(); ++i)
            RC_ASSERT(with.articles[i].fingerprint() == without.articles[i].fingerprint());
        RC_ASSERT(without.rejected.size() == listed.rejections().size());
    }));
}
