// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/http/transport.hpp>

namespace blongo::test {

/// What a stub wants of a request: parts of its texts; an empty part fits everything.
struct Match {
    std::string name{};   ///< in Request::name, "getOrders"
    std::string method{}; ///< the whole HTTP method
    std::string url{};    ///< in the URL, "/articles?"
    std::string body{};   ///< in the body, as it is sent (percent-encoded for BaseLinker)
};

/// A Transport that answers from a script. Each stub answers once; of several that fit, the
/// oldest is used first. A request whose departure answers an Error never came: it uses no stub. A request that no stub fits, and a stub that nobody used, fail the test.
///
///     FakeTransport fake;
///     fake.on({.name = "getInventories"}).answer(200, R"({"status":"SUCCESS"})");
///     fake.on({.method = "PUT", .url = "/articles"}).fail(ErrorKind::ambiguous);
class FakeTransport final : public http::Transport {
public:
    using Action = std::function<Result<http::Response>(const http::Request&)>;

    class Stub {
    public:
        void answer(int status, std::string body = {}, std::vector<http::Header> headers = {});
        void fail(ErrorKind kind, std::string message = "scripted failure");
        void fail(Error error);
        /// Whatever the function makes of the request.
        void call(Action action);

    private:
        friend class FakeTransport;
        Stub(FakeTransport& owner, Match match) : owner_(owner), match_(std::move(match)) {}
        FakeTransport& owner_;
        Match match_;
    };

    /// `complain` is what happens at a mismatch; the default fails the running Catch2 test.
    explicit FakeTransport(std::function<void(const std::string&)> complain = {});
    ~FakeTransport() override;
    FakeTransport(const FakeTransport&) = delete;
    FakeTransport& operator=(const FakeTransport&) = delete;

    [[nodiscard]] Stub on(Match match) { return Stub(*this, std::move(match)); }
    [[nodiscard]] Result<http::Response> send(const http::Request& request) override;

    /// Every request in the order in which it came, the unexpected ones included.
    [[nodiscard]] std::vector<http::Request> requests() const;
    /// How many requests fitted.
    [[nodiscard]] std::size_t count(const Match& match) const;
    /// Complains about unused stubs now and forgets them; the destructor does the same.
    void verify();

private:
    struct Entry {
        Match match;
        Action action;
    };
    mutable std::mutex mutex_;
    std::deque<Entry> stubs_;
    std::vector<http::Request> requests_;
    std::function<void(const std::string&)> complain_;
};

/// A Transport that one function plays.
class FunctionTransport final : public http::Transport {
public:
    explicit FunctionTransport(FakeTransport::Action action) : action_(std::move(action)) {}
    [[nodiscard]] Result<http::Response> send(const http::Request& request) override { return action_(request); }

private:
    FakeTransport::Action action_;
};

/// A 2xx or other answer in short.
[[nodiscard]] http::Response response(int status, std::string body = {}, std::vector<http::Header> headers = {});

} // namespace blongo::test
