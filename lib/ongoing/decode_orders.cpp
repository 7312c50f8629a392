// SPDX-License-Identifier: Apache-2.0
#include <blongo/ongoing/decode_orders.hpp>

#include <blongo/ongoing/read.hpp>

namespace blongo::ongoing {
namespace {

Decimal quantity_of(json::Node node) {
    return decimal_of(node).value_or(Decimal{});
}

Consignee decode_consignee(json::Node item) {
    const json::Node contacts = item["advanced"];
    return {text_of(item["customerNumber"]),
            text_of(item["name"]),
            text_of(item["address1"]),
            text_of(item["address2"]),
            text_of(item["address3"]),
            text_of(item["postCode"]),
            text_of(item["city"]),
            text_of(item["countryCode"]),
            text_of(item["countryStateCode"]),
            text_of(contacts["emailNotification"]["value"]),
            text_of(contacts["smsNotification"]["value"]),
            text_of(contacts["telephoneNotification"]["value"])};
}

PickedItem decode_picked_item(json::Node item) {
    PickedItem picked;
    picked.article_item_id = integer_of(item["articleItemId"]).value_or(0);
    picked.number_of_items = quantity_of(item["numberOfItems"]);
    picked.is_returned = flag_of(item["isReturned"], false);
    picked.batch = text_of(item["batchNumber"]);
    picked.serial = text_of(item["serial"]);
    picked.picked_time = time_of(item["pickedTime"]);
    picked.packed_time = time_of(item["packedTime"]);
    picked.picked_by_user_id = integer_of(item["handling"]["pickedByUserId"]);
    picked.packed_by_user_id = integer_of(item["handling"]["packedByUserId"]);
    picked.parcel_id = integer_of(item["parcel"]["id"]).value_or(0);
    return picked;
}

/// `depth`: a kit's component may be a kit; the model names itself without an end.
OrderLine decode_line(json::Node item, int depth = 0) {
    constexpr int deepest_kit = 8;
    OrderLine line;
    const json::Node article = item["article"];
    line.id = integer_of(item["id"]).value_or(0);
    line.row_number = text_of(item["rowNumber"]);
    line.external_id = text_of(item["externalId"]);
    line.article_system_id = ArticleSystemId(integer_of(article["articleSystemId"]).value_or(0));
    line.article_number = ArticleNumber(text_of(article["articleNumber"]));
    line.article_kind = text_of(article["articleKind"]);
    line.product_code = text_of(article["productCode"]);
    line.comment = text_of(item["comment"]);
    line.customer_article_number = text_of(item["customerArticleNumber"]);
    line.ordered = quantity_of(item["orderedNumberOfItems"]);
    line.allocated = quantity_of(item["allocatedNumberOfItems"]);
    line.picked = quantity_of(item["pickedNumberOfItems"]);
    line.packed = quantity_of(item["packedNumberOfItems"]);
    line.returned = quantity_of(item["returnedNumberOfItems"]);
    line.should_be_picked = flag_of(item["shouldBePicked"], true);
    for (const json::Node picked : item["pickedArticleItems"]) line.picked_items.push_back(decode_picked_item(picked));
    if (depth < deepest_kit)
        for (const json::Node sub : item["subOrderLines"]) line.sub_lines.push_back(decode_line(sub, depth + 1));
    return line;
}

Parcel decode_parcel(json::Node item) {
    Parcel parcel;
    const json::Node sizes = item["advanced"];
    parcel.id = integer_of(item["id"]).value_or(0);
    parcel.parcel_number = text_of(item["parcelNumber"]);
    parcel.is_return = flag_of(item["isReturnParcel"], false);
    parcel.waybill = text_of(item["tracking"]["waybill"]);
    if (parcel.waybill.empty()) parcel.waybill = parcel.parcel_number;
    parcel.tracking_url = text_of(item["tracking"]["trackingUrl"]);
    parcel.length = decimal_of(sizes["length"]);
    parcel.width = decimal_of(sizes["width"]);
    parcel.height = decimal_of(sizes["height"]);
    parcel.weight = decimal_of(sizes["weight"]);
    return parcel;
}

std::vector<Tracking> decode_tracking(json::Node list) {
    std::vector<Tracking> tracking;
    for (const json::Node item : list)
        tracking.push_back({text_of(item["waybill"]), text_of(item["trackingUrl"]), time_of(item["created"])});
    return tracking;
}

void decode_info(Order& order, json::Node info) {
    order.order_id = OngoingOrderId(integer_of(info["orderId"]).value_or(0));
    order.order_number = OrderNumber(text_of(info["orderNumber"]));
    order.goods_owner_order_id = text_of(info["goodsOwnerOrderId"]);
    order.status_number = integer_of(info["orderStatus"]["number"]).value_or(0);
    order.status_text = text_of(info["orderStatus"]["text"]);
    order.delivery_date = text_of(info["deliveryDate"]);
    order.created_date = time_of(info["createdDate"]);
    order.shipped_time = time_of(info["shippedTime"]);
    order.order_remark = text_of(info["orderRemark"]);
    order.service_point_code = text_of(info["servicePointCode"]);
    order.warehouse_instruction = text_of(info["warehouseInstruction"]);
    order.way_bill = text_of(info["wayBill"]);
    order.return_way_bill = text_of(info["returnWayBill"]);
    order.way_of_delivery_code = text_of(info["wayOfDelivery"]["code"]);
    order.market_place = text_of(info["marketPlace"]["marketPlace"]);
    order.market_place_order_number = text_of(info["marketPlace"]["marketPlaceOrderNumber"]);
    order.warehouse_id = integer_of(info["warehouse"]["id"]).value_or(0);
    if (const auto id = integer_of(info["advanced"]["backOrderInfo"]["backOrderForOrderId"]))
        order.back_order_for = OngoingOrderId(*id);
    order.ordered = quantity_of(info["orderedNumberOfItems"]);
    order.allocated = quantity_of(info["allocatedNumberOfItems"]);
    order.picked = quantity_of(info["pickedNumberOfItems"]);
}

} // namespace

Result<Order> decode_order(json::Node item, const std::string& name) {
    Order order;
    decode_info(order, item["orderInfo"]);
    if (order.order_id.value() <= 0) return fail(ErrorKind::protocol, "an order without orderId", name + " " + item.path());
    order.transporter_code = text_of(item["transporter"]["code"]);
    order.transporter_service_code = text_of(item["transporter"]["serviceCode"]);
    order.consignee = decode_consignee(item["consignee"]);
    for (const json::Node line : item["orderLines"]) order.lines.push_back(decode_line(line));
    for (const json::Node parcel : item["parcels"]) order.parcels.push_back(decode_parcel(parcel));
    order.tracking = decode_tracking(item["tracking"]);
    order.return_tracking = decode_tracking(item["returnTracking"]);
    for (const json::Node order_class : item["classes"]) order.class_codes.push_back(text_of(order_class["code"]));
    order.document = json::Value::from(item);
    return order;
}

} // namespace blongo::ongoing
