// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/mapping.hpp>

#include <algorithm>
#include <iterator>
#include <span>

#include <fmt/format.h>

#include <blongo/map/article.hpp>
#include <blongo/map/order.hpp>
#include <blongo/sync/settings.hpp>

namespace blongo::sync {

namespace {

constexpr std::string_view line_prefix = "orderLines[].";

std::string limit_of(const MappedMember& member) {
    if (member.characters == 0) return {};
    return fmt::format("at most {} characters, {}", member.characters,
                       member.kind == TextKind::key ? "longer ones are rejected" : "cut");
}

std::string in_words(const OwnMember& own) {
    const std::string limit = limit_of(*own.member);
    return fmt::format("template, {}{}{}", describe(own.member->type), limit.empty() ? "" : ", ", limit);
}

/// Lays the templates over the rows: in their place, or behind them.
void lay_over(std::vector<MappingLine>& lines, std::string_view flow, std::string_view prefix, const map::OwnMembers& own) {
    for (const OwnMember& each : own) {
        const std::string target = std::string(prefix) + std::string(each.member->path);
        auto line = std::ranges::find(lines, target, &MappingLine::target);
        if (line == lines.end()) {
            lines.push_back({std::string(flow), target, {}, {}, false, {}, {}});
            line = std::prev(lines.end());
        }
        line->by_default = line->source;
        line->source = each.text.text();
        line->transformation = in_words(each);
        line->own = true;
        line->origin = each.origin;
    }
}

} // namespace

std::vector<MappingLine> mapping_in_effect(std::string_view flow, const config::Connection* connection) {
    const bool orders = flow == "orders";
    std::vector<MappingLine> lines;
    if (!orders && flow != "articles") return lines;
    for (const map::MappingRow& row : orders ? map::order_mapping() : map::article_mapping())
        lines.push_back({std::string(flow),
                         std::string(row.target),
                         std::string(row.source),
                         std::string(row.transformation),
                         false,
                         {},
                         {}});
    if (connection == nullptr) return lines;
    if (!orders) {
        lay_over(lines, flow, "", article_map_options(*connection).own_members);
        return lines;
    }
    const map::OrderOptions options = order_map_options(*connection);
    lay_over(lines, flow, "", options.own_members);
    lay_over(lines, flow, line_prefix, options.own_line_members);
    return lines;
}

std::vector<MappingTarget> mapping_targets() {
    std::vector<MappingTarget> targets;
    for (const MappedObject object : {MappedObject::article, MappedObject::order, MappedObject::order_line})
        for (const MappedMember& member : mapped_members(object))
            targets.push_back({fmt::format("{}.{}", to_string(object), member.path), std::string(describe(member.type)),
                               member.reserved.empty() ? limit_of(member) : "reserved: " + std::string(member.reserved)});
    return targets;
}

} // namespace blongo::sync
