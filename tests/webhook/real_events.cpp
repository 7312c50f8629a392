// SPDX-License-Identifier: Apache-2.0
// From Send in the warehouse over Debian's webhook server to the label, with the real blongo.
#include <catch2/catch.hpp>

#include <filesystem>

#include "server.hpp"
#include "support/e2e/commands.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr std::int64_t n = 84512301;
constexpr std::int64_t workstation = 12;

/// examples/webhook as it stands, with the blongo under test in its PATH, receiving the sandbox's events.
class Receiver {
public:
    explicit Receiver(Shop& shop) {
        server_ = std::make_unique<WebhookServer>(
            folder_, std::map<std::string, std::string>{
                         {"BLONGO_CONFIG", shop.installation.config_file()},
                         {"PATH", std::filesystem::path(blongo_binary()).parent_path().string() + ":/usr/bin:/bin"}});
        json::Value statuses = json::Value::array();
        statuses.push_back(450);
        shop.sandbox.post("/_admin/ongoing/webhook",
                          json::Value::object()
                              .set("url", "http://127.0.0.1:" + std::to_string(server_->port()) + "/hooks/ongoing-order")
                              .set("token", webhook_token)
                              .set("statuses", std::move(statuses)));
    }
    void wait_until(const std::function<bool()>& holds) { server_->process().wait_until(holds); }
    /// How many sends have ended, by the script's own log.
    [[nodiscard]] std::size_t ended() const {
        std::size_t count = 0;
        const std::string log = read_file(folder_ / "log");
        for (auto at = log.find(": exit code "); at != std::string::npos; at = log.find(": exit code ", at + 1)) ++count;
        return count;
    }
    [[nodiscard]] std::string log() const { return read_file(folder_ / "log"); }

private:
    TempDir folder_;
    std::unique_ptr<WebhookServer> server_;
};

json::Value at_workstation() {
    return json::Value::object().set("computer_id", workstation).set("user_id", 231);
}

const char* const printing = "print = { report_id = 7, fallback_workstation_id = 3 }";

} // namespace

TEST_CASE("Send in the warehouse brings the label into Ongoing and prints it where Send was pressed") {
    Shop shop(shipments_on(printing));
    shop.order(n);
    Receiver receiver(shop);
    shop.send(n, at_workstation());
    receiver.wait_until([&] { return receiver.ended() == 1; });
    INFO(receiver.log());
    CHECK(shop.packages(n) == 1);
    CHECK(shop.files(n).size() == 1);
    const json::Value jobs = shop.sandbox.get("/_admin/ongoing/print-jobs");
    REQUIRE(jobs.size() == 1);
    expect_text(jobs.dump(), "\"reportId\":7");
    CHECK(jobs.elements().front()["printingInfo"]["printAsWorkstation"]["workstationId"].integer() == workstation);
    expect_text(receiver.log(), "exit code 0");
    CHECK(shop.sandbox.violations().empty());
}

TEST_CASE("the same event five times, and polls behind it, book once and print once") {
    Shop shop(shipments_on(printing));
    shop.order(n);
    shop.sandbox.options(json::Value::object().set("webhook_repeat", 5));
    Receiver receiver(shop);
    shop.send(n, at_workstation());
    receiver.wait_until([&] { return receiver.ended() >= 1 && shop.sandbox.get("/_admin/ongoing/webhook").size() == 5; });
    for (int i = 0; i < 3; ++i) CHECK(said(shop.installation, {"shipments", "send"}).exit_code == 0);
    receiver.wait_until([&] { return shop.packages(n) == 1 && !shop.files(n).empty(); });
    INFO(receiver.log());
    CHECK(shop.packages() == 1);
    CHECK(shop.sandbox.get("/_admin/ongoing/print-jobs").size() == 1);
    CHECK(shop.sandbox.calls("baselinker", "createPackage") == 1);
}

TEST_CASE("events of orders that blongo does not know, or that were sent long ago, book nothing") {
    Shop shop(shipments_on(printing));
    shop.order(n);
    Receiver receiver(shop);
    json::Value foreign = shop.sandbox.orders()[std::to_string(n)];
    foreign.erase("orderId");
    foreign["data"].set("orderNumber", "FOREIGN-1").set("goodsOwnerOrderId", "FOREIGN-1");
    shop.sandbox.post("/_admin/ongoing/orders", foreign);
    json::Value task = at_workstation().set("orderNumber", "FOREIGN-1").set("action", "pick_and_send");
    shop.sandbox.post("/_admin/ongoing/work", task);
    receiver.wait_until([&] { return receiver.ended() == 1; });
    INFO(receiver.log());
    CHECK(shop.packages() == 0);
    CHECK(shop.sandbox.get("/_admin/ongoing/print-jobs").size() == 0);
}
