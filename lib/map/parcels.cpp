// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/parcels.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/map/keys.hpp>

namespace blongo::map {

namespace {

/// More are no delivery but a mistake; a way bill row is one number away from it.
constexpr std::int64_t most_parcels = 999;

/// What weighs or measures as much (kg, m) is no parcel but a mistake.
constexpr std::int64_t largest = 1'000'000;

bool is_believable(const std::optional<Decimal>& value) {
    return value && *value > Decimal{} && *value < Decimal{largest};
}

/// Metre to centimetre; unknown and 0 are nothing.
std::optional<Decimal> centimetres(const std::optional<Decimal>& metres) {
    if (!is_believable(metres)) return std::nullopt;
    return *metres * Decimal{100};
}

/// `weight` / `number` in whole grams, rounded up: what is declared never falls below what is sent.
Decimal share(const Decimal& weight, std::int64_t number) {
    if (number == 1) return weight;
    const Decimal grams = weight * Decimal{1000};
    const std::int64_t whole = grams.floor() + (grams.is_whole() ? 0 : 1);
    return Decimal{(whole + number - 1) / number} * *Decimal::parse("0.001");
}

/// Codes of parcel types by parcel id: Ongoing names them where it says what was picked into which parcel.
void read_parcel_types(const json::Value& lines, std::map<std::int64_t, std::string>& types) {
    for (const json::Value& line : lines.elements()) {
        for (const json::Value& item : line["pickedArticleItems"].elements()) {
            const std::string_view code = item.at_path("parcel.parcelType.code").text();
            if (!code.empty()) types[item.at_path("parcel.id").integer()] = code;
        }
        read_parcel_types(line["subOrderLines"], types);
    }
}

using Parcels = std::optional<std::vector<PlannedParcel>>; ///< nothing: this source does not say enough

Parcels of_ongoing(const ongoing::Order& order, const std::set<std::int64_t>& earlier) {
    std::map<std::int64_t, std::string> types;
    read_parcel_types(order.document["orderLines"], types);
    std::vector<PlannedParcel> planned;
    for (const ongoing::Parcel& parcel : order.parcels) {
        if (parcel.is_return || earlier.contains(parcel.id)) continue;
        if (!is_believable(parcel.weight)) return std::nullopt;
        const auto type = types.find(parcel.id);
        planned.push_back({*parcel.weight, centimetres(parcel.length), centimetres(parcel.width), centimetres(parcel.height),
                           parcel.id, parcel.parcel_number, type == types.end() ? std::string() : type->second});
    }
    return planned.empty() ? std::nullopt : Parcels(std::move(planned));
}

Parcels of_rows(std::span<const ongoing::WayBillRow> rows) {
    std::vector<PlannedParcel> planned;
    for (const ongoing::WayBillRow& row : rows) {
        if (!is_believable(row.weight)) {
            if (row.number_of_packages <= 0) continue;
            return std::nullopt;
        }
        const std::int64_t number = std::clamp<std::int64_t>(row.number_of_packages, 1, most_parcels + 1);
        const PlannedParcel each{
            share(*row.weight, number), centimetres(row.length), centimetres(row.width), centimetres(row.height), 0, {},
            row.parcel_type_code};
        planned.insert(planned.end(), static_cast<std::size_t>(number), each);
        if (planned.size() > static_cast<std::size_t>(most_parcels)) break;
    }
    return planned.empty() ? std::nullopt : Parcels(std::move(planned));
}

/// The weight of the pieces by what BaseLinker knows of its lines; `missing`: lines without a weight.
Decimal of_articles(const ongoing::Order& warehouse_order, const baselinker::Order& order,
                    const std::map<std::string, Decimal>& quantities, std::vector<std::string>& missing) {
    Decimal sum;
    for (const auto& [row, pieces] : quantities) {
        if (pieces <= Decimal{}) continue;
        const auto product = std::ranges::find_if(order.products, [&row = row](const auto& candidate) {
            return std::to_string(candidate.order_product_id.value()) == row;
        });
        if (product != order.products.end() && is_believable(product->weight)) {
            sum = sum + product->weight * pieces;
            continue;
        }
        // A service that rides along weighs nothing.
        const auto line = std::ranges::find(warehouse_order.lines, row, &ongoing::OrderLine::row_number);
        if (line != warehouse_order.lines.end() && !line->should_be_picked) continue;
        const std::string sku = product == order.products.end() ? std::string() : key_text(product->sku);
        missing.push_back(sku.empty() ? "line " + row : sku);
    }
    return sum;
}

Rejection refuse(std::string cause, const baselinker::Order& order, const ongoing::Order& warehouse_order, std::string reason) {
    return {std::move(cause),  std::to_string(order.order_id.value()), "parcels",
            std::move(reason), warehouse_order.order_number.value(),   {}};
}

std::string why_no_weight(std::vector<std::string> missing) {
    constexpr std::size_t shown = 5;
    std::string reason = "neither a parcel nor a way bill row of Ongoing has a weight";
    if (missing.empty()) return reason + ", and nothing is known of what was picked";
    const std::size_t more = missing.size() > shown ? missing.size() - shown : 0;
    missing.resize(missing.size() - more);
    reason += ", and BaseLinker knows none of " + join(missing, ", ");
    return more == 0 ? reason : fmt::format("{} and {} more", reason, more);
}

std::variant<ParcelPlan, Rejection>
choose_parcels(const ongoing::Order& warehouse_order, std::span<const ongoing::WayBillRow> way_bill_rows,
               const baselinker::Order& order, const std::map<std::string, Decimal>& quantities,
               const std::set<std::int64_t>& earlier, const ParcelOptions& options, std::span<const PlannedParcel> by_hand) {
    if (!by_hand.empty()) return ParcelPlan{{by_hand.begin(), by_hand.end()}, "given by hand", false};
    if (auto parcels = of_ongoing(warehouse_order, earlier)) return ParcelPlan{std::move(*parcels), "parcels of Ongoing", true};
    if (auto parcels = of_rows(way_bill_rows)) {
        if (parcels->size() > static_cast<std::size_t>(most_parcels))
            return refuse("too_many_parcels", order, warehouse_order,
                          fmt::format("the way bill rows of Ongoing are more than {} parcels", most_parcels));
        return ParcelPlan{std::move(*parcels), "way bill rows", true};
    }
    std::vector<std::string> missing;
    const Decimal articles = of_articles(warehouse_order, order, quantities, missing);
    if (missing.empty() && articles > Decimal{}) {
        ParcelPlan plan{{{.weight = articles + options.packaging_weight}}, "article weights", false};
        if (options.packaging_weight > Decimal{}) plan.source += fmt::format(" + {} kg packaging", options.packaging_weight);
        return plan;
    }
    if (is_believable(options.default_weight)) return ParcelPlan{{{.weight = *options.default_weight}}, "default_weight", false};
    return refuse("no_weight", order, warehouse_order, why_no_weight(std::move(missing)));
}

} // namespace

Decimal ParcelPlan::weight() const {
    Decimal sum;
    for (const PlannedParcel& parcel : parcels) sum = sum + parcel.weight;
    return sum;
}

Decimal ParcelPlan::max_side() const {
    Decimal longest;
    for (const PlannedParcel& parcel : parcels)
        for (const auto& side : {parcel.length, parcel.width, parcel.height})
            if (side && *side > longest) longest = *side;
    return longest;
}

std::string ParcelPlan::fingerprint() const {
    const auto text = [](const std::optional<Decimal>& side) { return side ? side->to_string() : "?"; };
    std::vector<std::string> rows;
    for (const PlannedParcel& parcel : parcels)
        rows.push_back(fmt::format("{} {}x{}x{}", parcel.weight, text(parcel.length), text(parcel.width), text(parcel.height)));
    std::ranges::sort(rows);
    return blongo::fingerprint(join(rows, "\n"));
}

std::variant<ParcelPlan, Rejection> plan_parcels(const ongoing::Order& warehouse_order,
                                                 std::span<const ongoing::WayBillRow> way_bill_rows,
                                                 const baselinker::Order& order, const std::map<std::string, Decimal>& quantities,
                                                 const std::set<std::int64_t>& earlier, const ParcelOptions& options,
                                                 std::span<const PlannedParcel> by_hand) {
    try {
        auto planned = choose_parcels(warehouse_order, way_bill_rows, order, quantities, earlier, options, by_hand);
        if (const auto* plan = std::get_if<ParcelPlan>(&planned)) (void)plan->weight(); // whoever asks later must get it
        return planned;
    } catch (const std::overflow_error&) {
        return refuse("no_weight", order, warehouse_order, "the weights have too many digits to be added up");
    }
}

Result<PlannedParcel> parse_parcel(std::string_view text) {
    const auto bad = [&] {
        return fail(ErrorKind::usage, fmt::format("\"{}\" is no parcel", text), {},
                    "write kilograms and, if you like, centimetres: 2.1kg or 2.1kg,30x20x15");
    };
    // Kilograms and centimetres with 3 decimals at most, below 100,000.
    const auto number = [](std::string_view digits) -> std::optional<Decimal> {
        constexpr std::size_t longest = 9;
        if (digits.size() > longest || digits.find_first_not_of("0123456789.") != std::string_view::npos) return std::nullopt;
        const auto value = Decimal::parse(digits);
        const bool good = is_believable(value) && *value < Decimal{100'000} && *value == value->rounded(3);
        return good ? value : std::nullopt;
    };
    const auto without = [](std::string_view word, std::string_view unit) {
        word = trim(word);
        return trim(word.ends_with(unit) ? word.substr(0, word.size() - unit.size()) : word);
    };
    const std::vector<std::string> parts = split(to_lower_ascii(text), ',');
    PlannedParcel parcel;
    const auto weight = number(without(parts.front(), "kg"));
    if (!weight || parts.size() > 2) return bad();
    parcel.weight = *weight;
    if (parts.size() == 1) return parcel;
    constexpr std::size_t sides = 3;
    const std::vector<std::string> sizes = split(without(parts[1], "cm"), 'x');
    if (sizes.size() != sides) return bad();
    std::array<std::optional<Decimal>*, sides> targets{&parcel.length, &parcel.width, &parcel.height};
    for (std::size_t i = 0; i < sides; ++i)
        if (*targets[i] = number(trim(sizes[i])); !*targets[i]) return bad();
    return parcel;
}

} // namespace blongo::map
