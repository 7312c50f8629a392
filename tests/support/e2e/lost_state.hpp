// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "support/e2e/commands.hpp"

namespace blongo::test {

/// A shop whose state is lost and learnt again. Ongoing prints; 8071 after a send; `more` and `rules` as in shipments_on.
struct LostShop : Shop {
    explicit LostShop(const std::string& more = {}, const std::string& rules = dpd_rule);

    /// The state and the labels are gone.
    void lose_state();
    /// state rebuild, which writes to neither side and ends with `code`.
    Finished rebuild(int code = 0);
    /// lose_state() and rebuild(), then `run`, which buys nothing, and buys nothing again.
    void settle();
    /// Members of an order as Ongoing holds it: "shipped": "-3d", "files": [], "way_bill": "".
    void change(const std::string& number, const json::Value& members);
    /// Neither label nor number of a package: what a predecessor, or a person, leaves of one.
    void forget_package(const std::string& number);
    /// An order of five pieces in BaseLinker and Ongoing.
    void five_pieces(std::int64_t id);
    /// Three of its five pieces are picked and sent ("collect": handed out), a run sees it, and the other two become its
    /// back order, which send_rest sends.
    void send_in_two(std::int64_t id, const std::string& first_action = "send");
    void send_rest(std::int64_t id);
    [[nodiscard]] std::size_t print_jobs();
};

} // namespace blongo::test
