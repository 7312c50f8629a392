// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "context.hpp"

namespace blongo::app {

/// Shows one article of the one connection that knows it. Several know it: a list and exit code 2;
/// none: 6.
int show_article(Context& context, std::span<const config::Connection* const> connections,
                 const std::string& sku);

} // namespace blongo::app
