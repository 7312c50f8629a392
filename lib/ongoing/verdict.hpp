// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <blongo/base/error.hpp>
#include <blongo/base/time.hpp>
#include <blongo/http/transport.hpp>
#include <blongo/json/reader.hpp>

namespace blongo::ongoing {

/// One operation of the API, as data.
struct Operation {
    std::string_view method; ///< "PUT"
    std::string_view path;   ///< template: "/articles/{articleSystemId}"
    http::Effect effect = http::Effect::read;
    std::string_view id_member = {}; ///< an answer without this id has an unknown outcome

    [[nodiscard]] std::string name() const; ///< "ongoing PUT /articles/{articleSystemId}"
};

/// What classify() says, with the document that it had to parse for that: a long answer is
/// parsed once.
struct Verdict {
    std::optional<Error> error;
    std::optional<json::Document> document; ///< set when there is no error
};
[[nodiscard]] Verdict judge(const http::Response& response, const Operation& operation, std::string_view name, Timestamp now);

/// The reason in an error body, as one plain text: message, ExceptionMessage and ModelState in any
/// case (1.4); else the first 2 KB of the body without HTML.
[[nodiscard]] std::string refusal_text(std::string_view body);

} // namespace blongo::ongoing
