// SPDX-License-Identifier: Apache-2.0
#include <blongo/ongoing/client.hpp>
#include <blongo/ongoing/project.hpp>

namespace blongo::ongoing {
namespace {

using enum MemberType;

constexpr ModelMember code_name[]{{"code", "code"}, {"name", "name"}};

constexpr ModelMember supplier[]{
    {"supplierArticleNumber", "supplierArticleNumber"}, {"supplierNumber", "supplierNumber"}, {"supplierName", "supplierName"}};

constexpr ModelMember alternative_supplier[]{{"supplierArticleNumber", "supplierArticleNumber"},
                                             {"supplierNumber", "supplierNumber"},
                                             {"supplierName", "supplierName"},
                                             {"leadTime", "leadTime", integer}};
constexpr ModelMember alternative_suppliers[]{
    {"alternativeSuppliers", "supplierInfo.alternativeSuppliers", list, alternative_supplier}};

constexpr ModelMember alternative_bar_code[]{{"barCode", "barCode"},
                                             {"quantityPerBarCode", "quantityPerBarCode", number},
                                             {"barCodeType", "barCodeType", object, code_name}};
constexpr ModelMember bar_codes[]{{"barCode", "barCode"},
                                  {"barCodePackage", "barCodePackage"},
                                  {"barCodePallet", "barCodePallet"},
                                  {"alternativeBarCodes", "alternativeBarCodes", list, alternative_bar_code}};

constexpr ModelMember translation[]{{"languageCode", "languageCode"}, {"articleName", "articleName"}};

constexpr ModelMember storage_properties[]{{"isObsolete", "isObsolete", boolean},
                                           {"isSerialNumberArticle", "isSerialNumberArticle", boolean},
                                           {"isBatchArticle", "isBatchArticle", boolean},
                                           {"isExpiryDateArticle", "isExpiryDateArticle", boolean}};

constexpr ModelMember free_values[]{{"freeDecimal1", "freeDecimal1", number},
                                    {"freeDecimal2", "freeDecimal2", number},
                                    {"freeDecimal3", "freeDecimal3", number},
                                    {"freeBoolean1", "freeBoolean1", boolean},
                                    {"freeBoolean2", "freeBoolean2", boolean},
                                    {"freeBoolean3", "freeBoolean3", boolean},
                                    {"freeText1", "freeText1"},
                                    {"freeText2", "freeText2"},
                                    {"freeText3", "freeText3"},
                                    {"freeText4", "freeText4"},
                                    {"freeText5", "freeText5"},
                                    {"freeText6", "freeText6"},
                                    {"freeText7", "freeText7"},
                                    {"freeText8", "freeText8"}};

constexpr ModelMember storage_class[]{{"name", "name", text, {}, true}};

constexpr ModelMember taric_number[]{{"countryCode", "countryCode", text, {}, true},
                                     {"taricNumber", "taricNumber", text, {}, true}};
constexpr ModelMember taric_numbers[]{{"taricNumbers", "taricNumbers", list, taric_number}};

constexpr ModelMember article_class[]{{"code", "code", text, {}, true}, {"name", "name", text, {}, true}};
constexpr ModelMember article_classes[]{{"classes", "classes", list, article_class}};

/// PostArticleModel from GetArticleModel. Not readable, so not here: structureDefinition (an answer
/// of its own), quantityPerLayerOnPallet, freeValues.freeDateTime1, articlePackingHandlingComment,
/// supplierInfo.advanced, advanced.
constexpr ModelMember article[]{
    {"goodsOwnerId", "goodsOwner.id", integer},
    {"articleNumber", "articleNumber"},
    {"articleName", "articleName"},
    {"productCode", "productCode"},
    {"unitCode", "unitCode"},
    {"description", "description"},
    {"isStockArticle", "isStockArticle", boolean},
    {"isActive", "isActive", boolean},
    {"articleGroup", "articleGroup", object, code_name},
    {"articleCategory", "articleCategory", object, code_name},
    {"articleColor", "articleColor", object, code_name},
    {"articleSize", "articleSize", object, code_name},
    {"supplierInfo", "supplierInfo", object, supplier},
    {"alternativeSuppliersInfo", "", object, alternative_suppliers},
    {"barCodeInfo", "barCodeInfo", object, bar_codes},
    {"quantityPerPackage", "quantityPerPackage", integer},
    {"quantityPerPallet", "quantityPerPallet", integer},
    {"weight", "weight", number},
    {"netWeight", "netWeight", number},
    {"length", "length", number},
    {"width", "width", number},
    {"height", "height", number},
    {"volume", "volume", number},
    {"purchasePrice", "purchasePrice", number},
    {"stockValuationPrice", "stockValuationPrice", number},
    {"customerPrice", "customerPrice", number},
    {"purcaseCurrencyCode", "purcaseCurrencyCode"},
    {"countryOfOriginCode", "countryOfOriginCode"},
    {"statisticsNumber", "statisticsNumber"},
    {"additionalStatisticsNumber", "additionalStatisticsNumber"},
    {"customsDescription", "customsDescription"},
    {"customsExportConditions", "customsExportConditions"},
    {"taricNumbersInfo", "taricNumbersInfo", object, taric_numbers},
    {"articleNameTranslations", "articleNameTranslations", list, translation},
    {"stockLimit", "stockLimit", integer},
    {"minimumReorderQuantity", "minimumReorderQuantity", number},
    {"linkToPicture", "linkToPicture"},
    {"subQuantityPerItem", "subQuantityPerItem", number},
    {"minDaysToExpiryDateAllowedOnDelivery", "minDaysToExpiryDateAllowedOnDelivery", integer},
    {"storageProperties", "storageProperties", object, storage_properties},
    {"storageClass", "storageClass", object, storage_class},
    {"freeValues", "freeValues", object, free_values},
    {"articleInboundHandlingComment", "articleHandlingComments.articleInboundHandlingComment"},
    {"articlePickingHandlingComment", "articleHandlingComments.articlePickingHandlingComment"},
    {"articleReturnHandlingComment", "articleHandlingComments.articleReturnHandlingComment"},
    {"articleClassesInfo", "", object, article_classes},
};

} // namespace

json::Value post_model_of(const json::Value& get_article_model) {
    return project(get_article_model, article);
}

} // namespace blongo::ongoing
