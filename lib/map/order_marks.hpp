// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <blongo/baselinker/order_wire.hpp>
#include <blongo/json/value.hpp>
#include <blongo/map/order.hpp>

namespace blongo::map {

/// A short hash of one member's value, which tells later whether it is still the same without keeping anybody's address:
/// "" for a value that says nothing (null, "", false, 0), the same for texts that differ in white space only, for numbers
/// of one value, and for times of one day ("deliveryDate" comes back as a bare date).
[[nodiscard]] std::string value_mark(std::string_view member, const json::Value& value);

/// What was sent of a document: {"members": {target: mark}, "lines": {row number: {target: mark}}}.
[[nodiscard]] json::Value document_marks(const OrderDocument& document);

/// A hash of everything of BaseLinker's order that a mapping may read (not its status, its dates of status and payment,
/// nor the packages booked for it), together with the settings that decide what becomes of it: another one may mean
/// another document, the same one never does.
[[nodiscard]] std::string order_source_mark(const baselinker::Order& order, const OrderOptions& options);

} // namespace blongo::map
