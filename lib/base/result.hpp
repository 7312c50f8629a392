// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp> // IWYU pragma: export

#include <blongo/base/error.hpp>

namespace blongo {

/// A value, or the Error that prevented it. Low layers return this; nothing below
/// the command line throws for something that the outside world can cause.
template <class T> using Result = tl::expected<T, Error>;

/// `return fail(ErrorKind::state, "disk full", path);`
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorKind kind, std::string message, std::string where = {},
                                                std::string remedy = {}) {
    return tl::unexpected<Error>(make_error(kind, std::move(message), std::move(where), std::move(remedy)));
}

/// `return fail(other.error());`
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
    return tl::unexpected<Error>(std::move(error));
}

} // namespace blongo

/// Evaluates a Result<T>; on failure returns its error from the enclosing function,
/// else binds the value. Usage: BLONGO_TRY(auto page, client.list(1));
#define BLONGO_TRY_JOIN2(a, b) a##b
#define BLONGO_TRY_JOIN(a, b) BLONGO_TRY_JOIN2(a, b)
#define BLONGO_TRY_IMPL(tmp, decl, ...) \
    auto tmp = (__VA_ARGS__); \
    if (!tmp) return ::blongo::fail(std::move(tmp).error()); \
    decl = std::move(*tmp)
#define BLONGO_TRY(decl, ...) BLONGO_TRY_IMPL(BLONGO_TRY_JOIN(blongo_try_, __LINE__), decl, __VA_ARGS__)

/// The same where there is no value, or nobody needs it.
#define BLONGO_CHECK_IMPL(tmp, ...) \
    if (auto tmp = (__VA_ARGS__); !tmp) return ::blongo::fail(std::move(tmp).error())
#define BLONGO_CHECK(...) BLONGO_CHECK_IMPL(BLONGO_TRY_JOIN(blongo_check_, __LINE__), __VA_ARGS__)
