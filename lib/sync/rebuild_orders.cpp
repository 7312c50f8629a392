// SPDX-License-Identifier: Apache-2.0
// Orders of a lost state: Ongoing's are listed once, and BaseLinker's, whatever their status is by now, are held against them.
#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include <blongo/map/order_marks.hpp>
#include <blongo/plan/check.hpp>
#include <blongo/plan/order_life.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/sync/catalogue_slice.hpp>
#include <blongo/sync/order_ledger.hpp>
#include <blongo/sync/rebuild_parts.hpp>
#include <blongo/sync/settings.hpp>

namespace blongo::sync {

namespace {

constexpr std::size_t batch_size = 100;
constexpr std::size_t single_reads = 500; ///< orders that are asked for one by one
constexpr int most_attempts = 50;         ///< of sending one order anew

class OrderRebuild {
public:
    explicit OrderRebuild(Flow& flow)
        : flow_(flow), session_(flow.session()), map_options_(order_map_options(session_.connection())),
          ledger_(session_.store(), session_.key()), slice_(flow),
          lowest_sent_(plan::lowest_sent(session_.connection().shipments.send)) {}

    Result<void> run(Timestamp since) {
        BLONGO_CHECK(read_ongoing(since));
        baselinker::OrderQuery query;
        query.date_confirmed_from = since;
        std::vector<baselinker::Order> batch;
        BLONGO_CHECK(session_.baselinker().each_order(
            query,
            [&](baselinker::Order&& order) -> Result<void> {
                if (session_.runtime().stop.requested()) return fail(ErrorKind::stopped, "stopped while reading orders");
                newest_id_ = std::max(newest_id_, order.order_id);
                if (!there_.contains(order.order_id)) return {};
                batch.push_back(std::move(order));
                return batch.size() < batch_size ? Result<void>{} : keep_batch(std::exchange(batch, {}));
            },
            [](baselinker::BadOrder&&) -> Result<void> { return {}; }));
        BLONGO_CHECK(keep_batch(batch));
        return ask_for_the_rest();
    }

private:
    /// An order of Ongoing with a number of ours; of several attempts the last.
    struct Standing {
        ongoing::Order order;
        int attempt = 1;
    };

    /// Orders that were made since, and those that wait to be sent, however old they are: when they are sent, they are booked.
    Result<void> read_ongoing(Timestamp since) {
        ongoing::OrderQuery made;
        made.created_from = since;
        BLONGO_CHECK(list_ongoing(made));
        ongoing::OrderQuery waiting;
        waiting.status_to = lowest_sent_ - 1;
        return list_ongoing(waiting);
    }

    Result<void> list_ongoing(const ongoing::OrderQuery& query) {
        return session_.ongoing().each_order(query, [&](ongoing::Order&& order) -> Result<void> {
            if (session_.runtime().stop.requested()) return fail(ErrorKind::stopped, "stopped while reading orders");
            if (order.back_order_for) return {};
            const auto id = plan::order_of_number(session_.connection().orders.order_number_prefix, order.order_number.value());
            if (!id || order.goods_owner_order_id != fmt::to_string(*id)) return {};
            const int attempt = attempt_of(*id, order.order_number);
            if (attempt == 0) return {};
            order.document = {};
            auto& standing = there_[*id];
            if (standing.order.order_id.value() == 0 || standing.attempt < attempt) standing = {std::move(order), attempt};
            flow_.progress("reading Ongoing's orders", there_.size(), 0);
            return {};
        });
    }

    [[nodiscard]] int attempt_of(BaseOrderId id, const OrderNumber& number) const {
        for (int attempt = 1; attempt <= most_attempts; ++attempt)
            if (map::order_number(map_options_, id, attempt) == number) return attempt;
        return 0;
    }

    Result<void> keep_batch(const std::vector<baselinker::Order>& orders) {
        if (orders.empty()) return {};
        std::set<ProductId> products;
        std::vector<BaseOrderId> ids;
        for (const auto& order : orders) {
            ids.push_back(order.order_id);
            for (const auto& id : map::ids_to_look_up(order)) products.insert(id);
        }
        BLONGO_CHECK(slice_.load(products));
        BLONGO_TRY(const auto known, ledger_.find_many(ids));
        for (const auto& order : orders) {
            const auto standing = there_.find(order.order_id);
            if (standing == there_.end()) continue;
            const bool is_known = std::ranges::find(known, order.order_id, &state::OrderRow::order_id) != known.end();
            if (!is_known) BLONGO_CHECK(keep(order, standing->second)); // else by a rebuild that did not end
            there_.erase(standing);
            flow_.progress("adopting orders", ++done_, 0);
        }
        return {};
    }

    Result<void> keep(const baselinker::Order& order, const Standing& standing) {
        const ongoing::Order& there = standing.order;
        const std::string key = fmt::to_string(order.order_id);
        const bool is_cancelled = there.status_number == plan::cancelled_in_ongoing;
        auto mapped = map::map_order(order, map_options_, map::lookup_in(slice_.catalogue()), standing.attempt);
        if (!mapped.document) {
            if (is_cancelled || mapped.rejected.empty()) return {};
            return flow_.park(mapped.rejected.front());
        }
        const std::string print = mapped.document->fingerprint();
        LedgerOrder kept = ledger_order(order, *mapped.document, print, session_.runtime().clock.now());
        if (!lines_agree(kept.lines, there)) {
            if (is_cancelled) return {};
            return flow_.park(
                {"exists_in_warehouse",
                 key,
                 "orderNumber",
                 fmt::format("Ongoing has an order {}, and its lines are not those of BaseLinker", there.order_number),
                 key,
                 {}},
                print);
        }
        kept.row.ongoing_id = there.order_id;
        kept.row.ongoing_status = there.status_number;
        kept.row.adopted = true;
        kept.row.attempt = standing.attempt;
        kept.row.newest_id = newest_id_;
        kept.row.source_mark = map::order_source_mark(order, map_options_);
        kept.row.state = is_cancelled ? state::OrderState::cancelled : state::OrderState::imported;
        BLONGO_CHECK(ledger_.put(kept.row, kept.lines));
        auto line = flow_.action(plan::Verb::adopt, key, "already there");
        line.order_number = there.order_number.value();
        flow_.report(line);
        return flow_.item_succeeded(key);
    }

    /// Confirmed before `since`, or gone from BaseLinker. All that wait to be sent; of the others the newest ones.
    Result<void> ask_for_the_rest() {
        std::vector<BaseOrderId> ids, waiting;
        for (const auto& [id, standing] : there_) (standing.order.status_number < lowest_sent_ ? waiting : ids).push_back(id);
        std::ranges::sort(ids, std::greater{});
        if (ids.size() > single_reads) {
            session_.runtime().reporter.warning(
                session_.connection().name,
                fmt::format("{} older orders of Ongoing were not asked for one by one: narrow it down, or widen it, with --since",
                            ids.size() - single_reads));
            ids.resize(single_reads);
            flow_.incomplete();
        }
        std::ranges::sort(waiting);
        ids.insert(ids.begin(), waiting.begin(), waiting.end());
        for (const auto& id : ids) {
            if (session_.out_of_time()) return fail(ErrorKind::stopped, "stopped while reading orders");
            BLONGO_TRY(auto page, session_.baselinker().get_order(id));
            BLONGO_CHECK(keep_batch(page.orders));
        }
        return {};
    }

    Flow& flow_;
    Session& session_;
    map::OrderOptions map_options_;
    state::Orders ledger_;
    CatalogueSlice slice_;
    std::int64_t lowest_sent_;
    std::unordered_map<BaseOrderId, Standing> there_;
    BaseOrderId newest_id_;
    std::size_t done_ = 0;
};

} // namespace

Result<void> learn_orders(Flow& flow, Timestamp since) {
    return OrderRebuild(flow).run(since);
}

} // namespace blongo::sync
