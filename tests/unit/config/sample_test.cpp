// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <blongo/config/document.hpp>
#include <blongo/config/show.hpp>

#include "support.hpp"
#include "support/temp_dir.hpp"

namespace blongo::config {
namespace {

const std::string sample_file = std::string(BLONGO_SOURCE_DIR) + "/examples/blongo.toml";

/// The sample with the keys that stand behind a # (one of several ways) made real.
std::string with_commented_keys(const std::string& text) {
    static const std::regex key("# ([a-z_]+ = .*)");
    std::istringstream lines(text);
    std::string line, all;
    while (std::getline(lines, line)) {
        std::smatch match;
        const bool is_default = line.find("late_window = \"30d\"") != std::string::npos;
        all += (std::regex_match(line, match, key) && !is_default ? match[1].str() : line) + "\n";
    }
    return all;
}

/// Paths of a document as known_keys() writes them; it goes no deeper than a known key.
void collect(const Node& node, const std::string& path, const std::set<std::string>& known, std::set<std::string>& found) {
    if (known.contains(path)) {
        found.insert(path);
        return;
    }
    if (node.kind == Node::Kind::array) {
        for (const auto& item : node.items) collect(item, path + "[]", known, found);
    } else if (node.kind == Node::Kind::table && (path.empty() || !node.members.empty())) {
        for (const auto& member : node.members) {
            const std::string name = path == "connections" ? "*" : member.key;
            collect(member.value, path.empty() ? name : path + "." + name, known, found);
        }
    } else {
        found.insert(path);
    }
}

} // namespace

TEST_CASE("the sample loads without an error and without a warning") {
    const auto config = load(sample_file, test::no_environment);
    REQUIRE(config);
    REQUIRE(config->connections.size() == 1);
    CHECK(config->connections[0].errors.empty());
    CHECK(config->warnings == std::vector<std::string>{});
}

TEST_CASE("the sample holds every key that a configuration may hold, and no other") {
    std::set<std::string> known;
    for (const auto& key : known_keys()) known.insert(key.key);
    const auto document = parse_document(with_commented_keys(blongo::test::read_file(sample_file)), sample_file);
    REQUIRE(document);
    std::set<std::string> found;
    collect(*document, "", known, found);
    std::vector<std::string> missing, unknown;
    std::set_difference(known.begin(), known.end(), found.begin(), found.end(), std::back_inserter(missing));
    std::set_difference(found.begin(), found.end(), known.begin(), known.end(), std::back_inserter(unknown));
    CHECK(missing == std::vector<std::string>{});
    CHECK(unknown == std::vector<std::string>{});
}

TEST_CASE("every key of the sample has a comment beside it that says what it is") {
    std::istringstream lines(blongo::test::read_file(sample_file));
    std::string line;
    bool explained = false; // courier_code and strategy of later rules repeat keys that the first one explains
    std::set<std::string> explained_keys;
    const std::regex key("([a-z_]+) = .*");
    while (std::getline(lines, line)) {
        std::smatch match;
        if (!std::regex_match(line, match, key)) continue;
        explained = line.find("  # ") != std::string::npos || line.find(" # ") != std::string::npos;
        if (explained) explained_keys.insert(match[1]);
        INFO(line);
        CHECK((explained || explained_keys.contains(match[1])));
    }
}

TEST_CASE("the sample shows the defaults, but for what has none, its courier rules and its mapping") {
    const auto config = load(sample_file, test::no_environment);
    REQUIRE(config);
    const std::set<std::string> examples = {"baselinker.token_file", "baselinker.inventory_id", "ongoing.url",
                                            "ongoing.username",      "ongoing.password_file",   "ongoing.goods_owner_id",
                                            "orders.statuses",       "orders.start_from",       "orders.cancel_statuses",
                                            "stock.warehouse"};
    std::map<std::string, std::string> defaults;
    for (const auto& key : known_keys()) defaults[key.key] = key.default_value;
    for (const auto& setting : config->settings) {
        std::string name = setting.key;
        if (name.starts_with("connections.acme.")) name = "connections.*." + name.substr(17);
        if (name.find("couriers[") != std::string::npos || name.find(".mapping.") != std::string::npos ||
            examples.contains(name.substr(std::min<std::size_t>(14, name.size()))))
            continue;
        INFO(setting.key << " from " << setting.origin);
        REQUIRE(defaults.contains(name));
        CHECK(setting.value == defaults[name]);
    }
}

TEST_CASE("the sample's courier rules are read as they stand") {
    const auto config = load(sample_file, test::no_environment);
    REQUIRE(config);
    const auto& couriers = config->connections[0].shipments.couriers;
    REQUIRE(couriers.size() == 3);
    CHECK(couriers[0].courier_code == "inpost");
    CHECK(couriers[0].fields.at("cod") == "{cod_amount}");
    CHECK(couriers[0].phone == "PL9");
    CHECK(couriers[0].service_point == true);
    CHECK(couriers[1].strategy == "macro");
    CHECK(couriers[1].trigger_id == 5501);
    CHECK(couriers[1].max_side == Decimal(240));
    CHECK(couriers[1].cod == false);
    CHECK(couriers[2].courier_code == "none");
    CHECK(couriers[2].origin.starts_with(sample_file + ":"));
}

} // namespace blongo::config
