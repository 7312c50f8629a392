// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/base/clock.hpp>
#include <blongo/base/error.hpp>
#include <blongo/base/ids.hpp>
#include <blongo/base/result.hpp>
#include <blongo/base/secret.hpp>
#include <blongo/base/time.hpp>
#include <blongo/http/transport.hpp>
#include <blongo/http/url.hpp>
#include <blongo/json/reader.hpp>
#include <blongo/json/value.hpp>
#include <blongo/ongoing/delivery_wire.hpp>
#include <blongo/ongoing/order_wire.hpp>
#include <blongo/ongoing/wire.hpp>

namespace blongo::ongoing {

struct Operation;

/// Numbers of the contract, each with its section.
namespace limits {
inline constexpr int articles_per_page = 500;       ///< 1.6, 7 row 15
inline constexpr int numbers_per_lookup = 100;      ///< articleNumbers / orderNumbers repeated keys in one query
inline constexpr int orders_per_page = 200;         ///< 1.6: far longer rows than articles
inline constexpr std::size_t key_characters = 50;   ///< 1.7: orderNumber, rowNumber, articleNumber, waybill: refuse, never cut
inline constexpr std::size_t text_characters = 500; ///< 1.7: orderRemark, warehouseInstruction
inline constexpr std::size_t article_name_characters = 200;
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

struct IdPaging;

/// The goods owner REST API, one method per operation. PUT by natural key, PATCH and DELETE are
/// idempotent writes except orders' intents; POST of files and way bill rows are unsafe writes.
class Client {
public:
    Client(http::Transport& transport, Clock& clock, ClientOptions options);

    /// One call of an operation: the document of a good answer, or the Error. `path` stands behind /api/v1.
    [[nodiscard]] Result<json::Document> call(const Operation& operation, const std::string& path, const http::Query& query,
                                              std::string body = {}, http::Departure departure = {});

    /// Splits `values` into repeated keys of as many calls as query_bytes asks for, and hands on each answer.
    [[nodiscard]] Result<void> look_up(const Operation& operation, const http::Query& fixed, const std::string& key,
                                       std::span<const std::string> values,
                                       const std::function<Result<void>(json::Node)>& answer);
    [[nodiscard]] http::Query owner() const; ///< goodsOwnerId=...
    /// The text of a model, with the goods owner that every model requires in front.
    [[nodiscard]] std::string with_owner(const json::Value& model) const;
    /// Articles of the goods owner, page by page with the id cursor (1.6): until a page is empty.
    /// Error (protocol) if the cursor does not grow.
    /// With `stock_changed_from` only those whose stock changed after it: at most 24 h back (2.4).
    [[nodiscard]] Result<void> each_article(const std::function<Result<void>(Article&&)>& row,
                                            std::optional<Timestamp> stock_changed_from = std::nullopt);
    /// Stock figures by warehouse, paged alike (2.4).
    [[nodiscard]] Result<void> each_warehouse_stock(std::optional<Timestamp> changed_from,
                                                    const std::function<Result<void>(WarehouseStock&&)>& row);
    /// Stock figures of these articles; several calls when the query would get too long.
    [[nodiscard]] Result<std::vector<WarehouseStock>> find_warehouse_stock(std::span<const ArticleNumber> numbers);
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

    /// Orders of a filter, page by page with the id cursor (1.6): until a page is empty. Error (protocol)
    /// if the cursor does not grow.
    [[nodiscard]] Result<void> each_order(const OrderQuery& query, const std::function<Result<void>(Order&&)>& row);
    /// GET /orders?orderNumbers=...: at most numbers_per_lookup; several calls when the query would get too long.
    [[nodiscard]] Result<std::vector<Order>> find_orders(std::span<const OrderNumber> numbers);
    /// nullopt when the side says that there is none.
    [[nodiscard]] Result<std::optional<Order>> get_order(OngoingOrderId id);
    /// PUT /orders with a PostOrderModel (goodsOwnerId is filled in): creates or updates by orderNumber. A 2xx
    /// without an id is ErrorKind::ambiguous.
    [[nodiscard]] Result<OngoingOrderId> put_order(const json::Value& post_order_model);
    [[nodiscard]] Result<OngoingOrderId> put_order(OngoingOrderId id, const json::Value& post_order_model);
    /// Cancels. The answer proves nothing: read the order and look for the cancelled status (3.9).
    [[nodiscard]] Result<void> delete_order(OngoingOrderId id);

    // PATCH of one member, allowed while the order is being picked (3.6). A text that is too long is
    // ErrorKind::rejected and sends nothing.
    [[nodiscard]] Result<void> patch_order_remark(OngoingOrderId id, const std::string& text);
    [[nodiscard]] Result<void> patch_service_point_code(OngoingOrderId id, const std::string& code);
    [[nodiscard]] Result<void> patch_warehouse_instruction(OngoingOrderId id, const std::string& text);
    [[nodiscard]] Result<void> patch_waybill(OngoingOrderId id, const std::string& number);
    [[nodiscard]] Result<void> patch_return_waybill(OngoingOrderId id, const std::string& number);
    [[nodiscard]] Result<void> patch_order_status(OngoingOrderId id, std::int64_t number);
    /// `date_time`: ISO 8601 with zone.
    [[nodiscard]] Result<void> patch_delivery_date(OngoingOrderId id, const std::string& date_time);
    /// Adds; classes that other systems set stay.
    [[nodiscard]] Result<void> add_order_classes(OngoingOrderId id, std::span<const OrderClass> classes);

private:
    /// All pages of a list (read_page of paging.hpp). `row` hands an item on unless its id lies behind `from`, and returns the id.
    [[nodiscard]] Result<void> each_page(const Operation& operation, const http::Query& fixed, const IdPaging& paging,
                                         const std::function<Result<std::int64_t>(json::Node, std::int64_t from)>& row);
    [[nodiscard]] Result<void> patch_order(const Operation& operation, OngoingOrderId id, const json::Value& body);
    [[nodiscard]] Result<void> patch_order_text(const Operation& operation, OngoingOrderId id, const std::string& text,
                                                std::size_t most_characters);
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

/// The same for orders: PostOrderModel from GetOrderModel, bare dates as noon UTC. Error (rejected) if a line
/// cannot be said again (people made it without a row number): a shorter list would delete it.
[[nodiscard]] Result<json::Value> post_model_of_order(const json::Value& get_order_model);
/// Whether GetOrderModel shows this member of PostOrderModel ("consignee.name"; of lines "orderLines[].comment").
[[nodiscard]] bool reads_back_of_order(std::string_view target);

} // namespace blongo::ongoing
