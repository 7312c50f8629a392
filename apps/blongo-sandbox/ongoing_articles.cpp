// SPDX-License-Identifier: Apache-2.0
#include "ongoing.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/text.hpp>

namespace blongo::sandbox {

namespace {

constexpr auto oldest_stock_cursor = std::chrono::hours{24};

Decimal sum(const Article& article, Decimal Stock::*part) {
    Decimal total;
    for (const auto& [warehouse, stock] : article.stock) total = total + stock.*part;
    return total;
}

json::Value zero() {
    return number_json(Decimal{});
}

json::Value reported() {
    return json::Value::object()
        .set("pickedToBeReportedNumberOfItems", zero())
        .set("returnedToBeReportedNumberOfItems", zero())
        .set("receivedToBeReportedNumberOfItems", zero());
}

json::Value inventory_info(GoodsOwner& owner, const Article& article) {
    const Decimal for_sale = sellable(owner, article);
    const Bookings& held = owner.bookings(article.id);
    return json::Value::object()
        .set("numberOfItems", number_json(article.is_structure() ? for_sale : sum(article, &Stock::items)))
        .set("numberOfBookedItems", number_json(held.booked))
        .set("numberOfLockedItems", number_json(sum(article, &Stock::locked)))
        .set("toReceiveNumberOfItems", number_json(sum(article, &Stock::to_receive)))
        .set("allocatedNumberOfItems", number_json(held.allocated))
        .set("lockedForSaleNumberOfItems", number_json(sum(article, &Stock::locked_for_sale)))
        .set("pickedToBeCollectedNumberOfItems", zero())
        .set("receivedToBeFinishedNumberOfItems", zero())
        .set("lastInDate", nullptr)
        .set("sellableNumberOfItems", article.sellable_null ? json::Value() : number_json(for_sale))
        .set("totalStockValue", zero())
        .set("reported", reported());
}

json::Value bar_codes(const json::Value& data) {
    const json::Value& given = data["barCodeInfo"];
    if (given.is_null()) return {};
    json::Value info = pick(given, {"barCode", "barCodePackage", "barCodePallet"});
    json::Value alternatives;
    for (const json::Value& row : given["alternativeBarCodes"].elements())
        alternatives.push_back(json::Value::object()
                                   .set("barCode", row["barCode"])
                                   .set("quantityPerBarCode", decimal_member(row, "quantityPerBarCode"))
                                   .set("barCodeType", row["barCodeType"]));
    return std::move(info).set("alternativeBarCodes", std::move(alternatives));
}

json::Value classes_of(const json::Value& data) {
    json::Value classes;
    std::int64_t id = 1;
    for (const json::Value& row : data["articleClassesInfo"]["classes"].elements())
        classes.push_back(json::Value::object().set("id", id++).set("code", row["code"]).set("name", row["name"]));
    return classes;
}

json::Value view(GoodsOwner& owner, const Article& article) {
    const json::Value& data = article.data;
    json::Value model = json::Value::object();
    model.set("goodsOwner", json::Value::object().set("id", owner.id).set("name", owner.name));
    model.set("articleSystemId", article.id);
    for (const char* name : {"articleNumber", "articleName", "productCode", "unitCode", "description"})
        model.set(name, data[name]);
    model.set("isStockArticle", data["isStockArticle"].is_null() ? json::Value(true) : data["isStockArticle"]);
    model.set("isActive", data["isActive"].is_null() ? json::Value(true) : data["isActive"]);
    model.set("supplierInfo", pick_or_null(data["supplierInfo"],
                                           {"supplierArticleNumber", "supplierNumber", "supplierName", "alternativeSuppliers"}));
    model.set("barCodeInfo", bar_codes(data));
    for (const char* name : {"quantityPerPackage", "quantityPerPallet"}) model.set(name, data[name]);
    for (const char* name :
         {"weight", "length", "width", "height", "volume", "purchasePrice", "stockValuationPrice", "customerPrice"})
        model.set(name, decimal_member(data, name));
    for (const char* name : {"purcaseCurrencyCode", "countryOfOriginCode", "statisticsNumber", "articleGroup", "articleCategory"})
        model.set(name, data[name]);
    model.set("inventoryInfo", inventory_info(owner, article));
    model.set("articleDataLastUpdated", time_json(article.updated));
    const json::Value& kind = data["structureDefinition"]["articleKind"];
    model.set("articleKind", kind.is_null() ? json::Value("") : kind);
    model.set("stockLimit", data["stockLimit"]);
    model.set("minimumReorderQuantity", decimal_member(data, "minimumReorderQuantity"));
    model.set("netWeight", decimal_member(data, "netWeight"));
    model.set("freeValues", data["freeValues"]);
    model.set("subQuantityPerItem", decimal_member(data, "subQuantityPerItem"));
    model.set("classes", classes_of(data));
    model.set("customsDescription", data["customsDescription"]);
    model.set("taricNumbersInfo", data["taricNumbersInfo"]);
    model.set("defaultLocationMaxNumberOfItems", nullptr);
    model.set("defaultLocationStockLimit", nullptr);
    model.set("linkToPicture", data["linkToPicture"]);
    const json::Value& storage = data["storageProperties"];
    json::Value properties = json::Value::object();
    for (const char* name : {"isObsolete", "isSerialNumberArticle", "isBatchArticle", "isExpiryDateArticle"})
        properties.set(name, storage[name].is_true());
    model.set("storageProperties", std::move(properties));
    model.set("defaultLocation", nullptr);
    for (const char* name : {"minDaysToExpiryDateAllowedOnDelivery", "articleColor", "articleSize", "additionalStatisticsNumber",
                             "customsExportConditions", "articleNameTranslations"})
        model.set(name, data[name]);
    json::Value comments;
    for (const char* name : {"articleInboundHandlingComment", "articlePickingHandlingComment", "articleReturnHandlingComment"})
        if (!data[name].is_null()) comments.set(name, data[name]);
    model.set("articleHandlingComments", std::move(comments));
    model.set("storageClass", data["storageClass"]);
    return model;
}

std::int64_t main_warehouse(const GoodsOwner& owner) {
    const auto& all = owner.dictionaries["warehouses"].elements();
    return all.empty() ? 1 : all.front()["id"].integer();
}

// --- writing ---------------------------------------------------------------

std::vector<Problem> unwritten_rules(const json::Value& body) {
    std::vector<Problem> problems;
    check_length(problems, body, "articleNumber", 50);
    check_length(problems, body, "articleName", 200);
    const auto& rows = body["structureDefinition"]["rows"].elements();
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i]["numberOfItems"].is_null())
            problems.push_back({"line_without_quantity", fmt::format("structureDefinition.rows[{}].numberOfItems", i),
                                "a row without numberOfItems is a row of 0 pieces"});
    return problems;
}

OngoingAnswer store(OngoingCall& call, Article article, const char* verb) {
    const auto problems = unwritten_rules(call.body);
    for (const Problem& problem : problems) call.context.violate(problem);
    if (!problems.empty()) return invalid(problems);
    const std::string number(call.body["articleNumber"].text());
    const Article* other = call.owner.find_article(number);
    if (other != nullptr && other->id != article.id)
        return refused(400, fmt::format("The article number {} belongs to another article.", number));
    const json::Value& structure = call.body["structureDefinition"];
    for (const json::Value& row : structure["rows"].elements())
        if (call.owner.find_article(std::string(row["articleNumber"].text())) == nullptr)
            return refused(400, fmt::format("The article {} of the structure was not found.", row["articleNumber"].text()));
    const bool was_structure = article.is_structure();
    const bool conversion_allowed =
        call.body.at_path("advanced.allowChangingProductionAndStructureArticlesToStockOrNonStockArticles").is_true();
    if (article.id != 0 && !was_structure && !structure.is_null() && sum(article, &Stock::items) > Decimal{})
        return refused(400, fmt::format("Article {} is in stock and cannot become a structure.", number));
    if (const json::Value* given = call.body.find("structureDefinition");
        was_structure && given != nullptr && given->is_null() && !conversion_allowed)
        return refused(400, fmt::format("Article {} is a structure and cannot become a stock article.", number));

    const std::string before = article.number();
    overlay(article.data, call.body, call.context.settings.put_clears_omitted);
    article.data.erase("goodsOwnerId");
    article.data.erase("advanced");
    article.updated = call.context.now;
    ++article.writes;
    if (article.id == 0) {
        article.id = call.owner.next_article++;
        article.stock_changed = call.context.now;
        if (call.context.settings.new_article_stock > 0)
            article.stock[main_warehouse(call.owner)].items = call.context.settings.new_article_stock;
    }
    if (!before.empty() && before != number) call.owner.article_by_number.erase(before);
    call.owner.article_by_number[number] = article.id;
    const std::int64_t id = article.id;
    call.owner.articles.insert_or_assign(id, std::move(article));
    call.owner.touch();
    return {200, json::Value::object().set("articleSystemId", id).set("message", fmt::format("Article {} {}.", number, verb))};
}

OngoingAnswer put_by_number(OngoingCall& call) {
    const Article* existing = call.owner.find_article(std::string(call.body["articleNumber"].text()));
    return existing == nullptr ? store(call, Article{}, "created") : store(call, *existing, "updated");
}

OngoingAnswer put_by_id(OngoingCall& call) {
    const auto found = call.owner.articles.find(call.path_id("articleSystemId"));
    if (found == call.owner.articles.end()) return refused(404, "The article was not found.");
    return store(call, found->second, "updated");
}

// --- reading ---------------------------------------------------------------

bool contains(const std::vector<std::string>& values, std::string_view text) {
    return std::find(values.begin(), values.end(), text) != values.end();
}

bool passes(OngoingCall& call, const Article& article) {
    const json::Value& data = article.data;
    if (const auto number = call.text("articleNumber"); number && article.number() != *number) return false;
    if (call.has("articleNumbers") && !contains(call.texts("articleNumbers"), article.number())) return false;
    if (const auto from = call.time("stockInfoChangedFrom"); from && article.stock_changed < *from) return false;
    if (const auto from = call.time("articleDataLastUpdatedFrom"); from && article.updated < *from) return false;
    if (const auto code = call.text("productCode"); code && data["productCode"].text() != *code) return false;
    if (call.has("productCodes") && !contains(call.texts("productCodes"), data["productCode"].text())) return false;
    if (call.has("barCodes") && !contains(call.texts("barCodes"), data.at_path("barCodeInfo.barCode").text())) return false;
    for (const std::string& part : call.texts("articleNameContains"))
        if (fold_case(data["articleName"].text()).find(fold_case(part)) == std::string::npos) return false;
    if (call.flag("onlyArticlesInStock") && sum(article, &Stock::items) <= Decimal{}) return false;
    if (call.flag("onlyArticlesBelowStockLimit") &&
        sum(article, &Stock::items) >= data["stockLimit"].decimal().value_or(Decimal{}))
        return false;
    return true;
}

/// The articles of one page, cursor and size applied.
std::vector<const Article*> page(OngoingCall& call) {
    std::vector<const Article*> rows;
    const std::int64_t from = call.integer("articleSystemIdFrom").value_or(0);
    const std::size_t most = static_cast<std::size_t>(
        std::max<std::int64_t>(0, call.integer("maxArticlesToGet").value_or(std::numeric_limits<std::int32_t>::max())));
    if (call.has("articleNumbers")) {
        for (const std::string& number : call.texts("articleNumbers"))
            if (const Article* article = call.owner.find_article(number);
                article != nullptr && article->id >= from && passes(call, *article))
                rows.push_back(article);
        std::sort(rows.begin(), rows.end(), [](const Article* a, const Article* b) { return a->id < b->id; });
        rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
        if (rows.size() > most) rows.resize(most);
    } else {
        for (auto row = call.owner.articles.lower_bound(from); row != call.owner.articles.end() && rows.size() < most; ++row)
            if (passes(call, row->second)) rows.push_back(&row->second);
    }
    call.note_page("articleSystemIdFrom", rows.empty() ? std::optional<std::int64_t>{} : rows.back()->id);
    return rows;
}

std::optional<OngoingAnswer> stale_cursor(OngoingCall& call) {
    const auto from = call.time("stockInfoChangedFrom");
    if (!from || call.context.now - *from <= oldest_stock_cursor) return std::nullopt;
    call.violate("stale_cursor", "query stockInfoChangedFrom", "the time lies more than 24 hours back");
    return refused(400, "stockInfoChangedFrom must be within 24 hours of the current time");
}

OngoingAnswer list(OngoingCall& call) {
    if (auto refusal = stale_cursor(call)) return *refusal;
    json::Value rows = json::Value::array();
    for (const Article* article : page(call)) rows.push_back(view(call.owner, *article));
    return {200, std::move(rows)};
}

OngoingAnswer get(OngoingCall& call) {
    const auto found = call.owner.articles.find(call.path_id("articleSystemId"));
    if (found == call.owner.articles.end()) return refused(404, "The article was not found.");
    return {200, view(call.owner, found->second)};
}

OngoingAnswer per_warehouse(OngoingCall& call) {
    if (auto refusal = stale_cursor(call)) return *refusal;
    const auto wanted = call.texts("warehouseIds");
    json::Value rows = json::Value::array();
    for (const Article* article : page(call)) {
        json::Value stocks = json::Value::array();
        for (const auto& [id, stock] : article->stock) {
            if (!wanted.empty() && !contains(wanted, std::to_string(id))) continue;
            stocks.push_back(json::Value::object()
                                 .set("warehouseId", id)
                                 .set("numberOfItems", number_json(stock.items))
                                 .set("numberOfLockedItems", number_json(stock.locked))
                                 .set("sellableNumberOfItems",
                                      article->sellable_null ? json::Value() : number_json(sellable(call.owner, *article, id)))
                                 .set("availableForSaleNumberOfItems", number_json(stock.items - stock.locked_for_sale))
                                 .set("reported", reported())
                                 .set("allocatedNumberOfItems", zero()));
        }
        rows.push_back(json::Value::object()
                           .set("articleSystemId", article->id)
                           .set("articleNumber", article->number())
                           .set("inventoryPerWarehouse", std::move(stocks)));
    }
    return {200, std::move(rows)};
}

json::Value structure_view(GoodsOwner& owner, const Article& article) {
    json::Value rows = json::Value::array();
    const json::Value& structure = article.data["structureDefinition"];
    for (const json::Value& row : structure["rows"].elements()) {
        const Article* component = owner.find_article(std::string(row["articleNumber"].text()));
        rows.push_back(json::Value::object()
                           .set("articleSystemId", component == nullptr ? 0 : component->id)
                           .set("articleNumber", row["articleNumber"])
                           .set("numberOfItems", decimal_member(row, "numberOfItems")));
    }
    const json::Value& kind = structure["articleKind"];
    return json::Value::object()
        .set("articleSystemId", article.id)
        .set("articleNumber", article.number())
        .set("articleKind", kind.is_null() ? json::Value("") : kind)
        .set("rows", std::move(rows));
}

OngoingAnswer structure(OngoingCall& call) {
    const auto found = call.owner.articles.find(call.path_id("articleSystemId"));
    if (found == call.owner.articles.end()) return refused(404, "The article was not found.");
    return {200, structure_view(call.owner, found->second)};
}

OngoingAnswer structures(OngoingCall& call) {
    const auto wanted = call.texts("articleNumbers");
    json::Value rows = json::Value::array();
    for (const auto& [id, article] : call.owner.articles) {
        const json::Value& data = article.data;
        if (data["structureDefinition"]["articleKind"].text() != call.text("articleKind").value_or("")) continue;
        if (!wanted.empty() && !contains(wanted, article.number())) continue;
        rows.push_back(structure_view(call.owner, article));
    }
    return {200, std::move(rows)};
}

} // namespace

void add_article_operations(OngoingTable& table) {
    table["PUT /articles"] = put_by_number;
    table["PUT /articles/{articleSystemId}"] = put_by_id;
    table["GET /articles"] = list;
    table["GET /articles/{articleSystemId}"] = get;
    table["GET /articles/inventoryPerWarehouse"] = per_warehouse;
    table["GET /articles/{articleSystemId}/structureDefinition"] = structure;
    table["GET /articles/structureDefinitions"] = structures;
}

} // namespace blongo::sandbox
