// SPDX-License-Identifier: Apache-2.0
// Lists the orders that were confirmed in BaseLinker since midnight (UTC): number, status, what is to be shipped.
#include <chrono>
#include <fstream>

#include <fmt/format.h>

#include <blongo/base/clock.hpp>
#include <blongo/base/secret.hpp>
#include <blongo/baselinker/client.hpp>
#include <blongo/http/curl_transport.hpp>

int main(int count, char** arguments) {
    using namespace blongo;
    std::string token;
    if (count != 3 || !std::getline(std::ifstream(arguments[2]), token)) {
        fmt::print(stderr, "usage: orders_of_today URL TOKEN_FILE\n");
        return 2;
    }
    SystemClock clock;
    http::CurlOptions curl;
    curl.user_agent = "orders_of_today/1.0";
    http::CurlTransport transport(curl);
    baselinker::Client client(transport, clock, {.url = arguments[1], .token = Secret(token)});
    const auto print = [](baselinker::Order&& order) -> Result<void> {
        fmt::print("{}  status {}  {}\n", order.order_id, order.order_status_id, order.delivery_method);
        for (const auto& line : order.products) fmt::print("    {} x {}  {}\n", line.quantity, line.sku, line.name);
        return {};
    };
    const auto bad = [](baselinker::BadOrder&& order) -> Result<void> {
        fmt::print(stderr, "order {} cannot be read: {} {}\n", order.order_id, order.path, order.reason);
        return {};
    };
    baselinker::OrderQuery today;
    today.date_confirmed_from = std::chrono::floor<std::chrono::days>(clock.now());
    const auto listing = client.each_order(today, print, bad);
    if (!listing) fmt::print(stderr, "{}\n", listing.error().text());
    return listing ? 0 : 1;
}
