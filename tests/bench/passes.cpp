// SPDX-License-Identifier: Apache-2.0
// What whole runs cost: the real binary against the sandbox.
#include "bench/scenes.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <httplib.h>

#include "bench/measure.hpp"
#include "bench/work.hpp"
#include "support/e2e/catalogue.hpp"
#include "support/e2e/orders.hpp"

namespace blongo::bench {

namespace {

using namespace blongo::test;

constexpr std::int64_t products = 100'000, page = 1'000, batch = 100, inventory = 307;
constexpr double most_times_parsing = 3, most_mib = 64;

/// CPU seconds that all that an idle pass reads from BaseLinker costs: RapidJSON's DOM parse alone, and with the HTTP client
/// that fetched it; and how many bytes that is.
struct Parsing {
    double seconds = 0, with_fetching = 0;
    std::size_t bytes = 0;
};

class Reader {
public:
    explicit Reader(const Sandbox& sandbox) : client_(sandbox.url()) {
        client_.set_keep_alive(true);
        client_.set_read_timeout(120);
    }

    void read(const std::string& method, const json::Value& parameters) {
        const double asked = thread_seconds();
        const httplib::Headers token{{"X-BLToken", "sandbox-token"}};
        const auto answer =
            client_.Post("/connector.php", token, httplib::Params{{"method", method}, {"parameters", parameters.dump()}});
        if (!answer || answer->status != 200) throw std::runtime_error("no answer of " + method);
        const http::Response response = answer_with(answer->body);
        const double begun = thread_seconds();
        parse_dom(response);
        parsing.seconds += thread_seconds() - begun;
        parsing.with_fetching += thread_seconds() - asked;
        parsing.bytes += answer->body.size();
    }

    Parsing parsing;

private:
    httplib::Client client_;
};

Parsing mere_parsing(const Sandbox& sandbox) {
    Reader reader(sandbox);
    for (std::int64_t at = 1; at <= products / page + 1; ++at)
        reader.read("getInventoryProductsList",
                    json::Value::object().set("inventory_id", inventory).set("page", at).set("filter_sort", "id ASC"));
    for (std::int64_t from = 1; from <= products; from += batch) {
        json::Value ids = json::Value::array();
        for (std::int64_t i = from; i < from + batch; ++i) ids.push_back(synthetic_id + i);
        reader.read("getInventoryProductsData",
                    json::Value::object().set("inventory_id", inventory).set("products", std::move(ids)));
    }
    return reader.parsing;
}

/// A run of the daily kind: a quarter of an hour after the one before, whose calls count no longer.
Finished later_run(const Installation& installation) {
    edit_state(installation, "DELETE FROM budget_slots");
    return expect_exit(installation.blongo({"articles", "sync"}));
}

void idle_pass() {
    Sandbox sandbox({"--products", std::to_string(products)});
    fill_warehouse(sandbox, products);
    const Installation installation(sandbox);
    const auto first = expect_exit(installation.blongo({"articles", "sync"}));
    print_row("first pass, 100,000 articles that are there already: CPU per 1,000", first.cpu_seconds * 1e6 / products, "ms");
    print_row("first pass, 100,000 articles that are there already: peak memory", peak_mib(first), "MiB", at_most(most_mib));
    double least = 0, most_peak = 0;
    for (int round = 0; round < 3; ++round) {
        const auto idle = later_run(installation);
        least = round == 0 ? idle.cpu_seconds : std::min(least, idle.cpu_seconds);
        most_peak = std::max(most_peak, peak_mib(idle));
    }
    const Parsing parsing = mere_parsing(sandbox);
    print_row(fmt::format("idle pass, 100,000 products, {} bytes: times RapidJSON's DOM parse of the answers", parsing.bytes),
              least / parsing.seconds, "x", at_most(most_times_parsing));
    print_row("idle pass, 100,000 products: times fetching and parsing the answers by another client",
              least / parsing.with_fetching, "x");
    print_row("idle pass, 100,000 products: CPU per 1,000", least * 1e6 / products, "ms");
    print_row("idle pass, 100,000 products: peak memory", most_peak, "MiB", at_most(most_mib));
}

void first_load() {
    constexpr std::int64_t count = 10'000;
    Sandbox sandbox({"--products", std::to_string(count)});
    const Installation installation(sandbox);
    const auto first = expect_exit(installation.blongo({"articles", "sync"}));
    print_row("first load, 10,000 articles: CPU per 1,000", first.cpu_seconds * 1e6 / count, "ms");
    print_row("first load, 10,000 articles: peak memory", peak_mib(first), "MiB", at_most(most_mib));
}

void orders() {
    constexpr std::int64_t count = 1'000, first_id = 84'000'000;
    Sandbox sandbox({"--products", "20"});
    const Installation installation(sandbox, {}, {}, orders_on());
    expect_exit(installation.blongo({"articles", "sync"}));
    json::Value made = json::Value::array();
    for (std::int64_t i = 0; i < count; ++i) made.push_back(one_piece(first_id + i));
    sandbox.base_orders(made);
    print_row("1,000 new orders: CPU", expect_exit(installation.blongo({"orders", "sync"})).cpu_seconds * 1e3, "ms");
    print_row("an idle look at 1,000 orders: CPU", expect_exit(installation.blongo({"orders", "sync"})).cpu_seconds * 1e3, "ms");
}

} // namespace

void passes() {
    idle_pass();
    first_load();
    orders();
}

} // namespace blongo::bench
