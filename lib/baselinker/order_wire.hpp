// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <blongo/base/decimal.hpp>
#include <blongo/base/ids.hpp>
#include <blongo/base/time.hpp>

/// Orders as BaseLinker's answers hold them (contract section 3), with every quirk undone. Names are
/// the API's own. Empty text, 0 and no time mean "not filled in".
namespace blongo::baselinker {

/// getOrders.orders[].products[]: a line.
struct OrderProduct {
    OrderProductId order_product_id; ///< the line's stable key
    std::string storage;             ///< "db", "shop", "warehouse"
    std::int64_t storage_id = 0;
    std::string product_id, variant_id; ///< in that storage; "" or "0": unknown, none
    std::string name, attributes, sku, ean, location, auction_id;
    std::int64_t warehouse_id = 0; ///< without prefix; 0: none
    Decimal price_brutto;          ///< gross per piece
    Decimal tax_rate;              ///< percent; -1, -0.02, -0.03 are codes
    Decimal quantity;              ///< pieces; whole or not is for the mapping to judge
    Decimal weight;                ///< kg per piece
    std::int64_t bundle_id = 0;    ///< not 0: a component of that bundle
};

/// getOrders.orders[]
struct Order {
    BaseOrderId order_id;
    std::string shop_order_id; ///< "0" and "-1": none
    std::string external_order_id, order_source;
    std::int64_t order_source_id = 0;
    OrderStatusId order_status_id;
    bool confirmed = false;
    std::optional<Timestamp> date_confirmed, date_add, date_in_status;
    std::string user_login, phone, email, user_comments, admin_comments;
    std::string currency, payment_method;
    bool payment_method_cod = false;
    Decimal payment_done;
    std::string delivery_method;
    std::int64_t delivery_method_id = 0;
    Decimal delivery_price;                                   ///< gross
    std::string delivery_package_module, delivery_package_nr; ///< of the last package only
    std::string delivery_fullname, delivery_company, delivery_address, delivery_postcode, delivery_city, delivery_state,
        delivery_country, delivery_country_code;
    std::string delivery_point_id, delivery_point_name, delivery_point_address, delivery_point_postcode, delivery_point_city;
    std::string invoice_fullname, invoice_company, invoice_nip, invoice_address, invoice_postcode, invoice_city, invoice_state,
        invoice_country, invoice_country_code;
    bool want_invoice = false;
    std::string extra_field_1, extra_field_2;
    std::map<std::string, std::string> custom_extra_fields; ///< only when asked for; of a file the address
    bool has_discounts = false; ///< only when asked for (include_discounts_data): prices do not tell the whole
    std::vector<OrderProduct> products;
};

/// An order that could not be read: the others of the page go on.
struct BadOrder {
    BaseOrderId order_id;                    ///< 0 if not even that could be read
    std::optional<Timestamp> date_confirmed; ///< for the cursor
    OrderStatusId order_status_id;
    std::string path, reason;
};

/// One answer of getOrders.
struct OrdersPage {
    struct Row {
        BaseOrderId order_id;
        std::optional<Timestamp> date_confirmed;
    };
    std::vector<Order> orders; ///< in the order in which they came
    std::vector<BadOrder> bad;
    std::vector<Row> rows; ///< all of them, bad ones included, in the order in which they came
};

/// What getOrders is asked for. Only filters of the contract: unknown ones are ignored there.
struct OrderQuery {
    std::optional<BaseOrderId> order_id;
    std::optional<Timestamp> date_confirmed_from; ///< inclusive
    std::optional<Timestamp> date_from;           ///< creation
    std::optional<BaseOrderId> id_from;           ///< inclusive or not: unverified
    std::optional<OrderStatusId> status_id;
    bool get_unconfirmed_orders = false; ///< needed to find an unconfirmed order by its id
    std::string filter_order_source;
    std::optional<std::int64_t> filter_order_source_id; ///< needs filter_order_source
    std::optional<std::int64_t> filter_shop_order_id;
    std::string filter_external_order_id; ///< since 2026-03-23; older accounts ignore it
    bool include_custom_extra_fields = false;
    bool include_discounts_data = false;
};

/// How a listing of several pages went.
struct OrderListing {
    std::optional<Timestamp> newest; ///< the latest date_confirmed seen
    int calls = 0;
    bool swept_one_second = false; ///< 100 orders or more shared one second
    bool unordered = false;        ///< rows did not ascend by date_confirmed: paged by id
};

/// getJournalList.logs[]: something that happened to an order in the last 3 days.
struct JournalEntry {
    std::int64_t log_id = 0;
    std::int64_t log_type = 0; ///< 1 created, 2 confirmed, 4 removed, 5 merged, 6 split, ... (3.3)
    BaseOrderId order_id;
    std::int64_t object_id = 0; ///< the other order, the package, the new status, by type
    std::optional<Timestamp> date;
};

} // namespace blongo::baselinker
