// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <curl/curl.h>

#include <blongo/http/curl_errors.hpp>

#include "helpers.hpp"

using namespace blongo;
using namespace blongo::http;
using namespace blongo::test;

namespace {

Error described(CURLcode code, bool sent, Effect effect = Effect::read, std::string message = {}) {
    CurlFailure failure;
    failure.code = static_cast<int>(code);
    failure.sent = sent;
    failure.message = std::move(message);
    CurlOptions options;
    options.ca_file = "/etc/blongo/ca.pem";
    return describe(failure, request(effect), options);
}

} // namespace

TEST_CASE("whatever libcurl says, a failure before the request left is not_sent and one after it is ambiguous") {
    for (int code = CURLE_UNSUPPORTED_PROTOCOL; code < CURL_LAST; ++code) {
        INFO(code);
        if (code == CURLE_SSL_CACERT_BADFILE || code == CURLE_FILESIZE_EXCEEDED) continue;
        const Error before = described(static_cast<CURLcode>(code), false);
        const Error after = described(static_cast<CURLcode>(code), true, Effect::unsafe_write);
        CHECK(before.kind == ErrorKind::not_sent);
        CHECK(after.kind == ErrorKind::ambiguous);
        for (const Error& error : {before, after}) {
            CHECK(error.message.find("wms.example") != std::string::npos);
            CHECK(error.where == "ongoing PUT /articles");
            CHECK_FALSE(error.remedy.empty());
        }
    }
}

TEST_CASE("each way not to get through names its own remedy") {
    CHECK(described(CURLE_COULDNT_RESOLVE_HOST, false).remedy.find("DNS") != std::string::npos);
    CHECK(described(CURLE_COULDNT_RESOLVE_PROXY, false).remedy.find("https_proxy") != std::string::npos);
    CHECK(described(CURLE_PROXY, false).remedy.find("https_proxy") != std::string::npos);
    CHECK(described(CURLE_OPERATION_TIMEDOUT, false).message == "no connection to wms.example within 10s");
    CHECK(described(CURLE_OPERATION_TIMEDOUT, false).remedy.find("connect_timeout") != std::string::npos);
    CHECK(described(CURLE_PEER_FAILED_VERIFICATION, false).remedy.find("ca_file") != std::string::npos);
    CHECK(described(CURLE_SSL_CACERT_BADFILE, false).kind == ErrorKind::config);
}

TEST_CASE("an unsafe write whose answer is lost says that it must be looked at first") {
    CHECK(described(CURLE_RECV_ERROR, true, Effect::unsafe_write).remedy.find("look before") != std::string::npos);
    CHECK(described(CURLE_RECV_ERROR, true, Effect::read).remedy.find("run again") != std::string::npos);
}

TEST_CASE("what a server makes libcurl say cannot break the line of the message") {
    const Error error = described(CURLE_RECV_ERROR, true, Effect::read, "bad\r\n\x1b[31mwords");
    CHECK(error.message.find_first_of("\r\n\x1b") == std::string::npos);
}
