// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <blongo/base/files.hpp>
#include <blongo/base/secret.hpp>
#include <blongo/config/load.hpp>

namespace blongo::app {

/// Where a new connection goes.
struct InitPlace {
    std::string config_file;                ///< absolute
    std::optional<config::Config> existing; ///< what stands in it; none: it is to be made
    std::string target;                     ///< the file that gets the connection: config_file, or a new one that it includes
    std::string state_url;
    std::string secrets_folder;
    std::optional<FileOwner> owner; ///< root sets up for this user, who owns the folder of the state
    [[nodiscard]] bool appends() const { return existing && target == config_file; }
};

/// Finds it by the rules of every command; where there is no configuration, /etc/blongo for root and for the owner of
/// /var/lib/blongo, and the user's own folder for others. Errors (config): what is there cannot be read, or the name is taken.
[[nodiscard]] Result<InitPlace> find_init_place(const std::string& config_option, const std::string& state_option,
                                                const std::string& name, const config::Environment& environment);

/// Whether this process may write there, before anybody answers a question.
[[nodiscard]] Result<void> check_writable(const InitPlace& place);

/// Writes what init writes, and takes it all back unless keep() is called. Where root sets up for another user, secrets
/// become that user's, and the configuration is readable for the user's group.
class InitFiles {
public:
    explicit InitFiles(const std::optional<FileOwner>& owner) : owner_(owner) {}
    ~InitFiles();
    InitFiles(const InitFiles&) = delete;
    InitFiles& operator=(const InitFiles&) = delete;

    /// Mode 0600. A file that is there is replaced only with `replace`, and then is not taken back.
    [[nodiscard]] Result<void> secret(const std::string& file, const Secret& secret, bool replace);
    /// The connection: into a new file, or behind what stands in the configuration, as a whole or not at all.
    [[nodiscard]] Result<void> configuration(const InitPlace& place, const std::string& connection_text);
    void keep() noexcept { made_.clear(); }

private:
    [[nodiscard]] Result<void> make_folder(const std::string& folder);
    std::optional<FileOwner> owner_;
    std::vector<std::string> made_; ///< oldest first
};

/// What the whole file would hold.
[[nodiscard]] Result<std::string> whole_text(const InitPlace& place, const std::string& connection_text);

} // namespace blongo::app
