// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <blongo/base/ids.hpp>
#include <blongo/base/result.hpp>
#include <blongo/baselinker/client.hpp>
#include <blongo/baselinker/known_ids.hpp>
#include <blongo/baselinker/wire.hpp>

namespace blongo::baselinker {

/// getInventoryProductsList page by page in ascending id order, variants included (2.6), from any page on: what
/// Client::each_product reads at once, for a reader that may stop between two pages and go on later.
class ProductListing {
public:
    ProductListing(Client& client, InventoryId inventory, int first_page = 1)
        : client_(client), inventory_(inventory), page_(first_page) {}

    struct Page {
        std::vector<ProductListRow> rows; ///< without those that an earlier page of this object brought
        bool last = false;                ///< nothing new came: the listing is over
    };
    /// Reads one page. After an error the same page is read again.
    [[nodiscard]] Result<Page> next();
    /// The number of the page that next() reads.
    [[nodiscard]] int next_page() const noexcept { return page_; }

private:
    Client& client_;
    InventoryId inventory_;
    int page_;
    KnownIds known_;
};

} // namespace blongo::baselinker
