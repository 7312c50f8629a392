// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/ledger_comparison.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace blongo::sync {

namespace {

bool is_mark(const ArticleNumber& number) {
    return number.value().starts_with('#');
}

class Comparison {
public:
    Comparison(const map::Catalogue& catalogue, bool deactivates)
        : catalogue_(catalogue), deactivates_(deactivates), oldest_(catalogue.main_products().size(), -1) {
        found_.is_agreed.assign(catalogue.entries().size(), false);
    }

    void add(const state::ArticleKeyRow& row, std::int64_t last_turn) {
        if (row.source_id.value() == 0) return;
        if (is_mark(row.number)) return add_mark(row, last_turn);
        if (row.active && !row.gone && !row.fingerprint.empty()) ++found_.known;
        const auto& entries = catalogue_.entries();
        const auto entry = std::ranges::lower_bound(entries, row.source_id, {}, &map::CatalogueEntry::source_id);
        if (entry == entries.end() || entry->source_id != row.source_id) {
            if (is_gone(row)) found_.gone.push_back(row.number);
            return;
        }
        if (entry->number != row.number) return;
        found_.is_agreed[static_cast<std::size_t>(entry - entries.begin())] = !row.fingerprint.empty();
        auto& oldest = oldest_[main_index(catalogue_, entry->product_id)];
        if (oldest < 0 || last_turn < oldest) oldest = last_turn;
    }

    LedgerComparison take() {
        const auto& mains = catalogue_.main_products();
        const auto& entries = catalogue_.entries();
        for (std::size_t i = 0; i < mains.size(); ++i)
            found_.work.push_back({mains[i].value(), false, std::max<std::int64_t>(oldest_[i], 0)});
        for (std::size_t i = 0; i < entries.size(); ++i)
            if (!found_.is_agreed[i] && !found_.marked.contains(entries[i].product_id))
                found_.work[main_index(catalogue_, entries[i].product_id)].is_new = true;
        return std::move(found_);
    }

private:
    void add_mark(const state::ArticleKeyRow& row, std::int64_t last_turn) {
        const std::size_t main = main_index(catalogue_, row.source_id);
        if (main >= oldest_.size() || catalogue_.main_products()[main] != row.source_id) {
            found_.stale_marks.push_back(row.number);
            return;
        }
        found_.marked.insert(row.source_id);
        if (oldest_[main] < 0) oldest_[main] = last_turn;
    }

    [[nodiscard]] bool is_gone(const state::ArticleKeyRow& row) const {
        const bool is_judged = row.gone && !deactivates_;
        return row.active && !is_judged && !row.fingerprint.empty() && !catalogue_.find(row.source_id) &&
               catalogue_.holders_of(row.number.value()).empty();
    }

    const map::Catalogue& catalogue_;
    const bool deactivates_;
    std::vector<std::int64_t> oldest_; ///< by main product: the last turn of the article that waits longest; -1: none
    LedgerComparison found_;
};

} // namespace

ArticleNumber mark_of(ProductId product) {
    return ArticleNumber{fmt::format("#{}", product)};
}

std::size_t main_index(const map::Catalogue& catalogue, ProductId product) {
    const auto& mains = catalogue.main_products();
    return static_cast<std::size_t>(std::ranges::lower_bound(mains, product) - mains.begin());
}

Result<LedgerComparison> compare_with_catalogue(Session& session, const map::Catalogue& catalogue,
                                                const std::function<std::int64_t(const state::ArticleKeyRow&)>& last_turn,
                                                bool deactivates) {
    Comparison comparison(catalogue, deactivates);
    state::Articles ledger(session.store(), session.key());
    BLONGO_CHECK(ledger.each_key([&](state::ArticleKeyRow&& row) { comparison.add(row, last_turn(row)); }));
    return comparison.take();
}

} // namespace blongo::sync
