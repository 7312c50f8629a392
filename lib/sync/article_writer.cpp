// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/article_writer.hpp>

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/map/article.hpp>
#include <blongo/plan/same_value.hpp>

namespace blongo::sync {

namespace {

constexpr std::size_t rows_per_record = 100;
constexpr Milliseconds longest_pending{1'000};
constexpr std::string_view boot_read_cursor = "articles.boot_read";

/// The members of an article that the mapping can own: what the boot read keeps for the comparison.
json::Value mapped_part(const json::Value& post_model) {
    json::Value part = json::Value::object();
    for (const auto& row : map::article_mapping()) {
        const json::Value& value = post_model.at_path(row.target);
        if (!value.is_null()) part.set_path(row.target, value);
    }
    return part;
}

state::ArticleRow row_of(const ongoing::Article& article) {
    state::ArticleRow row;
    row.number = article.article_number;
    row.system_id = article.article_system_id;
    row.name = article.article_name;
    row.kind = article.article_kind;
    row.remote = mapped_part(ongoing::post_model_of(article.document)).dump();
    return row;
}

/// Stands in `agreed` from just before a PUT until its record: what was sent. A run that was killed in
/// between, or an answer that got lost, must not make our own value look like an edit of people.
constexpr std::string_view sent_member = "~sent";

json::Value without_sent(const json::Value& agreed, const json::Value& remote) {
    json::Value out = agreed;
    const json::Value sent = agreed[sent_member];
    out.erase(sent_member);
    for (const auto& [member, value] : sent.members()) {
        const json::Value& there = remote.at_path(member);
        if (plan::same_article_value(member, there, value)) out.set(member, value);
    }
    return out;
}

json::Value parsed_object(const std::string& text) {
    if (text.empty()) return json::Value::object();
    auto value = json::Value::parse(text);
    return value ? std::move(*value) : json::Value::object();
}

} // namespace

/// A document on its way through plan, apply and record.
struct ArticleWriter::Item {
    map::ArticleDocument document;
    std::string fingerprint;
    std::optional<state::ArticleRow> known;  ///< the ledger's row under this number
    std::optional<state::ArticleRow> former; ///< ... under the number it had before a rename
    bool done = false;
};

ArticleWriter::ArticleWriter(Flow& flow) : flow_(flow), ledger_(flow.session().store(), flow.session().key()) {
    const auto& settings = flow.session().connection().articles;
    merge_options_.overwrite_existing = settings.existing_articles == "overwrite";
    merge_options_.warehouse_owns.insert(settings.warehouse_owns.begin(), settings.warehouse_owns.end());
    // With other settings the same product may have to be written otherwise: looked at again once.
    std::string decisions = merge_options_.overwrite_existing ? "overwrite" : "";
    for (const auto& member : merge_options_.warehouse_owns) decisions += ":" + member;
    if (!decisions.empty()) settings_mark_ = "+" + fingerprint(decisions).substr(0, 8);
}

Result<void> ArticleWriter::boot_read_once() {
    state::Cursors cursors(flow_.session().store(), flow_.session().key());
    BLONGO_TRY(const auto mark, cursors.get(std::string(boot_read_cursor)));
    if (mark) return {};
    std::vector<state::ArticleRow> rows;
    std::size_t read = 0;
    const auto keep = [&]() -> Result<void> {
        std::vector<ArticleNumber> numbers;
        for (const auto& row : rows) numbers.push_back(row.number);
        BLONGO_TRY(const auto known, ledger_.find_many(numbers));
        std::erase_if(rows, [&](const auto& row) {
            return std::any_of(known.begin(), known.end(), [&](const auto& k) { return k.number == row.number; });
        });
        BLONGO_CHECK(ledger_.put(rows));
        rows.clear();
        return {};
    };
    BLONGO_CHECK(flow_.session().ongoing().each_article([&](ongoing::Article&& article) -> Result<void> {
        flow_.progress("reading Ongoing's articles", ++read, 0);
        if (flow_.dry_run()) {
            if (remember_ && !remember_(article.article_number)) return {};
            auto row = row_of(article);
            dry_ledger_.emplace(row.number, std::move(row));
            return {};
        }
        rows.push_back(row_of(article));
        return rows.size() < rows_per_record ? Result<void>{} : keep();
    }));
    boot_read_now_ = true;
    if (flow_.dry_run()) return {};
    BLONGO_CHECK(keep());
    return cursors.set(std::string(boot_read_cursor), format_utc(flow_.session().runtime().clock.now()));
}

Result<void> ArticleWriter::process(std::vector<map::ArticleDocument> documents) {
    std::vector<Item> items;
    items.reserve(documents.size());
    for (auto& document : documents) {
        Item item;
        item.fingerprint = document.fingerprint() + settings_mark_;
        item.document = std::move(document);
        items.push_back(std::move(item));
    }
    BLONGO_CHECK(sort_out(items));
    BLONGO_CHECK(announce(items));
    for (auto& item : items) {
        if (item.done) continue;
        if (flow_.session().out_of_time()) {
            flow_.incomplete();
            break;
        }
        BLONGO_CHECK(apply(item));
    }
    if (flow_.session().runtime().clock.boot_time() - pending_since_ >= longest_pending) return flush();
    return {};
}

/// Finds what is known of each item, and ends those for which nothing is to be done.
Result<void> ArticleWriter::sort_out(std::vector<Item>& items) {
    std::vector<ArticleNumber> numbers;
    numbers.reserve(items.size());
    for (const auto& item : items) numbers.push_back(item.document.number);
    BLONGO_TRY(auto rows, ledger_.find_many(numbers));
    std::unordered_map<ArticleNumber, state::ArticleRow> by_number;
    for (auto& row : rows) by_number.emplace(row.number, std::move(row));

    std::vector<Item*> strangers;
    for (auto& item : items) {
        if (auto found = by_number.find(item.document.number); found != by_number.end())
            item.known = std::move(found->second);
        else if (auto dry = dry_ledger_.find(item.document.number); dry != dry_ledger_.end())
            item.known = dry->second;
        if (item.known && item.known->fingerprint == item.fingerprint && item.known->active && !item.known->gone &&
            item.known->source_id == item.document.source_id && !compare_always_) {
            flow_.report(flow_.action(plan::Verb::same, item.document.number.value(), "unchanged"));
            if (!flow_.dry_run()) touched_.push_back(item.document.number);
            BLONGO_CHECK(flow_.release(item.document.number.value()));
            item.done = true;
            continue;
        }
        if (flow_.must_wait(item.document.number.value(), item.fingerprint)) {
            BLONGO_CHECK(flow_.keep_parked(item.document.number.value()));
            item.done = true;
            continue;
        }
        if (item.document.source_id.value() != 0 &&
            (!item.known || item.known->source_id != item.document.source_id)) {
            BLONGO_TRY(auto former, ledger_.find_by_source(item.document.source_id));
            for (auto& row : former)
                if (row.number != item.document.number && row.system_id.value() != 0) item.former = std::move(row);
        }
        if (!item.known) strangers.push_back(&item);
    }
    if (!strangers.empty() && !boot_read_now_) BLONGO_CHECK(look_up(strangers));
    for (auto& item : items)
        if (!item.done) BLONGO_CHECK(settle_owner(item));
    return {};
}

/// Whose article is it that has the number? One number may have moved from product to product.
Result<void> ArticleWriter::settle_owner(Item& item) {
    const ProductId holder = item.known ? item.known->source_id : ProductId{};
    if (holder.value() != 0 && holder != item.document.source_id && lives_ && lives_(holder)) {
        deferred_.push_back(std::move(item.document));
        item.done = true;
        return {};
    }
    if (!item.known || !item.former || flow_.dry_run()) return {};
    if (item.known->system_id == item.former->system_id) {
        // Renamed by a run of ours that was killed before its record: the history goes on.
        BLONGO_CHECK(flush());
        BLONGO_CHECK(ledger_.rename(item.former->number, item.document.number,
                                    flow_.session().runtime().clock.now()));
        const ArticleNumber number = item.document.number;
        item.known = std::move(item.former);
        item.known->number = number;
        item.former.reset();
        return {};
    }
    if (holder == item.document.source_id || item.known->system_id.value() == 0) return {};
    item.done = true;
    return flow_.park({"exists_in_warehouse", item.document.number.value(), "sku",
                       fmt::format("renamed from {} in BaseLinker, but Ongoing already has another article {}",
                                   item.former->number, item.document.number),
                       item.document.name, item.document.source_id},
                      item.fingerprint);
}

Result<void> ArticleWriter::process_deferred() {
    while (!deferred_.empty()) {
        BLONGO_CHECK(flush());
        auto documents = std::move(deferred_);
        deferred_.clear();
        const std::size_t before = documents.size();
        BLONGO_CHECK(process(std::move(documents)));
        if (deferred_.size() == before) break;
    }
    for (const auto& document : deferred_)
        BLONGO_CHECK(flow_.park({"duplicate_sku", document.number.value(), "sku",
                                 fmt::format("SKUs were exchanged: {} still is another product's article in Ongoing, and "
                                             "only people can say what lies on its place; give one of them a free SKU "
                                             "first",
                                             document.number),
                                 document.name, document.source_id}));
    deferred_.clear();
    return {};
}

/// Writes down what is about to be sent, for the whole batch at once (see sent_member).
Result<void> ArticleWriter::announce(const std::vector<Item>& items) {
    if (flow_.dry_run()) return {};
    std::int64_t left = flow_.writes_left();
    const std::int64_t most_new = flow_.session().connection().articles.max_new_articles;
    std::int64_t new_left = most_new == 0 ? left : most_new - created_;
    std::vector<state::ArticleRow> rows;
    for (const auto& item : items) {
        if (item.done || left-- <= 0) continue;
        state::ArticleRow row;
        json::Value agreed = json::Value::object();
        if (item.known || item.former) {
            row = item.known ? *item.known : *item.former;
            agreed = parsed_object(row.agreed);
        } else {
            if (new_left-- <= 0) continue;
            row.number = item.document.number;
            row.source_id = item.document.source_id;
            row.product_id = item.document.product_id;
            row.name = item.document.name;
        }
        agreed.set(sent_member, plan::article_agreed(item.document));
        row.agreed = agreed.dump();
        rows.push_back(std::move(row));
    }
    if (rows.empty()) return {};
    BLONGO_CHECK(flush());
    return ledger_.put(rows);
}

/// Articles that the ledger does not know may exist: made by people, by another connector, or by
/// a run of ours that was killed between its PUT and its record.
Result<void> ArticleWriter::look_up(std::vector<Item*>& strangers) {
    for (std::size_t from = 0; from < strangers.size(); from += ongoing::limits::numbers_per_lookup) {
        std::vector<ArticleNumber> numbers;
        const std::size_t to = std::min(strangers.size(), from + ongoing::limits::numbers_per_lookup);
        for (std::size_t i = from; i < to; ++i) numbers.push_back(strangers[i]->document.number);
        BLONGO_TRY(const auto found, flow_.session().ongoing().find_articles(numbers));
        for (const auto& article : found)
            for (std::size_t i = from; i < to; ++i)
                if (strangers[i]->document.number == article.article_number)
                    strangers[i]->known = row_of(article);
    }
    return {};
}

Result<void> ArticleWriter::apply(Item& item) {
    if (item.known) return update(item);
    if (item.former) {
        item.known = std::move(item.former);
        return update(item);
    }
    return create(item);
}

bool ArticleWriter::may_create() {
    const std::int64_t most = flow_.session().connection().articles.max_new_articles;
    if (most == 0 || created_ < most) {
        ++created_;
        return true;
    }
    return false;
}

Result<void> ArticleWriter::create(Item& item) {
    auto line = flow_.action(plan::Verb::create, item.document.number.value(), "new");
    line.label = item.document.name;
    line.notes = item.document.notes;
    if (flow_.limit_reached() || !may_create()) {
        line.verb = plan::Verb::skip;
        line.reason = flow_.limit_reached() ? "limit" : "max_new_articles";
        flow_.report(line);
        return flow_.keep_parked(line.key);
    }
    const json::Value body = plan::article_create_body(item.document);
    for (const auto& member : item.document.members) line.changes.push_back({member.target, {}, member.value});
    state::ArticleRow row;
    row.number = item.document.number;
    row.source_id = item.document.source_id;
    row.product_id = item.document.product_id;
    row.name = item.document.name;
    row.fingerprint = item.fingerprint;
    row.agreed = plan::article_agreed(item.document).dump();
    row.kind = item.document.components.empty() ? "" : "Structure";
    row.detail_at = row.written_at = flow_.session().runtime().clock.now();
    flow_.count_write();
    if (flow_.dry_run()) {
        dry_ledger_.emplace(row.number, std::move(row));
        flow_.report(line);
        return {};
    }
    const auto id = flow_.session().ongoing().put_article(body);
    if (!id) return flow_.item_failed(line, id.error(), item.fingerprint);
    row.system_id = *id;
    BLONGO_CHECK(flow_.item_succeeded(line.key));
    flow_.report(line);
    return record(std::move(row));
}

Result<std::optional<ongoing::Article>> ArticleWriter::read_article(const Item& item) {
    if (item.known->system_id.value() != 0) {
        BLONGO_TRY(auto article, flow_.session().ongoing().get_article(item.known->system_id));
        const auto fits = [&](const ArticleNumber& number) {
            return number == item.known->number || number == item.document.number;
        };
        if (article && fits(article->article_number)) return article;
    }
    // No id yet, or people gave the article of this id another number: the number decides.
    const std::vector<ArticleNumber> numbers{item.known->number};
    BLONGO_TRY(auto found, flow_.session().ongoing().find_articles(numbers));
    if (found.empty()) return std::optional<ongoing::Article>{};
    return std::optional<ongoing::Article>{std::move(found.front())};
}

Result<void> ArticleWriter::complete_structure(const Item& item, json::Value& remote) {
    const std::vector<ArticleNumber> numbers{item.known->number};
    BLONGO_TRY(const auto structures, flow_.session().ongoing().find_structures(numbers));
    for (const auto& structure : structures) {
        json::Value rows = json::Value::array();
        for (const auto& row : structure.rows)
            rows.push_back(json::Value::object()
                               .set("articleNumber", row.article_number.value())
                               .set("numberOfItems", row.number_of_items));
        remote.set("structureDefinition",
                   json::Value::object().set("articleKind", structure.article_kind).set("rows", std::move(rows)));
    }
    return {};
}

Result<void> ArticleWriter::update(Item& item) {
    const bool renamed = item.known->number != item.document.number;
    auto line = flow_.action(plan::Verb::update, item.document.number.value(), renamed ? "rename" : "changed");
    line.label = item.document.name;
    const json::Value recorded = parsed_object(item.known->agreed);

    // What the boot read or the look-up saw is enough to find that nothing differs.
    if (!item.known->remote.empty() && !renamed && item.document.components.empty() && item.known->active) {
        const json::Value seen = parsed_object(item.known->remote);
        const auto merge = plan::merge_article(item.document, without_sent(recorded, seen), seen, item.known->kind,
                                               merge_options_);
        if (!merge.write) {
            line.verb = plan::Verb::adopt;
            line.reason = "already there";
            return settle(item, merge, std::move(line), item.known->kind);
        }
    }
    const auto article = read_article(item);
    if (!article) return flow_.item_failed(line, article.error(), item.fingerprint);
    if (!*article) {
        // Somebody deleted it in Ongoing: the number is free, so it is made again.
        item.known.reset();
        return create(item);
    }
    json::Value remote = ongoing::post_model_of((*article)->document);
    if ((*article)->article_kind == "Structure") {
        if (const auto read = complete_structure(item, remote); !read)
            return flow_.item_failed(line, read.error(), item.fingerprint);
    }
    auto merge = plan::merge_article(item.document, without_sent(recorded, remote), remote,
                                     (*article)->article_kind, merge_options_);
    item.known->system_id = (*article)->article_system_id;
    if (renamed) merge.write = true;
    if (!(*article)->is_active && !item.known->active) {
        merge.write = true;
        merge.body.set("isActive", true);
        merge.changes.push_back({"isActive", false, true});
        line.reason = "returned";
    }
    if (!merge.write) {
        line.verb = item.known->fingerprint.empty() ? plan::Verb::adopt : plan::Verb::same;
        line.reason = item.known->fingerprint.empty() ? "already there" : "unchanged";
    }
    return settle(item, merge, std::move(line), (*article)->article_kind);
}

Result<void> ArticleWriter::settle(Item& item, const plan::ArticleMerge& merge, report::Action line,
                                   const std::string& remote_kind) {
    line.changes = merge.changes;
    line.notes = item.document.notes;
    line.notes.insert(line.notes.end(), merge.notes.begin(), merge.notes.end());
    for (const auto& member : merge.kept) line.notes.push_back("kept: " + member);
    state::ArticleRow row = *item.known;
    const ArticleNumber before = row.number;
    row.number = item.document.number;
    row.source_id = item.document.source_id;
    row.product_id = item.document.product_id;
    row.name = item.document.name;
    row.fingerprint = item.fingerprint;
    row.agreed = merge.agreed.dump();
    row.remote.clear();
    row.kind = remote_kind;
    row.active = true;
    row.gone = false;
    row.detail_at = flow_.session().runtime().clock.now();

    if (merge.write) {
        if (flow_.limit_reached()) {
            line.verb = plan::Verb::skip;
            line.reason = "limit";
            flow_.report(line);
            return {};
        }
        flow_.count_write();
        if (!flow_.dry_run()) {
            const auto id = before == row.number
                                ? flow_.session().ongoing().put_article(merge.body)
                                : flow_.session().ongoing().put_article(row.system_id, merge.body);
            if (!id) return flow_.item_failed(line, id.error(), item.fingerprint);
            row.system_id = *id;
            row.written_at = row.detail_at;
        }
    }
    if (flow_.dry_run()) {
        dry_ledger_[row.number] = std::move(row);
        flow_.report(line);
        return {};
    }
    BLONGO_CHECK(flow_.item_succeeded(line.key));
    if (before != row.number) {
        BLONGO_CHECK(flush());
        BLONGO_CHECK(ledger_.rename(before, row.number, row.detail_at));
    }
    flow_.report(line);
    return record(std::move(row));
}

Result<void> ArticleWriter::set_active(const state::ArticleRow& row, bool active) {
    auto line = flow_.action(plan::Verb::update, row.number.value(), active ? "returned" : "deactivate");
    line.label = row.name;
    const auto article = flow_.session().ongoing().get_article(row.system_id);
    if (!article) return flow_.item_failed(line, article.error(), {});
    state::ArticleRow changed = row;
    changed.active = active;
    changed.gone = !active;
    if (*article) {
        const auto& stock = (*article)->inventory;
        const auto holds = [](const std::optional<Decimal>& number) { return number && !number->is_zero(); };
        if (!active && (holds(stock.number_of_items) || holds(stock.number_of_booked_items) ||
                        holds(stock.to_receive_number_of_items))) {
            line.verb = plan::Verb::skip;
            line.detail = "gone from BaseLinker, but the warehouse has stock or open orders of it";
            flow_.report(line);
            return {};
        }
        if ((*article)->is_active != active) {
            if (flow_.limit_reached()) {
                line.verb = plan::Verb::skip;
                line.reason = "limit";
                flow_.report(line);
                return {};
            }
            json::Value body = ongoing::post_model_of((*article)->document);
            body.set("isActive", active);
            line.changes.push_back({"isActive", (*article)->is_active, active});
            flow_.count_write();
            if (!flow_.dry_run()) {
                const auto id = flow_.session().ongoing().put_article(body);
                if (!id) return flow_.item_failed(line, id.error(), {});
            }
        }
    }
    if (line.changes.empty()) {
        line.verb = plan::Verb::same;
        line.reason = *article ? "already inactive" : "no longer in Ongoing";
    }
    flow_.report(line);
    return flow_.dry_run() ? Result<void>{} : record(std::move(changed));
}

Result<std::vector<ArticleNumber>> ArticleWriter::unknown_of(const std::vector<ArticleNumber>& numbers) {
    BLONGO_CHECK(flush());
    BLONGO_TRY(const auto rows, ledger_.find_many(numbers));
    std::vector<ArticleNumber> out;
    for (const auto& number : numbers) {
        const bool in_ledger = std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
            return row.number == number && row.system_id.value() != 0;
        });
        if (!in_ledger && !dry_ledger_.contains(number)) out.push_back(number);
    }
    return out;
}

Result<bool> ArticleWriter::all_known(const std::vector<ArticleNumber>& numbers) {
    BLONGO_TRY(const auto unknown, unknown_of(numbers));
    return unknown.empty();
}

Result<void> ArticleWriter::adopt_existing(const std::vector<ArticleNumber>& numbers) {
    constexpr auto most = static_cast<std::size_t>(ongoing::limits::numbers_per_lookup);
    for (std::size_t from = 0; from < numbers.size(); from += most) {
        const std::span batch(numbers.data() + from, std::min(most, numbers.size() - from));
        BLONGO_TRY(const auto found, flow_.session().ongoing().find_articles(batch));
        std::vector<state::ArticleRow> rows;
        for (const auto& article : found) rows.push_back(row_of(article));
        if (!flow_.dry_run()) {
            BLONGO_CHECK(ledger_.put(rows));
            continue;
        }
        for (auto& row : rows) dry_ledger_.emplace(row.number, std::move(row));
    }
    return {};
}

Result<void> ArticleWriter::record(state::ArticleRow row) {
    if (pending_.empty()) pending_since_ = flow_.session().runtime().clock.boot_time();
    pending_.push_back(std::move(row));
    if (pending_.size() >= rows_per_record ||
        flow_.session().runtime().clock.boot_time() - pending_since_ >= longest_pending)
        return flush();
    return {};
}

Result<void> ArticleWriter::flush() {
    if (pending_.empty() && touched_.empty()) return {};
    const Timestamp now = flow_.session().runtime().clock.now();
    BLONGO_CHECK(flow_.session().store().in_transaction([&]() -> Result<void> {
        BLONGO_CHECK(ledger_.put(pending_));
        return ledger_.touch(touched_, now);
    }));
    pending_.clear();
    touched_.clear();
    pending_since_ = flow_.session().runtime().clock.boot_time();
    return {};
}

} // namespace blongo::sync
