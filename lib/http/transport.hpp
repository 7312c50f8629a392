// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/base/error.hpp>
#include <blongo/base/result.hpp>
#include <blongo/base/time.hpp>

namespace blongo::http {

/// What a request does to the other side, decided per API method and its contents, not per
/// HTTP verb. Retry, intents and the read-only decorator read this and nothing else.
enum class Effect : std::uint8_t {
    read,             ///< changes nothing
    idempotent_write, ///< absolute value or PUT by natural key: repeating it changes nothing more
    unsafe_write      ///< repeating it may buy, book, send or print twice: at most one physical attempt
};
std::string_view to_string(Effect effect) noexcept;

struct Header {
    std::string name;
    std::string value;
};

struct Response {
    int status = 0;
    std::vector<Header> headers{}; ///< names in lower case
    std::string body{};
    /// What Request::classify said of this answer, kept so that a long body is judged once.
    std::optional<Error> verdict{};
    bool judged = false; ///< verdict is set; by verdict_of() only

    /// The value of the first header of that name, or nothing.
    [[nodiscard]] std::string_view header(std::string_view lower_case_name) const noexcept;
};

/// Asked once per physical attempt of a request, when that holds its slot and its lock, right before the connection is
/// made. It makes the intent durable and answers the boot time (CLOCK_BOOTTIME) until which the request may leave.
/// An Error: the request does not leave, and that Error is its outcome.
using Departure = std::function<Result<Milliseconds>()>;

/// A request, complete but for its secrets, which the client's headers carry.
struct Request {
    std::string method; ///< GET, PUT, ...
    std::string url;
    std::vector<Header> headers;
    std::string body;
    Effect effect = Effect::read;
    std::string name;             ///< for logs, errors and counts: "baselinker getOrders", "ongoing PUT /orders"
    Milliseconds timeout{60'000}; ///< total, connect excluded
    /// What an answer means: nothing if it is good, else the error that stands for it. Set by
    /// the client that made the request; the retry decorator and the client both go by it.
    std::function<std::optional<Error>(const Response&)> classify;
    Departure departure{}; ///< empty: it may leave at any time
};

/// What the answer means: nothing if it is good (or the request does not say), else the Error.
/// Asks request.classify at the first call and remembers its word.
const std::optional<Error>& verdict_of(const Request& request, Response& response);

/// The answer if it is good; the Error that it stands for, or that prevented it, otherwise.
[[nodiscard]] Result<Response> judged(const Request& request, Result<Response> outcome);

/// The one way to the outside. Wrappers around it retry, count, log, refuse; the innermost
/// speaks libcurl. The chain of one connection, outermost first:
///   RetryTransport -> BudgetTransport -> WriterLockTransport, CountTransport -> LogTransport ->
///   CurlTransport
/// so that each attempt takes its own slot, lock and log line. An Error is returned for what
/// prevented an answer, and for answers that `classify` calls errors (by RetryTransport; whoever
/// sends without it applies judged()).
class Transport {
public:
    virtual ~Transport() = default;
    [[nodiscard]] virtual Result<Response> send(const Request& request) = 0;
};

} // namespace blongo::http
