// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <blongo/state/store.hpp>

namespace blongo::state {

/// One run of one flow of one connection. Dry runs leave no row.
struct RunRow {
    std::int64_t id = 0;
    std::string flow;
    Timestamp started;
    std::optional<Timestamp> ended; ///< none: running, or killed
    bool complete = false;
    int exit_code = 0;
    std::string summary; ///< the summary line's JSON
    std::string host;
    std::int64_t pid = 0;
};

class Runs {
public:
    Runs(Store& store, ConnectionKey connection) : store_(store), connection_(connection) {}
    [[nodiscard]] Result<std::int64_t> begin(const std::string& flow);
    [[nodiscard]] Result<void> end(std::int64_t id, bool complete, int exit_code, const std::string& summary);
    /// Newest first.
    [[nodiscard]] Result<std::vector<RunRow>> list(const std::string& flow, int limit);
    /// The last run that was complete with exit code 0, 3 or 9.
    [[nodiscard]] Result<std::optional<RunRow>> last_good(const std::string& flow);
    /// Since when this flow is enabled for live runs (set at its first live run).
    [[nodiscard]] Result<Timestamp> enabled_since(const std::string& flow);

private:
    Store& store_;
    ConnectionKey connection_;
};

/// Small named values of a connection: cursors, marks ("articles.boot_read"), dictionaries.
class Cursors {
public:
    Cursors(Store& store, ConnectionKey connection) : store_(store), connection_(connection) {}
    [[nodiscard]] Result<std::optional<std::string>> get(const std::string& name);
    /// The same of one that holds a whole number; nullopt as well when it holds none.
    [[nodiscard]] Result<std::optional<std::int64_t>> number(const std::string& name);
    [[nodiscard]] Result<void> set(const std::string& name, const std::string& value);
    [[nodiscard]] Result<void> erase(const std::string& name);

private:
    Store& store_;
    ConnectionKey connection_;
};

} // namespace blongo::state
