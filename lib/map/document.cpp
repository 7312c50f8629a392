// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/document.hpp>

#include <algorithm>

#include <blongo/base/text.hpp>

namespace blongo::map {

const json::Value* ArticleDocument::find(std::string_view target) const {
    const auto found = std::ranges::find(members, target, &Member::target);
    return found == members.end() ? nullptr : &found->value;
}

std::string ArticleDocument::fingerprint() const {
    json::Value values = json::Value::object();
    for (const Member& member : members)
        values.set(member.target, member.value);
    const json::Value whole = json::Value::object()
                                  .set("mapping", article_mapping_version)
                                  .set("number", number.value())
                                  .set("members", std::move(values));
    return blongo::fingerprint(whole.canonical());
}

} // namespace blongo::map
