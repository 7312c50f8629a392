// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/template.hpp>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <utf8proc.h>

#include <blongo/base/did_you_mean.hpp>
#include <blongo/base/ids.hpp>
#include <blongo/base/text.hpp>
#include <blongo/base/time.hpp>
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

constexpr std::string_view filters_for_people = "filters are upper, lower, trim, digits, cut:NUMBER, date:FORM, join:TEXT";

/// Error (config) about a template: what is wrong, and what to write instead.
tl::unexpected<Error> broken(std::string what, std::string remedy) {
    return fail(ErrorKind::config, std::move(what), {}, std::move(remedy));
}

bool is_quote(char c) {
    return c == '\'' || c == '"';
}

/// The first of `wanted` behind `from` that stands outside quotes; npos: none. A quote without its end reaches to the
/// end of the text.
std::size_t find_unquoted(std::string_view text, std::string_view wanted, std::size_t from) {
    for (std::size_t at = from; at < text.size(); ++at) {
        if (wanted.find(text[at]) != std::string_view::npos) return at;
        if (!is_quote(text[at])) continue;
        at = text.find(text[at], at + 1);
        if (at == std::string_view::npos) break;
    }
    return std::string_view::npos;
}

std::vector<std::string_view> split_unquoted(std::string_view text, char separator) {
    std::vector<std::string_view> pieces;
    for (std::size_t from = 0;;) {
        const std::size_t end = find_unquoted(text, std::string_view(&separator, 1), from);
        pieces.push_back(trim(text.substr(from, end == std::string_view::npos ? end : end - from)));
        if (end == std::string_view::npos) return pieces;
        from = end + 1;
    }
}

/// What stands between quotes; nullopt: there are none around the whole.
std::optional<std::string_view> unquoted(std::string_view text) {
    const bool quoted = text.size() >= 2 && is_quote(text.front()) && text.find(text.front(), 1) == text.size() - 1;
    return quoted ? std::optional(text.substr(1, text.size() - 2)) : std::nullopt;
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

bool is_known(std::string_view name, std::string_view known) {
    if (!known.ends_with('*')) return name == known;
    known.remove_suffix(1);
    return name.size() > known.size() && name.starts_with(known);
}

Result<void> check_name(const std::string& name, std::span<const std::string_view> known) {
    if (name.empty()) return broken("a placeholder without a name", "write {name}, or {{ and }} for the characters themselves");
    if (name.find_first_of("'\"") != std::string::npos)
        return broken(fmt::format("the quotes of {} are not around the whole", name),
                      "write 'text', or \"text\" where it holds an apostrophe");
    const auto fits = [&](std::string_view each) { return is_known(name, each); };
    if (known.empty() || std::ranges::any_of(known, fits)) return {};
    const std::vector<std::string> names(known.begin(), known.end());
    const std::string meant = did_you_mean(name, names, "", "{}");
    return broken(fmt::format("unknown placeholder {{{}}}", name), meant.empty() ? "known are " + join(names, ", ") : meant);
}

constexpr std::string_view date_codes = "YymdHMS%";

/// "2026-11-24", "2026-11-24T06:00:00+01:00" in another form, by its own clock; nullopt: that is no date.
std::optional<std::string> date_in_form(std::string_view value, std::string_view form) {
    constexpr std::size_t date_size = 10, seconds_end = 19;
    if (value.size() < date_size || !parse_timestamp(value)) return std::nullopt;
    const bool with_time = value.size() >= seconds_end;
    const auto part = [&](std::size_t at, std::size_t size, bool known) {
        return known ? value.substr(at, size) : std::string_view("00");
    };
    std::string out;
    for (std::size_t at = 0; at < form.size(); ++at) {
        if (form[at] != '%' || at + 1 == form.size()) {
            out += form[at];
            continue;
        }
        switch (form[++at]) {
        case 'Y': out += part(0, 4, true); break;
        case 'y': out += part(2, 2, true); break;
        case 'm': out += part(5, 2, true); break;
        case 'd': out += part(8, 2, true); break;
        case 'H': out += part(11, 2, with_time); break;
        case 'M': out += part(14, 2, with_time); break;
        case 'S': out += part(17, 2, with_time); break;
        default: out += form[at];
        }
    }
    return out;
}

Result<void> check_date_form(std::string_view form) {
    for (std::size_t at = form.find('%'); at != std::string_view::npos; at = form.find('%', at + 2))
        if (at + 1 == form.size() || date_codes.find(form[at + 1]) == std::string_view::npos)
            return broken(fmt::format("the form \"{}\" of a date has an unknown code \"{}\"", form, form.substr(at, 2)),
                          "codes are %Y %y %m %d %H %M %S %%");
    return {};
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
            return broken(fmt::format("the brace at character {} closes nothing", column), "write }} for the character itself");
        const std::size_t end = find_unquoted(text, "{}", at + 1);
        if (end == std::string_view::npos && text.find('}', at) != std::string_view::npos)
            return broken(fmt::format("a quote behind the brace at character {} is never closed", column),
                          "write 'text', or \"text\" where it holds an apostrophe");
        if (end == std::string_view::npos || text[end] == '{')
            return broken(fmt::format("the brace at character {} is never closed", column), "write {{ for the character itself");
        end_literal();
        BLONGO_TRY(Part part, parse_placeholder(text.substr(at + 1, end - at - 1), known));
        made.parts_.push_back(std::move(part));
        at = end + 1;
    }
    end_literal();
    return made;
}

Result<Template::Part> Template::parse_placeholder(std::string_view inside, std::span<const std::string_view> known) {
    const std::vector<std::string_view> pieces = split_unquoted(inside, '|');
    Part part;
    for (const std::string_view piece : split_unquoted(pieces.front(), ',')) {
        if (const auto constant = unquoted(piece)) {
            part.choices.push_back({std::string(*constant), true});
            continue;
        }
        part.choices.push_back({std::string(piece)});
        BLONGO_CHECK(check_name(part.choices.back().text, known));
    }
    for (std::size_t i = 1; i < pieces.size(); ++i) {
        BLONGO_TRY(Filter filter, parse_filter(pieces[i]));
        part.filters.push_back(std::move(filter));
    }
    if (std::ranges::count(part.filters, Filter::Kind::join, &Filter::kind) > 1)
        return broken("join stands twice in one placeholder", "leave one");
    return part;
}

Result<Template::Filter> Template::parse_filter(std::string_view text) {
    using Kind = Filter::Kind;
    static const std::vector<std::string> words = {"upper", "lower", "trim", "digits", "cut", "date", "join"};
    constexpr Kind kinds[] = {Kind::upper, Kind::lower, Kind::trim, Kind::digits, Kind::cut, Kind::date, Kind::join};
    constexpr std::ptrdiff_t first_with_argument = 4;
    const std::size_t colon = text.find(':');
    const std::string_view name = trim(text.substr(0, colon));
    const auto word = std::ranges::find(words, name);
    if (word == words.end()) {
        const std::string meant = did_you_mean(name, words, "", "\"");
        return broken(fmt::format("unknown filter \"{}\"", name), meant.empty() ? std::string(filters_for_people) : meant);
    }
    Filter filter{kinds[word - words.begin()]};
    const std::string_view written = trim(text.substr(colon == std::string_view::npos ? text.size() : colon + 1));
    filter.text = unquoted(written).value_or(written);
    if (word - words.begin() < first_with_argument) {
        if (colon != std::string_view::npos)
            return broken(fmt::format("the filter \"{}\" takes no argument", name), fmt::format("write |{}", name));
        return filter;
    }
    if (filter.kind == Kind::cut) {
        const auto count = parse_id(filter.text);
        if (!count || *count < 1)
            return broken(fmt::format("the filter \"{}\" does not say how many characters are left", text),
                          "write for example cut:30");
        filter.characters = static_cast<std::size_t>(*count);
    } else if (written.empty()) {
        return broken(fmt::format("the filter \"{}\" needs its argument", name),
                      filter.kind == Kind::date ? "write for example date:%Y-%m-%d" : "write for example join:', '");
    } else if (filter.kind == Kind::date) {
        BLONGO_CHECK(check_date_form(filter.text));
    }
    return filter;
}

std::string Template::filtered(std::string value, const Filter& filter, std::string* problem) {
    switch (filter.kind) {
    case Filter::Kind::upper: return change_case(value, utf8proc_toupper);
    case Filter::Kind::lower: return change_case(value, utf8proc_tolower);
    case Filter::Kind::trim: return std::string(blongo::trim(value));
    case Filter::Kind::digits: return only_digits(value);
    case Filter::Kind::cut: return cut_characters(value, filter.characters);
    case Filter::Kind::join: return value;
    case Filter::Kind::date: break;
    }
    const std::string_view when = blongo::trim(value);
    if (when.empty()) return {};
    if (auto date = date_in_form(when, filter.text)) return std::move(*date);
    if (problem != nullptr && problem->empty()) *problem = fmt::format("\"{}\" is no date", cut_characters(when, 40));
    return value;
}

std::string Template::render_part(const Part& part, const Lookup& lookup, std::string* problem) {
    if (part.choices.empty()) return part.literal;
    auto filter = part.filters.begin();
    const auto joins = std::ranges::find(part.filters, Filter::Kind::join, &Filter::kind);
    std::string value;
    std::vector<std::string> all;
    for (const Choice& choice : part.choices) {
        value = choice.constant ? choice.text : lookup(choice.text);
        if (joins == part.filters.end()) {
            if (!value.empty()) break;
            continue;
        }
        for (filter = part.filters.begin(); filter != joins; ++filter) value = filtered(std::move(value), *filter, problem);
        if (!blongo::trim(value).empty()) all.push_back(std::exchange(value, {}));
    }
    if (joins != part.filters.end()) value = join(all, joins->text);
    for (; filter != part.filters.end(); ++filter) value = filtered(std::move(value), *filter, problem);
    return value;
}

std::string Template::render(const Lookup& lookup, std::string* problem) const {
    std::string out;
    for (const Part& part : parts_) out += render_part(part, lookup, problem);
    return out;
}

std::vector<std::string> Template::names() const {
    std::vector<std::string> all;
    for (const Part& part : parts_)
        for (const Choice& choice : part.choices)
            if (!choice.constant && std::ranges::find(all, choice.text) == all.end()) all.push_back(choice.text);
    return all;
}

bool Template::only_placeholders() const noexcept {
    return std::ranges::all_of(parts_, [](const Part& part) { return blongo::trim(part.literal).empty(); });
}

bool Template::is_just(std::string_view name) const noexcept {
    return parts_.size() == 1 && parts_.front().choices.size() == 1 && !parts_.front().choices.front().constant &&
           parts_.front().choices.front().text == name && parts_.front().filters.empty();
}

std::span<const std::string_view> courier_field_placeholders() noexcept {
    return courier_fields;
}

} // namespace blongo
