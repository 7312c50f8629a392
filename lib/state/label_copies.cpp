// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/label_copies_impl.hpp>

#include <blongo/base/text.hpp>
#include <blongo/state/labels.hpp>
#include <blongo/state/session_impl.hpp>

namespace blongo::state {

Result<std::vector<BaseOrderId>> orders_with_labels(Store& store, ConnectionKey connection) {
    return reading(store.session(), "read the labels", [&](soci::session& sql) -> Result<std::vector<BaseOrderId>> {
        std::vector<BaseOrderId> orders;
        std::int64_t order = 0;
        soci::statement statement =
            (sql.prepare << "SELECT DISTINCT order_id FROM labels WHERE connection = :c AND erased IS NULL ORDER BY order_id",
             soci::use(connection), soci::into(order));
        statement.execute();
        while (statement.fetch()) orders.emplace_back(order);
        return orders;
    });
}

namespace {

/// Calls body(row, its bytes) for each label whose stored copy is not erased.
template <class Body> Result<void> each_label(Store& store, ConnectionKey connection, Labels& labels, Body&& body) {
    BLONGO_TRY(const auto orders, orders_with_labels(store, connection));
    for (const auto& order : orders) {
        BLONGO_TRY(const auto rows, labels.of_order(order));
        for (const LabelRow& label : rows)
            if (!label.erased) BLONGO_CHECK(body(label, labels.bytes(label)));
    }
    return {};
}

} // namespace

Result<LabelCopies> copy_label_bytes(Store& from, Store& to, ConnectionKey connection, const std::string& label_dir) {
    Labels here(from, connection, label_dir), there(to, connection, label_dir);
    LabelCopies copies;
    BLONGO_CHECK(each_label(from, connection, here, [&](const LabelRow& label, const Result<std::string>& bytes) -> Result<void> {
        ++(bytes ? copies.copied : copies.lost);
        if (bytes) BLONGO_CHECK(there.put(label, *bytes));
        return {};
    }));
    return copies;
}

Result<LabelCopies> keep_label_bytes(Store& from, Store::Session& to, ConnectionKey connection, const std::string& label_dir) {
    Labels labels(from, connection, label_dir);
    LabelCopies copies;
    BLONGO_CHECK(
        each_label(from, connection, labels, [&](const LabelRow& label, const Result<std::string>& bytes) -> Result<void> {
            if (!bytes) return {};
            const std::string base64 = base64_encode(*bytes);
            const std::int64_t id = label.order_id.value();
            return reading(to, "store the labels", [&](soci::session& sql) -> Result<void> {
                sql << "UPDATE labels SET bytes = :b WHERE connection = :c AND order_id = :o AND delivery = :d AND package_id = "
                       ":p "
                       "AND file_index = :i AND sha256 = :h AND erased IS NULL",
                    soci::use(base64), soci::use(connection), soci::use(id), soci::use(label.delivery),
                    soci::use(label.package_id), soci::use(label.index), soci::use(label.sha256);
                return {};
            });
        }));
    return reading(to, "count the labels", [&](soci::session& sql) -> Result<LabelCopies> {
        sql << "SELECT COUNT(CASE WHEN bytes <> '' THEN 1 END), COUNT(CASE WHEN bytes = '' THEN 1 END) FROM labels WHERE "
               "connection = :c AND erased IS NULL",
            soci::use(connection), soci::into(copies.copied), soci::into(copies.lost);
        return copies;
    });
}

} // namespace blongo::state
