// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <blongo/config/config.hpp>

namespace blongo::sync {

/// One row of the mapping that is in effect.
struct MappingLine {
    std::string flow;           ///< "articles", "orders"
    std::string target;         ///< of lines "orderLines[].comment"
    std::string source;         ///< BaseLinker's field, or the template
    std::string transformation; ///< in a few words
    bool own = false;           ///< a template of [connections.X.mapping] writes it
    std::string origin;         ///< of an own one: file:line:column
    std::string by_default;     ///< of an own one: the source that it replaces; empty: none
};

/// The mapping of a flow as the mapper runs it for a connection (nullptr: without templates). Empty for a flow without
/// one.
[[nodiscard]] std::vector<MappingLine> mapping_in_effect(std::string_view flow, const config::Connection* connection);

/// A member that a template may write, or why none may.
struct MappingTarget {
    std::string key;  ///< below [connections.X.mapping]: "order.consignee.address1"
    std::string type; ///< "a text"
    std::string note; ///< "at most 500 characters, cut", "reserved: ..."
};
[[nodiscard]] std::vector<MappingTarget> mapping_targets();

} // namespace blongo::sync
