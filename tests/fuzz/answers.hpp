// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include <blongo/http/transport.hpp>

namespace blongo::fuzz {

/// Answers every call with the same status and body, as a side might that has gone mad; after `most_calls` it cannot
/// be reached, so that a listing that never ends is an error of the client: it must have ended by itself.
class SameAnswer final : public http::Transport {
public:
    SameAnswer(int status, std::string body) : answer_{status, {{"content-type", "application/json"}}, std::move(body)} {}

    [[nodiscard]] Result<http::Response> send(const http::Request& request) override {
        if (++calls_ > most_calls) __builtin_trap(); // a listing without an end
        return http::judged(request, answer_);
    }
    /// Another method is asked next.
    void start() { calls_ = 0; }

private:
    static constexpr int most_calls = 1000;
    http::Response answer_;
    int calls_ = 0;
};

} // namespace blongo::fuzz
