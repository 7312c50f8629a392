// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <blongo/json/value.hpp>

/// Says an answer of Ongoing again as a request: the request models are closed, so that only the
/// members that a table names may go back (contract section 1.8).
namespace blongo::ongoing {

enum class MemberType : std::uint8_t {
    text,
    integer,
    number,
    boolean,
    date_time, ///< a bare date becomes noon UTC, the same day in nearly every zone (1.3)
    object,
    list
};

/// One member of a request model and where its value stands in the answer.
struct ModelMember {
    std::string_view target; ///< name in the request
    std::string_view source; ///< dotted path in the answer; "" for object: the answer itself
    MemberType type = MemberType::text;
    std::span<const ModelMember> inner = {}; ///< of an object, or of each element of a list
    bool required = false;                   ///< without it the object that holds it is left out
};

/// The request that a table makes of an answer. Nulls, empty texts, objects and lists are left out
/// (a PUT that clears what is left out and one that keeps it do the same to them), numbers that came as text become numbers, whole ones lose their ".0". A null value if a
/// required member is missing.
[[nodiscard]] json::Value project(const json::Value& source, std::span<const ModelMember> members);

} // namespace blongo::ongoing
