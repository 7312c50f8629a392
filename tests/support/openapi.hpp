// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <blongo/http/transport.hpp>
#include <blongo/json/value.hpp>

namespace blongo::test {

/// The parts of an OpenAPI 3.0 document that Ongoing's contract uses: types, nullable, required,
/// closed objects, enum, minLength, maxLength, minItems, allOf, $ref, path and query parameters.
class OpenApi {
public:
    explicit OpenApi(std::string text);

    /// What is wrong with a request, one sentence each; empty when it keeps the contract.
    [[nodiscard]] std::vector<std::string> violations(const http::Request& request) const;
    /// What is wrong with a value of a named schema.
    [[nodiscard]] std::vector<std::string> violations(std::string_view schema, const json::Value& value) const;
    /// A value of a named schema with every member filled in, each text and number different.
    [[nodiscard]] json::Value full_example(std::string_view schema) const;
    /// The operation that a request belongs to, as "PUT /api/v1/articles/{articleSystemId}".
    [[nodiscard]] std::string operation_of(const http::Request& request) const;

private:
    struct Operation {
        std::string name;
        const json::Value* node = nullptr;
        std::vector<std::pair<std::string, std::string>> path_values;
    };
    [[nodiscard]] Operation find(const http::Request& request) const;
    [[nodiscard]] const json::Value& resolve(const json::Value& schema) const;
    void check(const json::Value& schema, const json::Value& value, const std::string& path,
               std::vector<std::string>& found) const;
    void check_text(const json::Value& schema, const std::string& text, const std::string& path,
                    std::vector<std::string>& found) const;
    [[nodiscard]] json::Value example(const json::Value& schema, int depth, int& counter) const;

    json::Value document_;
};

} // namespace blongo::test
