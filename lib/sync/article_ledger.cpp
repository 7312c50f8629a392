// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/article_ledger.hpp>

#include <blongo/ongoing/client.hpp>
#include <blongo/plan/same_value.hpp>

namespace blongo::sync {

namespace {

/// The members of an article that the mapping can own: what the boot read keeps for the comparison.
json::Value mapped_part(const json::Value& post_model, std::span<const std::string> targets) {
    json::Value part = json::Value::object();
    for (const std::string& target : targets) {
        const json::Value& value = post_model.at_path(target);
        if (!value.is_null()) part.set_path(target, value);
    }
    return part;
}

} // namespace

state::ArticleRow row_of(const ongoing::Article& article, std::span<const std::string> targets) {
    state::ArticleRow row;
    row.number = article.article_number;
    row.system_id = article.article_system_id;
    row.name = article.article_name;
    row.kind = article.article_kind;
    row.remote = mapped_part(ongoing::post_model_of(article.document), targets).dump();
    return row;
}

json::Value without_sent(const json::Value& agreed, const json::Value& remote) {
    json::Value out = agreed;
    const json::Value& sent = agreed[sent_member];
    out.erase(sent_member);
    for (const auto& [member, value] : sent.members()) {
        const json::Value& there = remote.at_path(member);
        if (plan::same_article_value(member, there, value)) out.set(member, value);
    }
    return out;
}

state::ArticleRow row_for(const map::ArticleDocument& document) {
    state::ArticleRow row;
    row.number = document.number;
    row.source_id = document.source_id;
    row.product_id = document.product_id;
    row.name = document.name;
    row.is_bundle = document.is_bundle;
    return row;
}

json::Value structure_definition(const ongoing::StructureDefinition& structure) {
    json::Value rows = json::Value::array();
    for (const auto& row : structure.rows)
        rows.push_back(
            json::Value::object().set("articleNumber", row.article_number.value()).set("numberOfItems", row.number_of_items));
    return json::Value::object().set("articleKind", structure.article_kind).set("rows", std::move(rows));
}

json::Value parsed_object(const std::string& text) {
    if (text.empty()) return json::Value::object();
    auto value = json::Value::parse(text);
    return value ? std::move(*value) : json::Value::object();
}

} // namespace blongo::sync
