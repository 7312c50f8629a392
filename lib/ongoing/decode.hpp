// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <blongo/base/result.hpp>
#include <blongo/json/reader.hpp>
#include <blongo/ongoing/wire.hpp>

/// Decoders of Ongoing's answers (contract sections 2 and 3). Every member may be null.
namespace blongo::ongoing {

/// GetArticleModel. Error (protocol) if it has no articleSystemId; `name` is the operation.
[[nodiscard]] Result<Article> decode_article(json::Node item, const std::string& name);
[[nodiscard]] StructureDefinition decode_structure(json::Node item);

/// Contracts, one row per service of a transporter.
[[nodiscard]] std::vector<TransporterContract> decode_transporter_contracts(json::Node list);

} // namespace blongo::ongoing
