// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace blongo::test {

/// What RawServer does with one request.
struct Reply {
    enum class Then { keep, close, reset, stall };
    std::string bytes{};         ///< sent as they are
    Then then = Then::keep;      ///< with the connection, after the bytes
    bool before_reading = false; ///< at the accept of a new connection, without reading a byte
    std::size_t filler = 0;      ///< this many 'x' after the bytes

    /// A whole answer with Content-Length; the connection stays open.
    static Reply answer(int status, std::string_view body, std::string_view extra_headers = {});
    static Reply ok(std::string_view body = "{}") { return answer(200, body); }
    /// The same, but the server closes the connection without having said so.
    static Reply ok_then_close(std::string_view body = "{}");
    static Reply chunked(const std::vector<std::string>& chunks, bool complete = true);
    static Reply redirect(int status, std::string_view location);
    /// Content-Length promises more than comes.
    static Reply truncated();
    /// A good answer of that many bytes; without Content-Length if not `announced`.
    static Reply flood(std::size_t bytes, bool announced);
    /// Reads the whole request, then closes without a byte.
    static Reply close_after_reading() { return {.then = Then::close}; }
    static Reply reset_after_reading() { return {.then = Then::reset}; }
    static Reply close_before_reading() { return {.then = Then::close, .before_reading = true}; }
    /// Reads the whole request and then says nothing, for as long as the client waits.
    static Reply stall() { return {.then = Then::stall}; }
};

/// A TCP server on 127.0.0.1 that answers whole HTTP requests from a script, one Reply per
/// request over all connections; after the script it answers 200 "{}". It speaks no HTTP of
/// its own: what it sends is exactly what the script says.
class RawServer {
public:
    explicit RawServer(std::vector<Reply> script = {});
    ~RawServer();
    RawServer(const RawServer&) = delete;
    RawServer& operator=(const RawServer&) = delete;

    [[nodiscard]] int port() const noexcept { return port_; }
    [[nodiscard]] std::string url(std::string_view path = "/") const;

    /// Connections accepted so far.
    [[nodiscard]] int connections() const;
    /// Requests received to their last byte, in order: head and body as they came.
    [[nodiscard]] std::vector<std::string> requests() const;
    /// How many of them hold `part`, for example "PUT /orders".
    [[nodiscard]] int arrivals(std::string_view part) const;
    /// Waits until the server has closed every connection (its side of the test is then done).
    void wait_until_all_closed() const;
    /// Waits until that many requests arrived.
    void wait_for_requests(int count) const;

private:
    struct Connection {
        std::string input;
        bool stalled = false;
    };
    void run();
    void accept_one();
    /// False when the connection is to be forgotten.
    bool read_from(int socket, Connection& connection);
    bool reply_to(int socket, Connection& connection);
    Reply next_reply();

    int listener_ = -1;
    int port_ = 0;
    int wake_[2] = {-1, -1};
    std::map<int, Connection> open_;

    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::deque<Reply> script_;
    std::vector<std::string> requests_;
    int connections_ = 0;
    int open_count_ = 0;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

} // namespace blongo::test
