// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <blongo/base/ids.hpp>

namespace blongo::map {

/// The MIME type under which Ongoing stores a label of this extension (getLabel: pdf, html, gif, png, epl, zpl, dpl).
[[nodiscard]] std::string mime_type(std::string_view extension);

/// label-<orderNumber>-<package_id>[-<n>].<ext> (flows.md Shipments 11): the same at every attempt, so that a file that is
/// there already is recognised. Characters of the order number that no file name should hold become "_".
[[nodiscard]] std::string label_file_name(const OrderNumber& order, std::int64_t package_id, std::int64_t index,
                                          std::string_view extension);

/// Pages of a PDF, counted by its page objects; nullopt: no PDF, or its objects are compressed and cannot be counted.
[[nodiscard]] std::optional<std::int64_t> pdf_pages(std::string_view bytes);

/// Size of a PDF's first page in points (1/72 inch), by its first MediaBox; nullopt: none can be read.
struct PageSize {
    std::int64_t width = 0, height = 0;
};
[[nodiscard]] std::optional<PageSize> pdf_page_size(std::string_view bytes);
/// Points in whole millimetres.
[[nodiscard]] constexpr std::int64_t points_in_mm(std::int64_t points) {
    return (points * 254 + 360) / 720;
}

} // namespace blongo::map
