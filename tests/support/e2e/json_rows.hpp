// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <blongo/json/value.hpp>

namespace blongo::test {

/// What a line of blongo has that the list of rows (blongo-json(7)) does not: "a row of type x", "check.member",
/// "order.members.part"; empty: nothing, or it is no line of blongo's.
[[nodiscard]] std::string unlisted(const json::Value& line);

} // namespace blongo::test
