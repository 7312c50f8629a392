// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/belongings.hpp>

#include <array>
#include <filesystem>

#include <blongo/state/audit.hpp>
#include <blongo/state/label_files_impl.hpp>
#include <blongo/state/session_impl.hpp>

namespace blongo::state {
namespace {

constexpr std::array owned = {
    OwnedTable{"articles", "articles"},
    OwnedTable{"article_renames", "renames of articles"},
    OwnedTable{"orders", "orders"},
    OwnedTable{"order_lines", "lines of orders"},
    OwnedTable{"deliveries", "deliveries"},
    OwnedTable{"labels", "labels"},
    OwnedTable{"sightings", "Sends that were seen"},
    OwnedTable{"returns", "returns"},
    OwnedTable{"return_lines", "lines of returns"},
    OwnedTable{"stock", "stock figures"},
    OwnedTable{"demands", "orders that the stock figures wait for"},
    OwnedTable{"parked", "parked objects"},
    OwnedTable{"holds", "orders on hold"},
    OwnedTable{"forecasts", "foreseen refusals"},
    OwnedTable{"intents", "recorded writes"},
    OwnedTable{"due", "things to look at later"},
    OwnedTable{"cursors", "cursors"},
    OwnedTable{"flow_starts", "beginnings of flows"},
    OwnedTable{"runs", "runs"},
    OwnedTable{"pauses", "pauses"},
    OwnedTable{"alerts", "alerts that were told"},
};

Belongings count_all(soci::session& sql, ConnectionKey key) {
    Belongings found;
    for (const auto& [name, words] : owned) {
        std::int64_t rows = 0;
        sql << "SELECT COUNT(*) FROM " + std::string(name) + " WHERE connection = :c", soci::use(key), soci::into(rows);
        if (rows > 0) found.counts.push_back({std::string(name), std::string(words), rows});
    }
    sql << "SELECT COUNT(*) FROM labels WHERE connection = :c AND erased IS NULL", soci::use(key), soci::into(found.kept_labels);
    return found;
}

} // namespace

std::span<const OwnedTable> owned_tables() noexcept {
    return owned;
}

Result<Belongings> belongings_of(Store& store, ConnectionKey connection) {
    return reading(store.session(), "count what is known of the connection",
                   [&](soci::session& sql) -> Result<Belongings> { return count_all(sql, connection); });
}

Result<Belongings> erase_connection(Store& store, ConnectionKey connection) {
    return writing(store, "erase the connection", [&](soci::session& sql) -> Result<Belongings> {
        Belongings erased = count_all(sql, connection);
        // The audit outlives the connection, without what is about people. Its rows are written while the name is there.
        BLONGO_CHECK(erase_all_audit_words(store, connection));
        BLONGO_CHECK(write_audit(store.session()));
        for (const auto& table : owned)
            sql << "DELETE FROM " + std::string(table.name) + " WHERE connection = :c", soci::use(connection);
        sql << "DELETE FROM connections WHERE id = :c", soci::use(connection);
        return erased;
    });
}

std::string label_folder(const Store& store, ConnectionKey connection, const std::string& label_dir) {
    if (store.is_postgresql()) return {};
    return label_folder_beside(store.path(), connection, label_dir);
}

std::string label_folder_beside(const std::string& state_file, ConnectionKey connection, const std::string& label_dir) {
    namespace fs = std::filesystem;
    const fs::path folder = label_dir.empty() ? fs::path(state_file).parent_path() / "labels" : fs::path(label_dir);
    return (folder / std::to_string(connection)).string();
}

Result<std::int64_t> erase_label_files(const std::string& folder) {
    namespace fs = std::filesystem;
    if (folder.empty()) return 0;
    std::int64_t files = 0;
    std::error_code failed;
    for (fs::directory_iterator file(folder, failed), end; !failed && file != end; file.increment(failed)) {
        BLONGO_CHECK(remove_file(file->path().string()));
        ++files;
    }
    if (failed == std::errc::no_such_file_or_directory) return 0;
    if (!failed) fs::remove(folder, failed);
    if (!failed) return files;
    return fail(ErrorKind::state, "the label files cannot be erased: " + failed.message(), folder,
                "remove this folder by hand: it holds names and addresses");
}

} // namespace blongo::state
