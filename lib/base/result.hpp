// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tl/expected.hpp>

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

/// Several statements: needs braces around it after `if` and `for`. Evaluates a Result<T>; on failure returns its error from the enclosing function,
/// else binds the value. Usage: BLONGO_TRY(auto page, client.list(1));
#define BLONGO_TRY(decl, ...) BLONGO_TRY_AT(__LINE__, decl, __VA_ARGS__)
// __LINE__ is expanded once, here: in an argument of several lines it may change from use to use.
#define BLONGO_TRY_AT(line, decl, ...) BLONGO_TRY_CAT(line, decl, __VA_ARGS__)
#define BLONGO_TRY_CAT(line, decl, ...) BLONGO_TRY_NAMED(blongo_try_##line, decl, __VA_ARGS__)
#define BLONGO_TRY_NAMED(name, decl, ...)                                                                    \
    auto name = (__VA_ARGS__);                                                                               \
    if (!name) return ::blongo::fail(std::move(name).error());                                               \
    decl = std::move(*name)

/// The same for Result<void>.
#define BLONGO_CHECK(...) BLONGO_CHECK_AT(__LINE__, __VA_ARGS__)
#define BLONGO_CHECK_AT(line, ...) BLONGO_CHECK_CAT(line, __VA_ARGS__)
#define BLONGO_CHECK_CAT(line, ...) BLONGO_CHECK_NAMED(blongo_check_##line, __VA_ARGS__)
#define BLONGO_CHECK_NAMED(name, ...)                                                                        \
    if (auto name = (__VA_ARGS__); !name) return ::blongo::fail(std::move(name).error())
