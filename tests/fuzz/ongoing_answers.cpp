// SPDX-License-Identifier: Apache-2.0
// Whatever Ongoing answers to whichever operation: a result or an error that says something, never more.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include <blongo/base/clock.hpp>
#include <blongo/ongoing/client.hpp>
#include <blongo/ongoing/deliveries.hpp>
#include <blongo/ongoing/returns.hpp>

#include "answers.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace blongo;
    const std::string body(reinterpret_cast<const char*>(data), size);
    for (const int status : {200, 400}) {
        fuzz::SameAnswer transport(status, body);
        ManualClock clock(Timestamp{std::chrono::hours{24 * 365 * 56}});
        ongoing::Client client(transport, clock, {.url = "https://api.ongoingsystems.se/acme", .username = "WSI", .password = Secret("p"), .goods_owner_id = GoodsOwnerId{1}});
        ongoing::Deliveries deliveries(client);
        ongoing::Returns returns(client);
        const auto any = [](auto&&) -> Result<void> { return {}; };
        const std::array articles{ArticleNumber{"A-1"}};
        const std::array orders{OrderNumber{"1001"}};
        const std::array return_numbers{ReturnNumber{"R1"}};
        const OngoingOrderId order{1};
        transport.ask([&] { return client.each_article(any); });
        transport.ask([&] { return client.each_warehouse_stock({}, any); });
        transport.ask([&] { return client.find_articles(articles); });
        transport.ask([&] { return client.get_article(ArticleSystemId{1}); });
        transport.ask([&] { return client.put_article(json::Value::object()); });
        transport.ask([&] { return client.find_structures(articles); });
        transport.ask([&] { return client.get_warehouses(); });
        transport.ask([&] { return client.get_order_statuses(); });
        transport.ask([&] { return client.get_transporter_contracts(); });
        transport.ask([&] { return client.get_ways_of_delivery(); });
        transport.ask([&] { return client.each_order({}, any); });
        transport.ask([&] { return client.find_orders(orders); });
        transport.ask([&] { return client.get_order(order); });
        transport.ask([&] { return client.put_order(json::Value::object()); });
        transport.ask([&] { return client.delete_order(order); });
        transport.ask([&] { return deliveries.get_files(order); });
        transport.ask([&] { return deliveries.get_way_bill_rows(order); });
        transport.ask([&] { return returns.find(return_numbers); });
        transport.ask([&] { return returns.put(json::Value::object()); });
    }
    return 0;
}
