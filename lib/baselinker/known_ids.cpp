// SPDX-License-Identifier: Apache-2.0
#include <blongo/baselinker/known_ids.hpp>

#include <algorithm>

namespace blongo::baselinker {

bool KnownIds::add(std::int64_t id) {
    if (std::binary_search(settled_.begin(), settled_.end(), id)) return false;
    const auto place = std::lower_bound(page_.begin(), page_.end(), id);
    if (place != page_.end() && *place == id) return false;
    page_.insert(place, id);
    return true;
}

void KnownIds::end_page() {
    const auto middle = static_cast<std::ptrdiff_t>(settled_.size());
    settled_.insert(settled_.end(), page_.begin(), page_.end());
    std::inplace_merge(settled_.begin(), settled_.begin() + middle, settled_.end());
    page_.clear();
}

} // namespace blongo::baselinker
