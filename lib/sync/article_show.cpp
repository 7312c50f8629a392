// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include <blongo/map/article.hpp>
#include <blongo/plan/article_plan.hpp>
#include <blongo/plan/same_value.hpp>
#include <blongo/state/articles.hpp>
#include <blongo/state/parked.hpp>
#include <blongo/sync/article_ledger.hpp>
#include <blongo/sync/articles.hpp>
#include <blongo/sync/mapping.hpp>
#include <blongo/sync/settings.hpp>
#include <blongo/sync/state_access.hpp>

namespace blongo::sync {

namespace {

constexpr int ledger_page = 500;

/// A value as one line for people.
std::string shown(const json::Value& value) {
    return value.is_object() || value.is_array() ? value.dump() : std::string(value.text());
}

/// Agreed and remote values stand under dotted members or nested objects.
const json::Value& member_of(const json::Value& object, std::string_view target) {
    const json::Value* flat = object.find(target);
    return flat != nullptr ? *flat : object.at_path(target);
}

Result<map::Catalogue> read_catalogue(Session& session, const map::ArticleOptions& options) {
    map::Catalogue catalogue;
    BLONGO_CHECK(session.baselinker().each_product(session.connection().baselinker.inventory_id,
                                                   [&](baselinker::ProductListRow&& row) -> Result<void> {
                                                       catalogue.add(row);
                                                       return {};
                                                   }));
    catalogue.finish(options.parent_articles);
    return catalogue;
}

} // namespace

Result<ArticleView> show_article(const config::Config& config, const config::Connection& connection, const std::string& sku,
                                 const Runtime& runtime) {
    BLONGO_TRY(const auto session, Session::open(config, connection, state::BudgetClass::articles, true, runtime));
    auto options = article_map_options(connection);
    options.trace = true;
    ArticleView view;
    view.number = sku;
    const std::vector<ArticleNumber> numbers{ArticleNumber{sku}};

    state::Articles ledger(session->store(), session->key());
    BLONGO_TRY(const auto row, ledger.find(numbers.front()));
    json::Value agreed = json::Value::object();
    if (row) {
        view.in_ledger = true;
        view.source_id = row->source_id.value();
        view.product_id = row->product_id.value();
        view.article_system_id = row->system_id.value();
        agreed = parsed_object(row->agreed);
        BLONGO_TRY(const auto renames, ledger.renames(row->source_id));
        for (const auto& rename : renames) view.former_numbers.push_back(rename.old_number.value());
    }
    BLONGO_TRY(const auto parked, state::Parked(session->store(), session->key()).find("articles", sku));
    if (parked) {
        view.parked_cause = parked->cause;
        view.parked_detail = parked->detail;
    }

    BLONGO_TRY(const auto catalogue, read_catalogue(*session, options));
    std::optional<map::ArticleDocument> document;
    const auto entry = std::find_if(catalogue.entries().begin(), catalogue.entries().end(),
                                    [&](const map::CatalogueEntry& e) { return e.number == numbers.front(); });
    if (entry != catalogue.entries().end()) {
        const std::vector<ProductId> ids{entry->product_id};
        BLONGO_TRY(const auto data, session->baselinker().get_products_data(connection.baselinker.inventory_id, ids));
        for (const auto& product : data.products) {
            auto mapped = map::map_product(product, catalogue, options);
            for (auto& candidate : mapped.articles)
                if (candidate.number == numbers.front()) document = std::move(candidate);
        }
        view.in_baselinker = true;
        view.source_id = entry->source_id.value();
        view.product_id = entry->product_id.value();
    }
    BLONGO_TRY(const auto found, session->ongoing().find_articles(numbers));
    json::Value remote = json::Value::object();
    if (!found.empty()) {
        view.in_ongoing = true;
        view.article_system_id = found.front().article_system_id.value();
        remote = ongoing::post_model_of(found.front().document);
        if (found.front().article_kind == "Structure") {
            BLONGO_TRY(const auto structures, session->ongoing().find_structures(numbers));
            for (const auto& structure : structures) remote.set("structureDefinition", structure_definition(structure));
        }
    }
    if (!view.in_baselinker && !view.in_ongoing && !view.in_ledger && !view.parked_cause)
        return fail(ErrorKind::not_found, fmt::format("neither side has an article with the number {}", sku), {},
                    "look for it with: blongo articles list");

    std::set<std::string> differing, kept;
    if (document) {
        plan::ArticleMergeOptions merge_options;
        merge_options.overwrite_existing = connection.articles.existing_articles == "overwrite";
        merge_options.warehouse_owns.insert(connection.articles.warehouse_owns.begin(), connection.articles.warehouse_owns.end());
        const auto merge =
            plan::merge_article(*document, agreed, remote, found.empty() ? "" : found.front().article_kind, merge_options);
        for (const auto& change : merge.changes) differing.insert(change.member);
        kept.insert(merge.kept.begin(), merge.kept.end());
    }
    for (const MappingLine& mapping : mapping_in_effect("articles", &connection)) {
        const std::string& target = mapping.target;
        const json::Value* wanted = document ? document->find(target) : nullptr;
        ArticleView::Line line;
        line.target = target;
        line.source = mapping.source;
        line.own = mapping.own;
        if (document)
            for (const map::OwnTrace& trace : document->traces)
                if (trace.target == target) std::tie(line.reads, line.by_default) = std::tie(trace.reads, trace.by_default);
        if (wanted != nullptr) line.baselinker = shown(*wanted);
        if (document && target == "articleNumber") line.baselinker = sku;
        line.ongoing = shown(member_of(remote, target));
        line.agreed = shown(member_of(agreed, target));
        if (kept.contains(target))
            line.verdict = "kept";
        else if (differing.contains(target))
            line.verdict = "differs";
        else if (line.baselinker.empty() && line.ongoing.empty())
            line.verdict = "empty";
        else if (line.baselinker.empty())
            line.verdict = "only in Ongoing";
        else if (!view.in_ongoing)
            line.verdict = "only in BaseLinker";
        else if (wanted != nullptr && !line.ongoing.empty() &&
                 !plan::same_article_value(target, *wanted, member_of(remote, target)))
            line.verdict = "kept"; // the warehouse owns it
        else
            line.verdict = "same";
        view.lines.push_back(std::move(line));
    }
    return view;
}

Result<bool> knows_article(const config::Connection& connection, const std::string& number, const Runtime& runtime) {
    BLONGO_TRY(const auto opened, open_state(connection, runtime, state::Access::read_only));
    BLONGO_TRY(const auto row, state::Articles(*opened.store, opened.key).find(ArticleNumber{number}));
    BLONGO_TRY(const auto parked, state::Parked(*opened.store, opened.key).find("articles", number));
    return row.has_value() || parked.has_value();
}

Result<void> list_articles(const config::Config&, const config::Connection& connection, const std::vector<std::string>& missing,
                           const Runtime& runtime, const std::function<void(const ArticleListRow&)>& row) {
    BLONGO_TRY(const auto opened, open_state(connection, runtime, state::Access::read_only));
    state::Articles ledger(*opened.store, opened.key);
    BLONGO_TRY(const auto parked, state::Parked(*opened.store, opened.key).list("articles"));
    std::set<std::string> parked_keys;
    for (const auto& one : parked) parked_keys.insert(one.key);
    const auto listed = [&](const ArticleListRow& out) {
        if (missing.empty() || !out.missing.empty()) row(out);
    };

    ArticleNumber after;
    for (;;) {
        BLONGO_TRY(const auto rows, ledger.page(after, ledger_page));
        if (rows.empty()) break;
        for (const auto& article : rows) {
            if (article.number.value().starts_with('#')) continue; // a mark of the article flow, no article
            ArticleListRow out;
            out.number = article.number.value();
            out.name = article.name;
            out.source_id = article.source_id.value();
            out.article_system_id = article.system_id.value();
            if (to_unix_seconds(article.written_at) != 0) out.written_at = article.written_at;
            out.state = parked_keys.erase(out.number) > 0 ? "parked"
                        : !article.active                 ? "deactivated"
                        : article.gone                    ? "gone"
                        : article.source_id.value() == 0  ? "only in Ongoing"
                        : article.fingerprint.empty()     ? "waiting"
                                                          : "synced";
            const json::Value agreed = parsed_object(article.agreed), remote = parsed_object(article.remote);
            for (const auto& member : missing) {
                const std::string target = member == "barcode" ? "barCodeInfo.barCode" : member;
                if (member_of(agreed, target).is_null() && member_of(remote, target).is_null()) out.missing.push_back(member);
            }
            listed(std::move(out));
        }
        after = rows.back().number;
    }
    // Parked objects that never became an article.
    if (!missing.empty()) return {};
    for (const auto& one : parked) {
        if (!parked_keys.contains(one.key)) continue;
        ArticleListRow out;
        out.number = one.key;
        out.name = one.label;
        out.state = "parked";
        listed(std::move(out));
    }
    return {};
}

} // namespace blongo::sync
