// SPDX-License-Identifier: Apache-2.0
#include "ongoing_orders.hpp"

#include <fmt/format.h>

namespace blongo::sandbox {

namespace {

Decimal sum(const WarehouseOrder& order, Decimal OrderLine::*part) {
    Decimal total;
    for (const OrderLine& line : order.lines) total = total + line.*part;
    return total;
}

json::Value status_view(const GoodsOwner& owner, std::int64_t number) {
    json::Value text;
    for (const json::Value& status : owner.dictionaries["orderStatuses"].elements())
        if (status["number"].integer() == number) text = status["text"];
    return json::Value::object().set("number", number).set("text", std::move(text));
}

json::Value warehouse_view(const GoodsOwner& owner, const json::Value& data) {
    const auto& all = owner.dictionaries["warehouses"].elements();
    const std::int64_t wanted = data["warehouseId"].integer();
    for (const json::Value& warehouse : all)
        if (wanted == 0 || warehouse["id"].integer() == wanted) return pick(warehouse, {"id", "code", "name"});
    return {};
}

json::Value order_info(const GoodsOwner& owner, const WarehouseOrder& order) {
    const json::Value& data = order.data;
    const auto delivery = parse_timestamp(data["deliveryDate"].text());
    json::Value info = json::Value::object().set("orderId", order.id);
    for (const char* name :
         {"orderNumber", "goodsOwnerOrderId", "referenceNumber", "salesCode", "orderRemark", "deliveryInstruction",
          "servicePointCode", "freeText1", "freeText2", "freeText3", "orderType", "wayOfDelivery"})
        info.set(name, data[name]);
    info.set("deliveryDate", delivery ? json::Value(local_date(*delivery, "UTC")) : json::Value());
    info.set("createdDate", time_json(order.created));
    info.set("shippedTime", time_json(order.shipped));
    info.set("wayBill", order.way_bill);
    info.set("returnWayBill", order.return_way_bill);
    info.set("orderStatus", status_view(owner, order.status));
    for (const char* name : {"emailNotification", "smsNotification", "telephoneNotification"})
        info.set(name, data[name].is_null() ? json::Value()
                                            : json::Value::object()
                                                  .set("toBeNotified", data[name]["toBeNotified"].is_true())
                                                  .set("value", data[name]["value"]));
    info.set("orderedNumberOfItems", number_json(sum(order, &OrderLine::ordered)));
    info.set("allocatedNumberOfItems", number_json(sum(order, &OrderLine::allocated)));
    info.set("pickedNumberOfItems", number_json(sum(order, &OrderLine::picked)));
    info.set("customsInfo", data["customsInfo"]);
    info.set("preparedTransportDocumentId", data["preparedTransportDocumentId"]);
    info.set("warehouse", warehouse_view(owner, data));
    info.set("termsOfDeliveryType", data["termsOfDeliveryType"]);
    info.set("customerPrice", decimal_member(data, "customerPrice"));
    for (const char* name : {"consigneeOrderNumber", "warehouseInstruction"}) info.set(name, data[name]);
    info.set("marketPlace", pick_or_null(data["marketPlace"], {"marketPlace", "marketPlaceOrderNumber"}));
    for (const char* name : {"pickingPriority", "productionCode"}) info.set(name, data[name]);
    const json::Value back =
        order.back_order_for == 0 ? json::Value() : json::Value::object().set("backOrderForOrderId", order.back_order_for);
    info.set("advanced", json::Value::object()
                             .set("invoiceNumber", data["advanced"]["invoiceNumber"])
                             .set("arrivalDate", data["advanced"]["arrivalDate"])
                             .set("deliveryDateWithTime", time_json(delivery))
                             .set("backOrderInfo", back)
                             .set("orderHeaderUpdated", time_json(order.updated))
                             .set("transportPaymentType", nullptr));
    info.set("freightPrice", decimal_member(data, "freightPrice"));
    for (const char* name : {"invoiceUrl", "orderFreeDateTime1"}) info.set(name, data[name]);
    info.set("sortLocation", nullptr);
    return info;
}

json::Value notifications(const json::Value& advanced, bool with_flag) {
    if (advanced.is_null()) return {};
    json::Value view = json::Value::object();
    for (const char* name : {"telephoneNotification", "emailNotification", "smsNotification"}) {
        const json::Value& given = advanced[name];
        if (given.is_null()) {
            view.set(name, nullptr);
            continue;
        }
        json::Value row = json::Value::object();
        if (with_flag) row.set("toBeNotified", given["toBeNotified"].is_true());
        view.set(name, std::move(row).set("value", given["value"]));
    }
    return view;
}

// vatNumber and organisationNumber go in, but never come out (ongoing.md 3.1).
json::Value consignee_view(const WarehouseOrder& order) {
    const json::Value& given = order.data["consignee"];
    json::Value view = pick(given, {"customerNumber", "name", "address1", "address2", "address3", "postCode", "city",
                                    "countryCode", "countryStateCode", "remark", "doorCode"});
    view.set("advanced", notifications(given["advanced"], true));
    const json::Value& invoice = given["invoiceAddress"];
    json::Value invoice_view = pick_or_null(
        invoice, {"name", "address1", "address2", "address3", "postCode", "city", "countryCode", "countryStateCode"});
    if (!invoice.is_null()) invoice_view.set("advanced", notifications(invoice["advanced"], false));
    return std::move(view).set("invoiceAddress", std::move(invoice_view)).set("id", order.consignee_id);
}

json::Value picked_items(const WarehouseOrder& order, const OrderLine& line) {
    json::Value items = json::Value::array();
    if (line.picked <= Decimal{}) return items;
    json::Value parcel;
    if (order.parcels.size() > 0) {
        const json::Value& parcel_row = order.parcels.elements().front();
        parcel = pick(parcel_row, {"id", "parcelNumber"});
        parcel.set("parcelType", nullptr).set("advanced", nullptr).set("parentParcel", nullptr);
    }
    json::Value item = json::Value::object()
                           .set("secondNumberOfItems", nullptr)
                           .set("articleItemId", 90'000 + line.id)
                           .set("numberOfItems", number_json(line.picked))
                           .set("inDate", time_json(order.created));
    for (const char* name : {"serial", "caseNumber", "batchNumber", "container", "comment", "weight", "volume"})
        item.set(name, nullptr);
    item.set("isPicked", true).set("isReturned", line.returned > Decimal{});
    item.set("expiryDate", nullptr).set("returnDate", nullptr).set("pickedTime", time_json(line.picked_at));
    item.set("returnCause", nullptr).set("location", "A-01-1").set("locationTypeCode", nullptr);
    item.set("articleItemStatus", nullptr).set("freeText1", nullptr);
    item.set("packedTime", line.packed_at == Timestamp{} ? json::Value() : time_json(line.packed_at));
    item.set("handling", json::Value::object()
                             .set("pickedByUserId", line.user_id == 0 ? json::Value() : json::Value(line.user_id))
                             .set("packedByUserId", line.packed_at == Timestamp{} ? json::Value() : json::Value(line.user_id))
                             .set("returnedByUserId", nullptr));
    item.set("parcel", std::move(parcel)).set("zoneName", nullptr).set("purchaseOrderInfo", nullptr);
    item.set("originalArticleItemId", 0).set("productionDateDate", nullptr);
    items.push_back(std::move(item));
    return items;
}

json::Value article_of_line(const GoodsOwner& owner, const OrderLine& line) {
    const auto article = owner.articles.find(line.article_id);
    if (article == owner.articles.end())
        return json::Value::object().set("articleSystemId", line.article_id).set("articleNumber", line.data["articleNumber"]);
    const json::Value& data = article->second.data;
    const json::Value& kind = data["structureDefinition"]["articleKind"];
    return json::Value::object()
        .set("articleSystemId", article->first)
        .set("articleNumber", data["articleNumber"])
        .set("articleName", data["articleName"])
        .set("productCode", data["productCode"])
        .set("articleKind", kind.is_null() ? json::Value("") : kind);
}

json::Value line_view(GoodsOwner& owner, const WarehouseOrder& order, const OrderLine& line);

/// The components of a kit, each a line of its own.
json::Value sub_lines(GoodsOwner& owner, const WarehouseOrder& order, const OrderLine& line) {
    const auto article = owner.articles.find(line.article_id);
    if (article == owner.articles.end() || !article->second.is_structure()) return {};
    json::Value lines = json::Value::array();
    const json::Value& data = article->second.data;
    std::int64_t index = 1;
    for (const json::Value& row : data["structureDefinition"]["rows"].elements()) {
        const Article* component = owner.find_article(std::string(row["articleNumber"].text()));
        const Decimal each = row["numberOfItems"].decimal().value_or(Decimal{});
        OrderLine part;
        part.id = line.id * 100 + index++;
        part.article_id = component == nullptr ? 0 : component->id;
        part.data = json::Value::object().set("articleNumber", row["articleNumber"]);
        part.ordered = line.ordered * each;
        part.allocated = line.allocated * each;
        part.picked = line.picked * each;
        part.packed = line.packed * each;
        part.picked_at = line.picked_at;
        part.packed_at = line.packed_at;
        part.user_id = line.user_id;
        lines.push_back(line_view(owner, order, part));
    }
    return lines;
}

json::Value line_view(GoodsOwner& owner, const WarehouseOrder& order, const OrderLine& line) {
    const json::Value& data = line.data;
    const auto optional_number = [](const std::optional<Decimal>& number) {
        return number ? number_json(*number) : json::Value();
    };
    json::Value prices;
    if (!data["prices"].is_null()) {
        prices = json::Value::object();
        for (const char* name : {"linePrice", "customerLinePrice"}) prices.set(name, decimal_member(data["prices"], name));
        prices.set("currencyCode", data["prices"]["currencyCode"]);
        prices.set("discountPercentage", decimal_member(data["prices"], "discountPercentage"));
    }
    json::Value vat;
    if (!data["vat"].is_null())
        vat = json::Value::object().set("code", data["vat"]["code"]).set("percent", decimal_member(data["vat"], "percent"));
    return json::Value::object()
        .set("id", line.id)
        .set("rowNumber", data["rowNumber"])
        .set("article", article_of_line(owner, line))
        .set("comment", data["comment"])
        .set("orderedNumberOfItems", number_json(line.ordered))
        .set("allocatedNumberOfItems", number_json(line.allocated))
        .set("pickedNumberOfItems", number_json(line.picked))
        .set("packedNumberOfItems", number_json(line.packed))
        .set("reportedNumberOfItems", optional_number(line.reported))
        .set("shouldBePicked", data["shouldBePicked"].is_null() || data["shouldBePicked"].is_true())
        .set("pickedArticleItems", picked_items(order, line))
        .set("subOrderLines", sub_lines(owner, order, line))
        .set("serialNumber", data["serialNumber"])
        .set("lineTotalCustomsValue", decimal_member(data, "lineTotalCustomsValue"))
        .set("batchNumber", data["batchNumber"])
        .set("reportedReturnedNumberOfItems", optional_number(line.reported_returned))
        .set("lineType", data["lineType"])
        .set("prices", std::move(prices))
        .set("customerArticleNumber", data["customerArticleNumber"])
        .set("externalId", data["externalId"])
        .set("returnedNumberOfItems", number_json(line.returned))
        .set("freeValues", data["lineFreeValues"])
        .set("minDaysToExpiryDate", data["minDaysToExpiryDate"])
        .set("maxDaysToExpiryDate", data["maxDaysToExpiryDate"])
        .set("deliveryDate", data["deliveryDate"])
        .set("warehouseInstruction", data["warehouseInstruction"])
        .set("vat", std::move(vat))
        .set("pickOrderInfo", nullptr);
}

json::Value transporter_view(const GoodsOwner& owner, const json::Value& given) {
    if (given.is_null()) return {};
    json::Value name;
    for (const json::Value& contract : owner.dictionaries["transporterContracts"].elements())
        if (contract["transporterCode"] == given["transporterCode"]) name = contract["transporterName"];
    return json::Value::object()
        .set("transporterName", name)
        .set("name", name)
        .set("code", given["transporterCode"])
        .set("serviceCode", given["transporterServiceCode"])
        .set("transporterContract", nullptr)
        .set("serviceComment", "");
}

} // namespace

json::Value order_view(GoodsOwner& owner, const WarehouseOrder& order) {
    json::Value lines = json::Value::array();
    for (const OrderLine& line : order.lines) lines.push_back(line_view(owner, order, line));
    json::Value classes;
    for (const json::Value& row : order.data["classes"].elements()) classes.push_back(pick(row, {"code", "name"}));
    const auto or_null = [](const json::Value& list) { return list.size() == 0 ? json::Value() : list; };
    return json::Value::object()
        .set("goodsOwner", json::Value::object().set("id", owner.id).set("name", owner.name))
        .set("orderInfo", order_info(owner, order))
        .set("consignee", consignee_view(order))
        .set("parcels", or_null(order.parcels))
        .set("orderLines", std::move(lines))
        .set("transporter", transporter_view(owner, order.data["transporter"]))
        .set("returnTransporter", transporter_view(owner, order.data["returnTransporter"]))
        .set("tracking", or_null(order.tracking))
        .set("classes", std::move(classes))
        .set("shipmentInfo", nullptr)
        .set("returnTracking", or_null(order.return_tracking))
        .set("advanced", nullptr);
}

WarehouseOrder* order_of_path(OngoingCall& call) {
    const auto found = call.owner.orders.find(call.path_id("orderId"));
    return found == call.owner.orders.end() ? nullptr : &found->second;
}

OngoingAnswer order_answer(std::int64_t order_id, std::string_view message, int status) {
    return {status, json::Value::object().set("orderId", order_id).set("message", message)};
}

OngoingAnswer order_not_found() {
    return refused(404, "The order was not found.");
}

} // namespace blongo::sandbox
