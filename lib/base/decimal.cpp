// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/decimal.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>

namespace blongo {
namespace {

__extension__ typedef __int128 Wide; // NOLINT(modernize-use-using): __extension__ goes before no "using"

constexpr int max_scale = 18;

constexpr std::array<std::int64_t, max_scale + 1> powers = [] {
    std::array<std::int64_t, max_scale + 1> result{};
    std::int64_t power = 1;
    for (auto& entry : result) {
        entry = power;
        if (power < 1'000'000'000'000'000'000) power *= 10;
    }
    return result;
}();

constexpr Wide power_of_ten(int exponent) {
    return powers[static_cast<std::size_t>(exponent)];
}

constexpr bool fits(Wide value) {
    return value >= std::numeric_limits<std::int64_t>::min() && value <= std::numeric_limits<std::int64_t>::max();
}

void strip_zeros(Wide& coefficient, int& scale) {
    while (scale > 0 && coefficient % 10 == 0) {
        coefficient /= 10;
        --scale;
    }
}

Wide divide_half_away(Wide value, Wide divisor) {
    const Wide half = divisor / 2;
    return (value < 0 ? value - half : value + half) / divisor;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// The parts of a JSON number; digits without leading zeros.
struct Parts {
    bool negative = false;
    std::string digits;
    std::int64_t exponent = 0; ///< of the last digit
};

std::optional<Parts> split_number(std::string_view text) {
    Parts parts;
    std::size_t at = 0;
    const auto more = [&] { return at < text.size(); };
    if (more() && text[at] == '-') {
        parts.negative = true;
        ++at;
    }
    if (!more() || !is_digit(text[at])) return std::nullopt;
    if (text[at] == '0' && at + 1 < text.size() && is_digit(text[at + 1])) return std::nullopt;
    const auto take = [&] {
        if (text[at] != '0' || !parts.digits.empty()) parts.digits += text[at];
        ++at;
    };
    while (more() && is_digit(text[at])) take();
    if (more() && text[at] == '.') {
        ++at;
        if (!more() || !is_digit(text[at])) return std::nullopt;
        while (more() && is_digit(text[at])) {
            take();
            --parts.exponent;
        }
    }
    if (more() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        bool down = false;
        if (more() && (text[at] == '+' || text[at] == '-')) down = text[at++] == '-';
        if (!more() || !is_digit(text[at])) return std::nullopt;
        std::int64_t exponent = 0;
        while (more() && is_digit(text[at])) exponent = std::min<std::int64_t>(exponent * 10 + (text[at++] - '0'), 1'000'000'000);
        parts.exponent += down ? -exponent : exponent;
    }
    if (more()) return std::nullopt;
    while (!parts.digits.empty() && parts.digits.back() == '0') {
        parts.digits.pop_back();
        ++parts.exponent;
    }
    return parts;
}

} // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) {
    const auto parts = split_number(text);
    if (!parts) return std::nullopt;
    if (parts->digits.empty()) return Decimal{};
    if (parts->digits.size() > 19 || parts->exponent > max_scale || parts->exponent < -max_scale) return std::nullopt;
    Wide coefficient = 0;
    for (const char c : parts->digits) coefficient = coefficient * 10 + (c - '0');
    if (parts->exponent > 0) coefficient *= power_of_ten(static_cast<int>(parts->exponent));
    if (parts->negative) coefficient = -coefficient;
    if (!fits(coefficient)) return std::nullopt;
    Decimal result;
    result.coefficient_ = static_cast<std::int64_t>(coefficient);
    result.scale_ = static_cast<int>(std::max<std::int64_t>(0, -parts->exponent));
    return result;
}

Decimal Decimal::normal(bool out_of_range, std::int64_t coefficient, int scale) {
    if (out_of_range) throw std::overflow_error("a decimal number does not fit in 18 digits");
    Decimal result;
    result.coefficient_ = coefficient;
    result.scale_ = scale;
    return result;
}

std::string Decimal::to_string() const {
    return to_fixed(scale_);
}

std::string Decimal::to_fixed(int places) const {
    places = std::max(places, 0);
    const Decimal value = rounded(places);
    const auto magnitude = value.coefficient_ < 0 ? 0 - static_cast<std::uint64_t>(value.coefficient_)
                                                  : static_cast<std::uint64_t>(value.coefficient_);
    std::string digits = std::to_string(magnitude);
    const auto scale = static_cast<std::size_t>(value.scale_);
    if (digits.size() <= scale) digits.insert(0, scale + 1 - digits.size(), '0');
    std::string out = value.is_negative() ? "-" : "";
    out += digits.substr(0, digits.size() - scale);
    if (places > 0) {
        out += '.';
        out += digits.substr(digits.size() - scale);
        out.append(static_cast<std::size_t>(places) - scale, '0');
    }
    return out;
}

Decimal Decimal::rounded(int places) const {
    places = std::max(places, 0);
    if (scale_ <= places) return *this;
    Wide coefficient = divide_half_away(coefficient_, power_of_ten(scale_ - places));
    int scale = places;
    strip_zeros(coefficient, scale);
    return normal(false, static_cast<std::int64_t>(coefficient), scale);
}

std::int64_t Decimal::floor() const {
    const auto divisor = powers[static_cast<std::size_t>(scale_)];
    const std::int64_t quotient = coefficient_ / divisor;
    return coefficient_ % divisor < 0 ? quotient - 1 : quotient;
}

bool Decimal::is_whole() const {
    return scale_ == 0;
}

Decimal operator+(const Decimal& a, const Decimal& b) {
    int scale = std::max(a.scale_, b.scale_);
    Wide sum = a.coefficient_ * power_of_ten(scale - a.scale_) + b.coefficient_ * power_of_ten(scale - b.scale_);
    strip_zeros(sum, scale);
    return Decimal::normal(!fits(sum), static_cast<std::int64_t>(sum), scale);
}

Decimal operator-(const Decimal& a, const Decimal& b) {
    int scale = std::max(a.scale_, b.scale_);
    Wide difference = a.coefficient_ * power_of_ten(scale - a.scale_) - b.coefficient_ * power_of_ten(scale - b.scale_);
    strip_zeros(difference, scale);
    return Decimal::normal(!fits(difference), static_cast<std::int64_t>(difference), scale);
}

Decimal operator*(const Decimal& a, const Decimal& b) {
    Wide product = static_cast<Wide>(a.coefficient_) * b.coefficient_;
    int scale = product == 0 ? 0 : a.scale_ + b.scale_;
    strip_zeros(product, scale);
    return Decimal::normal(!fits(product) || scale > max_scale, static_cast<std::int64_t>(product), scale);
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
    const int scale = std::max(a.scale_, b.scale_);
    const Wide left = a.coefficient_ * power_of_ten(scale - a.scale_);
    const Wide right = b.coefficient_ * power_of_ten(scale - b.scale_);
    if (left < right) return std::strong_ordering::less;
    return left > right ? std::strong_ordering::greater : std::strong_ordering::equal;
}

} // namespace blongo
