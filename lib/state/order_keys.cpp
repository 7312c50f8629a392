// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/order_keys_impl.hpp>

#include <fmt/format.h>

namespace blongo::state {

OrderKeys keys_of(soci::session& sql, ConnectionKey connection, BaseOrderId order) {
    OrderKeys keys{order, {}};
    const std::int64_t id = order.value();
    std::int64_t found = 0;
    soci::statement statement =
        (sql.prepare << "SELECT return_id FROM returns WHERE connection = :c AND order_id = :o ORDER BY return_id",
         soci::into(found), soci::use(connection), soci::use(id));
    statement.execute();
    while (statement.fetch()) keys.returns.push_back(found);
    return keys;
}

std::vector<std::string> write_conditions(const OrderKeys& keys) {
    const std::int64_t id = keys.order.value();
    std::string exact = fmt::format("key IN ('order:{0}', 'status:{0}'", id);
    for (const std::int64_t back : keys.returns) exact += fmt::format(", 'return/{0}', 'return-status/{0}'", back);
    std::vector<std::string> conditions{exact + ")"};
    // ';' follows ':': everything that goes on behind the order's id, and no other order.
    for (const char* prefix : {"delivery:", "cancel:", "work:", "file:", "print:", ""})
        conditions.push_back(fmt::format("(key >= '{0}{1}:' AND key < '{0}{1};')", prefix, id));
    return conditions;
}

std::vector<std::string> parked_conditions(const OrderKeys& keys) {
    std::vector<std::string> conditions{
        fmt::format("(flow NOT IN ('articles', 'stock', 'returns') AND key = '{}')", keys.order.value())};
    for (const std::int64_t back : keys.returns) conditions.push_back(fmt::format("(flow = 'returns' AND key = '{}')", back));
    return conditions;
}

std::string owner_of_key(const std::string& key) {
    for (const char* prefix : {"return/", "return-status/"})
        if (key.starts_with(prefix)) return "return:" + key.substr(key.find('/') + 1);
    for (const char* prefix : {"order:", "status:", "delivery:", "cancel:", "work:", "file:", "print:"}) {
        if (!key.starts_with(prefix)) continue;
        const auto from = key.find(':') + 1;
        return "order:" + key.substr(from, key.find(':', from) - from);
    }
    return {};
}

} // namespace blongo::state
