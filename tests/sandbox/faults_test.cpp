// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <csignal>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <blongo/base/text.hpp>

#include "running.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

const json::Value article_a = parsed(R"({"goodsOwnerId":1,"articleNumber":"A"})");

/// How often the article was written.
std::int64_t writes(Running& world) {
    const Answer answer = world.admin("GET", "/ongoing/articles");
    return answer.rows().empty() ? 0 : answer.rows().front()["writes"].integer();
}

void fault_on_put(Running& world, const std::string& members) {
    world.fault(parsed(R"({"side":"ongoing","operation":"PUT /articles",)" + members + "}"));
}

/// A process of its own that sends a PUT and waits for the answer; returns its pid.
pid_t putting_process(int port) {
    const std::string body = article_a.dump();
    const std::string request =
        fmt::format("PUT /sandbox/api/v1/articles HTTP/1.1\r\nHost: x\r\nUser-Agent: child\r\nAuthorization: Basic {}\r\n"
                    "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                    base64_encode("WSI-SANDBOX:sandbox-password"), body.size(), body);
    const pid_t child = ::fork();
    if (child != 0) return child;
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) ::_exit(1);
    if (::send(socket, request.data(), request.size(), 0) < 0) ::_exit(2);
    char byte = 0;
    const ssize_t got = ::recv(socket, &byte, 1, 0);
    ::_exit(got > 0 ? 0 : 3);
}

/// The signal that ended the process, or 0.
int signal_of(pid_t child) {
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

} // namespace

TEST_CASE("a drop closes the connection without a byte, before or after the write") {
    Running world;
    const auto [fault, expected] = GENERATE(table<const char*, int>({{"drop_before", 0}, {"drop_after", 1}}));
    fault_on_put(world, fmt::format(R"("nth":1,"fault":"{}")", fault));
    CHECK(world.ongoing("PUT", "/articles", article_a).status == 0);
    world.wait_for_done(1);
    CHECK(writes(world) == expected);
    const auto rows = world.journal();
    CHECK(rows.at(0)["fault"].text() == fault);
    CHECK(rows.at(0)["committed"].is_true() == (expected == 1));
    CHECK(rows.at(0)["status"].integer() == 0);
    CHECK(world.ongoing("PUT", "/articles", article_a).status == 200);
    CHECK(world.violations().empty());
}

TEST_CASE("a fault can wait for a connection that is kept alive, or for a fresh one") {
    Running world;
    SECTION("kept alive") {
        fault_on_put(world, R"("connection":"kept_alive","nth":1,"fault":"status_after","code":500)");
        CHECK(world.ongoing("PUT", "/articles", article_a).status == 200);
        CHECK(world.ongoing("PUT", "/articles", article_a).status == 500);
        CHECK(world.ongoing("PUT", "/articles", article_a).status == 200);
        CHECK(world.journal("PUT /articles").at(1)["request"].integer() == 2);
    }
    SECTION("fresh") {
        fault_on_put(world, R"("connection":"fresh","nth":2,"fault":"status_before","code":503)");
        CHECK(world.ongoing("PUT", "/articles", article_a).status == 200);
        CHECK(world.ongoing("PUT", "/articles", article_a).status == 200);
        world.fresh();
        CHECK(world.ongoing("PUT", "/articles", article_a).status == 503);
        CHECK(writes(world) == 2);
    }
    SECTION("a drop on a kept-alive connection looks like a server that closes an idle one") {
        fault_on_put(world, R"("connection":"kept_alive","nth":1,"fault":"drop_after")");
        CHECK(world.ongoing("PUT", "/articles", article_a).status == 200);
        // httplib sees a connection that died before the first byte, and tells.
        CHECK(world.ongoing("PUT", "/articles", article_a).status == 0);
        world.wait_for_done(2);
        CHECK(writes(world) == 2);
    }
}

TEST_CASE("rules count the calls that fit: nth, every, from, times, match") {
    Running world;
    const auto statuses = [&](int calls) {
        std::vector<int> list;
        for (int i = 0; i < calls; ++i) list.push_back(world.ongoing("PUT", "/articles", article_a).status);
        return list;
    };
    SECTION("every") {
        fault_on_put(world, R"("every":2,"fault":"status_before","code":500)");
        CHECK(statuses(4) == std::vector<int>{200, 500, 200, 500});
    }
    SECTION("from with times") {
        fault_on_put(world, R"("from":2,"times":2,"fault":"status_before","code":500)");
        CHECK(statuses(4) == std::vector<int>{200, 500, 500, 200});
    }
    SECTION("match looks into the body") {
        fault_on_put(world, R"("match":"ANOTHER","fault":"status_before","code":500)");
        CHECK(statuses(1) == std::vector<int>{200});
        CHECK(world.ongoing("PUT", "/articles", parsed(R"({"goodsOwnerId":1,"articleNumber":"ANOTHER"})")).status == 500);
    }
    SECTION("the first rule that fires decides, all of them count") {
        fault_on_put(world, R"("nth":1,"fault":"status_before","code":501)");
        fault_on_put(world, R"("nth":2,"fault":"status_before","code":502)");
        CHECK(statuses(3) == std::vector<int>{501, 502, 200});
    }
    SECTION("rules can be taken away") {
        fault_on_put(world, R"("fault":"status_before","code":500)");
        (void)world.admin("DELETE", "/faults");
        CHECK(statuses(1) == std::vector<int>{200});
    }
    SECTION("a rule that nobody understands is refused") {
        CHECK(world.admin("POST", "/faults", parsed(R"({"operation":"*","fault":"explode"})")).status == 400);
        CHECK(world.admin("POST", "/faults", parsed(R"({"operation":"*","fault":"stall","second":1})")).status == 400);
        CHECK(world.admin("POST", "/faults", parsed(R"({"fault":"stall"})")).status == 400);
        CHECK(world.admin("GET", "/faults").body.size() == 0);
    }
}

TEST_CASE("answers can be pages of the front end, executed or not") {
    Running world;
    SECTION("502 before") {
        fault_on_put(world, R"("fault":"html_502")");
        const Answer answer = world.ongoing("PUT", "/articles", article_a);
        CHECK(answer.status == 502);
        CHECK(answer.text.starts_with("<html>"));
        CHECK(writes(world) == 0);
    }
    SECTION("502 after") {
        fault_on_put(world, R"("fault":"html_502","commit":true)");
        CHECK(world.ongoing("PUT", "/articles", article_a).status == 502);
        CHECK(writes(world) == 1);
    }
    SECTION("403") {
        fault_on_put(world, R"("fault":"html_403")");
        CHECK(world.ongoing("PUT", "/articles", article_a).status == 403);
        CHECK(writes(world) == 0);
    }
    SECTION("redirect") {
        fault_on_put(world, R"("fault":"redirect","location":"http://127.0.0.1:9/")");
        CHECK(world.ongoing("PUT", "/articles", article_a).status == 307);
        CHECK(writes(world) == 0);
    }
    SECTION("a status with a body of its own") {
        fault_on_put(world, R"("fault":"status_after","code":429,"body":"slow down")");
        const Answer answer = world.ongoing("PUT", "/articles", article_a);
        CHECK(answer.status == 429);
        CHECK(answer.text == "slow down");
        CHECK(writes(world) == 1);
    }
}

TEST_CASE("a truncated answer promises more bytes than it brings") {
    Running world;
    fault_on_put(world, R"("nth":1,"fault":"truncated")");
    CHECK(world.ongoing("PUT", "/articles", article_a).status == 0);
    world.wait_for_done(1);
    CHECK(writes(world) == 1);
    CHECK(world.ongoing("PUT", "/articles", article_a).status == 200);
}

TEST_CASE("a stall answers late; without commit a client that gave up gets nothing done") {
    Running world;
    httplib::Client impatient("127.0.0.1", world.port());
    impatient.set_read_timeout(0, 60'000);
    const httplib::Headers login = {{"Authorization", "Basic " + base64_encode("WSI-SANDBOX:sandbox-password")}};
    const auto put = [&] { return impatient.Put("/sandbox/api/v1/articles", login, article_a.dump(), "application/json"); };
    SECTION("committed at once") {
        fault_on_put(world, R"("nth":1,"fault":"stall","seconds":30)");
        CHECK_FALSE(put());
        world.wait_for_done(1);
        CHECK(writes(world) == 1);
    }
    SECTION("not committed when nobody waits any more") {
        fault_on_put(world, R"("nth":1,"fault":"stall","seconds":30,"commit":false)");
        CHECK_FALSE(put());
        world.wait_for_done(1);
        CHECK(writes(world) == 0);
    }
    SECTION("a patient client gets its answer") {
        fault_on_put(world, R"("nth":1,"fault":"stall","milliseconds":30)");
        CHECK(world.ongoing("PUT", "/articles", article_a).status == 200);
    }
    SECTION("late commit: executed after the client gave up") {
        fault_on_put(world, R"("nth":1,"fault":"late_commit","milliseconds":1500)");
        CHECK_FALSE(put());
        CHECK(writes(world) == 0);
        world.wait_for_done(1);
        CHECK(writes(world) == 1);
    }
}

TEST_CASE("the client process can be killed before and after the write") {
    Running world;
    const auto [fault, expected] = GENERATE(table<const char*, int>({{"kill_before", 0}, {"kill_after", 1}}));
    fault_on_put(world, fmt::format(R"("nth":1,"fault":"{}")", fault));
    CHECK(signal_of(putting_process(world.port())) == SIGKILL);
    world.wait_for_done(1);
    CHECK(writes(world) == expected);
    CHECK(signal_of(putting_process(world.port())) == 0);
    CHECK(writes(world) == expected + 1);
}

TEST_CASE("a kill never hits the sandbox's own process") {
    Running world;
    fault_on_put(world, R"("nth":1,"fault":"kill_before")");
    CHECK(world.ongoing("PUT", "/articles", article_a).status == 0);
}

TEST_CASE("answers can be absurd: a million brackets, 200 MB") {
    Running world;
    SECTION("nesting") {
        fault_on_put(world, R"("nth":1,"fault":"nesting")");
        const Answer answer = world.ongoing("PUT", "/articles", article_a);
        CHECK(answer.status == 200);
        CHECK(answer.text == std::string(1'000'000, '['));
    }
    SECTION("huge") {
        fault_on_put(world, R"("nth":1,"fault":"huge")");
        httplib::Client client("127.0.0.1", world.port());
        std::uint64_t bytes = 0;
        httplib::Request request;
        request.method = "PUT";
        request.path = "/sandbox/api/v1/articles";
        request.body = article_a.dump();
        request.content_receiver = [&](const char*, std::size_t size, std::uint64_t, std::uint64_t) {
            bytes += size;
            return bytes < 50'000'000;
        };
        (void)client.send(request);
        CHECK(bytes >= 50'000'000);
    }
}

TEST_CASE("a listing can come empty, and the clock of the server can be wrong") {
    sandbox::Options options;
    options.demo = true;
    Running world(options);
    world.fault(parsed(R"({"operation":"getInventoryProductsList","nth":1,"fault":"empty_listing"})"));
    const json::Value page = parsed(R"({"inventory_id":307})");
    const Answer empty = world.base("getInventoryProductsList", page);
    CHECK(empty["status"].text() == "SUCCESS");
    CHECK(empty["products"].size() == 0);
    CHECK(world.base("getInventoryProductsList", page)["products"].size() == 40);
    world.fault(parsed(R"({"operation":"GET /articles","nth":1,"fault":"empty_listing"})"));
    CHECK(world.ongoing("GET", "/articles?goodsOwnerId=1").text == "[]");

    world.fault(parsed(R"({"operation":"GET /warehouses","nth":1,"fault":"skew","seconds":86400})"));
    httplib::Client client("127.0.0.1", world.port());
    const auto date = [&] { return client.Get("/sandbox/api/v1/warehouses")->get_header_value("Date").substr(0, 16); };
    const std::string skewed = date();
    CHECK(skewed != date());
}

TEST_CASE("the limit blocks the token, calls while blocked are recorded, and the window is measured") {
    Running world;
    world.options(parsed(R"({"rate_limit":3,"block_seconds":600,"block_time_zone":"UTC","block_grace":60000})"));
    for (int i = 0; i < 3; ++i) CHECK(world.base("getInventories")["status"].text() == "SUCCESS");
    const Answer blocked = world.base("getInventories");
    CHECK(blocked.status == 200);
    CHECK(blocked["error_code"].text() == "ERROR_BLOCKED_TOKEN");
    const std::string message(blocked["error_message"].text());
    CHECK(message.starts_with("Query limit exceeded, token blocked until 20"));
    CHECK(message.size() == std::string("Query limit exceeded, token blocked until 2026-11-23 14:07:31").size());
    // Calls on their way when the block began are no breach, later ones are.
    CHECK(world.base("getInventories")["error_code"].text() == "ERROR_BLOCKED_TOKEN");
    CHECK(world.violations().empty());
    world.options(parsed(R"({"block_grace":0})"));
    CHECK(world.base("getInventories")["error_code"].text() == "ERROR_BLOCKED_TOKEN");
    CHECK(world.violations() == std::vector<std::string>{"called_while_blocked"});
    const Answer rate = world.admin("GET", "/rate");
    CHECK(rate.rows().front()["most_in_60_s"].integer() == 6);
    CHECK(rate.rows().front()["refused"].integer() == 2);
    CHECK(rate.rows().front()["blocked_for_ms"].integer() > 590'000);
    (void)world.admin("POST", "/unblock", json::Value::object());
    world.options(parsed(R"({"rate_limit":0})"));
    CHECK(world.base("getInventories")["status"].text() == "SUCCESS");
}

TEST_CASE("a block can be ordered for one call, and ends by itself") {
    Running world;
    world.fault(parsed(R"({"operation":"getInventories","nth":1,"fault":"blocked_token","seconds":600})"));
    CHECK(world.base("getInventories")["error_code"].text() == "ERROR_BLOCKED_TOKEN");
    CHECK(world.base("getInventories")["error_code"].text() == "ERROR_BLOCKED_TOKEN");
    (void)world.admin("POST", "/unblock", json::Value::object());
    CHECK(world.base("getInventories")["status"].text() == "SUCCESS");
    world.fault(parsed(R"({"operation":"getInventories","nth":1,"fault":"blocked_token","milliseconds":100})"));
    CHECK(world.base("getInventories")["error_code"].text() == "ERROR_BLOCKED_TOKEN");
    int more = 0;
    while (more < 10'000 && world.base("getInventories")["status"].text() != "SUCCESS") ++more;
    CHECK(more < 10'000);
}

TEST_CASE("quirks change the form of an answer, not what it says") {
    sandbox::Options options;
    options.demo = true;
    options.settings.quirks = true;
    Running world(options);
    bool number_as_text = false, empty_text_for_map = false, null_text = false, truth_as_text = false, cut = false;
    for (int i = 0; i < 30; ++i) {
        const Answer answer = world.base("getInventoryProductsData", parsed(R"({"inventory_id":307,"products":[701450010]})"));
        CHECK(answer["status"].text() == "SUCCESS");
        const json::Value& product = answer["products"]["701450010"];
        CHECK(product["sku"].text() == "KUB-CER-330");
        CHECK(product["weight"].text() == "0.41");
        CHECK(product["category_id"].integer() == 2204518);
        number_as_text = number_as_text || product["weight"].is_string();
        empty_text_for_map = empty_text_for_map || product["variants"].is_string();
        null_text = null_text || product["asin"].is_null();
        truth_as_text = truth_as_text || product["is_bundle"].is_string();
        cut = cut || product["text_fields"]["features"].is_string();
    }
    CHECK(number_as_text);
    CHECK(empty_text_for_map);
    CHECK(null_text);
    CHECK(truth_as_text);
    CHECK(cut);
    bool list_for_map = false;
    for (int i = 0; i < 5; ++i) list_for_map = list_for_map || world.base("getOrderSources")["sources"]["personal"].is_array();
    CHECK(list_for_map);
}
