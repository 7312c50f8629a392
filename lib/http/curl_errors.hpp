// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <blongo/base/error.hpp>
#include <blongo/http/curl_transport.hpp>
#include <blongo/http/transport.hpp>

namespace blongo::http {

/// How an attempt ended when libcurl brought no answer, as CurlTransport saw it.
struct CurlFailure {
    int code = 0;                ///< CURLcode
    std::string message;         ///< libcurl's own words; may be empty
    bool sent = false;           ///< the pre-request hook let the attempt through
    bool second_attempt = false; ///< libcurl wanted to send again and was held back
    bool too_large = false;      ///< the answer passed max_response_bytes
    bool too_late = false;       ///< the time to leave had passed when the connection stood
    bool stopped = false;        ///< abandoned for the StopToken
    bool timed_out = false;      ///< Request::timeout passed since the request left
};

/// The Error for it: names the host, what failed and a remedy; never a header or body.
[[nodiscard]] Error describe(const CurlFailure& failure, const Request& request, const CurlOptions& options);

} // namespace blongo::http
