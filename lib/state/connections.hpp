// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/state/store.hpp>

namespace blongo::state {

/// What a connection is, whatever its name: the ledger and the locks belong to this.
struct Identity {
    std::string ongoing_host; ///< lower case, with port
    std::string ongoing_path; ///< "/acme"
    GoodsOwnerId goods_owner_id;
    std::string baselinker_url;
    InventoryId inventory_id;
    friend bool operator==(const Identity&, const Identity&) = default;
};

struct ConnectionRow {
    ConnectionKey key = 0;
    std::string name; ///< the name under which it was last run
    Identity identity;
    std::string order_number_prefix;
    Timestamp first_seen;
};

class Connections {
public:
    explicit Connections(Store& store) : store_(store) {}
    /// The row of this identity, made when new (read_only: a key of 0 when there is none). When a
    /// connection of the same *name* but another identity has a ledger, or the prefix changed under
    /// a ledger with orders, this is ErrorKind::config with the counts and the remedy: settings that
    /// must not change under a ledger.
    [[nodiscard]] Result<ConnectionRow> ensure(const std::string& name, const Identity& identity,
                                               const std::string& order_number_prefix);
    [[nodiscard]] Result<std::vector<ConnectionRow>> list();

private:
    Store& store_;
};

} // namespace blongo::state
