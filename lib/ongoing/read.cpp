// SPDX-License-Identifier: Apache-2.0
#include <blongo/ongoing/read.hpp>

namespace blongo::ongoing {

std::string text_of(json::Node node) {
    return node.is_string() || node.is_number() ? std::string(node.text()) : std::string{};
}

std::optional<Decimal> decimal_of(json::Node node) {
    if (!node.is_number() && !node.is_string()) return std::nullopt;
    return Decimal::parse(node.text());
}

std::optional<std::int64_t> integer_of(json::Node node) {
    const auto number = decimal_of(node);
    if (!number || !number->is_whole()) return std::nullopt;
    return number->floor();
}

std::optional<Timestamp> time_of(json::Node node) {
    return node.is_string() ? parse_timestamp(node.text()) : std::nullopt;
}

bool flag_of(json::Node node, bool fallback) {
    return node.kind() == json::Kind::boolean ? node.is_true() : fallback;
}

Result<json::Node> list_at(json::Node node, const std::string& name) {
    if (node.is_array() || node.kind() == json::Kind::null) return node;
    return fail(ErrorKind::protocol, "expected a list in Ongoing's answer, found " + std::string(json::to_string(node.kind())),
                name + " " + node.path());
}

} // namespace blongo::ongoing
