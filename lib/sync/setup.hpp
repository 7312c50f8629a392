// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <blongo/sync/delivery_methods.hpp>

namespace blongo::sync {

/// Something of either side that a configuration names: its id as it is written, its name for people.
struct SetupChoice {
    std::string id, name;
    friend bool operator==(const SetupChoice&, const SetupChoice&) = default;
};
/// What `init` needs of BaseLinker, read at once: a wrong token is told here.
struct SellerLists {
    std::vector<SetupChoice> inventories, statuses, warehouses; ///< warehouses: those that stock can be written to
    std::vector<std::string> with_reservations;                 ///< inventory ids
};
[[nodiscard]] Result<SellerLists> seller_lists(const config::Config& config, const config::Connection& connection,
                                               const Runtime& runtime);
/// Statuses of Ongoing; a wrong address, user, password or goods owner is told here.
[[nodiscard]] Result<std::vector<SetupChoice>> warehouse_statuses(const config::Config& config,
                                                                  const config::Connection& connection, const Runtime& runtime);
/// Delivery methods of the last 30 days with the rules of the connection, by count.
[[nodiscard]] Result<std::vector<DeliveryMethod>> recent_methods(const config::Config& config,
                                                                 const config::Connection& connection, const Runtime& runtime);

} // namespace blongo::sync
