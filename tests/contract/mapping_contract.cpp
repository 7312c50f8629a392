// SPDX-License-Identifier: Apache-2.0
// The members that [connections.X.mapping] may write are those of the OpenAPI document, all and no other.
#include <catch2/catch.hpp>

#include <map>
#include <set>

#include <fmt/format.h>

#include <blongo/base/mapping_targets.hpp>
#include <blongo/json/value.hpp>
#include <blongo/map/own_members.hpp>
#include <blongo/ongoing/client.hpp>

#include "support/openapi.hpp"
#include "support/temp_dir.hpp"

using namespace blongo;

namespace {

const json::Value& document() {
    static const json::Value value = json::Value::parse(test::read_data("ongoing-openapi.json")).value();
    return value;
}

const test::OpenApi& contract() {
    static const test::OpenApi value(test::read_data("ongoing-openapi.json"));
    return value;
}

const json::Value& schema(std::string_view name) {
    return document()["components"]["schemas"][name];
}

/// The name of the schema that a property refers to; empty: none.
std::string referred(const json::Value& property) {
    std::string reference(property["$ref"].text());
    for (const char* form : {"allOf", "oneOf"})
        if (reference.empty() && property[form].size() > 0) reference = property[form].elements().front()["$ref"].text();
    return reference.substr(reference.rfind('/') + 1);
}

using Members = std::map<std::string, MappedType>;

void collect(std::string_view name, const std::string& prefix, Members& members, std::set<std::string>& required) {
    for (const auto& item : schema(name)["required"].elements()) required.insert(prefix + std::string(item.text()));
    for (const auto& [key, property] : schema(name)["properties"].members()) {
        const std::string path = prefix + key, inner = referred(property);
        if (!inner.empty() && schema(inner)["enum"].is_null()) {
            collect(inner, path + ".", members, required);
            continue;
        }
        const std::string_view type = property["type"].text();
        members[path] = type == "array"                            ? MappedType::list
                        : type == "number"                         ? MappedType::number
                        : type == "integer"                        ? MappedType::integer
                        : type == "boolean"                        ? MappedType::boolean
                        : property["format"].text() == "date-time" ? MappedType::date_time
                                                                   : MappedType::text;
    }
}

struct Model {
    MappedObject object;
    const char* schema;
};
constexpr Model models[] = {{MappedObject::article, "PostArticleModel"},
                            {MappedObject::order, "PostOrderModel"},
                            {MappedObject::order_line, "PostOrderLine"}};

std::string type_name(MappedType type) {
    return std::string(describe(type));
}

} // namespace

TEST_CASE("the members that templates may write are those of the closed models, with their types") {
    for (const Model& model : models) {
        INFO(model.schema);
        Members expected;
        std::set<std::string> required;
        collect(model.schema, "", expected, required);
        expected.erase("orderLines"); // members of their own
        std::set<std::string> seen;
        for (const MappedMember& member : mapped_members(model.object)) {
            const std::string path(member.path);
            INFO(path);
            seen.insert(path);
            const auto found = expected.find(path);
            REQUIRE(found != expected.end());
            CHECK(type_name(member.type) == type_name(found->second));
            CHECK((member.type != MappedType::list || !member.reserved.empty()));
            // What a closed object cannot be without is ours, required, or the only thing in it, or its siblings need it.
            if (!required.contains(path) || !member.reserved.empty() || member.required) continue;
            const std::string parent = path.substr(0, path.rfind('.') + 1);
            REQUIRE_FALSE(parent.empty());
            for (const MappedMember& sibling : mapped_members(model.object))
                if (sibling.path.starts_with(parent) && sibling.path != member.path) CHECK(sibling.needs == member.path);
        }
        for (const auto& [path, type] : expected) {
            INFO(path);
            CHECK(seen.contains(path));
        }
    }
}

TEST_CASE("what no answer of Ongoing shows is known as unreadable, and nothing else is") {
    const json::Value article = ongoing::post_model_of(contract().full_example("GetArticleModel"));
    const json::Value order = ongoing::post_model_of_order(contract().full_example("GetOrderModel")).value();
    const json::Value& line = order["orderLines"].elements().front();
    for (const Model& model : models) {
        const json::Value& readable = model.object == MappedObject::article ? article
                                      : model.object == MappedObject::order ? order
                                                                            : line;
        for (const MappedMember& member : mapped_members(model.object)) {
            if (member.type == MappedType::list || member.path.starts_with("structureDefinition")) continue;
            INFO(model.schema << "." << member.path);
            CHECK(member.unreadable == readable.at_path(member.path).is_null());
        }
    }
}

TEST_CASE("a value of every member that a template may write keeps the OpenAPI document") {
    for (const Model& model : models) {
        for (const MappedMember& member : mapped_members(model.object)) {
            if (!member.reserved.empty() || !member.needs.empty()) continue;
            INFO(model.schema << "." << member.path);
            const std::string text = member.type == MappedType::boolean     ? "yes"
                                     : member.type == MappedType::date_time ? "2026-11-24"
                                                                            : "12";
            const auto own = parse_own_member(fmt::format("{}.{}", to_string(model.object), member.path), text);
            REQUIRE(own);
            std::vector<std::string> notes;
            const auto refuse = [](const OwnMember&, std::string_view, const std::string& why) { FAIL_CHECK(why); };
            json::Value body = contract().full_example(model.schema);
            body.set_path(member.path, map::own_value(*own, text, notes, refuse));
            CHECK(contract().violations(model.schema, body) == std::vector<std::string>{});
            CHECK_FALSE(body.at_path(member.path).is_null());
        }
    }
}
