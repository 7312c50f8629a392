// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/audit_log.hpp>

#include <fmt/format.h>

#include <blongo/state/deliveries.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/sync/state_access.hpp>

namespace blongo::sync {

Result<std::unique_ptr<state::Store>> open_memory(const Runtime& runtime, state::Access access) {
    return state::Store::open(state_options(runtime, access));
}

Result<std::set<BaseOrderId>> orders_called(state::Store& store, state::ConnectionKey connection, const std::string& text) {
    const std::string plain = text.starts_with('#') ? text.substr(1) : text;
    std::set<BaseOrderId> orders;
    BLONGO_TRY(const auto imported, state::Orders(store, connection).search(plain));
    for (const auto& row : imported) orders.insert(row.order_id);
    BLONGO_TRY(const auto sent, state::Deliveries(store, connection).search(plain));
    for (const auto& row : sent) orders.insert(row.order_id);
    return orders;
}

Result<std::vector<std::string>> audited_names(state::Store& store, const std::string& text) {
    std::set<std::string> names;
    const auto id = parse_id(text);
    if (id) names.insert(fmt::format("order:{}", *id));
    BLONGO_TRY(const auto connections, state::Connections(store).list());
    for (const auto& connection : connections) {
        BLONGO_TRY(auto orders, orders_called(store, connection.key, text));
        if (id) orders.insert(BaseOrderId{*id});
        for (const BaseOrderId order : orders) {
            BLONGO_TRY(const auto found, state::audit_names_of(store, connection.key, order));
            names.insert(found.begin(), found.end());
        }
    }
    if (names.empty())
        return fail(ErrorKind::not_found, fmt::format("the state knows nothing that is called {}", text), {},
                    fmt::format("blongo find {}", text));
    return std::vector<std::string>(names.begin(), names.end());
}

Result<void> note_personal(const std::vector<const config::Connection*>& connections, const Runtime& runtime) {
    for (const config::Connection* connection : connections) {
        if (connection->errors.contains("")) continue; // nothing can be asked for it
        BLONGO_TRY(const auto opened, open_state(*connection, runtime, state::Access::read_write));
        state::Audit audit(*opened.store, opened.key);
        audit.note({.kind = "act", .verb = "show personal data", .outcome = "done"});
        BLONGO_CHECK(audit.flush());
    }
    return {};
}

} // namespace blongo::sync
