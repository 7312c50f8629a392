// SPDX-License-Identifier: Apache-2.0
// Token and password never leave the places where they belong, in no encoding.
#include <catch2/catch.hpp>

#include <csignal>
#include <fstream>

#include <blongo/base/text.hpp>

#include "support/e2e/sandbox.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

// Characters that percent-encoding and JSON-escaping change.
const std::string token = "tok\"en/+5001-abcdef&0123456789\\xyz";
const std::string password = "p\"ss/w\\rd+%&=zaq1@WSX";

std::string json_escaped(const std::string& text) {
    std::string quoted = json::Value(text).dump();
    return quoted.substr(1, quoted.size() - 2);
}

std::vector<std::string> needles() {
    std::vector<std::string> out;
    for (const auto& secret : {token, password}) {
        out.push_back(secret);
        out.push_back(percent_encode(secret));
        out.push_back(json_escaped(secret));
        // Base64 at each of the three alignments, without the ends that depend on what stands around.
        for (const std::string before : {"", "x", "xx"}) {
            const std::string encoded = base64_encode(before + secret);
            out.push_back(encoded.substr(before.empty() ? 0 : 4, (secret.size() / 3) * 4 - 8));
        }
    }
    out.push_back(base64_encode("WSI-SANDBOX:" + password));
    return out;
}

void expect_clean(const std::string& text, const std::string& where) {
    for (const auto& needle : needles()) {
        INFO(where << " holds " << needle);
        CHECK(text.find(needle) == std::string::npos);
    }
}

std::string slurp(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

TEST_CASE("no secret in output, dumps, state, command line or environment", "[F34]") {
    Sandbox sandbox({"--products", "120", "--token", token, "--password", password, "--latency-ongoing", "5"});
    Installation installation(sandbox);
    write_file(installation.folder() / "token", token + "\n");
    write_file(installation.folder() / "password", password + "\n");
    const auto process = installation.start(
        {"articles", "sync", "-vv", "--dump-http", installation.folder() / "dump", "--log-file", installation.folder() / "log"});
    process->wait_until([&] { return sandbox.articles().size() >= 3; });
    const std::string proc = "/proc/" + std::to_string(process->pid());
    expect_clean(slurp(proc + "/cmdline"), "cmdline");
    expect_clean(slurp(proc + "/environ"), "environ");
    const auto run = process->wait();
    INFO(run.err.substr(0, 2000));
    REQUIRE(run.exit_code == 0);
    // The exchanges are really there, or the rest would prove nothing.
    CHECK(run.err.find("/articles") != std::string::npos);
    expect_clean(run.out, "stdout");
    expect_clean(run.err, "stderr");
    std::size_t dumped = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(installation.folder().path())) {
        const std::string name = entry.path().filename();
        if (!entry.is_regular_file() || name == "token" || name == "password") continue;
        if (entry.path().parent_path().filename() == "dump") ++dumped;
        expect_clean(slurp(entry.path()), entry.path());
        const auto mode = entry.status().permissions();
        if (name != "blongo.toml") {
            INFO(entry.path());
            CHECK((mode & std::filesystem::perms::others_all) == std::filesystem::perms::none);
        }
    }
    CHECK(dumped > 100);
}

TEST_CASE("a refused token is not repeated in the message") {
    Sandbox sandbox;
    Installation installation(sandbox);
    write_file(installation.folder() / "token", token + "\n");
    const auto run = installation.blongo({"articles", "sync", "-vv"});
    CHECK(run.exit_code == 4);
    expect_clean(run.out + run.err, "output");
}

TEST_CASE("config show names the sources of secrets and never their content") {
    Sandbox sandbox;
    Installation installation(sandbox);
    const auto shown = installation.blongo({"config", "show"});
    CHECK(shown.exit_code == 0);
    CHECK(shown.out.find("token_file") != std::string::npos);
    CHECK(shown.out.find("sandbox-token") == std::string::npos);
    CHECK(shown.out.find("sandbox-password") == std::string::npos);
}

TEST_CASE("a crash leaves no core file and other processes cannot read the memory") {
    Sandbox sandbox({"--products", "200", "--latency-ongoing", "20"});
    Installation installation(sandbox);
    const auto process = installation.start({"articles", "sync"});
    process->wait_until([&] { return sandbox.articles().size() >= 1; });
    const std::string limits = slurp("/proc/" + std::to_string(process->pid()) + "/limits");
    const auto at = limits.find("Max core file size");
    REQUIRE(at != std::string::npos);
    CHECK(limits.substr(at, 60).find(" 0 ") != std::string::npos);
    process->signal(SIGSEGV);
    process->wait();
    for (const auto& entry : std::filesystem::directory_iterator(installation.folder().path()))
        CHECK(entry.path().filename().string().find("core") == std::string::npos);
}
