// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <blongo/base/text.hpp>
#include <blongo/config/show.hpp>

#include "support.hpp"
#include "support/temp_dir.hpp"

namespace blongo::config {
namespace {

const Connection& only(const Result<Config>& config) {
    REQUIRE(config);
    REQUIRE(config->connections.size() == 1);
    return config->connections[0];
}

Config loaded(const std::string& file) {
    auto config = load(file, test::no_environment);
    INFO((config ? std::string() : config.error().text()));
    REQUIRE(config);
    return std::move(*config);
}

std::string load_error(const std::string& file) {
    const auto config = load(file, test::no_environment);
    REQUIRE_FALSE(config);
    CHECK(config.error().kind == ErrorKind::config);
    return config.error().text();
}

} // namespace

TEST_CASE("a value of a connection goes before defaults, and defaults before what is built in") {
    const auto config =
        test::read("[defaults]\ntime_zone = \"Europe/Berlin\"\n[defaults.articles]\nbatch = 50\nscope = \"ordered\"\n"
                   "[defaults.ongoing]\nusername = \"WSI-ALL\"\n" +
                   test::good + "[connections.acme.articles]\nbatch = 70\n");
    const Connection& acme = only(config);
    CHECK(acme.articles.batch == 70);
    CHECK(acme.articles.scope == "ordered");
    CHECK(acme.articles.parent == "skip");
    CHECK(acme.time_zone == "Europe/Berlin");
    CHECK(acme.ongoing.username == "WSI-ACME");
    CHECK(test::origin(*config, "connections.acme.articles.batch") == "b.toml:22:9");
    CHECK(test::origin(*config, "connections.acme.articles.scope") == "b.toml:5:9 (defaults)");
    CHECK(test::origin(*config, "connections.acme.articles.parent") == "default");
}

TEST_CASE("the empty string means the built-in default, of any kind of key and against defaults too") {
    const auto config = test::read("[defaults.articles]\nbatch = 50\n" + test::good +
                                   "late_window = \"\"\nstatus_after_import = \"\"\nnotify = "
                                   "\"\"\nstatus_on_error = \"\"\norder_number_prefix = \"\"\n"
                                   "[connections.acme.articles]\nbatch = \"\"\nenabled = \"\"\nlength_factor "
                                   "= \"\"\nparent = \"\"\ninclude = \"\"\n"
                                   "[connections.acme.shipments]\nsend = \"\"\nstart_from = \"\"\ncouriers = "
                                   "\"\"\nship_statuses = \"\"\n");
    const Connection& acme = only(config);
    CHECK(acme.errors.empty());
    CHECK(acme.articles.batch == 100);
    CHECK(acme.articles.enabled);
    CHECK(acme.articles.length_factor == *Decimal::parse("0.01"));
    CHECK(acme.articles.parent == "skip");
    CHECK(acme.orders.late_window == std::chrono::hours{24 * 90});
    CHECK(acme.shipments.send == std::map<std::int64_t, std::string>{{450, "book"}});
    CHECK_FALSE(acme.shipments.start_from);
    CHECK(acme.shipments.ship_statuses_auto);
    CHECK(acme.orders.status_after_import == StatusRef{});
}

TEST_CASE("an empty string does not make a required key present") {
    std::string toml = test::good;
    toml.replace(toml.find("2026-11-24T06:00:00+01:00"), 25, "\"\"");
    CHECK_THAT(test::errors_of(toml), Catch::StartsWith("orders: b.toml:12:14: connections.acme.orders.start_from is missing"));
}

TEST_CASE("a secret's source in a connection replaces another way in defaults") {
    const auto config =
        test::read("[defaults.baselinker]\ntoken_env = \"T\"\nreserve = 10\n[defaults.ongoing]\npassword_credential = "
                   "\"p\"\n"
                   "[connections.acme.baselinker]\ntoken_command = [\"pass\", \"x\"]\n[connections.acme.ongoing]\n");
    const Connection& acme = only(config);
    CHECK(acme.baselinker.token.env.empty());
    CHECK(acme.baselinker.token.command == std::vector<std::string>{"pass", "x"});
    CHECK(acme.baselinker.reserve == 10);
    CHECK(acme.ongoing.password.credential == "p");
    CHECK(test::shown(*config, "connections.acme.baselinker.token_env") == "absent");
    CHECK(test::shown(*config, "connections.acme.baselinker.token_command") == "[\"pass\", \"x\"]");
    CHECK(test::origin(*config, "connections.acme.ongoing.password_credential") == "b.toml:5:23 (defaults)");
}

TEST_CASE("small tables, maps and courier rules of a connection replace those of defaults as a whole") {
    const auto config = test::read("[defaults.orders]\nnotify = { email = true, sms = true }\nstatus_by_warehouse = { 400 = "
                                   "1, 500 = 2 }\n"
                                   "[defaults.articles]\ninclude = { tags = [\"a\"] }\n"
                                   "[[defaults.shipments.couriers]]\ncourier_code = \"dpd\"\naccount_id = 1\n"
                                   "[[defaults.shipments.couriers]]\ncourier_code = \"gls\"\naccount_id = 2\n" +
                                   test::good +
                                   "notify = { sms = true }\nstatus_by_warehouse = { 500 = \"Sent\" }\n"
                                   "[connections.acme.articles]\ninclude = {}\n"
                                   "[[connections.acme.shipments.couriers]]\ncourier_code = \"ups\"\ncountry = \"DE\"\n");
    const Connection& acme = only(config);
    CHECK_FALSE(acme.orders.notify_email);
    CHECK(acme.orders.notify_sms);
    CHECK(acme.orders.status_by_warehouse == std::map<std::int64_t, StatusRef>{{500, {0, "Sent"}}});
    CHECK(acme.articles.include.empty());
    REQUIRE(acme.shipments.couriers.size() == 1);
    CHECK(acme.shipments.couriers[0].courier_code == "ups");
    CHECK(acme.shipments.couriers[0].account_id == 0);
    CHECK(test::origin(*config, "connections.acme.orders.notify.email") == "default");
    CHECK(test::shown(*config, "connections.acme.shipments.couriers[1].account_id") == "absent");
    CHECK(test::shown(*config, "connections.acme.shipments.couriers[2].courier_code") == "absent");
}

TEST_CASE("a wrong value in defaults stops every connection that takes it, and none that has its own") {
    const auto config = test::read("[defaults.articles]\nparent = \"x\"\n[connections.a]\n[connections.b.articles]\nparent = "
                                   "\"article\"\n");
    REQUIRE(config);
    CHECK_THAT(config->find("a")->errors.at("articles").at(0),
               Catch::StartsWith("b.toml:2:10: defaults.articles.parent is \"x\""));
    CHECK_FALSE(config->find("b")->errors.contains("articles"));
    CHECK(config->find("c") == nullptr);
}

TEST_CASE("mapping overrides keep target, template and place; dotted targets need no quotes") {
    const auto config =
        test::read("[defaults.mapping]\n\"order.orderRemark\" = \"{user_comments}\"\n\"article.weight\" = \"1\"\n" + test::good +
                   "[connections.acme.mapping]\narticle.articleName = \"{name}\"\n\"order.orderRemark\" = \"x\"\n"
                   "\"article.weight\" = \"\"\n");
    const Connection& acme = only(config);
    REQUIRE(acme.mapping.size() == 2);
    CHECK(acme.mapping[0].target == "article.articleName");
    CHECK(acme.mapping[0].expression == "{name}");
    CHECK(acme.mapping[0].origin == "b.toml:18:23");
    CHECK(acme.mapping[1].target == "order.orderRemark");
    CHECK(acme.mapping[1].expression == "x");
    CHECK(test::shown(*config, "connections.acme.mapping.\"order.orderRemark\"") == "\"x\"");
}

TEST_CASE("statuses are ids or exact names, and are shown as they were written") {
    std::string toml = test::good;
    toml.replace(toml.find("[8069]"), 6, "[8069, \"Do wysyłki\"]");
    const auto config = test::read(toml + "status_on_error = { unknown_sku = 123, default = \"Błąd\" }\n"
                                          "[connections.acme.shipments]\nship_statuses = [5]\n"
                                          "[connections.acme.returns]\nstatus_after_received = \"Przyjęty\"\n");
    const Connection& acme = only(config);
    CHECK(acme.errors.empty());
    CHECK(acme.orders.statuses == std::vector<StatusRef>{{8069, ""}, {0, "Do wysyłki"}});
    CHECK(acme.orders.status_on_error.at("default") == StatusRef{0, "Błąd"});
    CHECK_FALSE(acme.shipments.ship_statuses_auto);
    CHECK(acme.shipments.ship_statuses == std::vector<StatusRef>{{5, ""}});
    CHECK(test::shown(*config, "connections.acme.orders.statuses") == "[8069, \"Do wysyłki\"]");
    CHECK(test::shown(*config, "connections.acme.orders.status_on_error") == "{ default = \"Błąd\", unknown_sku = 123 }");
    CHECK(test::shown(*config, "connections.acme.shipments.ship_statuses") == "[5]");
    CHECK(test::shown(*config, "connections.acme.returns.status_after_received") == "\"Przyjęty\"");
    const auto short_form = test::read(test::good + "status_on_error = 7\n");
    CHECK(only(short_form).orders.status_on_error.at("default") == StatusRef{7, ""});
    CHECK(test::shown(*short_form, "connections.acme.orders.status_on_error") == "7");
}

TEST_CASE("config show lists of a courier rule what is written, counted from 1") {
    const auto config =
        test::read(test::good + "[[connections.acme.shipments.couriers]]\ncourier_code = \"none\"\ncod = false\n"
                                "[[connections.acme.shipments.couriers]]\ncourier_code = \"dpd\"\naccount_id = 4\n"
                                "max_weight = \"31.50\"\nfields = { \"a b\" = 1 }\nchecks = { phone = \"PL9\" }\n");
    const std::string at = "connections.acme.shipments.couriers";
    (void)only(config);
    CHECK(test::shown(*config, at + "[1].cod") == "false");
    CHECK(test::shown(*config, at + "[2].courier_code") == "\"dpd\"");
    CHECK(test::shown(*config, at + "[2].max_weight") == "\"31.5\"");
    CHECK(test::shown(*config, at + "[2].fields") == "{ \"a b\" = \"1\" }");
    CHECK(test::shown(*config, at + "[2].checks.phone") == "\"PL9\"");
    CHECK(test::shown(*config, at + "[2].cod") == "absent");
    CHECK(test::origin(*config, at + "[2].account_id") == "b.toml:19:14");
}

TEST_CASE("times are read with their offset, as date-times and as strings") {
    for (const std::string time :
         {"2026-11-24T06:00:00+01:00", "\"2026-11-24T05:00:00Z\"", "\"2026-11-24T06:00:00+01:00\"", "2026-11-24 05:00:00Z"}) {
        std::string toml = test::good;
        toml.replace(toml.find("2026-11-24T06:00:00+01:00"), 25, time);
        INFO(time);
        const auto config = test::read(toml);
        CHECK(only(config).orders.start_from == parse_timestamp("2026-11-24T05:00:00Z"));
    }
}

TEST_CASE("included files add connections in the order of their names, relative paths begin beside them") {
    const blongo::test::TempDir dir;
    std::filesystem::create_directory(dir / "connections.d");
    blongo::test::write_file(dir / "blongo.toml",
                             "include = \"connections.d/*.toml\"\n[defaults.articles]\nbatch = 7\n[connections.main]\n");
    blongo::test::write_file(dir / "connections.d/b.toml", "[connections.second.baselinker]\ntoken_file = \"b.token\"\n");
    blongo::test::write_file(dir / "connections.d/a.toml", "[connections.first.baselinker]\ntoken_file = \"/abs.token\"\n");
    blongo::test::write_file(dir / "connections.d/c.txt", "not toml at all");
    const Config config = loaded(dir / "blongo.toml");
    REQUIRE(config.connections.size() == 3);
    CHECK(config.connections[0].name == "main");
    CHECK(config.connections[1].name == "first");
    CHECK(config.connections[2].name == "second");
    CHECK(config.connections[1].baselinker.token.file == "/abs.token");
    CHECK(config.connections[2].baselinker.token.file == dir / "connections.d/b.token");
    CHECK(config.connections[2].articles.batch == 7);
    CHECK(test::origin(config, "connections.second.baselinker.token_file") == (dir / "connections.d/b.toml") + ":2:14");
    CHECK(test::shown(config, "include") == "[\"connections.d/*.toml\"]");
}

TEST_CASE("a connection that stands twice is an error that names both places") {
    const blongo::test::TempDir dir;
    blongo::test::write_file(dir / "blongo.toml", "include = [\"a.toml\", \"b.toml\"]\n");
    blongo::test::write_file(dir / "a.toml", "[connections.acme]\n");
    blongo::test::write_file(dir / "b.toml", "\n[connections.acme]\n");
    const Config config = loaded(dir / "blongo.toml");
    REQUIRE(config.connections.size() == 1);
    CHECK_THAT(config.connections[0].errors.at(""),
               Catch::VectorContains((dir / "b.toml") + ":2:14: the connection \"acme\" stands at " + (dir / "a.toml") +
                                     ":1:14 already; each connection stands once"));
}

TEST_CASE("an included file holds connections only, and its errors stop nobody else") {
    const blongo::test::TempDir dir;
    blongo::test::write_file(dir / "blongo.toml", "include = [\"*.toml\"]\n" + test::good);
    blongo::test::write_file(dir / "w.toml", "[notify]\ncommand = [\"mail\"]\n");
    blongo::test::write_file(dir / "x.toml", "[http]\n[connections.other.stok]\n");
    blongo::test::write_file(dir / "y.toml", "[connections\n");
    const Config config = loaded(dir / "blongo.toml");
    const auto misplaced = [&](const std::string& place, const std::string& key) {
        return (dir / place) + ": \"" + key +
               "\" stands in an included file, where only [connections.NAME] may stand; move it to " + (dir / "blongo.toml");
    };
    REQUIRE(config.connections.size() == 2);
    CHECK(config.connections[0].errors.empty());
    CHECK(
        config.connections[1].errors.at("") ==
        std::vector<std::string>{(dir / "x.toml") + ":2:20: unknown key \"stok\" in [connections.other]; did you mean \"stock\"?",
                                 misplaced("x.toml:1:2", "http")});
    REQUIRE(config.unusable_files.size() == 2);
    CHECK_THAT(config.unusable_files[0], Catch::StartsWith((dir / "y.toml") + ":1:"));
    CHECK(config.unusable_files[1] == misplaced("w.toml:1:2", "notify"));
}

TEST_CASE("an include of nothing is fine as a pattern and an error as a name") {
    const blongo::test::TempDir dir;
    blongo::test::write_file(dir / "blongo.toml", "include = \"connections.d/*.toml\"\n");
    CHECK(loaded(dir / "blongo.toml").connections.empty());
    blongo::test::write_file(dir / "blongo.toml", "include = \"acme.toml\"\n");
    const auto unusable = [&] { return join(loaded(dir / "blongo.toml").unusable_files, "\n"); };
    CHECK_THAT(unusable(),
               Catch::Contains("blongo.toml:1:11: ") && Catch::Contains("include \"acme.toml\": there is no such file"));
    std::filesystem::create_directory(dir / "acme.toml");
    CHECK_THAT(unusable(), Catch::Contains("acme.toml: is a folder, not a file"));
}

TEST_CASE("a file that is not there or may be changed by everybody is reported") {
    const blongo::test::TempDir dir;
    CHECK_THAT(load_error(dir / "no.toml"), Catch::Contains("cannot be read: No such file or directory"));
    blongo::test::write_file(dir / "open.toml", test::good);
    ::chmod((dir / "open.toml").c_str(), 0644);
    CHECK(loaded(dir / "open.toml").warnings.empty());
    ::chmod((dir / "open.toml").c_str(), 0666);
    CHECK_THAT(loaded(dir / "open.toml").warnings.at(0), Catch::Contains("everybody on this machine may change this file"));
}

TEST_CASE("the first place that holds a file counts, and a file that is named is never replaced by another") {
    const blongo::test::TempDir dir;
    std::filesystem::create_directories(dir / "xdg/blongo");
    std::filesystem::create_directories(dir / "home/.config/blongo");
    blongo::test::write_file(dir / "xdg/blongo/blongo.toml", "");
    blongo::test::write_file(dir / "home/.config/blongo/blongo.toml", "");
    blongo::test::write_file(dir / "other.toml", "");
    std::map<std::string, std::string> variables;
    const Environment environment = [&](const std::string& name) {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    variables["HOME"] = dir / "home";
    CHECK(find_file("", environment).value() == dir / "home/.config/blongo/blongo.toml");
    variables["XDG_CONFIG_HOME"] = dir / "xdg";
    CHECK(find_file("", environment).value() == dir / "xdg/blongo/blongo.toml");
    variables["BLONGO_CONFIG"] = dir / "other.toml";
    CHECK(find_file("", environment).value() == dir / "other.toml");
    CHECK(find_file(dir / "xdg/blongo/blongo.toml", environment).value() == dir / "xdg/blongo/blongo.toml");
    CHECK_THAT(find_file(dir / "typo.toml", environment).error().text(),
               Catch::Contains("named by --config") && Catch::Contains("blongo init"));
    variables["BLONGO_CONFIG"] = dir / "typo.toml";
    CHECK_THAT(find_file("", environment).error().text(), Catch::Contains("named by BLONGO_CONFIG"));
    if (std::filesystem::exists("/etc/blongo/blongo.toml")) return;
    variables = {{"XDG_CONFIG_HOME", dir / "none"}};
    const std::string error = find_file("", environment).error().text();
    CHECK_THAT(error, Catch::Contains(dir / "none/blongo/blongo.toml") && Catch::Contains("/etc/blongo/blongo.toml") &&
                          Catch::Contains("blongo init"));
}

TEST_CASE("config show lists every key of a connection with value and origin, config check every problem") {
    const auto config = test::read("[metrics]\ntextfile = \"/x.prom\"\n[connections.b.stock]\nfigure = \"x\"\n" + test::good);
    REQUIRE(config);
    const std::vector<std::string> names = {"acme"};
    const auto rows = select_settings(*config, names);
    const std::string text = settings_text(rows);
    CHECK_THAT(text, Catch::Contains("metrics.textfile = \"/x.prom\"  # b.toml:2:12\n"));
    CHECK_THAT(text, Catch::Contains("connections.acme.orders.start_from = 2026-11-24T05:00:00Z  # b.toml:16:14\n"));
    CHECK_THAT(text, Catch::Contains("connections.acme.orders.cancel_statuses = \"none\"  # b.toml:17:19\n"));
    CHECK_THAT(text, Catch::Contains("connections.acme.shipments.ship_statuses = \"auto\"  # default\n"));
    CHECK_THAT(text, Catch::Contains("connections.acme.shipments.send = { 450 = \"book\" }  # default\n"));
    CHECK_THAT(text, Catch::Contains("http.retry_ongoing = [\"250ms\", \"1s\", \"4s\"]  # default\n"));
    CHECK_THAT(text, Catch::Contains("state.url = \"sqlite:///var/lib/blongo/state.db\"  # default\n"));
    CHECK_THAT(text, !Catch::Contains("connections.b."));
    CHECK(select_settings(*config, {}).size() > rows.size());

    const auto found = problems(*config);
    const auto stock = std::find_if(found.begin(), found.end(), [](const Problem& p) { return p.flow == "stock"; });
    REQUIRE(stock != found.end());
    CHECK(stock->connection == "b");
    CHECK(stock->severity == Problem::Severity::error);
    CHECK_THAT(stock->message, Catch::StartsWith("b.toml:4:10: connections.b.stock.figure is \"x\""));
    CHECK(std::none_of(found.begin(), found.end(), [](const Problem& p) { return p.connection == "acme"; }));
}

} // namespace blongo::config
