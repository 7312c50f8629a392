// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <utility>

#include <blongo/config/containers.hpp>
#include <blongo/config/keys.hpp>

/// Makers of keys: of a member and a codec, of a section, of a small table.
namespace blongo::config {

/// A key of its own making: `read_value` sets the value (the empty string never reaches it),
/// `show` writes it as TOML, `reset` makes it the default.
template <class T> Key<T> custom_key(const std::string& name,
                                     std::function<void(Reading&, const std::string&, const Node&, T&)> read_value,
                                     std::function<std::string(const T&)> show, std::function<void(T&)> reset) {
    Key<T> key;
    key.name = name;
    key.reset = std::move(reset);
    key.read = [read_value = std::move(read_value), restore = key.reset](Reading& reading, const std::string& full,
                                                                         const Node& node, T& out) {
        reading.begin(full, node.place);
        restore(out);
        if (!node.is_empty_string()) read_value(reading, full, node, out);
    };
    key.list = [show](Listing& listing, const std::string& full, const T& value) { listing.row(full, show(value)); };
    key.describe = [show](std::vector<KnownKey>& known, const std::string& full) { known.push_back({full, show(T{})}); };
    return key;
}

/// A member read by a codec. The empty string means the built-in default.
template <class T, class Codec> Key<T> key(std::string name, typename Codec::value_type T::*member, Codec codec) {
    return custom_key<T>(
        std::move(name),
        [member, codec](Reading& reading, const std::string& full, const Node& node, T& out) {
            codec.read(reading, full, node, out.*member);
        },
        [member, codec](const T& value) { return codec.show(value.*member); }, [member](T& out) { out.*member = T{}.*member; });
}

/// A section that is a struct of its own: [connections.acme.orders]. Later layers are laid over
/// earlier ones key by key.
template <class T, class M> Key<T> section(const std::string& name, M T::*member, Table<M> table) {
    Key<T> key;
    key.name = name;
    key.read = [member, table](Reading& reading, const std::string& full, const Node& node, T& out) {
        reading.begin_section(full, node.place);
        read_table(reading, full, node, table, out.*member);
    };
    key.reset = [member](T& out) { out.*member = M{}; };
    key.list = [member, table](Listing& listing, const std::string& full, const T& value) {
        list_table(listing, full, table, value.*member);
    };
    key.describe = [table](std::vector<KnownKey>& known, const std::string& full) { describe_table(known, full, table); };
    return key;
}

/// A value that is a small table of fixed keys, kept in the same struct: notify = { email = true }.
/// A layer that writes it replaces it as a whole.
template <class T> Key<T> group(const std::string& name, Table<T> table) {
    Key<T> key;
    key.name = name;
    key.reset = [table](T& out) {
        for (const auto& entry : table) entry.reset(out);
    };
    key.read = [table, reset = key.reset](Reading& reading, const std::string& full, const Node& node, T& out) {
        reading.forget_origins(full);
        reading.begin(full, node.place);
        reset(out);
        if (!node.is_empty_string()) read_table(reading, full, node, table, out);
    };
    key.list = [table](Listing& listing, const std::string& full, const T& value) { list_table(listing, full, table, value); };
    key.describe = [table](std::vector<KnownKey>& known, const std::string& full) { describe_table(known, full, table); };
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
