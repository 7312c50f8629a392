// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <blongo/baselinker/returns.hpp>
#include <blongo/sync/flow.hpp>
#include <blongo/sync/return_settings.hpp>

namespace blongo::sync {

/// Returns of BaseLinker that may have to be in Ongoing, or are there, from all sources, each once: sweeps of the accepted
/// statuses; while none is due, what was created since, and the journal, where it is on; then those that none of these
/// brought: parked ones, and known ones that have not come yet.
class ReturnSources {
public:
    ReturnSources(Flow& flow, const ReturnStatuses& statuses);

    /// Reads all sources. `asked`: read whatever comes (writes of unknown outcome). An error on any page ends the step.
    [[nodiscard]] Result<void> read(const std::set<ReturnId>& asked);
    /// Only these returns, and those of these orders.
    [[nodiscard]] Result<void> read_named(const std::vector<ReturnId>& ids, const std::vector<BaseOrderId>& orders);

    [[nodiscard]] std::vector<baselinker::OrderReturn>& returns() noexcept { return returns_; }
    [[nodiscard]] const std::vector<baselinker::BadReturn>& bad() const noexcept { return bad_; }
    /// Asked for by id, and not there.
    [[nodiscard]] const std::vector<ReturnId>& gone() const noexcept { return gone_; }
    /// Moves the cursors: called when the fate of everything that came is recorded.
    [[nodiscard]] Result<void> commit();

private:
    [[nodiscard]] Result<bool> sweep_is_due();
    [[nodiscard]] Result<void> sweeps();
    [[nodiscard]] Result<void> newly_created();
    [[nodiscard]] Result<void> journal();
    [[nodiscard]] Result<void> waiting_ones(const std::set<ReturnId>& asked);
    [[nodiscard]] Result<void> read_one(ReturnId id);
    /// Answers the number of calls.
    [[nodiscard]] Result<int> list(const baselinker::ReturnQuery& query);
    void take(baselinker::OrderReturn&& one);
    [[nodiscard]] Result<std::optional<std::int64_t>> number_cursor(const std::string& name);

    Flow& flow_;
    const ReturnStatuses& statuses_;
    baselinker::Returns client_;
    Timestamp read_at_;
    std::vector<baselinker::OrderReturn> returns_;
    std::vector<baselinker::BadReturn> bad_;
    std::vector<ReturnId> gone_;
    std::set<ReturnId> seen_;
    std::optional<Timestamp> newest_;            ///< date_add
    std::map<std::string, std::string> cursors_; ///< to be set by commit()
};

} // namespace blongo::sync
