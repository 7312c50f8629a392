// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <blongo/config/config.hpp>
#include <blongo/config/reading.hpp>

/// How one kind of value is read from a document and shown as TOML. Every codec has
///   value_type  the C++ type,
///   expected()  what a person has to write, for messages ("a whole number"),
///   read()      true if `out` was set; complains to the Reading otherwise,
///   show()      the value as TOML.
namespace blongo::config::codec {

struct Flag {
    using value_type = bool;
    [[nodiscard]] std::string expected() const { return "true or false"; }
    bool read(Reading& reading, const std::string& key, const Node& node, bool& out) const;
    [[nodiscard]] std::string show(bool value) const { return value ? "true" : "false"; }
};

struct Whole {
    using value_type = std::int64_t;
    std::int64_t least = 0;
    std::int64_t most = std::numeric_limits<std::int64_t>::max();
    [[nodiscard]] std::string expected() const { return "a whole number"; }
    bool read(Reading& reading, const std::string& key, const Node& node, std::int64_t& out) const;
    [[nodiscard]] std::string show(std::int64_t value) const { return std::to_string(value); }
};

/// A strong id: a positive whole number; 0 shows that none is set.
template <class IdType> struct IdOf {
    using value_type = IdType;
    [[nodiscard]] std::string expected() const { return "a whole number"; }
    bool read(Reading& reading, const std::string& key, const Node& node, IdType& out) const {
        std::int64_t value = 0;
        if (!Whole{1}.read(reading, key, node, value)) return false;
        out = IdType(value);
        return true;
    }
    [[nodiscard]] std::string show(const IdType& value) const { return std::to_string(value.value()); }
};

/// Judges a text: empty if it is good, else what is wrong, beginning with a verb ("is longer ...").
using TextCheck = std::function<std::string(const std::string&)>;

struct Text {
    using value_type = std::string;
    TextCheck check;
    bool secret = false;      ///< the value never stands in a message
    bool numbers_too = false; ///< 84512345 is read as "84512345"
    [[nodiscard]] std::string expected() const { return numbers_too ? "a string or a whole number" : "a string"; }
    bool read(Reading& reading, const std::string& key, const Node& node, std::string& out) const;
    [[nodiscard]] std::string show(const std::string& value) const { return quote(value); }
};

/// One of a fixed list of words.
[[nodiscard]] Text choice(std::vector<std::string> allowed);
/// A decimal number kept as text: "0.5"; a whole number is read too.
[[nodiscard]] Text decimal_text();
/// "never", or a duration.
[[nodiscard]] Text never_or_duration();

/// A path; relative ones are seen from the folder of the file that names them.
struct Path {
    using value_type = std::string;
    bool secret = false; ///< of a secret: refuses what looks like the secret itself
    [[nodiscard]] std::string expected() const { return "a path as a string"; }
    bool read(Reading& reading, const std::string& key, const Node& node, std::string& out) const;
    [[nodiscard]] std::string show(const std::string& value) const { return quote(value); }
};

struct Duration {
    using value_type = Milliseconds;
    Milliseconds least{0};
    [[nodiscard]] std::string expected() const { return "a duration as a string, for example \"15m\""; }
    bool read(Reading& reading, const std::string& key, const Node& node, Milliseconds& out) const;
    [[nodiscard]] std::string show(Milliseconds value) const { return quote(format_duration(value)); }
};

/// An exact number, written as a string or a whole number.
struct Exact {
    using value_type = Decimal;
    bool zero_allowed = true;
    [[nodiscard]] std::string expected() const { return "a decimal number as a string, or a whole number"; }
    bool read(Reading& reading, const std::string& key, const Node& node, Decimal& out) const;
    [[nodiscard]] std::string show(const Decimal& value) const { return quote(value.to_string()); }
};

/// A point in time with its offset: a TOML date-time, or the same as a string.
struct Time {
    using value_type = Timestamp;
    [[nodiscard]] std::string expected() const { return "a date-time with its offset, for example 2026-11-24T06:00:00+01:00"; }
    bool read(Reading& reading, const std::string& key, const Node& node, Timestamp& out) const;
    [[nodiscard]] std::string show(Timestamp value) const { return format_utc(value); }
};

/// A status of BaseLinker, by id or exact name.
struct Status {
    using value_type = StatusRef;
    std::int64_t least = 0; ///< 0 where 0 means "leave"
    [[nodiscard]] std::string expected() const { return "a status id (a whole number) or a status name (a string)"; }
    bool read(Reading& reading, const std::string& key, const Node& node, StatusRef& out) const;
    [[nodiscard]] std::string show(const StatusRef& value) const {
        return value.name.empty() ? std::to_string(value.id) : quote(value.name);
    }
};

} // namespace blongo::config::codec
