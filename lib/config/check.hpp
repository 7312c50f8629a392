// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <blongo/config/reading.hpp>

namespace blongo::config {

/// A connection with what is known about where its values stand.
struct ReadConnection {
    Connection connection;
    Reading reading;
    Place place; ///< of its table
};

/// Judges what no single key can: required keys, keys that contradict each other. Fills
/// Connection::errors (what reading found included) and the reading's warnings.
void check_connection(ReadConnection& read, const Http& http);

/// Two enabled connections with one identity (Ongoing address and goods owner, BaseLinker address
/// and inventory) would write over each other: an error of both.
void check_identities(std::vector<ReadConnection>& connections);

} // namespace blongo::config
