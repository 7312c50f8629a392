// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "support/e2e/orders.hpp"

namespace blongo::test {

/// DPD of the sandbox: account 58381, several parcels, cash on delivery.
[[nodiscard]] std::string dpd_rule(const std::string& conditions = {}, const std::string& more = {});

/// What stands in the configuration of a Sending.
struct SendingSetup {
    std::string shipments{};                         ///< in [connections.demo.shipments]
    std::string couriers = dpd_rule();               ///< courier rules
    std::string orders{};                            ///< in [connections.demo.orders]
    std::string start_from = "2020-01-01T00:00:00Z"; ///< shipments.start_from; empty: its default
    std::vector<std::string> options{};              ///< of the sandbox, after --products 20
};

/// A shop whose warehouse sends: the sandbox, an installation with orders and shipments live, and what people do.
class Sending {
public:
    explicit Sending(const SendingSetup& setup = {});

    Sandbox sandbox;
    Installation installation;

    /// BaseLinker gets these orders, and Ongoing gets them from blongo.
    void import(const std::vector<json::Value>& orders);
    /// Members of the order in BaseLinker, as the seller edits them.
    void edit_base(std::int64_t order, json::Value members);
    /// What the warehouse does: an action of the sandbox on the order of that number, `more` over it.
    void work(const std::string& number, const std::string& action, const json::Value& more = json::Value::object());
    /// pick_and_send of the whole order in one parcel of 1.2 kg.
    void press_send(const std::string& number);
    /// Send pressed again: reopened, and sent as it was. A later second, since shippedTime is what tells.
    void press_send_again(const std::string& number, const json::Value& more = json::Value::object());
    /// Members of the order in Ongoing, as people edit them.
    void edit_warehouse(const std::string& number, const json::Value& members);

    /// `blongo`, said at a failure; send: `shipments send --json`.
    [[nodiscard]] Finished blongo(const std::vector<std::string>& arguments) const;
    [[nodiscard]] Finished send(std::vector<std::string> arguments = {}) const;

    /// Packages of an order in BaseLinker; 0: of all orders. bought: those that blongo made by createPackage.
    [[nodiscard]] std::vector<json::Value> packages(std::int64_t order = 0);
    [[nodiscard]] std::int64_t bought(std::int64_t order = 0);
    /// The order in Ongoing as the sandbox holds it; its files; jobs of its printers; what the packer reads.
    [[nodiscard]] json::Value there(const std::string& number);
    [[nodiscard]] std::vector<json::Value> files(const std::string& number);
    [[nodiscard]] std::vector<json::Value> print_jobs();
    [[nodiscard]] std::string instruction(const std::string& number);
    [[nodiscard]] std::int64_t base_status(std::int64_t order);
    [[nodiscard]] std::int64_t ongoing_id(const std::string& number);
    /// Cause by order id, by `parked list`.
    [[nodiscard]] std::map<std::string, std::string> causes() const;
    /// The verdict of `shipments why N` as people read it.
    [[nodiscard]] std::string why(std::int64_t order) const;
    /// What waits for its time (labels, looks, reprints, tracking) is due now, and was done so much earlier.
    void let_pass(std::int64_t seconds) const;
    /// Nothing that the contracts forbid was done.
    void expect_lawful();
};

/// A parcel of that weight in kg, for work(..., {"parcels": ...}).
[[nodiscard]] json::Value parcels(const std::vector<std::string>& weights);
/// Pieces of the first lines of an order, in their order, and the parcels that they are in (none: as they were).
[[nodiscard]] json::Value picked(std::int64_t order, const std::vector<std::int64_t>& pieces,
                                 const std::vector<std::string>& weights = {});
/// JSON that is written out in a test.
[[nodiscard]] json::Value read_json(const std::string& text);
/// Action lines of a run with that verb; the value of a field of a package as BaseLinker was given it.
[[nodiscard]] std::vector<json::Value> actions(const Finished& finished, const std::string& verb);
[[nodiscard]] std::string field_of(const json::Value& package, const std::string& id);

} // namespace blongo::test
