// SPDX-License-Identifier: Apache-2.0
#include <blongo/config/codecs.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/did_you_mean.hpp>
#include <blongo/base/text.hpp>

namespace blongo::config::codec {
namespace {

std::string one_of(const std::vector<std::string>& allowed) {
    std::vector<std::string> quoted;
    quoted.reserve(allowed.size());
    for (const auto& word : allowed) quoted.push_back(quote(word));
    return join(quoted, ", ");
}

/// "2026-11-24T06:00:00+01:00" and "...Z" have one, "2026-11-24" and "2026-11-24T06:00:00" have none.
bool has_offset(std::string_view text) {
    const auto time = text.find_first_of("Tt ");
    return time != std::string_view::npos && text.find_first_of("Zz+-", time) != std::string_view::npos;
}

/// A path has a separator or a name of ordinary length; a token has neither.
bool looks_like_a_secret(std::string_view text) {
    constexpr std::size_t length_of_names = 24;
    return text.size() > length_of_names && text.find_first_of("/.") == std::string_view::npos;
}

} // namespace

bool Flag::read(Reading& reading, const std::string& key, const Node& node, bool& out) const {
    if (node.kind != Node::Kind::boolean) {
        reading.wrong_type(key, node, expected());
        return false;
    }
    out = node.boolean;
    return true;
}

bool Whole::read(Reading& reading, const std::string& key, const Node& node, std::int64_t& out) const {
    if (node.kind != Node::Kind::integer) {
        reading.wrong_type(key, node, expected());
        return false;
    }
    if (node.integer < least || node.integer > most) {
        reading.invalid(key, node.place,
                        most == std::numeric_limits<std::int64_t>::max()
                            ? fmt::format("is {}; it must be at least {}", node.integer, least)
                            : fmt::format("is {}; it must be from {} to {}", node.integer, least, most));
        return false;
    }
    out = node.integer;
    return true;
}

bool Text::read(Reading& reading, const std::string& key, const Node& node, std::string& out) const {
    const bool number = numbers_too && node.kind == Node::Kind::integer;
    if (node.kind != Node::Kind::string && !number) {
        reading.wrong_type(key, node, expected(), secret);
        return false;
    }
    const std::string text = number ? std::to_string(node.integer) : node.text;
    if (text.find('\0') != std::string::npos) {
        reading.invalid(key, node.place, "holds a NUL character");
        return false;
    }
    if (check) {
        if (const std::string complaint = check(text); !complaint.empty()) {
            reading.invalid(key, node.place, complaint);
            return false;
        }
    }
    out = text;
    return true;
}

Text choice(std::vector<std::string> allowed) {
    return {[allowed = std::move(allowed)](const std::string& text) {
        if (std::find(allowed.begin(), allowed.end(), text) != allowed.end()) return std::string();
        return fmt::format("is {}; allowed: {}{}", quote(text), one_of(allowed), did_you_mean(text, allowed, "; ", "\""));
    }};
}

Text decimal_text() {
    Text text{[](const std::string& value) {
        const auto number = Decimal::parse(value);
        if (!number) return fmt::format("is {}; write a decimal number such as \"0.5\"", quote(value));
        return number->is_negative() ? fmt::format("is {}; it must not be negative", value) : std::string();
    }};
    text.numbers_too = true;
    return text;
}

Text never_or_duration() {
    return {[](const std::string& value) {
        if (value == "never") return std::string();
        const auto duration = parse_duration(value);
        if (duration && duration->count() > 0) return std::string();
        return fmt::format("is {}; write \"never\" or a duration such as \"30m\"", quote(value));
    }};
}

bool Path::read(Reading& reading, const std::string& key, const Node& node, std::string& out) const {
    std::string path;
    if (!Text{{}, secret}.read(reading, key, node, path)) return false;
    if (secret && looks_like_a_secret(path)) {
        reading.invalid(key, node.place,
                        "looks like the secret itself, not like a file; put the secret into a file of mode 600 "
                        "and name that file here");
        return false;
    }
    out = reading.resolve_path(path);
    return true;
}

bool Duration::read(Reading& reading, const std::string& key, const Node& node, Milliseconds& out) const {
    if (node.kind != Node::Kind::string) {
        reading.wrong_type(key, node, expected());
        return false;
    }
    const auto duration = parse_duration(node.text);
    if (!duration) {
        reading.invalid(key, node.place, fmt::format("is {}; durations are 250ms, 45s, 15m, 2h, 30d", quote(node.text)));
        return false;
    }
    if (*duration < least) {
        reading.invalid(key, node.place, fmt::format("is {}; it must be at least {}", quote(node.text), format_duration(least)));
        return false;
    }
    out = *duration;
    return true;
}

bool Exact::read(Reading& reading, const std::string& key, const Node& node, Decimal& out) const {
    std::optional<Decimal> value;
    if (node.kind == Node::Kind::integer) {
        value = Decimal(node.integer);
    } else if (node.kind == Node::Kind::string) {
        value = Decimal::parse(node.text);
    } else {
        reading.wrong_type(key, node, expected());
        return false;
    }
    if (!value) {
        reading.invalid(key, node.place, fmt::format("is {}; write a decimal number such as \"0.5\"", quote(node.text)));
        return false;
    }
    if (value->is_negative() || (value->is_zero() && !zero_allowed)) {
        reading.invalid(key, node.place,
                        fmt::format("is {}; it must {}", value->to_string(), zero_allowed ? "not be negative" : "be above 0"));
        return false;
    }
    out = *value;
    return true;
}

bool Time::read(Reading& reading, const std::string& key, const Node& node, Timestamp& out) const {
    if (node.kind == Node::Kind::time) {
        out = node.time;
        return true;
    }
    if (node.kind != Node::Kind::string) {
        reading.wrong_type(key, node, expected());
        return false;
    }
    const auto time = has_offset(node.text) ? parse_timestamp(node.text) : std::nullopt;
    if (!time) {
        reading.invalid(key, node.place, fmt::format("is {}; it must be {}", quote(node.text), expected()));
        return false;
    }
    out = *time;
    return true;
}

bool Status::read(Reading& reading, const std::string& key, const Node& node, StatusRef& out) const {
    if (node.kind == Node::Kind::integer) {
        std::int64_t id = 0;
        if (!Whole{least}.read(reading, key, node, id)) return false;
        out = {id, {}};
        return true;
    }
    if (node.kind != Node::Kind::string) {
        reading.wrong_type(key, node, expected());
        return false;
    }
    if (trim(node.text).empty()) {
        reading.invalid(key, node.place, "holds an empty status name");
        return false;
    }
    out = {0, node.text};
    return true;
}

bool read_map_key(Reading& /*reading*/, const std::string& /*key*/, const Member& member, std::string& out) {
    out = member.key;
    return true;
}

bool read_map_key(Reading& reading, const std::string& key, const Member& member, std::int64_t& out) {
    const auto number = parse_id(member.key);
    if (!number) {
        reading.invalid(key, member.place, fmt::format("has the key {}, which is not a whole number", quote(member.key)));
        return false;
    }
    out = *number;
    return true;
}

} // namespace blongo::config::codec
