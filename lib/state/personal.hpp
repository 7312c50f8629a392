// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/state/store.hpp>

namespace blongo::state {

/// Where the state holds a text.
struct HeldText {
    ConnectionKey connection = 0; ///< 0: of no connection
    std::string table, column;
    std::string object; ///< order id or key of the row: "84512345", "delivery:84512345:1"
};
/// Every row of every table whose texts contain this one, in any case; label bytes of a database and what is stored under
/// the state's key, too. Reads the whole state.
[[nodiscard]] Result<std::vector<HeldText>> find_text(Store& store, const std::string& text);

/// A row as it is stored, column by column, without label bytes; texts under the state's key are readable.
struct HeldRow {
    std::string table;
    std::vector<std::pair<std::string, std::string>> columns;
};
/// All that the state holds of an order: its rows in every table, with returns, writes, and words of the audit.
[[nodiscard]] Result<std::vector<HeldRow>> held_of(Store& store, ConnectionKey connection, BaseOrderId order);

/// What keeps an order from being erased, in words; "": nothing. Orders that wait for their Send, Sends that are under way,
/// and writes that are not settled.
[[nodiscard]] Result<std::string> work_on(Store& store, ConnectionKey connection, BaseOrderId order);

/// Erases what is about the buyer of an order: marks of his data, what was agreed about it, payloads and answers of
/// writes, words of parked rows and holds, the tracking link, salts and words of the audit. Ids, articles, counts, statuses
/// and times stay. The order is closed: no run looks at it any more. Label copies are erased with Labels. Recorded in the
/// audit with `verb`, in one transaction.
[[nodiscard]] Result<void> erase_personal(Store& store, ConnectionKey connection, BaseOrderId order, const std::string& verb);

/// The same, verb "expire", for orders that are finished, cancelled or not ours since before that time; one row of the
/// audit for many. A few orders in a transaction, and while `goes_on` says so: a later run erases the rest. How many
/// orders.
[[nodiscard]] Result<std::int64_t> expire_personal(Store& store, ConnectionKey connection, Timestamp finished_before,
                                                   const std::function<bool()>& goes_on);

/// What was written before that time of orders that are erased, or that the ledger never took in and that do not wait:
/// payloads and answers of writes, words of the audit. Reads every write and every row of words: once a day is enough.
/// How many objects.
[[nodiscard]] Result<std::int64_t> expire_leftovers(Store& store, ConnectionKey connection, Timestamp written_before);

/// SQLite: empties the WAL, in which erased bytes would stay, if nobody else reads or writes now.
[[nodiscard]] Result<void> empty_wal(Store& store);

/// SQLite: writes the file anew without what was erased, and empties the WAL. ErrorKind::locked: another process reads or
/// writes; the rows are gone all the same, their bytes perhaps not yet.
[[nodiscard]] Result<void> scrub(Store& store);

} // namespace blongo::state
