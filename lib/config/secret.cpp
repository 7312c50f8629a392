// SPDX-License-Identifier: Apache-2.0
#include <blongo/config/load.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <blongo/config/command.hpp>

namespace blongo::config {
namespace {

/// The last check of every way: what is read can be a secret at all. The text is wiped where it is not.
Result<Secret> checked(std::string text, const std::string& what, const std::string& where) {
    std::string complaint;
    if (text.empty())
        complaint = "is empty";
    else if (text.size() > max_secret_bytes)
        complaint = fmt::format("is longer than {} bytes", max_secret_bytes);
    else if (text.find('\n') != std::string::npos)
        complaint = "has more than one line";
    else if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }))
        complaint = "holds a control character";
    if (complaint.empty()) return Secret(std::move(text));
    explicit_bzero(text.data(), text.size());
    return fail(ErrorKind::config, what + " " + complaint, where, "it must be the secret alone, on one line");
}

enum class Sharing { mode_bits_count, folder_protects };

/// Judges owner and mode of an open file. Mode bits and not access(): root may read everything,
/// and the question is who else may.
Result<void> check_protection(const struct stat& info, const std::string& file, const std::string& what, Sharing sharing) {
    if (!S_ISREG(info.st_mode)) return fail(ErrorKind::config, what + " is not an ordinary file", file);
    // root may act for any user: a warehouse's administrator types commands beside the service's own user.
    if (info.st_uid != 0 && ::geteuid() != 0 && info.st_uid != ::geteuid())
        return fail(ErrorKind::config,
                    fmt::format("{} belongs to user {}, neither to root nor to the user that runs this", what, info.st_uid), file,
                    "chown it to the user that runs blongo");
    const std::string remedy = "chmod 600 " + file;
    if ((info.st_mode & S_IRWXO) != 0)
        return fail(ErrorKind::config,
                    fmt::format("{} is open to every user of this machine (mode {:o})", what, info.st_mode & 07777), file,
                    remedy);
    const auto group = info.st_mode & S_IRWXG;
    if (group == 0 || sharing == Sharing::folder_protects) return {};
    if (info.st_gid != ::getegid() || group != S_IRGRP)
        return fail(ErrorKind::config,
                    fmt::format("{} is open to group {} (mode {:o}); only reading by the group of this process is allowed", what,
                                info.st_gid, info.st_mode & 07777),
                    file, remedy);
    return {};
}

Result<Secret> read_file(const std::string& file, const std::string& what, Sharing sharing) {
    // O_NONBLOCK: a FIFO without a writer must not hang the run.
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        const int error = errno;
        return fail(ErrorKind::config, fmt::format("{} cannot be read: {}", what, std::generic_category().message(error)), file,
                    error == ENOENT ? "write the secret into this file and chmod 600 it"
                                    : "give it to the user that runs blongo, mode 600");
    }
    struct stat info {};
    Result<void> good = ::fstat(fd, &info) == 0 ? check_protection(info, file, what, sharing)
                                                : Result<void>(fail(ErrorKind::config, what + " cannot be examined", file));
    std::string text;
    if (good) {
        std::array<char, max_secret_bytes + 3> buffer{}; // room for a line break, and one byte that shows "too long"
        std::size_t size = 0;
        while (size < buffer.size()) {
            const ssize_t count = ::read(fd, buffer.data() + size, buffer.size() - size);
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) good = fail(ErrorKind::config, what + " cannot be read to its end", file);
            if (count <= 0) break;
            size += static_cast<std::size_t>(count);
        }
        text.assign(buffer.data(), size);
        explicit_bzero(buffer.data(), buffer.size());
    }
    ::close(fd);
    if (!good) return fail(std::move(good).error());
    if (!text.empty() && text.back() == '\n') text.pop_back();
    if (!text.empty() && text.back() == '\r') text.pop_back();
    return checked(std::move(text), what, file);
}

} // namespace

Result<Secret> read_secret(const SecretSource& source, const std::string& what, const Environment& environment) {
    if (!source.file.empty()) return read_file(source.file, what, Sharing::mode_bits_count);
    if (!source.command.empty()) {
        auto line = first_line_of_command(source.command, secret_command_timeout, source.hidden_variables);
        if (!line) {
            Error error = std::move(line).error();
            error.message = what + ": " + error.message;
            return fail(std::move(error));
        }
        return checked(std::move(*line), what, source.command.front());
    }
    if (!source.env.empty()) {
        auto value = environment(source.env);
        if (!value)
            return fail(ErrorKind::config, what + " is not in the environment", "$" + source.env,
                        "set the variable, or better use a file: /proc/PID/environ shows what is in the environment");
        return checked(std::move(*value), what, "$" + source.env);
    }
    if (!source.credential.empty()) {
        const auto folder = environment("CREDENTIALS_DIRECTORY");
        if (!folder || folder->empty())
            return fail(ErrorKind::config, what + " is a systemd credential, and systemd gave none to this process",
                        source.credential, "run it as a service with LoadCredential=" + source.credential + ":FILE");
        // systemd keeps the folder closed to others and opens the files to the service by an access
        // list, which shows as group bits.
        return read_file(*folder + "/" + source.credential, what, Sharing::folder_protects);
    }
    return fail(ErrorKind::config, what + " has no source", {}, "write one of _file, _command, _env, _credential");
}

} // namespace blongo::config
