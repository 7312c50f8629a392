// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <blongo/baselinker/wire.hpp>
#include <blongo/sync/flow.hpp>

namespace blongo::sync {

/// A listing of the catalogue that the time of one run is too short for: its pages are kept in the state, and the next run
/// goes on behind them. One that left a run no time for products is used by the runs after it, until all of its products had
/// their turn; otherwise each of them would list again, and never come to the products. After a day it is begun anew.
/// Only a run with a deadline keeps pages.
class KeptListing {
public:
    /// `keeps`: false: the state is neither read nor written.
    KeptListing(Flow& flow, bool keeps) : flow_(flow), keeps_(keeps) {}
    [[nodiscard]] bool keeps() const noexcept { return keeps_; }

    using EachRow = std::function<Result<void>(baselinker::ProductListRow&& row)>;
    /// Hands out the rows that earlier runs kept, if there are any.
    [[nodiscard]] Result<void> restore(const EachRow& row);
    /// Every page was read by earlier runs.
    [[nodiscard]] bool is_whole() const noexcept { return is_whole_; }
    /// The page to go on with. When products were deleted meanwhile, some of its rows have moved to the page before: these
    /// products come with the next listing, and nothing takes them for gone (what a listing lacks is asked for by id).
    [[nodiscard]] int first_page() const noexcept { return pages_ + 1; }

    /// A page was read; `pages`: how many of the listing that makes.
    [[nodiscard]] Result<void> add(const std::vector<baselinker::ProductListRow>& rows, int pages);
    /// The run ends before the listing does.
    [[nodiscard]] Result<void> stop() { return store(); }
    /// All pages were read. `has_time`: the run comes to the products.
    [[nodiscard]] Result<void> end(bool has_time);
    /// All products had their turn.
    [[nodiscard]] Result<void> forget();

private:
    /// Whether something may end this run before it comes to the products.
    [[nodiscard]] bool records() const;
    [[nodiscard]] Result<void> store();
    [[nodiscard]] Result<void> put_head();

    Flow& flow_;
    const bool keeps_;
    int pages_ = 0;
    std::int64_t begun_ = 0; ///< milliseconds since 1970
    std::size_t parts_ = 0;  ///< in the state
    bool is_whole_ = false, is_resumed_ = false, is_empty_ = true;
    std::vector<std::string> waiting_; ///< parts that are not in the state yet
};

} // namespace blongo::sync
