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
void complain_unknown(Reading& reading, const std::string& table, const Member& member,
                      const std::vector<std::string>& known);

/// Reads a document's table by ours. Unknown keys and wrong types are complained about, all of them.
template <class T>
void read_table(Reading& reading, const std::string& key, const Node& node, const Table<T>& table, T& out) {
    if (node.kind != Node::Kind::table) {
        reading.wrong_type(key, node, "a table");
        return;
    }
    for (const Member& member : node.members) {
        const auto found =
            std::find_if(table.begin(), table.end(), [&](const Key<T>& k) { return k.name == member.key; });
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

template <class T>
void describe_table(std::vector<KnownKey>& known, const std::string& key, const Table<T>& table) {
    for (const auto& entry : table) entry.describe(known, join_key(key, entry.name));
}

/// A key of its own making: `read_value` sets the value (the empty string never reaches it),
/// `show` writes it as TOML, `reset` makes it the default.
template <class T>
Key<T> custom_key(std::string name, std::function<void(Reading&, const std::string&, const Node&, T&)> read_value,
                  std::function<std::string(const T&)> show, std::function<void(T&)> reset) {
    Key<T> key;
    key.name = std::move(name);
    key.reset = std::move(reset);
    key.read = [read_value = std::move(read_value), restore = key.reset](Reading& reading, const std::string& full,
                                                                         const Node& node, T& out) {
        reading.begin(full, node.place);
        restore(out);
        if (!node.is_empty_string()) read_value(reading, full, node, out);
    };
    key.list = [show](Listing& listing, const std::string& full, const T& value) { listing.row(full, show(value)); };
    key.describe = [show](std::vector<KnownKey>& known, const std::string& full) {
        known.push_back({full, show(T{})});
    };
    return key;
}

/// A member read by a codec. The empty string means the built-in default.
template <class T, class Codec> Key<T> key(std::string name, typename Codec::value_type T::*member, Codec codec) {
    return custom_key<T>(
        std::move(name),
        [member, codec](Reading& reading, const std::string& full, const Node& node, T& out) {
            codec.read(reading, full, node, out.*member);
        },
        [member, codec](const T& value) { return codec.show(value.*member); },
        [member](T& out) { out.*member = T{}.*member; });
}

/// A section that is a struct of its own: [connections.acme.orders]. Later layers are laid over
/// earlier ones key by key.
template <class T, class M> Key<T> section(std::string name, M T::*member, Table<M> table) {
    Key<T> key;
    key.name = std::move(name);
    key.read = [member, table](Reading& reading, const std::string& full, const Node& node, T& out) {
        reading.begin_section(full, node.place);
        read_table(reading, full, node, table, out.*member);
    };
    key.reset = [member](T& out) { out.*member = M{}; };
    key.list = [member, table](Listing& listing, const std::string& full, const T& value) {
        list_table(listing, full, table, value.*member);
    };
    key.describe = [table](std::vector<KnownKey>& known, const std::string& full) {
        describe_table(known, full, table);
    };
    return key;
}

/// A value that is a small table of fixed keys, kept in the same struct: notify = { email = true }.
/// A layer that writes it replaces it as a whole.
template <class T> Key<T> group(std::string name, Table<T> table) {
    Key<T> key;
    key.name = std::move(name);
    key.reset = [table](T& out) {
        for (const auto& entry : table) entry.reset(out);
    };
    key.read = [table, reset = key.reset](Reading& reading, const std::string& full, const Node& node, T& out) {
        reading.forget_origins(full);
        reading.begin(full, node.place);
        reset(out);
        if (!node.is_empty_string()) read_table(reading, full, node, table, out);
    };
    key.list = [table](Listing& listing, const std::string& full, const T& value) {
        list_table(listing, full, table, value);
    };
    key.describe = [table](std::vector<KnownKey>& known, const std::string& full) {
        describe_table(known, full, table);
    };
    return key;
}

/// The same, kept in a struct of its own.
template <class T, class M> Key<T> group(std::string name, M T::*member, const Table<M>& table) {
    Table<T> lifted;
    for (const Key<M>& inner : table) {
        Key<T> outer;
        outer.name = inner.name;
        outer.read = [member, inner](Reading& reading, const std::string& full, const Node& node, T& out) {
            inner.read(reading, full, node, out.*member);
        };
        outer.reset = [member, inner](T& out) { inner.reset(out.*member); };
        outer.list = [member, inner](Listing& listing, const std::string& full, const T& value) {
            inner.list(listing, full, value.*member);
        };
        outer.describe = inner.describe;
        lifted.push_back(std::move(outer));
    }
    return group<T>(std::move(name), std::move(lifted));
}

} // namespace blongo::config
