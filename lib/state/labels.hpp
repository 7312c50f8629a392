// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/state/store.hpp>

namespace blongo::state {

/// One label file of a delivery. Key: (connection, order_id, delivery, package_id, index).
struct LabelRow {
    BaseOrderId order_id;
    std::int64_t delivery = 1, package_id = 0;
    std::int64_t index = 1; ///< 1 for the first file of the package
    std::string file_name;  ///< in Ongoing: label-<orderNumber>-<package_id>[-<n>].<ext>
    std::string extension, mime_type;
    std::string sha256;       ///< of the bytes
    std::int64_t size = 0;    ///< bytes
    std::int64_t pages = 0;   ///< of a PDF; 0: not known
    std::int64_t file_id = 0; ///< in Ongoing; 0: not there yet
    Timestamp stored;
    std::optional<Timestamp> uploaded, printed;
    std::optional<Timestamp> erased;    ///< the stored copy is gone (retention, privacy)
    std::optional<Timestamp> withdrawn; ///< the file in Ongoing was deleted on purpose (privacy)
};

/// The label store: rows in the state, bytes in files (0600) of a folder with SQLite, in the database with PostgreSQL.
/// A file is <folder>/<connection key>/<order_id>-<delivery>-<package_id>-<index>.<extension>: numbers only, so that
/// no text from the network names a file.
class Labels {
public:
    /// `folder`: label_dir; empty: "labels" beside the SQLite file. Unused with PostgreSQL.
    Labels(Store& store, ConnectionKey connection, const std::string& folder);

    /// Stores the bytes durably (temporary file, fsync, rename), then the row, with the hash and the size of the bytes;
    /// `stored` is now unless it is given. A row that is there with the same hash stays as it is, its file id and times
    /// included, and gets its bytes again where they are gone or damaged (erased: it is stored anew). protocol: an
    /// extension that is not 1 to 5 of a-z and 0-9 (upper case becomes lower), no bytes.
    [[nodiscard]] Result<LabelRow> put(LabelRow row, const std::string& bytes);
    /// Replaces the row alone; not_found when the label is not known.
    [[nodiscard]] Result<void> update(const LabelRow& row);
    [[nodiscard]] Result<std::vector<LabelRow>> of_delivery(BaseOrderId order, std::int64_t delivery);
    [[nodiscard]] Result<std::vector<LabelRow>> of_order(BaseOrderId order);
    /// Labels that are in Ongoing since before that, of deliveries on which nothing is left to do, the oldest first; at
    /// most `limit`.
    [[nodiscard]] Result<std::vector<LabelRow>> in_ongoing_since(Timestamp uploaded_before, int limit);
    /// The bytes, checked against the row's hash: ErrorKind::state when they are gone or differ.
    [[nodiscard]] Result<std::string> bytes(const LabelRow& row);
    /// The path of the stored file, checked like `bytes`. PostgreSQL: of a private copy (0600), which is there as
    /// long as this object and its copies live. For printing.
    [[nodiscard]] Result<std::string> file(const LabelRow& row);
    /// Erases stored copies older than that. How many. Takes half-written files of killed runs with it.
    [[nodiscard]] Result<std::int64_t> erase_before(Timestamp stored_before);
    /// Erases one stored copy, for good; not_found when the label is not known.
    [[nodiscard]] Result<void> erase(const LabelRow& row);

private:
    struct Copies;
    [[nodiscard]] Result<std::string> stored_bytes(const LabelRow& row);

    Store& store_;
    ConnectionKey connection_;
    std::string folder_;             ///< of this connection; empty with PostgreSQL
    std::shared_ptr<Copies> copies_; ///< what `file` made
};

} // namespace blongo::state
