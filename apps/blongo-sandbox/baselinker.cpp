// SPDX-License-Identifier: Apache-2.0
#include "baselinker.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/text.hpp>

namespace blongo::sandbox {

namespace {

bool is_integer(const json::Value& value) {
    return value.is_number() && value.text().find_first_of(".eE") == std::string_view::npos;
}

/// What is wrong with a value, or nothing.
std::string mismatch(const Parameter& parameter, const json::Value& value) {
    switch (parameter.type) {
    case ParameterType::integer: return is_integer(value) ? "" : "an integer is due";
    case ParameterType::decimal: return value.is_number() ? "" : "a number is due";
    case ParameterType::truth: return value.is_bool() ? "" : "true or false is due";
    case ParameterType::map:
        if (value.is_string()) return "an object is due, not JSON text inside a text: such a value changes nothing";
        return value.is_object() ? "" : "an object is due, also when it is empty";
    case ParameterType::list: return value.is_array() ? "" : "a list is due";
    case ParameterType::integers:
        if (!value.is_array()) return "a list of integers is due";
        return std::all_of(value.elements().begin(), value.elements().end(), is_integer) ? "" : "a list of integers is due";
    case ParameterType::scalar: return value.is_number() || value.is_string() ? "" : "a text or a number is due";
    case ParameterType::text:
        if (!value.is_string()) return "a text is due";
        if (const std::size_t length = character_count(value.text()); parameter.longest > 0 && length > parameter.longest)
            return fmt::format("{} characters, at most {} fit", length, parameter.longest);
        return "";
    }
    return "";
}

} // namespace

json::Value success() {
    return json::Value::object().set("status", "SUCCESS");
}

json::Value base_error(std::string_view code, std::string_view message) {
    return json::Value::object().set("status", "ERROR").set("error_code", code).set("error_message", message);
}

const BaseMethod* find_method(std::string_view name) {
    for (const auto& area : {catalogue_methods(), order_methods(), courier_methods(), package_methods(), return_methods()})
        for (const BaseMethod& method : area)
            if (method.name == name) return &method;
    return nullptr;
}

json::Value run_method(const BaseMethod& method, BaseCall& call) {
    const auto refuse = [&](const char* kind, std::string_view name, const std::string& detail) {
        call.violate(kind, fmt::format("{}.{}", method.name, name), detail);
        return base_error("ERROR_INVALID_DATA", fmt::format("Invalid data format for {}.", name));
    };
    for (const Parameter& parameter : method.parameters) {
        const json::Value* value = call.parameters.find(parameter.name);
        if (value == nullptr) {
            if (parameter.required) return refuse("missing_parameter", parameter.name, "a required parameter is missing");
            continue;
        }
        if (const std::string problem = mismatch(parameter, *value); !problem.empty())
            return refuse("bad_parameter", parameter.name, problem);
    }
    for (const auto& [name, value] : call.parameters.members()) {
        const bool known = std::any_of(method.parameters.begin(), method.parameters.end(),
                                       [&](const Parameter& parameter) { return parameter.name == name; });
        if (!known) return refuse("unknown_parameter", name, "the method knows no such parameter");
    }
    return method.run(call);
}

} // namespace blongo::sandbox
