// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/json/value.hpp>

namespace blongo::map {

/// One member of a target document: a dotted path of the request model ("barCodeInfo.barCode")
/// and its value. A member that BaseLinker does not report is not in the document at all.
struct Member {
    std::string target;
    json::Value value;
    friend bool operator==(const Member&, const Member&) = default;
};

/// Raised by hand whenever the same source would give other members: part of every fingerprint,
/// so that a changed mapping is noticed, and an unchanged one rewrites nothing after an upgrade.
inline constexpr int article_mapping_version = 1;

/// How a template of the user came to a member's value, for `mapping test`.
struct OwnTrace {
    std::string target;
    std::vector<std::pair<std::string, std::string>> reads; ///< names that it looked up, and what they were
    std::string by_default;                                 ///< what the member would have without the template
};

/// What one product or variant becomes in Ongoing.
struct ArticleDocument {
    ArticleNumber number;
    ProductId source_id;  ///< the variant, or the product
    ProductId product_id; ///< the main product
    std::string name;
    std::vector<Member> members;           ///< in mapping order, without goodsOwnerId and articleNumber
    std::vector<ArticleNumber> components; ///< of a Structure; empty for everything else
    bool is_bundle = false;                ///< in BaseLinker, whatever it becomes
    std::vector<std::string> notes;        ///< "name cut to 200 characters", ...
    std::vector<OwnTrace> traces;          ///< only with ArticleOptions::trace

    [[nodiscard]] const json::Value* find(std::string_view target) const;
    /// Hash of number, members and mapping version.
    [[nodiscard]] std::string fingerprint() const;
};

/// A document that cannot be made, and why.
struct Rejection {
    std::string cause;  ///< from the fixed list of parked causes
    std::string key;    ///< article number, or "#<product id>" when there is none
    std::string field;  ///< source path
    std::string reason; ///< one sentence
    std::string label;  ///< name for people
    ProductId source_id;
};

/// One row of a mapping table, as data: `mapping show` prints it, the mapper runs it.
struct MappingRow {
    std::string_view target;         ///< dotted path of the request model
    std::string_view source;         ///< path in BaseLinker's words
    std::string_view transformation; ///< in a few words
};

} // namespace blongo::map
