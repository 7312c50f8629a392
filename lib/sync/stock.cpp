// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/stock.hpp>

#include <algorithm>
#include <deque>

#include <fmt/format.h>

#include <blongo/state/runs.hpp>
#include <blongo/sync/goods_owner_orders.hpp>
#include <blongo/sync/order_sources.hpp>
#include <blongo/sync/stock_book.hpp>

namespace blongo::sync {

namespace {

constexpr std::chrono::hours between_full_reads{6}; ///< nobody promises that every change marks its article (ongoing.md 2.4)
constexpr std::chrono::hours oldest_cursor{23};     ///< Ongoing refuses 24 h
constexpr std::chrono::minutes cursor_overlap{5};
constexpr int refusals_in_a_row = 5;                     ///< of single products, before any was taken: the whole call is refused
const std::string changed_cursor = "stock.changed_from"; ///< when the last read began
const std::string settings_cursor = "settings.stock";    ///< under which the figures were observed and pushed
const std::string full_cursor = "stock.full_at";
const std::string observed_cursor = "stock.observed_at"; ///< of the newest run that began to write: its figures stand

std::string words(const map::PiecesByWarehouse& before, const map::PiecesByWarehouse& after) {
    std::string out;
    for (const auto& [key, pieces] : after) {
        const auto known = before.find(key);
        out += fmt::format("{}{}: {} -> {}", out.empty() ? "" : ", ", key,
                           known == before.end() ? std::string("?") : std::to_string(known->second), pieces);
    }
    return out;
}

Result<std::optional<Timestamp>> time_cursor(Session& session, const std::string& name) {
    BLONGO_TRY(const auto at, state::Cursors(session.store(), session.key()).number(name));
    return at ? std::optional{from_unix_milliseconds(*at)} : std::optional<Timestamp>{};
}

/// One push: waiting orders -> stock -> what BaseLinker holds -> figures -> brakes -> batches -> record.
class StockRun {
public:
    StockRun(const config::Config& config, Flow& flow)
        : config_(config), flow_(flow), session_(flow.session()), settings_(session_.connection().stock), book_(session_),
          rules_(stock_rules(settings_)) {
        for (const auto& sku : flow.options().skus) named_.emplace_back(sku);
    }

    Result<void> run() {
        began_ = session_.runtime().clock.now();
        BLONGO_TRY(observed_, session_.store().now()); // the same clock for all hosts
        BLONGO_CHECK(choose_read());
        if (full_ || !named_.empty() || rules_.targets.empty()) BLONGO_CHECK(check_catalogue());
        BLONGO_CHECK(check_orders_run());
        BLONGO_CHECK(read_orders());
        BLONGO_CHECK(book_.load());
        BLONGO_CHECK(check_named());
        if (other_settings_) book_.forget_all();
        for (const auto& number : orders_->moved())
            if (auto* entry = book_.find(number)) entry->item.moved = true;
        BLONGO_CHECK(read_stock());
        return push();
    }

private:
    Result<void> check_catalogue() {
        BLONGO_TRY(const auto inventories, session_.baselinker().get_inventories());
        const auto id = session_.connection().baselinker.inventory_id;
        const auto inventory = std::ranges::find(inventories, id, &baselinker::Inventory::inventory_id);
        if (inventory == inventories.end())
            return fail(ErrorKind::config, fmt::format("BaseLinker has no catalogue {}", id), {}, "blongo list inventories");
        return check_stock_settings(session_.connection(), *inventory);
    }

    /// Orders that are not imported are subtracted, but those that nobody reads would be sold twice.
    Result<void> check_orders_run() {
        BLONGO_TRY(const auto last, complete_orders_read(session_.store(), session_.key()));
        const Timestamp now = session_.runtime().clock.now();
        if (last && *last + settings_.max_orders_age >= now) return {};
        // Before the first live day no run of orders is recorded: the plan counts every order as waiting.
        if (!last && flow_.dry_run()) return {};
        return fail(ErrorKind::guard,
                    last ? fmt::format("the last good run of orders began {} ago, longer than stock.max_orders_age ({})",
                                       format_age(now - *last), format_duration(settings_.max_orders_age))
                         : std::string("orders were never synced: what they ask of the stock is not known"),
                    {}, fmt::format("blongo orders sync -C {}", session_.connection().name));
    }

    Result<void> check_named() {
        for (const auto& number : named_)
            if (book_.find(number) == nullptr)
                return fail(ErrorKind::not_found,
                            fmt::format("the stock of {} goes nowhere: {}", number, book_.not_pushed(number)), {},
                            fmt::format("blongo stock show --sku {}", number));
        return {};
    }

    Result<void> choose_read() {
        if (!named_.empty()) return {};
        BLONGO_TRY(const auto changed, time_cursor(session_, changed_cursor));
        BLONGO_TRY(const auto full, time_cursor(session_, full_cursor));
        BLONGO_TRY(const auto settings, state::Cursors(session_.store(), session_.key()).get(settings_cursor));
        settings_words_ = fmt::format("{} {}", session_.connection().baselinker.inventory_id, settings_.figure);
        for (const auto& key : rules_.targets) settings_words_ += " " + key.value();
        for (const auto& [id, key] : settings_.warehouses) settings_words_ += fmt::format(" {}={}", id, key);
        other_settings_ = settings && *settings != settings_words_;
        const bool recent =
            !other_settings_ && changed && full && *changed + oldest_cursor > began_ && *full + between_full_reads > began_;
        if (recent) changed_from_ = *changed - cursor_overlap;
        full_ = !recent;
        return {};
    }

    Result<void> read_orders() {
        BLONGO_TRY(auto orders, GoodsOwnerOrders::open(config_, session_, flow_.dry_run()));
        orders_.emplace(std::move(orders));
        return orders_->read(full_);
    }

    Result<void> read_stock() {
        if (!named_.empty()) {
            BLONGO_CHECK(book_.read_stock(named_));
            book_.forget_unseen();
            return book_.read_held(named_);
        }
        flow_.progress("reading Ongoing's stock", 0, 0);
        auto rows = book_.read_stock(changed_from_);
        if (!rows && changed_from_ && rows.error().kind == ErrorKind::rejected) { // the cursor is too old for this system
            full_ = true;
            changed_from_.reset();
            rows = book_.read_stock(changed_from_);
        }
        if (!rows) return fail(rows.error());
        if (!full_) return {};
        if (*rows == 0)
            return fail(ErrorKind::guard, "Ongoing's stock list is empty: nothing is written", {},
                        "look at the goods owner's articles in Ongoing; --allow-zeroing does not lift this");
        book_.forget_unseen();
        return book_.read_held();
    }

    [[nodiscard]] map::PiecesByWarehouse figures_of(const StockBook::Entry& entry) const {
        return plan::stock_figures(entry.item, orders_->waiting(), rules_);
    }

    [[nodiscard]] bool is_wanted(const StockBook::Entry& entry) const {
        return named_.empty() || std::ranges::find(named_, entry.item.number) != named_.end();
    }

    Result<void> push() {
        std::deque<StockBook::Entry*> queue;
        std::int64_t known = 0, falling = 0;
        for (auto& entry : book_.entries()) {
            if (!is_wanted(entry)) continue;
            const auto figures = figures_of(entry);
            if (!figures.empty()) ++known;
            if (plan::stock_reason(entry.item, figures) == plan::StockReason::same) {
                settle_same(entry, figures);
                continue;
            }
            if (plan::falls_to_zero(entry.item, figures)) ++falling;
            queue.push_back(&entry);
        }
        if (full_)
            for (const auto& sku : book_.ambiguous()) {
                auto line = flow_.action(plan::Verb::skip, sku, "duplicate_sku");
                line.detail = book_.not_pushed(ArticleNumber{sku});
                flow_.report(line);
            }
        if (flow_.dry_run())
            for (auto* entry : queue) report(*entry, figures_of(*entry));
        if (named_.empty() && !flow_.options().allow_zeroing && plan::too_many_fall(falling, known, settings_.max_zeroed_percent))
            return fail(ErrorKind::guard,
                        fmt::format("{} of {} SKUs would fall to 0, more than stock.max_zeroed_percent = {}: nothing was written",
                                    falling, known, settings_.max_zeroed_percent),
                        {},
                        fmt::format("look at Ongoing's stock; if it is so: blongo stock push --allow-zeroing -C {}",
                                    session_.connection().name));
        if (flow_.dry_run()) return {};
        BLONGO_CHECK(claim());
        const auto pushed = push_all(queue);
        if (!pushed) return pushed;
        return finish();
    }

    /// What is the same needs no write; what BaseLinker holds counts as pushed.
    void settle_same(StockBook::Entry& entry, const map::PiecesByWarehouse& figures) {
        if (figures.empty()) return;
        auto& item = entry.item;
        if (item.held && item.pushed != figures) {
            item.pushed = figures;
            entry.pushed_at = began_;
            entry.is_news = true;
            if (item.moved) settled_.push_back(item.number);
        }
        ++flow_.summary().same;
    }

    /// An older observation never overwrites a newer one: from here on the figures of any run that began earlier are stale.
    Result<void> claim() {
        bool mine = false;
        BLONGO_CHECK(session_.store().in_transaction([&]() -> Result<void> {
            BLONGO_TRY(const auto newest, time_cursor(session_, observed_cursor));
            mine = !newest || *newest <= observed_;
            if (!mine) return {};
            return state::Cursors(session_.store(), session_.key())
                .set(observed_cursor, fmt::to_string(to_unix_milliseconds(observed_)));
        }));
        return mine ? Result<void>{} : overtaken();
    }

    static Result<void> overtaken() {
        return fail(ErrorKind::locked, "another run that began later pushes the stock", {}, "nothing is to be done");
    }

    Result<bool> still_newest() {
        BLONGO_TRY(const auto newest, time_cursor(session_, observed_cursor));
        return newest && to_unix_milliseconds(*newest) == to_unix_milliseconds(observed_);
    }

    Result<void> push_all(std::deque<StockBook::Entry*>& queue) {
        std::size_t done = 0;
        while (true) {
            if (queue.empty()) { // what was sold while the last batch was under way
                if (done == looked_behind_) return {};
                looked_behind_ = done;
                BLONGO_CHECK(take_new_orders(queue));
                if (queue.empty()) return {};
            }
            if (session_.out_of_time() || flow_.limit_reached()) {
                if (session_.out_of_time()) flow_.incomplete();
                left_ = true;
                return {};
            }
            BLONGO_TRY(const bool newest, still_newest());
            if (!newest) return overtaken();
            if (looked_behind_ != done || done == 0) BLONGO_CHECK(take_new_orders(queue));
            auto most = static_cast<std::size_t>(std::min<std::int64_t>(settings_.batch, flow_.writes_left()));
            std::vector<StockBook::Entry*> batch;
            while (!queue.empty() && batch.size() < most) {
                auto* entry = queue.front();
                queue.pop_front();
                const auto figures = figures_of(*entry);
                if (plan::stock_reason(entry->item, figures) == plan::StockReason::same) continue;
                const std::string input = words({}, figures);
                if (flow_.must_wait(entry->item.number.value(), input)) {
                    BLONGO_CHECK(flow_.keep_parked(entry->item.number.value()));
                    continue;
                }
                batch.push_back(entry);
            }
            if (batch.empty()) continue;
            BLONGO_CHECK(write(batch));
            done += batch.size();
            flow_.progress("pushing stock", done, done + queue.size());
        }
    }

    /// Orders that came since the stock was read make figures lower, also those that are written already.
    Result<void> take_new_orders(std::deque<StockBook::Entry*>& queue) {
        BLONGO_TRY(const auto fresh, orders_->read_new());
        for (const auto& number : fresh) {
            auto* entry = book_.find(number);
            if (entry == nullptr || !is_wanted(*entry)) continue;
            entry->item.moved = true;
            if (std::ranges::find(queue, entry) == queue.end()) queue.push_back(entry);
        }
        return {};
    }

    Result<void> write(const std::vector<StockBook::Entry*>& batch) {
        std::map<ProductId, std::map<WarehouseKey, std::int64_t>> figures;
        std::vector<ArticleNumber> numbers;
        for (auto* entry : batch) {
            figures.emplace(entry->item.product, figures_of(*entry));
            numbers.push_back(entry->item.number);
        }
        // If the answer is lost, what BaseLinker holds is not known: written again whatever the figure is then.
        BLONGO_CHECK(state::Stock(session_.store(), session_.key()).mark_moved(numbers));
        const auto sent = session_.baselinker().update_products_stock(session_.connection().baselinker.inventory_id, figures);
        if (!sent) return refused(batch, sent.error());
        taken_ = true;
        std::vector<state::StockRow> rows;
        for (auto* entry : batch) {
            flow_.count_write();
            const auto& written = figures.at(entry->item.product);
            if (const auto warning = sent->warnings.find(entry->item.product); warning != sent->warnings.end()) {
                BLONGO_CHECK(reject(*entry, written, warning->second));
                continue;
            }
            report(*entry, written);
            for (const auto& [key, pieces] : written) entry->item.pushed[key] = pieces;
            if (entry->item.held)
                for (const auto& [key, pieces] : written) (*entry->item.held)[key] = pieces;
            entry->item.moved = false;
            entry->pushed_at = session_.runtime().clock.now();
            entry->is_news = false;
            rows.push_back(entry->row());
            BLONGO_CHECK(flow_.item_succeeded(entry->item.number.value()));
        }
        return state::Stock(session_.store(), session_.key()).put(rows);
    }

    /// The whole call was refused, perhaps because of one product: the halves tell which.
    Result<void> refused(const std::vector<StockBook::Entry*>& batch, const Error& error) {
        if (error.kind != ErrorKind::rejected && error.kind != ErrorKind::not_found) return fail(error);
        if (batch.size() == 1) {
            flow_.count_write();
            // Not one product's fault: nothing was taken yet, and one after the other is refused.
            if (!taken_ && ++refusals_ >= refusals_in_a_row) return fail(error);
            return reject(*batch.front(), figures_of(*batch.front()), error.text());
        }
        BLONGO_TRY(const bool newest, still_newest());
        if (!newest) return overtaken();
        const auto middle = batch.begin() + static_cast<std::ptrdiff_t>(batch.size() / 2);
        BLONGO_CHECK(write({batch.begin(), middle}));
        return write({middle, batch.end()});
    }

    Result<void> reject(StockBook::Entry& entry, const map::PiecesByWarehouse& figures, const std::string& said) {
        return flow_.park({"remote_rejected",
                           entry.item.number.value(),
                           "updateInventoryProductsStock",
                           fmt::format("BaseLinker did not take {}: {}", words({}, figures), said),
                           {},
                           entry.item.product},
                          words({}, figures));
    }

    void report(const StockBook::Entry& entry, const map::PiecesByWarehouse& figures) {
        auto line = flow_.action(plan::Verb::update, entry.item.number.value(),
                                 std::string(plan::to_string(plan::stock_reason(entry.item, figures))));
        const auto& before = plan::stock_before(entry.item);
        line.detail = words(before, figures);
        for (const auto& [key, pieces] : figures) {
            const auto held = before.find(key);
            line.changes.push_back({key.value(), held == before.end() ? json::Value() : json::Value(held->second), pieces});
        }
        flow_.report(line);
    }

    /// What was seen and not written, and from where the next run goes on.
    Result<void> finish() {
        std::vector<state::StockRow> rows;
        for (const auto& entry : book_.entries())
            if (entry.is_news) rows.push_back(entry.row());
        return session_.store().in_transaction([&]() -> Result<void> {
            state::Stock stock(session_.store(), session_.key());
            BLONGO_CHECK(stock.put_observed(rows));
            BLONGO_CHECK(stock.mark_moved(settled_, false));
            BLONGO_CHECK(stock.erase(book_.stale()));
            if (!named_.empty() || left_) return {}; // the next run reads again what this one left
            state::Cursors cursors(session_.store(), session_.key());
            const std::string at = fmt::to_string(to_unix_milliseconds(began_));
            BLONGO_CHECK(cursors.set(changed_cursor, at));
            if (!full_) return {};
            BLONGO_CHECK(cursors.set(settings_cursor, settings_words_));
            return cursors.set(full_cursor, at);
        });
    }

    const config::Config& config_;
    Flow& flow_;
    Session& session_;
    const config::Stock& settings_;
    StockBook book_;
    plan::StockRules rules_;
    std::vector<ArticleNumber> named_;
    Timestamp began_, observed_; ///< by our clock, and by the state's
    bool full_ = false, left_ = false, other_settings_ = false;
    bool taken_ = false; ///< BaseLinker took some figure in this run
    int refusals_ = 0;
    std::size_t looked_behind_ = 0;
    std::string settings_words_;
    std::optional<Timestamp> changed_from_;
    std::optional<GoodsOwnerOrders> orders_;
    std::vector<ArticleNumber> settled_; ///< were marked as moved, and BaseLinker was seen to hold their figure
};

} // namespace

report::Summary run_stock(const config::Config& config, const config::Connection& connection, const FlowOptions& options,
                          const Runtime& runtime) {
    auto session = Session::open(config, connection, state::BudgetClass::stock, options.dry_run, runtime);
    if (!session) return failed_summary(connection.name, "stock", options, session.error());
    FlowOptions locked = options;
    locked.explicit_objects = false; // two pushes at once would overwrite each other's figures
    Flow flow(**session, "stock", locked);
    if (const auto begun = flow.begin(); !begun) return failed_summary(connection.name, "stock", locked, begun.error());
    return flow.finish(StockRun(config, flow).run());
}

} // namespace blongo::sync
