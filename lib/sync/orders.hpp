// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <blongo/report/reporter.hpp>
#include <blongo/state/forecasts.hpp>
#include <blongo/state/holds.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/state/parked.hpp>
#include <blongo/sync/order_backfill.hpp>
#include <blongo/sync/session.hpp>

namespace blongo::sync {

/// orders sync: recover -> sources -> admission -> map -> articles on demand -> take over -> create -> write back.
/// With FlowOptions::orders only these BaseLinker order ids; what start_from or import_delay leaves out is skipped
/// and says so, named or not.
[[nodiscard]] report::Summary run_orders(const config::Config& config, const config::Connection& connection,
                                         const FlowOptions& options, const Runtime& runtime);

/// orders backfill: orders that start_from left out, by number (FlowOptions::orders) or confirmed in a range.
/// import_delay does not hold them back either.
[[nodiscard]] report::Summary backfill_orders(const config::Config& config, const config::Connection& connection,
                                              std::optional<Timestamp> from, std::optional<Timestamp> to,
                                              const FlowOptions& options, const Runtime& runtime);

/// orders reimport: sends named orders (FlowOptions::orders) anew: cancelled ones that are alive again and orders whose id
/// is another's now under their next number, copies that wait, and what Ongoing lost. What is not safe is refused
/// (rejected, 3) with its reason and the command that helps. Asked once, it is carried out by this run or a later one.
[[nodiscard]] report::Summary reimport_orders(const config::Config& config, const config::Connection& connection,
                                              const SentAnew& what, const FlowOptions& options, const Runtime& runtime);

/// Everything that is known of one order, for `orders show` and `why`.
struct OrderView {
    BaseOrderId order_id;
    std::optional<state::OrderRow> ledger;
    std::vector<state::OrderLineRow> lines;
    std::optional<state::ParkedRow> parked;
    std::optional<state::HoldRow> hold;
    std::vector<std::string> unsettled; ///< writes whose outcome is unknown, one sentence each
    bool in_baselinker = false;
    std::string base_status; ///< id and name
    std::string admission;   ///< why it is, or is not, to be in Ongoing
    std::string will_fail;   ///< what Send is foreseen to refuse of it (state::ForecastRow); empty: nothing
    bool in_ongoing = false;
    std::string ongoing_number, ongoing_status;
    struct Line {
        std::string target, source, baselinker, ongoing, verdict;
        bool own = false;                                         ///< a template of [connections.X.mapping] writes it
        std::vector<std::pair<std::string, std::string>> reads{}; ///< of an own one: what its template read
        std::string by_default{};                                 ///< of an own one: what it replaces
    };
    std::vector<Line> members;             ///< mapping: both sides next to each other
    std::optional<report::Action> planned; ///< mode = "plan": what a run would do
    std::string verdict;                   ///< one sentence: where it is, or what keeps it
};
/// `id` is a BaseLinker order id (see find_order). Reads both sides.
[[nodiscard]] Result<OrderView> show_order(const config::Config& config, const config::Connection& connection, BaseOrderId id,
                                           const Runtime& runtime);

/// What an N of the command line means: a BaseLinker order id, an Ongoing order number, a marketplace number or
/// "#"Ongoing id. Candidates, from the ledger and the parked list first, then from BaseLinker.
struct FoundOrder {
    BaseOrderId order_id;
    std::string number, market_number, where; ///< "ledger", "parked", "hold", "BaseLinker"
};
[[nodiscard]] Result<std::vector<FoundOrder>> find_order(const config::Config& config, const config::Connection& connection,
                                                         const std::string& n, const Runtime& runtime);

/// Orders of Ongoing that Send is foreseen to refuse, oldest first (no request).
[[nodiscard]] Result<std::vector<state::ForecastRow>> list_forecasts(const config::Connection& connection,
                                                                     const Runtime& runtime);

/// An order that is in the ledger, or on hold, or both.
struct ListedOrder {
    BaseOrderId order_id;
    std::optional<state::OrderRow> ledger;
    std::optional<state::HoldRow> hold;
};
/// Orders that are on hold before they were sent, then those of the ledger, newest import first (no request).
[[nodiscard]] Result<std::vector<ListedOrder>> list_orders(const config::Connection& connection, std::optional<Timestamp> since,
                                                           int limit, const Runtime& runtime);

} // namespace blongo::sync
