// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include <blongo/http/transport.hpp>

namespace blongo::fuzz {

/// What must not be false of any input.
inline void expect(bool truth) {
    if (!truth) __builtin_trap();
}

/// Answers every call with the same status and body, as a side might that has gone mad. A question that takes more than
/// `most_calls` is a finding: a listing has to end by itself.
class SameAnswer final : public http::Transport {
public:
    SameAnswer(int status, std::string body) : answer_{status, {{"content-type", "application/json"}}, std::move(body)} {}

    [[nodiscard]] Result<http::Response> send(const http::Request& request) override {
        expect(++calls_ <= most_calls); // a listing without an end
        return http::judged(request, answer_);
    }
    /// Asks one method: a result, or an error that says something.
    template <typename Question> void ask(const Question& question) {
        calls_ = 0;
        const auto result = question();
        expect(result || !result.error().text().empty());
    }

private:
    static constexpr int most_calls = 1000;
    http::Response answer_;
    int calls_ = 0;
};

/// The input as text.
inline std::string text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

} // namespace blongo::fuzz
