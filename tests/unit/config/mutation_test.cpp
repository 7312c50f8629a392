// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <random>
#include <rapidcheck.h>

#include <blongo/base/text.hpp>
#include <blongo/config/document.hpp>
#include <blongo/config/show.hpp>

#include "support.hpp"
#include "support/temp_dir.hpp"

namespace blongo::config {
namespace {

const std::string& sample() {
    static const std::string text = blongo::test::read_file(std::string(BLONGO_SOURCE_DIR) + "/examples/blongo.toml");
    return text;
}

/// One random change: bytes flipped, cut, doubled, pieces of TOML put in, a line moved.
std::string mutated(std::string text, std::mt19937& random) {
    static const std::vector<std::string> pieces = {"[",
                                                    "]",
                                                    "\"",
                                                    "'''",
                                                    "=",
                                                    "{",
                                                    "}",
                                                    ",",
                                                    "\n",
                                                    "[[",
                                                    "\0",
                                                    "\xff",
                                                    "1e999",
                                                    "-1",
                                                    "nan",
                                                    "true",
                                                    "[]",
                                                    "{}",
                                                    "\"\"",
                                                    ".",
                                                    "#",
                                                    "\\u00",
                                                    "9223372036854775807",
                                                    "2026-13-40",
                                                    "[defaults.orders]\n",
                                                    "include = \"*\"\n",
                                                    "[connections.acme]\n",
                                                    "couriers = [1, {}]\n"};
    const auto below = [&](std::size_t n) { return n == 0 ? 0 : std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
    const int changes = 1 + static_cast<int>(below(4));
    for (int i = 0; i < changes && !text.empty(); ++i) {
        const std::size_t at = below(text.size());
        switch (below(5)) {
        case 0: text[at] = static_cast<char>(below(256)); break;
        case 1: text.erase(at, 1 + below(40)); break;
        case 2: text.insert(at, text.substr(below(text.size()), below(60))); break;
        case 3: text.insert(at, pieces[below(pieces.size())]); break;
        default: {
            // The value of some key becomes another kind of value.
            const auto equals = text.find(" = ", at);
            if (equals != std::string::npos) {
                const auto end = text.find('\n', equals);
                text.replace(equals + 3, end - equals - 3, pieces[below(pieces.size())]);
            }
        }
        }
    }
    return text;
}

/// Every complaint begins with a file name, a line and a column.
bool has_place(std::string_view line) {
    return line.starts_with("m.toml:") && line.find(':', 7) != std::string_view::npos;
}

} // namespace

TEST_CASE("no mutation of the sample crashes the reader, and each complaint has its place") {
    std::mt19937 random(20261123);
    int usable = 0, refused = 0;
    for (int round = 0; round < 3000; ++round) {
        const std::string text = mutated(sample(), random);
        const auto config = parse(text, "m.toml", test::no_environment);
        if (config) {
            ++usable;
            for (const auto& problem : problems(*config)) CHECK(has_place(problem.message));
            (void)settings_text(config->settings);
            continue;
        }
        ++refused;
        REQUIRE(config.error().kind == ErrorKind::config);
        if (!has_place(config.error().text())) FAIL(config.error().text());
    }
    CHECK(usable > 300); // most mutations fall into comments and strings
    CHECK(refused > 300);
}

TEST_CASE("any bytes are read or refused, never more") {
    const bool good = rc::check("arbitrary text", [](const std::string& bytes) {
        const auto config = parse(bytes, "m.toml", test::no_environment);
        RC_ASSERT(config || config.error().kind == ErrorKind::config);
    });
    CHECK(good);
}

TEST_CASE("a quoted string is read back as it was") {
    const bool good = rc::check("quote", [](const std::string& bytes) {
        const std::string text = normalise_text(bytes);
        const auto node = parse_document("a = " + quote(text) + "\n" + quote_key(text + "b") + " = 1\n", "q.toml");
        RC_ASSERT(node);
        RC_ASSERT(node->find("a") != nullptr);
        RC_ASSERT(node->find("a")->text == text);
        RC_ASSERT(node->find(text + "b") != nullptr);
    });
    CHECK(good);
    CHECK(quote("a\"\\\n\r\t\x01\x7f") == "\"a\\\"\\\\\\n\\r\\t\\u0001\\u007F\"");
}

} // namespace blongo::config
