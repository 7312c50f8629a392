// SPDX-License-Identifier: Apache-2.0
// Where requests may go, and what never leaves or shows.
#include <catch2/catch.hpp>

#include "helpers.hpp"
#include "support/raw_server.hpp"
#include "support/temp_dir.hpp"
#include "tls_server.hpp"

using namespace blongo;
using namespace blongo::http;
using namespace blongo::test;

TEST_CASE("a redirect is returned, not followed, and the token never reaches the second host") {
    const int status = GENERATE(301, 302, 303, 307, 308);
    RawServer other;
    RawServer server({Reply::redirect(status, other.url("/stolen"))});
    CurlTransport transport(options());
    const auto outcome = transport.send(request(Effect::read, server.url()));
    REQUIRE(outcome);
    CHECK(outcome->status == status);
    CHECK(outcome->header("location") == other.url("/stolen"));
    CHECK(other.connections() == 0);
    CHECK(server.requests().size() == 1);
}

TEST_CASE("addresses that must not be used are refused before anything is connected to") {
    const char* url =
        GENERATE("http://api.baselinker.com/connector.php", "http://10.0.0.1/", "ftp://127.0.0.1/x", "file:///etc/passwd",
                 "https://user:hunter2@127.0.0.1/", "127.0.0.1/x", "", "https://127.0.0.1/a b", "https://127.0.0.1/x\r\nEvil: 1",
                 "https://127.0.0.1/?a=b c", "https://127.0.0.1/?a=\r\nb");
    CurlTransport transport(options());
    const auto outcome = transport.send(request(Effect::read, url));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::config);
    CHECK(outcome.error().text().find("hunter2") == std::string::npos);
    CHECK_FALSE(outcome.error().remedy.empty());
    CHECK(transport.attempts() == 0);
}

TEST_CASE("an address that must not be used is refused behind a good one of the same server as well") {
    RawServer server;
    CurlTransport transport(options());
    REQUIRE(transport.send(request(Effect::read, server.url("/good"))));
    const std::string good = server.url(""), authority = good.substr(good.find("://") + 3);
    for (const std::string& url : {server.url("/x#part"), server.url("/a b"), server.url("/a\tb"), server.url("/?a=\r\nb"),
                                   "http://user:hunter2@" + authority, "http://" + authority + "@10.0.0.1/",
                                   "http://" + authority + ".example/", "ftp://" + authority, std::string{}}) {
        INFO(url);
        const auto outcome = transport.send(request(Effect::read, url));
        CHECK_FALSE(outcome);
        CHECK((!outcome && outcome.error().kind == ErrorKind::config));
        CHECK((!outcome && outcome.error().text().find("hunter2") == std::string::npos));
    }
    CHECK(transport.attempts() == 1);
    CHECK(transport.send(request(Effect::read, server.url("/good?a=%23b"))));
    CHECK(transport.attempts() == 2);
}

TEST_CASE("http to this machine can be forbidden too") {
    RawServer server;
    CurlOptions strict = options();
    strict.allow_plain_http_to_loopback = false;
    CurlTransport transport(strict);
    CHECK(transport.send(request(Effect::read, server.url())).error().kind == ErrorKind::config);
    CHECK(server.connections() == 0);
}

TEST_CASE("a token with a line break cannot smuggle a header in, and is not shown") {
    RawServer server;
    CurlTransport transport(options());
    Request asked = request(Effect::read, server.url());
    asked.headers = {{"X-BLToken", "hunter2\nX-Evil: 1"}};
    const auto outcome = transport.send(asked);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::config);
    CHECK(outcome.error().message.find("X-BLToken") != std::string::npos);
    CHECK(outcome.error().text().find("hunter2") == std::string::npos);
    asked.headers = {{"X Bad", "1"}};
    CHECK_FALSE(transport.send(asked));
    CHECK(server.connections() == 0);
}

TEST_CASE("a request without a proper method is our own mistake") {
    RawServer server;
    CurlTransport transport(options());
    Request asked = request(Effect::read, server.url());
    asked.method = "GET / HTTP/1.0\r\n\r\n";
    CHECK(transport.send(asked).error().kind == ErrorKind::internal);
    CHECK(server.connections() == 0);
}

TEST_CASE("proxy variables are ignored for this machine") {
    RawServer proxy;
    std::vector<std::unique_ptr<ScopedVariable>> variables;
    for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
        variables.push_back(std::make_unique<ScopedVariable>(name, proxy.url()));
    RawServer server({Reply::ok("direct")});
    CurlTransport transport(options());
    CHECK(transport.send(request(Effect::read, server.url()))->body == "direct");
    Request by_name = request(Effect::read, "http://localhost:" + std::to_string(server.port()) + "/");
    CHECK(transport.send(by_name));
    CHECK(proxy.connections() == 0);
}

TEST_CASE("a proxy that refuses the tunnel means not_sent, and sees neither token nor path") {
    RawServer proxy({Reply::answer(503, "no")});
    const ScopedVariable variable("https_proxy", proxy.url());
    const ScopedVariable none("no_proxy", "");
    CurlTransport transport(options());
    const auto outcome = transport.send(request(Effect::unsafe_write, "https://wms.invalid/acme/orders"));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::not_sent);
    REQUIRE(proxy.requests().size() == 1);
    CHECK(proxy.requests()[0].find("CONNECT wms.invalid:443") == 0);
    CHECK(proxy.requests()[0].find(token) == std::string::npos);
    CHECK(proxy.requests()[0].find("acme") == std::string::npos);
    CHECK(transport.attempts() == 0);
}

TEST_CASE("a .netrc adds no password") {
    const TempDir home;
    write_file(home / ".netrc", "machine 127.0.0.1 login someone password hunter2\n");
    const ScopedVariable variable("HOME", home.path().string());
    RawServer server;
    CurlTransport transport(options());
    REQUIRE(transport.send(request(Effect::read, server.url())));
    CHECK(server.requests().at(0).find("Authorization") == std::string::npos);
}

TEST_CASE("no failure shows a header or a body") {
    CurlOptions quick = options();
    quick.connect_timeout = Milliseconds{100};
    quick.max_response_bytes = 1000;
    for (const Reply& reply :
         {Reply::close_after_reading(), Reply::reset_after_reading(), Reply::close_before_reading(), Reply::stall(),
          Reply::truncated(), Reply::chunked({"{\"a"}, false), Reply::flood(2000, true), Reply::flood(2000, false),
          Reply{.bytes = token + " secretbody\r\n\r\n", .then = Reply::Then::close}}) {
        for (const Effect effect : {Effect::read, Effect::unsafe_write}) {
            RawServer server({reply});
            CurlTransport transport(quick);
            Request asked = request(effect, server.url());
            asked.timeout = Milliseconds{100};
            const auto outcome = transport.send(asked);
            REQUIRE_FALSE(outcome);
            const std::string text = outcome.error().text();
            INFO(text);
            CHECK(text.find("127.0.0.1:" + std::to_string(server.port())) != std::string::npos);
            CHECK(text.find(token) == std::string::npos);
            CHECK(text.find("secretbody") == std::string::npos);
            CHECK_FALSE(outcome.error().remedy.empty());
        }
    }
}

TEST_CASE("a server without TLS behind an https address is not_sent") {
    RawServer server({Reply{.bytes = "HTTP/1.1 400 Bad Request\r\n\r\n", .then = Reply::Then::close}});
    CurlOptions quick = options();
    quick.connect_timeout = Milliseconds{500};
    CurlTransport transport(quick);
    const auto outcome =
        transport.send(request(Effect::unsafe_write, "https://127.0.0.1:" + std::to_string(server.port()) + "/"));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::not_sent);
    CHECK(transport.attempts() == 0);
}

TEST_CASE("a server that nobody vouches for gets no request") {
    TlsServer server("127.0.0.1");
    CurlTransport transport(options());
    const auto outcome = transport.send(request(Effect::unsafe_write, server.url()));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::not_sent);
    CHECK(outcome.error().message.find("TLS with 127.0.0.1") == 0);
    CHECK(outcome.error().remedy.find("ca_file") != std::string::npos);
    CHECK(server.requests() == 0);
}

TEST_CASE("ca_file makes a certificate trusted, for its own host only") {
    const TempDir folder;
    CurlOptions trusting = options();
    trusting.ca_file = folder / "ca.pem";

    TlsServer good("127.0.0.1");
    write_file(trusting.ca_file, good.certificate());
    CurlTransport transport(trusting);
    const auto outcome = transport.send(request(Effect::idempotent_write, good.url()));
    REQUIRE(outcome);
    CHECK(outcome->body == "{}");
    CHECK(good.requests() == 1);

    TlsServer stranger("10.1.2.3"); // a certificate for somebody else
    write_file(trusting.ca_file, stranger.certificate());
    CurlTransport second(trusting);
    const auto refused = second.send(request(Effect::idempotent_write, stranger.url()));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::not_sent);
    CHECK(stranger.requests() == 0);
}

TEST_CASE("a TLS connection that breaks while a body is sent is ambiguous and ends no program") {
    const TempDir folder;
    CurlOptions trusting = options();
    trusting.ca_file = folder / "ca.pem";
    TlsServer server("127.0.0.1", TlsServer::Behaviour::hang_up);
    write_file(trusting.ca_file, server.certificate());
    CurlTransport transport(trusting);
    const auto outcome = transport.send(request(Effect::unsafe_write, server.url(), std::string(16U << 20U, 'b')));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::ambiguous);
}

TEST_CASE("TLS older than 1.2 is not spoken") {
    const TempDir folder;
    CurlOptions trusting = options();
    trusting.ca_file = folder / "ca.pem";
    TlsServer old("127.0.0.1", TlsServer::Behaviour::only_tls_1_1);
    write_file(trusting.ca_file, old.certificate());
    CurlTransport transport(trusting);
    const auto outcome = transport.send(request(Effect::read, old.url()));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::not_sent);
    CHECK(old.requests() == 0);
}

TEST_CASE("a ca_file that cannot be read is a mistake of the configuration") {
    const TempDir folder;
    CurlOptions wrong = options();
    wrong.ca_file = folder / "missing.pem";
    TlsServer server("127.0.0.1");
    CurlTransport transport(wrong);
    const auto outcome = transport.send(request(Effect::read, server.url()));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().kind == ErrorKind::config);
    CHECK(outcome.error().message.find("missing.pem") != std::string::npos);
}
