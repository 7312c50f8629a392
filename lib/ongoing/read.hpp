// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <blongo/base/decimal.hpp>
#include <blongo/base/result.hpp>
#include <blongo/base/time.hpp>
#include <blongo/json/reader.hpp>

/// Readers for Ongoing's JSON: absent members arrive as null, whole numbers as decimals ("2.0").
namespace blongo::ongoing {

/// Text; "" for null and for anything else.
[[nodiscard]] std::string text_of(json::Node node);
/// A whole number, also as "2.0" or as text; nullopt for null and for anything else.
[[nodiscard]] std::optional<std::int64_t> integer_of(json::Node node);
[[nodiscard]] std::optional<Decimal> decimal_of(json::Node node);
/// With or without zone and fraction, or a bare date (1.3); nullopt for null and for anything else.
[[nodiscard]] std::optional<Timestamp> time_of(json::Node node);
/// True or false; `fallback` for null and for anything else.
[[nodiscard]] bool flag_of(json::Node node, bool fallback);

/// The list at `node`, where null is an empty one. Error (protocol) for anything else.
[[nodiscard]] Result<json::Node> list_at(json::Node node, const std::string& name);

} // namespace blongo::ongoing
