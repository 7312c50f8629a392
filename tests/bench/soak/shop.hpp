// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "support/e2e/orders.hpp"

namespace blongo::bench {

/// What is known of an order besides what both sides show.
struct SoldOrder {
    bool is_unknown_sku = false; ///< one of its lines names an article that nobody has
    bool is_short = false;       ///< a part of it was sent, the rest is to come
    int deliveries = 0;          ///< how often the warehouse sent something new of it
};

/// One connection of the soak: a sandbox of its own, the people at work on both of its sides, and what goes wrong. All is
/// drawn from one generator.
class SoakShop {
public:
    SoakShop(int number, std::uint64_t seed);

    [[nodiscard]] std::string name() const { return "c" + std::to_string(number_); }
    [[nodiscard]] std::string token() const { return "soak-token-" + std::to_string(number_); }
    /// Its tables in the configuration; secrets are in files of `folder`.
    [[nodiscard]] std::string config(const std::string& folder);
    [[nodiscard]] test::Sandbox& sandbox() { return sandbox_; }
    [[nodiscard]] const std::map<std::int64_t, SoldOrder>& sold() const { return sold_; }

    /// What sellers and packers do in a quarter of an hour.
    void people_work();
    /// Rules for about 2 of 100 calls of the next run.
    void spoil();
    /// No more faults, and no call that is still under way; counts the faults that fired.
    void end_faults();

    std::int64_t faults = 0;                         ///< fired so far
    std::map<std::string, std::int64_t> faults_by{}; ///< the same by kind

private:
    /// Both sides as they are now.
    struct Sides {
        std::map<std::int64_t, json::Value> base;
        json::Value warehouse;
    };

    int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }
    bool one_in(int n) { return pick(n) == 0; }

    [[nodiscard]] json::Value new_order();
    void seller(std::int64_t id, const json::Value& order, const json::Value& there);
    void edit(std::int64_t id, const json::Value& order);
    void packer(std::int64_t id, const json::Value& order, const json::Value& there);
    void send(std::int64_t id, const json::Value& order);
    void send_rest(std::int64_t id);
    void catalogue();
    void shelves();
    [[nodiscard]] json::Value lines(std::int64_t id, bool with_unknown);
    [[nodiscard]] json::Value fault(int call);

    int number_;
    std::mt19937_64 random_;
    test::Sandbox sandbox_;
    std::map<std::int64_t, SoldOrder> sold_;
    std::int64_t next_order_, next_line_;
    std::int64_t last_call_ = 0; ///< of the journal, waited for
    int next_product_ = 1;
};

inline constexpr int soak_products = 60;       ///< P000001 and on
inline constexpr std::int64_t soak_buffer = 1; ///< of stock

} // namespace blongo::bench
