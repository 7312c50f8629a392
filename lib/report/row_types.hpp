// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace blongo::report {

/// A kind of JSON line and what it may hold: the one list that blongo-json(7) prints and that the tests hold every line
/// against. `schema` and `message_type` stand in every line; a member that says nothing may be left out.
struct RowType {
    std::string_view name;    ///< "parked": its message_type
    std::string_view what;    ///< which command prints it
    std::string_view members; ///< names with spaces between them; parts of an object, or of each object of a list, after a
                              ///< colon: "changes:member,before,after"; names that are data: "parked_by_cause:*"
};

[[nodiscard]] std::span<const RowType> row_types() noexcept;
[[nodiscard]] const RowType* find_row_type(std::string_view name) noexcept;

/// A member of a row.
struct RowMember {
    std::string name;
    std::vector<std::string> parts; ///< of the object, or of each object of the list; "*": any
};
[[nodiscard]] std::vector<RowMember> members_of(const RowType& type);

} // namespace blongo::report
