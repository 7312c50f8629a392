// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/base/result.hpp>
#include <blongo/base/secret.hpp>
#include <blongo/config/config.hpp>

namespace blongo::config {

/// The environment, injected: name -> value.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
[[nodiscard]] Environment process_environment();

/// The configuration file that counts: `--config`, $BLONGO_CONFIG,
/// $XDG_CONFIG_HOME/blongo/blongo.toml (or ~/.config), /etc/blongo/blongo.toml; the first one found.
/// Error (config) names every place that was looked at and says `blongo init` / the sample.
[[nodiscard]] Result<std::string> find_file(const std::string& option, const Environment& environment);

/// Reads and checks a file with its includes and [defaults]. Errors that concern every connection
/// (syntax of this file; unknown keys and wrong types outside of connections: all of them at once, one
/// per line, each "file:line:column: what, expected, did you mean") are returned; what concerns one
/// connection or one of its flows is put into Connection::errors, and an included file that cannot be
/// read into Config::unusable_files.
[[nodiscard]] Result<Config> load(const std::string& file, const Environment& environment);

/// The same from text, for tests and `init`.
[[nodiscard]] Result<Config> parse(std::string_view toml, const std::string& file_name, const Environment& environment);

/// Reads a secret by its one way. Errors (config) name the file, variable or command and the
/// remedy, never the content. A file that others may read is refused (chmod 600 is the remedy).
[[nodiscard]] Result<Secret> read_secret(const SecretSource& source, const std::string& what, const Environment& environment);

} // namespace blongo::config
