// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <blongo/json/value.hpp>
#include <blongo/map/document.hpp>
#include <blongo/ongoing/wire.hpp>
#include <blongo/state/articles.hpp>

namespace blongo::sync {

/// The ledger's row of an article that is in Ongoing and that blongo has not compared yet: with the members
/// that the mapping can own (map::article_targets), for the comparison.
[[nodiscard]] state::ArticleRow row_of(const ongoing::Article& article, std::span<const std::string> targets);

/// The ledger's row of an article that is about to be made from this document: no id, nothing agreed yet.
[[nodiscard]] state::ArticleRow row_for(const map::ArticleDocument& document);

/// A JSON object of the ledger; an empty one for an empty text.
[[nodiscard]] json::Value parsed_object(const std::string& text);

/// PostArticleModel.structureDefinition of what Ongoing says of a structure.
[[nodiscard]] json::Value structure_definition(const ongoing::StructureDefinition& structure);

/// Stands in `agreed` from just before a PUT until its record: what was sent. A run that was killed in
/// between, or an answer that got lost, must not make our own value look like an edit of people.
inline constexpr std::string_view sent_member = "~sent";

/// `agreed` with what was sent where Ongoing (`remote`, a post model) holds it, and without the mark.
[[nodiscard]] json::Value without_sent(const json::Value& agreed, const json::Value& remote);

} // namespace blongo::sync
