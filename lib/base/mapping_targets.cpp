// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/mapping_targets.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace blongo {
namespace {

using enum MappedType;

constexpr std::string_view list_reason = "it is a list, and a template writes one value";

constexpr MappedMember article_members[]{
    {.path = "articleGroup.code"},
    {.path = "articleGroup.name"},
    {.path = "articleCategory.code"},
    {.path = "articleCategory.name"},
    {.path = "articleColor.code"},
    {.path = "articleColor.name"},
    {.path = "articleSize.code"},
    {.path = "articleSize.name"},
    {.path = "goodsOwnerId", .type = integer, .reserved = "it is ongoing.goods_owner_id"},
    {.path = "articleNumber", .reserved = "it is the SKU, by which both sides know the article"},
    {.path = "articleName", .characters = 200},
    {.path = "productCode"},
    {.path = "unitCode"},
    {.path = "description", .kind = TextKind::text},
    {.path = "isStockArticle", .type = boolean},
    {.path = "isActive", .type = boolean},
    {.path = "supplierInfo.supplierArticleNumber"},
    {.path = "supplierInfo.supplierNumber"},
    {.path = "supplierInfo.supplierName"},
    {.path = "supplierInfo.advanced.supplierAddress.name", .unreadable = true},
    {.path = "supplierInfo.advanced.supplierAddress.address", .unreadable = true},
    {.path = "supplierInfo.advanced.supplierAddress.address2", .unreadable = true},
    {.path = "supplierInfo.advanced.supplierAddress.address3", .unreadable = true},
    {.path = "supplierInfo.advanced.supplierAddress.postCode", .unreadable = true},
    {.path = "supplierInfo.advanced.supplierAddress.city", .unreadable = true},
    {.path = "supplierInfo.advanced.supplierAddress.telePhone", .unreadable = true},
    {.path = "supplierInfo.advanced.supplierAddress.remark", .kind = TextKind::text, .unreadable = true},
    {.path = "supplierInfo.advanced.supplierAddress.email", .unreadable = true},
    {.path = "supplierInfo.advanced.supplierAddress.mobilePhone", .unreadable = true},
    {.path = "supplierInfo.advanced.supplierAddress.countryStateCode", .unreadable = true},
    {.path = "supplierInfo.advanced.supplierAddress.countryCode", .unreadable = true},
    {.path = "supplierInfo.advanced.supplierAddress.deliveryInstruction", .kind = TextKind::text, .unreadable = true},
    {.path = "supplierInfo.advanced.supplierAddress.isVisible", .type = boolean, .unreadable = true},
    {.path = "supplierInfo.advanced.supplierAddress.notifyBySMS", .type = boolean, .unreadable = true},
    {.path = "supplierInfo.advanced.supplierAddress.notifyByEmail", .type = boolean, .unreadable = true},
    {.path = "supplierInfo.advanced.supplierAddress.notifyByTelephone", .type = boolean, .unreadable = true},
    {.path = "supplierInfo.advanced.manufacturersIdentificationCode", .unreadable = true},
    {.path = "barCodeInfo.barCode"},
    {.path = "barCodeInfo.barCodePackage"},
    {.path = "barCodeInfo.barCodePallet"},
    {.path = "barCodeInfo.alternativeBarCodes", .type = list, .reserved = list_reason},
    {.path = "quantityPerPackage", .type = integer},
    {.path = "quantityPerPallet", .type = integer},
    {.path = "weight", .type = number},
    {.path = "length", .type = number},
    {.path = "width", .type = number},
    {.path = "height", .type = number},
    {.path = "volume", .type = number},
    {.path = "purchasePrice", .type = number},
    {.path = "stockValuationPrice", .type = number},
    {.path = "customerPrice", .type = number},
    {.path = "purcaseCurrencyCode"},
    {.path = "countryOfOriginCode"},
    {.path = "statisticsNumber"},
    {.path = "articleNameTranslations", .type = list, .reserved = list_reason},
    {.path = "stockLimit", .type = integer},
    {.path = "minimumReorderQuantity", .type = number},
    {.path = "netWeight", .type = number},
    {.path = "linkToPicture"},
    {.path = "structureDefinition.articleKind", .reserved = "it says that the article is a bundle (articles.bundles)"},
    {.path = "structureDefinition.rows", .type = list, .reserved = list_reason},
    {.path = "quantityPerLayerOnPallet", .type = integer, .unreadable = true},
    {.path = "subQuantityPerItem", .type = number},
    {.path = "minDaysToExpiryDateAllowedOnDelivery", .type = integer},
    {.path = "storageProperties.isObsolete", .type = boolean},
    {.path = "storageProperties.isSerialNumberArticle", .type = boolean},
    {.path = "storageProperties.isBatchArticle", .type = boolean},
    {.path = "storageProperties.isExpiryDateArticle", .type = boolean},
    {.path = "freeValues.freeDecimal1", .type = number},
    {.path = "freeValues.freeDecimal2", .type = number},
    {.path = "freeValues.freeDecimal3", .type = number},
    {.path = "freeValues.freeBoolean1", .type = boolean},
    {.path = "freeValues.freeBoolean2", .type = boolean},
    {.path = "freeValues.freeBoolean3", .type = boolean},
    {.path = "freeValues.freeText1"},
    {.path = "freeValues.freeText2"},
    {.path = "freeValues.freeText3"},
    {.path = "freeValues.freeText4"},
    {.path = "freeValues.freeText5"},
    {.path = "freeValues.freeText6"},
    {.path = "freeValues.freeText7"},
    {.path = "freeValues.freeText8"},
    {.path = "freeValues.freeDateTime1", .type = date_time, .unreadable = true},
    {.path = "storageClass.name", .kind = TextKind::key, .characters = 100},
    {.path = "customsDescription"},
    {.path = "taricNumbersInfo.taricNumbers", .type = list, .reserved = list_reason},
    {.path = "articleInboundHandlingComment", .kind = TextKind::text},
    {.path = "articlePickingHandlingComment", .kind = TextKind::text},
    {.path = "articleReturnHandlingComment", .kind = TextKind::text},
    {.path = "alternativeSuppliersInfo.alternativeSuppliers", .type = list, .reserved = list_reason},
    {.path = "articleClassesInfo.classes", .type = list, .reserved = list_reason},
    {.path = "additionalStatisticsNumber"},
    {.path = "customsExportConditions"},
    {.path = "advanced.allowChangingProductionAndStructureArticlesToStockOrNonStockArticles",
     .type = boolean,
     .reserved = "blongo never converts articles",
     .unreadable = true},
    {.path = "articlePackingHandlingComment", .kind = TextKind::text, .unreadable = true},
};

constexpr MappedMember order_members[]{
    {.path = "goodsOwnerId", .type = integer, .reserved = "it is ongoing.goods_owner_id"},
    {.path = "orderNumber", .reserved = "by it both sides know the order (orders.order_number_prefix stands in front of it)"},
    {.path = "deliveryDate", .type = date_time, .required = true},
    {.path = "referenceNumber"},
    {.path = "goodsOwnerOrderId", .reserved = "it is BaseLinker's order id, by which the order is known again"},
    {.path = "salesCode"},
    {.path = "orderRemark", .kind = TextKind::text, .characters = 500},
    {.path = "deliveryInstruction", .kind = TextKind::text},
    {.path = "servicePointCode", .kind = TextKind::key, .characters = 50},
    {.path = "freeText1"},
    {.path = "freeText2"},
    {.path = "freeText3"},
    {.path = "orderFreeDateTime1", .type = date_time},
    {.path = "orderType.code"},
    {.path = "orderType.name"},
    {.path = "wayOfDelivery.code"},
    {.path = "wayOfDelivery.name"},
    {.path = "consignee.customerNumber"},
    {.path = "consignee.name"},
    {.path = "consignee.address1"},
    {.path = "consignee.address2"},
    {.path = "consignee.address3"},
    {.path = "consignee.postCode"},
    {.path = "consignee.city"},
    {.path = "consignee.countryCode"},
    {.path = "consignee.countryStateCode"},
    {.path = "consignee.remark", .kind = TextKind::text},
    {.path = "consignee.doorCode"},
    {.path = "consignee.advanced.telephoneNotification.toBeNotified", .type = boolean},
    {.path = "consignee.advanced.telephoneNotification.value"},
    {.path = "consignee.advanced.emailNotification.toBeNotified", .type = boolean},
    {.path = "consignee.advanced.emailNotification.value"},
    {.path = "consignee.advanced.smsNotification.toBeNotified", .type = boolean},
    {.path = "consignee.advanced.smsNotification.value"},
    {.path = "consignee.advanced.externalCustomerCode", .unreadable = true},
    {.path = "consignee.invoiceAddress.name"},
    {.path = "consignee.invoiceAddress.address1"},
    {.path = "consignee.invoiceAddress.address2"},
    {.path = "consignee.invoiceAddress.address3"},
    {.path = "consignee.invoiceAddress.postCode"},
    {.path = "consignee.invoiceAddress.city"},
    {.path = "consignee.invoiceAddress.countryCode"},
    {.path = "consignee.invoiceAddress.countryStateCode"},
    {.path = "consignee.invoiceAddress.advanced.telephoneNotification.value"},
    {.path = "consignee.invoiceAddress.advanced.emailNotification.value"},
    {.path = "consignee.invoiceAddress.advanced.smsNotification.value"},
    {.path = "consignee.organisationNumber", .unreadable = true},
    {.path = "consignee.vatNumber", .unreadable = true},
    {.path = "consignee.customerGroup.code", .unreadable = true},
    {.path = "consignee.customerGroup.name", .unreadable = true},
    {.path = "emailNotification.toBeNotified", .type = boolean},
    {.path = "emailNotification.value"},
    {.path = "smsNotification.toBeNotified", .type = boolean},
    {.path = "smsNotification.value"},
    {.path = "telephoneNotification.toBeNotified", .type = boolean},
    {.path = "telephoneNotification.value"},
    {.path = "transporter.transporterCode"},
    {.path = "transporter.transporterServiceCode"},
    {.path = "transporter.paymentAdvanced.consigneeCollects", .type = boolean, .unreadable = true},
    {.path = "transporter.paymentAdvanced.consigneePays.customerNumber", .unreadable = true},
    {.path = "transporter.paymentAdvanced.thirdPartyPays.customerNumber", .unreadable = true},
    {.path = "transporter.paymentAdvanced.senderPays.ediCode", .unreadable = true},
    {.path = "transporter.paymentAdvanced.senderPays.waybillTemplate", .unreadable = true},
    {.path = "transporter.paymentAdvanced.senderPays.customerNumber", .unreadable = true},
    {.path = "returnTransporter.transporterCode"},
    {.path = "returnTransporter.transporterServiceCode"},
    {.path = "customsInfo.customsValueCurrencyCode"},
    {.path = "preparedTransportDocumentId"},
    {.path = "freightPrice", .type = number},
    {.path = "warehouseId", .type = integer},
    {.path = "classes", .type = list, .reserved = list_reason},
    {.path = "termsOfDeliveryType.code"},
    {.path = "termsOfDeliveryType.name"},
    {.path = "customerPrice", .type = number},
    {.path = "advanced.orderTextLines", .type = list, .reserved = list_reason},
    {.path = "advanced.arrivalDate", .type = date_time},
    {.path = "advanced.wayOfDeliveryString", .unreadable = true},
    {.path = "advanced.transporterOrderNumber", .unreadable = true},
    {.path = "advanced.invoiceNumber"},
    {.path = "advanced.arrivalDateFrom", .type = date_time, .unreadable = true},
    {.path = "advanced.termsOfPaymentString", .unreadable = true},
    {.path = "advanced.termsOfDeliveryString", .unreadable = true},
    {.path = "advanced.communication", .kind = TextKind::text, .unreadable = true},
    {.path = "consigneeOrderNumber"},
    {.path = "warehouseInstruction", .kind = TextKind::text, .characters = 500},
    {.path = "marketPlace.marketPlace"},
    {.path = "marketPlace.marketPlaceOrderNumber"},
    {.path = "pickingPriority", .type = integer},
    {.path = "productionCode"},
    {.path = "transporterBulkId", .unreadable = true},
    {.path = "invoiceUrl"},
    {.path = "languageCode", .unreadable = true},
};

constexpr MappedMember order_line_members[]{
    {.path = "rowNumber", .reserved = "it is the id of the line, by which both sides know it"},
    {.path = "articleNumber", .reserved = "it is the SKU, by which both sides know the article"},
    {.path = "numberOfItems", .type = number, .reserved = "pieces are counted, booked and compared by it"},
    {.path = "comment", .kind = TextKind::text},
    {.path = "shouldBePicked", .type = boolean},
    {.path = "serialNumber"},
    {.path = "lineTotalCustomsValue", .type = number},
    {.path = "batchNumber"},
    {.path = "lineType.code"},
    {.path = "lineType.name"},
    {.path = "prices.linePrice", .type = number},
    {.path = "prices.customerLinePrice", .type = number},
    {.path = "prices.currencyCode"},
    {.path = "prices.discountPercentage", .type = number},
    {.path = "prices.totalVat", .type = number, .unreadable = true},
    {.path = "customerArticleNumber"},
    {.path = "warehouseInstruction", .kind = TextKind::text},
    {.path = "externalId", .reserved = "it is BaseLinker's id of the line, by which it is known again"},
    {.path = "articleItemStatus.code", .unreadable = true},
    {.path = "articleItemStatus.name", .unreadable = true},
    {.path = "lineFreeValues.freeText1"},
    {.path = "lineFreeValues.freeDecimal1", .type = number},
    {.path = "minDaysToExpiryDate", .type = integer},
    {.path = "maxDaysToExpiryDate", .type = integer},
    {.path = "deliveryDate", .type = date_time},
    {.path = "vat.code"},
    {.path = "vat.percent", .type = number, .needs = "vat.code"},
    {.path = "weight", .type = number, .unreadable = true},
    {.path = "minWeight", .type = number, .unreadable = true},
    {.path = "maxWeight", .type = number, .unreadable = true},
};
constexpr std::pair<MappedObject, std::string_view> object_names[]{
    {MappedObject::article, "article"}, {MappedObject::order, "order"}, {MappedObject::order_line, "order_line"}};

} // namespace

std::string_view to_string(MappedObject object) noexcept {
    return std::ranges::find(object_names, object, &std::pair<MappedObject, std::string_view>::first)->second;
}

std::optional<MappedObject> mapped_object(std::string_view name) noexcept {
    const auto* found = std::ranges::find(object_names, name, &std::pair<MappedObject, std::string_view>::second);
    return found == std::end(object_names) ? std::nullopt : std::optional(found->first);
}

std::string_view describe(MappedType type) noexcept {
    switch (type) {
    case text: return "a text";
    case number: return "a number";
    case integer: return "a whole number";
    case boolean: return "true or false";
    case date_time: return "a date";
    case list: return "a list";
    }
    return {};
}

std::span<const MappedMember> mapped_members(MappedObject object) noexcept {
    switch (object) {
    case MappedObject::article: return article_members;
    case MappedObject::order: return order_members;
    case MappedObject::order_line: return order_line_members;
    }
    return {};
}

const MappedMember* find_member(MappedObject object, std::string_view path) noexcept {
    const auto members = mapped_members(object);
    const auto found = std::ranges::find(members, path, &MappedMember::path);
    return found == members.end() ? nullptr : &*found;
}

} // namespace blongo
