// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <sys/types.h>

namespace blongo::test {

/// A PostgreSQL 15 of this test executable: made in a temporary folder at the first use, reachable
/// through a Unix socket only, stopped and removed when the executable ends, however it ends.
/// As root it runs as the user `postgres`. Throws where PostgreSQL is not installed: tests that
/// need it fail, they are not skipped.
class PostgresServer {
public:
    static PostgresServer& instance();
    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    /// An empty database; answers its URL. `encoding`: of createdb.
    [[nodiscard]] std::string make_database(const std::string& encoding = "UTF8");
    /// The URL of a database for another user; users get in without a password unless a line of
    /// pg_hba.conf says otherwise: the user `secretive` needs one.
    [[nodiscard]] std::string url(const std::string& database, const std::string& user = "postgres") const;
    /// Runs SQL as superuser; answers the rows as psql prints them unaligned. Throws on errors.
    std::string sql(const std::string& database, const std::string& text) const;
    [[nodiscard]] const std::string& folder() const noexcept { return folder_; }
    /// Path of the socket.
    [[nodiscard]] std::string socket() const { return folder_ + "/.s.PGSQL.5432"; }
    /// Name of the database in a URL that make_database gave.
    [[nodiscard]] static std::string database_of(const std::string& url);

private:
    PostgresServer();
    void start();
    std::string folder_;
    pid_t pid_ = 0;
    int databases_ = 0;
};

} // namespace blongo::test
