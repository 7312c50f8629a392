// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

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
