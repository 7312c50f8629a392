// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <blongo/base/text.hpp>

#include "running.hpp"
#include "support/temp_dir.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

sandbox::Options with_demo() {
    sandbox::Options options;
    options.demo = true;
    return options;
}

json::Value dpd(std::int64_t order_id, const std::string& packages = R"([{"weight":"2.4","size_length":"30"}])") {
    return parsed(fmt::format(R"({{"order_id":{},"courier_code":"dpd","account_id":58381,
        "fields":[{{"id":"service","value":"classic"}},{{"id":"services","value":"sms"}},{{"id":"services","value":"email"}},
        {{"id":"pickup_date","value":"1795478400"}}],"packages":{}}})",
                              order_id, packages));
}

json::Value of_order(std::int64_t order_id) {
    return parsed(fmt::format(R"({{"order_id":{}}})", order_id));
}

constexpr std::int64_t order = 184400101;
constexpr std::int64_t locker_order = 184400102;

} // namespace

TEST_CASE("the couriers of the sandbox have the shapes of the contract") {
    Running world(with_demo());
    CHECK(world.base("getCouriersList")["couriers"].size() == 4);
    CHECK(world.base("getCourierAccounts", parsed(R"({"courier_code":"dpd"})"))["accounts"].size() == 2);
    CHECK(world.base("getCourierAccounts", parsed(R"({"courier_code":"dhl"})"))["accounts"].size() == 0);
    const Answer fields = world.base("getCourierFields", parsed(R"({"courier_code":"dpd"})"));
    CHECK(fields["multi_packages"].text() == "1");
    const json::Value expected = parsed(read_data("baselinker/getCourierFields.json"));
    CHECK(fields["fields"] == expected["fields"]);
    CHECK(fields["package_fields"] == expected["package_fields"]);
    json::Value services = dpd(order);
    services.set("courier_code", "brokersystem");
    CHECK(world.base("getCourierServices", services)["services"].size() == 2);
    CHECK(world.base("getRequestParcelPickupFields", parsed(R"({"courier_code":"dpd"})"))["fields"].size() == 2);
    CHECK(world.violations().empty());
}

TEST_CASE("a package is bought once per call, has a label and a place in getOrderPackages") {
    Running world(with_demo());
    const Answer made = world.base("createPackage", dpd(order, R"([{"weight":"2.4"},{"weight":"1.1"}])"));
    REQUIRE(made["status"].text() == "SUCCESS");
    const std::string id(made["package_id"].text());
    const std::string number(made["package_number"].text());
    CHECK_FALSE(number.empty());
    const Answer packages = world.base("getOrderPackages", of_order(order));
    REQUIRE(packages["packages"].size() == 1);
    const json::Value& row = packages["packages"].elements().front();
    CHECK(row["courier_package_nr"].text() == number);
    CHECK(row["tracking_url"].text() == "https://tracktrace.example/" + number);
    CHECK(row["tracking_status"].integer() == 1);
    const json::Value expected = parsed(read_data("baselinker/getOrderPackages.json"));
    CHECK(row.size() == expected["packages"].elements().front().size());
    const Answer label = world.base("getLabel", parsed(R"({"courier_code":"dpd","package_id":)" + id + "}"));
    CHECK(label["extension"].text() == "pdf");
    const std::string pdf = base64_decode(label["label"].text()).value();
    CHECK(pdf.starts_with("%PDF"));
    CHECK(pdf.find("/Count 2") != std::string::npos);
    CHECK(world.base("getLabel", parsed(R"({"courier_code":"dpd","package_number":")" + number + "\"}"))["extension"].text() ==
          "pdf");
    CHECK(world.base("getPackageDetails", parsed(R"({"package_id":)" + id + "}"))["package_details"].size() == 2);
    CHECK(world.base("getOrders", of_order(order))["orders"].elements().front()["delivery_package_nr"].text() == number);
    CHECK(world.base("createPackage", dpd(order))["status"].text() == "SUCCESS");
    CHECK(world.base("getOrderPackages", of_order(order))["packages"].size() == 2);
    CHECK(world.base("deleteCourierPackage", parsed(R"({"courier_code":"dpd","package_id":)" + id + "}"))["status"].text() ==
          "SUCCESS");
    CHECK(world.base("getOrderPackages", of_order(order))["packages"].size() == 1);
    CHECK(world.violations().empty());
}

TEST_CASE("what the courier's form does not know is refused and recorded") {
    Running world(with_demo());
    struct Row {
        const char* member;
        const char* value;
        const char* kind;
    };
    const auto row = GENERATE(values<Row>({
        {"fields", R"([{"id":"colour","value":"red"}])", "unknown_field"},
        {"fields", R"([{"id":"service","value":"express"}])", "bad_field"},
        {"fields", R"([{"id":"pickup_date","value":"tomorrow"}])", "bad_field"},
        {"fields", R"([{"id":"cod","value":12.5}])", "bad_field"},
        {"packages", R"([])", "empty_list"},
        {"packages", R"([{"size_length":"30"}])", "no_weight"},
        {"packages", R"([{"weight":"1","length":"30"}])", "unknown_field"},
        {"packages", R"("[]")", "bad_parameter"},
    }));
    json::Value call = dpd(order);
    call.set(row.member, parsed(row.value));
    INFO(row.value);
    CHECK(world.base("createPackage", call)["status"].text() == "ERROR");
    CHECK(world.violations() == std::vector<std::string>{row.kind});
    CHECK(world.base("getOrderPackages", of_order(order))["packages"].size() == 0);
}

TEST_CASE("a courier refuses in its own words, and that is no breach") {
    Running world(with_demo());
    const auto locker = [](std::int64_t id, const char* packages) {
        return parsed(fmt::format(R"({{"order_id":{},"courier_code":"paczkomaty","fields":[],"packages":{}}})", id, packages));
    };
    CHECK(world.base("createPackage", locker(order, R"([{"weight":"1"}])"))["error_message"].text().find("paczkomatu") !=
          std::string::npos);
    CHECK(world.base("createPackage", locker(locker_order, R"([{"weight":"1"}])"))["status"].text() == "SUCCESS");
    CHECK(world.violations().empty());
    (void)world.admin("POST", "/baselinker/orders", parsed(R"({"order_id":184400101,"delivery_postcode":"00-0O1"})"));
    CHECK(world.base("createPackage", dpd(order))["error_message"].text().find("Nieprawidłowy kod pocztowy") !=
          std::string::npos);
    (void)world.admin("POST", "/baselinker/orders", parsed(R"({"order_id":184400101,"delivery_postcode":"80-208","phone":""})"));
    CHECK(world.base("createPackage", dpd(order))["error_message"].text().find("<b>") != std::string::npos);
    world.options(parsed(R"({"package_error":"Awaria"})"));
    CHECK(world.base("createPackage", dpd(184400103))["error_message"].text() == "Awaria");
    CHECK(world.violations().empty());
    CHECK(world.base("createPackage", locker(locker_order, R"([{"weight":"1"},{"weight":"2"}])"))["status"].text() == "ERROR");
    CHECK(world.violations() == std::vector<std::string>{"too_many_parcels"});
}

TEST_CASE("numbers, tracking URLs and labels can come late") {
    Running world(with_demo());
    world.options(parsed(R"({"number_after_reads":2,"tracking_url_after_reads":3,"label_not_ready":1})"));
    const Answer made = world.base("createPackage", dpd(order));
    CHECK(made["package_number"].text().empty());
    const auto read = [&] { return world.base("getOrderPackages", of_order(order))["packages"].elements().front(); };
    CHECK(read()["courier_package_nr"].text().empty());
    const json::Value second = read();
    CHECK_FALSE(second["courier_package_nr"].text().empty());
    CHECK(second["tracking_url"].text().empty());
    CHECK_FALSE(read()["tracking_url"].text().empty());
    const json::Value label = parsed(fmt::format(R"({{"courier_code":"dpd","package_id":{}}})", made["package_id"].text()));
    CHECK(world.base("getLabel", label)["status"].text() == "ERROR");
    CHECK(world.base("getLabel", label)["status"].text() == "SUCCESS");
}

TEST_CASE("labels come in every form of the contract, with their magic bytes, as large as wished") {
    Running world(with_demo());
    const Answer made = world.base("createPackage", dpd(order, R"([{"weight":"1"},{"weight":"1"}])"));
    const json::Value call = parsed(fmt::format(R"({{"courier_code":"dpd","package_id":{}}})", made["package_id"].text()));
    const auto [extension, magic] = GENERATE(table<const char*, const char*>({{"pdf", "%PDF"},
                                                                              {"zpl", "^XA"},
                                                                              {"epl", "\nN"},
                                                                              {"dpl", "\x02L"},
                                                                              {"html", "<!DOCTYPE"},
                                                                              {"gif", "GIF8"},
                                                                              {"png", "\x89PNG"}}));
    world.options(parsed(fmt::format(R"({{"label_extension":"{}","label_bytes":30000,"label_one_page":true}})", extension)));
    const Answer label = world.base("getLabel", call);
    CHECK(label["extension"].text() == extension);
    const std::string bytes = base64_decode(label["label"].text()).value();
    CHECK(bytes.starts_with(magic));
    CHECK(bytes.size() >= 30'000);
    CHECK(bytes.size() < 31'000);
}

TEST_CASE("others make packages too: the seller's automation, a macro, a manual number") {
    Running world(with_demo());
    world.options(parsed(R"({"seller_automation":true})"));
    CHECK(world.base("createPackage", dpd(order))["status"].text() == "SUCCESS");
    CHECK(world.base("getOrderPackages", of_order(order))["packages"].size() == 2);
    const Answer stored = world.admin("GET", "/baselinker/packages");
    CHECK(stored.rows().at(0)["created_by"].text() == "seller");
    CHECK(stored.rows().at(1)["created_by"].text() == "client");
    world.options(parsed(R"({"seller_automation":false,"macro_after_reads":1})"));
    CHECK(world.base("runOrderMacroTrigger", parsed(R"({"order_id":184400103,"trigger_id":12413})"))["status"].text() ==
          "SUCCESS");
    CHECK(world.base("getOrderPackages", of_order(184400103))["packages"].size() == 0);
    CHECK(world.base("getOrderPackages", of_order(184400103))["packages"].size() == 1);
    CHECK(world
              .base("createPackageManual",
                    parsed(R"({"order_id":184400104,"courier_code":"inpostkurier","package_number":"620011"})"))["package_number"]
              .text() == "620011");
    CHECK(world.violations().empty());
}

TEST_CASE("tracking moves on, with its history and its journal event") {
    Running world(with_demo());
    world.options(parsed(R"({"journal":true})"));
    const std::string id(world.base("createPackage", dpd(order))["package_id"].text());
    for (const int status : {2, 11, 5})
        (void)world.admin("POST", "/baselinker/packages",
                          parsed(fmt::format(R"({{"package_id":{},"tracking_status":{}}})", id, status)));
    const Answer history = world.base("getCourierPackagesStatusHistory", parsed(R"({"package_ids":[)" + id + "]}"));
    CHECK(history["packages_history"][id].size() == 3);
    CHECK(world.base("getOrderPackages", of_order(order))["packages"].elements().front()["tracking_status"].integer() == 5);
    CHECK(world.base("getJournalList", parsed(R"({"last_log_id":0,"logs_types":[9,22]})"))["logs"].size() == 4);
    CHECK(world
              .base("runRequestParcelPickup",
                    parsed(R"({"courier_code":"dpd","package_ids":[)" + id + R"(],"fields":[]})"))["pickup_number"]
              .text()
              .starts_with("PU/"));
    CHECK(world.base("getProtocol", parsed(R"({"courier_code":"dpd","package_ids":[)" + id + "]}"))["extension"].text() == "pdf");
    CHECK(world.base("getCourierDocument", parsed(R"({"courier_code":"dpd","document_type":"manifest"})"))["document"]
              .text()
              .size() > 100);
    world.options(parsed(R"({"delete_error":"Przesyłka już nadana"})"));
    CHECK(world.base("deleteCourierPackage", parsed(R"({"courier_code":"dpd","package_id":)" + id + "}"))["status"].text() ==
          "ERROR");
    CHECK(world.violations().empty());
}

TEST_CASE("the warehouse can pick short, send, and work by itself") {
    Running world;
    world.plant_article("A", 10);
    (void)world.ongoing("PUT", "/orders", small_order("N1", "A", 5));
    (void)world.admin("POST", "/ongoing/work", parsed(R"({"orderNumber":"N1","action":"pick","quantities":{"1":3}})"));
    (void)world.admin("POST", "/ongoing/work", parsed(R"({"orderNumber":"N1","action":"send"})"));
    const json::Value order_row = world.ongoing("GET", "/orders?goodsOwnerId=1&orderNumbers=N1").rows().front();
    CHECK(order_row["orderInfo"]["orderStatus"]["number"].integer() == 450);
    CHECK(order_row["orderInfo"]["pickedNumberOfItems"].text() == "3.0");
    CHECK(world.admin("GET", "/ongoing/articles?number=A").rows().front()["stock"]["1"]["items"].text() == "7");
    (void)world.ongoing("PUT", "/orders", small_order("N2", "A", 1));
    world.options(parsed(R"({"warehouse_step_seconds":3600})"));
    const auto status = [&] {
        return world.ongoing("GET", "/orders?goodsOwnerId=1&orderNumbers=N2")
            .rows()
            .front()["orderInfo"]["orderStatus"]["number"]
            .integer();
    };
    CHECK(status() == 300);
    (void)world.admin("POST", "/clock", parsed(R"({"offset_seconds":4000})"));
    CHECK(status() == 400);
    (void)world.admin("POST", "/clock", parsed(R"({"offset_seconds":8000})"));
    CHECK(status() == 450);
    CHECK(world.ongoing("GET", "/orders?goodsOwnerId=1&orderNumbers=N2").rows().front()["parcels"].size() == 1);
}

TEST_CASE("a webhook tells of each status change once, with the people and ids of the contract") {
    Running world;
    world.plant_article("A", 10);
    (void)world.ongoing("PUT", "/orders", small_order("N1", "A", 1));
    httplib::Server receiver;
    std::string token, body;
    receiver.Post("/hooks/ongoing", [&](const httplib::Request& request, httplib::Response&) {
        token = request.get_header_value("X-Auth-Token");
        body = request.body;
    });
    const int port = receiver.bind_to_any_port("127.0.0.1");
    std::thread thread([&] { receiver.listen_after_bind(); });
    (void)world.admin(
        "POST", "/ongoing/webhook",
        parsed(fmt::format(R"({{"url":"http://127.0.0.1:{}/hooks/ongoing","token":"t1","statuses":[450]}})", port)));
    (void)world.admin("POST", "/ongoing/work", parsed(R"({"orderNumber":"N1","action":"pick"})"));
    (void)world.admin("POST", "/ongoing/work", parsed(R"({"orderNumber":"N1","action":"send","user_id":5,"computer_id":9})"));
    json::Value deliveries;
    for (int i = 0; i < 2000 && deliveries.size() == 0; ++i) {
        deliveries = world.admin("GET", "/ongoing/webhook").body;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    receiver.stop();
    thread.join();
    REQUIRE(deliveries.size() == 1);
    CHECK(token == "t1");
    const json::Value event = parsed(body);
    CHECK(event["orderNumber"].text() == "N1");
    CHECK(event["orderStatus"]["number"].integer() == 450);
    CHECK(event["byUser"]["userId"].integer() == 5);
    CHECK(event["byComputer"]["computerId"].integer() == 9);
    const json::Value expected = parsed(read_data("ongoing/webhook.orderStatusChanged.json"));
    CHECK(event.size() == expected.size());
    for (const auto& [name, value] : expected.members()) CHECK(event.find(name) != nullptr);
}
