// SPDX-License-Identifier: Apache-2.0
// What the flow of shipments meets: packages of others, packages that show late, tracking that moves on,
// back orders, partial picks, events that come twice.
#include <catch2/catch.hpp>

#include <chrono>
#include <thread>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/base/time.hpp>

#include "running.hpp"
#include "support/process.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr std::int64_t order = 184400101;

sandbox::Options with_demo() {
    sandbox::Options options;
    options.demo = true;
    return options;
}

json::Value dpd() {
    return parsed(R"({"order_id":184400101,"courier_code":"dpd","account_id":58381,"fields":[],
        "packages":[{"weight":"2.4"}]})");
}

json::Value::Array packages(Running& world) {
    return world.base("getOrderPackages", parsed(fmt::format(R"({{"order_id":{}}})", order)))["packages"].elements();
}

json::Value base_order(Running& world) {
    return world.admin("GET", fmt::format("/baselinker/orders?id={}", order)).rows().front();
}

void set_clock(Running& world, int seconds) {
    (void)world.admin("POST", "/clock", parsed(fmt::format(R"({{"offset_seconds":{}}})", seconds)));
}

Answer work(Running& world, const std::string& task) {
    return world.admin("POST", "/ongoing/work", parsed(task));
}

/// An order of two lines, ten pieces and one piece, without a call of the interface.
std::int64_t plant_order(Running& world, const std::string& number) {
    world.plant_article("A", 50);
    json::Value body = small_order(number, "A", 10);
    body["orderLines"].push_back(parsed(R"({"rowNumber":"2","articleNumber":"A","numberOfItems":1})"));
    return world.ongoing("PUT", "/orders", body)["orderId"].integer();
}

/// The numbers of the orders that GET /orders finds.
std::vector<std::string> found(Running& world, const std::string& query) {
    std::vector<std::string> numbers;
    const Answer answer = world.ongoing("GET", "/orders?goodsOwnerId=1&" + query);
    for (const json::Value& row : answer.rows()) numbers.emplace_back(row["orderInfo"]["orderNumber"].text());
    return numbers;
}

using Numbers = std::vector<std::string>;

} // namespace

TEST_CASE("the seller's automatic action makes a package when an order enters its status") {
    Running world(with_demo());
    world.options(parsed(R"({"seller_automation_on_status":8070})"));
    const json::Value to_8070 = parsed(R"({"order_id":184400101,"status_id":8070})");
    CHECK(world.base("setOrderStatus", parsed(R"({"order_id":184400101,"status_id":8072})"))["status"].text() == "SUCCESS");
    CHECK(packages(world).empty());
    for (int i = 0; i < 2; ++i) CHECK(world.base("setOrderStatus", to_8070)["status"].text() == "SUCCESS");
    REQUIRE(packages(world).size() == 1);
    CHECK(packages(world).front()["courier_code"].text() == "dpd");
    CHECK(packages(world).front()["account_id"].integer() == 58381);
    CHECK(world.admin("GET", "/baselinker/packages").rows().front()["created_by"].text() == "seller");
    CHECK(base_order(world)["delivery_package_nr"].text() == packages(world).front()["courier_package_nr"].text());
    world.options(parsed(R"({"seller_automation_courier":"paczkomaty"})"));
    (void)world.admin("POST", "/baselinker/orders", parsed(R"({"order_id":184400101,"order_status_id":8069})"));
    (void)world.admin("POST", "/baselinker/orders", parsed(R"({"order_id":184400101,"order_status_id":8070})"));
    REQUIRE(packages(world).size() == 2);
    CHECK(packages(world).back()["courier_code"].text() == "paczkomaty");
    CHECK(packages(world).back()["account_id"].integer() == 58370);
}

TEST_CASE("the seller's package stays when the courier refuses ours at the same moment") {
    Running world(with_demo());
    world.options(parsed(R"({"seller_automation":true,"package_error":"<b>Błąd</b> kuriera"})"));
    CHECK(world.base("createPackage", dpd())["error_code"].text() == "ERROR_COURIER");
    REQUIRE(packages(world).size() == 1);
    CHECK(world.admin("GET", "/baselinker/packages").rows().front()["created_by"].text() == "seller");
}

TEST_CASE("a package by hand of the seller's is complete, and one without an order is refused") {
    Running world(with_demo());
    CHECK(world.admin("POST", "/baselinker/packages", parsed(R"({"order_id":1,"courier_code":"dpd"})")).status == 400);
    CHECK(world
              .admin("POST", "/baselinker/packages",
                     parsed(R"({"order_id":184400101,"courier_code":"dpd","account_id":58390,"tracking_status":2})"))
              .status == 200);
    REQUIRE(packages(world).size() == 1);
    const json::Value row = packages(world).front();
    CHECK_FALSE(row["courier_package_nr"].text().empty());
    CHECK(row["account_id"].integer() == 58390);
    CHECK(row["tracking_status"].integer() == 2);
    const json::Value label = parsed(fmt::format(R"({{"courier_code":"dpd","package_id":{}}})", row["package_id"].text()));
    CHECK(world.base("getLabel", label)["status"].text() == "SUCCESS");
}

TEST_CASE("a package can show late in getOrderPackages, and be committed after the client has gone") {
    Running world(with_demo());
    world.options(parsed(R"({"package_hidden_reads":2})"));
    CHECK(world.base("createPackage", dpd())["status"].text() == "SUCCESS");
    CHECK(packages(world).empty());
    CHECK(packages(world).empty());
    CHECK(packages(world).size() == 1);

    world.options(parsed(R"({"package_hidden_reads":0})"));
    world.fault(parsed(R"({"side":"baselinker","operation":"createPackage","times":1,
        "fault":"late_commit","milliseconds":300})"));
    httplib::Client hasty("127.0.0.1", world.port());
    hasty.set_read_timeout(0, 100'000);
    CHECK_FALSE(hasty.Post("/connector.php", {{"X-BLToken", "sandbox-token"}}, form("createPackage", dpd().dump()),
                           "application/x-www-form-urlencoded"));
    hasty.stop();
    CHECK(packages(world).size() == 1);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (packages(world).size() < 2 && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    CHECK(packages(world).size() == 2);
}

TEST_CASE("a number that comes late is nowhere to be seen before") {
    Running world(with_demo());
    world.options(parsed(R"({"number_after_reads":2})"));
    (void)world.base("createPackage", dpd());
    CHECK(base_order(world)["delivery_package_nr"].text().empty());
    CHECK(packages(world).front()["tracking_url"].text().empty());
    const json::Value row = packages(world).front();
    CHECK(row["tracking_url"].text() == "https://tracktrace.example/" + std::string(row["courier_package_nr"].text()));
    CHECK(base_order(world)["delivery_package_nr"].text() == row["courier_package_nr"].text());
}

TEST_CASE("tracking moves on by itself to delivered, each step in the history at its time") {
    Running world(with_demo());
    world.options(parsed(R"({"journal":true,"tracking_step_seconds":3600})"));
    const std::string id(world.base("createPackage", dpd())["package_id"].text());
    const auto status = [&] { return packages(world).front()["tracking_status"].integer(); };
    CHECK(status() == 1);
    set_clock(world, 3700);
    CHECK(status() == 2);
    set_clock(world, 7300);
    CHECK(status() == 11);
    set_clock(world, 90'000);
    CHECK(status() == 5);
    const Answer answer = world.base("getCourierPackagesStatusHistory", parsed(R"({"package_ids":[)" + id + "]}"));
    std::vector<std::int64_t> statuses, seconds;
    for (const json::Value& row : answer["packages_history"][id].elements()) {
        statuses.push_back(row["tracking_status"].integer());
        seconds.push_back(row["tracking_status_date"].integer());
    }
    CHECK(statuses == std::vector<std::int64_t>{2, 11, 4, 5});
    REQUIRE(seconds.size() == 4);
    for (std::size_t i = 1; i < seconds.size(); ++i) CHECK(seconds[i] - seconds[i - 1] == 3600);
    CHECK(packages(world).front()["tracking_status_date"].integer() == seconds.back());
    CHECK(world.base("getJournalList", parsed(R"({"last_log_id":0,"logs_types":[22]})"))["logs"].size() == 4);
}

TEST_CASE("what was not picked becomes a back order that names its order") {
    Running world;
    const std::int64_t id = plant_order(world, "N1");
    CHECK(work(world, R"({"orderNumber":"N1","action":"pick_and_send","quantities":{"1":7,"2":1}})").status == 200);
    CHECK(work(world, R"({"orderNumber":"N1","action":"back_order"})").status == 200);
    CHECK(found(world, fmt::format("backOrderForOrderId={}", id)) == Numbers{"N1-B1"});
    const json::Value rest = world.ongoing("GET", "/orders?goodsOwnerId=1&orderNumbers=N1-B1").rows().front();
    CHECK(rest["orderInfo"]["advanced"]["backOrderInfo"]["backOrderForOrderId"].integer() == id);
    CHECK(rest["orderInfo"]["orderStatus"]["number"].integer() == 300);
    REQUIRE(rest["orderLines"].size() == 1);
    CHECK(rest["orderLines"].elements().front()["rowNumber"].text() == "1");
    CHECK(rest["orderLines"].elements().front()["orderedNumberOfItems"].text() == "3.0");
    CHECK(rest["orderLines"].elements().front()["pickedNumberOfItems"].text() == "0.0");
    CHECK(rest["parcels"].is_null());
    const auto ordered = [&] {
        return std::string(world.ongoing("GET", fmt::format("/orders/{}", id))["orderInfo"]["orderedNumberOfItems"].text());
    };
    CHECK(ordered() == "11.0");
    CHECK(work(world, R"({"orderNumber":"N1","action":"back_order","reduce":true})").status == 200);
    CHECK(ordered() == "8.0");
    CHECK(found(world, fmt::format("backOrderForOrderId={}", id)) == Numbers{"N1-B1", "N1-B2"});
    CHECK(work(world, R"({"orderNumber":"N1","action":"back_order"})").status == 400);
    CHECK(work(world, R"({"orderNumber":"N1-B1","action":"pick_and_send"})").status == 200);
    CHECK(found(world, "orderStatusFrom=450&orderStatusTo=450") == Numbers{"N1", "N1-B1"});
    CHECK(world.violations().empty());
}

TEST_CASE("orders are picked little by little, packed into parcels or way bill rows, reopened and sent again") {
    Running world;
    const std::int64_t id = plant_order(world, "N1");
    const std::string path = fmt::format("/orders/{}", id);
    const auto picked = [&](std::size_t line) {
        const Answer read = world.ongoing("GET", path);
        return std::string(read["orderLines"].elements().at(line)["pickedNumberOfItems"].text());
    };
    (void)work(world, R"({"orderNumber":"N1","action":"pick","quantities":{"1":4}})");
    CHECK(picked(0) == "4.0");
    CHECK(picked(1) == "0.0");
    (void)work(world, R"({"orderNumber":"N1","action":"pick","quantities":{"2":1}})");
    CHECK(picked(0) == "4.0");
    CHECK(picked(1) == "1.0");
    CHECK(world.admin("GET", "/ongoing/articles?number=A").rows().front()["stock"]["1"]["items"].text() == "45");
    (void)work(world,
               R"({"orderNumber":"N1","action":"send","parcels":[{"weight":1.4,"length":0.3},{"weight":2}],
        "way_bill_rows":[{"numberOfPackages":2,"parcelType":{"code":"BOX-S"},"weight":3.4}],"user_id":9})");
    const Answer sent = world.ongoing("GET", path);
    CHECK(sent["orderInfo"]["orderStatus"]["number"].integer() == 450);
    CHECK(sent["parcels"].size() == 2);
    CHECK(
        sent["orderLines"].elements().front()["pickedArticleItems"].elements().front()["handling"]["packedByUserId"].integer() ==
        9);
    const Answer rows = world.ongoing("GET", path + "/wayBillRows");
    REQUIRE(rows.body.size() == 1);
    CHECK(rows.rows().front()["numberOfPackages"].integer() == 2);
    CHECK(rows.rows().front()["weight"].text() == "3.4");
    CHECK(rows.rows().front()["parcelType"]["name"].text() == "Box S");
    const std::string shipped(sent["orderInfo"]["shippedTime"].text());
    CHECK_FALSE(shipped.empty());

    set_clock(world, 60);
    (void)work(world, R"({"orderNumber":"N1","action":"reopen"})");
    CHECK(world.ongoing("GET", path)["orderInfo"]["shippedTime"].is_null());
    (void)work(world, R"({"orderNumber":"N1","action":"pick_and_send","quantities":{"1":10}})");
    CHECK(picked(0) == "10.0");
    CHECK(picked(1) == "1.0");
    const Answer again = world.ongoing("GET", path);
    CHECK(again["orderInfo"]["orderStatus"]["number"].integer() == 450);
    CHECK(again["orderInfo"]["shippedTime"].text() > shipped);
    CHECK(world.violations().empty());
}

TEST_CASE("GET /orders finds what was sent since a time, by status and by status change") {
    Running world;
    world.plant_article("A", 50);
    for (const char* number : {"N1", "N2", "N3", "N4"}) (void)world.ongoing("PUT", "/orders", small_order(number, "A", 1));
    const std::string start = format_utc(std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now()));
    (void)work(world, R"([{"orderNumber":"N1","action":"pick_and_send"},{"orderNumber":"N2","action":"pick"}])");
    set_clock(world, 3600);
    (void)work(world, R"([{"orderNumber":"N3","action":"pick_and_send"},{"orderNumber":"N4","action":"collect"}])");
    CHECK(found(world, "orderStatusFrom=450&orderStatusTo=450") == Numbers{"N1", "N3"});
    CHECK(found(world, "orderStatusFrom=450&orderStatusTo=800") == Numbers{"N1", "N3", "N4"});
    CHECK(found(world, "orderStatusFrom=401&orderStatusTo=449").empty());
    CHECK(found(world, "orderStatusTo=400") == Numbers{"N2"});
    const std::string later =
        percent_encode(format_utc(std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now()) + Seconds{1800}));
    CHECK(found(world, "orderStatusChangedTimeFrom=" + later) == Numbers{"N3", "N4"});
    CHECK(found(world, "orderStatusFrom=450&orderStatusTo=450&orderStatusChangedTimeFrom=" + later) == Numbers{"N3"});
    CHECK(found(world, "orderStatusFrom=450&orderStatusTo=450&orderStatusChangedTimeFrom=" + percent_encode(start)) ==
          Numbers{"N1", "N3"});
    CHECK(world.violations().empty());
}

TEST_CASE("the same webhook event can come several times") {
    Running world;
    world.plant_article("A", 10);
    (void)world.ongoing("PUT", "/orders", small_order("N1", "A", 1));
    world.options(parsed(R"({"webhook_repeat":3})"));
    httplib::Server receiver;
    receiver.Post("/hook", [](const httplib::Request&, httplib::Response&) {});
    const int port = receiver.bind_to_any_port("127.0.0.1");
    std::thread thread([&] { receiver.listen_after_bind(); });
    (void)world.admin("POST", "/ongoing/webhook",
                      parsed(fmt::format(R"({{"url":"http://127.0.0.1:{}/hook","token":"t","statuses":[450]}})", port)));
    (void)work(world, R"({"orderNumber":"N1","action":"pick_and_send"})");
    json::Value deliveries;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    do {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        deliveries = world.admin("GET", "/ongoing/webhook").body;
    } while (deliveries.size() < 3 && std::chrono::steady_clock::now() < end);
    receiver.stop();
    thread.join();
    REQUIRE(deliveries.size() == 3);
    for (const json::Value& row : deliveries.elements()) {
        CHECK(row["status"].integer() == 200);
        CHECK(row["payload"] == deliveries.elements().front()["payload"]);
    }
}

TEST_CASE("prints are written down with the file, the place and the time") {
    Running world;
    const std::int64_t id = plant_order(world, "N1");
    const auto file = [](const char* printing) {
        return parsed(fmt::format(R"({{"fileName":"label-N1-1.pdf","mimeType":"application/pdf","fileDataBase64":"JVBERi0x"{}}})",
                                  printing));
    };
    (void)world.ongoing("POST", fmt::format("/orders/{}/files", id), file(""));
    (void)world.ongoing("POST", fmt::format("/orders/{}/files", id),
                        file(R"(,"advanced":{"printingInfo":{"reportId":3,"printAsUser":{"userId":231}}})"));
    const Answer jobs = world.admin("GET", "/ongoing/print-jobs");
    REQUIRE(jobs.rows().size() == 1);
    CHECK(jobs.rows().front()["orderNumber"].text() == "N1");
    CHECK(jobs.rows().front()["fileName"].text() == "label-N1-1.pdf");
    CHECK(jobs.rows().front().at_path("printingInfo.printAsUser.userId").integer() == 231);
    CHECK(jobs.rows().front()["at"].text().size() >= 20);
}

TEST_CASE("blongo-sandbox --admin calls a running sandbox") {
    Running world(with_demo());
    const std::string url = fmt::format("http://127.0.0.1:{}", world.port());
    const auto admin = [&](std::vector<std::string> words) {
        words.insert(words.begin(), {BLONGO_SANDBOX_BINARY, "--admin"});
        return run({.argv = std::move(words), .environment = {}, .stdin_text = {}, .working_directory = {}});
    };
    const Finished done = admin({url, "POST", "/_admin/ongoing/work",
                                 R"([{"orderNumber":"184400117","action":"send","parcels":[{"weight":1.1}]},
                                     {"orderNumber":"184400118","action":"pick_and_send","quantities":{"930011226":1}}])"});
    CHECK(done.err.empty());
    CHECK(done.exit_code == 0);
    CHECK(done.out == "{\"ok\":true}\n");
    CHECK(found(world, "orderStatusFrom=450&orderStatusTo=450") == Numbers{"184400117", "184400118"});
    const Finished read = admin({url, "GET", "/_admin/ongoing/orders?number=184400118"});
    CHECK(read.exit_code == 0);
    CHECK(parsed(read.out).elements().front()["lines"].elements().front()["picked"].integer() == 1);

    const Finished refused = admin({url, "POST", "/_admin/ongoing/work", R"({"orderNumber":"no","action":"send"})"});
    CHECK(refused.exit_code == 1);
    CHECK(refused.out.empty());
    CHECK(refused.err.find("there is no such order") != std::string::npos);
    CHECK(admin({"http://127.0.0.1:1", "GET", "/_admin/world"}).exit_code == 1);
    CHECK(admin({url, "GET"}).exit_code == 2);
    CHECK(admin({url, "GET", "/connector.php"}).exit_code == 2);
    CHECK(admin({url, "BREW", "/_admin/world"}).exit_code == 2);
    CHECK(admin({url, "POST", "/_admin/ongoing/work", "{"}).exit_code == 2);
}

TEST_CASE("a cancelled package is gone, or stays as cancelled") {
    Running world(with_demo());
    const auto book_and_cancel = [&] {
        const std::string id(world.base("createPackage", dpd())["package_id"].text());
        const json::Value call = parsed(R"({"courier_code":"dpd","package_id":)" + id + "}");
        CHECK(world.base("deleteCourierPackage", call)["status"].text() == "SUCCESS");
    };
    book_and_cancel();
    CHECK(packages(world).empty());
    world.options(parsed(R"({"deleted_packages_stay":true})"));
    book_and_cancel();
    REQUIRE(packages(world).size() == 1);
    CHECK(packages(world).front()["tracking_status"].integer() == 10);
}

TEST_CASE("a courier can change its form, its services and what it refuses") {
    Running world(with_demo());
    const json::Value call = parsed(R"({"order_id":184400101,"courier_code":"brokersystem","fields":[],
        "packages":[{"weight":"2.4"}]})");
    CHECK(world.base("getCourierServices", call)["services"].size() == 2);
    (void)world.admin("POST", "/baselinker/couriers",
                      parsed(R"({"code":"brokersystem","services":{"7":"Economy"},"checks":["poland_only"]})"));
    const Answer services = world.base("getCourierServices", call);
    CHECK(services["services"].size() == 1);
    CHECK(services["services"]["7"].text() == "Economy");
    json::Value booking = call;
    booking.set("fields", parsed(R"([{"id":"service","value":"7"}])"));
    CHECK(world.base("createPackage", booking)["status"].text() == "SUCCESS");
    CHECK(world.violations().empty());
    booking.set("fields", parsed(R"([{"id":"service","value":"5127"}])"));
    CHECK(world.base("createPackage", booking)["status"].text() == "ERROR");
    CHECK(world.violations() == std::vector<std::string>{"bad_field"});
    (void)world.admin("POST", "/baselinker/couriers", parsed(R"({"code":"own","name":"Own van","fields":[]})"));
    CHECK(world.base("getCouriersList")["couriers"].size() == 5);
}
