// SPDX-License-Identifier: Apache-2.0
#include "init_files.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <blongo/base/text.hpp>
#include <blongo/config/document.hpp>
#include <blongo/config/include_files.hpp>

namespace blongo::app {
namespace {

tl::unexpected<Error> not_written(const std::string& file, int error) {
    return fail(ErrorKind::config, fmt::format("it cannot be written: {}", std::strerror(error)), file,
                "run blongo init as the user that will run blongo, or choose another place with --config");
}

bool is_there(const std::string& file) {
    struct stat info {};
    return ::lstat(file.c_str(), &info) == 0;
}

/// A new file of mode 0600 with this text, safe on the disk.
Result<void> write_new(const std::string& file, const std::string& text) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) return not_written(file, errno);
    std::string_view left = text;
    int error = 0;
    while (!left.empty() && error == 0) {
        const ssize_t written = ::write(fd, left.data(), left.size());
        if (written < 0 && errno != EINTR) error = errno;
        if (written > 0) left.remove_prefix(static_cast<std::size_t>(written));
    }
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
    if (::chmod(fresh.c_str(), before.st_mode & 07777) != 0 ||
        (before.st_uid != ::geteuid() && ::chown(fresh.c_str(), before.st_uid, before.st_gid) != 0) ||
        ::rename(fresh.c_str(), real.c_str()) != 0) {
        const int error = errno;
        ::unlink(fresh.c_str());
        return not_written(file, error);
    }
    return {};
}

/// Where nothing is configured yet.
std::string first_place(const config::Environment& environment) {
    const std::string xdg = environment("XDG_CONFIG_HOME").value_or(""), home = environment("HOME").value_or("");
    if (::geteuid() != 0 && !xdg.empty()) return xdg + "/blongo/blongo.toml";
    if (::geteuid() != 0 && !home.empty()) return home + "/.config/blongo/blongo.toml";
    return "/etc/blongo/blongo.toml";
}

std::string first_state(const config::Environment& environment) {
    const std::string xdg = environment("XDG_STATE_HOME").value_or(""), home = environment("HOME").value_or("");
    if (::geteuid() != 0 && !xdg.empty()) return "sqlite://" + xdg + "/blongo/state.db";
    if (::geteuid() != 0 && !home.empty()) return "sqlite://" + home + "/.local/state/blongo/state.db";
    return config::Config{}.state_url;
}

/// The folder that an `include` takes connections from, as it is written; empty: none.
std::string included_folder(const config::Config& existing) {
    for (const auto& setting : existing.settings) {
        if (setting.key != "include") continue;
        for (const std::string& pattern : split(setting.value, '"')) {
            if (!pattern.ends_with("/*.toml")) continue;
            const std::string folder = pattern.substr(0, pattern.size() - std::strlen("/*.toml"));
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
    if (!found) return place;
    BLONGO_TRY(place.existing, config::load(place.config_file, environment));
    if (state_option.empty()) place.state_url = place.existing->state_url;
    if (place.existing->find(name) != nullptr)
        return fail(ErrorKind::config, fmt::format("there is a connection {} already", name), place.config_file,
                    "choose another name; what is there is never changed by blongo init");
    const std::string folder = included_folder(*place.existing);
    if (folder.empty()) return place;
    place.target = (std::filesystem::path(place.secrets_folder) / folder / (name + ".toml")).lexically_normal().string();
    if (is_there(place.target))
        return fail(ErrorKind::config, "the file of the new connection is there already", place.target, "choose another name, or move it away");
    return place;
}

Result<std::string> whole_text(const InitPlace& place, const std::string& connection_text) {
    if (!place.existing)
        return "# blongo: BaseLinker <-> Ongoing WMS. All settings: man blongo.toml, examples/blongo.toml; check: blongo config check\n\n"
               "[state]\nurl = " + config::quote(place.state_url) + "\n\n" + connection_text;
    if (!place.appends()) return connection_text;
    BLONGO_TRY(std::string text, config::read_text_file(place.config_file));
    if (!text.empty() && text.back() != '\n') text += '\n';
    return text + '\n' + connection_text;
}

InitFiles::~InitFiles() {
    for (auto made = made_.rbegin(); made != made_.rend(); ++made) {
        std::error_code ignored;
        (void)std::filesystem::remove(*made, ignored); // a folder only while it is empty
    }
}

Result<void> InitFiles::make_folder(const std::string& folder) {
    if (folder.empty() || is_there(folder)) return {};
    BLONGO_CHECK(make_folder(std::filesystem::path(folder).parent_path().string()));
    if (::mkdir(folder.c_str(), 0700) != 0) return not_written(folder, errno);
    made_.push_back(folder);
    return {};
}

Result<void> InitFiles::secret(const std::string& file, const Secret& secret, bool replace) {
    BLONGO_CHECK(make_folder(std::filesystem::path(file).parent_path().string()));
    if (replace && is_there(file)) {
        BLONGO_CHECK(replace_file(file, secret.reveal() + '\n'));
        if (::chmod(file.c_str(), 0600) != 0) return not_written(file, errno);
        return {};
    }
    BLONGO_CHECK(write_new(file, secret.reveal() + '\n'));
    made_.push_back(file);
    return {};
}

Result<void> InitFiles::configuration(const InitPlace& place, const std::string& connection_text) {
    BLONGO_TRY(const std::string text, whole_text(place, connection_text));
    if (place.appends()) return replace_file(place.config_file, text);
    BLONGO_CHECK(make_folder(std::filesystem::path(place.target).parent_path().string()));
    const std::string fresh = place.target + ".new-" + random_hex(4);
    BLONGO_CHECK(write_new(fresh, text));
    // A link never takes the place of a file that somebody made meanwhile.
    const bool linked = ::link(fresh.c_str(), place.target.c_str()) == 0;
    const int error = errno;
    ::unlink(fresh.c_str());
    if (!linked) return not_written(place.target, error);
    made_.push_back(place.target);
    return {};
}

} // namespace blongo::app
