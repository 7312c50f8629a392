// SPDX-License-Identifier: Apache-2.0
// Articles of both sides: Ongoing's are read once, page by page, into a few bytes each; BaseLinker's details are mapped batch
// by batch and held against them. What does not match by its marks is read again, whole, and judged as `articles sync` would.
#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/map/article.hpp>
#include <blongo/plan/article_plan.hpp>
#include <blongo/plan/same_value.hpp>
#include <blongo/state/articles.hpp>
#include <blongo/sync/article_ledger.hpp>
#include <blongo/sync/check_parts.hpp>
#include <blongo/sync/settings.hpp>

namespace blongo::sync {

namespace {

constexpr std::size_t batch_size = ongoing::limits::numbers_per_lookup;

/// What became of an article of the catalogue.
enum class Outcome : std::uint8_t { unread, in_ongoing, missing, parked, filtered };

/// Marks of Ongoing's articles by entry of the catalogue, one per member of the mapping.
class MarkTable {
public:
    explicit MarkTable(const map::ArticleOptions& options) : targets_(map::article_targets(options)) {}
    void resize(std::size_t entries) {
        state_.assign(entries, State::absent);
        marks_.assign(entries * width_, 0);
    }
    void put(std::size_t entry, const ongoing::Article& article) {
        const bool plain = article.is_active && article.article_kind != "Structure";
        state_[entry] = plain ? State::plain : State::to_look_at;
        const json::Value remote = ongoing::post_model_of(article.document);
        for (std::size_t i = 0; i < width_; ++i)
            marks_[entry * width_ + i] = plan::article_value_mark(targets_[i], remote.at_path(targets_[i]));
    }
    /// Whether Ongoing holds every member that BaseLinker reports.
    [[nodiscard]] bool same(std::size_t entry, const map::ArticleDocument& wanted) const {
        if (state_[entry] != State::plain || !wanted.components.empty()) return false;
        for (std::size_t i = 0; i < width_; ++i) {
            const json::Value* value = wanted.find(targets_[i]);
            if (value != nullptr && plan::article_value_mark(targets_[i], *value) != marks_[entry * width_ + i]) return false;
        }
        return true;
    }

private:
    enum class State : std::uint8_t { absent, plain, to_look_at };
    const std::vector<std::string> targets_;
    const std::size_t width_ = targets_.size();
    std::vector<State> state_;
    std::vector<std::uint32_t> marks_;
};

class ArticleCheck {
public:
    explicit ArticleCheck(CheckContext& context)
        : context_(context), session_(context.session), settings_(session_.connection().articles),
          map_options_(article_map_options(session_.connection())), merge_options_(article_merge_options(settings_)),
          ledger_(session_.store(), session_.key()), flow_(session_, "articles", FlowOptions::looking()) {}

    Result<void> run() {
        BLONGO_CHECK(flow_.load_parked());
        BLONGO_CHECK(list());
        BLONGO_CHECK(leave_out_unordered());
        BLONGO_CHECK(read_ongoing());
        BLONGO_CHECK(judge_strangers());
        BLONGO_CHECK(details());
        if (!context_.ended_early()) totals();
        return {};
    }

private:
    Result<void> list() {
        std::size_t rows = 0;
        BLONGO_CHECK(session_.baselinker().each_product(
            session_.connection().baselinker.inventory_id, [&](baselinker::ProductListRow&& row) -> Result<void> {
                flow_.progress("listing products", ++rows, 0);
                if (session_.runtime().stop.requested()) return fail(ErrorKind::stopped, "stopped while listing products");
                if (row.bad) {
                    ++unreadable_;
                    return {};
                }
                if (!row.sku.empty()) skus_.push_back(std::hash<std::string>{}(normalise_name(row.sku)));
                catalogue_.add(row);
                return {};
            }));
        std::ranges::sort(skus_);
        catalogue_.finish(map_options_.parent_articles,
                          [&](std::string_view number) { return map::passes_sku_filter(number, map_options_); });
        outcomes_.assign(entries().size(), Outcome::unread);
        marks_.resize(entries().size());
        by_number_.resize(entries().size());
        for (std::uint32_t i = 0; i < by_number_.size(); ++i) by_number_[i] = i;
        std::ranges::sort(by_number_, {}, [&](std::uint32_t i) -> const std::string& { return entries()[i].number.value(); });
        return {};
    }

    /// scope = "ordered": only what blongo brought to Ongoing, or was asked for, is to be there.
    Result<void> leave_out_unordered() {
        if (settings_.scope != "ordered") return {};
        std::ranges::fill(outcomes_, Outcome::filtered);
        return ledger_.each_key([&](state::ArticleKeyRow&& row) {
            if (row.fingerprint.empty()) return;
            if (const auto entry = entry_of(row.source_id); entry && entries()[*entry].number == row.number)
                outcomes_[*entry] = Outcome::unread;
        });
    }

    Result<void> read_ongoing() {
        std::size_t read = 0;
        return session_.ongoing().each_article([&](ongoing::Article&& article) -> Result<void> {
            flow_.progress("reading Ongoing's articles", ++read, 0);
            if (session_.runtime().stop.requested()) return fail(ErrorKind::stopped, "stopped while reading articles");
            if (const auto entry = entry_of(article.article_number)) {
                marks_.put(*entry, article);
                return {};
            }
            if (!article.is_active || is_of_catalogue(article.article_number)) return {};
            plan::SurplusArticle stranger;
            stranger.number = article.article_number.value();
            stranger.name = article.article_name;
            stranger.deactivate = settings_.removed == "deactivate";
            stranger.in_stock = article.inventory.holds_or_expects();
            strangers_.push_back(std::move(stranger));
            return strangers_.size() < batch_size ? Result<void>{} : judge_strangers();
        });
    }

    /// A number of the catalogue that is no entry of its own: doubled, a parent's, or left out by a filter; or a service.
    [[nodiscard]] bool is_of_catalogue(const ArticleNumber& number) const {
        if (std::ranges::binary_search(skus_, std::hash<std::string>{}(number.value()))) return true;
        return std::ranges::any_of(session_.connection().orders.service_skus,
                                   [&](const std::string& glob) { return glob_match(glob, number.value()); });
    }

    Result<void> judge_strangers() {
        std::vector<ArticleNumber> numbers;
        for (const auto& stranger : strangers_) numbers.emplace_back(stranger.number);
        BLONGO_TRY(const auto rows, ledger_.find_many(numbers));
        for (auto& stranger : strangers_) {
            const auto row = std::ranges::find(rows, ArticleNumber{stranger.number}, &state::ArticleRow::number);
            if (row != rows.end()) {
                // Gone and kept is what the settings say; a product that lives under another number was renamed.
                if (row->gone || !row->active || entry_of(row->source_id)) continue;
                stranger.ours = row->source_id.value() != 0 && !row->fingerprint.empty();
            }
            context_.sink.difference(plan::article_surplus(stranger));
        }
        strangers_.clear();
        return {};
    }

    Result<void> details() {
        const auto& mains = catalogue_.main_products();
        const auto size = static_cast<std::size_t>(settings_.batch);
        for (std::size_t from = 0; from < mains.size() && !session_.out_of_time(); from += size) {
            const std::span ids(mains.data() + from, std::min(size, mains.size() - from));
            BLONGO_TRY(const auto data,
                       session_.baselinker().get_products_data(session_.connection().baselinker.inventory_id, ids));
            for (const auto& bad : data.bad) refuse_all_of(bad.id, "remote_rejected");
            for (const auto& product : data.products) BLONGO_CHECK(judge_product(product));
            flow_.progress("comparing articles", from + ids.size(), mains.size());
        }
        return look_again();
    }

    void refuse_all_of(ProductId product, const std::string& cause) {
        for (std::size_t i = 0; i < entries().size(); ++i)
            if (entries()[i].product_id == product) refuse(i, cause);
    }

    void refuse(std::size_t entry, const std::string& cause) {
        if (outcomes_[entry] != Outcome::unread) return;
        outcomes_[entry] = Outcome::parked;
        ++parked_[cause];
    }

    Result<void> judge_product(const baselinker::Product& product) {
        const auto mapped = map::map_product(product, catalogue_, map_options_);
        for (const auto& rejection : mapped.rejected)
            if (const auto entry = entry_of(rejection.source_id)) refuse(*entry, rejection.cause);
        for (const auto& document : mapped.articles) {
            const auto entry = entry_of(document.source_id);
            if (entry && outcomes_[*entry] == Outcome::filtered) continue;
            if (entry && entries()[*entry].number == document.number && marks_.same(*entry, document)) {
                outcomes_[*entry] = Outcome::in_ongoing;
                continue;
            }
            doubtful_.push_back(document);
            if (doubtful_.size() >= batch_size) BLONGO_CHECK(look_again());
        }
        // What the details no longer hold, or a filter on them leaves out, is no article.
        const auto leave_out = [&](ProductId source) {
            const auto entry = entry_of(source);
            const auto same = [&](const auto& document) { return document.source_id == source; };
            if (entry && outcomes_[*entry] == Outcome::unread && std::ranges::none_of(mapped.articles, same))
                outcomes_[*entry] = Outcome::filtered;
        };
        leave_out(product.id);
        for (const auto& variant : product.variants) leave_out(variant.id);
        return {};
    }

    /// The articles that may differ, as Ongoing holds them now.
    Result<void> look_again() {
        if (doubtful_.empty()) return {};
        std::vector<ArticleNumber> numbers, structures;
        for (const auto& document : doubtful_) numbers.push_back(document.number);
        BLONGO_TRY(auto found, session_.ongoing().find_articles(numbers));
        std::unordered_map<ArticleNumber, ongoing::Article> there;
        for (auto& article : found) {
            if (article.article_kind == "Structure") structures.push_back(article.article_number);
            there.insert_or_assign(article.article_number, std::move(article));
        }
        std::unordered_map<ArticleNumber, json::Value> rows;
        if (!structures.empty()) {
            BLONGO_TRY(const auto read, session_.ongoing().find_structures(structures));
            for (const auto& structure : read) rows.emplace(structure.article_number, structure_definition(structure));
        }
        BLONGO_TRY(const auto known, ledger_.find_many(numbers));
        for (const auto& document : doubtful_) {
            const auto article = there.find(document.number);
            const auto row = std::ranges::find(known, document.number, &state::ArticleRow::number);
            const state::ArticleRow* ledger = row == known.end() ? nullptr : &*row;
            if (article == there.end()) {
                BLONGO_CHECK(judge_absent(document));
                continue;
            }
            json::Value remote = ongoing::post_model_of(article->second.document);
            if (const auto structure = rows.find(document.number); structure != rows.end())
                remote.set("structureDefinition", structure->second);
            judge_present(document, article->second, remote, ledger);
        }
        doubtful_.clear();
        return {};
    }

    void judge_present(const map::ArticleDocument& document, const ongoing::Article& article, const json::Value& remote,
                       const state::ArticleRow* ledger) {
        settle(document, Outcome::in_ongoing);
        if (flow_.parked().contains(document.number.value())) return;
        const json::Value agreed = ledger == nullptr ? json::Value::object() : parsed_object(ledger->agreed);
        auto merge = plan::merge_article(document, without_sent(agreed, remote), remote, article.article_kind, merge_options_);
        if (ledger != nullptr && !ledger->active && !article.is_active) merge.changes.push_back({"isActive", false, true});
        if (!merge.changes.empty()) context_.sink.difference(plan::article_differs(document, merge.changes));
    }

    /// Renamed in BaseLinker, waiting for a person, or missing.
    Result<void> judge_absent(const map::ArticleDocument& document) {
        const std::string cause = flow_.cause_of(document.number.value());
        if (!cause.empty()) {
            if (const auto entry = entry_of(document.source_id)) refuse(*entry, cause);
            return {};
        }
        BLONGO_TRY(const auto rows, ledger_.find_by_source(document.source_id));
        for (const auto& former : rows) {
            if (former.number == document.number || former.system_id.value() == 0) continue;
            BLONGO_TRY(const auto article, session_.ongoing().get_article(former.system_id));
            if (!article || article->article_number != former.number) continue;
            settle(document, Outcome::in_ongoing);
            context_.sink.difference(
                plan::article_differs(document, {{"articleNumber", former.number.value(), document.number.value()}}));
            return {};
        }
        settle(document, Outcome::missing);
        context_.sink.difference(plan::article_missing(document));
        return {};
    }

    void settle(const map::ArticleDocument& document, Outcome outcome) {
        if (const auto entry = entry_of(document.source_id)) outcomes_[*entry] = outcome;
    }

    void totals() {
        const auto came_to = [&](Outcome outcome) { return static_cast<std::int64_t>(std::ranges::count(outcomes_, outcome)); };
        const auto listed = [&](map::Fate fate) { return static_cast<std::int64_t>(catalogue_.count(fate)); };
        plan::Totals books;
        books.flow = "articles";
        books.what = "products_and_variants";
        books.total = static_cast<std::int64_t>(catalogue_.rows()) + unreadable_;
        books.missing = came_to(Outcome::missing);
        books.terms = {{"in_ongoing", came_to(Outcome::in_ongoing)},
                       {"filtered_out", came_to(Outcome::filtered) + listed(map::Fate::left_out)},
                       {"parents", listed(map::Fate::parent)}};
        books.parked = parked_;
        const auto add = [&](const char* cause, std::int64_t count) {
            if (count > 0) books.parked[cause] += count;
        };
        add("no_sku", listed(map::Fate::no_sku));
        add("key_too_long", listed(map::Fate::too_long));
        add("duplicate_sku", listed(map::Fate::duplicate));
        add("remote_rejected", unreadable_);
        context_.sink.totals(books);
    }

    [[nodiscard]] const std::vector<map::CatalogueEntry>& entries() const { return catalogue_.entries(); }
    [[nodiscard]] std::optional<std::size_t> entry_of(ProductId source) const {
        const auto found = std::ranges::lower_bound(entries(), source, {}, &map::CatalogueEntry::source_id);
        if (found == entries().end() || found->source_id != source) return std::nullopt;
        return static_cast<std::size_t>(found - entries().begin());
    }
    [[nodiscard]] std::optional<std::size_t> entry_of(const ArticleNumber& number) const {
        const auto found = std::ranges::lower_bound(
            by_number_, number.value(), {}, [&](std::uint32_t i) -> const std::string& { return entries()[i].number.value(); });
        if (found == by_number_.end() || entries()[*found].number != number) return std::nullopt;
        return static_cast<std::size_t>(*found);
    }

    CheckContext& context_;
    Session& session_;
    const config::Articles& settings_;
    map::ArticleOptions map_options_;
    plan::ArticleMergeOptions merge_options_;
    state::Articles ledger_;
    Flow flow_;
    map::Catalogue catalogue_;
    std::vector<std::size_t> skus_;        ///< hashes of all SKUs of the listing, ascending
    std::vector<std::uint32_t> by_number_; ///< entries by number
    std::vector<Outcome> outcomes_;        ///< by entry
    MarkTable marks_{map_options_};
    std::map<std::string, std::int64_t> parked_;
    std::int64_t unreadable_ = 0; ///< rows of the listing that could not be read
    std::vector<plan::SurplusArticle> strangers_;
    std::vector<map::ArticleDocument> doubtful_;
};

} // namespace

Result<void> check_articles(CheckContext& context) {
    return ArticleCheck(context).run();
}

} // namespace blongo::sync
