// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <algorithm>

#include <blongo/ongoing/client.hpp>

#include "support/openapi.hpp"
#include "support/temp_dir.hpp"

using namespace blongo;
using ongoing::post_model_of_order;

namespace {

const test::OpenApi& contract() {
    static const test::OpenApi document(test::read_data("ongoing-openapi.json"));
    return document;
}

json::Value fixture(const std::string& file) {
    return json::Value::parse(test::read_data("ongoing/" + file)).value();
}

/// Paths whose value is said again under another path.
const std::vector<std::pair<std::string, std::string>> moved{
    {"goodsOwner.id", "goodsOwnerId"},
    {"orderInfo.advanced.deliveryDateWithTime", "deliveryDate"},
    {"orderInfo.advanced.arrivalDate", "advanced.arrivalDate"},
    {"orderInfo.advanced.invoiceNumber", "advanced.invoiceNumber"},
    {"orderInfo.warehouse.id", "warehouseId"},
    {"transporter.code", "transporter.transporterCode"},
    {"transporter.serviceCode", "transporter.transporterServiceCode"},
    {"returnTransporter.code", "returnTransporter.transporterCode"},
    {"returnTransporter.serviceCode", "returnTransporter.transporterServiceCode"},
};
const std::vector<std::pair<std::string, std::string>> moved_in_line{
    {"article.articleNumber", "articleNumber"},
    {"orderedNumberOfItems", "numberOfItems"},
    {"freeValues.freeText1", "lineFreeValues.freeText1"},
    {"freeValues.freeDecimal1", "lineFreeValues.freeDecimal1"},
};

bool says_something(const json::Value& value) {
    return !value.is_null() && !(value.is_string() && value.text().empty());
}

void same(const json::Value& from, const json::Value& to) {
    if (!says_something(from)) {
        CHECK(to.is_null());
    } else if (from.is_number()) {
        CHECK(to.decimal() == from.decimal());
    } else {
        CHECK(to == from);
    }
}

/// Every value of `answer` that the request model has under the same name stands in `request`.
void keeps_shared_values(const json::Value& answer, const json::Value& request, const json::Value& full,
                         const std::string& path) {
    for (const auto& [name, value] : answer.members()) {
        const std::string here = path + "." + name;
        CAPTURE(here);
        const json::Value* known = full.find(name);
        if (!known || !says_something(value) || name == "deliveryDate" || here == "$.transporter" ||
            here == "$.returnTransporter")
            continue;
        if (value.is_object()) {
            keeps_shared_values(value, request[name], *known, here);
        } else if (value.is_array()) {
            REQUIRE(request[name].size() == value.size());
            for (std::size_t i = 0; i < value.size(); ++i)
                keeps_shared_values(value.elements()[i], request[name].elements()[i], known->elements().at(0), here);
        } else {
            same(value, request[name]);
        }
    }
}

json::Value says_the_same(const json::Value& answer) {
    const json::Value request = post_model_of_order(answer).value();
    CHECK(contract().violations("PostOrderModel", request) == std::vector<std::string>{});
    const json::Value full = contract().full_example("PostOrderModel");
    json::Value consignee_and_lists = answer;
    for (const char* member : {"orderInfo", "advanced"}) consignee_and_lists.erase(member);
    keeps_shared_values(consignee_and_lists, request, full, "$");
    keeps_shared_values(answer["orderInfo"], request, full, "$");
    for (const auto& [from, to] : moved) {
        CAPTURE(from);
        same(answer.at_path(from), request.at_path(to));
    }
    const auto& lines = answer["orderLines"].elements();
    for (std::size_t i = 0; i < lines.size(); ++i)
        for (const auto& [from, to] : moved_in_line) {
            CAPTURE(i, from);
            same(lines[i].at_path(from), request["orderLines"].elements().at(i).at_path(to));
        }
    return request;
}

} // namespace

TEST_CASE("an order that Ongoing returns can be said again as a request of the closed model") {
    for (const char* file :
         {"orders.get.fresh.response.json", "orders.get.sent-to-book.response.json", "orders.get.collected.response.json"})
        says_the_same(fixture(file));
    for (const char* file : {"orders.list.byNumber.response.json", "orders.list.sent-poll.response.json"}) {
        const json::Value list = fixture(file);
        for (const json::Value& order : list.elements()) says_the_same(order);
    }
}

TEST_CASE("an order with every member filled in loses nothing that a request can say") {
    const json::Value request = says_the_same(contract().full_example("GetOrderModel"));
    const std::vector<std::string> unreadable{"transporterBulkId", "languageCode"};
    const json::Value full = contract().full_example("PostOrderModel");
    for (const auto& [name, value] : full.members()) {
        CAPTURE(name);
        const bool is_unreadable = std::find(unreadable.begin(), unreadable.end(), name) != unreadable.end();
        CHECK((request.find(name) != nullptr) != is_unreadable);
    }
    CHECK(request.at_path("advanced.orderTextLines").size() == 1);
}

TEST_CASE("a bare delivery date becomes noon UTC, the exact time is preferred") {
    const auto date = [](const std::string& info) {
        return std::string(
            post_model_of_order(json::Value::parse(R"({"orderInfo":)" + info + "}").value()).value()["deliveryDate"].text());
    };
    CHECK(date(R"({"deliveryDate":"2026-11-24"})") == "2026-11-24T12:00:00.000+00:00");
    CHECK(date(R"({"deliveryDate":"2026-11-24T08:00:00Z"})") == "2026-11-24T08:00:00Z");
    CHECK(date(R"({"deliveryDate":"2026-11-24","advanced":{"deliveryDateWithTime":"2026-11-24T09:30:00Z"}})") ==
          "2026-11-24T09:30:00Z");
    CHECK(date(R"({"deliveryDate":null})").empty());
}

TEST_CASE("an order with a line that cannot be said again is refused, so that no update deletes the line") {
    const std::string good = R"({"rowNumber":"1","article":{"articleNumber":"A"},"orderedNumberOfItems":1})";
    for (const char* bad : {R"({"rowNumber":null,"article":{"articleNumber":"A"},"orderedNumberOfItems":1})",
                            R"({"rowNumber":"2","article":null,"orderedNumberOfItems":1})",
                            R"({"rowNumber":"2","article":{"articleNumber":"A"}})"}) {
        const auto answer =
            json::Value::parse(R"({"orderInfo":{"orderNumber":"BL-7"},"orderLines":[)" + good + "," + bad + "]}").value();
        const auto model = post_model_of_order(answer);
        REQUIRE_FALSE(model);
        CHECK(model.error().kind == ErrorKind::rejected);
        CHECK(model.error().where == "order BL-7");
    }
    CHECK(post_model_of_order(json::Value::parse(R"({"orderLines":null})").value()).value().size() == 0);
}
