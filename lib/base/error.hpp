// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <blongo/base/time.hpp>

namespace blongo {

/// What kind of failure happened. Retry, intents and exit codes are decided by this
/// value alone, crossed with the Effect of the request that failed.
enum class ErrorKind : std::uint8_t {
    not_sent,    ///< resolve, connect or TLS handshake failed: the other side saw nothing
    throttled,   ///< the side refused because of its rate limit: it did not execute
    unavailable, ///< 502, 503, 504, or HTML where JSON was due: a read may be repeated
    ambiguous,   ///< sent, and no trustworthy answer: the side may have executed it
    auth,        ///< the side refused the credentials
    edge,        ///< a web firewall refused this request (403 with HTML)
    rejected,    ///< the side understood and refused this item
    not_found,   ///< no such object
    protocol,    ///< an answer that no contract knows: redirect, unexpected shape
    usage,       ///< wrong command line
    config,      ///< wrong configuration, unreadable secret, state made under other settings
    guard,       ///< a brake stopped the run before a destructive write
    state,       ///< database, disk full, newer schema
    locked,      ///< another run holds the lock
    timeout,     ///< --max-duration or the request budget ended with work left
    stopped,     ///< SIGINT or SIGTERM
    internal     ///< a bug of ours
};

/// The name of a kind as it is printed in JSON errors, for example "not_sent".
std::string_view to_string(ErrorKind kind) noexcept;

/// A failure with everything that a person needs: what, where, what to do next.
struct Error {
    ErrorKind kind = ErrorKind::internal;
    std::string message;               ///< what happened, one sentence without a final full stop
    std::string where;                 ///< file:line:column, JSON path, order id, or request name
    std::string remedy;                ///< what to do next, often a command; may be empty
    std::string code;                  ///< the remote side's own code, for example ERROR_BAD_TOKEN
    int http_status = 0;               ///< 0 if no HTTP answer came
    std::optional<Timestamp> retry_at; ///< when the side said that it accepts calls again

    /// "where: message (remedy)" on one line, without the parts that are empty.
    [[nodiscard]] std::string text() const;
};

/// Short form for the common case.
[[nodiscard]] Error make_error(ErrorKind kind, std::string message, std::string where = {}, std::string remedy = {});

} // namespace blongo
