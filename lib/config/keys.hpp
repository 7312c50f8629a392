// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <blongo/config/codecs.hpp>
#include <blongo/config/show.hpp>

/// The table that says everything about a key once: its name, its place in the struct, how it is
/// read and how it is shown. Parsing, defaults, suggestions, `config show` and the list of all
/// keys come from it.
namespace blongo::config {

/// Collects the rows of `config show` of one target.
class Listing {
public:
    /// `prefix` is put before each key: "connections.acme".
    Listing(std::string prefix, const Origins& origins, std::vector<Setting>& rows)
        : prefix_(std::move(prefix)), origins_(origins), rows_(rows) {}
    void row(const std::string& key, std::string value);
    /// From here on, only rows of keys that some file writes (true), or all (false).
    void only_written(bool only) { only_written_ = only; }

private:
    std::string prefix_;
    const Origins& origins_;
    std::vector<Setting>& rows_;
    bool only_written_ = false;
};

/// One key of a table whose values live in a T.
template <class T> struct Key {
    std::string name;
    std::function<void(Reading&, const std::string& key, const Node&, T&)> read;
    std::function<void(T&)> reset; ///< back to the built-in default
    std::function<void(Listing&, const std::string& key, const T&)> list;
    std::function<void(std::vector<KnownKey>&, const std::string& key)> describe;
};
template <class T> using Table = std::vector<Key<T>>;

[[nodiscard]] inline std::string join_key(const std::string& table, const std::string& name) {
    return table.empty() ? name : table + "." + name;
}

/// Complains about a key that no table knows, with a suggestion.
void complain_unknown(Reading& reading, const std::string& table, const Member& member, const std::vector<std::string>& known);

/// Reads a document's table by ours. Unknown keys and wrong types are complained about, all of them.
template <class T> void read_table(Reading& reading, const std::string& key, const Node& node, const Table<T>& table, T& out) {
    if (node.kind != Node::Kind::table) {
        reading.wrong_type(key, node, "a table");
        return;
    }
    for (const Member& member : node.members) {
        const auto found = std::find_if(table.begin(), table.end(), [&](const Key<T>& k) { return k.name == member.key; });
        if (found != table.end()) {
            found->read(reading, join_key(key, member.key), member.value, out);
            continue;
        }
        std::vector<std::string> names;
        for (const auto& known : table) names.push_back(known.name);
        complain_unknown(reading, key, member, names);
    }
}

template <class T> void list_table(Listing& listing, const std::string& key, const Table<T>& table, const T& value) {
    for (const auto& entry : table) entry.list(listing, join_key(key, entry.name), value);
}

template <class T> void describe_table(std::vector<KnownKey>& known, const std::string& key, const Table<T>& table) {
    for (const auto& entry : table) entry.describe(known, join_key(key, entry.name));
}

} // namespace blongo::config
