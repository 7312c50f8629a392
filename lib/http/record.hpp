// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include <blongo/base/error.hpp>
#include <blongo/base/result.hpp>
#include <blongo/http/decorators.hpp>

namespace blongo::http {

/// The exchange as people read it: request line, headers and body, then the answer.
[[nodiscard]] std::string to_text(const Exchange& exchange);

/// Writes exchanges into a folder, one file each: "000001-ongoing-PUT-articles.http", mode 0600,
/// numbered on from what the folder holds. For --dump-http, as the sink of a LogTransport with
/// bodies, which has removed the secrets. Thread-safe.
class ExchangeFolder {
public:
    /// Makes the folder (mode 0700) if it is missing. Error: ErrorKind::usage with the path.
    [[nodiscard]] static Result<ExchangeFolder> open(const std::string& folder);

    ExchangeFolder(ExchangeFolder&& other) noexcept;

    /// A failure to write never stops a run: it is kept for failure().
    void write(const Exchange& exchange);
    /// The first failure to write, to be shown once at the end.
    [[nodiscard]] std::optional<Error> failure() const;

private:
    ExchangeFolder(std::string folder, std::int64_t last) : folder_(std::move(folder)), number_(last) {}

    std::string folder_;
    mutable std::mutex mutex_;
    std::int64_t number_; ///< of the last file
    std::optional<Error> failure_;
};

} // namespace blongo::http
