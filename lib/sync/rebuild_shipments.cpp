// SPDX-License-Identifier: Apache-2.0
// Shipments of a lost state: the packages that BaseLinker holds of orders that Ongoing shows as sent become deliveries that are
// booked, and their Sends are seen already, so that no run books them again.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include <blongo/baselinker/couriers.hpp>
#include <blongo/map/label_file.hpp>
#include <blongo/plan/order_life.hpp>
#include <blongo/plan/send.hpp>
#include <blongo/sync/rebuild_parts.hpp>
#include <blongo/sync/send_context.hpp>
#include <blongo/sync/send_desk.hpp>

namespace blongo::sync {

namespace {

using state::DeliveryState;

bool stands(const baselinker::OrderPackage& package) {
    return !package.is_return && package.tracking_status != baselinker::tracking_cancelled;
}

class ShipmentRebuild {
public:
    explicit ShipmentRebuild(Flow& flow) : context_(flow, options_), flow_(flow) {}

    Result<void> run(Timestamp since) {
        BLONGO_TRY([[maybe_unused]] const Timestamp from, context_.start_from()); // enabled since now, unless it is configured
        BLONGO_CHECK(read_sent(since));
        std::size_t done = 0;
        for (auto& [order, sent] : sent_) {
            if (context_.session().out_of_time()) return fail(ErrorKind::stopped, "stopped while reading packages");
            BLONGO_CHECK(keep(order, sent));
            flow_.progress("adopting packages", ++done, sent_.size());
        }
        return {};
    }

private:
    /// Orders of ours that were sent, with their back orders, by order of BaseLinker.
    Result<void> read_sent(Timestamp since) {
        const auto lowest = plan::lowest_send_status(context_.config().send);
        if (!lowest) return {};
        ongoing::OrderQuery query;
        query.status_from = *lowest;
        query.status_to = plan::returned_in_ongoing;
        query.status_changed_from = since;
        return context_.session().ongoing().each_order(query, [&](ongoing::Order&& order) -> Result<void> {
            const auto meaning = plan::meaning_of(context_.config().send, order.status_number);
            if (meaning != plan::SendMeaning::book && meaning != plan::SendMeaning::no_shipment) return {};
            std::vector<BaseOrderId> ids;
            if (const auto id = parse_id(order.goods_owner_order_id)) ids.emplace_back(*id);
            BLONGO_TRY(const auto known, context_.orders().find_many(ids));
            BLONGO_TRY(const auto ledger, ledger_of(order, known, context_.orders()));
            if (!ledger || ledger->state != state::OrderState::imported) return {};
            order.document = {};
            sent_[ledger->order_id].push_back(std::move(order));
            return {};
        });
    }

    /// The packages of one order go to its orders of Ongoing, both by age; what is left over to the last.
    Result<void> keep(BaseOrderId id, std::vector<ongoing::Order>& sent) {
        BLONGO_TRY(const auto known, context_.deliveries().of_order(id));
        if (!known.empty()) return {}; // by a rebuild that did not end
        BLONGO_TRY(auto packages, context_.couriers().packages_of(id));
        std::erase_if(packages, [](const auto& package) { return !stands(package); });
        std::ranges::sort(packages, {}, &baselinker::OrderPackage::package_id);
        std::ranges::sort(sent, {}, &ongoing::Order::order_id);
        std::vector<Case> cases;
        for (std::size_t i = 0; i < packages.size(); ++i) {
            const ongoing::Order& there = sent[std::min(i, sent.size() - 1)];
            BLONGO_TRY(Case one, look_at(id, static_cast<std::int64_t>(i) + 1, packages[i], there, i < sent.size()));
            cases.push_back(std::move(one));
        }
        if (cases.empty()) return {}; // not booked: the next run judges it as it judges every Send
        BLONGO_CHECK(context_.store().in_transaction([&]() -> Result<void> {
            for (std::size_t i = 0; i < std::min(packages.size(), sent.size()); ++i) BLONGO_CHECK(see(sent[i]));
            for (auto& one : cases) {
                BLONGO_CHECK(context_.deliveries().put(one.row));
                if (one.row.state != DeliveryState::done) BLONGO_CHECK(context_.next_step(one.row, context_.now()));
            }
            return {};
        }));
        for (const auto& one : cases) {
            for (const auto& [label, bytes] : one.labels) {
                BLONGO_TRY([[maybe_unused]] const auto kept, context_.labels().put(label, bytes));
            }
            auto line = context_.action(plan::Verb::adopt, id, one.row.order_number, "booked already");
            line.detail = package_words(one.row);
            flow_.report(line);
        }
        return {};
    }

    struct Case {
        state::DeliveryRow row;
        std::vector<std::pair<state::LabelRow, std::string>> labels; ///< those whose bytes Ongoing gives back
    };

    Result<Case> look_at(BaseOrderId id, std::int64_t number, const baselinker::OrderPackage& package, const ongoing::Order& there,
                         bool takes_the_goods) {
        Case one;
        state::DeliveryRow& row = one.row;
        row.order_id = id;
        row.number = number;
        row.order_number = there.order_number;
        row.ongoing_id = there.order_id;
        row.event = json::Value::object().set("event_id", 0).set("workstation", 0).set("user", 0).dump();
        row.parcels_fingerprint = parcels_fingerprint(there);
        const auto due = plan::judge_delivery(there, {}, row.parcels_fingerprint, context_.config().require_picked);
        row.is_short = due.is_short;
        json::Value quantities = json::Value::object();
        if (takes_the_goods)
            for (const auto& [line, pieces] : due.quantities) quantities.set(line, pieces);
        row.quantities = quantities.dump();
        json::Value parcels = json::Value::array();
        for (const auto& parcel : there.parcels)
            if (!parcel.is_return && takes_the_goods) parcels.push_back(json::Value::object().set("parcel_id", parcel.id));
        row.parcels = parcels.dump();
        row.strategy = "api";
        row.wishes = "{}";
        row.adopted = true;
        row.package_id = package.package_id.value();
        row.package_number = package.package_number;
        row.inner_number = package.courier_inner_number;
        row.courier_code = package.courier_code;
        row.account_id = package.account_id.value();
        row.tracking_url = package.tracking_url;
        row.tracking_status = package.tracking_status;
        row.sent_at = row.booked_at.emplace(there.shipped_time.value_or(context_.now()));
        BLONGO_TRY(const bool has_label, read_labels(one));
        const bool has_waybill = there.way_bill == package.package_number ||
                                 std::ranges::any_of(there.tracking, [&](const auto& entry) {
                                     return entry.waybill == package.package_number;
                                 });
        row.state = !has_label ? DeliveryState::booked : has_waybill ? DeliveryState::done : DeliveryState::labelled;
        if (has_label) row.labelled_at = context_.now();
        if (row.state == DeliveryState::done) {
            row.done_at = context_.now();
            // Its status in BaseLinker is whoever's it is by now.
            row.steps = json::Value::object().set("checked", true).set("waybill", row.package_number).set("status", true).dump();
        }
        return one;
    }

    /// Whether the label of its package is among the order's files in Ongoing.
    Result<bool> read_labels(Case& one) {
        BLONGO_TRY(const auto files, context_.warehouse().get_files(one.row.ongoing_id));
        bool found = false;
        for (const auto& file : files) {
            const auto dot = file.file_name.rfind('.');
            if (dot == std::string::npos) continue;
            const std::string extension = file.file_name.substr(dot + 1);
            for (std::int64_t index = 1; index <= static_cast<std::int64_t>(files.size()); ++index) {
                if (file.file_name != map::label_file_name(one.row.order_number, one.row.package_id, index, extension)) continue;
                found = true;
                if (file.bytes.empty()) continue;
                state::LabelRow label;
                label.order_id = one.row.order_id;
                label.delivery = one.row.number;
                label.package_id = one.row.package_id;
                label.index = index;
                label.file_name = file.file_name;
                label.extension = extension;
                label.mime_type = map::mime_type(extension);
                label.file_id = file.file_id;
                label.stored = context_.now();
                label.uploaded = label.stored;
                one.labels.emplace_back(std::move(label), file.bytes);
            }
        }
        return found;
    }

    /// The Send is no news for the next run.
    Result<void> see(const ongoing::Order& there) {
        state::SightingRow row;
        row.ongoing_id = there.order_id;
        row.status = there.status_number;
        row.shipped = there.shipped_time;
        row.event_id = -1; // noticed without a webhook, whose event may still come
        row.first_send_seen = there.shipped_time.value_or(context_.now());
        row.seen_at = context_.now();
        return context_.sightings().put(row);
    }

    SendOptions options_;
    SendContext context_;
    Flow& flow_;
    std::map<BaseOrderId, std::vector<ongoing::Order>> sent_;
};

} // namespace

Result<void> learn_shipments(Flow& flow, Timestamp since) {
    return ShipmentRebuild(flow).run(since);
}

} // namespace blongo::sync
