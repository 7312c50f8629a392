// SPDX-License-Identifier: Apache-2.0
// Orders of both sides: BaseLinker's are read by confirmation and by accepted status, batch by batch, and looked up in Ongoing
// by number; then Ongoing's are read once, for those that BaseLinker no longer has or never had.
#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include <blongo/plan/admission.hpp>
#include <blongo/plan/order_life.hpp>
#include <blongo/plan/send.hpp>
#include <blongo/state/deliveries.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/sync/catalogue_slice.hpp>
#include <blongo/sync/check_parts.hpp>
#include <blongo/sync/order_backfill.hpp>
#include <blongo/sync/order_ledger.hpp>
#include <blongo/sync/order_settings.hpp>
#include <blongo/sync/settings.hpp>

namespace blongo::sync {

namespace {

constexpr std::size_t batch_size = ongoing::limits::numbers_per_lookup;
constexpr int single_reads = 500; ///< orders that are asked for one by one

/// Causes for which lines that Ongoing was told cannot be told again.
bool is_of_lines(const std::string& cause) {
    return cause == "unknown_sku" || cause == "empty_order" || cause == "bad_quantity" || cause == "foreign_lines";
}

class OrderCheck {
public:
    explicit OrderCheck(CheckContext& context)
        : context_(context), session_(context.session), settings_(session_.connection().orders),
          map_options_(order_map_options(session_.connection())), ledger_(session_.store(), session_.key()),
          deliveries_(session_.store(), session_.key()), flow_(session_, "orders", FlowOptions::looking()), backfilled_(flow_) {}

    Result<void> run() {
        BLONGO_CHECK(begin());
        const Timestamp looks_back = context_.now() - check_looks_back;
        const Timestamp since = context_.options.since.value_or(std::max(settings_.start_from.value_or(looks_back), looks_back));
        BLONGO_CHECK(read({}, since));
        // What entered an accepted status late, or is left out by start_from, was confirmed earlier.
        if (!context_.options.since && looks_back < since)
            for (const auto& status : statuses_.accepted) BLONGO_CHECK(read(status, looks_back));
        BLONGO_CHECK(read_ongoing(since));
        if (!context_.ended_early()) totals();
        return {};
    }

private:
    /// What became of an order that BaseLinker showed.
    enum class Seen : std::uint8_t { judged, not_ours, cancelled };

    Result<void> begin() {
        BLONGO_CHECK(flow_.load_parked());
        StatusNames resolve(session_);
        BLONGO_TRY(statuses_, resolve_order_statuses(session_, resolve));
        BLONGO_TRY(const auto names, session_.baselinker().get_order_status_list());
        for (const auto& status : names) status_names_.emplace(status.id, status.name);
        BLONGO_CHECK(backfilled_.load());
        rules_ = admission_rules(settings_, statuses_);
        lowest_finished_ = plan::lowest_finished(session_.connection().shipments.send);
        return {};
    }

    Result<void> read(std::optional<OrderStatusId> status, Timestamp confirmed_from) {
        baselinker::OrderQuery query;
        query.status_id = status;
        query.date_confirmed_from = confirmed_from;
        std::vector<baselinker::Order> batch;
        BLONGO_CHECK(session_.baselinker().each_order(
            query,
            [&](baselinker::Order&& order) -> Result<void> {
                if (session_.runtime().stop.requested()) return fail(ErrorKind::stopped, "stopped while reading orders");
                if (seen_.contains(order.order_id)) return {};
                seen_.emplace(order.order_id, Seen::judged);
                batch.push_back(std::move(order));
                flow_.progress("comparing orders", seen_.size(), 0);
                return batch.size() < batch_size ? Result<void>{} : judge_batch(std::exchange(batch, {}));
            },
            [&](baselinker::BadOrder&& bad) -> Result<void> {
                if (!seen_.emplace(bad.order_id, Seen::judged).second || !statuses_.accepted.contains(bad.order_status_id))
                    return {};
                ++accepted_;
                ++parked_["remote_rejected"];
                return {};
            }));
        return judge_batch(std::move(batch));
    }

    /// An order that may have to be in Ongoing.
    struct Member {
        baselinker::Order order;
        std::optional<state::OrderRow> ledger;
        OrderNumber number;
    };

    Result<void> judge_batch(std::vector<baselinker::Order> orders) {
        if (orders.empty()) return {};
        std::vector<BaseOrderId> ids;
        for (const auto& order : orders) ids.push_back(order.order_id);
        BLONGO_TRY(const auto rows, ledger_.find_many(ids));
        std::vector<Member> members;
        for (auto& order : orders) {
            const auto row = std::ranges::find(rows, order.order_id, &state::OrderRow::order_id);
            Member member;
            if (row != rows.end())
                member.ledger = *row;
            else if (!is_to_be_there(order))
                continue;
            member.number = member.ledger ? member.ledger->number : map::order_number(map_options_, order.order_id);
            ++accepted_;
            member.order = std::move(order);
            members.push_back(std::move(member));
        }
        std::vector<OrderNumber> numbers;
        for (const auto& member : members) numbers.push_back(member.number);
        std::unordered_map<OrderNumber, ongoing::Order> there;
        if (!numbers.empty()) {
            BLONGO_TRY(auto found, session_.ongoing().find_orders(numbers));
            for (auto& order : found) there.insert_or_assign(order.order_number, std::move(order));
        }
        CatalogueSlice slice(flow_);
        std::set<ProductId> products;
        for (const auto& member : members)
            for (const auto& id : map::ids_to_look_up(member.order)) products.insert(id);
        BLONGO_CHECK(slice.load(products));
        for (const auto& member : members) {
            const auto found = there.find(member.number);
            const auto mapped = map::map_order(member.order, map_options_, map::lookup_in(slice.catalogue()),
                                               member.ledger ? member.ledger->attempt : 1);
            BLONGO_CHECK(judge(member, mapped, found == there.end() ? nullptr : &found->second));
        }
        return {};
    }

    /// Of an order that the ledger does not know: whether it is to be in Ongoing. What keeps it out is counted.
    bool is_to_be_there(const baselinker::Order& order) {
        const std::string key = fmt::to_string(order.order_id);
        const std::string cause = flow_.cause_of(key);
        const bool asked = backfilled_.waiting().contains(order.order_id);
        const bool moved_by_us = !cause.empty() && statuses_.is_error_status(order.order_status_id);
        const auto left_out = [&](std::int64_t& term) {
            ++term;
            ++accepted_;
            return false;
        };
        switch (plan::admit(order, asked ? plan::lifted(rules_) : rules_, moved_by_us, context_.now())) {
        case plan::Admission::unconfirmed:
        case plan::Admission::foreign_status:
            seen_[order.order_id] = statuses_.cancel.contains(order.order_status_id) ? Seen::cancelled : Seen::not_ours;
            return false;
        case plan::Admission::other_source: return left_out(filtered_out_);
        case plan::Admission::before_cutover: return left_out(before_cutover_);
        case plan::Admission::delayed:
            if (cause.empty()) return left_out(delayed_);
            break; // it has waited once
        case plan::Admission::admit: break;
        }
        if (cause.empty()) return true;
        return left_out(cause == "on_hold" ? held_ : parked_[cause]);
    }

    Result<void> judge(const Member& member, const map::MappedOrder& mapped, const ongoing::Order* there) {
        plan::OrderSides sides = sides_of(member, there);
        if (there == nullptr && !member.ledger && mapped.skipped) {
            ++filtered_out_;
            return {};
        }
        if (there == nullptr && !member.ledger && !mapped.document) {
            ++parked_[mapped.rejected.empty() ? "empty_order" : mapped.rejected.front().cause];
            return {};
        }
        if (there == nullptr && member.ledger) {
            BLONGO_TRY(const auto sent, deliveries_.of_order(member.order.order_id));
            sides.booked = !sent.empty() || member.ledger->state != state::OrderState::imported ||
                           member.ledger->ongoing_status >= lowest_finished_ ||
                           !statuses_.waits(member.order.order_status_id); // perhaps because it was sent
        }
        if (there != nullptr) {
            if (mapped.document) sides.lines = plan::differing_lines(*mapped.document, *there);
            if (member.ledger && !sides.lines.empty()) {
                BLONGO_TRY(const auto told, ledger_.lines(member.order.order_id));
                sides.edited_there = !lines_agree(told, *there);
            }
            for (const auto& rejection : mapped.rejected)
                if (is_of_lines(rejection.cause) && sides.lines_unmapped.empty()) sides.lines_unmapped = rejection.reason;
        }
        if (there == nullptr && sides.base == plan::OrderSides::Base::cancelled)
            ++cancelled_count_;
        else if (there == nullptr)
            ++missing_;
        else if (there->status_number == plan::cancelled_in_ongoing)
            ++cancelled_count_;
        else
            ++in_ongoing_;
        report(sides);
        return {};
    }

    [[nodiscard]] plan::OrderSides sides_of(const Member& member, const ongoing::Order* there) const {
        using Base = plan::OrderSides::Base;
        plan::OrderSides sides;
        sides.order = member.order.order_id;
        sides.number = member.number;
        const OrderStatusId status = member.order.order_status_id;
        const bool moved_on =
            settings_.cancel_statuses_none && !statuses_.accepted.contains(status) && status != statuses_.after_import;
        sides.base = statuses_.cancel.contains(status) ? Base::cancelled : moved_on ? Base::moved_on : Base::alive;
        sides.base_words = status_words(status);
        sides.known = member.ledger.has_value();
        sides.expected = true;
        look_at(sides, there);
        return sides;
    }

    void look_at(plan::OrderSides& sides, const ongoing::Order* there) const {
        sides.there = there != nullptr;
        if (there == nullptr) return;
        sides.ongoing_status = there->status_number;
        sides.ongoing_words = fmt::format("{} {}", there->status_number, there->status_text);
        sides.finished = there->status_number >= lowest_finished_;
    }

    [[nodiscard]] std::string status_words(OrderStatusId status) const {
        const auto name = status_names_.find(status);
        return fmt::format("status {}{}", status, name == status_names_.end() ? "" : " " + name->second);
    }

    void report(const plan::OrderSides& sides) {
        for (const auto& difference : plan::judge_order(sides)) context_.sink.difference(difference);
    }

    /// Orders of Ongoing that BaseLinker did not show: deleted there, or never there.
    Result<void> read_ongoing(Timestamp since) {
        ongoing::OrderQuery query;
        query.created_from = since;
        std::vector<ongoing::Order> strangers;
        BLONGO_CHECK(session_.ongoing().each_order(query, [&](ongoing::Order&& order) -> Result<void> {
            if (session_.runtime().stop.requested()) return fail(ErrorKind::stopped, "stopped while reading orders");
            if (order.back_order_for || order.status_number == plan::cancelled_in_ongoing) return {};
            const auto id = plan::order_of_number(settings_.order_number_prefix, order.order_number.value());
            if (!id) return {};
            const auto seen = seen_.find(*id);
            if (seen != seen_.end() && seen->second != Seen::cancelled) return {};
            order.document = {};
            strangers.push_back(std::move(order));
            return strangers.size() < batch_size ? Result<void>{} : judge_strangers(std::exchange(strangers, {}));
        }));
        BLONGO_CHECK(judge_strangers(std::move(strangers)));
        if (not_asked_ > 0)
            context_.warn(fmt::format("{} orders of Ongoing that BaseLinker did not list were not asked for one by one: narrow "
                                      "it down with --since",
                                      not_asked_));
        return {};
    }

    Result<void> judge_strangers(std::vector<ongoing::Order> orders) {
        std::vector<BaseOrderId> ids;
        for (const auto& order : orders)
            ids.push_back(*plan::order_of_number(settings_.order_number_prefix, order.order_number.value()));
        BLONGO_TRY(const auto rows, ledger_.find_many(ids));
        for (std::size_t i = 0; i < orders.size(); ++i) {
            const auto row = std::ranges::find(rows, ids[i], &state::OrderRow::order_id);
            plan::OrderSides sides;
            sides.order = ids[i];
            sides.number = orders[i].order_number;
            sides.known = row != rows.end() && row->number == orders[i].order_number;
            look_at(sides, &orders[i]);
            if (sides.known && sides.finished) continue; // sent long ago: what became of it in BaseLinker is no trouble
            if (seen_.contains(ids[i])) {
                sides.base = plan::OrderSides::Base::cancelled;
                sides.base_words = "a cancelled status";
                report(sides);
                continue;
            }
            if (asked_ >= single_reads || session_.out_of_time()) {
                ++not_asked_;
                continue;
            }
            ++asked_;
            BLONGO_TRY(const auto page, session_.baselinker().get_order(ids[i]));
            if (!page.orders.empty() || !page.bad.empty()) continue;
            sides.base = plan::OrderSides::Base::deleted;
            report(sides);
        }
        return {};
    }

    void totals() {
        context_.sink.totals({.flow = "orders",
                              .what = "accepted",
                              .total = accepted_,
                              .terms = {{"in_ongoing", in_ongoing_},
                                        {"cancelled", cancelled_count_},
                                        {"before_cutover", before_cutover_},
                                        {"delayed", delayed_},
                                        {"held", held_},
                                        {"filtered_out", filtered_out_}},
                              .parked = parked_,
                              .missing = missing_});
    }

    CheckContext& context_;
    Session& session_;
    const config::Orders& settings_;
    map::OrderOptions map_options_;
    state::Orders ledger_;
    state::Deliveries deliveries_;
    Flow flow_;
    BackfilledOrders backfilled_;
    OrderStatuses statuses_;
    std::map<OrderStatusId, std::string> status_names_;
    plan::AdmissionRules rules_;
    std::int64_t lowest_finished_ = plan::returned_in_ongoing;
    std::unordered_map<BaseOrderId, Seen> seen_;
    std::int64_t accepted_ = 0, in_ongoing_ = 0, cancelled_count_ = 0, before_cutover_ = 0, delayed_ = 0, held_ = 0,
                 filtered_out_ = 0, missing_ = 0;
    std::map<std::string, std::int64_t> parked_;
    std::int64_t not_asked_ = 0;
    int asked_ = 0;
};

} // namespace

Result<void> check_orders(CheckContext& context) {
    return OrderCheck(context).run();
}

} // namespace blongo::sync
