// SPDX-License-Identifier: Apache-2.0
#include <blongo/ongoing/client.hpp>
#include <blongo/ongoing/project.hpp>

namespace blongo::ongoing {
namespace {

using enum MemberType;

constexpr ModelMember code_name[]{{"code", "code"}, {"name", "name"}};

constexpr ModelMember notification[]{{"toBeNotified", "toBeNotified", boolean}, {"value", "value"}};
constexpr ModelMember contacts[]{{"telephoneNotification", "telephoneNotification", object, notification},
                                 {"emailNotification", "emailNotification", object, notification},
                                 {"smsNotification", "smsNotification", object, notification}};
constexpr ModelMember invoice_notification[]{{"value", "value"}};
constexpr ModelMember invoice_contacts[]{{"telephoneNotification", "telephoneNotification", object, invoice_notification},
                                         {"emailNotification", "emailNotification", object, invoice_notification},
                                         {"smsNotification", "smsNotification", object, invoice_notification}};
constexpr ModelMember invoice_address[]{{"name", "name"},
                                        {"address1", "address1"},
                                        {"address2", "address2"},
                                        {"address3", "address3"},
                                        {"postCode", "postCode"},
                                        {"city", "city"},
                                        {"countryCode", "countryCode"},
                                        {"countryStateCode", "countryStateCode"},
                                        {"advanced", "advanced", object, invoice_contacts}};
constexpr ModelMember consignee[]{{"customerNumber", "customerNumber"},
                                  {"name", "name"},
                                  {"address1", "address1"},
                                  {"address2", "address2"},
                                  {"address3", "address3"},
                                  {"postCode", "postCode"},
                                  {"city", "city"},
                                  {"countryCode", "countryCode"},
                                  {"countryStateCode", "countryStateCode"},
                                  {"remark", "remark"},
                                  {"doorCode", "doorCode"},
                                  {"advanced", "advanced", object, contacts},
                                  {"invoiceAddress", "invoiceAddress", object, invoice_address}};

constexpr ModelMember transporter[]{{"transporterCode", "code"}, {"transporterServiceCode", "serviceCode"}};

constexpr ModelMember prices[]{{"linePrice", "linePrice", number},
                               {"customerLinePrice", "customerLinePrice", number},
                               {"currencyCode", "currencyCode"},
                               {"discountPercentage", "discountPercentage", number}};
constexpr ModelMember line_free_values[]{{"freeText1", "freeText1"}, {"freeDecimal1", "freeDecimal1", number}};
constexpr ModelMember vat[]{{"code", "code", text, {}, true}, {"percent", "percent", number}};
constexpr ModelMember line[]{{"rowNumber", "rowNumber", text, {}, true},
                             {"articleNumber", "article.articleNumber", text, {}, true},
                             {"numberOfItems", "orderedNumberOfItems", number, {}, true},
                             {"comment", "comment"},
                             {"shouldBePicked", "shouldBePicked", boolean},
                             {"serialNumber", "serialNumber"},
                             {"lineTotalCustomsValue", "lineTotalCustomsValue", number},
                             {"batchNumber", "batchNumber"},
                             {"lineType", "lineType", object, code_name},
                             {"prices", "prices", object, prices},
                             {"customerArticleNumber", "customerArticleNumber"},
                             {"warehouseInstruction", "warehouseInstruction"},
                             {"externalId", "externalId"},
                             {"lineFreeValues", "freeValues", object, line_free_values},
                             {"minDaysToExpiryDate", "minDaysToExpiryDate", integer},
                             {"maxDaysToExpiryDate", "maxDaysToExpiryDate", integer},
                             {"deliveryDate", "deliveryDate", date_time},
                             {"vat", "vat", object, vat}};

constexpr ModelMember order_class[]{{"code", "code"}, {"name", "name"}};
constexpr ModelMember customs[]{{"customsValueCurrencyCode", "customsValueCurrencyCode"}};
constexpr ModelMember market_place[]{{"marketPlace", "marketPlace"}, {"marketPlaceOrderNumber", "marketPlaceOrderNumber"}};
constexpr ModelMember text_line[]{
    {"rowNumber", "rowNumber", text, {}, true}, {"comment", "comment"}, {"numberOfItems", "numberOfItems", number}};
constexpr ModelMember advanced[]{{"orderTextLines", "advanced.orderTextLines", list, text_line},
                                 {"arrivalDate", "orderInfo.advanced.arrivalDate", date_time},
                                 {"invoiceNumber", "orderInfo.advanced.invoiceNumber"}};

/// PostOrderModel from GetOrderModel. Not readable, so not here: consignee.vatNumber,
/// organisationNumber, customerGroup and advanced.externalCustomerCode, transporter.paymentAdvanced,
/// prices.totalVat, articleItemStatus and weights of a line, comments of classes, languageCode,
/// transporterBulkId and most of advanced.
constexpr ModelMember order[]{
    {"goodsOwnerId", "goodsOwner.id", integer},
    {"orderNumber", "orderInfo.orderNumber"},
    {"deliveryDate", "orderInfo.deliveryDate", date_time},
    {"deliveryDate", "orderInfo.advanced.deliveryDateWithTime", date_time}, // the exact one, where given
    {"referenceNumber", "orderInfo.referenceNumber"},
    {"goodsOwnerOrderId", "orderInfo.goodsOwnerOrderId"},
    {"salesCode", "orderInfo.salesCode"},
    {"orderRemark", "orderInfo.orderRemark"},
    {"deliveryInstruction", "orderInfo.deliveryInstruction"},
    {"servicePointCode", "orderInfo.servicePointCode"},
    {"freeText1", "orderInfo.freeText1"},
    {"freeText2", "orderInfo.freeText2"},
    {"freeText3", "orderInfo.freeText3"},
    {"orderFreeDateTime1", "orderInfo.orderFreeDateTime1", date_time},
    {"orderType", "orderInfo.orderType", object, code_name},
    {"wayOfDelivery", "orderInfo.wayOfDelivery", object, code_name},
    {"consignee", "consignee", object, consignee},
    {"emailNotification", "orderInfo.emailNotification", object, notification},
    {"smsNotification", "orderInfo.smsNotification", object, notification},
    {"telephoneNotification", "orderInfo.telephoneNotification", object, notification},
    {"transporter", "transporter", object, transporter},
    {"returnTransporter", "returnTransporter", object, transporter},
    {"orderLines", "orderLines", list, line},
    {"customsInfo", "orderInfo.customsInfo", object, customs},
    {"preparedTransportDocumentId", "orderInfo.preparedTransportDocumentId"},
    {"freightPrice", "orderInfo.freightPrice", number},
    {"warehouseId", "orderInfo.warehouse.id", integer},
    {"classes", "classes", list, order_class},
    {"termsOfDeliveryType", "orderInfo.termsOfDeliveryType", object, code_name},
    {"customerPrice", "orderInfo.customerPrice", number},
    {"advanced", "", object, advanced},
    {"consigneeOrderNumber", "orderInfo.consigneeOrderNumber"},
    {"warehouseInstruction", "orderInfo.warehouseInstruction"},
    {"marketPlace", "orderInfo.marketPlace", object, market_place},
    {"pickingPriority", "orderInfo.pickingPriority", integer},
    {"productionCode", "orderInfo.productionCode"},
    {"invoiceUrl", "orderInfo.invoiceUrl"},
};

bool is_member_of(std::string_view target, std::span<const ModelMember> members) {
    const std::size_t dot = target.find('.');
    const std::string_view name = target.substr(0, dot);
    for (const ModelMember& member : members) {
        if (member.target != name) continue;
        return dot == std::string_view::npos || is_member_of(target.substr(dot + 1), member.inner);
    }
    return false;
}

} // namespace

bool reads_back_of_order(std::string_view target) {
    constexpr std::string_view of_line = "orderLines[].";
    return target.starts_with(of_line) ? is_member_of(target.substr(of_line.size()), line) : is_member_of(target, order);
}

Result<json::Value> post_model_of_order(const json::Value& get_order_model) {
    json::Value model = project(get_order_model, order);
    const std::size_t lines = get_order_model["orderLines"].size();
    const json::Value* kept = model.find("orderLines");
    if ((kept ? kept->size() : 0) != lines)
        return fail(ErrorKind::rejected,
                    "a line of the order has no row number, article or quantity and cannot be said again: an update "
                    "would delete it",
                    "order " + std::string(get_order_model.at_path("orderInfo.orderNumber").text()),
                    "change the order in Ongoing by hand");
    return model;
}

} // namespace blongo::ongoing
