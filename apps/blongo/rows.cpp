// SPDX-License-Identifier: Apache-2.0
#include "rows.hpp"

#include <blongo/base/text.hpp>

namespace blongo::app {

Cell text_cell(std::string name, std::string text) {
    json::Value value = text.empty() ? json::Value() : json::Value(text);
    return {std::move(name), std::move(text), std::move(value)};
}

Cell number_cell(std::string name, std::int64_t number) {
    return {std::move(name), std::to_string(number), json::Value(number)};
}

Cell id_cell(std::string name, std::int64_t id) {
    if (id == 0) return text_cell(std::move(name), {});
    return number_cell(std::move(name), id);
}

Cell list_cell(std::string name, const std::vector<std::string>& texts) {
    json::Value value = json::Value::array();
    for (const std::string& text : texts) value.push_back(text);
    return {std::move(name), join(texts, ", "), std::move(value)};
}

Cell truth_cell(std::string name, bool truth) {
    return {std::move(name), truth ? "yes" : "no", json::Value(truth)};
}

Cell time_cell(std::string name, const std::optional<Timestamp>& time, const std::string& zone) {
    if (!time) return text_cell(std::move(name), {});
    return {std::move(name), format_local(*time, zone), json::Value(format_utc(*time))};
}

} // namespace blongo::app
