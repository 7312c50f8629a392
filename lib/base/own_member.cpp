// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/mapping_targets.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include <fmt/format.h>

#include <blongo/base/decimal.hpp>
#include <blongo/base/did_you_mean.hpp>
#include <blongo/base/text.hpp>
#include <blongo/base/time.hpp>

namespace blongo {
namespace {

constexpr std::array objects{MappedObject::article, MappedObject::order, MappedObject::order_line};

tl::unexpected<Error> refused(std::string what, std::string remedy) {
    return fail(ErrorKind::config, std::move(what), {}, std::move(remedy));
}

std::string full_name(MappedObject object, std::string_view path) {
    return fmt::format("{}.{}", to_string(object), path);
}

/// Error about a target that is no member of any model: the one that was meant.
tl::unexpected<Error> unknown_target(std::string_view target, std::optional<MappedObject> object) {
    std::vector<std::string> names;
    for (const MappedObject each : objects)
        for (const MappedMember& member : mapped_members(each)) {
            if (!member.reserved.empty() || (object && each != *object)) continue;
            names.push_back(full_name(each, member.path));
            // "orderRemark" for "order.orderRemark"
            if (!object && member.path == target)
                return refused("stands under none of article, order and order_line",
                               did_you_mean(names.back(), {&names.back(), 1}, "", "\""));
        }
    const auto inside =
        std::ranges::find_if(names, [&](const std::string& name) { return name.starts_with(std::string(target) + "."); });
    if (inside != names.end())
        return refused("is an object of Ongoing's request, and a template writes one value",
                       fmt::format("write one of its members, for example \"{}\"", *inside));
    if (!object)
        return refused("stands under none of article, order and order_line",
                       "write for example order.freeText1 = \"{extra_field_1}\"");
    const std::string meant = did_you_mean(target, names, "", "\"");
    return refused(fmt::format("is no member of Ongoing's {}", *object == MappedObject::article ? "PostArticleModel"
                                                               : *object == MappedObject::order ? "PostOrderModel"
                                                                                                : "PostOrderLine"),
                   meant.empty() ? "blongo mapping show --targets lists all members" : meant);
}

/// Whether a source of one kind can be what a member of another kind holds. A text can be anything.
bool can_be(MappedType source, MappedType member) {
    if (source == MappedType::text || member == MappedType::text || source == member) return true;
    return (source == MappedType::integer && member == MappedType::number) ||
           (source == MappedType::number && member == MappedType::integer);
}

/// A template that is one source, or that is constant, is judged before anything is sent.
Result<void> check_type(const OwnMember& own) {
    const MappedMember& member = *own.member;
    if (own.text.names().empty()) {
        const std::string text(trim(own.text.render([](std::string_view) { return std::string{}; })));
        if (text.empty()) return {};
        if (!mapped_text(member.type, text))
            return refused(fmt::format("is \"{}\", and must be {}", text, describe(member.type)),
                           member.type == MappedType::boolean ? "write \"true\" or \"false\""
                                                              : fmt::format("write {}", describe(member.type)));
        if (member.kind == TextKind::key && member.characters > 0 && character_count(text) > member.characters)
            return refused(fmt::format("is longer than {} characters", member.characters), "write a shorter one");
        return {};
    }
    for (const MappingSource& source : mapping_sources(own.object))
        if (own.text.is_just(source.name) && source.name != default_source && !can_be(source.type, member.type))
            return refused(fmt::format("must be {}, and {{{}}} is {}", describe(member.type), source.name, describe(source.type)),
                           "take another source, or another member");
    return {};
}

} // namespace

Result<OwnMember> parse_own_member(std::string_view target, std::string_view text, std::string origin) {
    const std::size_t dot = target.find('.');
    const auto object = mapped_object(target.substr(0, dot));
    if (!object || dot == std::string_view::npos) return unknown_target(target, object);
    OwnMember own{*object, find_member(*object, target.substr(dot + 1)), {}, std::move(origin)};
    if (own.member == nullptr) return unknown_target(target, object);
    if (!own.member->reserved.empty()) return refused(fmt::format("cannot be mapped: {}", own.member->reserved), "leave it out");
    auto parsed = Template::parse(text, mapping_source_names(*object));
    if (!parsed) return refused("is no good template: " + parsed.error().message, parsed.error().remedy);
    own.text = std::move(*parsed);
    BLONGO_CHECK(check_type(own));
    return own;
}

std::optional<std::string> mapped_text(MappedType type, std::string_view text) {
    constexpr std::array<std::string_view, 3> yes{"true", "yes", "1"}, no{"false", "no", "0"};
    constexpr std::size_t bare_date = 10, to_the_second = 19;
    switch (type) {
    case MappedType::text: return std::string(text);
    case MappedType::list: return std::nullopt;
    case MappedType::number: {
        const auto number = Decimal::parse(text);
        return number ? std::optional(number->to_string()) : std::nullopt;
    }
    case MappedType::integer: {
        const auto number = Decimal::parse(text);
        using Limits = std::numeric_limits<std::int32_t>;
        const bool fits = number && number->is_whole() && *number >= Decimal{Limits::min()} && *number <= Decimal{Limits::max()};
        return fits ? std::optional(number->to_string()) : std::nullopt;
    }
    case MappedType::boolean: {
        const std::string word = to_lower_ascii(text);
        if (std::ranges::find(yes, word) != yes.end()) return "true";
        return std::ranges::find(no, word) != no.end() ? std::optional<std::string>("false") : std::nullopt;
    }
    case MappedType::date_time: break;
    }
    const auto time = parse_timestamp(text);
    if (!time) return std::nullopt;
    if (text.size() == bare_date) return std::string(text) + "T12:00:00.000+00:00";
    return format_utc(*time).substr(0, to_the_second) + ".000+00:00";
}

} // namespace blongo
