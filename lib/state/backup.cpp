// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/backup.hpp>

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <blongo/state/label_copies_impl.hpp>
#include <blongo/state/label_files_impl.hpp>
#include <blongo/state/session_impl.hpp>
#include <blongo/state/sqlite_file_impl.hpp>

namespace blongo::state {
namespace {

/// Files of one unfinished backup, removed however it ends.
class Unfinished {
public:
    explicit Unfinished(std::string path) : path_(std::move(path)) { remove(); }
    ~Unfinished() { remove(); }
    Unfinished(const Unfinished&) = delete;
    Unfinished& operator=(const Unfinished&) = delete;
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

private:
    void remove() const {
        for (const char* part : {"", "-journal", "-wal", "-shm"}) (void)::unlink((path_ + part).c_str());
    }
    std::string path_;
};

tl::unexpected<Error> no_place(const std::string& what, const std::string& file) {
    return fail(ErrorKind::usage, what, file, "name a new file, for example with the date in its name");
}

/// The number in the file's header (PRAGMA application_id) that only backups have: bytes 68 to 71, the highest first.
bool is_backup(const std::string& file) {
    std::array<unsigned char, 72> head{};
    std::ifstream in(file, std::ios::binary);
    if (!in.read(reinterpret_cast<char*>(head.data()), head.size())) return false;
    std::int64_t mark = 0;
    for (std::size_t at = 68; at < head.size(); ++at) mark = mark * 256 + head[at];
    return std::string_view(reinterpret_cast<const char*>(head.data()), 15) == "SQLite format 3" && mark == backup_mark;
}

Result<void> check_place(const std::string& file, const std::string& state) {
    struct stat there {};
    struct stat mine {};
    // What is in use, or was: its log would be taken for the backup's.
    for (const char* part : {"-wal", "-shm", ".schema.lock"})
        if (::stat((file + part).c_str(), &there) == 0)
            return no_place(fmt::format("a state of this name is in use: {} is there", file + part), file);
    if (::stat(file.c_str(), &there) != 0) {
        if (errno == ENOENT) return {};
        const int error = errno;
        return no_place("the backup cannot be written: " + reason(error), file);
    }
    if (!S_ISREG(there.st_mode)) return no_place("this is not a file", file);
    if (::stat(state.c_str(), &mine) == 0 && mine.st_ino == there.st_ino && mine.st_dev == there.st_dev)
        return no_place("this is the state itself", file);
    if (there.st_size == 0 || is_backup(file)) return {};
    return no_place("a file of this name is there, and blongo state backup did not make it", file);
}

soci::sqlite3_session_backend& backend_of(Store::Session& session) {
    return *static_cast<soci::sqlite3_session_backend*>(session.sql().get_backend());
}

/// All pages in one go: a reader of the write-ahead log sees one moment, and keeps nobody from writing.
Result<void> copy_pages(Store::Session& from, Store::Session& to) {
    using namespace ::sqlite_api;
    sqlite3* const target = backend_of(to).conn_;
    sqlite3_backup* const backup = sqlite3_backup_init(target, "main", backend_of(from).conn_, "main");
    int code = SQLITE_ERROR;
    if (backup != nullptr) {
        do code = sqlite3_backup_step(backup, -1);
        while ((code == SQLITE_BUSY || code == SQLITE_LOCKED) && sqlite3_sleep(50) > 0);
        (void)sqlite3_backup_finish(backup);
    }
    if (code == SQLITE_DONE) return {};
    return fail(ErrorKind::state, fmt::format("the state cannot be copied: {}", sqlite3_errstr(code)), to.target().path,
                code == SQLITE_FULL ? "free space on this disk"
                                    : "check the disk, and look at the state with: blongo state check");
}

/// One file, whole, without a log beside it.
Result<void> finish(Store::Session& copy) {
    return reading(copy, "check the backup", [&](soci::session& sql) -> Result<void> {
        std::string answer;
        sql << "PRAGMA journal_mode=DELETE", soci::into(answer);
        sql << fmt::format("PRAGMA application_id={}", backup_mark);
        sql << "PRAGMA quick_check(1)", soci::into(answer);
        if (answer == "ok") return {};
        return fail(ErrorKind::state, "the backup is damaged: " + answer, copy.target().path,
                    "look at the state itself with: blongo state check");
    });
}

Result<void> make_durable(const std::string& path, const std::string& file) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    if (descriptor >= 0) ::close(descriptor);
    if (!synced) return fail(ErrorKind::state, "the backup cannot be made durable: " + reason(errno), file, "check this disk");
    return move_file(path, file);
}

std::string in_quotes(const std::string& text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'')
            out += "'\\''";
        else
            out += c;
    }
    return out + "'";
}

} // namespace

Result<BackupReport> backup_state(const OpenOptions& options, const std::function<std::string(const ConnectionRow&)>& label_dir,
                                  const std::string& file) {
    BLONGO_TRY(const auto store, Store::open(options));
    if (store->is_postgresql()) {
        return fail(ErrorKind::config, "the state is in PostgreSQL, which copies itself", store->place(),
                    dump_command(options.url, file));
    }
    if (store->session().target().memory)
        return fail(ErrorKind::not_found, "there is no state", store->place(), "name it in [state] url");
    std::error_code failed;
    const std::string whole = std::filesystem::absolute(file, failed).string();
    BLONGO_CHECK(check_place(whole, store->path()));
    BackupReport report{store->place(), 0, 0, 0};
    const Unfinished unfinished(whole + ".unfinished");
    BLONGO_CHECK(make_private_file(unfinished.path()));
    {
        Target target;
        target.path = target.place = unfinished.path();
        BLONGO_TRY(const auto copy, Store::Session::open(target, "timeout=30 dbname=\"" + target.path + "\"", *options.clock));
        BLONGO_CHECK(copy_pages(store->session(), *copy));
        BLONGO_TRY(const auto connections, Connections(*store).list());
        BLONGO_CHECK(copy->transaction("write", [&]() -> Result<void> {
            for (const auto& row : connections) {
                BLONGO_TRY(const auto labels, keep_label_bytes(*store, *copy, row.key, label_dir(row)));
                report.labels += labels.copied;
                report.labels_lost += labels.lost;
            }
            return {};
        }));
        BLONGO_CHECK(finish(*copy));
    }
    report.bytes = static_cast<std::int64_t>(std::filesystem::file_size(unfinished.path(), failed));
    BLONGO_CHECK(make_durable(unfinished.path(), whole));
    return report;
}

std::string dump_command(const std::string& url, const std::string& file) {
    return fmt::format("(umask 077; pg_dump --format=custom --no-owner --file={} --dbname={})", in_quotes(file), in_quotes(url));
}

} // namespace blongo::state
