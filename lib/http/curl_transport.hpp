// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <blongo/base/clock.hpp>
#include <blongo/base/result.hpp>
#include <blongo/base/time.hpp>
#include <blongo/http/transport.hpp>

namespace blongo::http {

struct CurlOptions {
    Milliseconds connect_timeout{10'000};
    std::string ca_file;                         ///< empty: the system's
    std::string user_agent;                      ///< "blongo/0.1.0"
    std::size_t max_response_bytes = 64U << 20U; ///< a longer answer is ErrorKind::protocol
    bool allow_plain_http_to_loopback = true;
    const StopToken* stop = nullptr; ///< requested: reads are abandoned, writes are finished
};

/// HTTP/1.1 through libcurl. One connection is kept per object; not to be shared by threads.
///
/// libcurl sends a request again by itself when a reused connection dies before the first
/// byte of the answer. A pre-request hook therefore lets exactly one physical attempt of each
/// send() through and aborts any other; unsafe writes never reuse a connection.
///
/// Errors, all with the host and without headers, body or secrets:
/// config: an address, header or ca_file that can never work; nothing was connected to.
/// not_sent: the hook let no attempt through (resolve, connect, TLS handshake, proxy; or the time that
/// Request::departure gave had passed when the connection stood).
/// ambiguous: everything behind the hook, a truncated answer and the time-out included.
/// protocol: the answer of a read is longer than max_response_bytes (of a write: ambiguous).
/// stopped: a read was abandoned.
///
/// No redirects (3xx is returned as it is), no proxy for loopback, no netrc, no compression,
/// TLS 1.2 or later, https only except to loopback addresses.
class CurlTransport final : public Transport {
public:
    explicit CurlTransport(CurlOptions options);
    ~CurlTransport() override;
    CurlTransport(const CurlTransport&) = delete;
    CurlTransport& operator=(const CurlTransport&) = delete;

    [[nodiscard]] Result<Response> send(const Request& request) override;

    /// Physical attempts that left this process since construction.
    [[nodiscard]] std::int64_t attempts() const noexcept;

private:
    struct Handle;
    CurlOptions options_;
    std::unique_ptr<Handle> handle_;
};

} // namespace blongo::http
