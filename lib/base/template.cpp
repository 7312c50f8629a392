// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/template.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <utf8proc.h>

#include <blongo/base/ids.hpp>
#include <blongo/base/text.hpp>
#include <blongo/base/unicode.hpp>

namespace blongo {
namespace {

constexpr std::string_view courier_fields[] = {
    "auto",
    "cod_amount",
    "currency",
    "goods_value",
    "order_value",
    "payment_done",
    "weight",
    "parcels",
    "order_id",
    "order_number",
    "goods_owner_order_id",
    "shop_order_id",
    "external_order_id",
    "order_source",
    "delivery",
    "email",
    "phone",
    "delivery_method",
    "delivery_fullname",
    "delivery_company",
    "delivery_address",
    "delivery_postcode",
    "delivery_city",
    "delivery_country_code",
    "delivery_point_id",
    "user_comments",
    "admin_comments",
    "extra_field_1",
    "extra_field_2",
    "contents",
    "skus",
    "remark",
    "today",
    "tomorrow",
    "now",
};

constexpr std::string_view filters_for_people = "filters are upper, lower, trim, digits, cut:NUMBER";

/// Error (config) about a template: what is wrong, and what to write instead.
tl::unexpected<Error> broken(std::string what, std::string remedy) {
    return fail(ErrorKind::config, std::move(what), {}, std::move(remedy));
}

std::string change_case(std::string_view text, utf8proc_int32_t (*change)(utf8proc_int32_t)) {
    std::string out;
    for (std::size_t at = 0; at < text.size();)
        unicode::append(out, static_cast<char32_t>(change(static_cast<utf8proc_int32_t>(unicode::next(text, at)))));
    return out;
}

std::string only_digits(std::string_view text) {
    std::string out;
    std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return c >= '0' && c <= '9'; });
    return out;
}

Result<void> check_name(const std::string& name, std::span<const std::string_view> known) {
    if (name.empty())
        return broken("a placeholder without a name", "write {name}, or {{ and }} for the characters themselves");
    if (known.empty() || std::ranges::find(known, name) != known.end()) return {};
    const std::vector<std::string> names(known.begin(), known.end());
    const auto meant = nearest(name, names);
    return broken(fmt::format("unknown placeholder {{{}}}", name),
                  meant ? fmt::format("did you mean {{{}}}?", *meant) : "known are " + join(names, ", "));
}

} // namespace

Result<Template> Template::parse(std::string_view text, std::span<const std::string_view> known) {
    Template made;
    made.text_ = text;
    std::string literal;
    const auto end_literal = [&] {
        if (!literal.empty()) made.parts_.push_back({std::exchange(literal, {}), {}, {}});
    };
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (c != '{' && c != '}') {
            literal += c;
            ++at;
            continue;
        }
        if (at + 1 < text.size() && text[at + 1] == c) {
            literal += c;
            at += 2;
            continue;
        }
        const std::size_t column = character_count(text.substr(0, at)) + 1;
        if (c == '}')
            return broken(fmt::format("the brace at character {} closes nothing", column),
                          "write }} for the character itself");
        const std::size_t end = text.find_first_of("{}", at + 1);
        if (end == std::string_view::npos || text[end] == '{')
            return broken(fmt::format("the brace at character {} is never closed", column),
                          "write {{ for the character itself");
        end_literal();
        BLONGO_TRY(Part part, parse_placeholder(text.substr(at + 1, end - at - 1), known));
        made.parts_.push_back(std::move(part));
        at = end + 1;
    }
    end_literal();
    return made;
}

Result<Template::Part> Template::parse_placeholder(std::string_view inside, std::span<const std::string_view> known) {
    const std::vector<std::string> pieces = split(inside, '|');
    Part part;
    for (const std::string& name : split(pieces.front(), ',')) {
        part.names.emplace_back(trim(name));
        BLONGO_CHECK(check_name(part.names.back(), known));
    }
    for (std::size_t i = 1; i < pieces.size(); ++i) {
        BLONGO_TRY(const Filter filter, parse_filter(trim(pieces[i])));
        part.filters.push_back(filter);
    }
    return part;
}

Result<Template::Filter> Template::parse_filter(std::string_view text) {
    using Kind = Filter::Kind;
    constexpr std::string_view cut = "cut:";
    if (text == "upper") return Filter{Kind::upper};
    if (text == "lower") return Filter{Kind::lower};
    if (text == "trim") return Filter{Kind::trim};
    if (text == "digits") return Filter{Kind::digits};
    if (text.starts_with("cut")) {
        const auto count = text.starts_with(cut) ? parse_id(trim(text.substr(cut.size()))) : std::nullopt;
        if (!count || *count < 1)
            return broken(fmt::format("the filter \"{}\" does not say how many characters are left", text),
                          "write for example cut:30");
        return Filter{Kind::cut, static_cast<std::size_t>(*count)};
    }
    static const std::vector<std::string> words = {"upper", "lower", "trim", "digits"};
    const auto meant = nearest(text, words);
    return broken(fmt::format("unknown filter \"{}\"", text),
                  meant ? fmt::format("did you mean \"{}\"?", *meant) : std::string(filters_for_people));
}

std::string Template::filtered(std::string value, const Filter& filter) {
    switch (filter.kind) {
    case Filter::Kind::upper: return change_case(value, utf8proc_toupper);
    case Filter::Kind::lower: return change_case(value, utf8proc_tolower);
    case Filter::Kind::trim: return std::string(blongo::trim(value));
    case Filter::Kind::digits: return only_digits(value);
    case Filter::Kind::cut: return cut_characters(value, filter.characters);
    }
    return value;
}

std::string Template::render(const Lookup& lookup) const {
    std::string out;
    for (const Part& part : parts_) {
        std::string value = part.literal;
        for (const std::string& name : part.names) {
            value = lookup(name);
            if (!value.empty()) break;
        }
        for (const Filter& filter : part.filters)
            value = filtered(std::move(value), filter);
        out += value;
    }
    return out;
}

std::vector<std::string> Template::names() const {
    std::vector<std::string> all;
    for (const Part& part : parts_)
        for (const std::string& name : part.names)
            if (std::ranges::find(all, name) == all.end()) all.push_back(name);
    return all;
}

bool Template::only_placeholders() const noexcept {
    return std::ranges::all_of(parts_, [](const Part& part) { return blongo::trim(part.literal).empty(); });
}

bool Template::is_just(std::string_view name) const noexcept {
    return parts_.size() == 1 && parts_.front().names.size() == 1 && parts_.front().names.front() == name &&
           parts_.front().filters.empty();
}

std::span<const std::string_view> courier_field_placeholders() noexcept {
    return courier_fields;
}

} // namespace blongo
