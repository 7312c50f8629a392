// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include <blongo/base/result.hpp>
#include <blongo/http/url.hpp>
#include <blongo/json/reader.hpp>
#include <blongo/ongoing/client.hpp>

namespace blongo::ongoing {

/// A list with an id cursor: the names of its cursor and size parameters, and the size that we ask for.
struct IdPaging {
    const char* cursor;
    const char* size;
    int rows;
};

/// Reads the page that begins with the id `from`. `row` hands an item on unless its id lies behind `from`, and returns the
/// id. Answers where the next page begins; nullopt: this one was empty, and the list is over. Error (protocol) if the cursor
/// does not grow.
[[nodiscard]] Result<std::optional<std::int64_t>>
read_page(Client& client, const Operation& operation, const http::Query& fixed, const IdPaging& paging, std::int64_t from,
          const std::function<Result<std::int64_t>(json::Node item, std::int64_t from)>& row);

} // namespace blongo::ongoing
