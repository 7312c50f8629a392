// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "support/e2e/sandbox.hpp"

/// Large catalogues in seconds, where so many PUTs would take longer than all the rest.
namespace blongo::test {

/// The articles that `--products N` would become, as if somebody else had brought them to Ongoing.
void fill_warehouse(Sandbox& sandbox, std::int64_t products);

/// The ledger of an installation that knows P000001 by articles sync gets articles up to P<count> in its likeness.
void copy_ledger(const Installation& installation, std::int64_t count);

} // namespace blongo::test
