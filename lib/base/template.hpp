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
///   {name}               the value of a placeholder; nothing when it is empty
///   {first,second}       the first one that is not empty
///   {first,'none'}       a text in quotes (' or ") is itself: what stands there when nothing else does
///   {a,b|join:' / '}     all that are not empty, with the text between them
///   {name|upper|cut:9}   filters, from left to right: upper, lower, trim, digits, cut:N (characters)
///   {when|date:%d.%m.%Y} a date or time in another form: %Y %y %m %d %H %M %S %%
///   {{ and }}            the characters themselves
/// Filters before join work on each value, those behind it on the joined text. White space around names and
/// arguments is nothing; an argument in quotes may hold everything.
class Template {
public:
    /// Error (config) for an open brace or quote without its end, an empty name, an unknown filter, a filter with too
    /// few or too many arguments, or a name that `known` does not hold (with the nearest known one). A known name that
    /// ends in * stands for all that begin so: "text_fields.*". An empty `known` lets every name pass.
    [[nodiscard]] static Result<Template> parse(std::string_view text, std::span<const std::string_view> known = {});

    /// Answers the value of a placeholder; an empty text: it has none.
    using Lookup = std::function<std::string(std::string_view name)>;
    [[nodiscard]] std::string render(const Lookup& lookup) const { return render(lookup, nullptr); }
    /// The same. `problem` becomes what a filter could not do ("\"soon\" is no date"); such a value stays as it is.
    [[nodiscard]] std::string render(const Lookup& lookup, std::string* problem) const;

    /// Every name that it looks up, each once, in the order of the text.
    [[nodiscard]] std::vector<std::string> names() const;
    /// Whether there is nothing but placeholders and white space: rendered empty, the field is left out.
    [[nodiscard]] bool only_placeholders() const noexcept;
    /// Whether it is exactly the one placeholder {name}.
    [[nodiscard]] bool is_just(std::string_view name) const noexcept;
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    struct Filter {
        enum class Kind : unsigned char { upper, lower, trim, digits, cut, date, join } kind;
        std::size_t characters = 0; ///< of cut
        std::string text = {};      ///< of date: its form; of join: what stands between
    };
    struct Choice {
        std::string text; ///< a name, or the text itself
        bool constant = false;
    };
    struct Part {
        std::string literal;         ///< when there are no choices
        std::vector<Choice> choices; ///< the first that is not empty counts, or all that are not
        std::vector<Filter> filters;
    };
    static Result<Part> parse_placeholder(std::string_view inside, std::span<const std::string_view> known);
    static Result<Filter> parse_filter(std::string_view text);
    static std::string filtered(std::string value, const Filter& filter, std::string* problem);
    static std::string render_part(const Part& part, const Lookup& lookup, std::string* problem);

    std::string text_;
    std::vector<Part> parts_;
};

/// The placeholders that fields of a courier rule may use, in the order in which they are listed for people.
/// "auto" stands alone: the only service that getCourierServices offers.
[[nodiscard]] std::span<const std::string_view> courier_field_placeholders() noexcept;

} // namespace blongo
