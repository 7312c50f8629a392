// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <blongo/http/curl_transport.hpp>

namespace blongo::test {

inline const std::string token = "3001-3002-VERYSECRETTOKEN";

inline http::CurlOptions options() {
    http::CurlOptions made;
    made.user_agent = "blongo/test";
    made.connect_timeout = Milliseconds{5'000};
    return made;
}

/// A request with a token in its headers and a secret in its body.
inline http::Request request(http::Effect effect, std::string url, std::string body = "secretbody=1") {
    http::Request made;
    made.method = effect == http::Effect::read ? "GET" : "POST";
    made.url = std::move(url);
    made.headers = {{"X-BLToken", token}, {"Accept", "application/json"}};
    if (effect != http::Effect::read) made.body = std::move(body);
    made.effect = effect;
    made.name = "baselinker someMethod";
    made.timeout = Milliseconds{20'000};
    return made;
}

/// A port of 127.0.0.1 that is taken, so that nobody else gets it, and refuses connections.
class ClosedPort {
public:
    ClosedPort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* plain = reinterpret_cast<sockaddr*>(&address);
        if (::bind(socket_, plain, size) != 0 || ::getsockname(socket_, plain, &size) != 0)
            throw std::runtime_error("no free port");
        number_ = ntohs(address.sin_port);
    }
    ~ClosedPort() { ::close(socket_); }
    ClosedPort(const ClosedPort&) = delete;
    ClosedPort& operator=(const ClosedPort&) = delete;
    [[nodiscard]] int number() const noexcept { return number_; }

private:
    int socket_;
    int number_ = 0;
};

/// An environment variable for the time of a test.
class ScopedVariable {
public:
    ScopedVariable(std::string name, const std::string& value) : name_(std::move(name)) {
        if (const char* old = std::getenv(name_.c_str())) old_ = old;
        ::setenv(name_.c_str(), value.c_str(), 1);
    }
    ~ScopedVariable() {
        if (old_)
            ::setenv(name_.c_str(), old_->c_str(), 1);
        else
            ::unsetenv(name_.c_str());
    }
    ScopedVariable(const ScopedVariable&) = delete;
    ScopedVariable& operator=(const ScopedVariable&) = delete;

private:
    std::string name_;
    std::optional<std::string> old_;
};

} // namespace blongo::test
