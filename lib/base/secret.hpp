// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include <fmt/format.h>

namespace blongo {

/// A token or password. It cannot be printed, logged or compared by accident: the only way
/// to its text is reveal(), which is called where a request header is written and where the
/// redactor is filled. The memory is wiped when the value goes.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}
    Secret(const Secret&) = default;
    Secret(Secret&& other) noexcept;
    Secret& operator=(const Secret& other);
    Secret& operator=(Secret&& other) noexcept;
    ~Secret() { wipe(); }

    [[nodiscard]] const std::string& reveal() const noexcept { return text_; }
    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
    /// A short stable name of the secret (a hash), to tell two tokens apart without showing them.
    [[nodiscard]] std::string fingerprint() const;

private:
    void wipe() noexcept;
    std::string text_;
};

} // namespace blongo

template <> struct fmt::formatter<blongo::Secret>; // not defined: a Secret cannot be formatted
