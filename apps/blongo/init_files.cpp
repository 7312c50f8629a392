// SPDX-License-Identifier: Apache-2.0
#include "init_files.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <functional>
#include <ranges>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <blongo/base/text.hpp>
#include <blongo/config/document.hpp>
#include <blongo/config/include_files.hpp>

namespace blongo::app {
namespace {

constexpr std::string_view sqlite = "sqlite://";

tl::unexpected<Error> not_written(const std::string& file, int error) {
    return fail(ErrorKind::config, fmt::format("it cannot be written: {}", std::generic_category().message(error)), file,
                "run blongo init as root, or choose another place with --config");
}

bool is_there(const std::string& file) {
    struct stat info {};
    return ::lstat(file.c_str(), &info) == 0;
}

/// A new file of mode 0600 with this text, safe on the disk.
Result<void> write_new(const std::string& file, const std::string& text, const std::function<bool(int)>& give = {}) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) return not_written(file, errno);
    std::string_view left = text;
    int error = 0;
    while (!left.empty() && error == 0) {
        const ssize_t written = ::write(fd, left.data(), left.size());
        if (written < 0 && errno != EINTR) error = errno;
        if (written > 0) left.remove_prefix(static_cast<std::size_t>(written));
    }
    if (error == 0 && give && !give(fd)) error = errno;
    if (error == 0 && ::fsync(fd) != 0) error = errno;
    ::close(fd);
    if (error == 0) return {};
    ::unlink(file.c_str());
    return not_written(file, error);
}

/// Puts the text in the place of a file that is there, with its mode and owner.
Result<void> replace_file(const std::string& file, const std::string& text) {
    std::error_code unresolved;
    const std::string real = std::filesystem::canonical(file, unresolved).string();
    struct stat before {};
    if (unresolved || ::stat(real.c_str(), &before) != 0) return not_written(file, ENOENT);
    const std::string fresh = real + ".new-" + random_hex(4);
    BLONGO_CHECK(write_new(fresh, text));
    const bool others = before.st_uid != ::geteuid() || before.st_gid != ::getegid();
    if ((others && ::chown(fresh.c_str(), before.st_uid, before.st_gid) != 0) ||
        ::chmod(fresh.c_str(), before.st_mode & 07777) != 0 || ::rename(fresh.c_str(), real.c_str()) != 0) {
        const int error = errno;
        ::unlink(fresh.c_str());
        return not_written(file, error);
    }
    return {};
}

/// Root, or the user of the package: the machine's own configuration, not one in a home folder.
bool sets_up_the_machine() {
    struct stat info {};
    const std::string state = config::Config{}.state_url.substr(sqlite.size());
    return ::geteuid() == 0 ||
           (::stat(std::filesystem::path(state).parent_path().c_str(), &info) == 0 && info.st_uid == ::geteuid());
}

/// Where nothing is configured yet.
std::string first_place(const config::Environment& environment) {
    const std::string xdg = environment("XDG_CONFIG_HOME").value_or(""), home = environment("HOME").value_or("");
    if (!sets_up_the_machine() && !xdg.empty()) return xdg + "/blongo/blongo.toml";
    if (!sets_up_the_machine() && !home.empty()) return home + "/.config/blongo/blongo.toml";
    return "/etc/blongo/blongo.toml";
}

std::string first_state(const config::Environment& environment) {
    const std::string xdg = environment("XDG_STATE_HOME").value_or(""), home = environment("HOME").value_or("");
    if (!sets_up_the_machine() && !xdg.empty()) return "sqlite://" + xdg + "/blongo/state.db";
    if (!sets_up_the_machine() && !home.empty()) return "sqlite://" + home + "/.local/state/blongo/state.db";
    return config::Config{}.state_url;
}

std::optional<FileOwner> owner_of_state(const std::string& url) {
    if (!url.starts_with(sqlite)) return std::nullopt;
    return other_owner(std::filesystem::path(url.substr(sqlite.size())).parent_path().string());
}

/// The folder that an `include` takes connections from, as it is written; empty: none.
std::string included_folder(const config::Config& existing) {
    for (const auto& setting : existing.settings) {
        if (setting.key != "include") continue;
        for (const std::string& pattern : split(setting.value, '"')) {
            if (!pattern.ends_with("/*.toml")) continue;
            std::string folder = pattern.substr(0, pattern.size() - std::strlen("/*.toml"));
            if (folder.find_first_of("*?[") == std::string::npos) return folder;
        }
    }
    return {};
}

} // namespace

Result<InitPlace> find_init_place(const std::string& config_option, const std::string& state_option, const std::string& name,
                                  const config::Environment& environment) {
    InitPlace place;
    const std::string named = config_option.empty() ? environment("BLONGO_CONFIG").value_or("") : config_option;
    const auto found = config::find_file(config_option, environment);
    std::string file = found ? *found : named.empty() ? first_place(environment) : named;
    place.config_file = std::filesystem::absolute(file).lexically_normal().string();
    place.target = place.config_file;
    place.secrets_folder = std::filesystem::path(place.config_file).parent_path().string();
    place.state_url = state_option.empty() ? first_state(environment) : state_option;
    place.owner = owner_of_state(place.state_url);
    if (!found) return place;
    BLONGO_TRY(place.existing, config::load(place.config_file, environment));
    if (state_option.empty()) place.state_url = place.existing->state_url;
    place.owner = owner_of_state(place.state_url);
    if (place.existing->find(name) != nullptr)
        return fail(ErrorKind::config, fmt::format("there is a connection {} already", name), place.config_file,
                    "choose another name; what is there is never changed by blongo init");
    const std::string folder = included_folder(*place.existing);
    if (folder.empty()) return place;
    place.target = (std::filesystem::path(place.secrets_folder) / folder / (name + ".toml")).lexically_normal().string();
    if (is_there(place.target))
        return fail(ErrorKind::config, "the file of the new connection is there already", place.target,
                    "choose another name, or move it away");
    return place;
}

Result<void> check_writable(const InitPlace& place) {
    for (std::string path : {place.target, place.secrets_folder}) {
        while (!is_there(path) && path.size() > 1) path = std::filesystem::path(path).parent_path().string();
        const bool is_file = path == place.config_file;
        std::error_code ignored;
        if (!is_file && !std::filesystem::is_directory(path, ignored)) return not_written(path, ENOTDIR);
        if (::access(path.c_str(), W_OK) != 0) return not_written(path, errno);
    }
    return {};
}

Result<std::string> whole_text(const InitPlace& place, const std::string& connection_text) {
    if (!place.existing)
        return "# blongo: BaseLinker <-> Ongoing WMS. All settings: man blongo.toml, examples/blongo.toml; check: blongo config "
               "check\n\n"
               "[state]\nurl = " +
               config::quote(place.state_url) + "\n\n" + connection_text;
    if (!place.appends()) return connection_text;
    BLONGO_TRY(std::string text, config::read_text_file(place.config_file));
    if (!text.empty() && text.back() != '\n') text += '\n';
    return text + '\n' + connection_text;
}

InitFiles::~InitFiles() {
    for (const auto& made : std::views::reverse(made_)) {
        std::error_code ignored;
        (void)std::filesystem::remove(made, ignored); // a folder only while it is empty
    }
}

Result<void> InitFiles::make_folder(const std::string& folder) {
    if (folder.empty() || is_there(folder)) return {};
    BLONGO_CHECK(make_folder(std::filesystem::path(folder).parent_path().string()));
    if (::mkdir(folder.c_str(), 0700) != 0) return not_written(folder, errno);
    made_.push_back(folder);
    if (owner_ && (::chown(folder.c_str(), 0, owner_->group) != 0 || ::chmod(folder.c_str(), 0750) != 0))
        return not_written(folder, errno);
    return {};
}

Result<void> InitFiles::secret(const std::string& file, const Secret& secret, bool replace) {
    BLONGO_CHECK(make_folder(std::filesystem::path(file).parent_path().string()));
    if (replace && is_there(file)) {
        BLONGO_CHECK(replace_file(file, secret.reveal() + '\n'));
        if (::chmod(file.c_str(), 0600) != 0) return not_written(file, errno);
        return {};
    }
    BLONGO_CHECK(write_new(file, secret.reveal() + '\n',
                           [this](int fd) { return !owner_ || ::fchown(fd, owner_->user, owner_->group) == 0; }));
    made_.push_back(file);
    return {};
}

Result<void> InitFiles::configuration(const InitPlace& place, const std::string& connection_text) {
    BLONGO_TRY(const std::string text, whole_text(place, connection_text));
    if (place.appends()) return replace_file(place.config_file, text);
    BLONGO_CHECK(make_folder(std::filesystem::path(place.target).parent_path().string()));
    const std::string fresh = place.target + ".new-" + random_hex(4);
    // What blongo runs stands in it: root keeps it, the user may read it.
    BLONGO_CHECK(write_new(
        fresh, text, [this](int fd) { return !owner_ || (::fchown(fd, 0, owner_->group) == 0 && ::fchmod(fd, 0640) == 0); }));
    // A link never takes the place of a file that somebody made meanwhile.
    const bool linked = ::link(fresh.c_str(), place.target.c_str()) == 0;
    const int error = errno;
    ::unlink(fresh.c_str());
    if (!linked) return not_written(place.target, error);
    made_.push_back(place.target);
    return {};
}

} // namespace blongo::app
