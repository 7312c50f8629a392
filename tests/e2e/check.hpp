// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "support/e2e/sending.hpp"

namespace blongo::test {

/// One run of `check --json --exit-code`.
struct CheckRun {
    int code = 0;
    std::vector<json::Value> differences, books;
};

/// `blongo check` on a shop; at each look it is proven that nothing was written, on neither side and not in the state.
class Checked {
public:
    Checked(Sandbox& sandbox, const Installation& installation) : sandbox_(sandbox), installation_(installation) {}
    explicit Checked(Sending& shop) : Checked(shop.sandbox, shop.installation) {}
    [[nodiscard]] CheckRun look(std::vector<std::string> more = {});
    /// Exactly one difference of this kind, about this object, mended by this command ("": by hand), and exit code 9.
    CheckRun expect_one(const std::string& kind, const std::string& key, const std::string& command);
    /// No difference, all books close, exit code 0.
    void expect_agreement();
    /// Runs the command of the only difference, which has no quoted words.
    void mend(const CheckRun& found);

private:
    [[nodiscard]] std::string state() const;
    Sandbox& sandbox_;
    const Installation& installation_;
};

/// Whether a member of a row, or what was printed, holds this; at a failure the whole text is shown.
void expect_in(std::string_view text, const std::string& part);

} // namespace blongo::test
