// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <blongo/base/error.hpp>
#include <blongo/base/result.hpp>
#include <blongo/base/time.hpp>
#include <blongo/http/transport.hpp>
#include <blongo/json/reader.hpp>

namespace blongo::baselinker {

/// What classify() says, with the document that it had to parse for that: a long answer is
/// parsed once.
struct Verdict {
    std::optional<Error> error;             ///< nothing: SUCCESS
    std::optional<json::Document> document; ///< set when the answer is SUCCESS
};
[[nodiscard]] Verdict judge(const http::Response& response, const std::string& method, Timestamp now);

/// When a message like "... token blocked until 2026-11-23 14:07:31" allows calls again: the
/// date read as Europe/Warsaw and as UTC, the reading in (now, now + 20 min], plus 10 s;
/// 10 min from now when neither fits or there is no date (1.1).
[[nodiscard]] Timestamp end_of_block(std::string_view message, Timestamp now);

/// The error of a decoder, with the method whose answer it was.
[[nodiscard]] Error in_method(Error error, const std::string& method);
/// What a decoder gave, its error with the method whose answer it was.
template <class T> [[nodiscard]] Result<T> located(Result<T> decoded, const std::string& method) {
    if (!decoded) return fail(in_method(std::move(decoded).error(), method));
    return decoded;
}

} // namespace blongo::baselinker
