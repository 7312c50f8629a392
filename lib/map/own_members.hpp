// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/base/mapping_targets.hpp>
#include <blongo/base/template.hpp>
#include <blongo/json/value.hpp>
#include <blongo/map/document.hpp>

/// The templates of [connections.X.mapping] over the members of a document.
namespace blongo::map {

using OwnMembers = std::vector<OwnMember>;

/// Told about a member whose template gives what its type does not hold: cause and one sentence.
using RefuseMember = std::function<void(const OwnMember& own, std::string_view cause, std::string reason)>;

/// A rendered text as a value of the member's type: exactly, or not at all. Null: empty, not reported. Texts are
/// normalised and cut at their limit with a note; keys beyond theirs are `refuse`d with key_too_long, what does not
/// convert with field_invalid.
[[nodiscard]] json::Value own_value(const OwnMember& own, std::string_view text, std::vector<std::string>& notes,
                                    const RefuseMember& refuse);

/// Writes each template's value over the member (in its place; new ones behind the others, in the order of the
/// configuration); an empty one takes the member away. `source` answers the names of mapping_sources() but {default}.
/// A required member that is empty is refused; one that needs another which is not there is left out with a note.
/// `traces`, if any, is told how each value came about.
void write_own_members(const OwnMembers& own, const Template::Lookup& source, std::vector<Member>& members,
                       std::vector<std::string>& notes, const RefuseMember& refuse, std::vector<OwnTrace>* traces = nullptr);

/// A member's value as a template sees it in {default}.
[[nodiscard]] std::string source_text(const json::Value& value);

} // namespace blongo::map
