// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/articles.hpp>

#include <algorithm>
#include <functional>
#include <set>
#include <unordered_set>

#include <fmt/format.h>

#include <blongo/base/digest.hpp>
#include <blongo/baselinker/product_listing.hpp>
#include <blongo/config/show.hpp>
#include <blongo/map/article.hpp>
#include <blongo/plan/article_plan.hpp>
#include <blongo/sync/article_bundles.hpp>
#include <blongo/sync/article_pass.hpp>
#include <blongo/sync/article_removal.hpp>
#include <blongo/sync/article_writer.hpp>
#include <blongo/sync/flow.hpp>
#include <blongo/sync/kept_listing.hpp>
#include <blongo/sync/ledger_comparison.hpp>
#include <blongo/sync/product_reader.hpp>
#include <blongo/sync/rebuild_parts.hpp>
#include <blongo/sync/settings.hpp>

namespace blongo::sync {

namespace {

/// One filling of the engine: list -> boot read -> details -> map -> plan -> apply -> removed.
class ArticleRun {
public:
    /// `settings_mark`: a digest of all that the configuration says.
    ArticleRun(Flow& flow, bool compare_always, std::string settings_mark)
        : flow_(flow), session_(flow.session()), settings_(session_.connection().articles),
          map_options_(article_map_options(flow.session().connection())), writer_(flow), listing_(flow, keeps_listing(flow)),
          pass_(flow, uses_of_pass(flow, compare_always), std::move(settings_mark)), bundles_(flow, writer_, catalogue_) {
        // Who names an article wants it to be right there, whatever was agreed once.
        if (compare_always || !flow.options().skus.empty()) writer_.compare_always();
        writer_.ask_owners([this](ProductId source) { return catalogue_.find(source).has_value(); });
        writer_.remember_only([this](const ArticleNumber& number) { return !catalogue_.holders_of(number.value()).empty(); });
        wanted_.insert(flow.options().skus.begin(), flow.options().skus.end());
    }

    Result<void> run() {
        auto outcome = steps();
        // Whatever ended the run: what was written is recorded, and who had a turn.
        if (const auto flushed = writer_.flush(); !flushed && outcome) outcome = flushed;
        if (const auto stopped = pass_.stop(); !stopped && outcome) outcome = stopped;
        return outcome;
    }

private:
    Result<void> steps() {
        BLONGO_TRY(const bool is_read, read_both_sides());
        if (!is_read) return {};
        BLONGO_CHECK(compare_with_ledger());
        BLONGO_CHECK(details());
        BLONGO_TRY(const bool all_bundles, bundles_.process());
        complete_ = complete_ && all_bundles;
        BLONGO_CHECK(writer_.process_deferred());
        BLONGO_CHECK(writer_.flush());
        if (session_.out_of_time() || flow_.limit_reached()) complete_ = false;
        if (!complete_ || filtered()) return {};
        const auto judged = retire_gone();
        BLONGO_CHECK(listing_.forget()); // also one that a guard does not believe
        BLONGO_CHECK(judged);
        BLONGO_CHECK(flow_.release_unseen());
        // One whose write failed keeps the turn that it had, and goes before the others.
        return flow_.summary().complete ? pass_.end() : Result<void>{};
    }

    /// The listing, and Ongoing's articles at the first time: complete before the first write. False: time ended before, and
    /// a later run goes on from there.
    Result<bool> read_both_sides() {
        BLONGO_TRY(const bool is_listed, list());
        if (!is_listed) return false;
        const auto read = writer_.boot_read_once();
        BLONGO_CHECK(listing_.end(read && !session_.out_of_time()));
        if (!read) return ended_early(read.error());
        return true;
    }

    Result<bool> list() {
        const auto take = [this](baselinker::ProductListRow&& row) -> Result<void> {
            flow_.progress("listing products", ++rows_listed_, 0);
            if (row.bad) return park_unreadable(*row.bad);
            catalogue_.add(row);
            return {};
        };
        BLONGO_CHECK(listing_.restore(take));
        if (const auto read = listing_.is_whole() ? Result<void>{} : read_listing(take); !read) {
            BLONGO_CHECK(listing_.stop());
            return ended_early(read.error());
        }
        BLONGO_CHECK(end_listing());
        return true;
    }

    Result<bool> ended_early(const Error& error) {
        if (!listing_.keeps() || error.kind != ErrorKind::timeout) return fail(error);
        flow_.incomplete();
        return false;
    }

    Result<void> read_listing(const KeptListing::EachRow& take) {
        baselinker::ProductListing listing(session_.baselinker(), session_.connection().baselinker.inventory_id,
                                           listing_.first_page());
        for (;;) {
            BLONGO_TRY(auto page, listing.next());
            BLONGO_CHECK(listing_.add(page.rows, listing.next_page() - 1));
            for (auto& row : page.rows) BLONGO_CHECK(take(std::move(row)));
            if (page.last) return {};
            if (session_.runtime().stop.requested()) return fail(ErrorKind::stopped, "stopped while listing products");
            if (listing_.keeps() && session_.out_of_time()) return fail(ErrorKind::timeout, "time ended while listing products");
        }
    }

    /// Who names articles, or only looks, wants to know what is there now.
    [[nodiscard]] static bool keeps_listing(const Flow& flow) {
        return flow.options().skus.empty() && !flow.dry_run() && !flow.options().learns;
    }

    [[nodiscard]] static ArticlePass::Uses uses_of_pass(Flow& flow, bool compare_always) {
        const Session& session = flow.session();
        const bool is_whole = keeps_listing(flow) && session.connection().articles.scope != "ordered";
        return {is_whole, is_whole && !compare_always && session.runtime().verbosity == 0};
    }

    Result<void> end_listing() {
        catalogue_.finish(map_options_.parent_articles,
                          [&](std::string_view number) { return map::passes_sku_filter(number, map_options_); });
        if (filtered()) return check_wanted();
        for (const auto& rejection : catalogue_.rejections()) BLONGO_CHECK(flow_.park(rejection));
        return {};
    }

    /// A product that cannot be read stops no other one.
    Result<void> park_unreadable(const baselinker::BadProduct& bad) {
        return flow_.park({"remote_rejected", fmt::format("#{}", bad.id), bad.path, bad.reason, {}, bad.id});
    }

    /// Named articles must exist in the catalogue.
    Result<void> check_wanted() {
        for (const auto& sku : wanted_) {
            const auto has = [&](const auto& entry) { return entry.number.value() == sku; };
            const auto bad = [&](const auto& rejection) { return rejection.key == sku; };
            if (std::any_of(catalogue_.entries().begin(), catalogue_.entries().end(), has)) continue;
            const auto rejection = std::find_if(catalogue_.rejections().begin(), catalogue_.rejections().end(), bad);
            if (rejection != catalogue_.rejections().end()) {
                BLONGO_CHECK(flow_.park(*rejection));
                continue;
            }
            return fail(ErrorKind::not_found, fmt::format("no product or variant has the SKU {}", sku), "BaseLinker catalogue",
                        "look for it with: blongo articles list");
        }
        return {};
    }

    Result<void> compare_with_ledger() {
        BLONGO_CHECK(pass_.begin(catalogue_));
        if (const LedgerLook* look = pass_.ledger_look()) {
            take_ledger_as_before(*look);
            return {};
        }
        return look_at_ledger();
    }

    /// Which articles are new, renamed or gone, and whose turn it is.
    Result<void> look_at_ledger() {
        BLONGO_TRY(ledger_, compare_with_catalogue(
                                session_, catalogue_, [this](const state::ArticleKeyRow& row) { return pass_.last_turn(row); },
                                settings_.removed == "deactivate"));
        work_ = std::move(ledger_.work);
        if (filtered() || only_ordered()) leave_to_chosen();
        keep_ledger_look();
        plan::order_detail_work(work_);
        return {};
    }

    void leave_to_chosen() {
        std::vector<bool> is_chosen(work_.size(), false);
        const auto& entries = catalogue_.entries();
        for (std::size_t i = 0; i < entries.size(); ++i)
            if (filtered() ? wanted_.contains(entries[i].number.value()) : static_cast<bool>(ledger_.is_agreed[i]))
                is_chosen[main_index(catalogue_, entries[i].product_id)] = true;
        std::size_t at = 0;
        std::erase_if(work_, [&](const plan::DetailWork&) { return !is_chosen[at++]; });
    }

    /// The ledger and the listing are as they were when nothing was gone.
    void take_ledger_as_before(const LedgerLook& look) {
        ledger_.marked.insert(look.marked.begin(), look.marked.end());
        for (const ProductId main : catalogue_.main_products())
            work_.push_back({main.value(), std::ranges::binary_search(look.is_new, main), 0});
        plan::order_detail_work(work_);
    }

    void keep_ledger_look() {
        if (!ledger_.gone.empty() || !ledger_.stale_marks.empty()) return pass_.set_ledger_look(std::nullopt);
        LedgerLook look;
        for (const auto& work : work_)
            if (work.is_new) look.is_new.emplace_back(work.product_id);
        look.marked.assign(ledger_.marked.begin(), ledger_.marked.end());
        pass_.set_ledger_look(std::move(look));
    }

    Result<void> record_mark(ProductId product, bool has_articles) {
        if (flow_.dry_run() || filtered()) return {};
        state::Articles ledger(session_.store(), session_.key());
        const ArticleNumber number = mark_of(product);
        const bool is_marked = ledger_.marked.contains(product);
        if (has_articles && is_marked) ledger_.marked.erase(product);
        if (has_articles) return is_marked ? ledger.erase(number) : Result<void>{};
        if (is_marked) {
            touched_marks_.push_back(number);
            return {};
        }
        state::ArticleRow row;
        row.number = number;
        row.source_id = row.product_id = product;
        row.detail_at = session_.runtime().clock.now();
        new_marks_.push_back(std::move(row));
        return {};
    }

    /// Details are read in one thread while this one maps, plans and writes.
    Result<void> details() {
        if (work_.empty()) return {};
        Result<void> outcome;
        std::size_t done = 0;
        {
            BLONGO_TRY(const auto reader, ProductReader::open(session_, work_, pass_.known_answers()));
            while (auto batch = reader->next()) {
                outcome = take_batch(*batch);
                done += batch->products.size();
                flow_.progress("articles", done, work_.size());
                if (!outcome || session_.out_of_time() || flow_.ends_at_limit()) break;
            }
        }
        if (done < work_.size()) {
            complete_ = false;
            if (session_.out_of_time()) flow_.incomplete();
        }
        return outcome;
    }

    Result<void> take_batch(ProductReader::Batch& batch) {
        if (!batch.data) return fail(batch.data.error());
        if (*batch.data) return write_batch(**batch.data, batch.answer, batch.products.size());
        BLONGO_TRY(const std::size_t articles, pass_.pass(batch.products, batch.answer));
        flow_.count_same(articles);
        return {};
    }

    Result<void> write_batch(const baselinker::ProductsData& data, const std::string& answer, std::size_t asked) {
        bool is_plain = !answer.empty() && data.bad.empty() && data.products.size() == asked;
        for (const auto& bad : data.bad) BLONGO_CHECK(park_unreadable(bad));
        std::vector<map::ArticleDocument> documents;
        for (const auto& product : data.products) {
            auto mapped = map::map_product(product, catalogue_, map_options_);
            is_plain = is_plain && !mapped.filtered_out && mapped.rejected.empty() && !mapped.articles.empty();
            if (mapped.filtered_out) flow_.report(flow_.action(plan::Verb::skip, fmt::format("#{}", product.id), "filtered out"));
            for (const auto& rejection : mapped.rejected)
                if (!filtered() || wanted_.contains(rejection.key)) BLONGO_CHECK(flow_.park(rejection));
            BLONGO_CHECK(record_mark(product.id, !mapped.articles.empty()));
            for (auto& document : mapped.articles) {
                if (!is_chosen(document)) continue;
                is_plain = is_plain && document.components.empty() && !flow_.parked().contains(document.number.value());
                if (document.components.empty())
                    documents.push_back(std::move(document));
                else
                    bundles_.add(std::move(document));
            }
        }
        BLONGO_CHECK(write_marks());
        const std::size_t articles = documents.size(), before = writer_.left_alone();
        BLONGO_CHECK(writer_.process(std::move(documents)));
        if (is_plain && writer_.left_alone() - before == articles) pass_.found_unchanged(answer, articles);
        return {};
    }

    Result<void> write_marks() {
        state::Articles ledger(session_.store(), session_.key());
        if (!new_marks_.empty()) BLONGO_CHECK(ledger.put(new_marks_));
        if (!touched_marks_.empty()) BLONGO_CHECK(ledger.touch(touched_marks_, session_.runtime().clock.now()));
        new_marks_.clear();
        touched_marks_.clear();
        return {};
    }

    Result<void> retire_gone() {
        state::Articles ledger(session_.store(), session_.key());
        if (!flow_.dry_run())
            for (const auto& number : ledger_.stale_marks) BLONGO_CHECK(ledger.erase(number));
        return retire_articles(flow_, writer_, catalogue_, ledger_.gone, ledger_.known);
    }

    [[nodiscard]] bool filtered() const { return !wanted_.empty(); }
    [[nodiscard]] bool only_ordered() const { return settings_.scope == "ordered"; }
    [[nodiscard]] bool is_chosen(const map::ArticleDocument& document) const {
        if (filtered()) return wanted_.contains(document.number.value());
        if (!only_ordered()) return true;
        const auto& entries = catalogue_.entries();
        const auto entry = std::lower_bound(entries.begin(), entries.end(), document.source_id,
                                            [](const map::CatalogueEntry& e, const ProductId& id) { return e.source_id < id; });
        return entry != entries.end() && entry->source_id == document.source_id &&
               ledger_.is_agreed[static_cast<std::size_t>(entry - entries.begin())];
    }
    Flow& flow_;
    Session& session_;
    const config::Articles& settings_;
    map::ArticleOptions map_options_;
    ArticleWriter writer_;
    KeptListing listing_;
    ArticlePass pass_;
    std::size_t rows_listed_ = 0;
    map::Catalogue catalogue_;
    std::unordered_set<std::string> wanted_;
    LedgerComparison ledger_;
    std::vector<plan::DetailWork> work_;
    ArticleBundles bundles_;
    std::vector<state::ArticleRow> new_marks_;
    std::vector<ArticleNumber> touched_marks_; ///< of products that still have no article
    bool complete_ = true;
};

report::Summary run(const config::Config& config, const config::Connection& connection, FlowOptions options,
                    const Runtime& runtime, bool compare_always) {
    auto session = Session::open(config, connection, state::BudgetClass::articles, options.dry_run, runtime);
    if (!session) return failed_summary(connection.name, "articles", options, session.error());
    options.explicit_objects = false; // a PUT by number needs no claim, but two sweeps would race for nothing
    Flow flow(**session, "articles", options);
    if (const auto begun = flow.begin(); !begun) return failed_summary(connection.name, "articles", options, begun.error());
    Digest settings;
    for (const auto& setting : config::select_settings(config, std::span(&connection.name, 1)))
        settings.add(setting.key).add(setting.value);
    return flow.finish(ArticleRun(flow, compare_always, settings.hex()).run());
}

} // namespace

Result<void> learn_articles(Flow& flow) {
    return ArticleRun(flow, false, {}).run();
}

report::Summary run_articles(const config::Config& config, const config::Connection& connection, const FlowOptions& options,
                             const Runtime& runtime) {
    return run(config, connection, options, runtime, false);
}

report::Summary diff_articles(const config::Config& config, const config::Connection& connection, const FlowOptions& options,
                              const Runtime& runtime) {
    FlowOptions dry = options;
    dry.dry_run = true;
    return run(config, connection, dry, runtime, true);
}

} // namespace blongo::sync
