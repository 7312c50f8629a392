// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/json/value.hpp>

#include "http_server.hpp"

namespace blongo::sandbox {

/// One thing that a request does against the contract.
struct Problem {
    std::string kind;   ///< unknown_member, missing_member, wrong_type, ...: see --help
    std::string where;  ///< "orderLines[0].rowNumber", "query goodsOwnerId"
    std::string detail; ///< a sentence
};

/// The OpenAPI document of Ongoing's goods owner REST API, as far as a server needs it:
/// which paths exist, what their queries and bodies may hold. It understands the subset of
/// JSON Schema that the document uses: type, properties, required, additionalProperties:false,
/// nullable, items, enum, maxLength, minLength, minItems, allOf, $ref, date-time and int32.
class OpenApi {
public:
    /// The document is the one built into the program.
    OpenApi();

    /// A method of a path template, and what stood in the place of its parameters.
    struct Route {
        std::string operation; ///< "PUT /articles/{articleSystemId}"
        std::map<std::string, std::string> path;
        const json::Value* definition = nullptr; ///< of the method; nullptr: no such operation
        bool path_exists = false;                ///< the path is known, whatever the method
    };
    /// Finds the operation of "/articles/17" (the path behind /api/v1).
    [[nodiscard]] Route route(std::string_view method, std::string_view path) const;

    /// Unknown, missing, doubled or badly typed parameters of path and query.
    [[nodiscard]] std::vector<Problem> check_parameters(const Route& route, const Fields& query) const;
    /// Whether the operation takes a body.
    [[nodiscard]] static bool takes_body(const Route& route);
    [[nodiscard]] std::vector<Problem> check_body(const Route& route, const json::Value& body) const;

private:
    struct Template {
        std::string text;
        std::vector<std::string> segments;
        const json::Value* methods;
    };
    void check(const json::Value& value, const json::Value& unresolved, const std::string& where,
               std::vector<Problem>& problems) const;
    [[nodiscard]] const json::Value& resolve(const json::Value& schema) const;

    json::Value document_;
    std::vector<Template> templates_; ///< fewest placeholders first
};

} // namespace blongo::sandbox
