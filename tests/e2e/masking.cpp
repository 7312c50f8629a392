// SPDX-License-Identifier: Apache-2.0
// What dumps, logs and everything else that is printed show of a buyer: nothing.
#include <catch2/catch.hpp>

#include "support/e2e/commands.hpp"
#include "support/e2e/returns.hpp"
#include "support/e2e/shipments.hpp"

#include "buyer.hpp"

using namespace blongo;
using namespace blongo::test;

TEST_CASE("nothing of a buyer and no secret in stderr, log, dumps, journal form, alerts, metrics and reports", "[redaction]") {
    const std::string token = "tok-qxunique-1122334455667788", password = "pw-qxunique-zaq12wsx";
    Shop shop(shipments_on(),
              "[metrics]\ntextfile = \"metrics.prom\"\n[notify]\ncommand = [\"/bin/sh\", \"-c\", \"cat >> alerts.txt\"]\n",
              {"--token", token, "--password", password});
    write_file(shop.installation.folder() / "token", token + "\n");
    write_file(shop.installation.folder() / "password", password + "\n");
    const std::string dump = shop.installation.folder() / "dump", log = shop.installation.folder() / "log";
    shop.sandbox.base_orders(base_order(101, {base_line(synthetic_sku(1))}, buyer()));
    auto refused = buyer().set("phone", "613579246613579246613579246");
    shop.sandbox.base_orders(base_order(102, {base_line("no-such-sku")}, std::move(refused)));
    std::string all;
    const auto blongo = [&](std::vector<std::string> arguments) {
        for (const std::string& more : {std::string("-vv"), std::string("--dump-http"), dump, std::string("--log-file"), log})
            arguments.push_back(more);
        // Standard error is a journal's stream, as far as blongo can see.
        Spawn spawn;
        spawn.argv = {"/bin/bash", "-c", "export JOURNAL_STREAM=$(stat -Lc %d:%i /proc/self/fd/2); exec \"$@\"", "sh",
                      blongo_binary()};
        spawn.argv.insert(spawn.argv.end(), arguments.begin(), arguments.end());
        spawn.argv.insert(spawn.argv.end(), {"--config", shop.installation.config_file()});
        spawn.working_directory = shop.installation.folder().path();
        const Finished finished = run(spawn);
        expect_clean(finished.out + finished.err, arguments[0] + " " + arguments[1]);
        all += finished.out + finished.err;
        return finished;
    };
    (void)blongo({"orders", "sync"});
    shop.send(101);
    (void)blongo({"shipments", "send"});
    REQUIRE(shop.packages(101) == 1);
    for (const std::vector<std::string>& reading : {std::vector<std::string>{"run", "--strict"},
                                                    {"parked", "list"},
                                                    {"orders", "list"},
                                                    {"orders", "show", "101"},
                                                    {"orders", "why", "102"},
                                                    {"shipments", "list"},
                                                    {"shipments", "show", "101"},
                                                    {"today", "--json"},
                                                    {"status", "--json"},
                                                    {"mapping", "test", "101"},
                                                    {"audit", "show"},
                                                    {"report", "--format", "html", "--for", "seller"},
                                                    {"check", "--json"}})
        (void)blongo(reading);
    CHECK(all.find("\n<7>") != std::string::npos);         // the journal's form
    CHECK(all.find("createPackage") != std::string::npos); // the bodies are there, or the rest proves nothing
    CHECK(all.find("***") != std::string::npos);
    CHECK(all.find(token) == std::string::npos);
    CHECK(all.find(password) == std::string::npos);
    CHECK(std::filesystem::exists(dump));
    std::filesystem::remove(shop.installation.folder() / "token");
    std::filesystem::remove(shop.installation.folder() / "password");
    expect_nothing_personal(shop.installation.folder().path());
    for (const auto& entry : std::filesystem::recursive_directory_iterator(shop.installation.folder().path()))
        if (entry.is_regular_file()) CHECK(slurp(entry.path()).find("qxunique") == std::string::npos);
}

TEST_CASE("dumps of returns show nothing of a buyer, refused, answered with a page, or taken", "[redaction]") {
    ReturnShop shop(returns_on(), "[http]\nretry_ongoing = []\n");
    auto data = buyer().set("refund_account_number", buyer_iban).set("refund_iban", buyer_iban).set("refund_swift", buyer_iban);
    shop.base(base_return(70, 1, {return_line(synthetic_sku(1))}, data));
    const std::string dump = shop.installation.folder() / "dump";
    const auto answer = [&](int code, const std::string& body) {
        shop.sandbox.fault(json::Value::object()
                               .set("side", "ongoing")
                               .set("operation", "PUT /returnOrders")
                               .set("nth", 1)
                               .set("fault", "status_before")
                               .set("code", code)
                               .set("body", body));
    };
    std::string told;
    const auto sync = [&] {
        const Finished finished = said(shop.installation, {"returns", "sync", "-vv", "--dump-http", dump});
        told += finished.err;
        shop.sandbox.clear_faults();
        return finished.exit_code;
    };
    answer(400, R"({"message":"phone +48 613 579 246 of ')" + buyer_name + R"(' is invalid"})");
    (void)sync();
    answer(400, "phone 613579246 is invalid");
    (void)sync();
    answer(502, "<html>" + buyer_name + "</html>");
    (void)sync();
    CHECK(sync() == 0);
    CHECK(shop.return_orders() == 1);
    expect_clean(told, "-vv");
    expect_nothing_personal(dump);
    // All three came, and what was not personal is there.
    expect_text(told, "phone *** of '***' is invalid");
    expect_text(told, "(no JSON: 26 bytes");
    expect_text(told, "(no JSON: 33 bytes");
    expect_text(told, "\"refund_iban\":\"***\"");
    expect_text(told, synthetic_sku(1));
}
