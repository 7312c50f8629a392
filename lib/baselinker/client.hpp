// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <blongo/base/clock.hpp>
#include <blongo/base/error.hpp>
#include <blongo/base/ids.hpp>
#include <blongo/base/result.hpp>
#include <blongo/base/secret.hpp>
#include <blongo/base/time.hpp>
#include <blongo/baselinker/order_wire.hpp>
#include <blongo/baselinker/package_wire.hpp>
#include <blongo/baselinker/wire.hpp>
#include <blongo/http/transport.hpp>
#include <blongo/json/reader.hpp>
#include <blongo/json/value.hpp>

namespace blongo::baselinker {

/// Numbers of the contract, each with its section.
namespace limits {
inline constexpr int products_per_list_page = 1000;    ///< 2.6
inline constexpr int products_per_data_call = 100;     ///< 2.8, undocumented maximum: the safe number
inline constexpr int products_per_stock_update = 1000; ///< 2.9
inline constexpr int refused_data_calls = 31;          ///< 2.8: so many refusals and no answer: no single id is to blame
inline constexpr int orders_per_call = 100;            ///< 3.1
inline constexpr int orders_per_status_call = 100;     ///< 3.4
inline constexpr int list_pages_guard = 20'000;        ///< a listing longer than this is an endless loop
} // namespace limits

struct ClientOptions {
    std::string url;
    Secret token;
    Milliseconds read_timeout{60'000};
    Milliseconds courier_timeout{120'000};
    bool custom_extra_fields = false; ///< every getOrders asks for them: what is compared must not depend on who reads
};

/// The BaseLinker connector API, one method per API method. Every call is one POST (contract
/// section 1); what may be repeated is decided by the Effect that each method gives its request.
class Client {
public:
    Client(http::Transport& transport, Clock& clock, ClientOptions options);

    /// One call of any method: {"status":"SUCCESS", ...} or an Error. `parameters` is a JSON object.
    [[nodiscard]] Result<json::Document> call(const std::string& method, const std::string& parameters, http::Effect effect,
                                              Milliseconds timeout, http::Departure departure = {});

    /// How long an answer of a call is waited for that asks no carrier.
    [[nodiscard]] Milliseconds read_timeout() const noexcept { return options_.read_timeout; }

    /// call() with the courier time-out: methods that call a carrier while one waits (class Couriers).
    [[nodiscard]] Result<json::Document> call_courier(const std::string& method, const std::string& parameters,
                                                      http::Effect effect, http::Departure departure = {});

    /// Effect::read, no paging.
    [[nodiscard]] Result<std::vector<Inventory>> get_inventories();
    [[nodiscard]] Result<std::vector<Warehouse>> get_inventory_warehouses();
    [[nodiscard]] Result<std::vector<OrderStatus>> get_order_status_list();
    [[nodiscard]] Result<OrderSources> get_order_sources();
    /// getInventoryCategories and getInventoryManufacturers are not in the contract; filters by
    /// category and manufacturer therefore compare ids.

    /// All rows, page by page in ascending id order, variants included (2.6): goes on until a page is
    /// empty or brings no new id. An error on any page ends the listing with that error.
    [[nodiscard]] Result<void> each_product(InventoryId inventory, const std::function<Result<void>(ProductListRow&&)>& row);

    /// Products and variants whose SKU is exactly this, by the filter of 2.6; one call. Rows that the side
    /// answers although their SKU is another one are left out.
    [[nodiscard]] Result<std::vector<ProductListRow>> find_products(InventoryId inventory, const std::string& sku);

    /// Details of at most products_per_data_call ids (more is ErrorKind::internal). If the side
    /// refuses the whole call because of one id (2.8), halves until the culprit is alone; if it
    /// refuses everything, that refusal is the error.
    [[nodiscard]] Result<ProductsData> get_products_data(InventoryId inventory, std::span<const ProductId> ids);

    /// Answers whether somebody knows the body of an answer to these parameters already. Asked of every answer to a call for all
    /// of the ids, in the thread that calls: also of refusals and of what is asked for again, so that the last one counts.
    using KnowsAnswer = std::function<bool(const std::string& parameters, const std::string& body)>;
    /// The same where the same answer comes again and again: nullopt when `knows` knows it, and nobody reads it.
    [[nodiscard]] Result<std::optional<ProductsData>> get_products_data(InventoryId inventory, std::span<const ProductId> ids,
                                                                        const KnowsAnswer& knows);

    /// getInventoryProductsStock, page by page; a page that is not full is the last one (2.7).
    [[nodiscard]] Result<void> each_product_stock(InventoryId inventory, const std::function<Result<void>(ProductStock&&)>& row);

    /// updateInventoryProductsStock: absolute figures by product or variant id (2.9), at most
    /// products_per_stock_update; more, or a figure below 0, is ErrorKind::internal. Effect::idempotent_write.
    [[nodiscard]] Result<StockUpdate>
    update_products_stock(InventoryId inventory, const std::map<ProductId, std::map<WarehouseKey, std::int64_t>>& figures);

    /// getOrders: one call, at most orders_per_call rows. An order_id that the side does not know gives
    /// no rows.
    [[nodiscard]] Result<OrdersPage> get_orders(const OrderQuery& query);
    /// getOrders by id, unconfirmed orders included: that order, in `orders` or in `bad`, or nothing when it is gone.
    [[nodiscard]] Result<OrdersPage> get_order(BaseOrderId id);
    /// All orders of a filter from date_confirmed_from on, each once, over as many calls as it takes (3.1):
    /// the cursor moves to the last second seen, never behind it; a full page within one second, rows that
    /// do not ascend, and unconfirmed orders are paged by id. Protocol error if the side's order allows no
    /// safe paging: part of a listing is never taken for the listing.
    [[nodiscard]] Result<OrderListing> each_order(const OrderQuery& query, const std::function<Result<void>(Order&&)>& order,
                                                  const std::function<Result<void>(BadOrder&&)>& bad);
    /// getJournalList behind `last_log_id`, call after call until nothing new comes (3.3); ascending.
    [[nodiscard]] Result<std::vector<JournalEntry>> get_journal_list(std::int64_t last_log_id, std::span<const int> log_types);
    /// Each change of status may fire the seller's mails, invoices and shipments: Effect::unsafe_write.
    [[nodiscard]] Result<void> set_order_status(BaseOrderId order, OrderStatusId status, http::Departure departure = {});
    /// At most orders_per_status_call; no result per order: read them again.
    [[nodiscard]] Result<void> set_order_statuses(std::span<const BaseOrderId> orders, OrderStatusId status,
                                                  http::Departure departure = {});
    /// Only the members of `fields` change (3.4). A name, type or length that the API does not take is
    /// ErrorKind::internal and sends nothing. Effect::idempotent_write.
    [[nodiscard]] Result<void> set_order_fields(BaseOrderId order, const json::Value& fields);
    /// Runs an automatic action of the seller; SUCCESS means accepted. Effect::unsafe_write.
    [[nodiscard]] Result<void> run_order_macro_trigger(BaseOrderId order, std::int64_t trigger_id,
                                                       http::Departure departure = {});

private:
    [[nodiscard]] Result<std::optional<json::Document>> call_unless_known(const std::string& method,
                                                                          const std::string& parameters, http::Effect effect,
                                                                          Milliseconds timeout, http::Departure departure,
                                                                          const KnowsAnswer* knows);
    [[nodiscard]] Result<std::optional<ProductsData>> products_data(InventoryId inventory, std::span<const ProductId> ids,
                                                                    const KnowsAnswer* knows);
    /// call() with Effect::read and the read time-out.
    [[nodiscard]] Result<json::Document> read(const std::string& method, const std::string& parameters);
    http::Transport& transport_;
    Clock& clock_;
    ClientOptions options_;
};

/// What an answer of the connector means (1.1, 1.2): nothing when it is SUCCESS, else its Error.
/// throttled carries retry_at: the date of the message read as Europe/Warsaw and as UTC, the one
/// in (now, now + 20 min], plus 10 s; 10 min from now when neither fits.
[[nodiscard]] std::optional<Error> classify(const http::Response& response, const std::string& method, Timestamp now);

/// The form body: method=...&parameters=..., every byte outside A-Za-z0-9-_.~ percent-encoded.
[[nodiscard]] std::string form_body(const std::string& method, const std::string& parameters);

} // namespace blongo::baselinker
