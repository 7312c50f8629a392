// SPDX-License-Identifier: Apache-2.0
#include <blongo/config/include_files.hpp>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>
#include <glob.h>

#include <blongo/config/document.hpp>

namespace blongo::config {
namespace fs = std::filesystem;

Result<std::string> read_text_file(const std::string& file) {
    std::error_code error;
    if (fs::is_directory(file, error)) return fail(ErrorKind::config, "is a folder, not a file", file);
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return fail(ErrorKind::config, "cannot be read: " + std::generic_category().message(errno), file,
                    errno == EACCES ? "give its owner or group the right to read it" : "");
    std::string text(max_document_bytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad()) return fail(ErrorKind::config, "cannot be read to its end", file);
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

std::string folder_of(const std::string& file) {
    return fs::path(file).parent_path().string();
}

bool is_same_file(const std::string& a, const std::string& b) {
    std::error_code error;
    return a == b || fs::equivalent(a, b, error);
}

Result<std::vector<std::string>> expand_include(const std::string& pattern, const std::string& folder) {
    const std::string full = pattern.front() == '/' || folder.empty() ? pattern : (fs::path(folder) / pattern).string();
    glob_t found{};
    const auto stop_unless_absent = [](const char* /*path*/, int error) { return error == ENOENT ? 0 : 1; };
    const int answer = ::glob(full.c_str(), 0, stop_unless_absent, &found);
    std::vector<std::string> files;
    for (std::size_t i = 0; i < found.gl_pathc; ++i) files.emplace_back(found.gl_pathv[i]);
    ::globfree(&found);
    if (answer != 0 && answer != GLOB_NOMATCH)
        return fail(ErrorKind::config, fmt::format("include {}: the folder cannot be read", quote(pattern)), folder);
    if (files.empty() && pattern.find_first_of("*?[") == std::string::npos)
        return fail(ErrorKind::config, fmt::format("include {}: there is no such file", quote(pattern)), folder,
                    "write its path as seen from the file that includes it");
    // By bytes: glob() sorts by the locale, and the order of files must not depend on that.
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace blongo::config
