// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/base/result.hpp>
#include <blongo/baselinker/client.hpp>
#include <blongo/baselinker/return_wire.hpp>
#include <blongo/http/transport.hpp>
#include <blongo/json/reader.hpp>

namespace blongo::baselinker {

namespace limits {
inline constexpr int returns_per_call = 100; ///< 3.6
} // namespace limits

/// The methods about returns (contract 3.6), through a Client.
class Returns {
public:
    explicit Returns(Client& client) : client_(client) {}

    /// getOrderReturns: one call, at most returns_per_call rows. A return_id or order_id that the side does not know
    /// gives no rows.
    [[nodiscard]] Result<ReturnsPage> get_returns(const ReturnQuery& query);
    /// That return, in `returns` or in `bad`, or nothing when it is gone.
    [[nodiscard]] Result<ReturnsPage> get_return(ReturnId id);
    /// All returns of a filter, each once, over as many calls as it takes: paged by id_from, which may include its own
    /// id. Answers how many calls it took. Protocol error if full pages do not ascend by id: part of a listing is never
    /// taken for the listing.
    [[nodiscard]] Result<int> each_return(ReturnQuery query, const std::function<Result<void>(OrderReturn&&)>& one,
                                          const std::function<Result<void>(BadReturn&&)>& bad);
    [[nodiscard]] Result<std::vector<ReturnStatus>> get_return_status_list();
    /// getOrderReturnJournalList behind `last_log_id`, call after call until nothing new comes; ascending.
    [[nodiscard]] Result<std::vector<ReturnJournalEntry>> get_journal_list(std::int64_t last_log_id,
                                                                           std::span<const int> log_types);
    /// May fire the seller's mails and refunds: Effect::unsafe_write.
    [[nodiscard]] Result<void> set_return_status(ReturnId id, ReturnStatusId status, http::Departure departure = {});

private:
    [[nodiscard]] Result<json::Document> read(const std::string& method, const std::string& parameters);
    Client& client_;
};

} // namespace blongo::baselinker
