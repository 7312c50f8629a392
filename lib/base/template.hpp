// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/base/result.hpp>

namespace blongo {

/// A text with placeholders, as users write it in the configuration: "Order {order_id}, {skus|cut:30}".
///   {name}             the value of a placeholder; nothing when it is empty
///   {first,second}     the first one that is not empty
///   {name|upper|cut:9} filters, from left to right: upper, lower, trim, digits, cut:N (characters)
///   {{ and }}          the characters themselves
class Template {
public:
    /// Error (config) for an open brace without its end, an empty name, an unknown filter, or a name that
    /// `known` does not hold (with the nearest known one). An empty `known` lets every name pass.
    [[nodiscard]] static Result<Template> parse(std::string_view text, std::span<const std::string_view> known = {});

    /// Answers the value of a placeholder; an empty text: it has none.
    using Lookup = std::function<std::string(std::string_view name)>;
    [[nodiscard]] std::string render(const Lookup& lookup) const;

    /// Every name that it uses, each once, in the order of the text.
    [[nodiscard]] std::vector<std::string> names() const;
    /// Whether there is nothing but placeholders and white space: rendered empty, the field is left out.
    [[nodiscard]] bool only_placeholders() const noexcept;
    /// Whether it is exactly the one placeholder {name}.
    [[nodiscard]] bool is_just(std::string_view name) const noexcept;
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    struct Filter {
        enum class Kind : unsigned char { upper, lower, trim, digits, cut } kind;
        std::size_t characters = 0; ///< of cut
    };
    struct Part {
        std::string literal;            ///< when there are no names
        std::vector<std::string> names; ///< the first that is not empty counts
        std::vector<Filter> filters;
    };
    static Result<Part> parse_placeholder(std::string_view inside, std::span<const std::string_view> known);
    static Result<Filter> parse_filter(std::string_view text);
    static std::string filtered(std::string value, const Filter& filter);

    std::string text_;
    std::vector<Part> parts_;
};

/// The placeholders that fields of a courier rule may use, in the order in which they are listed for people.
/// "auto" stands alone: the only service that getCourierServices offers.
[[nodiscard]] std::span<const std::string_view> courier_field_placeholders() noexcept;

} // namespace blongo
