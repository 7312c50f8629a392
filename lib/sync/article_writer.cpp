// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/article_writer.hpp>

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/map/article.hpp>
#include <blongo/sync/article_item.hpp>
#include <blongo/sync/article_ledger.hpp>
#include <blongo/sync/settings.hpp>

namespace blongo::sync {

namespace {

constexpr std::size_t rows_per_record = 100;

} // namespace

ArticleWriter::ArticleWriter(Flow& flow)
    : flow_(flow), ledger_(flow.session().store(), flow.session().key()),
      merge_options_(article_merge_options(flow.session().connection().articles)),
      targets_(map::article_targets(article_map_options(flow.session().connection()))) {
    // With other settings the same product may have to be written otherwise: looked at again once.
    std::string decisions = merge_options_.overwrite_existing ? "overwrite" : "";
    for (const auto& member : merge_options_.warehouse_owns) decisions += ":" + member;
    if (!decisions.empty()) settings_mark_ = "+" + fingerprint(decisions).substr(0, 8);
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
        line.reason = flow_.limit_reached() ? flow_.limit_reason() : "max_new_articles";
        flow_.report(line);
        return flow_.keep_parked(line.key);
    }
    const json::Value body = plan::article_create_body(item.document);
    for (const auto& member : item.document.members) line.changes.push_back({member.target, {}, member.value});
    state::ArticleRow row = row_for(item.document);
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
    for (const auto& structure : structures) remote.set("structureDefinition", structure_definition(structure));
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
        const auto merge =
            plan::merge_article(item.document, without_sent(recorded, seen), seen, item.known->kind, merge_options_);
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
    auto merge =
        plan::merge_article(item.document, without_sent(recorded, remote), remote, (*article)->article_kind, merge_options_);
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
    row.is_bundle = item.document.is_bundle;
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
            line.reason = flow_.limit_reason();
            flow_.report(line);
            return {};
        }
        flow_.count_write();
        if (!flow_.dry_run()) {
            const auto id = before == row.number ? flow_.session().ongoing().put_article(merge.body)
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
        if (!active && (*article)->inventory.holds_or_expects()) {
            line.verb = plan::Verb::skip;
            line.detail = "gone from BaseLinker, but the warehouse has stock or open orders of it";
            flow_.report(line);
            return {};
        }
        if ((*article)->is_active != active) {
            if (flow_.limit_reached()) {
                line.verb = plan::Verb::skip;
                line.reason = flow_.limit_reason();
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
        const bool in_ledger = std::any_of(rows.begin(), rows.end(),
                                           [&](const auto& row) { return row.number == number && row.system_id.value() != 0; });
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
        for (const auto& article : found) rows.push_back(row_of(article, targets_));
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
    if (pending_.size() >= rows_per_record || flow_.session().runtime().clock.boot_time() - pending_since_ >= longest_pending)
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
