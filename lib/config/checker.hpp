// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <blongo/config/check.hpp>

namespace blongo::config {

/// Where the checks of one connection put what they find. Keys are relative ("orders.statuses").
struct Checker {
    Connection& connection;
    Reading& reading;
    const Place& place;

    /// Stops the flow of the key. The subject of `what` is the key: "is missing".
    void error(const std::string& key, const std::string& what) const;
    /// An error unless `present`, or unless the key is written and was refused already.
    void require(const std::string& key, bool present, const std::string& remedy) const;
    void warning(const std::string& key, const std::string& what) const;
};

/// A status as a person wrote it: 8069, "New orders".
[[nodiscard]] std::string show(const StatusRef& status);

void check_shipments(const Checker& check, const Http& http);
/// Each target against the closed request models of Ongoing, each template against BaseLinker's fields.
void check_mapping(const Checker& check);

} // namespace blongo::config
