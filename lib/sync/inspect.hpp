// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/state/parked.hpp>
#include <blongo/state/runs.hpp>
#include <blongo/sync/session.hpp>
#include <blongo/sync/state_access.hpp>

namespace blongo::sync {

/// One row of `status`: a flow of a connection.
struct FlowStatus {
    std::string connection, flow;
    bool enabled = false;
    std::string mode;
    std::optional<state::RunRow> last_run, last_good;
    std::optional<std::string> running; ///< who holds the flow lock
    std::int64_t parked = 0, ledger = 0, unsettled = 0;
    std::vector<std::string> config_errors;
};
struct ConnectionStatus {
    std::string connection;
    std::vector<FlowStatus> flows;
    std::optional<state::BudgetStatus> budget;
    std::optional<std::string> problem;            ///< the state could not be read, ...
    std::optional<Timestamp> journal_silent_since; ///< BaseLinker's journal tells nothing, while orders arrive
};
/// What to do about a journal that stays empty.
inline constexpr std::string_view journal_remedy = "Ask BaseLinker's support to switch getJournalList on";
/// Whether a run would work this flow: it and its connection are enabled.
[[nodiscard]] bool flow_enabled(const config::Connection& connection, const std::string& flow);

/// Reads the state only; no request.
[[nodiscard]] Result<ConnectionStatus> status_of(const config::Connection& connection, const Runtime& runtime);
/// The same of a state that is open.
[[nodiscard]] Result<ConnectionStatus> status_of(const config::Connection& connection, const Runtime& runtime,
                                                 const OpenedState& opened);

/// Parked objects of a connection, oldest first; empty flow: all.
[[nodiscard]] Result<std::vector<state::ParkedRow>> parked_of(const config::Config& config, const config::Connection& connection,
                                                              const std::string& flow, const Runtime& runtime);
/// Makes objects due at once; empty keys: all (of the cause, if given). How many were marked.
[[nodiscard]] Result<std::int64_t> retry_parked(const config::Config& config, const config::Connection& connection,
                                                const std::string& flow, const std::vector<std::string>& keys,
                                                const std::string& cause, const Runtime& runtime);

/// One check of `doctor`.
struct Check {
    std::string name;
    enum class Verdict : std::uint8_t { ok, warning, failure, skipped } verdict = Verdict::ok;
    std::string finding, remedy;
    ErrorKind kind = ErrorKind::config; ///< of a failure: decides the exit code
    std::string owner{};                ///< who can act: "seller", "warehouse", "administrator"
};
/// Everything that can be checked from here: secrets, DNS, TLS, credentials of both sides, inventory, warehouses,
/// statuses, couriers, delivery methods, printing, state, clock, web firewall, length unit on a known article, budget,
/// file modes. Reads only, about 20 requests, never out of the reserve of sends and orders. `sample`: so many of the last
/// orders are mapped as well, and what would be parked is told.
[[nodiscard]] std::vector<Check> doctor(const config::Config& config, const config::Connection& connection,
                                        const Runtime& runtime, std::int64_t sample = 0);

/// A dictionary of either side for `list ...`: name of the list -> rows of (column, text).
struct Table {
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
};
/// what: statuses, return-statuses, sources, inventories, warehouses, ways-of-delivery, transporters.
[[nodiscard]] Result<Table> list_dictionary(const config::Config& config, const config::Connection& connection,
                                            const std::string& what, const Runtime& runtime);

} // namespace blongo::sync
