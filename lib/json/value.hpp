// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <blongo/base/decimal.hpp>
#include <blongo/base/result.hpp>
#include <blongo/json/reader.hpp>

namespace blongo::json {

/// A JSON value that can be built and changed. Objects keep the order of their members;
/// numbers keep their text, so that decimals stay exact. For documents that are edited
/// (GET, overlay, PUT), for the sandbox and for tests; answers are read with Node.
class Value {
public:
    struct Number {
        std::string text;
        friend bool operator==(const Number&, const Number&) = default;
    };
    using Array = std::vector<Value>;
    using Member = std::pair<std::string, Value>;
    using Object = std::vector<Member>;

    Value() = default; ///< null
    Value(std::nullptr_t) {}
    Value(bool truth) : data_(truth) {}
    Value(int number) : Value(static_cast<std::int64_t>(number)) {}
    Value(std::int64_t number) : data_(Number{std::to_string(number)}) {}
    Value(const Decimal& number) : data_(Number{number.to_string()}) {}
    Value(std::string text) : data_(std::move(text)) {}
    Value(std::string_view text) : data_(std::string(text)) {}
    Value(const char* text) : data_(std::string(text)) {}
    Value(Array elements) : data_(std::move(elements)) {}
    Value(Object members) : data_(std::move(members)) {}
    /// A number from its JSON text, unchecked.
    [[nodiscard]] static Value number(std::string text) { return Value(Number{std::move(text)}); }
    [[nodiscard]] static Value array() { return Value(Array{}); }
    [[nodiscard]] static Value object() { return Value(Object{}); }
    /// A deep copy of a node; null when it is missing.
    [[nodiscard]] static Value from(Node node);
    [[nodiscard]] static Result<Value> parse(std::string text);

    [[nodiscard]] Kind kind() const noexcept;
    [[nodiscard]] bool is_null() const noexcept { return kind() == Kind::null; }
    [[nodiscard]] bool is_object() const noexcept { return kind() == Kind::object; }
    [[nodiscard]] bool is_array() const noexcept { return kind() == Kind::array; }
    [[nodiscard]] bool is_string() const noexcept { return kind() == Kind::string; }
    [[nodiscard]] bool is_number() const noexcept { return kind() == Kind::number; }
    [[nodiscard]] bool is_bool() const noexcept { return kind() == Kind::boolean; }

    [[nodiscard]] std::string_view text() const noexcept; ///< as Node::text()
    [[nodiscard]] bool is_true() const noexcept;
    /// The number or numeric string as an integer, else `fallback`.
    [[nodiscard]] std::int64_t integer(std::int64_t fallback = 0) const noexcept;
    [[nodiscard]] std::optional<Decimal> decimal() const;

    /// Members of an object; empty for everything else. Mutable access makes an object of null.
    [[nodiscard]] const Object& members() const noexcept;
    [[nodiscard]] Object& members();
    [[nodiscard]] const Array& elements() const noexcept;
    [[nodiscard]] Array& elements();
    [[nodiscard]] std::size_t size() const noexcept;

    /// The member, or nullptr.
    [[nodiscard]] const Value* find(std::string_view key) const noexcept;
    [[nodiscard]] Value* find(std::string_view key) noexcept;
    /// The member; a null value if there is none.
    [[nodiscard]] const Value& operator[](std::string_view key) const noexcept;
    /// The member, made when missing (null becomes an object first).
    Value& operator[](std::string_view key);
    /// Sets a member and returns *this, for building: Value::object().set("a", 1).set("b", "x").
    Value& set(std::string_view key, Value value) &;
    [[nodiscard]] Value set(std::string_view key, Value value) &&;
    bool erase(std::string_view key);
    void push_back(Value value);

    /// A dotted path through objects: at_path("barCodeInfo.barCode"); null value if not there.
    [[nodiscard]] const Value& at_path(std::string_view dotted) const noexcept;
    /// Sets by dotted path, making objects on the way.
    void set_path(std::string_view dotted, Value value);
    bool erase_path(std::string_view dotted);

    /// Compact JSON, UTF-8 unescaped. Members in their order.
    [[nodiscard]] std::string dump() const;
    /// Appends what dump() returns.
    void append_to(std::string& out) const;
    /// Compact JSON with members sorted by key and numbers in shortest form: for hashing and comparing.
    [[nodiscard]] std::string canonical() const;
    /// Indented by two spaces, for people and test data.
    [[nodiscard]] std::string pretty() const;

    friend bool operator==(const Value&, const Value&) = default;

private:
    explicit Value(Number number) : data_(std::move(number)) {}
    std::variant<std::monostate, bool, Number, std::string, Array, Object> data_;
};

/// A member that stays where it is.
struct MemberView {
    std::string_view name;
    const Value* value = nullptr; ///< never null
};
/// Value::canonical() of the object that these members make.
[[nodiscard]] std::string canonical(std::vector<MemberView> members);

} // namespace blongo::json
