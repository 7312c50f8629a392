// SPDX-License-Identifier: Apache-2.0
#include <blongo/ongoing/article_listing.hpp>
#include <blongo/ongoing/client.hpp>
#include <blongo/ongoing/decode.hpp>
#include <blongo/ongoing/read.hpp>
#include <blongo/ongoing/verdict.hpp>

namespace blongo::ongoing {
namespace {

using http::Effect;

constexpr Operation get_articles{"GET", "/articles"};
constexpr Operation get_one_article{"GET", "/articles/{articleSystemId}"};
constexpr Operation put_by_number{"PUT", "/articles", Effect::idempotent_write, "articleSystemId"};
constexpr Operation put_by_id{"PUT", "/articles/{articleSystemId}", Effect::idempotent_write, "articleSystemId"};
constexpr Operation get_structures{"GET", "/articles/structureDefinitions"};

Result<std::vector<std::string>> number_texts(std::span<const ArticleNumber> numbers, const Operation& operation) {
    if (numbers.size() > static_cast<std::size_t>(limits::numbers_per_lookup))
        return fail(ErrorKind::internal, std::to_string(numbers.size()) + " article numbers in one look-up", operation.name());
    std::vector<std::string> texts;
    texts.reserve(numbers.size());
    for (const ArticleNumber& number : numbers) texts.push_back(number.value());
    return texts;
}

Result<ArticleSystemId> id_in(const json::Document& answer, const Operation& operation) {
    const auto id = integer_of(answer.root()["articleSystemId"]);
    if (!id) return fail(ErrorKind::ambiguous, "articleSystemId is no whole number: the outcome is unknown", operation.name());
    return ArticleSystemId(*id);
}

} // namespace

Result<void> Client::each_article(const std::function<Result<void>(Article&&)>& row,
                                  std::optional<Timestamp> stock_changed_from) {
    ArticleListing listing(*this);
    if (stock_changed_from) listing.only_stock_changed_from(*stock_changed_from);
    for (int page = 0; page < limits::list_pages_guard; ++page) {
        BLONGO_TRY(const bool more, listing.next(row));
        if (!more) return {};
    }
    return fail(ErrorKind::protocol, "the list does not end", get_articles.name());
}

Result<std::vector<Article>> Client::find_articles(std::span<const ArticleNumber> numbers) {
    BLONGO_TRY(const auto texts, number_texts(numbers, get_articles));
    std::vector<Article> articles;
    const std::string name = get_articles.name();
    BLONGO_CHECK(look_up(get_articles, owner(), "articleNumbers", texts, [&](json::Node root) -> Result<void> {
        BLONGO_TRY(const json::Node list, list_at(root, name));
        for (const json::Node item : list) {
            BLONGO_TRY(Article article, decode_article(item, name));
            articles.push_back(std::move(article));
        }
        return {};
    }));
    return articles;
}

Result<std::optional<Article>> Client::get_article(ArticleSystemId id) {
    const auto document = call(get_one_article, "/articles/" + std::to_string(id.value()), {});
    if (!document && document.error().kind == ErrorKind::not_found) return std::optional<Article>{};
    if (!document) return fail(document.error());
    BLONGO_TRY(Article article, decode_article(document->root(), get_one_article.name()));
    return std::optional<Article>(std::move(article));
}

Result<ArticleSystemId> Client::put_article(const json::Value& post_article_model) {
    BLONGO_TRY(const auto answer, call(put_by_number, "/articles", {}, with_owner(post_article_model)));
    return id_in(answer, put_by_number);
}

Result<ArticleSystemId> Client::put_article(ArticleSystemId id, const json::Value& post_article_model) {
    BLONGO_TRY(const auto answer, call(put_by_id, "/articles/" + std::to_string(id.value()), {}, with_owner(post_article_model)));
    return id_in(answer, put_by_id);
}

Result<std::vector<StructureDefinition>> Client::find_structures(std::span<const ArticleNumber> numbers) {
    BLONGO_TRY(const auto texts, number_texts(numbers, get_structures));
    http::Query fixed = owner();
    fixed.emplace_back("articleKind", "Structure");
    std::vector<StructureDefinition> structures;
    const std::string name = get_structures.name();
    BLONGO_CHECK(look_up(get_structures, fixed, "articleNumbers", texts, [&](json::Node root) -> Result<void> {
        BLONGO_TRY(const json::Node list, list_at(root, name));
        for (const json::Node item : list) structures.push_back(decode_structure(item));
        return {};
    }));
    return structures;
}

} // namespace blongo::ongoing
