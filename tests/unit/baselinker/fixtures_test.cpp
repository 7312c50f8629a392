// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include <filesystem>
#include <functional>
#include <map>

#include <blongo/baselinker/decode_catalogue.hpp>
#include <blongo/baselinker/decode_orders.hpp>
#include <blongo/baselinker/decode_packages.hpp>
#include <blongo/baselinker/decode_returns.hpp>
#include <blongo/baselinker/verdict.hpp>

#include "support/temp_dir.hpp"

using namespace blongo;
using namespace blongo::baselinker;

namespace {

const Timestamp now = parse_timestamp("2026-11-23T13:00:00Z").value();

template <class Decode> std::function<std::optional<Error>(json::Node)> with(Decode decode) {
    return [decode](json::Node root) -> std::optional<Error> {
        const auto result = decode(root);
        if (result) return std::nullopt;
        return result.error();
    };
}
std::optional<Error> nothing_to_read(json::Node) {
    return std::nullopt;
}

/// How each method's SUCCESS is read.
const std::map<std::string, std::function<std::optional<Error>(json::Node)>> decoders{
    {"getInventories", with(decode_inventories)},
    {"getInventoryWarehouses", with(decode_warehouses)},
    {"getInventoryProductsList", with(decode_product_list)},
    {"getInventoryProductsData", with(decode_products_data)},
    {"getInventoryProductsStock", with(decode_product_stock)},
    {"updateInventoryProductsStock", with(decode_stock_update)},
    {"getOrderStatusList", with(decode_order_statuses)},
    {"getOrderSources", with(decode_order_sources)},
    {"getOrders", with(decode_orders)},
    {"getJournalList", with(decode_journal)},
    {"getOrderReturns", with(decode_returns)},
    {"getOrderReturnStatusList", with(decode_return_statuses)},
    {"getOrderReturnJournalList", with(decode_return_journal)},
    {"setOrderStatus", nothing_to_read},
    {"setOrderStatuses", nothing_to_read},
    {"setOrderFields", nothing_to_read},
    {"runOrderMacroTrigger", nothing_to_read},
    {"getCouriersList", with(decode_couriers)},
    {"getCourierAccounts", with(decode_courier_accounts)},
    {"getCourierFields", with(decode_courier_form)},
    {"getCourierServices", with(decode_courier_services)},
    {"createPackage", with(decode_created_package)},
    {"createPackageManual", with(decode_created_package)},
    {"deleteCourierPackage", nothing_to_read},
    {"getOrderPackages", with(decode_order_packages)},
    {"getPackageDetails", with(decode_package_details)},
    {"getLabel", with([](json::Node root) { return decode_courier_document(root, "label"); })},
    {"getProtocol", with([](json::Node root) { return decode_courier_document(root, "protocol"); })},
    {"getCourierDocument", with([](json::Node root) { return decode_courier_document(root, "document"); })},
    {"getRequestParcelPickupFields", with([](json::Node root) { return decode_courier_field_list(root["fields"]); })},
    {"runRequestParcelPickup", nothing_to_read},
};

/// Answers of methods by file name.
std::map<std::string, std::string> answers() {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(BLONGO_TEST_DATA "/baselinker")) {
        const std::string name = entry.path().filename().string();
        const bool is_answer = !name.starts_with("error.") && !name.starts_with("transport.") && !name.starts_with("requests.");
        if (is_answer) files[name] = test::read_file(entry.path());
    }
    return files;
}

http::Response response(std::string body) {
    http::Response result;
    result.status = 200;
    result.body = std::move(body);
    return result;
}

} // namespace

TEST_CASE("every recorded answer of a BaseLinker method is a success and can be read") {
    int read = 0;
    for (const auto& [name, text] : answers()) {
        CAPTURE(name);
        const std::string method = name.substr(0, name.find('.'));
        const Verdict verdict = judge(response(text), method, now);
        REQUIRE_FALSE(verdict.error);
        REQUIRE(decoders.count(method) == 1);
        const auto error = decoders.at(method)(verdict.document->root());
        CHECK((error ? error->text() : "") == "");
        ++read;
    }
    CHECK(read > 40);
}

TEST_CASE("every recorded refusal carries the code of its name") {
    for (const auto& entry : std::filesystem::directory_iterator(BLONGO_TEST_DATA "/baselinker")) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with("error.ERROR_")) continue;
        CAPTURE(name);
        const Verdict verdict = judge(response(test::read_file(entry.path())), "getOrders", now);
        REQUIRE(verdict.error);
        CHECK("error." + verdict.error->code + ".json" == name);
    }
}

TEST_CASE("no damage to an answer brings a decoder down") {
    const auto files = answers();
    std::vector<std::pair<std::string, std::string>> list(files.begin(), files.end());
    rc::check([&] {
        const auto& [name, original] = list[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(list.size())))];
        const std::string method = name.substr(0, name.find('.'));
        std::string text = original;
        const auto hits = *rc::gen::inRange(1, 6);
        for (int i = 0; i < hits && !text.empty(); ++i) {
            const auto at = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(text.size())));
            // pieces that keep the text JSON more often than random bytes would
            const std::string piece =
                *rc::gen::element<std::string>("", "0", "-", "\"", "[]", "{}", "null", "true", "1.5", ",", ":", "\x80");
            text.replace(at, static_cast<std::size_t>(*rc::gen::inRange(0, 12)), piece);
        }
        const Verdict verdict = judge(response(text), method, now);
        if (!verdict.error) (void)decoders.at(method)(verdict.document->root());
        RC_ASSERT(verdict.error.has_value() != verdict.document.has_value());
    });
}
