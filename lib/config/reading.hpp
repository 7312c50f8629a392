// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/config/config.hpp>
#include <blongo/config/document.hpp>

namespace blongo::config {

/// Where a value was written, by its key relative to the connection ("orders.batch") or, outside
/// connections, by its full key ("http.read_timeout").
struct Origin {
    Place place;
    bool from_defaults = false;             ///< written in [defaults.*]
    [[nodiscard]] std::string text() const; ///< "blongo.toml:12:3", "blongo.toml:12:3 (defaults)"
};
using Origins = std::map<std::string, Origin, std::less<>>;

/// What a person has to correct, with its place for sorting.
struct Complaint {
    Place place;
    std::string text; ///< "file:line:column: what"
};

/// The flow that a relative key belongs to: "orders.batch" -> "orders"; "" for what concerns the
/// whole connection.
[[nodiscard]] std::string flow_of(std::string_view relative_key);

/// Collects everything that is found while tables are read into structs. One object reads all
/// layers ([defaults], then the connection itself) of one connection, or the rest of the file.
class Reading {
public:
    /// `prefix` is the key of the table that is read: "connections.acme", "defaults", "".
    explicit Reading(std::string prefix) : prefix_(std::move(prefix)) {}
    /// Starts another layer over the same target: later values replace earlier ones.
    void next_layer(std::string prefix, bool is_defaults);
    /// Folder of the file that is read; relative paths in it begin there.
    void set_folder(std::string folder) { folder_ = std::move(folder); }

    /// A value is about to be read: forgets what an earlier layer said about this key and below.
    void begin(const std::string& key, const Place& place);
    /// The same for a table that is laid over an earlier one key by key: nothing is forgotten.
    void begin_section(const std::string& key, const Place& place) { origins_[key] = {place, is_defaults_}; }
    /// True once per layer and name: the first key of a group of which a layer replaces all.
    bool first_in_layer(const std::string& name) { return layer_groups_.insert(name).second; }
    void forget_origins(const std::string& key);

    /// Unknown key, wrong type. In a connection's own table it stops that connection; elsewhere the file cannot be used.
    void wrong(const Place& place, const std::string& what);
    /// Wrong type at `key`: "connections.acme.orders.batch must be a whole number, not ...".
    void wrong_type(const std::string& key, const Node& node, std::string_view expected, bool secret = false);
    /// The value cannot be used: stops the flow that the key belongs to.
    void invalid(const std::string& key, const Place& place, const std::string& what);
    void warn(const Place& place, const std::string& what);

    /// "connections.acme.orders.batch" as the file writes it, for messages.
    [[nodiscard]] std::string shown(std::string_view key) const;
    /// An absolute path, relative ones seen from the file that names them.
    [[nodiscard]] std::string resolve_path(const std::string& path) const;

    [[nodiscard]] const Origins& origins() const noexcept { return origins_; }
    /// Place of a key or of the nearest table around it that is written, else nothing.
    [[nodiscard]] std::optional<Place> place_of(std::string_view key) const;
    /// Those outside of a connection's own table, [defaults] included.
    [[nodiscard]] const std::vector<Complaint>& errors() const noexcept { return errors_; }
    /// Those in a connection's own table.
    [[nodiscard]] const std::vector<Complaint>& connection_errors() const noexcept { return connection_errors_; }
    [[nodiscard]] const std::vector<Complaint>& warnings() const noexcept { return warnings_; }
    /// Errors of the connection by the flow that they stop; "" = all of them.
    [[nodiscard]] std::map<std::string, std::vector<std::string>> invalid_by_flow() const;
    [[nodiscard]] std::vector<Complaint> invalid() const;
    /// Whether something was said already about this key.
    [[nodiscard]] bool is_invalid(std::string_view key) const;

private:
    struct Invalid {
        std::string key;
        Complaint complaint;
    };
    std::string prefix_, folder_;
    bool is_defaults_ = false, is_connection_ = false;
    std::set<std::string> layer_groups_;
    Origins origins_;
    std::vector<Complaint> errors_, connection_errors_, warnings_;
    std::vector<Invalid> invalid_;
};

} // namespace blongo::config
