// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include <blongo/base/result.hpp>
#include <blongo/base/time.hpp>
#include <blongo/json/value.hpp>

namespace blongo::sandbox {

struct Account;
struct Article;
struct GoodsOwner;
struct WarehouseOrder;

/// A time as the admin interface and the demo data write it: unix seconds, RFC 3339, or a
/// distance from now such as "-3d" and "+2h". Nullopt for null, "" and everything else.
[[nodiscard]] std::optional<Timestamp> read_time(const json::Value& value, Timestamp now);

/// The forms in which the admin interface shows and takes the objects of the world.
[[nodiscard]] json::Value article_json(const Article& article);
[[nodiscard]] Result<Article> article_from_json(const json::Value& object, Timestamp now);
[[nodiscard]] json::Value order_json(const WarehouseOrder& order);
[[nodiscard]] Result<WarehouseOrder> order_from_json(const json::Value& object, GoodsOwner& owner, Timestamp now);
[[nodiscard]] json::Value account_json(const Account& account);
[[nodiscard]] json::Value goods_owner_json(const GoodsOwner& owner);

/// Puts an article or order that was loaded into its goods owner; id 0 takes the next free one.
/// Returns the id.
std::int64_t put_article(GoodsOwner& owner, Article article);
std::int64_t put_order(GoodsOwner& owner, WarehouseOrder order);

/// Puts a BaseLinker order into an account: missing fields get their empty values, times may
/// be relative to now, lines without an id get one. Returns the order as stored.
Result<json::Value> put_base_order(Account& account, const json::Value& given, Timestamp now);

} // namespace blongo::sandbox
