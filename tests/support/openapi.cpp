// SPDX-License-Identifier: Apache-2.0
#include "support/openapi.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include <blongo/base/decimal.hpp>
#include <blongo/base/text.hpp>
#include <blongo/base/time.hpp>

namespace blongo::test {
namespace {

constexpr std::string_view base_path = "/api/v1";

std::string_view path_of(std::string_view url) {
    const std::size_t start = url.find(base_path);
    if (start == std::string_view::npos) return {};
    return url.substr(start, url.find('?') == std::string_view::npos ? url.size() : url.find('?') - start);
}

std::vector<std::pair<std::string, std::string>> query_of(std::string_view url) {
    std::vector<std::pair<std::string, std::string>> query;
    const std::size_t mark = url.find('?');
    if (mark == std::string_view::npos) return query;
    for (const std::string& part : split(url.substr(mark + 1), '&')) {
        const std::size_t equals = part.find('=');
        query.emplace_back(percent_decode(part.substr(0, equals), true),
                           equals == std::string::npos ? "" : percent_decode(part.substr(equals + 1), true));
    }
    return query;
}

bool is_word(const json::Value& value, std::string_view word) {
    return value.text() == word;
}

bool lists(const json::Value& array, std::string_view word) {
    return std::any_of(array.elements().begin(), array.elements().end(),
                       [&](const json::Value& element) { return is_word(element, word); });
}

} // namespace

OpenApi::OpenApi(std::string text) {
    auto parsed = json::Value::parse(std::move(text));
    if (!parsed) throw std::runtime_error(parsed.error().text());
    document_ = std::move(*parsed);
}

const json::Value& OpenApi::resolve(const json::Value& schema) const {
    const json::Value* current = &schema;
    for (;;) {
        if (const json::Value* all = current->find("allOf")) {
            current = &all->elements().at(0);
        } else if (const json::Value* reference = current->find("$ref")) {
            const std::string_view target = reference->text();
            const std::string name(target.substr(target.rfind('/') + 1));
            current = document_["components"]["schemas"].find(name);
            if (!current) throw std::runtime_error("no schema " + name);
        } else {
            return *current;
        }
    }
}

OpenApi::Operation OpenApi::find(const http::Request& request) const {
    const auto wanted = split(path_of(request.url), '/');
    Operation best;
    for (const auto& [path, methods] : document_["paths"].members()) {
        const auto pattern = split(path, '/');
        const json::Value* node = methods.find(to_lower_ascii(request.method));
        if (pattern.size() != wanted.size() || !node) continue;
        Operation candidate{request.method + " " + path, node, {}};
        bool fits = true;
        for (std::size_t i = 0; i < pattern.size() && fits; ++i) {
            if (pattern[i].starts_with('{'))
                candidate.path_values.emplace_back(pattern[i].substr(1, pattern[i].size() - 2), wanted[i]);
            else
                fits = pattern[i] == wanted[i];
        }
        if (fits && (!best.node || candidate.path_values.size() < best.path_values.size())) best = std::move(candidate);
    }
    return best;
}

std::string OpenApi::operation_of(const http::Request& request) const {
    return find(request).name;
}

std::vector<std::string> OpenApi::violations(const http::Request& request) const {
    std::vector<std::string> found;
    const Operation operation = find(request);
    if (!operation.node) return {"no operation " + request.method + " " + request.url};

    std::set<std::string> given, seen_once;
    const auto& parameters = (*operation.node)["parameters"].elements();
    const auto parameter = [&](std::string_view in, const std::string& name) -> const json::Value* {
        for (const json::Value& candidate : parameters)
            if (is_word(candidate["in"], in) && is_word(candidate["name"], name)) return &candidate["schema"];
        return nullptr;
    };
    for (const auto& [name, value] : operation.path_values) {
        const json::Value* schema = parameter("path", name);
        if (!schema)
            found.push_back("path parameter " + name + " is not declared");
        else
            check_text(*schema, percent_decode(value, false), "path " + name, found);
    }
    for (const auto& [name, value] : query_of(request.url)) {
        const json::Value* schema = parameter("query", name);
        if (!schema) {
            found.push_back("unknown query parameter " + name);
            continue;
        }
        const bool is_list = is_word((*schema)["type"], "array");
        if (!given.insert(name).second && !is_list) found.push_back("query parameter " + name + " is given twice");
        check_text(is_list ? (*schema)["items"] : *schema, value, "query " + name, found);
    }
    for (const json::Value& declared : parameters)
        if (is_word(declared["in"], "query") && declared["required"].is_true() &&
            !given.contains(std::string(declared["name"].text())))
            found.push_back("query parameter " + std::string(declared["name"].text()) + " is missing");

    const json::Value* body = operation.node->find("requestBody");
    if (!body && !request.body.empty()) found.push_back("a body where none is declared");
    if (body && request.body.empty()) found.push_back("the body is missing");
    if (body && !request.body.empty()) {
        const auto value = json::Value::parse(request.body);
        if (!value)
            found.push_back("the body is no JSON");
        else
            check((*body)["content"]["application/json"]["schema"], *value, "$", found);
        const bool typed = std::any_of(request.headers.begin(), request.headers.end(), [](const http::Header& header) {
            return header.name == "Content-Type" && header.value == "application/json";
        });
        if (!typed) found.push_back("the body is not labelled application/json");
    }
    return found;
}

std::vector<std::string> OpenApi::violations(std::string_view schema, const json::Value& value) const {
    std::vector<std::string> found;
    check(document_["components"]["schemas"][schema], value, "$", found);
    return found;
}

void OpenApi::check_text(const json::Value& schema, const std::string& text, const std::string& path,
                         std::vector<std::string>& found) const {
    const std::string_view type = resolve(schema)["type"].text();
    const auto number = Decimal::parse(text);
    bool good = true;
    if (type == "integer") good = number && number->is_whole();
    if (type == "number") good = number.has_value();
    if (type == "boolean") good = text == "true" || text == "false";
    if (resolve(schema)["format"].text() == "date-time") good = parse_timestamp(text).has_value() && text.size() > 10;
    if (!good) found.push_back(path + ": \"" + text + "\" is no " + std::string(type));
}

void OpenApi::check(const json::Value& schema, const json::Value& value, const std::string& path,
                    std::vector<std::string>& found) const {
    const auto wrong = [&](const std::string& what) { found.push_back(path + ": " + what); };
    const json::Value& rule = resolve(schema);
    if (value.is_null()) {
        if (!schema["nullable"].is_true() && !rule["nullable"].is_true()) wrong("null is not allowed");
        return;
    }
    const std::string_view type = rule["type"].text();
    if (type == "integer" && !(value.is_number() && value.decimal() && value.decimal()->is_whole() &&
                               value.text().find('.') == std::string_view::npos))
        return wrong("no integer: " + value.dump());
    if (type == "number" && !value.is_number()) return wrong("no number: " + value.dump());
    if (type == "boolean" && !value.is_bool()) return wrong("no boolean: " + value.dump());
    if (type == "string") {
        if (!value.is_string()) return wrong("no string: " + value.dump());
        const auto length = static_cast<std::int64_t>(character_count(value.text()));
        if (const json::Value* most = rule.find("maxLength"); most && length > most->integer()) wrong("too long");
        if (const json::Value* least = rule.find("minLength"); least && length < least->integer()) wrong("too short");
        if (rule["format"].text() == "date-time" && !parse_timestamp(value.text())) wrong("no date: " + value.dump());
    }
    if (const json::Value* words = rule.find("enum"); words && !lists(*words, value.text()))
        wrong("not one of the allowed words: " + value.dump());
    if (type == "array") {
        if (!value.is_array()) return wrong("no list");
        if (const json::Value* least = rule.find("minItems"); least && static_cast<std::int64_t>(value.size()) < least->integer())
            wrong("too few elements");
        std::size_t index = 0;
        for (const json::Value& element : value.elements())
            check(rule["items"], element, path + "[" + std::to_string(index++) + "]", found);
    }
    if (type == "object" || rule.find("properties")) {
        if (!value.is_object()) return wrong("no object");
        const json::Value* extra = rule.find("additionalProperties");
        const bool closed = extra && extra->is_bool() && !extra->is_true();
        for (const auto& [name, member] : value.members()) {
            const json::Value* declared = rule["properties"].find(name);
            if (declared)
                check(*declared, member, path + "." + name, found);
            else if (closed)
                found.push_back(path + "." + name + ": unknown member of a closed model");
        }
        for (const json::Value& name : rule["required"].elements())
            if (!value.find(name.text())) wrong("required member " + std::string(name.text()) + " is missing");
    }
}

json::Value OpenApi::full_example(std::string_view schema) const {
    int counter = 0;
    return example(document_["components"]["schemas"][schema], 0, counter);
}

json::Value OpenApi::example(const json::Value& schema, int depth, int& counter) const {
    const json::Value& rule = resolve(schema);
    const std::string_view type = rule["type"].text();
    ++counter;
    if (const json::Value* words = rule.find("enum")) return words->elements().at(0);
    if (type == "integer") return json::Value(counter);
    if (type == "number") return json::Value::number(std::to_string(counter) + ".25");
    if (type == "boolean") return json::Value(true);
    if (type == "string")
        return rule["format"].text() == "date-time" ? json::Value("2026-11-23T10:00:00Z")
                                                    : json::Value("text " + std::to_string(counter));
    if (type == "array") {
        json::Value list = json::Value::array();
        if (depth < 8) list.push_back(example(rule["items"], depth + 1, counter));
        return list;
    }
    json::Value object = json::Value::object();
    if (depth >= 8) return object; // a line holds lines
    for (const auto& [name, member] : rule["properties"].members()) object.set(name, example(member, depth + 1, counter));
    return object;
}

} // namespace blongo::test
