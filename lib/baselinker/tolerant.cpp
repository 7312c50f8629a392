// SPDX-License-Identifier: Apache-2.0
#include <blongo/baselinker/tolerant.hpp>

#include <charconv>

#include <blongo/base/text.hpp>

namespace blongo::baselinker::tolerant {
namespace {

constexpr std::size_t shown_characters = 40;

std::optional<std::int64_t> whole_number(std::string_view digits) {
    std::int64_t value = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value);
    if (error == std::errc{} && stop == end) return value;
    const auto exact = Decimal::parse(digits); // "2.0", "1e3"
    if (!exact || !exact->is_whole()) return std::nullopt;
    return exact->floor();
}

/// The digits of a number, or the text of a string without the spaces around it. Absent: nothing is there; malformed: neither
/// of both is. One look at the kind: an answer has thousands of values.
Reading<std::string_view> digits_of(json::Node node) {
    switch (node.kind()) {
    case json::Kind::missing:
    case json::Kind::null: return {};
    case json::Kind::number: return {State::present, node.text()};
    case json::Kind::string: {
        const std::string_view text = trim(node.text());
        return {text.empty() ? State::absent : State::present, text};
    }
    default: return {State::malformed, {}};
    }
}

bool stands_for_nothing(json::Node node) {
    return node.absent() || (node.is_string() && trim(node.text()).empty());
}

} // namespace

Reading<std::int64_t> integer(json::Node node) {
    const auto digits = digits_of(node);
    if (digits.malformed() && node.kind() == json::Kind::boolean) return {State::present, node.is_true() ? 1 : 0};
    if (!digits.present()) return {digits.state, 0};
    const auto value = whole_number(digits.value);
    return value ? Reading<std::int64_t>{State::present, *value} : Reading<std::int64_t>{State::malformed, 0};
}

Reading<Decimal> decimal(json::Node node) {
    const auto digits = digits_of(node);
    if (!digits.present()) return {digits.state, {}};
    const auto value = Decimal::parse(digits.value);
    return value ? Reading<Decimal>{State::present, *value} : Reading<Decimal>{State::malformed, {}};
}

Reading<bool> boolean(json::Node node) {
    if (stands_for_nothing(node)) return {};
    if (node.kind() == json::Kind::boolean) return {State::present, node.is_true()};
    if (node.is_string()) {
        const std::string word = to_lower_ascii(trim(node.text()));
        if (word == "true") return {State::present, true};
        if (word == "false") return {State::present, false};
    }
    const auto number = integer(node);
    return {number.state, number.value != 0};
}

Reading<std::string_view> text(json::Node node) {
    switch (node.kind()) {
    case json::Kind::missing:
    case json::Kind::null: return {};
    case json::Kind::number: return {State::present, node.text()};
    case json::Kind::string: {
        const std::string_view text = node.text();
        return {text.empty() ? State::absent : State::present, text};
    }
    case json::Kind::array: // PHP's empty array for a text that was never set
        if (node.size() == 0) return {};
        break;
    default: break;
    }
    return {State::malformed, {}};
}

Reading<Timestamp> unix_time(json::Node node) {
    const auto seconds = integer(node);
    if (!seconds.present()) return {seconds.state, {}};
    if (seconds.value <= 0) return {};
    constexpr std::int64_t last = 253'402'300'799; // the end of the year 9999
    if (seconds.value > last) return {State::malformed, {}};
    return {State::present, from_unix_seconds(seconds.value)};
}

std::optional<std::int64_t> id_from_key(std::string_view key) {
    return parse_id(key);
}

void ItemReader::fault(json::Node node, std::string_view expected) {
    if (failed_) return;
    failed_ = true;
    path_ = node.path();
    reason_ = "expected " + std::string(expected) + ", found ";
    switch (node.kind()) {
    case json::Kind::string: reason_ += '"' + cut_characters(node.text(), shown_characters) + '"'; break;
    case json::Kind::number: reason_ += std::string(node.text()); break;
    case json::Kind::boolean: reason_ += node.is_true() ? "true" : "false"; break;
    default: reason_ += json::to_string(node.kind()); break;
    }
}

void ItemReader::check(State state, json::Node node, std::string_view expected) {
    if (state == State::malformed) fault(node, expected);
}

void ItemReader::text(std::string& target, json::Node node) {
    const auto reading = tolerant::text(node);
    if (reading.present()) target.assign(reading.value);
    check(reading.state, node, "text");
}

void ItemReader::integer(std::int64_t& target, json::Node node) {
    const auto reading = tolerant::integer(node);
    if (reading.present()) target = reading.value;
    check(reading.state, node, "a whole number");
}

void ItemReader::decimal(Decimal& target, json::Node node) {
    const auto reading = tolerant::decimal(node);
    if (reading.present()) target = reading.value;
    check(reading.state, node, "a number");
}

void ItemReader::boolean(bool& target, json::Node node) {
    const auto reading = tolerant::boolean(node);
    if (reading.present()) target = reading.value;
    check(reading.state, node, "true or false");
}

void ItemReader::time(std::optional<Timestamp>& target, json::Node node) {
    const auto reading = tolerant::unix_time(node);
    if (reading.present()) target = reading.value;
    check(reading.state, node, "a time in unix seconds");
}

void ItemReader::stock(std::map<WarehouseKey, std::int64_t>& target, json::Node node) {
    const State state = each_entry(node, [&](std::string_view key, json::Node figure) {
        const auto pieces = tolerant::integer(figure);
        // null is "not reported", never 0
        if (pieces.present()) target.insert_or_assign(WarehouseKey(std::string(key)), pieces.value);
        check(pieces.state, figure, "a whole number of pieces");
    });
    check(state, node, "a map of warehouse to pieces");
}

tl::unexpected<Error> wrong_shape(json::Node node, std::string_view expected) {
    return fail(ErrorKind::protocol,
                "expected " + std::string(expected) + " in BaseLinker's answer, found " +
                    std::string(json::to_string(node.kind())),
                node.path());
}

} // namespace blongo::baselinker::tolerant
