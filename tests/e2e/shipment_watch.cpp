// SPDX-License-Identifier: Apache-2.0
// blongo shipments watch as a service: it ends cleanly, goes on whatever happens to one side, and costs nothing while
// nothing is due.
#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <csignal>
#include <thread>

#include "support/e2e/commands.hpp"
#include "support/e2e/faults.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr std::int64_t n = 84512301;
constexpr int terminated = 143;
const std::vector<std::string> watch{"shipments", "watch", "--every", "200ms"};

Finished ended(Process& process) {
    process.signal(SIGTERM);
    return process.wait(std::chrono::seconds{60});
}

bool has_label(Shop& shop, std::int64_t order) {
    return !shop.files(order).empty();
}

/// Waits until the watching process has looked so often more.
void wait_for_looks(Shop& shop, Process& process, std::int64_t looks) {
    const auto begun = shop.sandbox.calls("ongoing", "GET /orders");
    process.wait_until([&] { return shop.sandbox.calls("ongoing", "GET /orders") >= begun + looks; });
}

json::Value fault(const std::string& side, const std::string& operation, const std::string& what) {
    return json::Value::object().set("side", side).set("operation", operation).set("times", 1).set("fault", what);
}

} // namespace

TEST_CASE("watch books what is sent, asks BaseLinker nothing while nothing is due, and ends on SIGTERM with 143") {
    Shop shop;
    shop.orders(n, 2);
    const auto service = shop.installation.start(watch);
    wait_for_looks(shop, *service, 2);
    shop.send(n);
    service->wait_until([&] { return has_label(shop, n); });
    wait_for_looks(shop, *service, 2);
    shop.sandbox.reset_journal();
    wait_for_looks(shop, *service, 5);
    CHECK(shop.sandbox.calls("baselinker") == 0);
    CHECK(shop.sandbox.writes() == 0);
    shop.send(n + 1);
    service->wait_until([&] { return has_label(shop, n + 1); });
    const auto stopped = ended(*service);
    CHECK(stopped.exit_code == terminated);
    expect_text(stopped.out, "1 created");
    CHECK(shop.packages() == 2);
    // Its history has what it did, and not a row for each look that found nothing.
    const std::string rows = edit_state(shop.installation, "SELECT COUNT(*) FROM runs WHERE flow = 'shipments'");
    INFO(rows);
    CHECK(std::stoi(rows) >= 2);
    CHECK(std::stoi(rows) < 9);
    CHECK(shop.sandbox.violations().empty());
}

TEST_CASE("a watch that is told to stop in the middle of a booking knows the package, and the next run goes on") {
    Shop shop;
    shop.order(n);
    shop.sandbox.options(json::Value::object().set("latency_baselinker", 700));
    const auto service = shop.installation.start(watch);
    wait_for_looks(shop, *service, 1);
    shop.send(n);
    service->wait_until([&] { return shop.packages(n) == 1 || shop.sandbox.calls("baselinker", "createPackage") > 0; });
    CHECK(ended(*service).exit_code == terminated);
    shop.sandbox.options(json::Value::object().set("latency_baselinker", 0));
    expect_text(said(shop.installation, {"unknown", "list"}).out, "no write is of unknown outcome");
    CHECK(said(shop.installation, {"shipments", "send"}).exit_code == 0);
    CHECK(shop.packages(n) == 1);
    CHECK(shop.files(n).size() == 1);
}

TEST_CASE("refused credentials and a silent side of one connection hold up no other") {
    const std::string other = "\n[connections.other]\n[connections.other.baselinker]\nurl = \"@URL@/connector.php\"\n"
                              "token_file = \"@FOLDER@/token\"\ninventory_id = 307\n[connections.other.ongoing]\n"
                              "url = \"@ONGOING@\"\nusername = \"WSI-SANDBOX\"\npassword_file = \"@FOLDER@/wrong\"\n"
                              "goods_owner_id = 2\n[connections.other.articles]\nenabled = false\n[connections.other.orders]\n"
                              "enabled = false\n[connections.other.shipments]\nenabled = true\nstart_from = "
                              "2020-01-01T00:00:00Z\n[[connections.other.shipments.couriers]]\ncourier_code = \"dpd\"\n";
    const bool silent = GENERATE(false, true);
    Shop shop;
    shop.order(n);
    const std::string folder = shop.installation.folder().path().string();
    write_file(folder + "/wrong", "wrong\n");
    chmod((folder + "/wrong").c_str(), 0600);
    std::string text = shop.installation.config_text() + other;
    const auto fill = [&](const std::string& name, const std::string& value) {
        for (auto at = text.find(name); at != std::string::npos; at = text.find(name)) text.replace(at, name.size(), value);
    };
    fill("@URL@", shop.sandbox.url());
    fill("@FOLDER@", folder);
    fill("@ONGOING@", silent ? "http://127.0.0.1:9/sandbox" : shop.sandbox.url() + "/sandbox");
    shop.installation.write_config(text);
    const auto service = shop.installation.start(watch);
    wait_for_looks(shop, *service, 1);
    const auto begun = std::chrono::steady_clock::now();
    shop.send(n);
    service->wait_until([&] { return has_label(shop, n); });
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds{10});
    std::this_thread::sleep_for(std::chrono::seconds{1});
    const auto stopped = ended(*service);
    CHECK(stopped.exit_code == terminated);
    if (!silent) expect_text(stopped.err, "other: ");
    CHECK(shop.packages() == 1);
}

TEST_CASE("a watch outlives a blocked token, an answer of the front end and a closed connection") {
    Shop shop(shipments_on(), impatient);
    shop.orders(n, 4);
    const auto service = shop.installation.start(watch);
    std::int64_t order = n;
    for (const auto& trouble : {fault("baselinker", "getOrders", "blocked_token").set("seconds", 2),
                                fault("ongoing", "GET /orders", "html_502"), fault("ongoing", "GET /orders", "drop_before"),
                                fault("ongoing", "PUT /orders/{orderId}/files", "status_before").set("code", 503)}) {
        wait_for_looks(shop, *service, 1);
        shop.sandbox.fault(trouble);
        shop.send(order);
        service->wait_until([&] { return has_label(shop, order); });
        ++order;
    }
    CHECK(ended(*service).exit_code == terminated);
    CHECK(shop.packages() == 4);
}

TEST_CASE("a watch that the brake stopped books nothing, says so, and goes on when a person allowed it") {
    Shop shop(shipments_on("max_bookings_at_once = 2"));
    shop.orders(n, 4);
    json::Value tasks = json::Value::array();
    for (int i = 0; i < 3; ++i)
        tasks.push_back(json::Value::object()
                            .set("orderNumber", std::to_string(n + i))
                            .set("action", "pick_and_send")
                            .set("parcels", json::Value::array()));
    shop.sandbox.post("/_admin/ongoing/work", tasks);
    const auto service = shop.installation.start(watch);
    wait_for_looks(shop, *service, 3);
    CHECK(shop.packages() == 0);
    CHECK(said(shop.installation, {"shipments", "send"}).exit_code == 7);
    CHECK(shop.packages() == 0);
    CHECK(said(shop.installation, {"shipments", "send", "--allow-many"}).exit_code == 0);
    CHECK(shop.packages() == 3);
    shop.send(n + 3);
    service->wait_until([&] { return has_label(shop, n + 3); });
    const auto stopped = ended(*service);
    CHECK(stopped.exit_code == terminated);
    expect_text(stopped.err, "max_bookings_at_once = 2");
}

TEST_CASE("watch sets an order's status as soon as it is booked, not when it next looks after lost answers") {
    Shop shop(shipments_on("status_after_send = 8071"));
    shop.orders(n, 1);
    const auto service = shop.installation.start(watch);
    wait_for_looks(shop, *service, 2);
    shop.send(n);
    service->wait_until([&] { return shop.sandbox.base_order(n)["order_status_id"].integer() == 8071; },
                        std::chrono::seconds{20});
    CHECK(has_label(shop, n));
    CHECK(ended(*service).exit_code == terminated);
}

TEST_CASE("a watch goes on when both services were away and came back") {
    Shop shop(shipments_on(), impatient);
    shop.orders(n, 2);
    shop.send(n);
    const auto service = shop.installation.start(watch);
    service->wait_until([&] { return has_label(shop, n); });
    const std::string port = shop.sandbox.url().substr(shop.sandbox.url().rfind(':') + 1);
    shop.restart(port);
    shop.send(n + 1);
    service->wait_until([&] { return has_label(shop, n + 1); });
    CHECK(ended(*service).exit_code == terminated);
    CHECK(shop.packages() == 2);
}
