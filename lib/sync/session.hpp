// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <blongo/base/clock.hpp>
#include <blongo/base/redact.hpp>
#include <blongo/baselinker/client.hpp>
#include <blongo/config/config.hpp>
#include <blongo/config/load.hpp>
#include <blongo/http/decorators.hpp>
#include <blongo/ongoing/client.hpp>
#include <blongo/report/reporter.hpp>
#include <blongo/state/budget.hpp>
#include <blongo/state/connections.hpp>
#include <blongo/state/locks.hpp>
#include <blongo/state/store.hpp>

namespace blongo::sync {

/// What every flow of a run shares.
struct Runtime {
    Clock& clock;
    const StopToken& stop;
    report::Reporter& reporter;
    config::Environment environment;
    std::string version; ///< for the User-Agent
    std::string state_url;
    Secret state_password;
    int verbosity = 0;
    std::string dump_http; ///< folder, or empty
    Milliseconds lock_wait{0};
    std::optional<Milliseconds> deadline; ///< boot time at which --max-duration ends
};

/// What a command asks of a flow, from its options.
struct FlowOptions {
    /// Of a command that only looks.
    [[nodiscard]] static FlowOptions looking() {
        FlowOptions options;
        options.dry_run = true;
        return options;
    }
    bool dry_run = false;          ///< -n, or mode = "plan" without a pilot order
    bool explicit_objects = false; ///< named objects: claims only, no flow lock
    bool claims_only = false;      ///< the flow takes its lock itself, for a part of its run
    bool rare_run_rows = false;    ///< a run that did nothing leaves a row every few minutes only (watch)
    std::vector<std::string> skus, orders;
    std::vector<std::string> returns; ///< BaseLinker's return ids
    std::int64_t limit = 0;           ///< at most so many writes; 0: no limit
    bool learns = false;              ///< state rebuild: remembers what it finds, all of it, and may write to neither side
    bool strict = false;
    bool resend_vanished = false;  ///< orders: a person named them; one that Ongoing lost is sent again
    bool allow_cancelling = false; ///< orders: that most of them are gone from BaseLinker does not stop this run
    bool allow_zeroing = false;    ///< stock: max_zeroed_percent does not stop this run
};

/// Both services and the state of one connection, opened from its configuration. Not shared by
/// threads; another_baselinker() gives a reader thread a client on a connection of its own.
class Session {
public:
    /// Reads the secrets, opens the state (read_only for a dry run), ensures the connection row,
    /// builds the transports: Retry -> Count -> Budget (BaseLinker) or WriterLock (Ongoing) ->
    /// [ReadOnly when dry] -> Log -> Curl. No request is made.
    [[nodiscard]] static Result<std::unique_ptr<Session>> open(const config::Config& config, const config::Connection& connection,
                                                               state::BudgetClass klass, bool dry_run, const Runtime& runtime);
    virtual ~Session() = default;

    [[nodiscard]] virtual const config::Connection& connection() const noexcept = 0;
    [[nodiscard]] virtual const Runtime& runtime() const noexcept = 0;
    [[nodiscard]] virtual const config::Http& http() const noexcept = 0;
    [[nodiscard]] virtual const config::Privacy& privacy() const noexcept = 0;
    [[nodiscard]] virtual baselinker::Client& baselinker() noexcept = 0;
    [[nodiscard]] virtual ongoing::Client& ongoing() noexcept = 0;
    /// A BaseLinker client with its own connection, on the same budget, for a second thread.
    [[nodiscard]] virtual Result<std::unique_ptr<baselinker::Client>> another_baselinker() = 0;
    [[nodiscard]] virtual state::Store& store() noexcept = 0;
    [[nodiscard]] virtual state::Locks& locks() noexcept = 0;
    [[nodiscard]] virtual state::RequestBudget& budget() noexcept = 0;
    [[nodiscard]] virtual state::ConnectionKey key() const noexcept = 0;
    [[nodiscard]] virtual const Redactor& redactor() const noexcept = 0;
    /// Requests so far by side, retries included.
    [[nodiscard]] virtual std::map<std::string, std::int64_t> requests() const = 0;
    /// Whether --max-duration has ended or a stop was asked for.
    [[nodiscard]] virtual bool out_of_time() const noexcept = 0;
};

/// The identity under which the state knows this connection.
[[nodiscard]] state::Identity identity_of(const config::Connection& connection);

/// The name under which processes share the request budget: the configured account, or the token's hash.
[[nodiscard]] std::string budget_account(const config::Connection& connection, const Secret& token);

} // namespace blongo::sync
