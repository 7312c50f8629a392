// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <blongo/base/decimal.hpp>
#include <blongo/base/result.hpp>
#include <blongo/base/time.hpp>
#include <blongo/json/value.hpp>

#include "openapi.hpp"
#include "settings.hpp"

namespace blongo::sandbox {

/// What a handler of either side knows of the process.
struct Context {
    Timestamp now;
    const Settings& settings;
    std::function<void(Problem)> violate; ///< records something that the contracts forbid
};

/// A product or a variant of a BaseLinker catalogue (baselinker.md 2.8).
struct Product {
    std::int64_t id = 0;
    std::int64_t parent_id = 0; ///< 0: not a variant
    std::int64_t inventory_id = 0;
    bool is_bundle = false;
    std::string sku, ean, asin;
    Decimal weight;                ///< kg
    Decimal height, width, length; ///< cm
    Decimal tax_rate;
    json::Value category_id = 0;
    std::int64_t manufacturer_id = 0;
    std::vector<std::string> tags;
    std::map<std::string, Decimal> prices;        ///< by price group
    std::map<std::string, std::int64_t> stock;    ///< by warehouse key
    std::map<std::string, std::int64_t> reserved; ///< by warehouse key
    std::map<std::string, std::string> locations; ///< by warehouse key
    std::map<std::string, std::int64_t> bundle;   ///< product id -> quantity
    json::Value text_fields = json::Value::object();
    json::Value ean_additional = json::Value::array();
    json::Value images = json::Value::object();

    [[nodiscard]] std::string name() const { return std::string(text_fields["name"].text()); }
    [[nodiscard]] json::Value to_json() const;
    [[nodiscard]] static Result<Product> from_json(const json::Value& object, std::int64_t default_inventory);
};

/// Calls of one token in time, for the limit of 100 a minute.
struct RateWindow {
    std::deque<Milliseconds> calls; ///< of the last 60 s, steady time
    std::size_t most = 0;           ///< the most calls in any 60 s
    std::uint64_t total = 0;
    Milliseconds blocked_until{0}; ///< steady time; 0: not blocked
    Milliseconds blocked_since{0};
    std::uint64_t refused = 0; ///< calls that came while blocked
};

/// Pieces that an order holds, by catalogue id and warehouse key.
using HeldPieces = std::map<std::pair<std::int64_t, std::string>, std::int64_t>;

/// One BaseLinker account.
struct Account {
    std::string token;
    json::Value dictionaries = json::Value::object(); ///< inventories, warehouses, statuses, couriers, ...
    std::map<std::int64_t, Product> products;
    std::map<std::int64_t, std::vector<std::int64_t>> variants; ///< product id -> its variants
    std::map<std::int64_t, json::Value> orders;                 ///< by order_id, as getOrders answers them
    std::map<std::int64_t, HeldPieces> held;                    ///< by order_id
    std::vector<json::Value> events;                            ///< journal, oldest first
    std::map<std::int64_t, json::Value> packages;               ///< by package_id
    std::int64_t last_order = 0;                                ///< the highest order_id that ever was
    std::map<std::int64_t, json::Value> returns;                ///< by return_id, as getOrderReturns answers them
    std::vector<json::Value> return_events;                     ///< the journal of returns, oldest first
    std::int64_t next_return_event = 77001;
    std::int64_t next_return_line = 22001;
    std::int64_t next_event = 5566000001;
    std::int64_t next_package = 77880001;
    std::int64_t next_line = 930100001;
    std::int64_t next_pickup = 4512;
    RateWindow rate;

    void put_product(Product product);
    bool erase_product(std::int64_t id);
    /// Ids of the main products of a catalogue, ascending; counted again after products came or went.
    [[nodiscard]] const std::vector<std::int64_t>& main_products(std::int64_t inventory_id);
    void record_event(Timestamp now, int type, std::int64_t order_id, std::int64_t object_id);

private:
    std::map<std::int64_t, std::vector<std::int64_t>> main_products_; ///< by inventory_id; empty: not counted
};

/// Stock of an article in one warehouse.
struct Stock {
    Decimal items, locked_for_sale, locked, to_receive;
};

struct Article {
    std::int64_t id = 0;
    json::Value data = json::Value::object(); ///< members of PostArticleModel that are not null
    std::map<std::int64_t, Stock> stock;      ///< by warehouse id
    Timestamp updated, stock_changed;
    std::int64_t writes = 0;    ///< PUTs that were accepted
    bool sellable_null = false; ///< sellableNumberOfItems is answered as null (ongoing.md 2.4)

    [[nodiscard]] std::string number() const { return std::string(data["articleNumber"].text()); }
    [[nodiscard]] bool is_structure() const { return data["structureDefinition"]["articleKind"].text() == "Structure"; }
};

/// An order in the warehouse. `data` holds the accepted PostOrderModel; lines carry what the
/// warehouse did.
struct OrderLine {
    std::int64_t id = 0;
    std::int64_t article_id = 0;
    json::Value data = json::Value::object(); ///< members of PostOrderLine
    Decimal ordered, allocated, picked, packed, returned;
    std::optional<Decimal> reported, reported_returned;
    Timestamp picked_at, packed_at;
    std::int64_t user_id = 0;
};

struct WarehouseOrder {
    std::int64_t id = 0;
    json::Value data = json::Value::object(); ///< members of PostOrderModel without orderLines
    std::vector<OrderLine> lines;
    std::int64_t status = 300;
    Timestamp created, updated, status_changed;
    std::optional<Timestamp> shipped;
    json::Value parcels = json::Value::array(); ///< as GET answers them
    json::Value tracking = json::Value::array();
    json::Value return_tracking = json::Value::array();
    json::Value files = json::Value::array(); ///< GetFileModel
    json::Value way_bill_rows = json::Value::array();
    json::Value way_bill, return_way_bill; ///< null until set
    std::int64_t back_order_for = 0;
    std::int64_t consignee_id = 0;
    std::int64_t writes = 0;
};

/// Pieces of an article that open orders hold.
struct Bookings {
    Decimal booked, allocated;
};

/// One goods owner of an Ongoing warehouse.
struct GoodsOwner {
    std::string warehouse; ///< path part of the address
    std::int64_t id = 1;
    std::string name, user, password;
    json::Value dictionaries = json::Value::object(); ///< warehouses, statuses, transporters, ...
    std::map<std::int64_t, Article> articles;
    std::unordered_map<std::string, std::int64_t> article_by_number;
    std::map<std::int64_t, WarehouseOrder> orders;
    std::unordered_map<std::string, std::int64_t> order_by_number;
    std::map<std::int64_t, json::Value> return_orders; ///< by returnOrderId: {"number", "orderId", "status", "lines", ...}
    json::Value print_jobs = json::Value::array();
    std::int64_t next_return_order = 8801;
    std::int64_t next_article = 30001;
    std::int64_t next_order = 903001;
    std::int64_t next_id = 5001; ///< lines, parcels, files, customers
    std::map<std::string, std::int64_t> customers;
    std::vector<json::Value> webhook_queue;           ///< events that were not sent yet
    std::map<std::string, std::int64_t> last_of_page; ///< list request without cursor -> last id answered

    [[nodiscard]] Article* find_article(const std::string& number);
    [[nodiscard]] WarehouseOrder* find_order(const std::string& number);
    /// What open orders hold of each article; counted again after touch().
    [[nodiscard]] const Bookings& bookings(std::int64_t article_id);
    void touch() { bookings_valid_ = false; }

private:
    std::unordered_map<std::int64_t, Bookings> bookings_;
    bool bookings_valid_ = false;
};

/// Everything that the sandbox plays.
struct World {
    std::vector<std::unique_ptr<Account>> accounts;
    std::vector<std::unique_ptr<GoodsOwner>> goods_owners;

    [[nodiscard]] Account* account(std::string_view token);
    [[nodiscard]] GoodsOwner* goods_owner(std::string_view warehouse, std::int64_t id);

    /// The whole state as PUT /_admin/world takes it.
    [[nodiscard]] json::Value to_json() const;
    /// Replaces everything. Times may be given relative to `now`: "-3d". On an error nothing changes.
    [[nodiscard]] Result<void> load(const json::Value& object, Timestamp now);
};

/// Adds products P000001 to P00000N with SKU, EAN, weight and sizes, the same at every call.
void add_synthetic_products(Account& account, std::int64_t how_many);

} // namespace blongo::sandbox
