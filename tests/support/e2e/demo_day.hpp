// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "support/e2e/orders.hpp"

namespace blongo::test {

/// The demo shop in the middle of an ordinary day: everything was synced, some orders are sent, some things wait for a
/// person. Command lines of documents are run on it as they stand there.
class DemoDay {
public:
    /// `more`: what stands in the configuration besides.
    explicit DemoDay(const std::string& more = {});

    Sandbox sandbox;
    Installation installation;

    /// Runs what follows "blongo " in a document, through a shell, as people type it. Placeholders (N, X, NAME, FILE,
    /// DATE, ...) become objects of the demo shop; what a command needs to be of use (a Send that waits, a lost answer)
    /// happens before. `added` stands at the end.
    [[nodiscard]] Finished run(const std::string& command, const std::string& added = {});
    /// The exit codes that are right for it.
    [[nodiscard]] static std::set<int> right_codes(const std::string& command);

    /// An order of one mug that is in Ongoing, another one each time.
    std::int64_t fresh_order();
    /// The same, and the warehouse presses Send.
    std::int64_t sent_order();
    /// The same, and the answer of the booking is lost; `booked`: BaseLinker has the package all the same.
    std::int64_t lost_booking(bool booked);

private:
    [[nodiscard]] std::string object_for(const std::string& command);
    [[nodiscard]] std::string in_place(const std::string& command);
    std::string sku_, parked_;
    std::vector<std::int64_t> fresh_;
};

} // namespace blongo::test
