// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <blongo/base/result.hpp>

namespace blongo::http {

/// Names and values of a URL query, not yet encoded. A repeated name is an array:
/// {{"orderNumbers", "1"}, {"orderNumbers", "2"}}.
using Query = std::vector<std::pair<std::string, std::string>>;

/// base + path + query with exactly one slash between base and path. Names and values of the
/// query are percent-encoded; `path` is taken as it is (encode free text in it with
/// percent_encode before). An empty path adds no slash.
[[nodiscard]] std::string build_url(std::string_view base, std::string_view path, const Query& query = {});

/// The host in lower case without port, "api.ongoingsystems.se" or "[::1]"; empty if `url` is none.
[[nodiscard]] std::string host_of(std::string_view url);

/// Host and, when it is written out, port: "127.0.0.1:8080". For messages. Empty if `url` is none.
[[nodiscard]] std::string authority_of(std::string_view url);

/// Whether the host is this machine by its very name: localhost, 127.0.0.0/8 or [::1].
[[nodiscard]] bool is_loopback(std::string_view url);

/// Checks an address that a person configured and returns it without a slash at its end:
/// https (or http to a loopback host), no user or password, no query, no fragment.
/// Error: ErrorKind::config with the part that is wrong and the form that is right.
[[nodiscard]] Result<std::string> validate_base_url(std::string_view url);

} // namespace blongo::http
