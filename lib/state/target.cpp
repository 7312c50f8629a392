// SPDX-License-Identifier: Apache-2.0
#include <blongo/state/sqlite_file_impl.hpp>
#include <blongo/state/target_impl.hpp>

namespace blongo::state {
namespace {

/// dbname stands last and quoted: SOCI splits the string at spaces.
std::string sqlite_connect(const std::string& path, bool read_only) {
    return std::string("timeout=30 ") + (read_only ? "readonly=true " : "") + "dbname=\"" + path + "\"";
}

} // namespace

Target memory_target(const Target& absent) {
    Target target;
    target.memory = true;
    target.path = absent.path;
    target.place = absent.place;
    target.connect = "timeout=30 dbname=:memory:";
    return target;
}

Result<Target> find_target(const OpenOptions& options, bool make) {
    const std::string& url = options.url;
    if (url.starts_with("postgresql://") || url.starts_with("postgres://")) {
        return read_postgresql_url(url, options.password);
    }
    constexpr std::string_view sqlite = "sqlite://";
    if (!url.starts_with(sqlite)) {
        return fail(ErrorKind::config, "the URL of the state begins with neither sqlite:// nor postgresql://", "state.url",
                    "write url = \"sqlite:///var/lib/blongo/state.db\" under [state]");
    }
    BLONGO_TRY(const FilePlace file, resolve_file(url.substr(sqlite.size()), make));
    Target target;
    target.path = file.path;
    target.folder = file.folder;
    target.place = "sqlite://" + file.path;
    if (!file.exists && !make) return memory_target(target);
    target.connect = sqlite_connect(file.path, options.access == Access::read_only && !make);
    return target;
}

} // namespace blongo::state
