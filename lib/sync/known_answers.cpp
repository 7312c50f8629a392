// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/known_answers.hpp>

#include <blongo/json/value.hpp>
#include <blongo/state/runs.hpp>

namespace blongo::sync {

namespace {

const std::string cursor = "articles.known_answers";
constexpr std::chrono::hours longest_known{24};
constexpr std::size_t most_in_look = 10'000; ///< the record is read by every run

json::Value to_json(const std::vector<ProductId>& products) {
    json::Value out = json::Value::array();
    for (const ProductId product : products) out.push_back(product.value());
    return out;
}

std::vector<ProductId> to_products(const json::Value& ids) {
    std::vector<ProductId> out;
    for (const auto& id : ids.elements()) out.emplace_back(id.integer());
    return out;
}

} // namespace

Result<void> KnownAnswers::restore(std::string inputs) {
    inputs_ = std::move(inputs);
    looked_at_ = flow_.session().runtime().clock.now();
    state::Cursors cursors(flow_.session().store(), flow_.session().key());
    BLONGO_TRY(const auto text, cursors.get(cursor));
    if (!text) return {};
    const auto kept = json::Value::parse(*text);
    if (!kept || (*kept)["inputs"].text() != inputs_) return {};
    const Timestamp looked_at = from_unix_milliseconds((*kept)["looked_at"].integer());
    if (looked_at > looked_at_ || looked_at_ - looked_at >= longest_known) return {};
    is_restored_ = true;
    looked_at_ = looked_at;
    if (const json::Value& look = (*kept)["ledger"]; !look.is_null())
        look_ = LedgerLook{to_products(look["new"]), to_products(look["marked"])};
    for (const auto& answer : (*kept)["answers"].elements())
        kept_.emplace(answer["digest"].text(), static_cast<std::size_t>(answer["articles"].integer()));
    return {};
}

std::optional<std::size_t> KnownAnswers::articles_of(const std::string& answer) const {
    const auto found = kept_.find(answer);
    if (found == kept_.end()) return std::nullopt;
    return found->second;
}

void KnownAnswers::add(const std::string& answer, std::size_t articles) {
    if (is_used()) seen_.emplace(answer, articles);
}

Result<void> KnownAnswers::keep() {
    json::Value answers = json::Value::array();
    for (const auto& [digest, articles] : seen_)
        answers.push_back(json::Value::object().set("digest", digest).set("articles", static_cast<std::int64_t>(articles)));
    json::Value kept = json::Value::object().set("inputs", inputs_).set("looked_at", to_unix_milliseconds(looked_at_));
    if (look_ && look_->is_new.size() + look_->marked.size() <= most_in_look)
        kept.set("ledger", json::Value::object().set("new", to_json(look_->is_new)).set("marked", to_json(look_->marked)));
    kept.set("answers", std::move(answers));
    BLONGO_CHECK(state::Cursors(flow_.session().store(), flow_.session().key()).set(cursor, kept.dump()));
    is_restored_ = true;
    kept_ = seen_;
    return {};
}

} // namespace blongo::sync
