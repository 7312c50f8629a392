// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <blongo/base/clock.hpp>
#include <blongo/base/secret.hpp>
#include <blongo/http/transport.hpp>
#include <blongo/http/url.hpp>
#include <blongo/ongoing/wire.hpp>

namespace blongo::ongoing {

struct Operation;

/// Numbers of the contract, each with its section.
namespace limits {
inline constexpr int articles_per_page = 500; ///< 1.6, 7 row 15
inline constexpr int numbers_per_lookup = 100; ///< articleNumbers / orderNumbers repeated keys in one query
inline constexpr int key_characters = 50;      ///< 1.7: orderNumber, rowNumber, articleNumber: refuse, never cut
inline constexpr int article_name_characters = 200;
inline constexpr std::size_t query_bytes = 1900; ///< IIS refuses longer queries unless told otherwise
inline constexpr int list_pages_guard = 100'000;
} // namespace limits

struct ClientOptions {
    std::string url; ///< base url without /api/v1
    std::string username;
    Secret password;
    GoodsOwnerId goods_owner_id;
    Milliseconds timeout{60'000};
};

/// The goods owner REST API, one method per operation. PUT by natural key, PATCH and DELETE are
/// idempotent writes except orders' intents; POST of files and way bill rows are unsafe writes.
class Client {
public:
    Client(http::Transport& transport, Clock& clock, ClientOptions options);

    /// Articles of the goods owner, page by page with the id cursor (1.6): until a page is empty.
    /// Error (protocol) if the cursor does not grow.
    [[nodiscard]] Result<void> each_article(const std::function<Result<void>(Article&&)>& row);
    /// GET /articles?articleNumbers=...: at most numbers_per_lookup; order and completeness are the side's.
    /// Several calls when the query would get too long.
    [[nodiscard]] Result<std::vector<Article>> find_articles(std::span<const ArticleNumber> numbers);
    /// GET /articles/{id}; nullopt when the side says that there is none.
    [[nodiscard]] Result<std::optional<Article>> get_article(ArticleSystemId id);
    /// PUT /articles with a PostArticleModel (goodsOwnerId is filled in). The new or old system id;
    /// a 2xx without one is ErrorKind::ambiguous.
    [[nodiscard]] Result<ArticleSystemId> put_article(const json::Value& post_article_model);
    /// PUT /articles/{articleSystemId}: renames when articleNumber differs.
    [[nodiscard]] Result<ArticleSystemId> put_article(ArticleSystemId id, const json::Value& post_article_model);
    /// GET /articles/structureDefinitions?articleKind=Structure for the numbers.
    [[nodiscard]] Result<std::vector<StructureDefinition>> find_structures(std::span<const ArticleNumber> numbers);

    [[nodiscard]] Result<std::vector<Warehouse>> get_warehouses();
    [[nodiscard]] Result<std::vector<OrderStatus>> get_order_statuses();
    [[nodiscard]] Result<std::vector<TransporterContract>> get_transporter_contracts();
    [[nodiscard]] Result<std::vector<WayOfDelivery>> get_ways_of_delivery();

private:
    /// One call of an operation: the document of a good answer, or the Error.
    [[nodiscard]] Result<json::Document> call(const Operation& operation, const std::string& path,
                                              const http::Query& query, const std::string& body = {});
    /// Splits `values` into repeated keys of as many calls as query_bytes asks for, and hands on each answer.
    [[nodiscard]] Result<void> look_up(const Operation& operation, const http::Query& fixed, const std::string& key,
                                       std::span<const std::string> values,
                                       const std::function<Result<void>(json::Node)>& answer);
    [[nodiscard]] http::Query owner() const;
    http::Transport& transport_;
    Clock& clock_;
    ClientOptions options_;
};

/// What an answer means (1.4): nothing when it is a good 2xx with JSON, else its Error. A 2xx that is
/// no JSON is unavailable for a read and ambiguous for a write; Retry-After, counted from `now`,
/// becomes retry_at.
[[nodiscard]] std::optional<Error> classify(const http::Response& response, const std::string& name,
                                            http::Effect effect = http::Effect::read, Timestamp now = {});

/// The PostArticleModel that says again what a GetArticleModel says: every member that both models
/// share, under its request name (classes -> articleClassesInfo, ...), nulls left out. The base of every
/// update: overlay the members that we own, PUT the result. (1.8)
[[nodiscard]] json::Value post_model_of(const json::Value& get_article_model);

} // namespace blongo::ongoing
