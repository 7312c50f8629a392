// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "context.hpp"

namespace blongo::app {

/// Shows one article of the one connection that knows it. Several know it: a list and exit code 2;
/// none: 6. `with_templates`: and what templates of the mapping read and replace.
int show_article(Context& context, std::span<const config::Connection* const> connections, const std::string& sku,
                 bool with_templates = false);

} // namespace blongo::app
