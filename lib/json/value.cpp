// SPDX-License-Identifier: Apache-2.0
#include <blongo/json/value.hpp>

#include <algorithm>
#include <charconv>

namespace blongo::json {
namespace {

constinit const Value null_value;
constinit const Value::Object no_members;
constinit const Value::Array no_elements;

/// Splits "a.b.c" into "a" and "b.c".
std::pair<std::string_view, std::string_view> first_step(std::string_view dotted) {
    const std::size_t dot = dotted.find('.');
    if (dot == std::string_view::npos) return {dotted, {}};
    return {dotted.substr(0, dot), dotted.substr(dot + 1)};
}

} // namespace

Value Value::from(Node node) {
    switch (node.kind()) {
    case Kind::missing:
    case Kind::null: return {};
    case Kind::boolean: return node.is_true();
    case Kind::number: return number(std::string(node.text()));
    case Kind::string: return node.text();
    case Kind::array: {
        Array elements;
        elements.reserve(node.size());
        for (const Node element : node) elements.push_back(from(element));
        return elements;
    }
    case Kind::object: {
        Object members;
        members.reserve(node.size());
        for (const Node member : node) members.emplace_back(member.key(), from(member));
        return members;
    }
    }
    return {};
}

Result<Value> Value::parse(std::string text) {
    BLONGO_TRY(const Document document, Document::parse(std::move(text)));
    return from(document.root());
}

Kind Value::kind() const noexcept {
    constexpr Kind kinds[] = {Kind::null, Kind::boolean, Kind::number, Kind::string, Kind::array, Kind::object};
    return kinds[data_.index()];
}

std::string_view Value::text() const noexcept {
    if (const auto* string = std::get_if<std::string>(&data_)) return *string;
    if (const auto* digits = std::get_if<Number>(&data_)) return digits->text;
    if (const auto* truth = std::get_if<bool>(&data_)) return *truth ? "true" : "false";
    return {};
}

bool Value::is_true() const noexcept {
    const auto* truth = std::get_if<bool>(&data_);
    return truth != nullptr && *truth;
}

std::int64_t Value::integer(std::int64_t fallback) const noexcept {
    if (!is_number() && !is_string()) return fallback;
    const std::string_view digits = text();
    std::int64_t result = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), result);
    return error == std::errc{} && end == digits.data() + digits.size() ? result : fallback;
}

std::optional<Decimal> Value::decimal() const {
    if (!is_number() && !is_string()) return std::nullopt;
    return Decimal::parse(text());
}

const Value::Object& Value::members() const noexcept {
    const auto* object = std::get_if<Object>(&data_);
    return object != nullptr ? *object : no_members;
}

Value::Object& Value::members() {
    if (!is_object()) data_ = Object{};
    return std::get<Object>(data_);
}

const Value::Array& Value::elements() const noexcept {
    const auto* array = std::get_if<Array>(&data_);
    return array != nullptr ? *array : no_elements;
}

Value::Array& Value::elements() {
    if (!is_array()) data_ = Array{};
    return std::get<Array>(data_);
}

std::size_t Value::size() const noexcept {
    return is_array() ? elements().size() : members().size();
}

const Value* Value::find(std::string_view key) const noexcept {
    const Object& all = members();
    const auto member = std::find_if(all.rbegin(), all.rend(), [&](const Member& m) { return m.first == key; });
    return member != all.rend() ? &member->second : nullptr;
}

Value* Value::find(std::string_view key) noexcept {
    return const_cast<Value*>(static_cast<const Value&>(*this).find(key));
}

const Value& Value::operator[](std::string_view key) const noexcept {
    const Value* member = find(key);
    return member != nullptr ? *member : null_value;
}

Value& Value::operator[](std::string_view key) {
    if (Value* member = find(key)) return *member;
    return members().emplace_back(std::string(key), Value{}).second;
}

Value& Value::set(std::string_view key, Value value) & {
    (*this)[key] = std::move(value);
    return *this;
}

Value Value::set(std::string_view key, Value value) && {
    (*this)[key] = std::move(value);
    return std::move(*this);
}

bool Value::erase(std::string_view key) {
    auto* object = std::get_if<Object>(&data_);
    return object != nullptr && std::erase_if(*object, [&](const Member& m) { return m.first == key; }) > 0;
}

void Value::push_back(Value value) {
    elements().push_back(std::move(value));
}

const Value& Value::at_path(std::string_view dotted) const noexcept {
    const Value* at = this;
    while (!dotted.empty() && at != nullptr) {
        const auto [step, rest] = first_step(dotted);
        at = at->find(step);
        dotted = rest;
    }
    return at != nullptr ? *at : null_value;
}

void Value::set_path(std::string_view dotted, Value value) {
    Value* at = this;
    while (!dotted.empty()) {
        const auto [step, rest] = first_step(dotted);
        at = &(*at)[step];
        dotted = rest;
    }
    *at = std::move(value);
}

bool Value::erase_path(std::string_view dotted) {
    const std::size_t dot = dotted.rfind('.');
    if (dot == std::string_view::npos) return erase(dotted);
    const Value& parent = at_path(dotted.substr(0, dot));
    return parent.is_object() && const_cast<Value&>(parent).erase(dotted.substr(dot + 1));
}

} // namespace blongo::json
