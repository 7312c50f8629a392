// SPDX-License-Identifier: Apache-2.0
#include "support/e2e/catalogue.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "support/e2e/orders.hpp"

namespace blongo::test {

namespace {

constexpr std::int64_t articles_at_once = 5'000;

std::string ean_of(std::int64_t i) {
    const std::string digits = fmt::format("590{:09}", i);
    int sum = 0;
    for (std::size_t k = 0; k < digits.size(); ++k) sum += (digits[k] - '0') * (k % 2 == 0 ? 1 : 3);
    return digits + static_cast<char>('0' + (10 - sum % 10) % 10);
}

json::Value article_of(std::int64_t i) {
    return json::Value::object()
        .set("articleNumber", fmt::format("P{:06}", i))
        .set("articleName", fmt::format("Produkt {:06}", i))
        .set("productCode", std::to_string(synthetic_id + i))
        .set("barCodeInfo", json::Value::object().set("barCode", ean_of(i)))
        .set("description", fmt::format("Opis produktu {:06}", i))
        .set("weight", json::Value::number(fmt::format("{}.{:02}", 1 + i % 7, i % 100)))
        .set("height", json::Value::number(fmt::format("0.{:02}", 5 + i % 20)))
        .set("width", json::Value::number(fmt::format("0.{:02}", 6 + i % 30)))
        .set("length", json::Value::number(fmt::format("0.{:02}5", 7 + i % 40)))
        .set("isActive", true);
}

} // namespace

void fill_warehouse(Sandbox& sandbox, std::int64_t products) {
    for (std::int64_t from = 1; from <= products; from += articles_at_once) {
        json::Value articles = json::Value::array();
        for (std::int64_t i = from; i < std::min(products + 1, from + articles_at_once); ++i)
            articles.push_back(json::Value::object().set("data", article_of(i)));
        sandbox.post("/_admin/ongoing/articles", articles);
    }
}

void copy_ledger(const Installation& installation, std::int64_t count) {
    const std::string copied = "name, fingerprint, agreed, remote, kind, active, gone, detail_at, written_at, is_bundle";
    edit_state(installation,
               fmt::format("WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {}) "
                           "INSERT INTO articles (connection, number, system_id, source_id, product_id, {}) "
                           "SELECT connection, printf('P%06d', i), system_id + i, {} + i, {} + i, {} FROM articles, n",
                           count, copied, synthetic_id, synthetic_id, copied));
}

} // namespace blongo::test
