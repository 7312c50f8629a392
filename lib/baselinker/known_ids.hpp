// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace blongo::baselinker {

/// The ids that a paged listing has brought so far, 8 bytes each: to see when it starts to repeat
/// itself, wherever it begins again, and to hand each row on once although rows move between
/// pages. (Variants stand behind their products, so that pages are not in ascending order.)
class KnownIds {
public:
    /// False if the id was there before.
    bool add(std::int64_t id);
    /// Settles the ids of the page that was read.
    void end_page();

private:
    std::vector<std::int64_t> settled_, page_; ///< both ascending
};

} // namespace blongo::baselinker
