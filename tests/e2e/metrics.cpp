// SPDX-License-Identifier: Apache-2.0
// [metrics] textfile: what monitoring reads after each run, and what promtool says about it and about the example's rules.
#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include <blongo/base/text.hpp>

#include "support/e2e/commands.hpp"
#include "support/e2e/faults.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr std::int64_t n = 84512301;

/// The configuration with this text file; relative to its folder.
void measure_into(const Installation& installation, const std::string& path) {
    installation.write_config(installation.config_text() + "\n[metrics]\ntextfile = \"" + path + "\"\n");
}

std::string metrics_text(const Installation& installation) {
    return read_file(installation.folder() / "blongo.prom");
}

/// The value of a line, as it stands there; "" when there is none.
std::string metric(const Installation& installation, const std::string& series) {
    for (const std::string& line : split(metrics_text(installation), '\n'))
        if (line.starts_with(series + " ")) return line.substr(series.size() + 1);
    return {};
}

bool has_promtool() {
    if (std::system("command -v promtool > /dev/null 2>&1") == 0) return true;
    WARN("promtool is not installed (Debian package prometheus): its checks are left out");
    return false;
}

} // namespace

TEST_CASE("after every run the metrics of all connections stand in one file, which promtool finds clean") {
    Shop shop;
    auto& installation = shop.installation;
    measure_into(installation, "blongo.prom");
    shop.orders(n, 3);
    const std::string connection = "connection=\"demo\"";
    CHECK(metric(installation, "blongo_connection_info{" + connection + ",mode=\"live\"}") == "1");
    const auto ran = metric(installation, "blongo_flow_last_good_timestamp_seconds{" + connection + ",flow=\"orders\"}");
    CHECK(std::strtod(ran.c_str(), nullptr) > 1.7e9);
    CHECK(metric(installation, "blongo_flow_last_good_timestamp_seconds{" + connection + ",flow=\"shipments\"}") == "0.000");
    CHECK(metric(installation, "blongo_bookings_total{" + connection + "}") == "0");
    CHECK(std::atoi(metric(installation, "blongo_baselinker_minute_requests{" + connection + "}").c_str()) > 0);

    shop.send(n);
    CHECK(said(installation, {"shipments", "send"}).exit_code == 0);
    CHECK(metric(installation, "blongo_bookings_total{" + connection + "}") == "1");
    CHECK(metric(installation, "blongo_labels_total{" + connection + "}") == "1");
    CHECK(metric(installation, "blongo_parked_objects{" + connection + ",flow=\"orders\"}") == "0");
    CHECK(metric(installation, "blongo_label_due_timestamp_seconds{" + connection + "}").empty());

    // An order that cannot be imported, a label that does not come, a write of unknown outcome.
    shop.sandbox.base_orders(base_order(n + 50, {base_line("NO-SUCH-SKU")}));
    CHECK(said(installation, {"orders", "sync"}).exit_code == 3);
    CHECK(metric(installation, "blongo_parked_by_cause_objects{" + connection + ",flow=\"orders\",cause=\"unknown_sku\"}") ==
          "1");
    CHECK_FALSE(metric(installation, "blongo_order_unimported_timestamp_seconds{" + connection + "}").empty());
    shop.send(n + 1);
    shop.sandbox.fault(json::Value::object()
                           .set("side", "baselinker")
                           .set("operation", "createPackage")
                           .set("times", 1)
                           .set("fault", "drop_before"));
    CHECK(said(installation, {"shipments", "send"}).exit_code == 8);
    CHECK(metric(installation, "blongo_writes_unknown{" + connection + "}") == "1");
    CHECK(metric(installation, "blongo_label_due_timestamp_seconds{" + connection + "}").empty());

    CHECK(metric(installation, "blongo_paused{" + connection + "}") == "0");

    struct stat file {};
    REQUIRE(::stat((installation.folder() / "blongo.prom").c_str(), &file) == 0);
    CHECK((file.st_mode & 0777) == 0644);
    for (const auto& entry : std::filesystem::directory_iterator(installation.folder().path()))
        CHECK_FALSE(entry.path().filename().string().starts_with("blongo.prom."));
    if (has_promtool()) CHECK(std::system(("promtool check metrics < " + (installation.folder() / "blongo.prom")).c_str()) == 0);
}

TEST_CASE("a due label has its time, and a dry run leaves the metrics as they are") {
    Shop shop(shipments_on(), impatient);
    auto& installation = shop.installation;
    shop.order(n);
    measure_into(installation, "blongo.prom");
    CHECK(said(installation, {"orders", "sync", "--dry-run"}).exit_code == 0);
    CHECK_FALSE(std::filesystem::exists(installation.folder() / "blongo.prom"));
    shop.send(n);
    shop.sandbox.fault(json::Value::object()
                           .set("side", "ongoing")
                           .set("operation", "GET /orders/{orderId}/files")
                           .set("times", 9)
                           .set("fault", "status_before")
                           .set("code", 503));
    (void)said(installation, {"shipments", "send"});
    CHECK(metric(installation, "blongo_bookings_total{connection=\"demo\"}") == "1");
    CHECK(metric(installation, "blongo_labels_total{connection=\"demo\"}") == "0");
    CHECK(std::strtod(metric(installation, "blongo_label_due_timestamp_seconds{connection=\"demo\"}").c_str(), nullptr) > 1.7e9);
}

TEST_CASE("metrics that cannot be written are a warning of a run that goes well") {
    Shop shop;
    shop.order(n);
    measure_into(shop.installation, "no-such-folder/blongo.prom");
    const auto run = said(shop.installation, {"orders", "sync"});
    CHECK(run.exit_code == 0);
    expect_text(run.err, "no-such-folder/blongo.prom: the file cannot be written: No such file or directory");
}

TEST_CASE("watch writes the metrics when it begins and when it ends") {
    Shop shop;
    shop.order(n);
    measure_into(shop.installation, "blongo.prom");
    const auto service = shop.installation.start({"shipments", "watch", "--every", "200ms"});
    service->wait_until([&] { return std::filesystem::exists(shop.installation.folder() / "blongo.prom"); });
    CHECK(metric(shop.installation, "blongo_labels_total{connection=\"demo\"}") == "0");
    shop.send(n);
    service->wait_until([&] { return !shop.files(n).empty(); });
    service->signal(SIGTERM);
    CHECK(service->wait().exit_code == 143);
    CHECK(metric(shop.installation, "blongo_labels_total{connection=\"demo\"}") == "1");
}

TEST_CASE("the alert rules of the example are clean") {
    if (!has_promtool()) return;
    const std::string rules = std::string(BLONGO_SOURCE_DIR) + "/examples/prometheus/alerts.yml";
    CHECK(std::system(("promtool check rules " + rules).c_str()) == 0);
}
