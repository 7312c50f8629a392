// SPDX-License-Identifier: Apache-2.0
// Random schedules of sales, edits, cancellations, imports, sends, changes of stock and pushes. After each push
// BaseLinker holds what a model says that knows nothing of blongo: it looks at the orders and the shelves of both
// sides alone.
//   BLONGO_SCHEDULES=N runs N schedules, BLONGO_FIRST_SEED=S begins with seed S.
#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

#include <fmt/format.h>

#include "support/e2e/faults.hpp"
#include "support/e2e/stock.hpp"
#include "support/e2e/stock_model.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr int skus = 10;
constexpr std::int64_t bundle_id = 20, buffer = 1, finished = 8075;
const std::string bundle_sku = "SET"; // two of the first article and one of the second

const StockRules rules{buffer, {status::cancelled, finished}, {{bundle_sku, {{synthetic_sku(1), 2}, {synthetic_sku(2), 1}}}}};

class Schedule {
public:
    explicit Schedule(unsigned seed) : random_(seed), shop_(setup(pick(2) == 0)) {
        shop_.sandbox.base_products(from_text(
            fmt::format(R"({{"id":{},"sku":"{}","name":"Zestaw","is_bundle":true,"bundle_products":{{"{}":2,"{}":1}}}})",
                        bundle_id, bundle_sku, synthetic_id + 1, synthetic_id + 2)));
        if (shop_.installation.blongo({"articles", "sync"}).exit_code != 0) throw std::runtime_error("articles sync failed");
        if (pick(3) == 0) shop_.sandbox.options(json::Value::object().set("quirks", true));
        if (pick(3) == 0) shop_.sandbox.options(json::Value::object().set("journal", true));
        for (int order = pick(4); order > 0; --order) arrive(86'400 * (1 + pick(20)));
        push();
    }

    void play() {
        for (int step = 0; step < 6; ++step) {
            for (int event = pick(5); event >= 0; --event) happen();
            if (pick(2) == 0) sync();
            if (pick(5) == 0) shop_.make_full_read_due();
            push();
        }
        CHECK(shop_.sandbox.violations().empty());
    }

private:
    static StockSetup setup(bool lowers) {
        StockSetup setup;
        setup.products = skus;
        setup.on_the_shelf = 30;
        setup.stock = stock_on(fmt::format("buffer = {}\nbatch = 4\nmax_zeroed_percent = 100", buffer)) + impatient;
        setup.orders = fmt::format("finished_statuses = [{}]\nstatus_on_error = 8072\n", finished);
        setup.options = {"--set", lowers ? "lower_stock_at_confirmation=true" : "lower_stock_at_confirmation=false"};
        return setup;
    }

    int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

    json::Value lines(std::int64_t id, bool with_unknown) {
        json::Value list = json::Value::array();
        std::int64_t row = id * 10;
        for (int i = pick(3); i >= 0; --i) {
            json::Value line = pick(5) == 0 ? base_line(bundle_sku, 1 + pick(2),
                                                        json::Value::object().set("product_id", std::to_string(bundle_id)))
                                            : pieces_of(1 + pick(skus), 1 + pick(4));
            list.push_back(std::move(line.set("order_product_id", ++row)));
        }
        if (with_unknown) list.push_back(base_line("UNKNOWN-1", 1).set("order_product_id", ++row));
        return list;
    }

    /// Confirmed so many seconds ago.
    void arrive(std::int64_t seconds) {
        const std::int64_t id = next_++;
        json::Value order = base_order(id, {});
        order.set("products", lines(id, pick(5) == 0))
            .set("order_status_id", pick(3) == 0 ? status::fresh : status::to_warehouse)
            .set("confirmed", pick(6) != 0);
        for (const char* date : {"date_confirmed", "date_in_status", "date_add"}) order.set(date, fmt::format("-{}s", seconds));
        shop_.sandbox.base_orders(order);
        note("order {} arrives", id);
    }

    void happen() {
        const json::Value base = shop_.sandbox.get("/_admin/baselinker/orders");
        const int what = pick(10);
        if (base.size() == 0 || what < 4) return arrive(pick(4) == 0 ? 86'400 * (1 + pick(20)) : 1 + pick(600));
        if (what == 4) return restock();
        const json::Value order = base.elements()[static_cast<std::size_t>(pick(static_cast<int>(base.size())))];
        const std::int64_t id = order["order_id"].integer();
        const std::int64_t now_in = order["order_status_id"].integer();
        const json::Value there = shop_.sandbox.orders()[std::to_string(id)];
        const bool imported = there.is_object();
        const std::int64_t status_there = there["status"].integer();
        json::Value change = json::Value::object().set("order_id", id);
        if (imported && status_there >= 450) {
            if (now_in == status::cancelled) return;
            note("order {} is finished", id);
            return shop_.sandbox.base_orders(change.set("order_status_id", finished));
        }
        // An order that was cancelled stays so.
        if (now_in == status::cancelled || status_there == 1000) return;
        if (what == 5 && imported) {
            note("order {} is sent", id);
            shop_.sandbox.post("/_admin/ongoing/work",
                               json::Value::object().set("orderNumber", std::to_string(id)).set("action", "pick_and_send"));
            return;
        }
        if (what == 6) {
            note("order {} is edited", id);
            return shop_.sandbox.base_orders(change.set("products", lines(id, !imported && pick(4) == 0)));
        }
        if (what == 7) {
            note("order {} is cancelled", id);
            return shop_.sandbox.base_orders(change.set("order_status_id", status::cancelled));
        }
        if (what == 8 && pick(2) == 0) {
            note("order {} is deleted", id);
            shop_.sandbox.send("DELETE", fmt::format("/_admin/baselinker/orders?id={}", id), {});
            return;
        }
        note("order {} goes to the warehouse", id);
        shop_.sandbox.base_orders(change.set("confirmed", true).set("order_status_id", status::to_warehouse));
    }

    void restock() {
        const std::string sku = synthetic_sku(1 + pick(skus));
        const std::string amount = fmt::format("{}{}", pick(60), pick(4) == 0 ? ".5" : "");
        note("{} on the shelf: {}", sku, amount);
        shop_.article(sku, from_text(fmt::format(R"({{"stock":{{"1":{{"items":{},"locked_for_sale":{}}},"2":{}}}}})", amount,
                                                 pick(3), pick(5))));
    }

    void sync() {
        const auto run = shop_.installation.blongo({"orders", "sync", "--json"});
        said_ += fmt::format("orders sync -> {}\n{}", run.exit_code, run.err);
        INFO(said_);
        CHECK((run.exit_code == 0 || run.exit_code == 3));
    }

    void push() {
        if (pick(4) == 0) push_with_a_fault();
        const auto run = shop_.installation.blongo({"stock", "push", "--json"});
        said_ += fmt::format("stock push -> {}\n{}{}", run.exit_code, run.out, run.err);
        judge();
        INFO(said_);
        REQUIRE(run.exit_code == 0);
        expect_lawful(shop_.sandbox); // no figure below 0 was sent, nothing to the bundle
        shop_.sandbox.reset_journal();
        const auto idle = shop_.installation.blongo({"stock", "push", "--json"});
        INFO(idle.out << idle.err);
        CHECK(idle.exit_code == 0);
        REQUIRE(shop_.sandbox.writes() == 0);
    }

    void push_with_a_fault() {
        static const std::vector<std::string> faults = {"drop_before", "drop_after", "truncated", "status_after",
                                                        "kill_before", "kill_after", "html_502"};
        static const std::vector<std::string> operations = {"updateInventoryProductsStock", "getOrders",
                                                            "getInventoryProductsStock", "GET /articles/inventoryPerWarehouse"};
        const std::string& fault = faults[static_cast<std::size_t>(pick(static_cast<int>(faults.size())))];
        const std::string& operation = operations[static_cast<std::size_t>(pick(static_cast<int>(operations.size())))];
        shop_.sandbox.fault(json::Value::object().set("operation", operation).set("fault", fault).set("from", 1 + pick(2)));
        const auto run = shop_.installation.blongo({"stock", "push", "--json"});
        said_ += fmt::format("{} at {}: {}\n{}", fault, operation, run.exit_code, run.err);
        shop_.sandbox.clear_faults();
    }

    void judge() {
        const StockModel model(shop_.sandbox, rules);
        INFO(said_);
        for (int n = 1; n <= skus; ++n) {
            const std::string sku = synthetic_sku(n);
            const std::int64_t held = shop_.held(n);
            INFO(sku << ": sellable " << model.sellable(sku));
            CHECK(held >= 0);
            CHECK(held <= std::max<std::int64_t>(0, model.sellable(sku)));
            REQUIRE(held == model.figure(sku));
        }
        CHECK(shop_.held_of(bundle_id) == 0);
    }

    template <class... Values> void note(fmt::format_string<Values...> text, Values&&... values) {
        said_ += fmt::format(text, std::forward<Values>(values)...) + "\n";
    }

    std::mt19937 random_;
    StockShop shop_;
    std::int64_t next_ = 1'001;
    std::string said_;
};

} // namespace

TEST_CASE("random schedules of sales, imports and pushes: BaseLinker holds the figure of a model, and never more") {
    for_each_seed(20, [](unsigned seed) { Schedule(seed).play(); });
}
