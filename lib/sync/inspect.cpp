// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/inspect.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/baselinker/returns.hpp>
#include <blongo/state/articles.hpp>
#include <blongo/state/budget.hpp>
#include <blongo/state/deliveries.hpp>
#include <blongo/state/locks.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/state/returns.hpp>
#include <blongo/state/stock.hpp>
#include <blongo/sync/order_sources.hpp>
#include <blongo/sync/state_access.hpp>
#include <blongo/sync/work_claim.hpp>

namespace blongo::sync {

namespace {

std::optional<state::BudgetStatus> budget_of(const config::Connection& connection, const Runtime& runtime) {
    const auto token = config::read_secret(connection.baselinker.token, "token", runtime.environment);
    if (!token) return std::nullopt;
    state::BudgetOptions options;
    options.account = budget_account(connection, *token);
    options.per_minute = connection.baselinker.requests_per_minute;
    options.reserve = connection.baselinker.reserve;
    auto budget = state::RequestBudget::open(state_options(runtime, state::Access::read_only), options, runtime.stop);
    if (!budget) return std::nullopt;
    auto status = (*budget)->status();
    if (!status) return std::nullopt;
    return *status;
}

} // namespace

bool flow_enabled(const config::Connection& connection, const std::string& flow) {
    return connection.enabled && (flow == "articles"  ? connection.articles.enabled
                                  : flow == "orders"  ? connection.orders.enabled
                                  : flow == "stock"   ? connection.stock.enabled
                                  : flow == "returns" ? connection.returns.enabled
                                                      : connection.shipments.enabled);
}

Result<ConnectionStatus> status_of(const config::Connection& connection, const Runtime& runtime) {
    BLONGO_TRY(const auto opened, open_state(connection, runtime, state::Access::read_only));
    return status_of(connection, runtime, opened);
}

Result<ConnectionStatus> status_of(const config::Connection& connection, const Runtime& runtime, const OpenedState& opened) {
    ConnectionStatus status;
    status.connection = connection.name;
    state::Runs runs(*opened.store, opened.key);
    for (const std::string flow : {"orders", "articles", "stock", "shipments", "returns"}) {
        FlowStatus one;
        one.connection = connection.name;
        one.flow = flow;
        one.enabled = flow_enabled(connection, flow);
        one.mode = connection.mode;
        for (const auto& where : {std::string{}, flow})
            if (const auto found = connection.errors.find(where); found != connection.errors.end())
                one.config_errors.insert(one.config_errors.end(), found->second.begin(), found->second.end());
        if (opened.key != 0) {
            BLONGO_TRY(auto last, runs.list(flow, 1));
            if (!last.empty()) one.last_run = std::move(last.front());
            BLONGO_TRY(one.last_good, runs.last_good(flow));
            BLONGO_TRY(one.parked, state::Parked(*opened.store, opened.key).count(flow));
            if (flow == "articles") {
                BLONGO_TRY(one.ledger, state::Articles(*opened.store, opened.key).count());
            } else if (flow == "stock") {
                BLONGO_TRY(one.ledger, state::Stock(*opened.store, opened.key).count());
            } else if (flow == "orders") {
                BLONGO_TRY(one.ledger, state::Orders(*opened.store, opened.key).count());
            } else if (flow == "returns") {
                BLONGO_TRY(one.ledger, state::Returns(*opened.store, opened.key).count());
            } else {
                BLONGO_TRY(one.ledger, state::Deliveries(*opened.store, opened.key).count());
            }
            if (flow != "articles" && flow != "stock") { // what writes by intents
                BLONGO_TRY(const auto unsettled, unsettled_writes(*opened.store, opened.key, flow));
                one.unsettled = static_cast<std::int64_t>(unsettled.size());
            }
            BLONGO_TRY(const auto locks, state::Locks::open(state_options(runtime, state::Access::read_only)));
            BLONGO_TRY(one.running, locks->holder(state::flow_lock_name(opened.key, flow)));
        }
        status.flows.push_back(std::move(one));
    }
    if (opened.key != 0) {
        BLONGO_TRY(status.journal_silent_since, journal_silent_since(*opened.store, opened.key));
    }
    status.budget = budget_of(connection, runtime);
    return status;
}

Result<std::vector<state::ParkedRow>> parked_of(const config::Config&, const config::Connection& connection,
                                                const std::string& flow, const Runtime& runtime) {
    BLONGO_TRY(const auto opened, open_state(connection, runtime, state::Access::read_only));
    return state::Parked(*opened.store, opened.key).list(flow);
}

Result<std::int64_t> retry_parked(const config::Config&, const config::Connection& connection, const std::string& flow,
                                  const std::vector<std::string>& keys, const std::string& cause, const Runtime& runtime) {
    BLONGO_TRY(const auto opened, open_state(connection, runtime, state::Access::read_write));
    state::Parked parked(*opened.store, opened.key);
    BLONGO_TRY(const auto rows, parked.list(flow));
    std::int64_t marked = 0;
    for (const auto& row : rows) {
        if (!cause.empty() && row.cause != cause) continue;
        if (!keys.empty() && std::find(keys.begin(), keys.end(), row.key) == keys.end()) continue;
        BLONGO_TRY(const bool found, parked.retry_now(row.flow, row.key));
        if (found) ++marked;
    }
    if (marked == 0 && !keys.empty())
        return fail(ErrorKind::not_found, fmt::format("{} is not parked", keys.front()), connection.name,
                    "see what waits: blongo parked list");
    return marked;
}

Result<Table> list_dictionary(const config::Config& config, const config::Connection& connection, const std::string& what,
                              const Runtime& runtime) {
    BLONGO_TRY(const auto session, Session::open(config, connection, state::BudgetClass::articles, true, runtime));
    Table table;
    if (what == "statuses") {
        table.columns = {"side", "id", "name"};
        BLONGO_TRY(const auto ours, session->baselinker().get_order_status_list());
        for (const auto& status : ours) table.rows.push_back({"baselinker", fmt::to_string(status.id), status.name});
        BLONGO_TRY(const auto theirs, session->ongoing().get_order_statuses());
        for (const auto& status : theirs) table.rows.push_back({"ongoing", std::to_string(status.number), status.text});
    } else if (what == "return-statuses") {
        table.columns = {"id", "name"};
        BLONGO_TRY(const auto statuses, baselinker::Returns(session->baselinker()).get_return_status_list());
        for (const auto& status : statuses) table.rows.push_back({fmt::to_string(status.id), status.name});
    } else if (what == "sources") {
        table.columns = {"source", "id", "name"};
        BLONGO_TRY(const auto sources, session->baselinker().get_order_sources());
        for (const auto& [type, accounts] : sources)
            for (const auto& [id, name] : accounts) table.rows.push_back({type, id, name});
    } else if (what == "inventories") {
        table.columns = {"inventory_id", "name", "language", "reservations", "warehouses"};
        BLONGO_TRY(const auto inventories, session->baselinker().get_inventories());
        for (const auto& inventory : inventories) {
            std::string warehouses;
            for (const auto& key : inventory.warehouses) warehouses += (warehouses.empty() ? "" : " ") + key.value();
            table.rows.push_back({fmt::to_string(inventory.inventory_id), inventory.name, inventory.default_language,
                                  inventory.reservations ? "on" : "off", warehouses});
        }
    } else if (what == "warehouses") {
        table.columns = {"side", "id", "name", "note"};
        BLONGO_TRY(const auto ours, session->baselinker().get_inventory_warehouses());
        for (const auto& warehouse : ours)
            table.rows.push_back({"baselinker", warehouse.key.value(), warehouse.name,
                                  warehouse.key.value().starts_with("bl_") ? "" : "stock cannot be written"});
        BLONGO_TRY(const auto theirs, session->ongoing().get_warehouses());
        for (const auto& warehouse : theirs)
            table.rows.push_back({"ongoing", std::to_string(warehouse.id), warehouse.name, warehouse.code});
    } else if (what == "ways-of-delivery") {
        table.columns = {"code", "name"};
        BLONGO_TRY(const auto ways, session->ongoing().get_ways_of_delivery());
        for (const auto& way : ways) table.rows.push_back({way.code, way.name});
    } else if (what == "transporters") {
        table.columns = {"code", "name", "service"};
        BLONGO_TRY(const auto contracts, session->ongoing().get_transporter_contracts());
        for (const auto& contract : contracts)
            table.rows.push_back({contract.transporter_code, contract.transporter_name, contract.transporter_service_code});
    } else {
        return fail(ErrorKind::usage, fmt::format("there is no list called {}", what), {},
                    "statuses, return-statuses, sources, inventories, warehouses, ways-of-delivery, transporters");
    }
    return table;
}

} // namespace blongo::sync
