// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/audit_log.hpp>

#include <set>

#include <fmt/format.h>

#include <blongo/state/deliveries.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/sync/state_access.hpp>

namespace blongo::sync {

Result<std::unique_ptr<state::Store>> open_memory(const Runtime& runtime, state::Access access) {
    return state::Store::open(state_options(runtime, access));
}

Result<std::vector<std::string>> audited_names(state::Store& store, const std::string& text) {
    const std::string plain = text.starts_with('#') ? text.substr(1) : text;
    std::set<std::string> names;
    const auto id = parse_id(text);
    if (id) names.insert(fmt::format("order:{}", *id));
    BLONGO_TRY(const auto connections, state::Connections(store).list());
    for (const auto& connection : connections) {
        std::set<BaseOrderId> orders;
        BLONGO_TRY(const auto rows, state::Orders(store, connection.key).search(plain));
        for (const auto& row : rows) orders.insert(row.order_id);
        BLONGO_TRY(const auto deliveries, state::Deliveries(store, connection.key).search(plain));
        for (const auto& row : deliveries) orders.insert(row.order_id);
        if (id) orders.insert(BaseOrderId{*id});
        for (const BaseOrderId order : orders) {
            BLONGO_TRY(const auto found, state::audit_names_of(store, connection.key, order));
            names.insert(found.begin(), found.end());
        }
    }
    if (names.empty())
        return fail(ErrorKind::not_found, fmt::format("the state knows nothing that is called {}", text), {}, fmt::format("blongo find {}", text));
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
