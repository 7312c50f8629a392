// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/e2e/orders.hpp"

namespace blongo::test {

/// A buyer whose data stand nowhere else.
inline const std::string buyer_name = "Wilhelmina Qxzaremba", buyer_phone = "+48613579246",
                         buyer_iban = "PL61109010140000071219812874";
/// A BaseLinker order's members about that buyer.
[[nodiscard]] json::Value buyer();
/// Texts that give the buyer away, wherever they stand.
[[nodiscard]] const std::vector<std::string>& personal();

[[nodiscard]] std::string slurp(const std::filesystem::path& file);
/// CHECKs that a text holds none of them; `where` is said if it does.
void expect_clean(const std::string& text, const std::string& where);
/// The same for every file below a folder.
void expect_nothing_personal(const std::filesystem::path& folder);

} // namespace blongo::test
