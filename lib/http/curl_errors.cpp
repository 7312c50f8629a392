// SPDX-License-Identifier: Apache-2.0
#include <blongo/http/curl_errors.hpp>

#include <utility>

#include <curl/curl.h>

#include <blongo/base/text.hpp>
#include <blongo/http/url.hpp>

namespace blongo::http {
namespace {

struct Words {
    std::string message;
    std::string remedy;
};

std::string reason(const CurlFailure& failure) {
    return failure.message.empty() ? curl_easy_strerror(static_cast<CURLcode>(failure.code)) : normalise_name(failure.message);
}

Words before_it_left(const CurlFailure& failure, const std::string& host, const CurlOptions& options) {
    switch (failure.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return {"cannot resolve " + host, "check the spelling of the host and the DNS of this machine"};
    case CURLE_COULDNT_RESOLVE_PROXY: return {"cannot resolve the proxy on the way to " + host, "check the variable https_proxy"};
    case CURLE_PROXY: return {"the proxy refused the way to " + host + ": " + reason(failure), "check the variable https_proxy"};
    case CURLE_OPERATION_TIMEDOUT:
        return {"no connection to " + host + " within " + format_duration(options.connect_timeout),
                "check the network of this machine; [http] connect_timeout sets the time"};
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
        return {"TLS with " + host + " failed: " + reason(failure),
                "check the certificate of " + host + ", ca_file and the clock of this machine"};
    default:
        return {"cannot connect to " + host + ": " + reason(failure),
                "check that " + host + " is right and can be reached from this machine"};
    }
}

Words after_it_left(const CurlFailure& failure, const Request& request, const std::string& host) {
    const std::string remedy = request.effect == Effect::unsafe_write
                                   ? "the call may have been executed: look before it is made again"
                                   : "run again; if it stays, ask whether " + host + " is in trouble";
    if (failure.timed_out || failure.code == CURLE_OPERATION_TIMEDOUT)
        return {host + " did not answer within " + format_duration(request.timeout) + " after the request left", remedy};
    if (failure.second_attempt || failure.code == CURLE_GOT_NOTHING)
        return {host + " closed the connection without an answer", remedy};
    if (failure.code == CURLE_PARTIAL_FILE || failure.code == CURLE_WRITE_ERROR)
        return {"the answer of " + host + " broke off: " + reason(failure), remedy};
    return {"the connection to " + host + " broke after the request left: " + reason(failure), remedy};
}

} // namespace

Error describe(const CurlFailure& failure, const Request& request, const CurlOptions& options) {
    const std::string host = authority_of(request.url);
    const auto error = [&](ErrorKind kind, Words words) {
        return make_error(kind, std::move(words.message), request.name, std::move(words.remedy));
    };
    if (failure.stopped) return error(ErrorKind::stopped, {"stopped while waiting for " + host, ""});
    if (!failure.sent) {
        if (failure.code == CURLE_SSL_CACERT_BADFILE)
            return error(ErrorKind::config, {"the certificates in " + options.ca_file + " cannot be read",
                                             "check ca_file: a readable file with PEM certificates"});
        if (failure.too_late)
            return error(ErrorKind::not_sent,
                         {"the request was not sent within 20 s of its intent: connecting to " + host + " took too long",
                          "nothing reached " + host + "; check the network and the load of this machine"});
        return error(ErrorKind::not_sent, before_it_left(failure, host, options));
    }
    if (failure.too_large || failure.code == CURLE_FILESIZE_EXCEEDED) {
        // The answer of a write tells nothing then, but the write may have happened.
        const ErrorKind kind = request.effect == Effect::read ? ErrorKind::protocol : ErrorKind::ambiguous;
        return error(kind, {"answer of " + host + " larger than " + std::to_string(options.max_response_bytes) + " bytes",
                            "ask for less at once, or check what answers at " + host});
    }
    return error(ErrorKind::ambiguous, after_it_left(failure, request, host));
}

} // namespace blongo::http
