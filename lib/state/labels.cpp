// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/labels.hpp>

#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/state/belongings.hpp>
#include <blongo/state/label_files_impl.hpp>
#include <blongo/state/rows_impl.hpp>

namespace blongo::state {
namespace {

constexpr const char* read_labels = "read the labels";
constexpr const char* record_labels = "record the labels";
constexpr int erased_at_once = 200;

/// The values of one label in the types that SOCI binds.
struct Values {
    std::int64_t order_id = 0, delivery = 0, package_id = 0, index = 0, size = 0, pages = 0, file_id = 0, stored = 0;
    std::string file_name, extension, mime_type, sha256;
    OptionalTime uploaded, printed, erased, withdrawn;

    Values() = default;
    explicit Values(const LabelRow& row)
        : order_id(row.order_id.value()), delivery(row.delivery), package_id(row.package_id), index(row.index), size(row.size),
          pages(row.pages), file_id(row.file_id), stored(to_unix_milliseconds(row.stored)), file_name(row.file_name),
          extension(row.extension), mime_type(row.mime_type), sha256(row.sha256), uploaded(row.uploaded), printed(row.printed),
          erased(row.erased), withdrawn(row.withdrawn) {}

    /// Without `bytes`: only who needs them reads them.
    static const Table& table() {
        static const Table labels{"labels",
                                  {"order_id", "delivery", "package_id", "file_index", "size", "pages", "file_id", "stored",
                                   "file_name", "extension", "mime_type", "sha256", "uploaded", "printed", "erased", "withdrawn"},
                                  4};
        return labels;
    }

    [[nodiscard]] LabelRow row() const {
        LabelRow out;
        out.order_id = BaseOrderId{order_id};
        out.delivery = delivery;
        out.package_id = package_id;
        out.index = index;
        out.file_name = file_name;
        out.extension = extension;
        out.mime_type = mime_type;
        out.sha256 = sha256;
        out.size = size;
        out.pages = pages;
        out.file_id = file_id;
        out.stored = from_unix_milliseconds(stored);
        out.uploaded = uploaded.time();
        out.printed = printed.time();
        out.erased = erased.time();
        out.withdrawn = withdrawn.time();
        return out;
    }

    template <class Self, class Body> static void each(Self& self, Body&& body) {
        for (auto* number : {&self.order_id, &self.delivery, &self.package_id, &self.index, &self.size, &self.pages,
                             &self.file_id, &self.stored}) {
            body(*number);
        }
        for (auto* text : {&self.file_name, &self.extension, &self.mime_type, &self.sha256}) body(*text);
        for (auto* time : {&self.uploaded, &self.printed, &self.erased, &self.withdrawn}) body(*time);
    }
};

/// The key of one label, bound after the connection.
struct Key {
    explicit Key(const LabelRow& row)
        : order(row.order_id.value()), delivery(row.delivery), package(row.package_id), index(row.index) {}
    void bind(soci::statement& statement) const {
        for (const auto* number : {&order, &delivery, &package, &index}) statement.exchange(soci::use(*number));
    }
    [[nodiscard]] std::string text() const { return fmt::format("{}-{}-{}-{}", order, delivery, package, index); }
    static constexpr const char* where = "order_id = :o AND delivery = :d AND package_id = :p AND file_index = :i";
    std::int64_t order, delivery, package, index;
};

bool is_extension(std::string_view text) {
    return !text.empty() && text.size() <= 5 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string_view::npos;
}

/// Numbers only, and an extension that cannot leave the folder.
Result<std::string> path_in(const std::string& folder, const LabelRow& row) {
    const std::string extension = to_lower_ascii(row.extension);
    if (!is_extension(extension)) {
        return fail(ErrorKind::protocol, "the label has an extension that no label has", row.file_name,
                    "see what the courier answered with: blongo shipments why " + fmt::to_string(row.order_id));
    }
    return folder + "/" + Key(row).text() + "." + extension;
}

std::optional<LabelRow> find_row(soci::session& sql, const ConnectionKey& connection, const Key& key) {
    auto rows = select_rows<Values>(sql, connection, std::string("AND ") + Key::where,
                                    [&](soci::statement& statement) { key.bind(statement); });
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
}

void write_row(Store& store, const ConnectionKey& connection, const LabelRow& row) {
    upsert_rows<Values>(store.session(), connection, 1, [&](std::size_t) { return Values(row); });
}

void write_bytes(soci::session& sql, const ConnectionKey& connection, const Key& key, const std::string& base64) {
    soci::statement statement(sql);
    statement.exchange(soci::use(base64));
    statement.exchange(soci::use(connection));
    key.bind(statement);
    statement.alloc();
    statement.prepare(std::string("UPDATE labels SET bytes = :b WHERE connection = :c AND ") + Key::where);
    statement.define_and_bind();
    statement.execute(true);
}

tl::unexpected<Error> unknown_label(const LabelRow& row) {
    return fail(ErrorKind::not_found, "the state knows no such label", row.file_name,
                "this is a bug of blongo: please report it");
}

tl::unexpected<Error> unusable(const std::string& what, const LabelRow& row) {
    return fail(ErrorKind::state, what, row.file_name,
                "get it from the courier again: blongo shipments label " + fmt::to_string(row.order_id));
}

/// The bytes in the database; with SQLite those of a backup that was put back.
Result<std::string> bytes_in_database(Store& store, const ConnectionKey& connection, const LabelRow& row) {
    return reading(store.session(), read_labels, [&](soci::session& sql) -> Result<std::string> {
        const Key key(row);
        std::string base64;
        soci::statement statement(sql);
        statement.exchange(soci::into(base64));
        statement.exchange(soci::use(connection));
        key.bind(statement);
        statement.alloc();
        statement.prepare(std::string("SELECT bytes FROM labels WHERE connection = :c AND ") + Key::where);
        statement.define_and_bind();
        if (!statement.execute(true) || base64.empty()) return unusable("the stored label is gone", row);
        auto bytes = base64_decode(base64);
        if (!bytes) return unusable("the stored label is damaged", row);
        return std::move(*bytes);
    });
}

} // namespace

/// A private folder of the system's temporary one, removed at the end.
struct Labels::Copies {
    ~Copies() {
        std::error_code ignored;
        if (!folder.empty()) std::filesystem::remove_all(folder, ignored);
    }
    std::string folder;
};

Labels::Labels(Store& store, ConnectionKey connection, const std::string& folder)
    : store_(store), connection_(connection), folder_(label_folder(store, connection, folder)),
      copies_(std::make_shared<Copies>()) {}

Result<LabelRow> Labels::put(LabelRow row, const std::string& bytes) {
    BLONGO_TRY(std::string path, path_in(folder_, row));
    if (bytes.empty()) return fail(ErrorKind::protocol, "the label is empty", row.file_name);
    if (store_.read_only()) {
        return fail(ErrorKind::state, "the state is opened for reading only", store_.place(),
                    "this is a bug of blongo: please report it");
    }
    row.extension = to_lower_ascii(row.extension);
    row.sha256 = sha256_hex(bytes);
    row.size = static_cast<std::int64_t>(bytes.size());
    if (row.stored == Timestamp{}) {
        BLONGO_TRY(row.stored, store_.now());
    }
    const Key key(row);
    const auto known = [&](soci::session& sql) -> Result<std::optional<LabelRow>> { return find_row(sql, connection_, key); };
    BLONGO_TRY(const auto found, reading(store_.session(), read_labels, known));
    if (found && found->sha256 == row.sha256 && this->bytes(*found)) return *found;

    // The slow part before the transaction, which keeps all others from writing.
    std::string beside;
    if (!folder_.empty()) {
        BLONGO_CHECK(make_private_folder(std::filesystem::path(folder_).parent_path().string()));
        BLONGO_CHECK(make_private_folder(folder_));
        BLONGO_TRY(beside, write_beside(path, bytes));
    }
    auto done = writing(store_, record_labels, [&](soci::session& sql) -> Result<LabelRow> {
        const auto before = find_row(sql, connection_, key);
        LabelRow now = row;
        if (before && before->sha256 == row.sha256) {
            now = *before;
            if (now.erased) now.stored = row.stored;
            now.erased.reset();
        }
        write_row(store_, connection_, now);
        if (folder_.empty()) {
            write_bytes(sql, connection_, key, base64_encode(bytes));
            return now;
        }
        BLONGO_TRY(const std::string target, path_in(folder_, now));
        if (before && before->extension != now.extension) {
            BLONGO_TRY(const std::string former, path_in(folder_, *before));
            BLONGO_CHECK(remove_file(former));
        }
        BLONGO_CHECK(move_file(beside, target));
        return now;
    });
    if (!done && !beside.empty()) (void)remove_file(beside);
    return done;
}

Result<void> Labels::update(const LabelRow& row) {
    return writing(store_, record_labels, [&](soci::session& sql) -> Result<void> {
        if (!find_row(sql, connection_, Key(row))) return unknown_label(row);
        write_row(store_, connection_, row);
        return {};
    });
}

Result<std::vector<LabelRow>> Labels::of_delivery(BaseOrderId order, std::int64_t delivery) {
    return reading(store_.session(), read_labels, [&](soci::session& sql) {
        const std::int64_t id = order.value();
        return Result<std::vector<LabelRow>>(
            select_rows<Values>(sql, connection_, "AND order_id = :o AND delivery = :d ORDER BY package_id, file_index",
                                [&](soci::statement& statement) {
                                    statement.exchange(soci::use(id));
                                    statement.exchange(soci::use(delivery));
                                }));
    });
}

Result<std::vector<LabelRow>> Labels::of_order(BaseOrderId order) {
    return reading(store_.session(), read_labels, [&](soci::session& sql) {
        const std::int64_t id = order.value();
        return Result<std::vector<LabelRow>>(
            select_rows<Values>(sql, connection_, "AND order_id = :o ORDER BY delivery, package_id, file_index",
                                [&](soci::statement& statement) { statement.exchange(soci::use(id)); }));
    });
}

Result<std::vector<LabelRow>> Labels::in_ongoing_since(Timestamp uploaded_before, int limit) {
    const std::int64_t before = to_unix_milliseconds(uploaded_before);
    return reading(store_.session(), read_labels, [&](soci::session& sql) {
        return Result<std::vector<LabelRow>>(select_rows<Values>(
            sql, connection_,
            "AND withdrawn IS NULL AND uploaded < :before AND file_id <> 0 AND EXISTS (SELECT 1 FROM deliveries d WHERE "
            "d.connection = labels.connection AND d.order_id = labels.order_id AND d.number = labels.delivery AND d.state >= 4) "
            "ORDER BY uploaded" +
                limited(limit),
            [&](soci::statement& statement) { statement.exchange(soci::use(before)); }));
    });
}

Result<std::string> Labels::stored_bytes(const LabelRow& row) {
    if (!folder_.empty()) {
        BLONGO_TRY(const std::string path, path_in(folder_, row));
        auto file = read_whole_file(path);
        if (file) return file;
        if (auto kept = bytes_in_database(store_, connection_, row)) return kept; // the state was put back from a backup
        return file;
    }
    return bytes_in_database(store_, connection_, row);
}

Result<std::string> Labels::bytes(const LabelRow& row) {
    if (row.erased) return unusable("the stored label was erased", row);
    BLONGO_TRY(std::string bytes, stored_bytes(row));
    if (sha256_hex(bytes) != row.sha256) return unusable("the stored label is damaged: its hash differs", row);
    return bytes;
}

Result<std::string> Labels::file(const LabelRow& row) {
    BLONGO_TRY(const std::string bytes, this->bytes(row));
    if (!folder_.empty()) {
        BLONGO_TRY(const std::string path, path_in(folder_, row));
        if (std::filesystem::exists(path)) return path;
        BLONGO_CHECK(make_private_folder(std::filesystem::path(folder_).parent_path().string()));
        BLONGO_CHECK(make_private_folder(folder_));
        BLONGO_TRY(const std::string beside, write_beside(path, bytes));
        BLONGO_CHECK(move_file(beside, path));
        return path;
    }
    if (copies_->folder.empty()) {
        std::error_code ignored;
        std::string folder = (std::filesystem::temp_directory_path(ignored) / "blongo-XXXXXX").string();
        if (::mkdtemp(folder.data()) == nullptr) {
            return fail(ErrorKind::state, "the folder for a label to print cannot be made", folder,
                        "set TMPDIR to a folder that can be written");
        }
        copies_->folder = folder;
    }
    BLONGO_TRY(const std::string path, path_in(copies_->folder, row));
    BLONGO_TRY(const std::string beside, write_beside(path, bytes));
    BLONGO_CHECK(move_file(beside, path));
    return path;
}

Result<std::int64_t> Labels::erase_before(Timestamp stored_before) {
    const std::int64_t before = to_unix_milliseconds(stored_before);
    std::int64_t erased = 0;
    for (;;) {
        BLONGO_TRY(const auto rows, reading(store_.session(), read_labels, [&](soci::session& sql) {
                       return Result<std::vector<LabelRow>>(select_rows<Values>(
                           sql, connection_, "AND erased IS NULL AND stored < :before ORDER BY stored" + limited(erased_at_once),
                           [&](soci::statement& statement) { statement.exchange(soci::use(before)); }));
                   }));
        for (const LabelRow& row : rows) {
            BLONGO_TRY(const bool done, writing(store_, "erase a label", [&](soci::session& sql) -> Result<bool> {
                           const auto now = find_row(sql, connection_, Key(row));
                           if (!now || now->stored >= stored_before) return false; // replaced meanwhile
                           BLONGO_CHECK(erase(*now));
                           return true;
                       }));
            erased += done ? 1 : 0;
        }
        if (rows.size() < static_cast<std::size_t>(erased_at_once)) break;
    }
    if (!folder_.empty()) BLONGO_CHECK(remove_leftovers(folder_, stored_before));
    return erased;
}

Result<void> Labels::erase(const LabelRow& row) {
    return writing(store_, "erase a label", [&](soci::session& sql) -> Result<void> {
        const Key key(row);
        auto found = find_row(sql, connection_, key);
        if (!found) return unknown_label(row);
        if (found->erased) return {};
        // First the bytes, then the row that says so: after a kill in between it is erased again.
        write_bytes(sql, connection_, key, {});
        if (!folder_.empty()) {
            BLONGO_TRY(const std::string path, path_in(folder_, *found));
            BLONGO_CHECK(remove_file(path));
            BLONGO_CHECK(sync_folder(folder_));
        }
        found->erased = from_unix_milliseconds(store_.session().now_milliseconds());
        write_row(store_, connection_, *found);
        return {};
    });
}

} // namespace blongo::state
