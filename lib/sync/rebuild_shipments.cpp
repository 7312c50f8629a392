// SPDX-License-Identifier: Apache-2.0
// Shipments of a lost state: the packages that BaseLinker holds of orders that Ongoing shows as sent become deliveries again,
// and their Sends are seen already, so that no run books, files or prints them again.
#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include <blongo/baselinker/couriers.hpp>
#include <blongo/plan/check.hpp>
#include <blongo/plan/order_life.hpp>
#include <blongo/plan/package_owners.hpp>
#include <blongo/plan/send.hpp>
#include <blongo/sync/rebuild_packages.hpp>
#include <blongo/sync/rebuild_parts.hpp>
#include <blongo/sync/send_desk.hpp>

namespace blongo::sync {

namespace {

using plan::PossibleOwner;
using state::DeliveryState;

const std::string before_rebuild = "before state rebuild"; ///< the manifest of packages whose day is over

PossibleOwner::Booking booking_of(plan::SendMeaning meaning) {
    switch (meaning) {
    case plan::SendMeaning::book: return PossibleOwner::Booking::due;
    case plan::SendMeaning::not_sent: return PossibleOwner::Booking::perhaps; // it has passed the lowest status of a Send
    case plan::SendMeaning::no_shipment:
    case plan::SendMeaning::ignore: break;
    }
    return PossibleOwner::Booking::never;
}

class ShipmentRebuild {
public:
    explicit ShipmentRebuild(Flow& flow) : context_(flow, options_), learnt_(context_), flow_(flow) {}

    Result<void> run(Timestamp since) {
        BLONGO_TRY([[maybe_unused]] const Timestamp from, context_.start_from()); // enabled since now, unless it is configured
        BLONGO_CHECK(read_sent(since));
        std::size_t done = 0;
        for (auto& [order, sent] : sent_) {
            if (context_.session().out_of_time()) return fail(ErrorKind::stopped, "stopped while reading packages");
            BLONGO_CHECK(keep(order, sent));
            sent = {};
            flow_.progress("adopting packages", ++done, sent_.size());
        }
        return {};
    }

private:
    /// Orders of ours that were sent, whatever became of them since, with their back orders, by order of BaseLinker.
    Result<void> read_sent(Timestamp since) {
        const auto lowest = plan::lowest_send_status(context_.config().send);
        if (!lowest) return {};
        ongoing::OrderQuery query;
        query.status_from = *lowest;
        query.status_to = plan::returned_in_ongoing;
        query.status_changed_from = since;
        return context_.session().ongoing().each_order(query, [&](ongoing::Order&& order) -> Result<void> {
            std::vector<BaseOrderId> ids;
            if (const auto id = parse_id(order.goods_owner_order_id)) ids.emplace_back(*id);
            BLONGO_TRY(const auto known, context_.orders().find_many(ids));
            BLONGO_TRY(const auto ledger, ledger_of(order, known, context_.orders()));
            if (!ledger || ledger->state != state::OrderState::imported) return {};
            order.document = {};
            SentOrder sent;
            sent.meaning = plan::meaning_of(context_.config().send, order.status_number);
            sent.there = std::move(order);
            learnt_.date(sent);
            sent_[ledger->order_id].push_back(std::move(sent));
            return {};
        });
    }

    Result<void> keep(BaseOrderId id, std::vector<SentOrder>& sent) {
        BLONGO_TRY(const auto known, context_.deliveries().of_order(id));
        if (!known.empty()) return {}; // by a rebuild that did not end
        BLONGO_TRY(auto packages, context_.couriers().packages_of(id));
        std::erase_if(packages, [](const auto& package) { return package.is_return; });
        std::ranges::sort(packages, {}, &baselinker::OrderPackage::package_id);
        std::ranges::sort(sent, {}, [](const SentOrder& one) { return one.there.order_id; });
        BLONGO_TRY(const auto owners, owners_of(packages, sent));
        std::vector<LearntDelivery> learnt;
        std::vector<bool> is_seen(sent.size(), false), is_taken(sent.size(), false);
        const auto next = [&] { return static_cast<std::int64_t>(learnt.size()) + 1; };
        for (std::size_t i = 0; i < packages.size(); ++i) {
            if (!owners.of[i]) continue;
            const std::size_t order = *owners.of[i];
            const bool takes_the_goods = !is_taken[order] && plan::stands(packages[i]);
            BLONGO_TRY(auto one, learnt_.with_package(id, next(), packages[i], sent[order], takes_the_goods));
            learnt.push_back(std::move(one));
            is_seen[order] = true;
            if (takes_the_goods) is_taken[order] = true;
        }
        std::vector<map::Rejection> open;
        for (std::size_t i = 0; i < sent.size(); ++i) {
            const bool needs_none = sent[i].meaning == plan::SendMeaning::no_shipment && !is_seen[i] && sent[i].is_old;
            bool is_open = owners.open[i];
            if (is_open) {
                BLONGO_TRY(const bool is_only_registered, learnt_.is_only_registered(id, sent[i]));
                is_open = !is_only_registered;
            }
            if (!needs_none && !is_open) continue; // without a package: the next run judges it as it judges every Send
            const auto state = is_open ? DeliveryState::due : DeliveryState::no_shipment;
            learnt.push_back(learnt_.without_package(id, next(), sent[i], state));
            is_seen[i] = true;
            if (is_open) open.push_back(owner_unknown(sent[i].there.order_number, left_over(packages, owners)));
        }
        BLONGO_CHECK(record(id, sent, is_seen, learnt));
        for (const auto& one : learnt) tell(id, one.row);
        if (open.empty()) return {};
        open.front().key = fmt::to_string(id);
        open.front().label = learnt.back().row.order_number.value();
        return flow_.park(open.front());
    }

    Result<plan::PackageOwners> owners_of(const std::vector<baselinker::OrderPackage>& packages, std::vector<SentOrder>& sent) {
        std::vector<PossibleOwner> owners;
        for (auto& one : sent) {
            PossibleOwner owner;
            owner.there = &one.there;
            owner.booking = booking_of(one.meaning);
            if (!packages.empty() || owner.booking == PossibleOwner::Booking::due) {
                BLONGO_TRY(one.files, context_.warehouse().get_files(one.there.order_id));
            }
            for (const auto& file : one.files) owner.files.push_back(file.file_name);
            owners.push_back(std::move(owner));
        }
        return plan::package_owners(packages, owners);
    }

    static std::vector<baselinker::OrderPackage> left_over(const std::vector<baselinker::OrderPackage>& packages,
                                                           const plan::PackageOwners& owners) {
        std::vector<baselinker::OrderPackage> left;
        for (std::size_t i = 0; i < packages.size(); ++i)
            if (!owners.of[i]) left.push_back(packages[i]);
        return left;
    }

    /// Labels first: what this order's rows say of them is true however the rebuild ends, and rows end its turn.
    Result<void> record(BaseOrderId id, const std::vector<SentOrder>& sent, const std::vector<bool>& is_seen,
                        const std::vector<LearntDelivery>& learnt) {
        for (const auto& one : learnt)
            for (const auto& [label, bytes] : one.labels) {
                if (bytes.empty()) continue; // Ongoing names the file and does not give it back
                BLONGO_TRY([[maybe_unused]] const auto kept, context_.labels().put(label, bytes));
            }
        return context_.store().in_transaction([&]() -> Result<void> {
            for (std::size_t i = 0; i < sent.size(); ++i)
                if (is_seen[i]) BLONGO_CHECK(see(sent[i]));
            for (const auto& [row, labels, is_old] : learnt) {
                BLONGO_CHECK(context_.deliveries().put(row));
                if (row.state == DeliveryState::due) {
                    BLONGO_TRY(const auto wishes, json::Value::parse(row.wishes));
                    BLONGO_CHECK(context_.due().put(
                        {0, due_send, fmt::to_string(row.ongoing_id), row.sent_at, send_payload(id, wishes, false), 0}));
                }
                if (row.state == DeliveryState::booked || row.state == DeliveryState::labelled)
                    BLONGO_CHECK(context_.next_step(row, context_.now()));
                const std::array package{row.package_id};
                if (is_old) BLONGO_CHECK(context_.deliveries().mark_manifested(package, before_rebuild));
            }
            return {};
        });
    }

    void tell(BaseOrderId id, const state::DeliveryRow& row) {
        if (row.state == DeliveryState::due) return; // parked
        const bool has_none = row.state == DeliveryState::no_shipment;
        auto line = context_.action(plan::Verb::adopt, id, row.order_number, has_none ? "no shipment" : "booked already");
        if (row.state == DeliveryState::cancelled) line.reason = "its package is cancelled";
        line.detail = has_none ? std::string{} : package_words(row);
        flow_.report(line);
    }

    /// The Send is no news for the next run.
    Result<void> see(const SentOrder& sent) {
        state::SightingRow row;
        row.ongoing_id = sent.there.order_id;
        row.status = sent.there.status_number;
        row.shipped = sent.there.shipped_time;
        row.event_id = -1; // noticed without a webhook, whose event may still come
        row.first_send_seen = sent.sent_at;
        row.seen_at = context_.now();
        return context_.sightings().put(row);
    }

    SendOptions options_;
    SendContext context_;
    LearntDeliveries learnt_;
    Flow& flow_;
    std::map<BaseOrderId, std::vector<SentOrder>> sent_;
};

} // namespace

Result<void> learn_shipments(Flow& flow, Timestamp since) {
    return ShipmentRebuild(flow).run(since);
}

} // namespace blongo::sync
