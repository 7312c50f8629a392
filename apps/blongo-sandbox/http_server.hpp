// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace blongo::sandbox {

/// One TCP connection of a client, as the faults need it: they may close it without an
/// answer, and they ask whether the client gave up.
struct Connection {
    int socket = -1;
    std::uint64_t number = 0; ///< counts connections of the process, from 1
    unsigned requests = 0;    ///< requests that arrived on it, this one included
    int peer_port = 0;
    bool close_after = false; ///< close when the current request is done
    bool mute = false;        ///< send nothing more: what the handler answers is thrown away

    /// True when the client has closed its side.
    [[nodiscard]] bool gone() const;
};

/// Pairs in the order in which they arrived; names of headers in lower case.
using Fields = std::vector<std::pair<std::string, std::string>>;
/// The first field of that name, or an empty text.
[[nodiscard]] std::string_view first(const Fields& fields, std::string_view name);
[[nodiscard]] std::size_t count(const Fields& fields, std::string_view name);

/// A request that arrived.
struct Exchange {
    std::string method;
    std::string path; ///< without the query, percent-decoded
    Fields query;     ///< decoded
    Fields headers;
    std::string body;
    bool chunked = false; ///< the body came without Content-Length
    Connection& connection;
};

/// What is sent back, and how.
struct Reply {
    enum class Delivery : std::uint8_t {
        whole,
        none, ///< close the connection without a byte
        half, ///< all headers, half the body, then close
    };
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    Fields headers;
    Delivery delivery = Delivery::whole;
    std::uint64_t padding = 0; ///< so many spaces are sent in front of the body (huge answers)
};

/// An HTTP/1.1 server on the loopback interface with a thread per connection and no limit of
/// requests per connection. It is cpp-httplib with a connection loop of our own, because the
/// faults must act on single connections, which cpp-httplib hides.
class HttpServer {
public:
    using Handler = std::function<Reply(Exchange&)>;
    explicit HttpServer(Handler handler);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Binds to 127.0.0.1. Port 0: any free one. Returns the port, or 0 when it is taken.
    [[nodiscard]] int bind(int port);
    /// Serves until stop(). Call bind() first.
    void run();
    /// Ends run() and all connections; handlers that wait see stopping().
    void stop();
    [[nodiscard]] bool stopping() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace blongo::sandbox
