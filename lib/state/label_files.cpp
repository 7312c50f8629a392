// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/label_files_impl.hpp>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include <blongo/base/files.hpp>
#include <blongo/base/text.hpp>
#include <blongo/state/sqlite_file_impl.hpp>

namespace blongo::state {
namespace {

constexpr std::string_view temporary = ".tmp";

/// A descriptor that is closed at the end.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int number() const noexcept { return number_; }
    [[nodiscard]] explicit operator bool() const noexcept { return number_ >= 0; }

private:
    int number_;
};

/// The Error of errno, at once after the call that failed.
Error failed(const std::string& what, const std::string& path) {
    const int error = errno;
    std::string remedy = "check owner and mode of this place: all runs need the same user";
    if (error == ENOSPC || error == EDQUOT) remedy = "free space on this disk";
    return make_error(ErrorKind::state, what + ": " + reason(error), path, remedy);
}

std::string folder_of(const std::string& path) {
    return std::filesystem::path(path).parent_path().string();
}

bool write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

} // namespace

Result<void> make_private_folder(const std::string& path) {
    if (make_private_directory(path)) return sync_folder(folder_of(path));
    if (errno == ENOENT) {
        return fail(ErrorKind::state, "the folder above the label folder is not there", path,
                    "make it, or choose another label_dir under [shipments]");
    }
    if (errno != EEXIST) return fail(failed("the label folder cannot be made", path));
    struct stat info {};
    if (::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return {};
    return fail(ErrorKind::state, "the label folder is not a folder", path, "choose another label_dir under [shipments]");
}

Result<std::string> write_beside(const std::string& path, const std::string& bytes) {
    const std::string name = std::filesystem::path(path).filename().string();
    std::string beside = folder_of(path) + "/." + name + "." + random_hex(8) + std::string(temporary);
    const Descriptor file(open_private(beside, O_WRONLY | O_EXCL | O_NOFOLLOW | O_CLOEXEC));
    if (!file) return fail(failed("the label cannot be stored", path));
    if (write_all(file.number(), bytes) && ::fsync(file.number()) == 0) return beside;
    Error error = failed("the label cannot be stored", path);
    ::unlink(beside.c_str());
    return fail(std::move(error));
}

Result<void> move_file(const std::string& from, const std::string& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) return fail(failed("the label cannot be stored", to));
    return sync_folder(folder_of(to));
}

Result<std::string> read_whole_file(const std::string& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY));
    struct stat info {};
    if (!file || ::fstat(file.number(), &info) != 0) return fail(failed("the stored label cannot be read", path));
    std::string bytes(static_cast<std::size_t>(info.st_size), '\0');
    std::size_t have = 0;
    while (have < bytes.size()) {
        const auto count = ::read(file.number(), bytes.data() + have, bytes.size() - have);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail(failed("the stored label cannot be read", path));
        if (count == 0) break;
        have += static_cast<std::size_t>(count);
    }
    bytes.resize(have);
    return bytes;
}

Result<void> remove_file(const std::string& path) {
    if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
    return fail(failed("the stored label cannot be erased", path));
}

Result<void> sync_folder(const std::string& path) {
    const Descriptor folder(::open(path.empty() ? "." : path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder && errno == ENOENT) return {};
    if (folder && ::fsync(folder.number()) == 0) return {};
    return fail(failed("the label folder cannot be made durable", path));
}

Result<void> remove_leftovers(const std::string& folder, Timestamp before) {
    std::error_code ended;
    for (std::filesystem::directory_iterator file(folder, ended), end; !ended && file != end; file.increment(ended)) {
        const std::string name = file->path().filename().string();
        struct stat info {};
        if (!name.starts_with('.') || !name.ends_with(temporary)) continue;
        if (::lstat(file->path().c_str(), &info) != 0 || !S_ISREG(info.st_mode)) continue;
        if (info.st_mtim.tv_sec >= to_unix_milliseconds(before) / 1000) continue;
        BLONGO_CHECK(remove_file(file->path().string()));
    }
    return {};
}

} // namespace blongo::state
