// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include <blongo/map/catalogue.hpp>
#include <blongo/sync/article_writer.hpp>

namespace blongo::sync {

/// Articles whose products left BaseLinker: judged together, applied last, never after an empty or partial listing
/// (ErrorKind::guard). Pages of a listing shift when products are deleted meanwhile: whatever it did not show is asked for by
/// id first, and only what BaseLinker then does not know is gone. `known`: how many articles both sides have.
[[nodiscard]] Result<void> retire_articles(Flow& flow, ArticleWriter& writer, const map::Catalogue& catalogue,
                                           const std::vector<ArticleNumber>& gone, std::size_t known);

} // namespace blongo::sync
