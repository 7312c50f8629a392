// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/base/result.hpp>
#include <blongo/json/value.hpp>

namespace blongo::sandbox {

/// What goes wrong with a call. "before" means that the service does not execute it, "after"
/// that it did, and only the answer suffers.
enum class FaultKind : std::uint8_t {
    none,
    drop_before,
    drop_after,
    status_before,
    status_after,
    html_502,
    html_403,
    truncated,
    stall,
    late_commit,
    blocked_token,
    kill_before,
    kill_after,
    nesting,
    huge,
    redirect,
    empty_listing,
    skew,
    meanwhile,
};
[[nodiscard]] std::string_view to_string(FaultKind kind) noexcept;
[[nodiscard]] const std::vector<std::string>& fault_names();

/// One rule: which calls it meets and what happens to them.
struct FaultRule {
    FaultKind kind = FaultKind::none;
    std::string side;       ///< "baselinker", "ongoing", or empty for both
    std::string operation;  ///< "getOrders", "PUT /articles", or "*"
    std::string match;      ///< a text that path, query or body must contain
    std::string connection; ///< "fresh", "kept_alive", or empty for both
    std::int64_t nth = 0;   ///< only the n-th call that fits, counted from 1 since the rule was set
    std::int64_t every = 0;
    std::int64_t from = 0;
    std::int64_t times = 0; ///< fires at most so often; 0: no limit
    std::int64_t code = 500;
    std::int64_t milliseconds = 0; ///< of a stall, a block, a late commit, a skew
    std::optional<bool> commit;    ///< for faults that can stand on either side of the execution
    std::string body, location;
    json::Value admin;      ///< of meanwhile: {"method", "path", "body"}, or a list of such
    std::int64_t seen = 0;  ///< calls that fitted
    std::int64_t fired = 0; ///< calls that were spoilt

    /// Whether the call is executed although its answer is spoilt.
    [[nodiscard]] bool commits() const;
    [[nodiscard]] json::Value to_json() const;
    [[nodiscard]] static Result<FaultRule> from_json(const json::Value& object);
};

/// The rules in force. The first one that fires decides.
class Faults {
public:
    /// Takes one rule, a list of rules, or {"faults":[...]}.
    [[nodiscard]] Result<void> add(const json::Value& rules);
    void clear() { rules_.clear(); }
    [[nodiscard]] json::Value to_json() const;

    struct Call {
        std::string_view side, operation, text; ///< text: path, query and body
        bool kept_alive = false;                ///< not the first request of its connection
    };
    /// Counts the call at every rule that it fits and returns a copy of the rule that fires
    /// (kind none: no fault).
    [[nodiscard]] FaultRule next(const Call& call);

private:
    std::vector<FaultRule> rules_;
};

/// The process at the other end of a connection from this machine, found in /proc; 0: unknown.
[[nodiscard]] int process_of_port(int peer_port, int own_port);

} // namespace blongo::sandbox
