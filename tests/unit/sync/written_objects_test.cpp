// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/base/text.hpp>
#include <blongo/sync/audited_transport.hpp>

using namespace blongo;

namespace {

std::vector<std::string> of_ongoing(const std::string& path, const std::string& body) {
    http::Request request;
    request.name = "ongoing PUT";
    request.url = "https://wms.example/api/v1/" + path;
    request.body = body;
    return sync::written_objects(request);
}

using Names = std::vector<std::string>;

} // namespace

TEST_CASE("A write is audited under the order or return that it is about, whatever the prefix of its number") {
    CHECK(of_ongoing("returnOrders", R"({"returnOrderNumber":"B2C-R77"})") == Names{"return:77"});
    CHECK(of_ongoing("returnOrders", R"({"returnOrderNumber":"R77"})") == Names{"return:77"});
    CHECK(of_ongoing("orders", R"({"orderNumber":"B2C-101"})") == Names{"order:101"});
    CHECK(of_ongoing("orders", R"({"orderNumber":"B2C-101","goodsOwnerOrderId":"101"})") == Names{"order:101"});
    CHECK(of_ongoing("orders/1201/files", "{}") == Names{"ongoing-order:1201"});
    CHECK(of_ongoing("articles", R"({"articleNumber":"B2C-1"})") == Names{"article:B2C-1"});
    http::Request request;
    request.name = "baselinker setOrderStatuses";
    request.body = "method=setOrderStatuses&parameters=" + percent_encode(R"({"order_ids":[101,102],"status_id":5})");
    CHECK(sync::written_objects(request) == Names{"order:101", "order:102"});
}
