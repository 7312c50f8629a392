// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/base/decimal.hpp>

namespace blongo::report {

/// Exact sums of money by currency: {"PLN": 94.79}.
using Sums = std::map<std::string, Decimal>;

/// "94.79 PLN, 20.00 EUR"; empty: no money.
[[nodiscard]] std::string sums_text(const Sums& sums);

/// What a courier collects on delivery.
struct Money {
    Decimal amount;
    std::string currency;
};

/// Reads "94.79 PLN", as the state keeps it; nullopt for anything else.
[[nodiscard]] std::optional<Money> parse_money(std::string_view text);

/// One shipment that was booked.
struct BookedShipment {
    std::string day;     ///< of the booking, local: "2026-11-23"
    std::string courier; ///< code
    std::int64_t account = 0;
    std::int64_t parcels = 1;
    bool cancelled = false;
    std::optional<Money> cod;
};

/// What was booked with one account of a courier on one day, or in all: a line to lay beside the courier's invoice.
struct ParcelCount {
    std::string day; ///< empty in totals
    std::string courier;
    std::int64_t account = 0;
    std::int64_t shipments = 0, parcels = 0; ///< without what was cancelled
    std::int64_t cancelled = 0;              ///< shipments
    std::int64_t cod_shipments = 0;
    Sums cod;
};

/// By day, courier and account, ascending.
[[nodiscard]] std::vector<ParcelCount> count_parcels(std::span<const BookedShipment> shipments);
/// By courier and account over all days.
[[nodiscard]] std::vector<ParcelCount> total_parcels(std::span<const BookedShipment> shipments);

/// What a courier collects in one currency of what was booked on one day, or in all.
struct CodCount {
    std::string day; ///< empty in totals
    std::string courier, currency;
    std::int64_t account = 0, shipments = 0;
    Decimal amount;
};

/// By day, courier, account and currency, ascending; what was cancelled is left out.
[[nodiscard]] std::vector<CodCount> count_cod(std::span<const BookedShipment> shipments);
/// By courier, account and currency over all days.
[[nodiscard]] std::vector<CodCount> total_cod(std::span<const BookedShipment> shipments);

} // namespace blongo::report
