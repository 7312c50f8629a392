// SPDX-License-Identifier: Apache-2.0
#include "asked.hpp"

#include <iostream>

#include <fmt/format.h>
#include <unistd.h>

#include <blongo/base/text.hpp>

namespace blongo::app {

Result<std::optional<Timestamp>> read_time(const std::string& text, const char* option, Timestamp now, Direction direction) {
    if (text.empty()) return std::optional<Timestamp>{};
    if (const auto age = parse_duration(text)) return std::optional{direction == Direction::past ? now - *age : now + *age};
    if (const auto time = parse_timestamp(text)) return std::optional{*time};
    return fail(ErrorKind::usage, fmt::format("'{}' is neither a duration nor a date", text), option,
                "write it like 2h, 3d, 2026-11-24 or 2026-11-24T18:00:00+01:00");
}

bool is_agreed(Context& context, const std::string& connection, const std::string& what) {
    if (context.common().yes) return true;
    if (::isatty(STDIN_FILENO) == 0) return false;
    context.reporter().warning(connection, what + "this cannot be undone. Erase it? Type yes:");
    std::string answer;
    return std::getline(std::cin, answer) && trim(answer) == "yes";
}

} // namespace blongo::app
