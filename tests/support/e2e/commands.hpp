// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/e2e/orders.hpp"

namespace blongo::test {

/// A courier rule for everything: DPD, account 58381, its COD field.
extern const std::string dpd_rule;
/// Parcel lockers for "*paczkomat*".
extern const std::string locker_rule;

/// [connections.demo.shipments] that books what was sent at any time, `more` inside the table, `rules` behind it.
[[nodiscard]] std::string shipments_on(const std::string& more = {}, const std::string& rules = dpd_rule);

/// A sandbox with `--products 5` and an installation with orders and shipments on; `http` stands in [http].
struct Shop {
    explicit Shop(const std::string& shipments = shipments_on(), const std::string& more = {},
                  std::vector<std::string> options = {});
    /// Orders in BaseLinker and, by orders sync, in Ongoing: one piece of one article, 0.5 kg.
    void order(std::int64_t id, const json::Value& more = json::Value::object());
    void orders(std::int64_t first, int count);
    /// Picked, packed and sent in the warehouse: one parcel of 1.2 kg, 30 x 20 x 15 cm.
    void send(std::int64_t id, const json::Value& more = json::Value::object());

    /// How many packages BaseLinker holds, of one order or of all (0).
    [[nodiscard]] std::size_t packages(std::int64_t order = 0);
    /// Files of an order in Ongoing by their names.
    [[nodiscard]] std::vector<std::string> files(std::int64_t order);

    /// Both services end, a second passes, and they come back at the same port with what they knew.
    void restart(const std::string& port);

    std::vector<std::string> options; ///< of the sandbox
    Sandbox sandbox;
    Installation installation;
};

/// Runs, and shows at a failure what was printed.
[[nodiscard]] Finished said(const Installation& installation, std::vector<std::string> arguments,
                            std::map<std::string, std::string> environment = {});
/// Whether a text holds another; at a failure the whole text is shown.
void expect_text(const std::string& text, const std::string& part);
void expect_no_text(const std::string& text, const std::string& part);

} // namespace blongo::test
