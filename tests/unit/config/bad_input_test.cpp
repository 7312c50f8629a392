// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "support.hpp"

namespace blongo::config {
namespace {

struct Case {
    std::string toml;
    std::string expected; ///< the whole text of the error
};

} // namespace

TEST_CASE("a file or a connection that cannot be used says where, what, and what was meant") {
    const auto given = GENERATE(
        Case{"[connections.acme.orders]\nstauses = [1]\n",
             "all: b.toml:2:1: unknown key \"stauses\" in [connections.acme.orders]; did you mean "
             "\"statuses\"?"},
        Case{"[conections.acme]\n", "b.toml:1:2: unknown key \"conections\" in the top level; did you mean \"connections\"?"},
        Case{"[metrics]\nqqqqqqqqqq = 1\n", "b.toml:2:1: unknown key \"qqqqqqqqqq\" in [metrics]; known here: \"textfile\""},
        Case{"[connections.acme.baselinker]\ntoken = \"4001-SECRET\"\n",
             "all: b.toml:2:1: unknown key \"token\" in [connections.acme.baselinker]; no secret stands in "
             "this "
             "file: "
             "name its source with token_file or password_file"},
        Case{"[connections.acme.articles]\nbatch = \"many\"\n",
             "all: b.toml:2:9: connections.acme.articles.batch must be a whole number, not a string "
             "(\"many\")"},
        Case{"[connections.acme.articles]\nbatch = 1.5\n", "all: b.toml:2:9: connections.acme.articles.batch must "
                                                           "be a whole number, not a binary fraction (1.5)"},
        Case{"[connections.acme.articles]\nlength_factor = 0.01\n",
             "all: b.toml:2:17: connections.acme.articles.length_factor must be a decimal number as a "
             "string, or "
             "a whole "
             "number, not a binary fraction (0.01); write it as a string: \"0.01\""},
        Case{"[connections.acme.shipments]\npackaging_weight = 0.25\n",
             "all: b.toml:2:20: connections.acme.shipments.packaging_weight must be a decimal number as a "
             "string, "
             "or a whole "
             "number, not a binary fraction (0.25); write it as a string: \"0.25\""},
        Case{"[connections.acme.articles]\nenabled = \"yes\"\n",
             "all: b.toml:2:11: connections.acme.articles.enabled must be true or false, not a string "
             "(\"yes\")"},
        Case{"[connections.acme.orders]\nstatuses = 8069\n",
             "all: b.toml:2:12: connections.acme.orders.statuses must be a list, each item a status id (a "
             "whole "
             "number) or a "
             "status name (a string), not a whole number (8069)"},
        Case{"[connections.acme.orders]\nstart_from = 2026-11-24T06:00:00\n",
             "all: b.toml:2:14: connections.acme.orders.start_from must be a date-time with its offset, for "
             "example "
             "2026-11-24T06:00:00+01:00, not a local date or time without an offset (2026-11-24T06:00:00)"},
        Case{"[connections.acme.orders]\nstart_from = 2026-11-24\n",
             "all: b.toml:2:14: connections.acme.orders.start_from must be a date-time with its offset, for "
             "example "
             "2026-11-24T06:00:00+01:00, not a local date or time without an offset (2026-11-24)"},
        Case{"[connections.acme]\narticles = 5\n",
             "all: b.toml:2:12: connections.acme.articles must be a table, not a whole number (5)"},
        Case{"[connections.acme]\nmapping = true\n", "all: b.toml:2:11: connections.acme.mapping must be a table, not true"},
        Case{"[connections.acme.stock]\nbuffers = 2026-11-24T06:00:00Z\n",
             "all: b.toml:2:11: connections.acme.stock.buffers must be a table, each value a whole number, "
             "not a "
             "date-time "
             "(2026-11-24T06:00:00Z)"},
        Case{"[connections.acme.orders]\nstart_from = 06:00:00\n",
             "all: b.toml:2:14: connections.acme.orders.start_from must be a date-time with its offset, for "
             "example "
             "2026-11-24T06:00:00+01:00, not a local date or time without an offset (06:00:00)"},
        Case{"[metrics]\ntextfile = \"a\\u0000b\"\n", "b.toml:2:12: metrics.textfile holds a NUL character"},
        Case{"connections = []\n", "b.toml:1:15: connections must be a table of connections, not a list"},
        Case{"[connections]\nacme = true\n", "all: b.toml:2:8: connections.acme must be a table, not true"},
        Case{"[http]\nread_timeout = 60\n", "b.toml:2:16: http.read_timeout must be a duration as a string, "
                                            "for example \"15m\", not a whole number (60)"},
        Case{"[http]\nread_timeout = \"a minute\"\n",
             "b.toml:2:16: http.read_timeout is \"a minute\"; durations are 250ms, 45s, 15m, 2h, 30d"},
        Case{"[http]\nread_timeout = \"0\"\n", "b.toml:2:16: http.read_timeout is \"0\"; it must be at least 1ms"},
        Case{"[notify]\non = [\"parkd\"]\n",
             "b.toml:2:7: notify.on is \"parkd\"; allowed: \"unknown\", \"guard\", \"auth\", \"stale\", "
             "\"sent_without_shipment\", \"parked\"; did you mean \"parked\"?"},
        Case{"[state]\nurl = \"mysql://db/blongo\"\n", "b.toml:2:7: state.url must be \"sqlite:///path/state.db\" or "
                                                       "\"postgresql://user@host/database\""},
        Case{"[state]\nurl = \"sqlite://state.db\"\n",
             "b.toml:2:7: state.url needs an absolute path: \"sqlite:///path/state.db\""},
        Case{"[state]\nurl = \"postgresql://blongo:hunter2@db/blongo\"\n",
             "b.toml:2:7: state.url holds a password; name its source with password_file"},
        Case{"[state]\nurl = \"postgresql://db/blongo?user=b&Password=hunter2\"\n",
             "b.toml:2:7: state.url holds a password; name its source with password_file"},
        Case{"[connections.acme.mapping]\n\"article.name\" = 5\n",
             "all: b.toml:2:18: connections.acme.mapping.\"article.name\" must be a string, not a whole "
             "number "
             "(5)"},
        Case{"[connections.acme.mapping]\n\"article.name\" = \"{a}\"\narticle.name = \"{b}\"\n",
             "all: b.toml:3:9: the mapping of \"article.name\" stands here twice"},
        Case{"[connections.acme.shipments]\ncouriers = \"inpost\"\n",
             "all: b.toml:2:12: connections.acme.shipments.couriers must be a list of tables, [[couriers]], "
             "not a "
             "string (\"inpost\")"},
        Case{"[[connections.acme.shipments.couriers]]\ncourer_code = \"x\"\n",
             "all: b.toml:2:1: unknown key \"courer_code\" in [connections.acme.shipments.couriers[1]]; did "
             "you "
             "mean \"courier_code\"?"},
        Case{"[connections.acme.orders]\nnotify = { mail = true }\n",
             "all: b.toml:2:12: unknown key \"mail\" in [connections.acme.orders.notify]; did you mean "
             "\"email\"?"},
        Case{"[defaults.stock]\nbuffr = 1\n", "b.toml:2:1: unknown key \"buffr\" in [defaults.stock]; did you mean \"buffer\"?"},
        Case{"defaults = 1\n[connections.a]\n[connections.b]\n", "b.toml:1:12: defaults must be a table, not a whole number (1)"},
        Case{"[defaults.stock]\nbuffer = -1\n", "b.toml:2:10: defaults.stock.buffer is -1; it must be at least 0"});
    CHECK(test::errors_of(given.toml) == given.expected);
    const auto config = test::read(given.toml);
    if (!config) CHECK(config.error().kind == ErrorKind::config);
}

TEST_CASE("a syntax error and a key of a thousand parts are refused with their place") {
    CHECK_THAT(test::errors_of("[state]\nurl = \n"), Catch::StartsWith("b.toml:2:"));
    CHECK_THAT(test::errors_of("[state]\n[state]\n"), Catch::StartsWith("b.toml:2:"));
    std::string deep = "x = 1\na";
    for (int i = 0; i < 300'000; ++i) deep += ".a";
    CHECK(test::errors_of(deep + " = 1\n") == "b.toml:2:1: a key with more than 100 parts");
    CHECK_THAT(test::errors_of("a = " + std::string(300'000, '[')), Catch::StartsWith("b.toml:1:"));
    CHECK_THAT(test::errors_of(std::string(2'000'000, '#')), Catch::Contains("longer than 1048576 bytes"));
    CHECK_THAT(test::errors_of("a = \"\xff\""), Catch::StartsWith("b.toml:1:"));
}

TEST_CASE("all errors of a file come at once, in the order of the file, what defaults say once") {
    const std::string toml = "[http]\nread_timeot = \"1s\"\n[defaults.stock]\nbufer = 1\n"
                             "[connections.b.orders]\nstatuses = 1.5\n[connections.a.articles]\nbatch = true\nscop = \"all\"\n";
    CHECK(test::errors_of(toml) ==
          "b.toml:2:1: unknown key \"read_timeot\" in [http]; did you mean \"read_timeout\"?\n"
          "b.toml:4:1: unknown key \"bufer\" in [defaults.stock]; did you mean \"buffer\"?\n"
          "b.toml:6:12: connections.b.orders.statuses must be a list, each item a status id (a whole number) "
          "or a status "
          "name (a string), not a binary fraction (1.5)\n"
          "b.toml:8:9: connections.a.articles.batch must be a whole number, not true\n"
          "b.toml:9:1: unknown key \"scop\" in [connections.a.articles]; did you mean \"scope\"?");
}

TEST_CASE("a value that cannot be used stops its flow of its connection, and nothing else") {
    const auto given =
        GENERATE(Case{"[connections.acme.articles]\nparent = \"skipp\"\n",
                      "articles: b.toml:15:10: connections.acme.articles.parent is \"skipp\"; allowed: \"skip\", "
                      "\"article\"; "
                      "did you mean \"skip\"?"},
                 Case{"[connections.acme.articles]\nbatch = 0\n",
                      "articles: b.toml:15:9: connections.acme.articles.batch is 0; it must be from 1 to 1000"},
                 Case{"[connections.acme.articles]\nmax_new_articles = -1\n",
                      "articles: b.toml:15:20: connections.acme.articles.max_new_articles is -1; it must be at least "
                      "0"},
                 Case{"[connections.acme.articles]\nmax_deactivated_percent = 101\n",
                      "articles: b.toml:15:27: connections.acme.articles.max_deactivated_percent is 101; it must be "
                      "from 0 to 100"},
                 Case{"[connections.acme.articles]\nlength_factor = \"0\"\n",
                      "articles: b.toml:15:17: connections.acme.articles.length_factor is 0; it must be above 0"},
                 Case{"[connections.acme.articles]\nlength_factor = \"1,5\"\n",
                      "articles: b.toml:15:17: connections.acme.articles.length_factor is \"1,5\"; write a decimal "
                      "number such as \"0.5\""},
                 Case{"[connections.acme.stock]\nfigure = \"free\"\n",
                      "stock: b.toml:15:10: connections.acme.stock.figure is \"free\"; allowed: \"sellable\", "
                      "\"on_hand\""},
                 Case{"[connections.acme.stock]\nenabled = true\n",
                      "stock: b.toml:14:1: connections.acme.stock.warehouse is missing; write the warehouse of "
                      "BaseLinker that the "
                      "stock goes to, for example \"bl_206\""},
                 Case{"[connections.acme.stock]\nwarehouse = \"shop_2\"\n",
                      "stock: b.toml:15:13: connections.acme.stock.warehouse is \"shop_2\"; BaseLinker takes stock "
                      "for its own "
                      "warehouses only, bl_NUMBER (blongo list warehouses)"},
                 Case{"[connections.acme.stock]\nwarehouses = { 1 = \"bl_1\", x = \"bl_2\" }\n",
                      "stock: b.toml:15:28: connections.acme.stock.warehouses has the key \"x\", which is not a whole "
                      "number"},
                 Case{"[connections.acme.stock]\nwarehouses = { 1 = \"warehouse_7\" }\n",
                      "stock: b.toml:15:14: connections.acme.stock.warehouses gives \"warehouse_7\" for warehouse 1; "
                      "BaseLinker takes "
                      "stock for its own warehouses only, bl_NUMBER (blongo list warehouses)"},
                 Case{"[connections.acme.shipments]\nsend = { 450 = \"bok\" }\n",
                      "shipments: b.toml:15:16: connections.acme.shipments.send.450 is \"bok\"; allowed: \"book\", "
                      "\"no_shipment\", "
                      "\"ignore\"; did you mean \"book\"?"},
                 Case{"[connections.acme.shipments]\nship_statuses = \"all\"\n",
                      "shipments: b.toml:15:17: connections.acme.shipments.ship_statuses is \"all\"; write a list of "
                      "statuses or "
                      "\"auto\" or \"any\""},
                 Case{"[connections.acme.shipments]\nunknown_wait = [60, 15]\n",
                      "shipments: b.toml:15:16: connections.acme.shipments.unknown_wait must rise: each number is the "
                      "seconds from "
                      "the lost answer to one look"},
                 Case{"[connections.acme.shipments]\nunknown_wait = []\n",
                      "shipments: b.toml:15:16: connections.acme.shipments.unknown_wait must not be empty"},
                 Case{"[connections.acme.shipments]\nrebook_after = \"5m\"\n",
                      "shipments: b.toml:15:16: connections.acme.shipments.rebook_after is \"5m\"; it must be at "
                      "least three times "
                      "http.courier_timeout, 6m"},
                 Case{"[connections.acme.shipments]\nrebook_after = \"soon\"\n",
                      "shipments: b.toml:15:16: connections.acme.shipments.rebook_after is \"soon\"; write \"never\" "
                      "or a duration "
                      "such as \"30m\""},
                 Case{"[connections.acme.shipments]\nprint_command = [\"lp\"]\n",
                      "shipments: b.toml:15:17: connections.acme.shipments.print_command has no argument with {file}; "
                      "write for "
                      "example [\"lp\", \"-d\", \"{printer}\", \"{file}\"]"},
                 Case{"[connections.acme.shipments]\ndefault_weight = \"-1\"\n",
                      "shipments: b.toml:15:18: connections.acme.shipments.default_weight is -1; it must not be "
                      "negative"},
                 Case{"[connections.acme.shipments]\nlabel_texts = \"fr\"\n",
                      "shipments: b.toml:15:15: connections.acme.shipments.label_texts is \"fr\"; allowed: \"en\", "
                      "\"pl\", \"de\", "
                      "\"sv\", or a template with {cause}"});
    const std::string toml = test::good + given.toml;
    CHECK(test::errors_of(toml) == given.expected);
    REQUIRE(test::read(toml));
}

TEST_CASE("a template that cannot be used is told by its place and with what was meant") {
    const std::string rule = test::good + "[[connections.acme.shipments.couriers]]\ncourier_code = \"dpd\"\n"
                                          "account_id = 1\n";
    const std::string at = "shipments: b.toml:17:18: connections.acme.shipments.couriers[1].fields.cod is ";
    const auto field = [&](const std::string& text) { return test::errors_of(rule + "fields = { cod = \"" + text + "\" }\n"); };
    CHECK(field("{cod_amount}") == "");
    CHECK(field("{auto}") == "");
    CHECK(field("plain, {{braces}}, {contents|upper|cut:30}") == "");
    CHECK(field("{cod_amout}") == at + "no good template: unknown placeholder {cod_amout}; did you mean {cod_amount}?");
    CHECK(field("{contents|uper}") == at + "no good template: unknown filter \"uper\"; did you mean \"upper\"?");
    CHECK(field("{contents") == at + "no good template: the brace at character 1 is never closed; write {{ for the "
                                     "character itself");
    CHECK(field("no. {auto}") == at + "\"no. {auto}\"; {auto} stands alone");

    CHECK(test::errors_of(rule + "package = { shape = \"{weight}\" }\n") == "");
    CHECK_THAT(test::errors_of(rule + "package = { shape = \"{auto}\" }\n"),
               Catch::StartsWith("shipments: b.toml:17:21: connections.acme.shipments.couriers[1].package.shape is no good "
                                 "template: unknown placeholder {auto}; known are cod_amount, currency"));

    const auto texts = [](const std::string& text) {
        return test::errors_of(test::good + "[connections.acme.shipments]\nlabel_texts = \"" + text + "\"\n");
    };
    const std::string texts_at = "shipments: b.toml:15:15: connections.acme.shipments.label_texts is ";
    CHECK(texts("sv") == "");
    CHECK(texts("{what} {time}: {cause} {detail} ({order})") == "");
    CHECK(texts("{what} {time}: {order_id}") ==
          texts_at + "no good template: unknown placeholder {order_id}; known are what, time, cause, detail, order");
    CHECK(texts("{cause}") == texts_at + "\"{cause}\"; it must begin with {what} {time}, by which blongo knows its own "
                                         "texts again");
    CHECK(texts("sv}") == texts_at + "no good template: the brace at character 3 closes nothing; write }} for the "
                                     "character itself");
}

TEST_CASE("orders that are enabled need their statuses, their start and what cancels") {
    const std::string toml = "[connections.acme]\n[connections.acme.baselinker]\ntoken_file = \"t\"\ninventory_id = 1\n"
                             "[connections.acme.ongoing]\nurl = \"https://o/x\"\nusername = \"WSI\"\npassword_file = \"p\"\n"
                             "goods_owner_id = 1\n";
    CHECK(test::errors_of(toml) == "orders: b.toml:1:14: connections.acme.orders.statuses is missing; write "
                                   "the statuses whose orders go to the "
                                   "warehouse (blongo list statuses)\n"
                                   "orders: b.toml:1:14: connections.acme.orders.start_from is missing; "
                                   "orders confirmed before this time are left "
                                   "alone; write for example 2026-11-24T06:00:00+01:00\n"
                                   "orders: b.toml:1:14: connections.acme.orders.cancel_statuses is missing; "
                                   "write the statuses that mean cancelled, "
                                   "or \"none\" if no status means that");
    CHECK(test::errors_of(toml + "[connections.acme.orders]\nenabled = false\n") == "");
}

} // namespace blongo::config
