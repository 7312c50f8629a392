// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/label_file.hpp>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <blongo/base/decimal.hpp>
#include <blongo/base/text.hpp>

namespace blongo::map {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> types{{
    {"pdf", "application/pdf"},
    {"html", "text/html"},
    {"gif", "image/gif"},
    {"png", "image/png"},
    {"zpl", "application/zpl"},
    {"epl", "application/epl"},
    {"dpl", "application/dpl"},
}};

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

} // namespace

std::string mime_type(std::string_view extension) {
    const auto found = std::ranges::find(types, extension, &std::pair<std::string_view, std::string_view>::first);
    return std::string(found == types.end() ? "application/octet-stream" : found->second);
}

std::string label_file_name(const OrderNumber& order, std::int64_t package_id, std::int64_t index, std::string_view extension) {
    std::string number = order.value();
    std::ranges::replace_if(
        number, [](char c) { return !is_plain(c); }, '_');
    const std::string more = index > 1 ? fmt::format("-{}", index) : std::string{};
    return fmt::format("label-{}-{}{}.{}", number, package_id, more, extension);
}

std::optional<std::int64_t> pdf_pages(std::string_view bytes) {
    if (!bytes.starts_with("%PDF")) return std::nullopt;
    constexpr std::string_view mark = "/Type";
    std::int64_t pages = 0;
    for (auto at = bytes.find(mark); at != std::string_view::npos; at = bytes.find(mark, at + mark.size())) {
        std::string_view rest = bytes.substr(at + mark.size());
        rest.remove_prefix(std::min(rest.find_first_not_of(" \r\n\t"), rest.size()));
        if (!rest.starts_with("/Page")) continue;
        const char next = rest.size() > 5 ? rest[5] : ' ';
        if (!is_plain(next)) ++pages;
    }
    if (pages == 0) return std::nullopt; // page objects in compressed streams
    return pages;
}

std::optional<PageSize> pdf_page_size(std::string_view bytes) {
    constexpr std::string_view mark = "/MediaBox";
    const auto at = bytes.starts_with("%PDF") ? bytes.find(mark) : std::string_view::npos;
    if (at == std::string_view::npos) return std::nullopt;
    std::string_view rest = bytes.substr(at + mark.size());
    const auto open = rest.find('[');
    const auto close = rest.find(']');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) return std::nullopt;
    std::vector<Decimal> corners;
    for (const std::string& word : split(rest.substr(open + 1, close - open - 1), ' ')) {
        if (word.empty()) continue;
        const auto number = Decimal::parse(word);
        if (!number) return std::nullopt;
        corners.push_back(*number);
    }
    if (corners.size() != 4) return std::nullopt;
    const PageSize size{(corners[2] - corners[0]).floor(), (corners[3] - corners[1]).floor()};
    if (size.width <= 0 || size.height <= 0) return std::nullopt;
    return size;
}

} // namespace blongo::map
