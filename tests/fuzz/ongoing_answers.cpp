// SPDX-License-Identifier: Apache-2.0
// Whatever Ongoing answers to whichever operation: a result or an error that says something, never more. And what is
// read of an article or order can be said again as a request.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include <blongo/base/clock.hpp>
#include <blongo/json/value.hpp>
#include <blongo/ongoing/client.hpp>
#include <blongo/ongoing/deliveries.hpp>
#include <blongo/ongoing/returns.hpp>

#include "answers.hpp"

namespace {

using namespace blongo;

const auto any = [](auto&&) -> Result<void> { return {}; };
const std::array articles{ArticleNumber{"A-1"}};
const std::array order_numbers{OrderNumber{"1001"}};
const std::array return_numbers{ReturnNumber{"R1"}};
const OngoingOrderId order{1};

/// Both sides of the client with one answer.
struct Side {
    Side(int status, const std::string& body) : transport(status, body) {}
    fuzz::SameAnswer transport;
    ManualClock clock{Timestamp{std::chrono::hours{24 * 365 * 56}}};
    ongoing::Client client{transport,
                           clock,
                           {.url = "https://api.ongoingsystems.se/acme",
                            .username = "WSI",
                            .password = Secret("p"),
                            .goods_owner_id = GoodsOwnerId{1}}};
    ongoing::Deliveries deliveries{client};
    ongoing::Returns returns{client};
};

void lists(Side& side) {
    auto& transport = side.transport;
    auto& client = side.client;
    auto& deliveries = side.deliveries;
    auto& returns = side.returns;
    transport.ask([&] { return client.each_article(any); });
    transport.ask([&] { return client.each_warehouse_stock({}, any); });
    transport.ask([&] { return client.find_warehouse_stock(articles); });
    transport.ask([&] { return client.find_articles(articles); });
    transport.ask([&] { return client.get_article(ArticleSystemId{1}); });
    transport.ask([&] { return client.find_structures(articles); });
    transport.ask([&] { return client.get_warehouses(); });
    transport.ask([&] { return client.get_order_statuses(); });
    transport.ask([&] { return client.get_transporter_contracts(); });
    transport.ask([&] { return client.get_ways_of_delivery(); });
    transport.ask([&] { return client.each_order({}, any); });
    transport.ask([&] { return client.find_orders(order_numbers); });
    transport.ask([&] { return client.get_order(order); });
    transport.ask([&] { return deliveries.get_files(order); });
    transport.ask([&] { return deliveries.get_way_bill_rows(order); });
    transport.ask([&] { return returns.find(return_numbers); });
}

void writes(Side& side) {
    auto& transport = side.transport;
    auto& client = side.client;
    auto& deliveries = side.deliveries;
    auto& returns = side.returns;
    const ongoing::FileUpload file{.file_name = "a.pdf", .mime_type = "application/pdf", .bytes = "%PDF"};
    transport.ask([&] { return client.put_article(json::Value::object()); });
    transport.ask([&] { return client.put_article(ArticleSystemId{1}, json::Value::object()); });
    transport.ask([&] { return client.put_order(json::Value::object()); });
    transport.ask([&] { return client.put_order(order, json::Value::object()); });
    transport.ask([&] { return client.delete_order(order); });
    transport.ask([&] { return client.patch_order_remark(order, "x"); });
    transport.ask([&] { return client.add_order_classes(order, {}); });
    transport.ask([&] { return deliveries.post_file(order, file); });
    transport.ask([&] { return deliveries.put_file_by_name(order, file); });
    transport.ask([&] { return deliveries.put_file(order, 1, file); });
    transport.ask([&] { return deliveries.put_parcel(order, {.parcel_number = "1"}); });
    transport.ask([&] { return deliveries.put_order_tracking(order, "1", "https://example.com"); });
    transport.ask([&] { return returns.put(json::Value::object()); });
}

/// What GET told as the body of PUT.
void models(const std::string& body) {
    const auto value = json::Value::parse(body);
    if (!value) return;
    fuzz::expect(json::Value::parse(ongoing::post_model_of(*value).dump()).has_value());
    const auto order_model = ongoing::post_model_of_order(*value);
    fuzz::expect(order_model ? json::Value::parse(order_model->dump()).has_value() : !order_model.error().text().empty());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string body = fuzz::text_of(data, size);
    Side good(200, body);
    lists(good);
    writes(good);
    // Of another status the body tells why at most: a read and a write show all there is.
    constexpr std::array statuses{302, 401, 403, 404, 408, 409, 429, 500, 503};
    for (const int status : {400, statuses[size % statuses.size()]}) {
        Side bad(status, body);
        bad.transport.ask([&] { return bad.client.get_order(order); });
        bad.transport.ask([&] { return bad.client.put_order(json::Value::object()); });
    }
    models(body);
    return 0;
}
