// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/known_answers.hpp>

#include <blongo/json/value.hpp>
#include <blongo/state/runs.hpp>

namespace blongo::sync {

namespace {

const std::string cursor = "articles.known_answers";

} // namespace

Result<void> KnownAnswers::restore(std::string inputs) {
    inputs_ = std::move(inputs);
    state::Cursors cursors(flow_.session().store(), flow_.session().key());
    BLONGO_TRY(const auto text, cursors.get(cursor));
    if (!text) return {};
    const auto kept = json::Value::parse(*text);
    if (!kept || (*kept)["inputs"].text() != inputs_) return {};
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
    const json::Value kept = json::Value::object().set("inputs", inputs_).set("answers", std::move(answers));
    BLONGO_CHECK(state::Cursors(flow_.session().store(), flow_.session().key()).set(cursor, kept.dump()));
    kept_ = seen_;
    return {};
}

} // namespace blongo::sync
