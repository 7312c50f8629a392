// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include <blongo/state/session_impl.hpp>

namespace blongo::state {

/// One step of the schema. Statements are SQL of both databases with these words replaced:
/// {id} a key that counts up by itself, {text} text that sorts by bytes. One that begins with {sqlite} or {postgresql} is
/// for that database only.
struct Migration {
    int version = 0;
    std::vector<std::string> statements;
};

/// All steps, ascending from 1. Append only: what has been released is never edited.
[[nodiscard]] std::span<const Migration> migrations();

/// Version of the schema that the session's database has; 0: none yet. Refuses a SQLite file
/// that holds something else.
[[nodiscard]] Result<int> schema_version(Store::Session& session);

/// Error when `version` is newer than `newest`, or, with `exact`, older.
[[nodiscard]] Result<void> check_version(const Target& target, int version, int newest, bool exact);

/// Brings the database to the last version of `steps`: one transaction each, under an exclusive
/// lock, not while another run works with the old schema, and after a copy of the SQLite file.
/// Answers the version that it has then.
[[nodiscard]] Result<int> migrate(Store::Session& session, std::span<const Migration> steps);

} // namespace blongo::state
