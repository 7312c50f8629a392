// SPDX-License-Identifier: Apache-2.0
#include <blongo/http/record.hpp>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace blongo::http {
namespace {

// "ongoing PUT /articles" -> "ongoing-PUT-articles"
std::string file_part(const std::string& name) {
    std::string part;
    for (const char c : name) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0)
            part += c;
        else if (!part.empty() && part.back() != '-')
            part += '-';
    }
    while (!part.empty() && part.back() == '-') part.pop_back();
    return part.substr(0, 60);
}

std::int64_t highest_number(const std::filesystem::path& folder, std::error_code& error) {
    std::int64_t highest = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        const std::size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
        if (digits > 0 && digits < 18) highest = std::max(highest, std::int64_t{std::stoll(name.substr(0, digits))});
    }
    return highest;
}

bool write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(file, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

void append_block(std::string& text, const std::string& headers, const std::string& body) {
    text += headers;
    if (!body.empty()) text += "\n" + body;
    if (!text.ends_with('\n')) text += '\n';
}

} // namespace

std::string to_text(const Exchange& exchange) {
    std::string text =
        fmt::format("# {} {} ({}), {} ms, {} bytes sent, {} bytes received\n", format_utc(exchange.at), exchange.name,
                    to_string(exchange.effect), exchange.took.count(), exchange.bytes_sent, exchange.bytes_received);
    text += exchange.method + " " + exchange.url + "\n";
    append_block(text, exchange.request_headers, exchange.request_body);
    text += exchange.status == 0 ? "\n# no answer\n" : fmt::format("\n# answer {}\n", exchange.status);
    append_block(text, exchange.response_headers, exchange.response_body);
    if (!exchange.error.empty()) text += "\n# error: " + exchange.error + "\n";
    return text;
}

Result<ExchangeFolder> ExchangeFolder::open(const std::string& folder) {
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        return fail(ErrorKind::usage, "cannot make the folder for exchanges: " + std::generic_category().message(errno), folder,
                    "give --dump-http a folder that can be made and written");
    std::error_code error;
    const std::int64_t last = highest_number(folder, error);
    if (error || ::access(folder.c_str(), W_OK | X_OK) != 0)
        return fail(ErrorKind::usage, "cannot use this folder for exchanges", folder,
                    "give --dump-http a folder that can be written");
    return ExchangeFolder(folder, last);
}

ExchangeFolder::ExchangeFolder(ExchangeFolder&& other) noexcept
    : folder_(std::move(other.folder_)), number_(other.number_), failure_(std::move(other.failure_)) {}

void ExchangeFolder::write(const Exchange& exchange) {
    const std::lock_guard guard(mutex_);
    int file = -1;
    std::string path;
    do { // another process may write into the same folder
        ++number_;
        path = fmt::format("{}/{:06}-{}.http", folder_, number_, file_part(exchange.name));
        file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    } while (file < 0 && errno == EEXIST);
    const bool written = file >= 0 && write_all(file, to_text(exchange));
    const int reason = errno;
    if (file >= 0) ::close(file);
    if (!written && !failure_)
        failure_ = make_error(ErrorKind::usage, "cannot write an exchange: " + std::generic_category().message(reason), path,
                              "free space there, or leave out --dump-http");
}

std::optional<Error> ExchangeFolder::failure() const {
    const std::lock_guard guard(mutex_);
    return failure_;
}

} // namespace blongo::http
