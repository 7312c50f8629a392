// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/state_access.hpp>

#include <blongo/state/connections.hpp>

namespace blongo::sync {

state::OpenOptions state_options(const Runtime& runtime, state::Access access) {
    state::OpenOptions options;
    options.url = runtime.state_url;
    options.password = runtime.state_password;
    options.clock = &runtime.clock;
    options.access = access;
    return options;
}

Result<OpenedState> open_state(const config::Connection& connection, const Runtime& runtime, state::Access access) {
    OpenedState opened;
    BLONGO_TRY(opened.store, state::Store::open(state_options(runtime, access)));
    BLONGO_TRY(const auto row, state::Connections(*opened.store)
                                   .ensure(connection.name, identity_of(connection), connection.orders.order_number_prefix));
    opened.key = row.key;
    return opened;
}

} // namespace blongo::sync
