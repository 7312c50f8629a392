// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <blongo/base/time.hpp>
#include <blongo/json/value.hpp>
#include <blongo/report/reporter.hpp>

namespace blongo::app {

using Cell = report::Reporter::Cell;

// Cells of a row: text for people and CSV, and what stands in JSON.
[[nodiscard]] Cell text_cell(std::string name, std::string text); ///< JSON: the text, null when empty
[[nodiscard]] Cell number_cell(std::string name, std::int64_t number);
[[nodiscard]] Cell id_cell(std::string name, std::int64_t id);                         ///< 0: none
[[nodiscard]] Cell list_cell(std::string name, const std::vector<std::string>& texts); ///< JSON: an array
[[nodiscard]] Cell truth_cell(std::string name, bool truth);                           ///< yes, no
/// Local time with zone for people, UTC in JSON; null when there is none.
[[nodiscard]] Cell time_cell(std::string name, const std::optional<Timestamp>& time, const std::string& zone);

} // namespace blongo::app
