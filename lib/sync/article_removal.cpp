// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/article_removal.hpp>

#include <algorithm>
#include <set>

#include <blongo/baselinker/client.hpp>
#include <blongo/plan/article_plan.hpp>

namespace blongo::sync {

namespace {

/// Takes out those that BaseLinker still knows.
Result<void> keep_proven(Session& session, const map::Catalogue& catalogue, std::vector<state::ArticleRow>& rows) {
    std::set<ProductId> there;
    constexpr auto most = static_cast<std::size_t>(baselinker::limits::products_per_data_call);
    for (std::size_t from = 0; from < rows.size(); from += most) {
        std::vector<ProductId> ids;
        for (std::size_t i = from; i < std::min(rows.size(), from + most); ++i) ids.push_back(rows[i].source_id);
        const auto data = session.baselinker().get_products_data(session.connection().baselinker.inventory_id, ids);
        if (!data && (data.error().kind == ErrorKind::rejected || data.error().kind == ErrorKind::config ||
                      data.error().kind == ErrorKind::not_found))
            continue; // none of them is in this catalogue
        if (!data) return fail(data.error());
        for (const auto& product : data->products) there.insert(product.id);
    }
    std::erase_if(rows,
                  [&](const auto& row) { return there.contains(row.source_id) || catalogue.find(row.source_id).has_value(); });
    return {};
}

} // namespace

Result<void> retire_articles(Flow& flow, ArticleWriter& writer, const map::Catalogue& catalogue,
                             const std::vector<ArticleNumber>& gone, std::size_t known) {
    if (gone.empty()) return {};
    Session& session = flow.session();
    const auto& settings = session.connection().articles;
    const bool deactivates = settings.removed == "deactivate";
    BLONGO_CHECK(plan::judge_deactivations(known, deactivates || catalogue.empty() ? gone.size() : 0,
                                           static_cast<int>(settings.max_deactivated_percent), catalogue.empty()));
    state::Articles ledger(session.store(), session.key());
    BLONGO_TRY(auto rows, ledger.find_many(gone));
    BLONGO_CHECK(keep_proven(session, catalogue, rows));
    std::vector<state::ArticleRow> kept;
    for (auto& row : rows) {
        if (session.out_of_time()) {
            flow.incomplete();
            break;
        }
        BLONGO_CHECK(flow.release(row.number.value()));
        if (deactivates && row.system_id.value() != 0) {
            BLONGO_CHECK(writer.set_active(row, false));
            continue;
        }
        auto line = flow.action(plan::Verb::skip, row.number.value(), "gone from BaseLinker");
        line.label = row.name;
        line.detail = "kept in Ongoing; removed = \"deactivate\" would set it inactive";
        flow.report(line);
        row.gone = true;
        kept.push_back(std::move(row));
    }
    if (!flow.dry_run()) BLONGO_CHECK(ledger.put(kept));
    return writer.flush();
}

} // namespace blongo::sync
