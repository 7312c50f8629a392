// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <blongo/json/value.hpp>

namespace blongo::plan {

/// What is done with one object. The words are those of the JSON output.
enum class Verb : std::uint8_t { create, update, adopt, cancel, same, skip, park, reprint };
[[nodiscard]] std::string_view to_string(Verb verb) noexcept;

enum class Outcome : std::uint8_t { planned, done, rejected, unknown, queued };
[[nodiscard]] std::string_view to_string(Outcome outcome) noexcept;

/// One member of a document that a write changes.
struct Change {
    std::string member; ///< dotted path of the target model
    json::Value before; ///< null: not there
    json::Value after;
    friend bool operator==(const Change&, const Change&) = default;
};

} // namespace blongo::plan
