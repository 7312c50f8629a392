// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/integrity.hpp>

#include <algorithm>
#include <filesystem>
#include <set>
#include <sys/stat.h>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/state/belongings.hpp>
#include <blongo/state/catalogue_impl.hpp>
#include <blongo/state/label_copies_impl.hpp>
#include <blongo/state/labels.hpp>

namespace blongo::state {
namespace {

const char* const put_back = "stop all runs; put back a backup, or begin anew: blongo state rebuild";

Finding fine(std::string check, std::int64_t count, std::string detail) {
    return {{}, std::move(check), true, count, std::move(detail), {}};
}

Finding broken(std::string check, std::int64_t count, std::string detail, std::string remedy) {
    return {{}, std::move(check), false, count, std::move(detail), std::move(remedy)};
}

/// Lines that a PRAGMA says, at most ten.
std::vector<std::string> said(soci::session& sql, const std::string& pragma, const std::string& column) {
    std::vector<std::string> lines;
    std::string line;
    soci::statement statement =
        (sql.prepare << "SELECT CAST(" + column + " AS TEXT) FROM " + pragma + " LIMIT 10", soci::into(line));
    statement.execute();
    while (statement.fetch()) lines.push_back(line);
    return lines;
}

Result<Finding> sqlite_pages(Store::Session& session) {
    return reading(session, "check the state", [](soci::session& sql) -> Result<Finding> {
        auto lines = said(sql, "pragma_integrity_check(10)", "integrity_check");
        if (lines == std::vector<std::string>{"ok"}) lines = said(sql, "pragma_foreign_key_check", "\"table\"");
        if (lines.empty()) return fine("database", 0, "every page is whole");
        return broken("database", static_cast<std::int64_t>(lines.size()), join(lines, "; "), put_back);
    });
}

/// Every row of every table can be read.
Result<Finding> all_rows(Store::Session& session, const std::vector<TableShape>& tables) {
    std::int64_t rows = 0;
    for (const auto& table : tables) {
        const auto read = read_table(session, table, [](const CopiedRow&) { return Result<void>{}; });
        if (!read) return broken("rows", rows, fmt::format("{}: {}", table.name, read.error().message), put_back);
        rows += read->rows;
    }
    return fine("rows", rows, fmt::format("{} rows in {} tables were read", rows, tables.size()));
}

Result<std::set<std::string>> columns_of(Store::Session& session, const std::string& table) {
    return reading(session, "check the state", [&](soci::session& sql) -> Result<std::set<std::string>> {
        std::set<std::string> columns;
        std::string column;
        soci::statement statement =
            (sql.prepare << (session.postgresql() ? "SELECT CAST(column_name AS TEXT) FROM information_schema.columns WHERE "
                                                    "table_schema = current_schema() AND table_name = :t"
                                                  : "SELECT name FROM pragma_table_info(:t)"),
             soci::use(table), soci::into(column));
        statement.execute();
        while (statement.fetch()) columns.insert(column);
        return columns;
    });
}

Result<Finding> tables_are_there(Store& store, const std::vector<TableShape>& tables) {
    for (const auto& table : tables) {
        BLONGO_TRY(const auto columns, columns_of(store.session(), table.name));
        for (const auto& column : table.columns)
            if (!columns.contains(column.name))
                return broken("schema", 0, fmt::format("the column {}.{} is missing", table.name, column.name), put_back);
    }
    return fine("schema", store.schema_version(), fmt::format("schema {}, {} tables", store.schema_version(), tables.size()));
}

/// Rows that no connection owns.
Result<Finding> owners(Store::Session& session) {
    return reading(session, "check the state", [](soci::session& sql) -> Result<Finding> {
        std::vector<std::string> orphans;
        std::int64_t all = 0;
        for (const auto& table : owned_tables()) {
            std::int64_t rows = 0;
            sql << fmt::format("SELECT COUNT(*) FROM {} WHERE connection NOT IN (SELECT id FROM connections)", table.name),
                soci::into(rows);
            if (rows > 0) orphans.push_back(fmt::format("{} {}", rows, table.words));
            all += rows;
        }
        if (all == 0) return fine("connections", 0, "every row belongs to a connection");
        return broken("connections", all, "of no connection: " + join(orphans, ", "), put_back);
    });
}

Result<Finding> labels_of(Store& store, const ConnectionRow& row, const std::string& label_dir) {
    Labels labels(store, row.key, label_dir);
    std::int64_t whole = 0;
    std::vector<std::string> lost;
    BLONGO_TRY(const auto orders, orders_with_labels(store, row.key));
    for (const auto& order : orders) {
        BLONGO_TRY(const auto rows, labels.of_order(order));
        for (const LabelRow& label : rows) {
            if (label.erased) continue;
            if (labels.bytes(label))
                ++whole;
            else
                lost.push_back(label.file_name);
        }
    }
    if (lost.empty()) return fine("labels", whole, fmt::format("{} stored labels have their hash", whole));
    const auto count = static_cast<std::int64_t>(lost.size());
    if (lost.size() > 5) lost.resize(5);
    return broken("labels", count, fmt::format("{} of {} are gone or damaged: {}", count, count + whole, join(lost, ", ")),
                  "the courier has them still: blongo shipments label N");
}

/// Whoever may read the state reads names and addresses; whoever may write it decides what is booked.
void look_at_mode(const std::string& path, mode_t forbidden, std::vector<std::string>& open) {
    struct stat info {};
    if (::stat(path.c_str(), &info) == 0 && (info.st_mode & forbidden) != 0)
        open.push_back(fmt::format("{} has mode {:o}", path, info.st_mode & 07777));
}

Finding permissions(const Store& store, const std::vector<std::string>& label_folders) {
    std::vector<std::string> open;
    for (const char* part : {"", "-wal", "-shm"}) look_at_mode(store.path() + part, 077, open);
    look_at_mode(std::filesystem::path(store.path()).parent_path().string(), 022, open);
    std::int64_t labels = 0;
    for (const std::string& folder : label_folders) {
        look_at_mode(folder, 077, open);
        std::error_code failed;
        for (std::filesystem::directory_iterator file(folder, failed), end; !failed && file != end;
             file.increment(failed), ++labels)
            look_at_mode(file->path().string(), 077, open);
    }
    if (open.empty()) return fine("permissions", labels, "only its owner reads it");
    const auto count = static_cast<std::int64_t>(open.size());
    if (open.size() > 5) open.resize(5);
    return broken("permissions", count, join(open, ", "), "chmod 600 files, chmod 700 folders");
}

} // namespace

Result<std::vector<Finding>> check_integrity(Store& store, Clock& clock,
                                             const std::function<std::string(const ConnectionRow&)>& label_dir) {
    std::vector<Finding> found;
    const auto add = [&](Result<Finding> finding) -> Result<void> {
        if (!finding) return fail(std::move(finding).error());
        found.push_back(std::move(*finding));
        return {};
    };
    BLONGO_TRY(const auto tables, schema_tables(clock));
    if (!store.is_postgresql()) BLONGO_CHECK(add(sqlite_pages(store.session())));
    BLONGO_CHECK(add(tables_are_there(store, tables)));
    if (!found.back().ok) return found;
    BLONGO_CHECK(add(all_rows(store.session(), tables)));
    BLONGO_CHECK(add(owners(store.session())));
    BLONGO_TRY(const auto connections, Connections(store).list());
    std::vector<std::string> folders;
    for (const auto& row : connections) {
        BLONGO_CHECK(add(labels_of(store, row, label_dir(row))));
        found.back().connection = row.name;
        folders.push_back(label_folder(store, row.key, label_dir(row)));
    }
    if (!store.is_postgresql()) found.push_back(permissions(store, folders));
    return found;
}

} // namespace blongo::state
