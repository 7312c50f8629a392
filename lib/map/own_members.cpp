// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/own_members.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/map/keys.hpp>

namespace blongo::map {

namespace {

using json::Value;

constexpr std::size_t shown_characters = 60;

Value text_value(const OwnMember& own, std::string_view text, std::vector<std::string>& notes, const RefuseMember& refuse) {
    const MappedMember& member = *own.member;
    std::string value = member.kind == TextKind::text ? std::string(trim(normalise_text(text))) : line_text(text);
    if (value.empty()) return {};
    if (member.characters == 0 || character_count(value) <= member.characters) return Value(std::move(value));
    if (member.kind == TextKind::key) {
        refuse(own, "key_too_long", fmt::format("is longer than {} characters", member.characters));
        return {};
    }
    value = trim(cut_characters(value, member.characters));
    notes.push_back(fmt::format("{} cut to {} characters", member.path, member.characters));
    return value.empty() ? Value{} : Value(std::move(value));
}

const Value* value_of(const std::vector<Member>& members, std::string_view target) {
    const auto found = std::ranges::find(members, target, &Member::target);
    return found == members.end() ? nullptr : &found->value;
}

void write(std::vector<Member>& members, std::string_view target, Value value) {
    const auto found = std::ranges::find(members, target, &Member::target);
    if (value.is_null()) {
        if (found != members.end()) members.erase(found);
    } else if (found != members.end()) {
        found->value = std::move(value);
    } else {
        members.push_back({std::string(target), std::move(value)});
    }
}

/// What a template reads, values that are empty too.
std::vector<std::pair<std::string, std::string>> sources_in(const Template& text, const Template::Lookup& source) {
    std::vector<std::pair<std::string, std::string>> reads;
    for (const std::string& name : text.names()) reads.emplace_back(name, source(name));
    return reads;
}

} // namespace

json::Value own_value(const OwnMember& own, std::string_view text, std::vector<std::string>& notes, const RefuseMember& refuse) {
    const MappedType type = own.member->type;
    if (type == MappedType::text) return text_value(own, text, notes, refuse);
    const std::string value = line_text(text);
    if (value.empty()) return {};
    const auto converted = mapped_text(type, value);
    if (!converted) {
        refuse(own, "field_invalid",
               fmt::format("gives \"{}\", which is not {}", cut_characters(value, shown_characters), describe(type)));
        return {};
    }
    if (type == MappedType::boolean) return Value(*converted == "true");
    return type == MappedType::date_time ? Value(*converted) : Value::number(*converted);
}

void write_own_members(const OwnMembers& own, const Template::Lookup& source, std::vector<Member>& members,
                       std::vector<std::string>& notes, const RefuseMember& refuse, std::vector<OwnTrace>* traces) {
    for (const OwnMember& each : own) {
        const std::string_view target = each.member->path;
        const Value* before = value_of(members, target);
        const std::string by_default = before == nullptr ? std::string{} : source_text(*before);
        const auto lookup = [&](std::string_view name) { return name == default_source ? by_default : source(name); };
        if (traces != nullptr) traces->push_back({std::string(target), sources_in(each.text, lookup), by_default});
        std::string problem;
        const std::string text = each.text.render(lookup, &problem);
        if (!problem.empty()) {
            refuse(each, "field_invalid", "cannot be made: " + problem);
            continue;
        }
        bool refused = false;
        const auto tell = [&](const OwnMember& which, std::string_view cause, std::string why) {
            refused = true;
            refuse(which, cause, std::move(why));
        };
        Value value = own_value(each, text, notes, tell);
        if (refused) continue;
        if (value.is_null() && each.member->required)
            refuse(each, "field_invalid", "is empty, and Ongoing takes nothing without it");
        else
            write(members, target, std::move(value));
    }
    for (const OwnMember& each : own) {
        const MappedMember& member = *each.member;
        const bool complete = member.needs.empty() || value_of(members, member.needs) != nullptr;
        if (complete || value_of(members, member.path) == nullptr) continue;
        write(members, member.path, {});
        notes.push_back(fmt::format("{} left out: {} is empty", member.path, member.needs));
    }
}

std::string source_text(const json::Value& value) {
    if (value.is_bool()) return value.is_true() ? "true" : "false";
    if (value.is_array() || value.is_object()) return value.dump();
    return std::string(value.text());
}

} // namespace blongo::map
