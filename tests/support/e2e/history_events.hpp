// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <random>
#include <string>

#include "support/e2e/history_model.hpp"

namespace blongo::test::history {

/// People at work on both sides, at random: each event is done in the sandbox and told to the model.
class People {
public:
    People(Sandbox& sandbox, Model& model, const Setup& setup, std::mt19937& random)
        : sandbox_(sandbox), model_(model), setup_(setup), random_(random) {}

    /// Something that is possible now happens; answers what, in a line.
    std::string something();

private:
    int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
    template <class Row> const Row& any(const std::vector<Row>& rows) {
        return rows[static_cast<std::size_t>(pick(static_cast<int>(rows.size())))];
    }
    void edit_base(json::Value task) { sandbox_.post("/_admin/baselinker/edit", task); }
    void change_base(OrderId id, const char* member, json::Value value);
    void edit_warehouse(OrderId id, json::Value task);
    json::Value new_line(std::string& said);

    // Each answers what happened; empty: it is not possible for that order.
    std::string new_order();
    std::string seller(const BaseOrder& order);
    std::string seller_moves(const BaseOrder& order);
    std::string seller_edits(const BaseOrder& order);
    std::string seller_changes_lines(const BaseOrder& order);
    std::string seller_divides(const BaseOrder& order);
    std::string seller_merges(const BaseOrder& order);
    std::string warehouse(OrderId id, const WareOrder& order);
    std::string warehouse_edits(OrderId id, const WareOrder& order);
    std::string warehouse_works(OrderId id, const WareOrder& order);
    [[nodiscard]] bool is_going(const BaseOrder& order) const;

    Sandbox& sandbox_;
    Model& model_;
    const Setup& setup_;
    std::mt19937& random_;
    Sides sides_;
    int orders_ = 0, skus_ = 0, texts_ = 0;
    OrderId newest_ = 1'000;
    std::int64_t newest_line_ = 50'000;
};

/// The most orders that are made from nothing, and the most articles that a history needs.
inline constexpr int most_orders = 10, most_skus = 80;

} // namespace blongo::test::history
