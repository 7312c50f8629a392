// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/article_pass.hpp>

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <blongo/base/digest.hpp>
#include <blongo/base/host.hpp>
#include <blongo/state/runs.hpp>

namespace blongo::sync {

namespace {

constexpr std::chrono::seconds longest_passed{10}; ///< so much is read again after a kill
const std::string pass_cursor = "articles.pass";

} // namespace

ArticlePass::ArticlePass(Flow& flow, Uses uses, std::string settings_mark)
    : flow_(flow), ledger_(flow.session().store(), flow.session().key()), uses_(uses), settings_mark_(std::move(settings_mark)),
      known_answers_(flow), passed_since_(flow.session().runtime().clock.boot_time()) {}

Result<void> ArticlePass::begin(const map::Catalogue& catalogue) {
    state::Cursors cursors(flow_.session().store(), flow_.session().key());
    BLONGO_TRY(const auto last, cursors.number(pass_cursor));
    last_pass_ = last.value_or(0);
    BLONGO_TRY(version_, ledger_.version());
    if (!uses_.known_answers) return {};
    Digest inputs;
    inputs.add(program_mark()).add(flow_.session().runtime().version).add(settings_mark_);
    inputs.add(catalogue.digest()).add(fmt::to_string(version_.written));
    std::set<std::string_view> parked;
    for (const auto& [key, row] : flow_.parked()) parked.insert(key);
    for (const auto key : parked) inputs.add(key);
    return known_answers_.restore(inputs.hex());
}

const LedgerLook* ArticlePass::ledger_look() const {
    return to_unix_milliseconds(version_.touched) <= last_pass_ ? known_answers_.ledger_look() : nullptr;
}

std::int64_t ArticlePass::last_turn(const state::ArticleKeyRow& row) const {
    return std::max(to_unix_milliseconds(row.detail_at), last_pass_);
}

Result<std::size_t> ArticlePass::pass(const std::vector<ProductId>& products, const std::string& answer) {
    const std::size_t articles = known_answers_.articles_of(answer).value_or(0);
    known_answers_.add(answer, articles);
    passed_.insert(passed_.end(), products.begin(), products.end());
    if (flow_.session().runtime().clock.boot_time() - passed_since_ >= longest_passed) BLONGO_CHECK(stop());
    return articles;
}

Result<void> ArticlePass::end() {
    if (!uses_.record) return {};
    passed_.clear();
    const auto now = to_unix_milliseconds(flow_.session().runtime().clock.now());
    BLONGO_CHECK(state::Cursors(flow_.session().store(), flow_.session().key()).set(pass_cursor, fmt::to_string(now)));
    if (!known_answers_.has_news()) return {};
    // They were unchanged beside the ledger as it was, which this run or another one may have changed meanwhile.
    BLONGO_TRY(const auto version, ledger_.version());
    return version.written == version_.written ? known_answers_.keep() : Result<void>{};
}

Result<void> ArticlePass::stop() {
    const auto passed = std::exchange(passed_, {});
    passed_since_ = flow_.session().runtime().clock.boot_time();
    return ledger_.touch_products(passed, flow_.session().runtime().clock.now());
}

} // namespace blongo::sync
