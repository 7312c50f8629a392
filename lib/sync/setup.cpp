// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/setup.hpp>

#include <fmt/format.h>

#include <blongo/sync/order_settings.hpp>
#include <blongo/sync/settings.hpp>

namespace blongo::sync {

namespace {

Result<std::unique_ptr<Session>> open_for_setup(const config::Config& config, const config::Connection& connection,
                                                const Runtime& runtime) {
    return Session::open(config, connection, state::BudgetClass::articles, true, runtime);
}

} // namespace

Result<SellerLists> seller_lists(const config::Config& config, const config::Connection& connection, const Runtime& runtime) {
    BLONGO_TRY(const auto session, open_for_setup(config, connection, runtime));
    SellerLists lists;
    BLONGO_TRY(const auto inventories, session->baselinker().get_inventories());
    for (const auto& one : inventories) {
        lists.inventories.push_back({fmt::to_string(one.inventory_id), one.name});
        if (one.reservations) lists.with_reservations.push_back(fmt::to_string(one.inventory_id));
    }
    BLONGO_TRY(const auto statuses, session->baselinker().get_order_status_list());
    for (const auto& one : statuses) lists.statuses.push_back({fmt::to_string(one.id), one.name});
    BLONGO_TRY(const auto warehouses, session->baselinker().get_inventory_warehouses());
    for (const auto& one : warehouses)
        if (one.key.value().starts_with("bl_")) lists.warehouses.push_back({one.key.value(), one.name});
    return lists;
}

Result<std::vector<SetupChoice>> warehouse_statuses(const config::Config& config, const config::Connection& connection,
                                                    const Runtime& runtime) {
    BLONGO_TRY(const auto session, open_for_setup(config, connection, runtime));
    BLONGO_TRY(const auto statuses, session->ongoing().get_order_statuses());
    const std::vector<ArticleNumber> nothing{ArticleNumber{"blongo-init"}};
    BLONGO_CHECK(session->ongoing().find_articles(nothing));
    std::vector<SetupChoice> out;
    for (const auto& one : statuses) out.push_back({std::to_string(one.number), one.text});
    return out;
}

Result<std::vector<DeliveryMethod>> recent_methods(const config::Config& config, const config::Connection& connection,
                                                   const Runtime& runtime) {
    BLONGO_TRY(const auto session, open_for_setup(config, connection, runtime));
    StatusNames resolve(*session);
    BLONGO_TRY(const auto rules, courier_rules(connection.shipments, std::ref(resolve)));
    BLONGO_TRY(const auto recent, read_recent_orders(*session));
    return count_methods(recent.orders, rules);
}

} // namespace blongo::sync
