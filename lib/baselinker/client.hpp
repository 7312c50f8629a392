// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include <blongo/base/clock.hpp>
#include <blongo/base/secret.hpp>
#include <blongo/baselinker/wire.hpp>
#include <blongo/http/transport.hpp>
#include <blongo/json/reader.hpp>

namespace blongo::baselinker {

/// Numbers of the contract, each with its section.
namespace limits {
inline constexpr int products_per_list_page = 1000;  ///< 2.6
inline constexpr int products_per_data_call = 100;   ///< 2.8, undocumented maximum: the safe number
inline constexpr int products_per_stock_update = 1000; ///< 2.9
inline constexpr int refused_data_calls = 31;        ///< 2.8: so many refusals and no answer: no single id is to blame
inline constexpr int orders_per_call = 100;          ///< 3.1
inline constexpr int orders_per_status_call = 100;   ///< 3.4
inline constexpr int list_pages_guard = 20'000;      ///< a listing longer than this is an endless loop
} // namespace limits

struct ClientOptions {
    std::string url;
    Secret token;
    Milliseconds read_timeout{60'000};
    Milliseconds courier_timeout{120'000};
};

/// The BaseLinker connector API, one method per API method. Every call is one POST (contract
/// section 1); what may be repeated is decided by the Effect that each method gives its request.
class Client {
public:
    Client(http::Transport& transport, Clock& clock, ClientOptions options);

    /// One call of any method: {"status":"SUCCESS", ...} or an Error. `parameters` is a JSON object.
    [[nodiscard]] Result<json::Document> call(const std::string& method, const std::string& parameters,
                                              http::Effect effect, Milliseconds timeout);

    /// Effect::read, no paging.
    [[nodiscard]] Result<std::vector<Inventory>> get_inventories();
    [[nodiscard]] Result<std::vector<Warehouse>> get_inventory_warehouses();
    [[nodiscard]] Result<std::vector<OrderStatus>> get_order_status_list();
    [[nodiscard]] Result<OrderSources> get_order_sources();
    /// getInventoryCategories and getInventoryManufacturers are not in the contract; filters by
    /// category and manufacturer therefore compare ids.

    /// All rows, page by page in ascending id order, variants included (2.6): goes on until a page is
    /// empty or brings no new id. An error on any page ends the listing with that error.
    [[nodiscard]] Result<void> each_product(InventoryId inventory,
                                            const std::function<Result<void>(ProductListRow&&)>& row);

    /// Details of at most products_per_data_call ids (more is ErrorKind::internal). If the side
    /// refuses the whole call because of one id (2.8), halves until the culprit is alone; if it
    /// refuses everything, that refusal is the error.
    [[nodiscard]] Result<ProductsData> get_products_data(InventoryId inventory,
                                                         std::span<const ProductId> ids);

    [[nodiscard]] Result<void> each_product_stock(InventoryId inventory,
                                                  const std::function<Result<void>(ProductStock&&)>& row);

private:
    /// call() with Effect::read and the read time-out.
    [[nodiscard]] Result<json::Document> read(const std::string& method, const std::string& parameters);
    http::Transport& transport_;
    Clock& clock_;
    ClientOptions options_;
};

/// What an answer of the connector means (1.1, 1.2): nothing when it is SUCCESS, else its Error.
/// throttled carries retry_at: the date of the message read as Europe/Warsaw and as UTC, the one
/// in (now, now + 20 min], plus 10 s; 10 min from now when neither fits.
[[nodiscard]] std::optional<Error> classify(const http::Response& response, const std::string& method,
                                            Timestamp now);

/// The form body: method=...&parameters=..., every byte outside A-Za-z0-9-_.~ percent-encoded.
[[nodiscard]] std::string form_body(const std::string& method, const std::string& parameters);

} // namespace blongo::baselinker
