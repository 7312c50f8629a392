// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>
#include <cstdio>
#include <fcntl.h>
#include <map>
#include <memory>
#include <mutex>
#include <unistd.h>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/state/locks_impl.hpp>
#include <blongo/state/session_impl.hpp>
#include <blongo/state/sqlite_file_impl.hpp>

namespace blongo::state {
namespace {

/// Files of locks that nobody here holds now, kept open: the writer's lock is taken for each request.
class OpenFiles {
public:
    FileLock take_out(const std::string& path) {
        const std::lock_guard guard(mutex_);
        const auto found = files_.find(path);
        return found == files_.end() ? FileLock{} : std::move(files_.extract(found).mapped());
    }
    void put_back(const std::string& path, FileLock file) {
        file.unlock();
        const std::lock_guard guard(mutex_);
        files_.emplace(path, std::move(file));
    }

private:
    std::mutex mutex_;
    std::map<std::string, FileLock> files_;
};

class HeldFile final : public HeldLock {
public:
    HeldFile(FileLock lock, std::string path, std::shared_ptr<OpenFiles> files)
        : lock_(std::move(lock)), path_(std::move(path)), files_(std::move(files)) {}
    HeldFile(const HeldFile&) = delete;
    HeldFile& operator=(const HeldFile&) = delete;
    ~HeldFile() override { files_->put_back(path_, std::move(lock_)); }
    std::int64_t epoch() const noexcept override { return 0; }
    Result<void> still_held() override {
        if (lock_.in_place()) return {};
        return fail(ErrorKind::state, "the lock file was removed while this run held it", path_,
                    "never remove lock files: the kernel frees them; run again");
    }
    Result<void> fence(Store&) override { return still_held(); }

private:
    FileLock lock_;
    std::string path_;
    std::shared_ptr<OpenFiles> files_;
};

std::string read_small(const std::string& path) {
    std::array<char, 512> buffer{};
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return {};
    const auto count = ::read(descriptor, buffer.data(), buffer.size());
    ::close(descriptor);
    return count > 0 ? std::string(buffer.data(), static_cast<std::size_t>(count)) : std::string{};
}

class FileLocks final : public Locks {
public:
    FileLocks(std::string path, Clock& clock, bool read_only) : path_(std::move(path)), clock_(clock), read_only_(read_only) {}

    Result<std::unique_ptr<HeldLock>> take(const std::string& name, Milliseconds wait, const StopToken& stop) override {
        BLONGO_CHECK(refuse_reader());
        const std::string file = lock_file(name, ".lock");
        FileLock lock = files_->take_out(file);
        BLONGO_TRY(const bool taken, try_for(clock_, wait, stop, [&] { return lock.try_take(file, false); }));
        if (!taken) return fail(locked_error(name, said_holder(file), wait));
        lock.write(fmt::format("{} {} {}\n", ::getpid(), to_unix_milliseconds(clock_.now()), host_name()));
        return std::make_unique<HeldFile>(std::move(lock), file, files_);
    }

    Result<std::optional<std::string>> holder(const std::string& name) override {
        const std::string file = lock_file(name, ".lock");
        BLONGO_TRY(const bool locked, is_file_locked(file));
        if (!locked) return std::nullopt;
        return said_holder(file).value_or("a process that did not say who it is");
    }

    Result<std::unique_ptr<HeldLock>> mark_waiting(const std::string& name) override {
        BLONGO_CHECK(refuse_reader());
        const std::string file = lock_file(name, ".wanted");
        FileLock lock = files_->take_out(file);
        BLONGO_CHECK(lock.take(file, true));
        return std::make_unique<HeldFile>(std::move(lock), file, files_);
    }

    Result<bool> wanted(const std::string& name) override {
        const std::string file = lock_file(name, ".wanted");
        // A mark is a shared lock, so only an exclusive one meets it. Two such looks may meet each
        // other: a wish is believed only when it is seen again.
        for (int look = 0; look < 3; ++look) {
            if (::access(file.c_str(), F_OK) != 0) return false;
            FileLock lock;
            BLONGO_TRY(const bool taken, lock.try_take(file, false));
            if (taken) return false;
        }
        return true;
    }

private:
    Result<void> refuse_reader() const {
        if (!read_only_) return {};
        return fail(ErrorKind::internal, "a dry run takes no locks", path_, "this is a bug of blongo: please report it");
    }

    /// Names come from this program, but a file name must never leave the folder.
    std::string lock_file(const std::string& name, const char* ending) const {
        constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
        const bool clean = !name.empty() && name.size() <= 80 && name.find_first_not_of(plain) == std::string::npos;
        return path_ + "." + (clean ? name : sha256_hex(name).substr(0, 32)) + ending;
    }

    static std::optional<std::string> said_holder(const std::string& file) {
        const auto words = split(trim(read_small(file)), ' ');
        if (words.size() != 3) return std::nullopt;
        const auto pid = parse_number(words[0]), since = parse_number(words[1]);
        if (!pid || !since) return std::nullopt;
        return holder_text(*pid, words[2], *since);
    }

    static std::optional<std::int64_t> parse_number(const std::string& text) {
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
        return value;
    }

    std::string path_;
    Clock& clock_;
    bool read_only_;
    std::shared_ptr<OpenFiles> files_ = std::make_shared<OpenFiles>();
};

} // namespace

std::unique_ptr<Locks> open_file_locks(const Target& target, Clock& clock, bool read_only) {
    return std::make_unique<FileLocks>(target.path, clock, read_only);
}

} // namespace blongo::state
