// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace blongo::sandbox {

/// The bytes of a courier's document in the form that its extension promises: pdf (one page
/// for each of `pages`), zpl, epl, dpl, html, gif, png. `text` is printed where the form can
/// hold text. The result is padded to at least `least_bytes`, in a way that keeps it valid.
[[nodiscard]] std::string make_document(std::string_view extension, std::string_view text, std::int64_t pages,
                                        std::int64_t least_bytes = 0);

} // namespace blongo::sandbox
