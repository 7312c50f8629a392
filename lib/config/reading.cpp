// SPDX-License-Identifier: Apache-2.0
#include <blongo/config/reading.hpp>

#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>

namespace blongo::config {
namespace {

/// Whether `key` is `base` or lies below it: "a.b" and "a[1].b" lie below "a".
bool is_at_or_below(std::string_view key, std::string_view base) {
    if (key.substr(0, base.size()) != base) return false;
    return key.size() == base.size() || key[base.size()] == '.' || key[base.size()] == '[';
}

} // namespace

std::string Origin::text() const {
    return from_defaults ? place.text() + " (defaults)" : place.text();
}

std::string flow_of(std::string_view relative_key) {
    constexpr std::array<std::string_view, 5> flows = {"articles", "orders", "stock", "shipments", "returns"};
    constexpr std::string_view article_mapping = "mapping.\"article.", order_mapping = "mapping.\"order";
    if (relative_key.starts_with(article_mapping)) return "articles";
    if (relative_key.starts_with(order_mapping)) return "orders";
    const std::string_view first = relative_key.substr(0, relative_key.find_first_of(".["));
    return std::find(flows.begin(), flows.end(), first) == flows.end() ? std::string() : std::string(first);
}

void Reading::next_layer(std::string prefix, bool is_defaults) {
    prefix_ = std::move(prefix);
    is_defaults_ = is_defaults;
    is_connection_ = !is_defaults;
    layer_groups_.clear();
}

void Reading::begin(const std::string& key, const Place& place) {
    std::erase_if(invalid_, [&](const Invalid& i) { return is_at_or_below(i.key, key); });
    origins_[key] = {place, is_defaults_};
}

void Reading::forget_origins(const std::string& key) {
    std::erase_if(origins_, [&](const auto& entry) { return is_at_or_below(entry.first, key); });
}

void Reading::wrong(const Place& place, const std::string& what) {
    (is_connection_ ? connection_errors_ : errors_).push_back({place, place.text() + ": " + what});
}

void Reading::wrong_type(const std::string& key, const Node& node, std::string_view expected, bool secret) {
    // Money, weights and factors are exact: 0.1 as a binary fraction is not.
    const bool exact_wanted = expected.find("decimal") != std::string_view::npos;
    const std::string hint = node.kind == Node::Kind::fraction && exact_wanted
                                 ? fmt::format("; write it as a string: \"{}\"", node.text)
                                 : std::string();
    wrong(node.place, fmt::format("{} must be {}, not {}{}", shown(key), expected,
                                  secret ? std::string(node.describe_kind()) : node.describe(), hint));
}

void Reading::invalid(const std::string& key, const Place& place, const std::string& what) {
    invalid_.push_back({key, {place, fmt::format("{}: {} {}", place.text(), shown(key), what)}});
}

void Reading::warn(const Place& place, const std::string& what) {
    warnings_.push_back({place, place.text() + ": " + what});
}

std::string Reading::shown(std::string_view key) const {
    if (prefix_.empty()) return std::string(key);
    return key.empty() ? prefix_ : fmt::format("{}.{}", prefix_, key);
}

std::string Reading::resolve_path(const std::string& path) const {
    if (path.empty() || path.front() == '/' || folder_.empty()) return path;
    return (std::filesystem::path(folder_) / path).lexically_normal().string();
}

std::optional<Place> Reading::place_of(std::string_view key) const {
    while (true) {
        if (const auto found = origins_.find(key); found != origins_.end()) return found->second.place;
        const auto cut = key.find_last_of(".[");
        if (key.empty()) return std::nullopt;
        key = cut == std::string_view::npos ? std::string_view() : key.substr(0, cut);
    }
}

std::map<std::string, std::vector<std::string>> Reading::invalid_by_flow() const {
    std::map<std::string, std::vector<std::string>> by_flow;
    for (const auto& complaint : connection_errors_) by_flow[""].push_back(complaint.text);
    for (const auto& entry : invalid_) by_flow[flow_of(entry.key)].push_back(entry.complaint.text);
    return by_flow;
}

std::vector<Complaint> Reading::invalid() const {
    std::vector<Complaint> complaints;
    for (const auto& entry : invalid_) complaints.push_back(entry.complaint);
    return complaints;
}

bool Reading::is_invalid(std::string_view key) const {
    return std::any_of(invalid_.begin(), invalid_.end(), [&](const Invalid& i) { return is_at_or_below(i.key, key); });
}

} // namespace blongo::config
