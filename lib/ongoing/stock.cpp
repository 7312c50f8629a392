// SPDX-License-Identifier: Apache-2.0
#include <blongo/ongoing/client.hpp>
#include <blongo/ongoing/paging.hpp>
#include <blongo/ongoing/read.hpp>
#include <blongo/ongoing/verdict.hpp>

namespace blongo::ongoing {
namespace {

constexpr Operation get_stock{"GET", "/articles/inventoryPerWarehouse"};

WarehouseStock decode_stock(json::Node item) {
    WarehouseStock stock;
    stock.article_system_id = ArticleSystemId(integer_of(item["articleSystemId"]).value_or(0));
    stock.article_number = ArticleNumber(text_of(item["articleNumber"]));
    for (const json::Node row : item["inventoryPerWarehouse"])
        stock.warehouses.push_back({integer_of(row["warehouseId"]).value_or(0), decimal_of(row["numberOfItems"]),
                                    decimal_of(row["sellableNumberOfItems"])});
    return stock;
}

} // namespace

Result<void> Client::each_warehouse_stock(std::optional<Timestamp> changed_from,
                                          const std::function<Result<void>(WarehouseStock&&)>& row) {
    http::Query fixed = owner();
    if (changed_from) fixed.emplace_back("stockInfoChangedFrom", format_utc(*changed_from));
    constexpr IdPaging paging{"articleSystemIdFrom", "maxArticlesToGet", limits::articles_per_page};
    return each_page(get_stock, fixed, paging, [&](json::Node item, std::int64_t from) -> Result<std::int64_t> {
        WarehouseStock stock = decode_stock(item);
        const std::int64_t id = stock.article_system_id.value();
        if (id <= 0) return fail(ErrorKind::protocol, "stock without articleSystemId", get_stock.name() + " " + item.path());
        if (id >= from) BLONGO_CHECK(row(std::move(stock)));
        return id;
    });
}

Result<std::vector<WarehouseStock>> Client::find_warehouse_stock(std::span<const ArticleNumber> numbers) {
    std::vector<std::string> texts;
    for (const auto& number : numbers) texts.push_back(number.value());
    std::vector<WarehouseStock> found;
    BLONGO_CHECK(look_up(get_stock, owner(), "articleNumbers", texts, [&](json::Node root) -> Result<void> {
        BLONGO_TRY(const json::Node list, list_at(root, get_stock.name()));
        for (const json::Node item : list) found.push_back(decode_stock(item));
        return {};
    }));
    return found;
}

} // namespace blongo::ongoing
