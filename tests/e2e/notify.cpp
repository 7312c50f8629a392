// SPDX-License-Identifier: Apache-2.0
// [notify]: what the command is told, by runs of the real binary, and that a command that fails or hangs hurts nothing.
#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
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

/// A shop whose [notify] command is a script of its folder.
struct Told {
    explicit Told(const std::string& more = {}, const std::string& script = "cat >> \"$1/told\"\n",
                  const std::string& shipments = shipments_on())
        : shop(shipments) {
        command(script);
        shop.installation.write_config(shop.installation.config_text() + "\n[notify]\ncommand = [\"" + path("tell") + "\", \"" +
                                       shop.installation.folder().path().string() + "\"]\n" + more);
    }
    [[nodiscard]] std::string path(const std::string& name) const { return shop.installation.folder() / name; }
    void command(const std::string& script) const {
        write_file(path("tell"), "#!/bin/sh\n" + script);
        REQUIRE(::chmod(path("tell").c_str(), 0755) == 0);
    }
    /// What was told since the last call.
    [[nodiscard]] std::vector<json::Value> messages() const {
        std::vector<json::Value> out;
        if (!std::filesystem::exists(path("told"))) return out;
        for (const std::string& line : split(read_file(path("told")), '\n'))
            if (!line.empty()) out.push_back(json::Value::parse(line).value());
        std::filesystem::remove(path("told"));
        return out;
    }
    /// "problem parked unknown_sku 2; "
    [[nodiscard]] std::string words() const {
        std::string out;
        for (const json::Value& message : messages())
            out += std::string(message["state"].text()) + " " + std::string(message["kind"].text()) + " " +
                   std::string(message["key"].text()) + " " + std::to_string(message["count"].integer()) + "; ";
        return out;
    }
    Finished run(std::vector<std::string> arguments) const { return said(shop.installation, std::move(arguments)); }
    void park(std::int64_t order) { shop.sandbox.base_orders(base_order(order, {base_line("NO-SUCH-SKU")})); }

    Shop shop;
};

json::Value always(const std::string& operation, std::int64_t code) {
    return json::Value::object()
        .set("side", "ongoing")
        .set("operation", operation)
        .set("times", 99)
        .set("fault", "status_before")
        .set("code", code);
}

/// A dead process that nobody has waited for yet is not alive.
bool is_alive(int process) {
    const std::string stat = "/proc/" + std::to_string(process) + "/stat";
    return std::filesystem::exists(stat) && read_file(stat).find(") Z ") == std::string::npos;
}

} // namespace

TEST_CASE("parked orders of one cause are one message, told once, reminded of, and told as solved") {
    Told told;
    told.park(n);
    told.park(n + 1);
    CHECK(told.run({"orders", "sync", "--dry-run"}).exit_code == 0);
    CHECK(told.words().empty());
    CHECK(told.run({"orders", "sync"}).exit_code == 3);
    const auto messages = told.messages();
    REQUIRE(messages.size() == 1);
    std::string names;
    for (const auto& [name, value] : messages[0].members()) names += name + " ";
    CHECK(names == "schema message_type state connection kind key flow cause count owner since detail command text ");
    CHECK(messages[0]["state"].text() == "problem");
    CHECK(messages[0]["kind"].text() == "parked");
    CHECK(messages[0]["cause"].text() == "unknown_sku");
    CHECK(messages[0]["count"].integer() == 2);
    CHECK(messages[0]["owner"].text() == "seller");
    CHECK(messages[0]["command"].text() == "blongo parked list -C demo");
    (void)told.run({"orders", "sync"});
    told.park(n + 2);
    (void)told.run({"orders", "sync"});
    CHECK(told.words().empty());
    edit_state(told.shop.installation, "UPDATE alerts SET told_at = told_at - 24 * 3600 * 1000");
    (void)told.run({"orders", "sync"});
    CHECK(told.words() == "reminder parked unknown_sku 3; ");
    for (const auto order : {n, n + 1, n + 2}) told.shop.sandbox.base_orders(one_piece(order));
    CHECK(told.run({"orders", "sync"}).exit_code == 0);
    CHECK(told.words() == "solved parked unknown_sku 3; ");
    CHECK(told.run({"orders", "sync"}).exit_code == 0);
    CHECK(told.words().empty());
    CHECK(edit_state(told.shop.installation, "SELECT COUNT(*) FROM alerts") == "0\n");
}

TEST_CASE("writes of unknown outcome, refused credentials and flows without a good run are told, and that they are over",
          "[F35]") {
    Told told;
    told.shop.orders(n, 2);
    CHECK(told.words().empty());
    told.shop.send(n);
    told.shop.sandbox.fault(json::Value::object()
                                .set("side", "baselinker")
                                .set("operation", "createPackage")
                                .set("times", 1)
                                .set("fault", "drop_before"));
    CHECK(told.run({"shipments", "send"}).exit_code == 8);
    const auto unknown = told.messages();
    REQUIRE(unknown.size() == 1);
    CHECK(unknown[0]["kind"].text() == "unknown");
    expect_text(std::string(unknown[0]["text"].text()),
                "create_package of order 84512301 (admin acts; blongo unknown list -C demo)");
    age_intents(told.shop.installation);
    CHECK(said(told.shop.installation, {"unknown", "resolve", std::to_string(n), "--nothing-was-booked"}).exit_code == 0);
    CHECK(told.words().starts_with("solved unknown "));

    told.shop.sandbox.fault(always("GET /orders", 401));
    CHECK(told.run({"orders", "sync"}).exit_code == 4);
    CHECK(told.words() == "problem auth orders 1; ");
    told.shop.sandbox.clear_faults();
    CHECK(told.run({"orders", "sync"}).exit_code == 0);
    CHECK(told.words() == "solved auth orders 1; ");

    edit_state(told.shop.installation,
               "UPDATE runs SET started = started - 3000000, ended = ended - 3000000 WHERE flow = 'orders'");
    CHECK(told.run({"shipments", "send"}).exit_code == 0);
    CHECK(told.words() == "problem stale orders 1; ");
    CHECK(told.run({"orders", "sync"}).exit_code == 0);
    CHECK(told.words() == "solved stale orders 1; ");
}

TEST_CASE("a guard that stopped a run is told until a run goes well; what was sent without a shipment is a kind of its own") {
    Told told({}, "cat >> \"$1/told\"\n", shipments_on("max_bookings_at_once = 1"));
    told.shop.orders(n, 2);
    told.shop.send(n);
    told.shop.send(n + 1);
    CHECK(told.run({"shipments", "send"}).exit_code == 7);
    CHECK(told.words() == "problem guard shipments 1; ");
    CHECK(told.run({"shipments", "send"}).exit_code == 7);
    CHECK(told.words().empty());
    CHECK(told.run({"shipments", "send", "--allow-many"}).exit_code == 0);
    CHECK(told.words() == "solved guard shipments 1; ");

    told.park(n + 5);
    CHECK(told.run({"orders", "sync"}).exit_code == 3);
    CHECK(told.words() == "problem parked unknown_sku 1; ");
    edit_state(told.shop.installation, "UPDATE parked SET flow = 'shipments', cause = 'sent_without_shipment'");
    (void)told.run({"articles", "sync"});
    CHECK(told.words() == "problem sent_without_shipment sent_without_shipment 1; solved parked unknown_sku 1; ");
}

TEST_CASE("a command that fails is reported, tried again at the next run, and changes no exit code") {
    Told told({}, "exit 3\n");
    told.park(n);
    const auto first = told.run({"orders", "sync"});
    CHECK(first.exit_code == 3);
    expect_text(first.err, "the command ended with exit code 3");
    CHECK(told.run({"orders", "sync"}).exit_code == 0);
    told.command("cat >> \"$1/told\"\n");
    CHECK(told.run({"orders", "sync"}).exit_code == 0);
    CHECK(told.words() == "problem parked unknown_sku 1; ");
    std::filesystem::remove(told.path("tell"));
    told.shop.sandbox.base_orders(one_piece(n));
    const auto gone = told.run({"orders", "sync"});
    CHECK(gone.exit_code == 0);
    expect_text(gone.err, "the command cannot be started: No such file or directory");
}

TEST_CASE("a command that hangs is killed with what it started, and the run ends as it would have") {
    Told told({}, "sleep 300 &\necho $! > \"$1/hanging\"\nwait\n");
    told.park(n);
    const auto begun = std::chrono::steady_clock::now();
    const auto run = told.run({"orders", "sync"});
    CHECK(run.exit_code == 3);
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds{14});
    expect_text(run.err, "the command did not end within 10s and was killed");
    const int child = std::atoi(read_file(told.path("hanging")).c_str());
    REQUIRE(child > 1);
    CHECK_FALSE(is_alive(child));
}

TEST_CASE("the command sees no secret, and only the kinds that people want are told") {
    Told told("on = [\"unknown\"]\n", "env > \"$1/seen\"; cat >> \"$1/told\"\n");
    told.park(n);
    CHECK(told.run({"orders", "sync"}).exit_code == 3);
    CHECK(told.words().empty());
    Told wanted({}, "env > \"$1/seen\"; cat >> \"$1/told\"\n");
    wanted.park(n);
    (void)said(wanted.shop.installation, {"orders", "sync"}, {{"MY_SECRET", "hunter2"}});
    CHECK(wanted.words() == "problem parked unknown_sku 1; ");
    std::vector<std::string> names;
    for (const std::string& line : split(read_file(wanted.path("seen")), '\n'))
        if (const auto name = line.substr(0, line.find('='));
            !name.empty() && name != "PWD" && name != "_" && name != "SHLVL" && name != "OLDPWD")
            names.push_back(name);
    std::sort(names.begin(), names.end());
    CHECK(names == std::vector<std::string>{"HOME", "LANG", "PATH", "TZ"});
}

TEST_CASE("each message is told once, however many processes run at once") {
    Told told({}, "sleep 0.2; cat >> \"$1/told\"\n");
    told.park(n);
    (void)told.run({"articles", "sync"});
    std::vector<std::unique_ptr<Process>> processes;
    CHECK(told.run({"orders", "sync"}).exit_code == 3);
    CHECK(told.words() == "problem parked unknown_sku 1; ");
    edit_state(told.shop.installation, "DELETE FROM alerts");
    for (const char* flow : {"articles", "orders"})
        for (int i = 0; i < 2; ++i) processes.push_back(told.shop.installation.start({flow, "sync", "--lock-wait", "20s"}));
    for (const auto& process : processes) (void)process->wait();
    CHECK(told.words() == "problem parked unknown_sku 1; ");
}

TEST_CASE("watch tells as well, while it runs") {
    Told told;
    told.park(n);
    CHECK(told.run({"orders", "sync"}).exit_code == 3);
    CHECK(told.words() == "problem parked unknown_sku 1; ");
    edit_state(told.shop.installation, "DELETE FROM parked");
    const auto service = told.shop.installation.start({"shipments", "watch", "--every", "200ms"});
    service->wait_until([&] { return std::filesystem::exists(told.path("told")); });
    service->signal(SIGTERM);
    CHECK(service->wait().exit_code == 143);
    CHECK(told.words() == "solved parked unknown_sku 1; ");
}

TEST_CASE("the examples pass the message on, and shellcheck has nothing to say about them") {
    const std::string examples = std::string(BLONGO_SOURCE_DIR) + "/examples/notify/";
    const std::string message =
        "{\"connection\":\"acme\",\"state\":\"problem\",\"kind\":\"parked\",\"cause\":\"unpaid\\r\\nBcc: x@y\",\"flow\":null,"
        "\"text\":\"acme: 3 wait\",\"since\":\"2026-11-29T08:00:00Z\",\"command\":\"blongo parked list\"}\n";
    const TempDir folder;
    write_file(folder / "sendmail", "#!/bin/sh\ncat > " + (folder / "mail") + "\n");
    REQUIRE(::chmod((folder / "sendmail").c_str(), 0755) == 0);
    REQUIRE(run({.argv = {examples + "mail", "a@example.com"},
                 .environment = {{"SENDMAIL", folder / "sendmail"}},
                 .stdin_text = message,
                 .working_directory = {}})
                .exit_code == 0);
    CHECK(read_file(folder / "mail") == "To: a@example.com\nSubject: [blongo] acme: problem: parked unpaidBcc: x@y\n"
                                        "Content-Type: text/plain; charset=utf-8\nMIME-Version: 1.0\n\nacme: 3 wait\n\nSince: "
                                        "2026-11-29T08:00:00Z\nNext:  blongo parked list\n");
    if (std::system("command -v shellcheck > /dev/null 2>&1") != 0) {
        WARN("shellcheck is not installed: its check is left out");
        return;
    }
    CHECK(std::system(("shellcheck " + examples + "mail " + examples + "chat-webhook").c_str()) == 0);
}
