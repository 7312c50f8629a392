// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include <blongo/http/decorators.hpp>
#include <blongo/http/record.hpp>

#include "helpers.hpp"
#include "support/fake_transport.hpp"
#include "support/temp_dir.hpp"

using namespace blongo;
using namespace blongo::http;
using namespace blongo::test;
using namespace std::chrono_literals;

namespace {

const std::string token = "3001-3002-SECRET+TOKEN/0123456789";

struct Logged {
    explicit Logged(bool with_bodies) {
        redactor.add(Secret(token));
        log.emplace(fake, redactor, clock, with_bodies, [this](const Exchange& one) { seen.push_back(one); });
    }
    FakeTransport fake;
    ManualClock clock{Timestamp{1'700'000'000s}};
    Redactor redactor;
    std::vector<Exchange> seen;
    std::optional<LogTransport> log;
};

std::string everything(const Exchange& one) {
    return one.name + one.method + one.url + one.error + one.request_headers + one.request_body + one.response_headers +
           one.response_body + to_text(one);
}

Request request_with_secrets() {
    Request made = request(Effect::idempotent_write, "ongoing PUT /articles");
    made.url += "?key=" + token;
    made.headers = {{"X-BLToken", token},
                    {"authorization", "Basic dXNlcjpwYXNz"},
                    {"Accept", "application/json"},
                    {"X-Trace", "call " + token}};
    made.body = R"({"note":")" + token + R"("})";
    return made;
}

} // namespace

TEST_CASE("an exchange is reported with its figures and passed on unchanged") {
    Logged logged(false);
    logged.fake.on({}).call([&](const Request&) {
        logged.clock.advance(120ms);
        return response(200, "12345");
    });
    Request asked = request(Effect::idempotent_write);
    asked.body = "1234567";
    CHECK(logged.log->send(asked)->body == "12345");
    REQUIRE(logged.seen.size() == 1);
    const Exchange& one = logged.seen[0];
    CHECK(one.at == Timestamp{1'700'000'000s});
    CHECK(one.took == 120ms);
    CHECK(one.name == "ongoing PUT /articles");
    CHECK(one.method == "PUT");
    CHECK(one.url == asked.url);
    CHECK(one.status == 200);
    CHECK(one.bytes_sent == 7);
    CHECK(one.bytes_received == 5);
    CHECK(one.error.empty());
    CHECK(one.request_body.empty());
    CHECK(one.response_body.empty());
}

TEST_CASE("no secret reaches the log, wherever it stands", "[F34]") {
    Logged logged(true);
    logged.fake.on({}).answer(200, "echo " + token, {{"set-cookie", "session=abc"}, {"x-echo", token}});
    logged.fake.on({}).fail(ErrorKind::ambiguous, "failed near " + token);
    REQUIRE(logged.log->send(request_with_secrets()));
    CHECK_FALSE(logged.log->send(request_with_secrets()));
    REQUIRE(logged.seen.size() == 2);
    for (const Exchange& one : logged.seen) {
        CHECK(everything(one).find(token) == std::string::npos);
        CHECK(everything(one).find("dXNlcjpwYXNz") == std::string::npos);
        CHECK(everything(one).find("session=abc") == std::string::npos);
        CHECK(one.request_headers.find("X-BLToken: ***\nauthorization: ***\nAccept: application/json\n") == 0);
    }
    CHECK(logged.seen[0].response_headers.find("set-cookie: ***\n") == 0);
    CHECK(logged.seen[1].error.find("failed near") != std::string::npos);
    CHECK(logged.seen[1].status == 0);
}

TEST_CASE("long bodies are cut, and no part of a secret survives at the cut") {
    Logged logged(true);
    const std::string body = std::string(LogTransport::body_limit - 5, 'x') + token + std::string(1000, 'y');
    logged.fake.on({}).answer(200, body);
    REQUIRE(logged.log->send(request(Effect::read)));
    const std::string& shown = logged.seen[0].response_body;
    CHECK(shown.size() < LogTransport::body_limit + 100);
    CHECK(shown.find("more bytes") != std::string::npos);
    CHECK(shown.find(token.substr(0, 5)) == std::string::npos);
    CHECK(logged.seen[0].bytes_received == body.size());
}

TEST_CASE("an answer that stands for an error is reported as one and passed on as an answer") {
    Logged logged(false);
    logged.fake.on({}).answer(401);
    Request asked = request(Effect::read);
    asked.classify = by_status;
    CHECK(logged.log->send(asked)->status == 401);
    CHECK(logged.seen[0].status == 401);
    CHECK(logged.seen[0].error.find("answered 401") != std::string::npos);
}

TEST_CASE("each exchange becomes one numbered file that only its owner can read") {
    const TempDir folder;
    auto files = ExchangeFolder::open(folder / "dump");
    REQUIRE(files);
    Exchange one;
    one.name = "ongoing PUT /articles/{id}";
    one.method = "PUT";
    one.url = "https://wms.example/articles/7";
    one.effect = Effect::idempotent_write;
    one.status = 200;
    one.request_headers = "Accept: application/json\n";
    one.request_body = R"({"a":1})";
    one.response_headers = "content-type: application/json\n";
    one.response_body = R"({"ok":true})";
    files->write(one);
    one.status = 0;
    one.error = "no answer";
    files->write(one);
    CHECK_FALSE(files->failure());

    const std::string first = folder / "dump/000001-ongoing-PUT-articles-id.http";
    CHECK(read_file(first).find("PUT https://wms.example/articles/7\nAccept: application/json\n\n{\"a\":1}\n\n"
                                "# answer 200\ncontent-type: application/json\n\n{\"ok\":true}\n") != std::string::npos);
    const std::string second = read_file(folder / "dump/000002-ongoing-PUT-articles-id.http");
    CHECK(second.find("# no answer") != std::string::npos);
    CHECK(second.find("# error: no answer") != std::string::npos);
    struct stat status {};
    REQUIRE(::stat(first.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600U);
    REQUIRE(::stat((folder / "dump").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0700U);

    auto again = ExchangeFolder::open(folder / "dump");
    REQUIRE(again);
    again->write(one);
    CHECK(std::filesystem::exists(folder / "dump/000003-ongoing-PUT-articles-id.http"));
}

TEST_CASE("a folder that cannot be made is an error with its path") {
    const TempDir folder;
    const auto files = ExchangeFolder::open(folder / "missing/dump");
    REQUIRE_FALSE(files);
    CHECK(files.error().kind == ErrorKind::usage);
    CHECK(files.error().text().find("missing/dump") != std::string::npos);
    write_file(folder / "plain", "");
    CHECK_FALSE(ExchangeFolder::open(folder / "plain"));
}

TEST_CASE("a file that cannot be written is told once and stops nothing") {
    const TempDir folder;
    auto files = ExchangeFolder::open(folder / "dump");
    REQUIRE(files);
    std::filesystem::remove_all(folder / "dump");
    files->write({});
    REQUIRE(files->failure());
    CHECK(files->failure()->text().find("000001") != std::string::npos);
    files->write({});
    CHECK(files->failure()->text().find("000001") != std::string::npos);
}
