// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <blongo/config/codecs.hpp>

/// Codecs made of codecs: an optional value, a list, a table whose keys a person chooses.
namespace blongo::config::codec {

/// Nothing, or a value.
template <class Codec> struct Maybe {
    Codec inner;
    using value_type = std::optional<typename Codec::value_type>;
    [[nodiscard]] std::string expected() const { return inner.expected(); }
    bool read(Reading& reading, const std::string& key, const Node& node, value_type& out) const {
        typename Codec::value_type value{};
        if (!inner.read(reading, key, node, value)) return false;
        out = std::move(value);
        return true;
    }
    [[nodiscard]] std::string show(const value_type& value) const { return value ? inner.show(*value) : "\"\""; }
};

/// A list; with `single`, a lone value counts as a list of one.
template <class Codec> struct ListOf {
    Codec item;
    bool single = false;
    std::size_t least = 0;
    using value_type = std::vector<typename Codec::value_type>;
    [[nodiscard]] std::string expected() const {
        return single ? item.expected() + " or a list of such" : "a list, each item " + item.expected();
    }
    bool read(Reading& reading, const std::string& key, const Node& node, value_type& out) const {
        value_type list;
        if (single && node.kind != Node::Kind::array && node.kind != Node::Kind::table) {
            typename Codec::value_type value{};
            if (!item.read(reading, key, node, value)) return false;
            list.push_back(std::move(value));
        } else if (node.kind != Node::Kind::array) {
            reading.wrong_type(key, node, expected());
            return false;
        }
        bool good = true;
        for (const Node& entry : node.items) {
            typename Codec::value_type value{};
            if (item.read(reading, key, entry, value))
                list.push_back(std::move(value));
            else
                good = false;
        }
        if (good && list.size() < least) {
            reading.invalid(key, node.place, "must not be empty");
            return false;
        }
        if (good) out = std::move(list);
        return good;
    }
    [[nodiscard]] std::string show(const value_type& values) const {
        std::string text;
        for (const auto& value : values) text += (text.empty() ? "" : ", ") + item.show(value);
        return "[" + text + "]";
    }
};

/// How the key of a table is read: as it stands, or as a number.
[[nodiscard]] bool read_map_key(Reading& reading, const std::string& key, const Member& member, std::string& out);
[[nodiscard]] bool read_map_key(Reading& reading, const std::string& key, const Member& member, std::int64_t& out);
[[nodiscard]] inline std::string show_map_key(const std::string& key) {
    return quote_key(key);
}
[[nodiscard]] inline std::string show_map_key(std::int64_t key) {
    return std::to_string(key);
}

/// A table whose keys a person chooses: { 450 = "book" }.
template <class KeyType, class Codec> struct MapOf {
    Codec item;
    TextCheck key_check; ///< judges a key, see TextCheck
    using value_type = std::map<KeyType, typename Codec::value_type>;
    [[nodiscard]] std::string expected() const { return "a table, each value " + item.expected(); }
    bool read(Reading& reading, const std::string& key, const Node& node, value_type& out) const {
        if (node.kind != Node::Kind::table) {
            reading.wrong_type(key, node, expected());
            return false;
        }
        value_type map;
        bool good = true;
        for (const Member& member : node.members) {
            KeyType map_key{};
            typename Codec::value_type value{};
            const std::string complaint = key_check ? key_check(member.key) : std::string();
            if (!complaint.empty()) reading.invalid(key, member.place, complaint);
            if (complaint.empty() && read_map_key(reading, key, member, map_key) &&
                item.read(reading, key + "." + quote_key(member.key), member.value, value))
                map.emplace(std::move(map_key), std::move(value));
            else
                good = false;
        }
        if (good) out = std::move(map);
        return good;
    }
    [[nodiscard]] std::string show(const value_type& values) const {
        std::string text;
        for (const auto& [key, value] : values) text += (text.empty() ? "" : ", ") + show_map_key(key) + " = " + item.show(value);
        return text.empty() ? "{}" : "{ " + text + " }";
    }
};

} // namespace blongo::config::codec
