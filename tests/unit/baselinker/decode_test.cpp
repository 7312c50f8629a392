// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/baselinker/decode_catalogue.hpp>

#include "support/temp_dir.hpp"

using namespace blongo;
using namespace blongo::baselinker;

namespace {

json::Document parse(const std::string& text) {
    return json::Document::parse(text).value();
}
json::Document fixture(const std::string& name) {
    return parse(test::read_data("baselinker/" + name));
}
std::string products(const std::string& json) {
    return R"({"status":"SUCCESS","products":)" + json + "}";
}

} // namespace

TEST_CASE("getInventories gives catalogues with languages, warehouses and reservations") {
    const auto document = fixture("getInventories.json");
    const auto inventories = decode_inventories(document.root()).value();
    REQUIRE(inventories.size() == 2);
    CHECK(inventories[0].inventory_id == InventoryId(48120));
    CHECK(inventories[0].name == "Katalog główny");
    CHECK(inventories[0].languages == std::vector<std::string>{"pl", "en", "de"});
    CHECK(inventories[0].default_language == "pl");
    CHECK(inventories[0].price_groups == std::vector<std::int64_t>{61011, 61012});
    CHECK(inventories[0].warehouses.at(2) == WarehouseKey("shop_5012233"));
    CHECK(inventories[0].default_warehouse == WarehouseKey("bl_70455"));
    CHECK(inventories[0].reservations);
    CHECK(inventories[0].is_default);
    CHECK_FALSE(inventories[1].reservations);
}

TEST_CASE("getInventoryWarehouses builds the key that stock figures use, for types not known today too") {
    const auto document = fixture("getInventoryWarehouses.json");
    const auto warehouses = decode_warehouses(document.root()).value();
    REQUIRE(warehouses.size() == 4);
    CHECK(warehouses[0].key == WarehouseKey("bl_70455"));
    CHECK(warehouses[0].name == "Magazyn Łódź");
    CHECK_FALSE(warehouses[0].stock_edition);
    CHECK(warehouses[1].stock_edition);
    CHECK(warehouses[3].key == WarehouseKey("blconnect_6820"));
}

TEST_CASE("statuses and order sources are read with their names") {
    const auto statuses = fixture("getOrderStatusList.json");
    CHECK(decode_order_statuses(statuses.root()).value().at(1).name == "Do wysłania");
    const auto sources = fixture("getOrderSources.json");
    CHECK(decode_order_sources(sources.root()).value().at("shop").at("5012233") == "sklep.example.pl");
    const auto as_list = parse(R"({"status":"SUCCESS","sources":{"personal":["Osobiście"],"shop":[]}})");
    const auto read = decode_order_sources(as_list.root()).value();
    CHECK(read.at("personal").at("0") == "Osobiście");
    CHECK(read.at("shop").empty());
}

TEST_CASE("the product list has products and variants as rows of their own") {
    const auto document = fixture("getInventoryProductsList.include_variants.json");
    const auto rows = decode_product_list(document.root()).value();
    REQUIRE(rows.size() == 5);
    CHECK(rows[0].id == ProductId(701450010));
    CHECK(rows[0].parent_id == ProductId(0));
    CHECK(rows[0].sku == "KUB-CER-330");
    CHECK(rows[3].parent_id == ProductId(701450011));
    CHECK(rows[3].name == "T-shirt Basic M");
    CHECK(rows[3].ean == "5905551230024");
    const auto plain = fixture("getInventoryProductsList.json");
    CHECK(decode_product_list(plain.root()).value().size() == 3);
    const auto empty = fixture("getInventoryProductsList.empty_array_quirk.json");
    CHECK(decode_product_list(empty.root()).value().empty());
}

TEST_CASE("rows without parent_id are products, ids come from the key or the row, sku may be null") {
    const auto document = parse(products(R"({"5":{"sku":null,"name":"A"},"6":{"id":"6","sku":12345}})"));
    const auto rows = decode_product_list(document.root()).value();
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].id == ProductId(5));
    CHECK(rows[0].sku.empty());
    CHECK(rows[0].parent_id == ProductId(0));
    CHECK(rows[1].sku == "12345");
    const auto list = parse(products(R"([{"id":7,"sku":"S"}])"));
    CHECK(decode_product_list(list.root()).value().at(0).id == ProductId(7));
}

TEST_CASE("a row that cannot be read says so, and the others go on") {
    const auto document = parse(products(R"({"5":{"sku":{"a":1}},"6":"?","x":{"sku":"B"},"7":{"sku":"C"}})"));
    const auto rows = decode_product_list(document.root()).value();
    REQUIRE(rows.size() == 4);
    REQUIRE(rows[0].bad);
    CHECK(rows[0].bad->id == ProductId(5));
    CHECK(rows[0].bad->path == "$.products.5.sku");
    CHECK(rows[1].bad);
    CHECK(rows[2].bad);
    CHECK(rows[2].id == ProductId(0));
    CHECK_FALSE(rows[3].bad);
    CHECK(rows[3].sku == "C");
}

TEST_CASE("an answer without the list it promises is an error, not an empty catalogue") {
    for (const char* text :
         {R"({"status":"SUCCESS"})", R"({"status":"SUCCESS","products":"soon"})", R"({"status":"SUCCESS","products":3})"}) {
        const auto document = parse(text);
        CHECK(decode_product_list(document.root()).error().kind == ErrorKind::protocol);
        CHECK(decode_products_data(document.root()).error().kind == ErrorKind::protocol);
        CHECK(decode_product_stock(document.root()).error().kind == ErrorKind::protocol);
    }
    const auto empty = parse(R"({"status":"SUCCESS"})");
    CHECK(decode_inventories(empty.root()).error().kind == ErrorKind::protocol);
    CHECK(decode_warehouses(empty.root()).error().kind == ErrorKind::protocol);
    CHECK(decode_order_statuses(empty.root()).error().kind == ErrorKind::protocol);
    CHECK(decode_order_sources(empty.root()).error().kind == ErrorKind::protocol);
    const auto odd = parse(R"({"inventories":[{"inventory_id":"x"}],"warehouses":[{"stock_edition":"x"}],)"
                           R"("statuses":[{"id":"x"}],"sources":{"shop":7}})");
    CHECK(decode_inventories(odd.root()).error().kind == ErrorKind::protocol);
    CHECK(decode_warehouses(odd.root()).error().kind == ErrorKind::protocol);
    CHECK(decode_order_statuses(odd.root()).error().kind == ErrorKind::protocol);
    CHECK(decode_order_sources(odd.root()).error().kind == ErrorKind::protocol);
}

TEST_CASE("product data gives every field that an article needs") {
    const auto document = fixture("getInventoryProductsData.json");
    const auto data = decode_products_data(document.root()).value();
    REQUIRE(data.products.size() == 3);
    CHECK(data.bad.empty());

    const Product& mug = data.products[0];
    CHECK(mug.id == ProductId(701450010));
    CHECK_FALSE(mug.is_bundle);
    CHECK(mug.sku == "KUB-CER-330");
    CHECK(mug.ean == "5905551230017");
    REQUIRE(mug.additional_eans.size() == 1);
    CHECK(mug.additional_eans[0].ean == "5905551239997");
    CHECK(mug.additional_eans[0].quantity == 6);
    CHECK(mug.tags == std::vector<std::string>{"nowość"});
    CHECK(mug.category_id == 2204518); // a text on the wire
    CHECK(mug.weight.to_string() == "0.41");
    CHECK(mug.height.to_string() == "10.5");
    CHECK(mug.width.to_string() == "8.4");
    CHECK(mug.length.to_string() == "12");
    CHECK(mug.text_fields.at("name") == "Kubek ceramiczny 330 ml");
    CHECK(mug.text_fields.at("description").find("&amp;") != std::string::npos); // HTML stays as it came
    CHECK(mug.text_fields.at("extra_field_9301") == "6912 00 23");
    CHECK(mug.text_fields.at("extra_field_9303") == "https://upload.cdn.example/extra/1.pdf");
    CHECK(mug.text_fields.count("features") == 0);
    CHECK(mug.stock.at(WarehouseKey("bl_70455")) == 42);
    CHECK(mug.variants.empty());
    CHECK(mug.bundle_products.empty());

    const Product& shirt = data.products[1];
    CHECK(shirt.manufacturer_id == 118822);
    REQUIRE(shirt.variants.size() == 2);
    CHECK(shirt.variants[0].id == ProductId(701450012));
    CHECK(shirt.variants[0].name == "T-shirt Basic M");
    CHECK(shirt.variants[1].sku == "TSHIRT-BASIC-L");
    CHECK(shirt.variants[1].ean == "5905551230031");

    const Product& bundle = data.products[2];
    CHECK(bundle.is_bundle);
    CHECK(bundle.bundle_products.at(ProductId(701450010)) == 2);
    CHECK(bundle.bundle_products.at(ProductId(701450031)) == 1);
}

TEST_CASE("features that were cut off in the middle count as none, and stock may be negative") {
    const auto document = fixture("getInventoryProductsData.truncated_features_quirk.json");
    const auto data = decode_products_data(document.root()).value();
    REQUIRE(data.products.size() == 1);
    CHECK(data.bad.empty());
    CHECK(data.products[0].text_fields.size() == 1);
    CHECK(data.products[0].weight.to_string() == "0.1");
    CHECK(data.products[0].stock.at(WarehouseKey("bl_70455")) == -2);
}

TEST_CASE("a text field is taken in the wanted language, else in the default one") {
    Product product;
    product.text_fields = {{"name", "Kubek"}, {"name|de", "Becher"}, {"name|en", ""}};
    CHECK(product.text_field("name", "de") == "Becher");
    CHECK(product.text_field("name", "en") == "Kubek");
    CHECK(product.text_field("name", "fr") == "Kubek");
    CHECK(product.text_field("name", "") == "Kubek");
    CHECK(product.text_field("description", "de").empty());
}

TEST_CASE("products come in ascending id order however they were sent") {
    const auto document = parse(products(R"({"9":{"sku":"c"},"3":{"sku":"a"},"5":{"sku":"b"}})"));
    const auto data = decode_products_data(document.root()).value();
    CHECK(data.products[0].sku + data.products[1].sku + data.products[2].sku == "abc");
}

TEST_CASE("a product with one unreadable member is set aside with path and reason") {
    const std::vector<std::pair<std::string, std::string>> broken{
        {R"({"weight":"ciężki"})", "$.products.5.weight"},
        {R"({"sku":["A"]})", "$.products.5.sku"},
        {R"({"is_bundle":"maybe"})", "$.products.5.is_bundle"},
        {R"({"variants":{"x":{"sku":"A"}}})", "$.products.5.variants.x"},
        {R"({"variants":"none"})", "$.products.5.variants"},
        {R"({"bundle_products":{"abc":1}})", "$.products.5.bundle_products.abc"},
        {R"({"bundle_products":{"7":"two"}})", "$.products.5.bundle_products.7"},
        {R"({"ean_additional":[{"ean":"1","quantity":"many"}]})", "$.products.5.ean_additional[0].quantity"},
        {R"({"text_fields":{"name":true}})", "$.products.5.text_fields.name"},
        {R"({"tags":[{"a":1}]})", "$.products.5.tags[0]"},
        {R"({"stock":{"bl_1":"few"}})", "$.products.5.stock.bl_1"},
        {R"({"category_id":"x"})", "$.products.5.category_id"},
    };
    for (const auto& [item, path] : broken) {
        CAPTURE(item);
        const auto document = parse(products(R"({"5":)" + item + R"(,"6":{"sku":"B"}})"));
        const auto data = decode_products_data(document.root()).value();
        REQUIRE(data.products.size() == 1);
        CHECK(data.products[0].id == ProductId(6));
        REQUIRE(data.bad.size() == 1);
        CHECK(data.bad[0].id == ProductId(5));
        CHECK(data.bad[0].path == path);
        CHECK_FALSE(data.bad[0].reason.empty());
    }
}

TEST_CASE("empty collections of a product may come in every empty form") {
    for (const char* empty : {"[]", "{}", "\"\"", "null"}) {
        const std::string e = empty;
        const auto document = parse(products(R"({"5":{"sku":"A","tags":)" + e + R"(,"variants":)" + e + R"(,"stock":)" + e +
                                             R"(,"bundle_products":)" + e + R"(,"text_fields":)" + e + R"(,"ean_additional":)" +
                                             e + R"(,"weight":"","parent_id":null}})"));
        const auto data = decode_products_data(document.root()).value();
        CHECK(data.bad.empty());
        REQUIRE(data.products.size() == 1);
        CHECK(data.products[0].weight.is_zero());
    }
}

TEST_CASE("stock is read per warehouse and per variant, null is not reported") {
    const auto document = fixture("getInventoryProductsStock.json");
    const auto rows = decode_product_stock(document.root()).value();
    REQUIRE(rows.size() == 3);
    CHECK(rows[1].variants.at(ProductId(701450013)).at(WarehouseKey("bl_70456")) == 1);
    CHECK(rows[2].stock.at(WarehouseKey("bl_70455")) == -2);
    const auto empty = fixture("getInventoryProductsStock.empty_array_quirk.json");
    CHECK(decode_product_stock(empty.root()).value().empty());

    const auto odd = parse(products(R"({"5":{"stock":{"bl_1":null,"bl_2":"3"},"variants":[]},"6":{"stock":{"bl_1":{}}},)"
                                    R"("7":{"variants":{"x":{}}}})"));
    const auto read = decode_product_stock(odd.root()).value();
    CHECK(read[0].product_id == ProductId(5));
    CHECK(read[0].stock.size() == 1);
    CHECK(read[0].stock.at(WarehouseKey("bl_2")) == 3);
    CHECK_FALSE(read[0].bad);
    CHECK(read[1].bad);
    CHECK(read[2].bad);
}
