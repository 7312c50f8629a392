// SPDX-License-Identifier: Apache-2.0
#include "openapi.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/base/time.hpp>

#include "embedded.hpp"

namespace blongo::sandbox {

namespace {

constexpr std::string_view prefix = "/api/v1";

bool is_placeholder(const std::string& segment) {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

bool is_int32(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() && number >= std::numeric_limits<std::int32_t>::min() &&
           number <= std::numeric_limits<std::int32_t>::max();
}

/// Date and time with a zone, or a bare date: the two forms that the vendor's samples send.
bool is_date_time(std::string_view text) {
    if (!parse_timestamp(text)) return false;
    if (text.size() == 10) return true;
    return text.back() == 'Z' || text.find_first_of("+-", 10) != std::string_view::npos;
}

std::string parameter_problem(const json::Value& schema, std::string_view text) {
    const std::string_view type = schema["type"].text();
    if (type == "array") return parameter_problem(schema["items"], text);
    if (type == "integer" && !is_int32(text)) return "is not a 32-bit integer";
    if (type == "boolean" && text != "true" && text != "false") return "is not true or false";
    if (schema["format"].text() == "date-time" && !is_date_time(text)) return "is not a date and time with a zone";
    return {};
}

} // namespace

OpenApi::OpenApi() {
    auto parsed = json::Value::parse(std::string(embedded_openapi()));
    if (!parsed) throw std::logic_error("the OpenAPI document does not parse: " + parsed.error().text());
    document_ = std::move(*parsed);
    const json::Value& constant = document_;
    for (const auto& [path, methods] : constant["paths"].members()) {
        if (!path.starts_with(prefix)) continue;
        std::string text = path.substr(prefix.size());
        auto segments = split(std::string_view(text).substr(1), '/');
        templates_.push_back({std::move(text), std::move(segments), &methods});
    }
    std::stable_sort(templates_.begin(), templates_.end(), [](const Template& a, const Template& b) {
        return std::count_if(a.segments.begin(), a.segments.end(), is_placeholder) <
               std::count_if(b.segments.begin(), b.segments.end(), is_placeholder);
    });
}

OpenApi::Route OpenApi::route(std::string_view method, std::string_view path) const {
    Route route;
    route.operation = fmt::format("{} {}", method, path);
    if (path.empty() || path.front() != '/') return route;
    const auto segments = split(path.substr(1), '/');
    for (const Template& candidate : templates_) {
        if (candidate.segments.size() != segments.size()) continue;
        std::map<std::string, std::string> values;
        bool fits = true;
        for (std::size_t i = 0; i < segments.size() && fits; ++i) {
            const std::string& expected = candidate.segments[i];
            if (is_placeholder(expected))
                values[expected.substr(1, expected.size() - 2)] = segments[i];
            else
                fits = expected == segments[i];
        }
        if (!fits) continue;
        const bool first_fit = !route.path_exists;
        route.path_exists = true;
        const json::Value* definition = candidate.methods->find(to_lower_ascii(method));
        if (definition == nullptr && !first_fit) continue;
        route.operation = fmt::format("{} {}", method, candidate.text);
        route.path = std::move(values);
        route.definition = definition;
        if (definition != nullptr) break;
    }
    return route;
}

std::vector<Problem> OpenApi::check_parameters(const Route& route, const Fields& query) const {
    std::vector<Problem> problems;
    std::vector<std::string> known;
    for (const json::Value& parameter : (*route.definition)["parameters"].elements()) {
        const std::string name(parameter["name"].text());
        const json::Value& schema = resolve(parameter["schema"]);
        if (parameter["in"].text() == "path") {
            const auto value = route.path.find(name);
            if (value == route.path.end()) continue;
            if (const auto problem = parameter_problem(schema, value->second); !problem.empty())
                problems.push_back({"bad_path", "path " + name, fmt::format("'{}' {}", value->second, problem)});
            continue;
        }
        known.push_back(name);
        const std::size_t times = count(query, name);
        if (times == 0) {
            if (parameter["required"].is_true())
                problems.push_back({"missing_query", "query " + name, "a required query parameter is missing"});
            continue;
        }
        const bool array = schema["type"].text() == "array";
        if (!array && times > 1)
            problems.push_back({"repeated_query", "query " + name, "the parameter stands there more than once"});
        for (const auto& [key, value] : query) {
            if (key != name) continue;
            if (value.empty()) {
                problems.push_back({"empty_query", "query " + name, "the parameter is empty"});
                continue;
            }
            if (array && value.find(',') != std::string::npos)
                problems.push_back(
                    {"comma_list", "query " + name, "several values are sent as repeated keys; a comma list matches nothing"});
            else if (const auto problem = parameter_problem(schema, value); !problem.empty())
                problems.push_back({"bad_query", "query " + name, fmt::format("'{}' {}", value, problem)});
        }
    }
    for (const auto& [key, value] : query)
        if (std::find(known.begin(), known.end(), key) == known.end())
            problems.push_back({"unknown_query", "query " + key, "the operation knows no such parameter"});
    return problems;
}

bool OpenApi::takes_body(const Route& route) {
    return route.definition->find("requestBody") != nullptr;
}

std::vector<Problem> OpenApi::check_body(const Route& route, const json::Value& body) const {
    std::vector<Problem> problems;
    const json::Value& request = (*route.definition)["requestBody"];
    check(body, request["content"]["application/json"]["schema"], "", problems);
    return problems;
}

const json::Value& OpenApi::resolve(const json::Value& schema) const {
    static constexpr std::string_view place = "#/components/schemas/";
    const std::string_view reference = schema["$ref"].text();
    if (!reference.starts_with(place)) return schema;
    return document_["components"]["schemas"][reference.substr(place.size())];
}

void OpenApi::check(const json::Value& value, const json::Value& unresolved, const std::string& where,
                    std::vector<Problem>& problems) const {
    const json::Value& schema = resolve(unresolved);
    const auto report = [&](const char* kind, std::string detail) {
        problems.push_back({kind, where.empty() ? "body" : where, std::move(detail)});
    };
    if (value.is_null()) {
        if (!schema["nullable"].is_true()) report("null_not_allowed", "null stands where a value is due");
        return;
    }
    for (const json::Value& part : schema["allOf"].elements()) check(value, part, where, problems);

    const std::string_view type = schema["type"].text();
    if (type == "object") {
        if (!value.is_object()) return report("wrong_type", "an object is due");
        const json::Value& properties = schema["properties"];
        const bool closed = schema.find("additionalProperties") != nullptr && schema["additionalProperties"].is_bool() &&
                            !schema["additionalProperties"].is_true();
        for (const auto& [name, member] : value.members()) {
            const std::string place = where.empty() ? name : fmt::format("{}.{}", where, name);
            if (const json::Value* property = properties.find(name))
                check(member, *property, place, problems);
            else if (closed)
                problems.push_back({"unknown_member", place, "the model knows no such member"});
        }
        for (const json::Value& name : schema["required"].elements())
            if (value.find(name.text()) == nullptr)
                problems.push_back({"missing_member",
                                    where.empty() ? std::string(name.text()) : fmt::format("{}.{}", where, name.text()),
                                    "a required member is missing"});
        return;
    }
    if (type == "array") {
        if (!value.is_array()) return report("wrong_type", "an array is due");
        if (const json::Value* least = schema.find("minItems");
            least != nullptr && static_cast<std::int64_t>(value.size()) < least->integer())
            report("too_few_items", fmt::format("at least {} elements are due", least->integer()));
        for (std::size_t i = 0; i < value.size(); ++i)
            check(value.elements()[i], schema["items"], fmt::format("{}[{}]", where, i), problems);
        return;
    }
    if (type == "string") {
        if (!value.is_string()) return report("wrong_type", "a string is due");
        const std::size_t length = character_count(value.text());
        if (const json::Value* most = schema.find("maxLength");
            most != nullptr && static_cast<std::int64_t>(length) > most->integer())
            report("too_long", fmt::format("{} characters, at most {} fit", length, most->integer()));
        if (const json::Value* least = schema.find("minLength");
            least != nullptr && static_cast<std::int64_t>(length) < least->integer())
            report("too_short", "an empty string stands where a value is due");
        if (schema["format"].text() == "date-time" && !is_date_time(value.text()))
            report("bad_date", fmt::format("'{}' is no date and time with a zone", value.text()));
        const auto& allowed = schema["enum"].elements();
        if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), value) == allowed.end())
            report("bad_enum", fmt::format("'{}' is none of the values that are allowed", value.text()));
        return;
    }
    if (type == "boolean" && !value.is_bool()) return report("wrong_type", "true or false is due");
    if (type == "number" && !value.is_number()) return report("wrong_type", "a number is due");
    if (type == "integer" && !(value.is_number() && is_int32(value.text())))
        return report("wrong_type", "a 32-bit integer is due");
}

} // namespace blongo::sandbox
