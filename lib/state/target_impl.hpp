// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <blongo/state/store.hpp>

namespace blongo::state {

/// Where a state lives, read from its URL. Private to lib/state; `connect` may hold the password.
struct Target {
    bool postgresql = false;
    bool memory = false;      ///< an empty SQLite database that ends with its session
    std::string path;         ///< SQLite: resolved path of the file; empty for memory
    std::string place;        ///< as people see it: no user, no password
    std::string folder;       ///< SQLite: the resolved folder of the file
    std::string connect;      ///< connect string for SOCI, read and write
    std::string lock_connect; ///< PostgreSQL: the same with short TCP keepalives
    bool verified = false;    ///< PostgreSQL: the server's certificate is checked
};

/// Reads `sqlite:///path` or `postgresql://...`. SQLite: checks folder and file system, and makes
/// the last folder level (0700) with `make`. Errors: config (a URL that cannot be meant), state.
[[nodiscard]] Result<Target> find_target(const OpenOptions& options, bool make);

/// PostgreSQL part of find_target: checks the URL and adds what blongo insists on (TLS with a
/// checked certificate unless the server is local, time-outs, name). The answer is again a URL:
/// SOCI 4.0.3 loses quotes of the key='value' form, which breaks passwords.
[[nodiscard]] Result<Target> read_postgresql_url(const std::string& url, const Secret& password);

/// The database in memory that stands for a state that does not exist yet.
[[nodiscard]] Target memory_target(const Target& absent);

} // namespace blongo::state
