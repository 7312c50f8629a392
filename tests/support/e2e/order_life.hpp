// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/e2e/orders.hpp"
#include "support/e2e/shipments.hpp"

namespace blongo::test {

/// What stands in the configuration of a Life.
struct LifeSetup {
    bool journal = false;
    std::string orders = "status_after_cancel_refused = 8072"; ///< in [connections.demo.orders]
    std::string shipments{};                                   ///< in [connections.demo.shipments], before the rule
    std::vector<std::string> options{};                        ///< of the sandbox
};

/// Two orders that are in Ongoing, at status 300: O (two pieces of A, one of B, to Polna 1) and V (one A, one C), with
/// shop number and source of their own. What happens to them on both sides, what a run does, and how it looks
/// afterwards, in a few words that a table can hold. An order that BaseLinker makes later is N.
class Life {
public:
    explicit Life(const LifeSetup& setup = {});

    static constexpr std::int64_t O = 101, V = 102;
    Sandbox sandbox;
    Installation installation;

    /// Everything as it was after the import, on both sides and in the state.
    void rewind();

    /// The warehouse has come so far with an order: 200, 300, 320; 400 is picked, 450 picked, packed and sent in one
    /// parcel, 1000 cancelled by people.
    void bring_to(std::int64_t order, std::int64_t ongoing_status);
    /// `orders sync`, or another command; answers its exit code. What it did is read with writes().
    int run(const std::vector<std::string>& command = {"orders", "sync"});
    /// The output of the last run, standard output and errors; and what all runs since the last rewind() said.
    [[nodiscard]] const std::string& output() const noexcept { return output_; }
    [[nodiscard]] const std::string& history() const noexcept { return history_; }

    /// Calls that write since the last look, Ongoing's first: "put O!, delete V, note O, 8072 O". note: the warehouse
    /// instruction; point, remark: what PATCH changes; a number: the BaseLinker status that was set; book:
    /// createPackage; "!" behind it: refused. Any other write is shown by its name.
    [[nodiscard]] std::string writes();
    /// Orders in Ongoing, V only when asked for: "O 200: A2 B1; N 300: A1". The street follows when it is another than
    /// Polna 1, "told" when the instruction tells the packer to stop.
    [[nodiscard]] std::string there(bool with_v = false);
    /// "O 8069; N 8069", or "O gone".
    [[nodiscard]] std::string base();
    /// Causes of the order flow: "N split_waiting; O locked_in_warehouse".
    [[nodiscard]] std::string parked();
    /// The cause of one order, or empty.
    [[nodiscard]] std::string cause_of(std::int64_t order);
    /// Orders with packages that blongo bought, "O" or "N; O2" (two).
    [[nodiscard]] std::string booked();
    /// The order in Ongoing as the sandbox holds it; null: none.
    [[nodiscard]] json::Value in_ongoing(std::int64_t order);
    [[nodiscard]] std::string instruction(std::int64_t order);
    [[nodiscard]] std::int64_t base_status(std::int64_t order);

    /// Send is pressed for O and N, and for V if asked for, where they stand in the warehouse and were not sent, cancelled
    /// in BaseLinker or not; then `shipments send` runs.
    void send_all(bool with_v = false);
    /// Pieces of A, B, C, D in the warehouse, in orders that are not cancelled; and on the orders in BaseLinker.
    [[nodiscard]] std::map<std::string, std::int64_t> pieces_there();
    [[nodiscard]] std::map<std::string, std::int64_t> pieces_in_base();

    /// "O", "V", else "N".
    [[nodiscard]] static std::string name_of(std::int64_t order);
    /// "A" to "D" of the SKUs P000001 to P000004.
    [[nodiscard]] static std::string letter_of(const std::string& sku);
    [[nodiscard]] static std::string number_of(std::int64_t order) { return std::to_string(order); }

private:
    std::string output_, history_;
    std::unique_ptr<Snapshot> start_;
};

/// A member of the document that blongo sent or that Ongoing holds: "consignee.address1".
[[nodiscard]] std::string text_at(const json::Value& order, const std::string& path);

/// The seller moves O to a status of BaseLinker.
void move_to(Life& life, std::int64_t base_status);
/// A run whose exit code and writes are these.
void runs(Life& life, const std::string& writes, int code = 0);
/// Two more runs write nothing, and nothing forbidden was done.
void idle(Life& life);

} // namespace blongo::test
