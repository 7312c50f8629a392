// SPDX-License-Identifier: Apache-2.0
// Every command and the configuration that README.md shows, run as they stand there.
#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <set>

#include <blongo/base/text.hpp>

#include "support/e2e/orders.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

struct Readme {
    std::set<std::string> commands; ///< "articles sync --dry-run": what follows "blongo "
    std::string configuration;      ///< the first toml block
};

void add_command(Readme& readme, std::string text) {
    if (const auto at = text.find("blongo "); at == std::string::npos || (at > 0 && text[at - 1] != ' ')) return;
    else text = text.substr(at + 7);
    text = text.substr(0, text.find('#'));
    readme.commands.emplace(trim(text));
}

/// Code blocks without a language or with "sh" hold command lines, a comment or a cron time around them.
Readme read_readme() {
    std::ifstream in(BLONGO_SOURCE_DIR "/README.md");
    REQUIRE(in);
    Readme readme;
    bool inside = false;
    std::string language;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("```")) {
            inside = !inside;
            language = line.substr(3);
        } else if (inside && language == "toml") {
            readme.configuration += line + "\n";
        } else if (inside) {
            if (line.starts_with("blongo ") || line.starts_with("*/")) add_command(readme, line);
        } else {
            const auto parts = split(line, '`');
            for (std::size_t i = 1; i < parts.size(); i += 2) add_command(readme, std::string(parts[i]));
        }
    }
    return readme;
}

std::vector<std::string> words(const std::string& command, const std::string& sku, const std::string& parked,
                               const std::string& folder) {
    std::vector<std::string> out;
    for (const auto& word : split(command, ' ')) {
        if (word.empty()) continue;
        if (word == "COMMAND") {
            out.insert(out.end(), {"articles", "sync"});
        } else if (word == "N") {
            // Orders of the demo shop: one that was sent, one that was not.
            out.emplace_back(command.find("hold ") == std::string::npos ? "184400101" : "184400102");
        } else if (word == "NAME") {
            out.emplace_back("demo");
        } else if (word == "FILE") {
            out.push_back(folder + "label.pdf");
        } else if (word == "X") {
            out.push_back(command.starts_with("parked") ? parked : sku);
        } else {
            out.emplace_back(word);
        }
    }
    return out;
}

} // namespace

TEST_CASE("every command of the README exists and does its work on the demo data") {
    Sandbox sandbox({"--demo"});
    const Installation installation(sandbox, {}, "[connections.demo.stock]\nenabled = true\nwarehouse = \"bl_206\"\n"
                                                 "[connections.demo.returns]\nenabled = true\n"
                                                 "[connections.demo.shipments]\nstart_from = 2020-01-01T00:00:00Z\n"
                                                 "[[connections.demo.shipments.couriers]]\ncourier_code = \"dpd\"\n"
                                                 "account_id = 58381\nfields = { service = \"classic\" }\n",
                                    orders_on());
    const auto first = installation.blongo({"articles", "sync", "--json"});
    INFO(first.err);
    REQUIRE(first.exit_code == 3);
    const auto rows = lines_of(installation.blongo({"parked", "list", "--json"}), "parked");
    REQUIRE_FALSE(rows.empty());
    const std::string parked(rows.front()["key"].text()), sku = sandbox.articles().members().front().first;

    REQUIRE(installation.blongo({"orders", "sync"}).exit_code == 3);

    sandbox.post("/_admin/ongoing/work", json::Value::object()
                                             .set("orderNumber", "184400101")
                                             .set("action", "pick_and_send"));
    REQUIRE(installation.blongo({"shipments", "send"}).exit_code == 0);
    REQUIRE(installation.blongo({"stock", "push"}).exit_code == 0);
    REQUIRE(installation.blongo({"returns", "sync"}).exit_code == 0);

    const Readme readme = read_readme();
    CHECK(readme.commands.size() >= 20);
    for (const auto& command : readme.commands) {
        const auto run = installation.blongo(words(command, sku, parked, installation.folder() / ""));
        INFO("blongo " << command << "\n" << run.out << run.err);
        // 3: the object that waits still waits.
        const bool refused = command.starts_with("orders reimport"); // of an order that Ongoing has
        CHECK((run.exit_code == 0 || (run.exit_code == 3 && (refused || command.starts_with("parked retry")))));
        const bool silent = command.find("-q") != std::string::npos || command.starts_with("health");
        CHECK((silent || !run.out.empty() || !run.err.empty()));
    }
    CHECK(sandbox.violations().empty());
}

TEST_CASE("the configuration of the README is a valid one") {
    const Readme readme = read_readme();
    REQUIRE(readme.configuration.find("[connections.") != std::string::npos);
    const Sandbox sandbox;
    const Installation installation(sandbox);
    std::string text = readme.configuration;
    // The secrets lie elsewhere on this machine.
    for (std::size_t at; (at = text.find("/etc/blongo/acme.")) != std::string::npos;)
        text.replace(at, 17, installation.folder() / "");
    installation.write_config(text);
    const auto run = installation.blongo({"config", "check"});
    INFO(run.out << run.err);
    CHECK(run.exit_code == 0);
}
