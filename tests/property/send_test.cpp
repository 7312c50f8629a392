// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/plan/packages.hpp>
#include <blongo/plan/send.hpp>

#include "articles.hpp"

using namespace property;
using plan::DueDelivery;
using What = DueDelivery::What;

namespace {

const std::map<std::int64_t, std::string> send_statuses{{450, "book"}, {460, "no_shipment"}, {475, "ignore"}};

/// A warehouse where people pick, put back, pack, press Send, open orders again; and what was booked so far.
struct Warehouse {
    ongoing::Order order;
    std::vector<plan::EarlierDelivery> deliveries;
    std::optional<plan::Sighting> sighting;
    std::string parcels = "p0";
    std::int64_t clock = 1'800'000'000'000;
    std::int64_t event_id = 0;
    bool require_picked = *rc::gen::arbitrary<bool>();

    Warehouse() {
        order.status_number = 300;
        const int lines = *rc::gen::inRange(1, 5);
        for (int row = 1; row <= lines; ++row) order.lines.push_back(any_line(row));
    }

    static ongoing::OrderLine any_line(int row) {
        ongoing::OrderLine line;
        line.id = row;
        line.row_number = *rc::gen::weightedElement<std::string>({{8, std::to_string(row)}, {1, ""}});
        line.ordered = *rc::gen::inRange(1, 5);
        line.should_be_picked = *rc::gen::weightedElement<bool>({{4, true}, {1, false}});
        if (*rc::gen::weightedElement<bool>({{1, true}, {3, false}}))
            for (int component = 0; component < 2; ++component) {
                ongoing::OrderLine part;
                part.ordered = line.ordered * Decimal{*rc::gen::inRange(1, 4)};
                line.sub_lines.push_back(part);
            }
        return line;
    }

    /// Somebody registers picks, of a line or of a component, or takes them back.
    void pick() {
        auto& line = order.lines[*rc::gen::inRange<std::size_t>(0, order.lines.size())];
        auto& picked = line.sub_lines.empty() || *rc::gen::arbitrary<bool>()
                           ? line
                           : line.sub_lines[*rc::gen::inRange<std::size_t>(0, line.sub_lines.size())];
        picked.picked = *rc::gen::inRange(0, static_cast<int>(picked.ordered.floor()) + 1);
    }

    /// The same pieces, counted in another way than the plan does.
    Decimal picked(const std::string& key) const {
        Decimal pieces;
        bool any = false;
        for (const auto& line : order.lines) {
            if (!line.should_be_picked) continue;
            std::int64_t here = line.picked.floor();
            if (here == 0 && !line.sub_lines.empty()) {
                here = line.ordered.floor();
                for (const auto& part : line.sub_lines)
                    here = std::min(here, part.picked.floor() * line.ordered.floor() / part.ordered.floor());
            }
            any = any || here > 0;
            if ((line.row_number.empty() ? "#" + std::to_string(line.id) : line.row_number) == key)
                pieces = pieces + Decimal{here};
        }
        if (any || require_picked) return pieces;
        for (const auto& line : order.lines)
            if (line.should_be_picked && (line.row_number.empty() ? "#" + std::to_string(line.id) : line.row_number) == key)
                pieces = pieces + line.ordered;
        return pieces;
    }

    Decimal covered(const std::string& key) const {
        Decimal pieces;
        for (const auto& delivery : deliveries)
            if (delivery.booked && !delivery.cancelled && delivery.quantities.contains(key))
                pieces = pieces + delivery.quantities.at(key);
        return pieces;
    }

    /// What a run does with what it sees. Answers what was asked for, if anything.
    std::optional<DueDelivery> look(std::int64_t event) {
        const bool is_event = plan::is_send_event(sighting, order, send_statuses, event);
        std::optional<DueDelivery> due;
        if (is_event) {
            due = plan::judge_delivery(order, deliveries, parcels, require_picked);
            book(*due);
        }
        if (!sighting) sighting.emplace();
        sighting->status = order.status_number;
        sighting->shipped = order.shipped_time;
        if (is_event && event != 0) sighting->event_id = event;
        return due;
    }

    void book(const DueDelivery& due) {
        if (due.what != What::first && due.what != What::further) return;
        const auto open = std::ranges::find_if(deliveries, [](const auto& d) { return !d.booked && !d.cancelled; });
        auto& delivery = open == deliveries.end() ? deliveries.emplace_back() : *open;
        delivery.number = &delivery - deliveries.data() + 1;
        delivery.quantities = due.quantities;
        delivery.parcels_fingerprint = parcels;
        delivery.booked = *rc::gen::weightedElement<bool>({{3, true}, {1, false}}); // else the courier refused
    }

    /// One thing happens.
    void happen() {
        clock += 60'000;
        switch (*rc::gen::inRange(0, 8)) {
        case 0:
        case 1: pick(); break;
        case 2: // Send, by whatever button
            order.status_number = *rc::gen::element<std::int64_t>(450, 450, 460, 475);
            if (*rc::gen::arbitrary<bool>()) order.shipped_time = Timestamp{Milliseconds{clock}};
            break;
        case 3: order.status_number = *rc::gen::element<std::int64_t>(300, 400, 320); break; // opened again
        case 4:                                                                              // the seller cancels a package
            if (!deliveries.empty()) {
                auto& one = deliveries[*rc::gen::inRange<std::size_t>(0, deliveries.size())];
                one.cancelled = one.booked;
            }
            break;
        case 5: parcels = "p" + std::to_string(*rc::gen::inRange(0, 3)); break;
        case 6: ++event_id; break; // a webhook is on its way
        default: break;
        }
    }
};

baselinker::OrderPackage any_package() {
    baselinker::OrderPackage package;
    package.package_id = baselinker::PackageId{*rc::gen::inRange<std::int64_t>(1, 7)};
    package.courier_code = *rc::gen::element<std::string>("dpd", "dpd", "inpost");
    package.account_id = baselinker::CourierAccountId{*rc::gen::element<std::int64_t>(5, 5, 6)};
    package.tracking_status = *rc::gen::element<std::int64_t>(0, 1, 2, 10);
    package.package_type = *rc::gen::weightedElement<std::int64_t>({{6, 0}, {1, 1}, {1, 2}, {1, 3}});
    package.is_return = package.package_type == 1 || package.package_type == 3;
    return package;
}

std::set<baselinker::PackageId> any_ids() {
    std::set<baselinker::PackageId> ids;
    for (const auto id : *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(1, 7)))
        if (ids.size() < 3) ids.insert(baselinker::PackageId{id});
    return ids;
}

} // namespace

TEST_CASE("Whatever happens in the warehouse, no piece is covered by a booking that was not picked") {
    CHECK(holds("no piece is booked twice", [] {
        Warehouse warehouse;
        const int steps = *rc::gen::inRange(1, 40);
        for (int step = 0; step < steps; ++step) {
            warehouse.happen();
            const auto due = warehouse.look(*rc::gen::element<std::int64_t>(0, warehouse.event_id));
            if (!due) continue;
            const bool books = due->what == What::first || due->what == What::further;
            RC_ASSERT(books || due->quantities.empty());
            for (const auto& [key, pieces] : due->quantities) {
                RC_ASSERT(pieces > Decimal{});
                RC_ASSERT(warehouse.covered(key) <= warehouse.picked(key));
            }
        }
    }));
}

TEST_CASE("An event leaves nothing of what was picked without a delivery") {
    CHECK(holds("nothing picked is forgotten", [] {
        Warehouse warehouse;
        const int steps = *rc::gen::inRange(1, 40);
        for (int step = 0; step < steps; ++step) {
            warehouse.happen();
            const auto due = warehouse.look(*rc::gen::element<std::int64_t>(0, warehouse.event_id));
            if (!due || warehouse.deliveries.empty() || !warehouse.deliveries.back().booked) continue;
            bool missing = false;
            for (const auto& line : warehouse.order.lines) {
                if (!line.should_be_picked) continue;
                const std::string key = line.row_number.empty() ? "#" + std::to_string(line.id) : line.row_number;
                RC_ASSERT(warehouse.covered(key) >= warehouse.picked(key));
                missing = missing || warehouse.covered(key) < line.ordered;
            }
            RC_ASSERT(due->is_short == missing);
        }
    }));
}

TEST_CASE("The same event seen again asks for nothing, by poll or by webhook") {
    CHECK(holds("once", [] {
        Warehouse warehouse;
        const int steps = *rc::gen::inRange(1, 40);
        for (int step = 0; step < steps; ++step) {
            warehouse.happen();
            const std::int64_t event = *rc::gen::element<std::int64_t>(0, warehouse.event_id);
            (void)warehouse.look(event);
            RC_ASSERT(!warehouse.look(event));
            RC_ASSERT(!warehouse.look(0));
        }
    }));
}

TEST_CASE("After a booking only new picks, other parcels or a cancelled package ask for money again") {
    CHECK(holds("a second Send is a reprint", [] {
        Warehouse warehouse;
        const int steps = *rc::gen::inRange(1, 20);
        for (int step = 0; step < steps; ++step) {
            warehouse.happen();
            (void)warehouse.look(0);
        }
        warehouse.order.status_number = 450;
        const auto first =
            plan::judge_delivery(warehouse.order, warehouse.deliveries, warehouse.parcels, warehouse.require_picked);
        plan::EarlierDelivery all;
        all.number = 1000;
        all.quantities = first.quantities;
        all.parcels_fingerprint = warehouse.parcels;
        all.booked = true;
        warehouse.deliveries.push_back(all);
        const auto again =
            plan::judge_delivery(warehouse.order, warehouse.deliveries, warehouse.parcels, warehouse.require_picked);
        RC_ASSERT(again.what == What::reprint);
        RC_ASSERT(again.quantities.empty());
        const auto other = plan::judge_delivery(warehouse.order, warehouse.deliveries, "others", warehouse.require_picked);
        RC_ASSERT(other.what == What::parcels_changed);
    }));
}

TEST_CASE("A package is taken for ours only if it is new, no return, and of the courier that was asked") {
    CHECK(holds("one means ours", [] {
        const auto before = any_ids();
        const auto others = any_ids();
        const auto now = *rc::gen::container<std::vector<baselinker::OrderPackage>>(rc::gen::exec(any_package));
        const plan::ExpectedPackage expected{
            *rc::gen::element<std::string>("dpd", "inpost", ""),
            *rc::gen::element<std::optional<baselinker::CourierAccountId>>(std::nullopt, baselinker::CourierAccountId{5})};
        const auto look = plan::look_at_packages(before, others, now, expected);
        std::set<baselinker::PackageId> fresh;
        for (const auto& package : now)
            if (!before.contains(package.package_id) && !others.contains(package.package_id) && !package.is_return)
                fresh.insert(package.package_id);
        RC_ASSERT(look.fresh.size() == fresh.size());
        RC_ASSERT((look.verdict == plan::PackageLook::Verdict::none) == fresh.empty());
        if (look.verdict != plan::PackageLook::Verdict::one) return;
        RC_ASSERT(look.fresh.size() == 1U);
        const auto& ours = look.fresh.front();
        RC_ASSERT(fresh.contains(ours.package_id));
        RC_ASSERT(!ours.is_return);
        RC_ASSERT(expected.courier_code.empty() || ours.courier_code == expected.courier_code);
        RC_ASSERT(!expected.account_id || ours.account_id == *expected.account_id);
        RC_ASSERT(ours.tracking_status <= 1);
    }));
}

TEST_CASE("A package that was there before is adopted only alone, without a booking of ours, and where that is allowed") {
    CHECK(holds("adopt means safe", [] {
        const auto ours = any_ids();
        const auto now = *rc::gen::container<std::vector<baselinker::OrderPackage>>(rc::gen::exec(any_package));
        const bool may_adopt = *rc::gen::arbitrary<bool>(), booked_before = *rc::gen::arbitrary<bool>();
        const plan::ExpectedPackage expected{"dpd", std::nullopt};
        const auto existing = plan::judge_existing(now, ours, expected, may_adopt, booked_before);
        std::set<baselinker::PackageId> foreign;
        for (const auto& package : now)
            if (!ours.contains(package.package_id)) foreign.insert(package.package_id);
        RC_ASSERT((existing.verdict == plan::ExistingPackages::Verdict::none) == foreign.empty());
        if (existing.verdict != plan::ExistingPackages::Verdict::adopt) return;
        RC_ASSERT(may_adopt && !booked_before && foreign.size() == 1);
        RC_ASSERT(plan::is_like(existing.found.front(), expected));
    }));
}
