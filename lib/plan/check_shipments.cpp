// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include <blongo/map/label_file.hpp>
#include <blongo/plan/causes.hpp>
#include <blongo/plan/check.hpp>

namespace blongo::plan {

namespace {

using State = HeldDelivery::State;

/// A label that is not there yet so soon after the booking is no difference: it is on its way.
constexpr std::chrono::minutes label_may_take{5};

/// What is compared of one order, and the differences found so far.
class Judge {
public:
    explicit Judge(const ShipmentSides& sides) : sides_(sides) {
        for (const auto& package : sides.packages)
            if (stands(package)) standing_.insert(package.package_id.value());
        for (const auto& file : sides.files)
            if (const auto package = package_of_label(sides.number, file)) labels_.emplace(*package, file);
    }

    std::vector<Difference> run() {
        booking();
        two_packages();
        for (const auto& delivery : sides_.deliveries)
            if (delivery.state == State::booked && standing_.contains(delivery.package_id)) label(delivery);
        stray_labels();
        return std::move(out_);
    }

private:
    Difference& add(std::string kind, std::string owner) {
        out_.push_back(
            {.kind = std::move(kind), .flow = "shipments", .key = fmt::to_string(sides_.order), .owner = std::move(owner)});
        return out_.back();
    }

    [[nodiscard]] std::string packages_in_words() const {
        std::string text;
        for (const auto& package : sides_.packages)
            if (stands(package) && !sides_.other_packages.contains(package.package_id.value()))
                text += fmt::format("{}package {} {} ({})", text.empty() ? "" : ", ", package.package_id, package.package_number,
                                    package.courier_code);
        return text;
    }

    [[nodiscard]] std::string order_in_words() const { return fmt::format("{}, {}", sides_.number, sides_.ongoing_words); }

    void booking() {
        const auto holds = [&](const HeldDelivery& delivery) {
            return delivery.state == State::no_shipment ||
                   (delivery.state == State::booked && standing_.contains(delivery.package_id));
        };
        if (!sides_.sent || std::ranges::any_of(sides_.deliveries, holds)) return;
        auto& out = add("sent_without_booking", "admin");
        out.baselinker = packages_in_words();
        out.ongoing = order_in_words();
        const auto in = [&](State state) { return std::ranges::find(sides_.deliveries, state, &HeldDelivery::state); };
        const Cause* parked = find_cause(sides_.parked_cause);
        if (in(State::unknown) != sides_.deliveries.end()) {
            out.cause = "the order was sent, and nobody knows whether its package was booked";
            out.command = fmt::format("blongo unknown resolve {}", sides_.order);
            out.remedy = "look for the package in BaseLinker, then say what you found";
        } else if (const auto gone = in(State::booked); gone != sides_.deliveries.end()) {
            out.cause = fmt::format("the order was sent, and its package {} no longer stands in BaseLinker", gone->package_id);
            const auto shown = std::ranges::find(sides_.packages, gone->package_id,
                                                 [](const auto& package) { return package.package_id.value(); });
            if (shown != sides_.packages.end()) // cancelled: proven, not only absent
                out.command = fmt::format("blongo shipments rebook {}", sides_.order);
            else
                out.remedy = fmt::format("look in BaseLinker and at the courier; only if it was cancelled there: blongo "
                                         "shipments rebook {}",
                                         sides_.order);
        } else if (parked != nullptr) {
            out.cause = fmt::format("the order was sent and waits: {}: {}", parked->name, sides_.parked_detail);
            out.owner = parked->owner;
            out.remedy = parked->remedy;
            out.command = command_for(*parked, fmt::to_string(sides_.order));
        } else {
            out.cause = out.baselinker.empty() ? "the order was sent, and no package was booked for it"
                                               : "the order was sent, and its package in BaseLinker is not blongo's";
            out.command = fmt::format("blongo shipments send {}", sides_.order);
        }
    }

    void two_packages() {
        std::int64_t deliveries = 0, packages = 0;
        for (const auto& delivery : sides_.deliveries)
            deliveries += delivery.state == State::booked || delivery.state == State::unknown ? 1 : 0;
        for (const auto package : standing_) packages += sides_.other_packages.contains(package) ? 0 : 1;
        if (deliveries == 0 || packages <= deliveries) return;
        auto& out = add("two_packages", "admin");
        out.baselinker = packages_in_words();
        out.ongoing = order_in_words();
        out.cause = fmt::format("BaseLinker holds {} packages for {} deliver{} of the order", packages, deliveries,
                                deliveries == 1 ? "y" : "ies");
        out.remedy = "cancel in BaseLinker the package whose label is on no parcel, with the courier's consent";
    }

    void label(const HeldDelivery& delivery) {
        if (!delivery.label_is_expected) return;
        const std::string package = fmt::format("package {} {}", delivery.package_id, delivery.package_number);
        if (!labels_.contains(delivery.package_id)) {
            if (sides_.now - delivery.booked_at < label_may_take) return;
            auto& out = add("package_without_label", "admin");
            out.baselinker = package;
            out.ongoing = order_in_words();
            out.cause = "the label of the package is not among the order's files in Ongoing";
            out.command = fmt::format("blongo shipments refresh {}", sides_.order);
            return;
        }
        if (tracked(delivery)) return;
        const bool courier_is_late = delivery.package_number.empty();
        auto& out = add("label_without_tracking", courier_is_late ? "courier" : "admin");
        out.baselinker = package;
        out.ongoing = fmt::format("{}, label {}", sides_.ongoing_words, labels_.find(delivery.package_id)->second);
        out.cause = courier_is_late ? "the courier has given the package no number yet, so Ongoing shows none"
                                    : "the label is in Ongoing, and the order shows neither waybill nor tracking of it";
        out.command = fmt::format("blongo shipments refresh {}", sides_.order);
    }

    /// A further delivery leaves nothing in Ongoing before it has a tracking page: the waybill is the first one's.
    [[nodiscard]] bool tracked(const HeldDelivery& delivery) const {
        const bool first = std::ranges::none_of(sides_.deliveries, [&](const HeldDelivery& other) {
            return other.number < delivery.number && other.state == State::booked;
        });
        if (!first && delivery.tracking_url.empty()) return true;
        if (first && !sides_.way_bill.empty()) return true;
        return !delivery.package_number.empty() &&
               std::ranges::find(sides_.waybills, delivery.package_number) != sides_.waybills.end();
    }

    void stray_labels() {
        for (const auto& [package, file] : labels_) {
            const auto delivery = std::ranges::find(sides_.deliveries, package, &HeldDelivery::package_id);
            const bool known = delivery != sides_.deliveries.end();
            const bool cancelled = known && delivery->state == State::cancelled;
            if (standing_.contains(package) && !cancelled) continue;
            auto& out = add("label_of_no_package", "admin");
            out.ongoing = fmt::format("{}, label {}", sides_.ongoing_words, file);
            out.cause = cancelled ? fmt::format("the label of the cancelled package {} is still among the order's files", package)
                                  : fmt::format("the label is of package {}, which no longer stands in BaseLinker", package);
            if (cancelled) {
                out.command = fmt::format("blongo shipments refresh {}", sides_.order);
            } else if (known && delivery->state == State::booked) {
                out.command = fmt::format("blongo shipments cancel {}", sides_.order);
            } else {
                out.owner = "warehouse";
                out.remedy = fmt::format("delete the file {} of order {} in Ongoing", file, sides_.number);
            }
        }
    }

    const ShipmentSides& sides_;
    std::set<std::int64_t> standing_;
    std::map<std::int64_t, std::string> labels_; ///< package -> file
    std::vector<Difference> out_;
};

} // namespace

bool stands(const baselinker::OrderPackage& package) {
    return !package.is_return && package.tracking_status != baselinker::tracking_cancelled;
}

std::optional<std::int64_t> package_of_label(const OrderNumber& number, std::string_view file_name) {
    // label-<number>-0. is what comes before the package: everything but its id and what follows.
    const std::string pattern = map::label_file_name(number, 0, 1, {});
    const std::string_view begin = std::string_view(pattern).substr(0, pattern.size() - std::string_view("0.").size());
    if (!file_name.starts_with(begin)) return std::nullopt;
    file_name.remove_prefix(begin.size());
    const auto digits = file_name.find_first_not_of("0123456789");
    if (digits == std::string_view::npos || (file_name[digits] != '.' && file_name[digits] != '-')) return std::nullopt;
    return parse_id(file_name.substr(0, digits));
}

bool shows_number(const ongoing::Order& there, const std::string& package_number) {
    const auto same = [&](const auto& row) { return row.waybill == package_number; };
    return there.way_bill == package_number || std::ranges::any_of(there.tracking, same) ||
           std::ranges::any_of(there.parcels, same);
}

std::vector<Difference> judge_shipment(const ShipmentSides& sides) {
    return Judge(sides).run();
}

} // namespace blongo::plan
