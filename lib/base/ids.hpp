// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <compare> // IWYU pragma: keep
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

namespace blongo {

/// An id that cannot be mistaken for another kind of id. `Tag` names whose it is.
template <class Tag, class Rep> class Id {
public:
    using rep = Rep;
    constexpr Id() = default;
    constexpr explicit Id(Rep value) : value_(std::move(value)) {}
    [[nodiscard]] constexpr const Rep& value() const noexcept { return value_; }
    friend constexpr auto operator<=>(const Id&, const Id&) = default;
    friend constexpr bool operator==(const Id&, const Id&) = default;

private:
    Rep value_{};
};

/// Reads a decimal id from user input: digits only, no sign, no overflow. Nullopt otherwise.
[[nodiscard]] inline std::optional<std::int64_t> parse_id(std::string_view text) {
    std::int64_t value = 0;
    if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// BaseLinker
using InventoryId = Id<struct InventoryIdTag, std::int64_t>;         ///< a catalogue
using ProductId = Id<struct ProductIdTag, std::int64_t>;             ///< a product or a variant
using BaseOrderId = Id<struct BaseOrderIdTag, std::int64_t>;         ///< order_id
using OrderProductId = Id<struct OrderProductIdTag, std::int64_t>;   ///< order_product_id, a line
using OrderStatusId = Id<struct OrderStatusIdTag, std::int64_t>;     ///< a status of BaseLinker
using ReturnId = Id<struct ReturnIdTag, std::int64_t>;               ///< return_id
using ReturnProductId = Id<struct ReturnProductIdTag, std::int64_t>; ///< order_return_product_id, a line of a return
using ReturnStatusId = Id<struct ReturnStatusIdTag, std::int64_t>;   ///< a status of returns
using WarehouseKey = Id<struct WarehouseKeyTag, std::string>;        ///< "bl_206"
using Sku = Id<struct SkuTag, std::string>;

// Ongoing
using GoodsOwnerId = Id<struct GoodsOwnerIdTag, std::int64_t>;
using ArticleSystemId = Id<struct ArticleSystemIdTag, std::int64_t>;
using ArticleNumber = Id<struct ArticleNumberTag, std::string>; ///< the key of an article in one goods owner
using OngoingOrderId = Id<struct OngoingOrderIdTag, std::int64_t>;
using OrderNumber = Id<struct OrderNumberTag, std::string>;
using ReturnNumber = Id<struct ReturnNumberTag, std::string>; ///< returnOrderNumber

} // namespace blongo

template <class Tag, class Rep> struct std::hash<blongo::Id<Tag, Rep>> {
    std::size_t operator()(const blongo::Id<Tag, Rep>& id) const noexcept { return std::hash<Rep>{}(id.value()); }
};

template <class Tag, class Rep> struct fmt::formatter<blongo::Id<Tag, Rep>> : fmt::formatter<Rep> {
    template <class Context> auto format(const blongo::Id<Tag, Rep>& id, Context& context) const {
        return fmt::formatter<Rep>::format(id.value(), context);
    }
};
