// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/document.hpp>

#include <algorithm>

#include <blongo/base/text.hpp>
#include <blongo/json/writer.hpp>

namespace blongo::map {

const json::Value* ArticleDocument::find(std::string_view target) const {
    const auto found = std::ranges::find(members, target, &Member::target);
    return found == members.end() ? nullptr : &found->value;
}

std::string ArticleDocument::fingerprint() const {
    // As the canonical form of {"mapping", "members": {target: value}, "number"} reads, without the tree of copies.
    std::vector<const Member*> sorted;
    sorted.reserve(members.size());
    for (const Member& member : members) sorted.push_back(&member);
    std::ranges::sort(sorted, {}, &Member::target);
    std::string text = "{\"mapping\":" + std::to_string(article_mapping_version) + ",\"members\":{";
    for (const Member* member : sorted) {
        if (member != sorted.front()) text += ',';
        json::append_quoted(text, member->target);
        text += ':';
        text += member->value.canonical();
    }
    text += "},\"number\":";
    json::append_quoted(text, number.value());
    text += '}';
    return blongo::fingerprint(text);
}

} // namespace blongo::map
