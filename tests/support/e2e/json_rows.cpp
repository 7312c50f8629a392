// SPDX-License-Identifier: Apache-2.0
#include "support/e2e/json_rows.hpp"

#include <algorithm>
#include <map>

#include <blongo/report/row_types.hpp>

namespace blongo::test {
namespace {

using Members = std::map<std::string, std::vector<std::string>, std::less<>>; ///< parts by member

const std::map<std::string, Members, std::less<>>& listed() {
    static const auto all = [] {
        std::map<std::string, Members, std::less<>> types;
        for (const report::RowType& type : report::row_types()) {
            Members& members = types[std::string(type.name)];
            members = {{"schema", {}}, {"message_type", {}}, {"time", {}}};
            for (report::RowMember& member : report::members_of(type)) members[member.name] = std::move(member.parts);
        }
        return types;
    }();
    return all;
}

/// The first part of an object, or of the objects of a list, that is not listed.
std::string unlisted_part(const json::Value& value, const std::vector<std::string>& parts) {
    if (parts == std::vector<std::string>{"*"}) return {};
    for (const auto& [name, part] : value.members())
        if (std::ranges::find(parts, name) == parts.end()) return name;
    for (const json::Value& element : value.elements())
        if (const std::string found = unlisted_part(element, parts); !found.empty()) return found;
    return {};
}

} // namespace

std::string unlisted(const json::Value& line) {
    if (line.find("message_type") == nullptr) return {};
    const std::string type(line["message_type"].text());
    const auto known = listed().find(type);
    if (known == listed().end()) return "a row of type " + type;
    for (const auto& [name, value] : line.members()) {
        const auto member = known->second.find(name);
        if (member == known->second.end()) return type + "." + name;
        if (const std::string part = unlisted_part(value, member->second); !part.empty()) return type + "." + name + "." + part;
    }
    return {};
}

} // namespace blongo::test
