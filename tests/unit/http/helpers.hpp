// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <blongo/http/transport.hpp>

namespace blongo::test {

/// A request that is complete enough for every wrapper.
inline http::Request request(http::Effect effect, std::string name = "ongoing PUT /articles") {
    http::Request made;
    made.method = effect == http::Effect::read ? "GET" : "PUT";
    made.url = "https://wms.example/acme/api/v1/articles";
    made.effect = effect;
    made.name = std::move(name);
    return made;
}

/// 2xx is good, 429 throttled, 503 unavailable, 401 auth, every other status rejected.
inline std::optional<Error> by_status(const http::Response& response) {
    if (response.status / 100 == 2) return std::nullopt;
    ErrorKind kind = ErrorKind::rejected;
    if (response.status == 429) kind = ErrorKind::throttled;
    if (response.status == 503) kind = ErrorKind::unavailable;
    if (response.status == 401) kind = ErrorKind::auth;
    Error error = make_error(kind, "answered " + std::to_string(response.status));
    error.http_status = response.status;
    return error;
}

} // namespace blongo::test
