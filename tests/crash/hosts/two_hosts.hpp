// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "support/e2e/commands.hpp"
#include "support/e2e/shipments.hpp"
#include "support/postgres.hpp"

namespace blongo::test {

/// One shop, one state, and processes that believe to run on different machines.
class TwoHosts {
public:
    /// On a PostgreSQL; on_postgresql = false: the installation's own SQLite file.
    explicit TwoHosts(bool on_postgresql = true);

    Shop shop;
    std::string database; ///< its URL; empty: SQLite

    /// From now on the configuration names this state.
    void use_state(const std::string& url) const;
    [[nodiscard]] std::unique_ptr<Process> start(const std::string& host, const std::vector<std::string>& arguments) const;
    [[nodiscard]] Finished run(const std::string& host, const std::vector<std::string>& arguments) const;
    /// SQL on the state; answers what it prints.
    std::string sql(const std::string& text) const { return read_any_state(shop.installation, text); }
    /// The database ends sessions of blongo: all, or those that wait within a transaction.
    void cut_connections(bool only_idle_transactions = false) const;

    /// Runs, looks by hand at what is left, and runs again, until nothing is to be done.
    void recover(const std::string& host);
    /// Each of these orders has one package that was bought once, and its label once.
    void expect_one_each(std::int64_t first, int count);
};

/// Waits until something holds; fails the test after half a minute.
void wait_for(const std::string& what, const std::function<bool()>& holds, std::chrono::seconds limit = std::chrono::seconds{30});

/// How many sends a test makes: `usual`, or BLONGO_SENDS.
[[nodiscard]] int sends(int usual);

} // namespace blongo::test
