// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace blongo {

/// An exact decimal number: coefficient x 10^-scale, at most 18 significant digits kept in
/// 64 bits, scale 0 to 18. Money, weights, sizes and quantities are of this type; there is
/// no way in from or out to binary floating point.
class Decimal {
public:
    constexpr Decimal() = default;
    constexpr Decimal(std::int64_t whole) : coefficient_(whole) {} // NOLINT(google-explicit-constructor)
    /// Reads "12", "-0.50", "1.5e2" (JSON numbers); nullopt for anything else, and for numbers
    /// that do not fit. Digits after the 18th decimal place must be zeros.
    [[nodiscard]] static std::optional<Decimal> parse(std::string_view text);

    /// Shortest plain form: "0.5", "12", "-3.25". Never an exponent, no trailing zeros.
    [[nodiscard]] std::string to_string() const;
    /// With exactly `places` decimals, rounded half away from zero: "12.50".
    [[nodiscard]] std::string to_fixed(int places) const;

    [[nodiscard]] Decimal rounded(int places) const; ///< half away from zero
    [[nodiscard]] std::int64_t floor() const;
    [[nodiscard]] bool is_whole() const;
    [[nodiscard]] bool is_zero() const noexcept { return coefficient_ == 0; }
    [[nodiscard]] bool is_negative() const noexcept { return coefficient_ < 0; }

    /// Sums and products are exact; an overflow throws std::overflow_error.
    friend Decimal operator+(const Decimal& a, const Decimal& b);
    friend Decimal operator-(const Decimal& a, const Decimal& b);
    friend Decimal operator*(const Decimal& a, const Decimal& b);
    friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);
    friend bool operator==(const Decimal& a, const Decimal& b) { return (a <=> b) == 0; }

private:
    static Decimal normal(bool out_of_range, std::int64_t coefficient, int scale);
    std::int64_t coefficient_ = 0; ///< without trailing zeros unless the scale is 0
    int scale_ = 0;
};

} // namespace blongo

template <> struct fmt::formatter<blongo::Decimal> : fmt::formatter<std::string> {
    template <class Context> auto format(const blongo::Decimal& value, Context& context) const {
        return fmt::formatter<std::string>::format(value.to_string(), context);
    }
};
