// SPDX-License-Identifier: Apache-2.0
// examples/postgresql on the PostgreSQL that the tests start: its SQL, its lines of pg_hba.conf, its configuration and its
// backup and restore.
#include <filesystem>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include <blongo/base/text.hpp>

#include "support/e2e/commands.hpp"
#include "support/postgres.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

const std::string folder = std::string(BLONGO_SOURCE_DIR) + "/examples/postgresql/";

std::string slurp(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    REQUIRE(in);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

/// The fenced blocks of the README in this language ("": none is said).
std::vector<std::string> blocks(const std::string& language) {
    std::vector<std::string> out;
    bool inside = false, wanted = false;
    for (const std::string& line : split(slurp(folder + "README.md"), '\n')) {
        if (line.starts_with("```")) {
            inside = !inside;
            wanted = inside && line.substr(3) == language;
            if (wanted) out.emplace_back();
        } else if (wanted) {
            out.back() += line + "\n";
        }
    }
    return out;
}

/// The database that setup.sql makes, once.
std::string database_of_the_example() {
    static const std::string url = [] {
        auto& server = PostgresServer::instance();
        std::string statements;
        for (const auto& line : split(slurp(folder + "setup.sql"), '\n'))
            if (!line.starts_with("--")) statements += line + "\n";
        for (const auto& statement : split(statements, ';'))
            if (!trim(statement).empty()) (void)server.sql("postgres", std::string(statement));
        return server.url("blongo", "blongo");
    }();
    return url;
}

Finished shell(const std::string& command) {
    Spawn spawn;
    spawn.argv = {"/bin/sh", "-ec", command};
    return run(std::move(spawn));
}

} // namespace

TEST_CASE("the role and the database of the example carry a state, and nobody else gets in", "[postgresql]") {
    const std::string url = database_of_the_example();
    auto& server = PostgresServer::instance();
    Shop shop;
    shop.order(101);
    REQUIRE(said(shop.installation, {"state", "move", "--to", url}).exit_code == 0);

    // The configuration of the README, at this server.
    const auto toml = blocks("toml");
    REQUIRE(toml.size() == 1);
    const std::string secret = shop.installation.folder() / "state.password";
    write_file(secret, "unused here\n");
    std::filesystem::permissions(secret, std::filesystem::perms(0600));
    std::string state = replaced(toml[0], "postgresql://blongo@db.example.com/blongo", url);
    state = replaced(state, "/etc/blongo/state.password", secret);
    std::string config = shop.installation.config_text();
    shop.installation.write_config(state + config.substr(config.find("[connections")));
    shop.send(101);
    CHECK(said(shop.installation, {"run"}).exit_code == 0);
    CHECK(shop.packages(101) == 1);
    CHECK(said(shop.installation, {"state", "check"}).exit_code == 0);

    (void)server.sql("postgres", "CREATE ROLE stranger LOGIN");
    CHECK_THROWS(server.sql("blongo", "SET ROLE stranger; SELECT COUNT(*) FROM orders"));
    const Finished stranger = said(shop.installation, {"status", "--state", server.url("blongo", "stranger")});
    CHECK(stranger.exit_code != 0);

    // Backup and restore by the README's commands, with this server's URL.
    const auto commands = blocks("");
    const auto command_with = [&](const std::string& word) {
        for (const auto& block : commands)
            if (block.find(word) != std::string::npos) {
                const std::string dump = replaced(block, "blongo.dump", shop.installation.folder() / "blongo.dump");
                return replaced(dump, "postgresql://blongo@db.example.com/blongo?sslmode=verify-full", url);
            }
        FAIL("the README has no " << word);
        return std::string();
    };
    const Finished dumped = shell("umask 022\n" + command_with("pg_dump"));
    INFO(dumped.err);
    REQUIRE(dumped.exit_code == 0);
    const auto mode = std::filesystem::status(shop.installation.folder() / "blongo.dump").permissions();
    CHECK(mode == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)); // labels and addresses
    (void)server.sql("postgres", "DROP DATABASE blongo");
    (void)server.sql("postgres", "CREATE DATABASE blongo OWNER blongo ENCODING 'UTF8' TEMPLATE template0");
    const std::string restore = command_with("pg_restore");
    const Finished restored = shell(restore.substr(0, restore.find('\n')));
    INFO(restored.err);
    REQUIRE(restored.exit_code == 0);
    CHECK(said(shop.installation, {"state", "check"}).exit_code == 0);
    CHECK(said(shop.installation, {"check", "--exit-code"}).exit_code == 0);
    CHECK(said(shop.installation, {"run"}).exit_code == 0);
    CHECK(shop.packages() == 1);
}

TEST_CASE("PostgreSQL understands the example's lines of pg_hba.conf", "[postgresql]") {
    auto& server = PostgresServer::instance();
    const std::string file = server.folder() + "/data/pg_hba.conf";
    const std::string before = slurp(file);
    std::ofstream(file, std::ios::trunc) << replaced(slurp(folder + "pg_hba.conf"), "hostssl", "host   ")
                                         << before; // no TLS here
    const std::string wrong = server.sql("postgres", "SELECT line_number, error FROM pg_hba_file_rules WHERE error IS NOT NULL");
    const std::string rules = server.sql("postgres", "SELECT COUNT(*) FROM pg_hba_file_rules WHERE 'blongo' = ANY (user_name)");
    std::ofstream(file, std::ios::trunc) << before;
    CHECK(wrong == "");
    CHECK(rules == "3");
}
