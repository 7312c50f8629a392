// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "support.hpp"

#include "support/replaced.hpp"

namespace blongo::config {
namespace {

/// test::good with keys of the connection itself put behind its head, and text behind all of it.
std::string acme(const std::string& keys, const std::string& behind = {}) {
    std::string toml = test::good;
    const std::string head = "[connections.acme]\n";
    return toml.replace(0, head.size(), head + keys) + behind;
}

std::vector<std::string> warnings_of(const std::string& toml) {
    const auto config = test::read(toml);
    REQUIRE(config);
    return config->warnings;
}

std::string rule(const std::string& keys) {
    return "[[connections.acme.shipments.couriers]]\n" + keys;
}

} // namespace

TEST_CASE("a complete connection has nothing to object to") {
    CHECK(test::errors_of(test::good) == "");
    CHECK(warnings_of(test::good) == std::vector<std::string>{});
}

TEST_CASE("a connection that lacks its sides says each key that is missing, once, with what to write") {
    const std::string errors = test::errors_of("[connections.acme]\n[connections.acme.orders]\nenabled = false\n");
    CHECK(errors == "all: b.toml:1:14: connections.acme.baselinker.token_file is missing; name the file that holds the "
                    "API token of "
                    "BaseLinker (My account, API) (or write one of the same key with _command, _env, _credential)\n"
                    "all: b.toml:1:14: connections.acme.baselinker.inventory_id is missing; write the number of the "
                    "catalogue (blongo "
                    "list inventories)\n"
                    "all: b.toml:1:14: connections.acme.ongoing.url is missing; write the address of your warehouse, "
                    "for example "
                    "\"https://api.ongoingsystems.se/acme\"\n"
                    "all: b.toml:1:14: connections.acme.ongoing.username is missing; write the name of the API user, "
                    "for example "
                    "\"WSI-ACME\"\n"
                    "all: b.toml:1:14: connections.acme.ongoing.password_file is missing; name the file that holds the "
                    "password of "
                    "the API user (or write one of the same key with _command, _env, _credential)\n"
                    "all: b.toml:1:14: connections.acme.ongoing.goods_owner_id is missing; write the number of the "
                    "goods owner");
}

TEST_CASE("a key that is written wrongly is not called missing as well") {
    CHECK(test::errors_of(blongo::test::replaced(test::good, "https://api.ongoingsystems.se/acme", "ftp://host")) ==
          "all: b.toml:6:7: connections.acme.ongoing.url is not an https address");
    CHECK(test::errors_of(blongo::test::replaced(test::good, "goods_owner_id = 159", "goods_owner_id = 0")) ==
          "all: b.toml:9:18: connections.acme.ongoing.goods_owner_id is 0; it must be at least 1");
}

TEST_CASE("addresses are https, or http to this machine, without user, query and fragment") {
    const auto with_url = [](const std::string& url) {
        return test::errors_of(blongo::test::replaced(test::good, "https://api.ongoingsystems.se/acme", url));
    };
    for (const auto* fine : {"http://localhost:8080/acme", "http://127.0.0.1:1/x", "http://[::1]:9/x", "HTTPS://Host/x/"}) {
        INFO(fine);
        CHECK(with_url(fine) == "");
    }
    const std::string at = "all: b.toml:6:7: connections.acme.ongoing.url ";
    CHECK_THAT(with_url("http://api.ongoingsystems.se/acme"),
               Catch::StartsWith(at + "uses http, which would show the credentials"));
    CHECK_THAT(with_url("http://localhost.example.com/"), Catch::StartsWith(at + "uses http"));
    CHECK_THAT(with_url("http://127.0.0.1.example.com/"), Catch::StartsWith(at + "uses http"));
    CHECK(with_url("https://user:hunter2@host/x") == at + "holds a user name or password; these have keys of their own");
    CHECK(with_url("https://host/x?y=1") == at + "holds a query or a fragment; write it as \"https://host/path\"");
    CHECK(with_url("api.ongoingsystems.se/acme") == at + "has no scheme; write it as \"https://host/path\"");
    CHECK(with_url("https:///acme") == at + "names no host that can exist");
    CHECK(with_url("https://[::zz]/acme") == at + "names no host that can exist");
    CHECK(with_url("https://host:99999/acme") == at + "has a port that is not a number from 1 to 65535");
    CHECK(with_url("https://host/a b") == at + "holds a space or a control character");
}

TEST_CASE("addresses are kept in one form, so that two spellings are one identity") {
    const auto config = test::read(blongo::test::replaced(test::good, "https://api.ongoingsystems.se/acme",
                                                          "HTTPS://API.Ongoingsystems.se:443/acme/api/v1/"));
    REQUIRE(config);
    CHECK(config->connections[0].ongoing.url == "https://api.ongoingsystems.se/acme");
    CHECK(config->warnings ==
          std::vector<std::string>{"b.toml:6:7: connections.acme.ongoing.url: /api/v1 is added by itself; leave it out"});
}

TEST_CASE("one secret has one source") {
    CHECK(test::errors_of(blongo::test::replaced(test::good, "inventory_id", "token_env = \"T\"\ninventory_id")) ==
          "all: b.toml:4:13: connections.acme.baselinker.token_env is one of 2 sources of one secret "
          "(baselinker.token_file, baselinker.token_env); leave one");
}

TEST_CASE("a secret that stands where its source belongs is refused and shown nowhere") {
    const std::string token = "4001234-4005678-ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const auto file = test::read(blongo::test::replaced(test::good, "/etc/blongo/acme.token", token));
    REQUIRE(file);
    REQUIRE(file->connections[0].errors.at("").size() == 1);
    CHECK_THAT(file->connections[0].errors.at("")[0], Catch::StartsWith("b.toml:3:14: connections.acme.baselinker.token_file "
                                                                        "looks like the secret itself"));
    std::string everything = file->connections[0].errors.at("")[0];
    for (const auto& setting : file->settings) everything += setting.value;
    CHECK(everything.find(token) == std::string::npos);

    const std::string env = test::errors_of(
        blongo::test::replaced(test::good, "token_file = \"/etc/blongo/acme.token\"", "token_env = \"" + token + "\""));
    CHECK(env == "all: b.toml:3:13: connections.acme.baselinker.token_env is not the name of an environment variable "
                 "(letters, digits, underscores)");
    const std::string command = test::errors_of(
        blongo::test::replaced(test::good, "token_file = \"/etc/blongo/acme.token\"", "token_command = \"" + token + "\""));
    CHECK(command.find(token) == std::string::npos);
    const std::string credential = test::errors_of(
        blongo::test::replaced(test::good, "token_file = \"/etc/blongo/acme.token\"", "token_credential = \"a/b\""));
    CHECK(credential == "all: b.toml:3:20: connections.acme.baselinker.token_credential is not the name of a systemd "
                        "credential: it must not hold a slash");
}

TEST_CASE("names, zone and budget of a connection are checked") {
    CHECK_THAT(test::errors_of("[connections.\"Acme Sp\"]\n"),
               Catch::Contains("all: b.toml:1:14: connections.Acme Sp has a name that is not made of a-z, 0-9 and dashes"));
    CHECK(test::errors_of(acme("time_zone = \"Europe/Warschau\"\n")) ==
          "all: b.toml:2:13: connections.acme.time_zone is \"Europe/Warschau\", which is no time zone of "
          "this machine; "
          "write one such as \"Europe/Warsaw\"");
    CHECK(test::errors_of(blongo::test::replaced(test::good, "inventory_id", "reserve = 60\ninventory_id")) ==
          "all: b.toml:4:11: connections.acme.baselinker.reserve is 60; it must be below requests_per_minute "
          "(60)");
    CHECK(test::errors_of(acme("mode = \"dry\"\n")) ==
          "all: b.toml:2:8: connections.acme.mode is \"dry\"; allowed: \"live\", \"plan\"");
}

TEST_CASE("two enabled connections of one goods owner and one catalogue are an error of both") {
    const std::string second = [] {
        std::string text = test::good;
        for (std::size_t at = 0; (at = text.find("acme]", at)) != std::string::npos;) text.replace(at, 5, "twin]");
        for (std::size_t at = 0; (at = text.find("acme.", at)) != std::string::npos; at += 5)
            if (text.substr(at - 12, 12) == "connections.") text.replace(at, 5, "twin.");
        return blongo::test::replaced(text, "https://api.ongoingsystems.se/acme", "https://API.ongoingsystems.se/acme/");
    }();
    CHECK(test::errors_of(test::good + second) == "all: b.toml:1:14: connections.acme connects the same "
                                                  "goods owner and the same catalogue as connections.twin "
                                                  "(b.toml:14:14); disable one of them\n"
                                                  "all: b.toml:14:14: connections.twin connects the same "
                                                  "goods owner and the same catalogue as connections.acme "
                                                  "(b.toml:1:14); disable one of them");
    CHECK(test::errors_of(test::good +
                          blongo::test::replaced(second, "[connections.twin]\n", "[connections.twin]\nenabled = false\n")) == "");
    CHECK(test::errors_of(test::good + blongo::test::replaced(second, "inventory_id = 307", "inventory_id = 308")) == "");
}

TEST_CASE("the state may stand in a file or on a server, by either spelling of its scheme") {
    for (const std::string url :
         {"sqlite:///var/lib/blongo/state.db", "postgresql://blongo@db:5432/blongo", "postgres://db/blongo?sslmode=require"}) {
        const auto config = test::read("[state]\nurl = \"" + url + "\"\npassword_credential = \"state\"\n");
        REQUIRE(config);
        CHECK(config->state_url == url);
        CHECK(config->state_password.credential == "state");
    }
}

TEST_CASE("statuses that would undo each other are refused") {
    const std::string cancels =
        blongo::test::replaced(test::good, "cancel_statuses = \"none\"", "cancel_statuses = [8073, 8069]");
    CHECK(test::errors_of(cancels) == "orders: b.toml:13:19: connections.acme.orders.cancel_statuses holds "
                                      "the status 8069, which orders.statuses holds "
                                      "too: such an order would be sent and cancelled");
    const std::string one = blongo::test::replaced(test::good, "cancel_statuses = \"none\"", "cancel_statuses = [8073]");
    CHECK_THAT(test::errors_of(one + "status_after_import = 8073\n"),
               Catch::StartsWith("orders: b.toml:14:23: connections.acme.orders.status_after_import is one of cancel_statuses"));
    CHECK_THAT(test::errors_of(one + "[connections.acme.shipments]\nstatus_after_send = 8073\n"),
               Catch::StartsWith("shipments: b.toml:15:21: connections.acme.shipments.status_after_send is one of"));
    CHECK(test::errors_of(blongo::test::replaced(test::good, "\"none\"", "\"nothing\"")) ==
          "orders: b.toml:13:19: connections.acme.orders.cancel_statuses is \"nothing\"; write a list of "
          "statuses or \"none\"");
}

TEST_CASE("order settings are checked: prefix, causes, times, statuses") {
    const auto orders = [](const std::string& keys) { return test::errors_of(test::good + keys); };
    const std::string at = "orders: b.toml:14:";
    CHECK(orders("order_number_prefix = \"" + std::string(26, 'A') + "\"\n") ==
          at + "23: connections.acme.orders.order_number_prefix is longer than 25 characters; an order "
               "number of Ongoing holds "
               "50 with the order id");
    CHECK_THAT(orders("order_number_prefix = \"A B\"\n"), Catch::Contains("may hold letters, digits and - _ . / only"));
    CHECK(orders("status_on_error = { unknown_skuu = 1 }\n") ==
          at + "21: connections.acme.orders.status_on_error has the key \"unknown_skuu\", which is neither "
               "\"default\" nor a "
               "cause of parking; did you mean \"unknown_sku\"?");
    CHECK(orders("finished_statuses = [0]\n") ==
          at + "22: connections.acme.orders.finished_statuses is 0; it must be at least 1");
    CHECK(orders("finished_statuses = [\" \"]\n") ==
          at + "22: connections.acme.orders.finished_statuses holds an empty status name");
    CHECK(orders("late_window = \"0\"\n") == at + "15: connections.acme.orders.late_window is \"0\"; it must be at least 1ms");
    CHECK(test::errors_of(blongo::test::replaced(test::good, "2026-11-24T06:00:00+01:00", "\"2026-11-24\"")) ==
          "orders: b.toml:12:14: connections.acme.orders.start_from is \"2026-11-24\"; it must be a "
          "date-time with its offset, "
          "for example 2026-11-24T06:00:00+01:00");
}

TEST_CASE("courier rules that can never work are refused, with the rule's own line") {
    const auto of = [](const std::string& keys) { return test::errors_of(test::good + rule(keys)); };
    const std::string at = "shipments: b.toml:";
    CHECK(of("country = [\"PL\"]\n") == at + "14:1: connections.acme.shipments.couriers[1].courier_code is "
                                             "missing; write the code of the courier (blongo list "
                                             "couriers), or \"none\" for counter pick-up");
    CHECK(of("courier_code = \"x\"\nstrategy = \"macro\"\n") ==
          at + "14:1: connections.acme.shipments.couriers[1].trigger_id is missing; strategy \"macro\" runs "
               "a macro of "
               "BaseLinker and needs its number");
    CHECK(of("courier_code = \"x\"\nstrategy = \"makro\"\n") ==
          at + "16:12: connections.acme.shipments.couriers[1].strategy is \"makro\"; allowed: \"api\", "
               "\"macro\", \"report\"; did "
               "you mean \"macro\"?");
    CHECK_THAT(of("courier_code = \"x\"\nstrategy = \"macro\"\ntrigger_id = 5\nrebook_after = \"1h\"\n"),
               Catch::StartsWith(at + "18:16: connections.acme.shipments.couriers[1].rebook_after must be \"never\""));
    CHECK_THAT(of("courier_code = \"x\"\naccount_id = 1\nrebook_after = \"5m\"\n"), Catch::Contains("at least three times"));
    CHECK_THAT(of("courier_code = \"x\"\nmin_weight = \"5\"\nmax_weight = 4\n"),
               Catch::StartsWith(at + "16:14: connections.acme.shipments.couriers[1].min_weight is 5 and above max_weight, 4"));
    CHECK_THAT(of("courier_code = \"x\"\ncountry = \"Poland\"\n"), Catch::Contains("a country is two letters"));
    CHECK_THAT(of("courier_code = \"x\"\ncurrency = [\"zl\"]\n"), Catch::Contains("a currency is three capital letters"));
    CHECK_THAT(of("courier_code = \"x\"\nchecks = { phone = \"48\" }\n"), Catch::Contains("for example \"PL9\""));
    CHECK_THAT(of("courier_code = \"x\"\nprint_command = [\"lp\"]\n"), Catch::Contains("has no argument with {file}"));
    CHECK_THAT(of("courier_code = \"x\"\nparcels = 0\n"), Catch::Contains("it must be at least 1"));
}

TEST_CASE("what is odd but possible is a warning") {
    using Lines = std::vector<std::string>;
    CHECK_THAT(warnings_of(blongo::test::replaced(test::good, "inventory_id", "requests_per_minute = 96\ninventory_id")).at(0),
               Catch::StartsWith("b.toml:4:23: connections.acme.baselinker.requests_per_minute: 96 requests a minute"));
    CHECK(warnings_of(blongo::test::replaced(test::good, "inventory_id", "requests_per_minute = 95\ninventory_id")) == Lines{});
    CHECK_THAT(warnings_of(blongo::test::replaced(test::good, "WSI-ACME", "anna")).at(0),
               Catch::Contains("does not start with WSI"));
    CHECK_THAT(
        warnings_of(blongo::test::replaced(test::good, "token_file = \"/etc/blongo/acme.token\"", "token_env = \"T\"")).at(0),
        Catch::Contains("/proc/PID/environ"));
    CHECK_THAT(warnings_of(acme("pilot_orders = [1]\n")).at(0), Catch::Contains("no effect in mode \"live\""));
    CHECK(warnings_of(acme("mode = \"plan\"\npilot_orders = [1, \"2\"]\n")) == Lines{});
    CHECK_THAT(warnings_of(test::good + "[connections.acme.shipments]\n").at(0), Catch::Contains("no courier rule"));
    CHECK_THAT(warnings_of(test::good + "[connections.acme.shipments]\nsend = {}\n").at(1),
               Catch::Contains("nothing is ever booked"));
    CHECK_THAT(warnings_of(test::good + "[connections.acme.stock]\nwarehouse = \"bl_1\"\nwarehouses = { 1 = \"bl_2\" }\n").at(0),
               Catch::Contains("is not used, since stock.warehouses is set"));
    CHECK_THAT(warnings_of(test::good + rule("courier_code = \"x\"\n")).at(0),
               Catch::Contains("with several, nothing is booked"));
    CHECK_THAT(warnings_of(test::good + rule("courier_code = \"x\"\naccount_id = 1\ntrigger_id = 3\n")).at(0),
               Catch::Contains("is used with strategy \"macro\" only"));
    CHECK_THAT(warnings_of(test::good + rule("courier_code = \"none\"\nfields = { a = 1 }\n")).at(0),
               Catch::Contains("books nothing"));
    CHECK_THAT(warnings_of(test::good + rule("courier_code = \"none\"\n") + rule("courier_code = \"none\"\n")).at(0),
               Catch::Contains("is never reached: the rule at b.toml:14 has no condition"));
    CHECK(warnings_of("[http]\n") == Lines{"b.toml: there is no connection; write [connections.NAME], or run blongo init"});
}

} // namespace blongo::config
