// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <blongo/baselinker/client.hpp>
#include <blongo/baselinker/known_ids.hpp>

namespace blongo::baselinker {
namespace {

/// One listing of orders over several calls (contract 3.1): the API gives at most 100 rows, no page
/// number, and orders that share a second can stand on both sides of a page's end.
class OrderPager {
public:
    OrderPager(Client& client, OrderQuery query, const std::function<Result<void>(Order&&)>& order,
               const std::function<Result<void>(BadOrder&&)>& bad)
        : client_(client), query_(std::move(query)), order_(order), bad_(bad) {}

    Result<OrderListing> run() {
        if (query_.get_unconfirmed_orders) { // these have no date to page by
            BLONGO_CHECK(page_by_id(BaseOrderId(1)));
            return listing_;
        }
        const std::optional<Timestamp> begin = query_.date_confirmed_from;
        for (;;) {
            BLONGO_TRY(const Page page, next());
            if (page.rows < full) return listing_;
            if (!page.ascends_by_date || !page.newest) {
                listing_.unordered = true;
                query_.date_confirmed_from = begin;
                BLONGO_CHECK(page_by_id(BaseOrderId(1)));
                return listing_;
            }
            if (!query_.date_confirmed_from || *page.newest > *query_.date_confirmed_from) {
                query_.date_confirmed_from = page.newest;
                continue;
            }
            // a whole page within one second: its orders are told apart by id
            listing_.swept_one_second = true;
            BLONGO_CHECK(page_by_id(page.smallest_id, page.newest));
            query_.id_from.reset();
            query_.date_confirmed_from = *page.newest + Seconds(1);
        }
    }

private:
    static constexpr auto full = static_cast<std::size_t>(limits::orders_per_call);

    struct Page {
        std::size_t rows = 0;
        bool ascends_by_date = true, ascends_by_id = true;
        std::optional<Timestamp> newest;
        BaseOrderId smallest_id, largest_id;
    };

    /// What the rows of an answer say about paging.
    static Page judge(const std::vector<OrdersPage::Row>& rows) {
        Page page;
        page.rows = rows.size();
        for (const OrdersPage::Row& row : rows) {
            page.ascends_by_id = page.ascends_by_id && row.order_id >= page.largest_id;
            page.smallest_id = page.largest_id == BaseOrderId() ? row.order_id : std::min(page.smallest_id, row.order_id);
            page.largest_id = std::max(page.largest_id, row.order_id);
            if (!row.date_confirmed) continue;
            page.ascends_by_date = page.ascends_by_date && (!page.newest || *row.date_confirmed >= *page.newest);
            page.newest = page.newest ? std::max(*page.newest, *row.date_confirmed) : *row.date_confirmed;
        }
        return page;
    }

    Result<Page> next() {
        if (listing_.calls >= limits::list_pages_guard)
            return fail(ErrorKind::protocol, "the list of orders does not end", "baselinker getOrders");
        ++listing_.calls;
        BLONGO_TRY(OrdersPage answer, client_.get_orders(query_));
        Page page = judge(answer.rows);
        if (page.newest) listing_.newest = listing_.newest ? std::max(*listing_.newest, *page.newest) : *page.newest;
        for (Order& order : answer.orders)
            if (known_.add(order.order_id.value())) BLONGO_CHECK(order_(std::move(order)));
        for (BadOrder& bad : answer.bad)
            if (bad.order_id.value() <= 0 || known_.add(bad.order_id.value())) BLONGO_CHECK(bad_(std::move(bad)));
        known_.end_page();
        return page;
    }

    /// From an id upward, with the date filter unchanged. Whether id_from includes its own id is not
    /// documented: the last id is asked for again, known orders are passed over. `second`: the sweep is for
    /// the orders of that second alone, and ends where rows that ascend by date have left it behind.
    Result<void> page_by_id(BaseOrderId from, std::optional<Timestamp> second = {}) {
        for (;;) {
            query_.id_from = from;
            BLONGO_TRY(const Page page, next());
            if (page.rows < full) return {};
            if (second && !page.ascends_by_id && page.ascends_by_date && page.newest && *page.newest > *second) return {};
            if (!page.ascends_by_id || page.largest_id <= from)
                return fail(ErrorKind::protocol, "orders come in no order that can be paged", "baselinker getOrders",
                            "nothing was skipped; report this to the maintainers");
            from = page.largest_id;
        }
    }

    Client& client_;
    OrderQuery query_;
    const std::function<Result<void>(Order&&)>& order_;
    const std::function<Result<void>(BadOrder&&)>& bad_;
    KnownIds known_;
    OrderListing listing_;
};

} // namespace

Result<OrderListing> Client::each_order(const OrderQuery& query, const std::function<Result<void>(Order&&)>& order,
                                        const std::function<Result<void>(BadOrder&&)>& bad) {
    return OrderPager(*this, query, order, bad).run();
}

} // namespace blongo::baselinker
