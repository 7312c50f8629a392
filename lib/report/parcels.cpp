// SPDX-License-Identifier: Apache-2.0
#include <blongo/report/parcels.hpp>

#include <tuple>

namespace blongo::report {
namespace {

std::vector<ParcelCount> parcel_counts(std::span<const BookedShipment> shipments, bool by_day) {
    std::map<std::tuple<std::string, std::string, std::int64_t>, ParcelCount> counts;
    for (const BookedShipment& one : shipments) {
        const std::string day = by_day ? one.day : std::string();
        ParcelCount& count = counts[{day, one.courier, one.account}];
        count.day = day;
        count.courier = one.courier;
        count.account = one.account;
        if (one.cancelled) {
            ++count.cancelled;
            continue;
        }
        ++count.shipments;
        count.parcels += one.parcels;
        if (!one.cod) continue;
        ++count.cod_shipments;
        Decimal& sum = count.cod[one.cod->currency];
        sum = sum + one.cod->amount;
    }
    std::vector<ParcelCount> out;
    out.reserve(counts.size());
    for (auto& [key, count] : counts) out.push_back(std::move(count));
    return out;
}

std::vector<CodCount> cod_counts(std::span<const BookedShipment> shipments, bool by_day) {
    std::map<std::tuple<std::string, std::string, std::int64_t, std::string>, CodCount> counts;
    for (const BookedShipment& one : shipments) {
        if (one.cancelled || !one.cod) continue;
        const std::string day = by_day ? one.day : std::string();
        CodCount& count = counts[{day, one.courier, one.account, one.cod->currency}];
        count.day = day;
        count.courier = one.courier;
        count.currency = one.cod->currency;
        count.account = one.account;
        ++count.shipments;
        count.amount = count.amount + one.cod->amount;
    }
    std::vector<CodCount> out;
    out.reserve(counts.size());
    for (auto& [key, count] : counts) out.push_back(std::move(count));
    return out;
}

} // namespace

std::string sums_text(const Sums& sums) {
    std::string out;
    for (const auto& [currency, amount] : sums) out += (out.empty() ? "" : ", ") + amount.to_fixed(2) + ' ' + currency;
    return out;
}

std::optional<Money> parse_money(std::string_view text) {
    const std::size_t space = text.find(' ');
    if (space == std::string_view::npos || space + 1 == text.size()) return std::nullopt;
    const auto amount = Decimal::parse(text.substr(0, space));
    if (!amount) return std::nullopt;
    return Money{*amount, std::string(text.substr(space + 1))};
}

std::vector<ParcelCount> count_parcels(std::span<const BookedShipment> shipments) {
    return parcel_counts(shipments, true);
}

std::vector<ParcelCount> total_parcels(std::span<const BookedShipment> shipments) {
    return parcel_counts(shipments, false);
}

std::vector<CodCount> count_cod(std::span<const BookedShipment> shipments) {
    return cod_counts(shipments, true);
}

std::vector<CodCount> total_cod(std::span<const BookedShipment> shipments) {
    return cod_counts(shipments, false);
}

} // namespace blongo::report
