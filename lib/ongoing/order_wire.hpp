// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <blongo/base/decimal.hpp>
#include <blongo/base/ids.hpp>
#include <blongo/base/time.hpp>
#include <blongo/json/value.hpp>

/// Orders as Ongoing's answers hold them (GetOrderModel, contract 3.4). Null is empty, 0 or nothing.
namespace blongo::ongoing {

/// consignee: the receiver, with the contacts of consignee.advanced.
struct Consignee {
    std::string customer_number, name, address1, address2, address3, post_code, city, country_code, country_state_code, email,
        mobile_phone, telephone;
};

/// orderLines[].pickedArticleItems[]: pieces that were really taken from a place.
struct PickedItem {
    std::int64_t article_item_id = 0;
    Decimal number_of_items;
    bool is_returned = false;
    std::string batch, serial;
    std::optional<Timestamp> picked_time, packed_time;
    std::optional<std::int64_t> picked_by_user_id, packed_by_user_id;
    std::int64_t parcel_id = 0;
};

/// orderLines[]
struct OrderLine {
    std::int64_t id = 0; ///< orderLineId; row_number is our own key
    std::string row_number, external_id;
    ArticleSystemId article_system_id;
    ArticleNumber article_number;
    std::string article_kind, product_code, comment, customer_article_number;
    Decimal ordered, allocated, picked, packed, returned;
    bool should_be_picked = true;
    std::vector<PickedItem> picked_items;
    std::vector<OrderLine> sub_lines; ///< components of a kit
};

/// parcels[]; sizes in metre, weight in kilogram.
struct Parcel {
    std::int64_t id = 0;
    std::string parcel_number;
    bool is_return = false;
    std::string waybill; ///< tracking.waybill where the answer has it, else the parcel number
    std::string tracking_url;
    std::optional<Decimal> length, width, height, weight;
};

/// tracking[], returnTracking[]
struct Tracking {
    std::string waybill, tracking_url;
    std::optional<Timestamp> created;
};

/// GetOrderModel
struct Order {
    OngoingOrderId order_id;
    OrderNumber order_number;
    std::string goods_owner_order_id;
    std::int64_t status_number = 0; ///< compare numbers only: texts are translated
    std::string status_text;
    std::string delivery_date; ///< "2026-11-24", as it came
    std::optional<Timestamp> created_date, shipped_time;
    std::string order_remark, service_point_code, warehouse_instruction, way_bill, return_way_bill;
    std::string way_of_delivery_code, transporter_code, transporter_service_code;
    std::string market_place, market_place_order_number;
    std::int64_t warehouse_id = 0;
    std::optional<OngoingOrderId> back_order_for;
    Decimal ordered, allocated, picked; ///< pieces over all lines
    Consignee consignee;
    std::vector<OrderLine> lines;
    std::vector<Parcel> parcels; ///< return parcels included
    std::vector<Tracking> tracking, return_tracking;
    std::vector<std::string> class_codes;
    json::Value document; ///< the whole answer, for overlays
};

/// Filters of GET /orders; the ones left empty are not sent.
struct OrderQuery {
    std::optional<std::int64_t> status_from, status_to; ///< both inclusive
    std::optional<Timestamp> status_changed_from;       ///< no age limit
    std::optional<Timestamp> created_from, created_to;
    std::optional<Timestamp> updated_from; ///< at most 2 days back
    std::optional<Timestamp> shipped_from;
    std::optional<OngoingOrderId> back_order_for;
};

/// One class to put on an order (PATCH addOrderClasses).
struct OrderClass {
    std::string code, name, comment;
};

} // namespace blongo::ongoing
