// SPDX-License-Identifier: Apache-2.0
// A catalogue that no run can read at once: the sweep of the articles goes on slice by slice (--max-duration), under the
// rate limit, in a shop with many orders of which some come in and are sent every minute. Time is scaled: with --speed S both
// sides allow S times the calls a minute, and a "minute" below is 60 / S seconds; orders are dated by that clock. Products are
// objects of the sandbox, answers are made when they are asked for.
//   scale [--products N] [--orders N] [--rate N] [--speed S] [--slice MINUTES] [--filled]
//   --orders: those that BaseLinker and blongo know from before, done long ago; --rate: new ones a minute (10,000 a day)
//   --filled: the articles are in Ongoing already (adopted, not written)
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include <blongo/base/clock.hpp>
#include <blongo/base/text.hpp>

#include "bench/measure.hpp"
#include "support/e2e/catalogue.hpp"
#include "support/e2e/commands.hpp"

namespace blongo::bench {

namespace {

using namespace blongo::test;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t first_id = 84'000'001, rate = 60, reserve = 20, limit = 100; // BaseLinker's calls a minute
constexpr std::int64_t old_id = 83'000'000, old_ongoing_id = 50'000'000, old_orders_at_once = 5'000;
constexpr std::int64_t collected = 500, bookings_a_minute = 2;
constexpr std::int64_t most_minutes = 1'440; ///< the clock of the orders begins so long ago, and never passes the real one
constexpr double most_wait = 60, most_mib = 300;

struct Options {
    std::int64_t products = 1'000'000, orders = 200'000, rate = 7, speed = 20, slice = 4;
    bool filled = false;
};

double seconds_since(Clock::time_point begun) {
    return std::chrono::duration<double>(Clock::now() - begun).count();
}

class Scale {
public:
    explicit Scale(const Options& options)
        : options_(options),
          sandbox_({"--products", std::to_string(options.products), "--rate-limit", std::to_string(limit * options.speed)}),
          installation_(sandbox_, {},
                        shipments_on(fmt::format("send = {{ 450 = \"book\", {} = \"no_shipment\" }}\nmax_bookings_at_once = 1000",
                                                 collected)),
                        orders_on(fmt::format("status_after_import = 8070\nstatus_by_warehouse = {{ {} = 8071 }}", collected))) {
        installation_.limit_requests(rate * options.speed, fmt::format("reserve = {}", reserve * options.speed));
    }

    void measure() {
        if (options_.filled) fill_warehouse(sandbox_, options_.products);
        one_minute();
        one_minute(); // the first ones are done
        add_history();
        const auto begun = Clock::now();
        while (!is_done_) {
            if (!sweep_) start_slice();
            wait_for_minute();
            waits_.push_back(one_minute());
            look_at_slice();
        }
        const double wall = seconds_since(begun);
        double quiet = 0;
        constexpr int quiet_minutes = 20;
        for (int i = 0; i < quiet_minutes; ++i) quiet = std::max(quiet, one_minute());
        print(wall, quiet);
    }

private:
    [[nodiscard]] double minute() const { return 60.0 / static_cast<double>(options_.speed); }

    /// Orders that were done days ago: BaseLinker lists them to whoever asks for that time, and the ledger holds them.
    void add_history() {
        for (std::int64_t from = 0; from < options_.orders; from += old_orders_at_once) {
            json::Value made = json::Value::array();
            for (std::int64_t i = from; i < std::min(options_.orders, from + old_orders_at_once); ++i) {
                json::Value done = one_piece(old_id + i, dated(clock_begins_ - 3'600 - 2 * i));
                made.push_back(done.set("order_status_id", status::sent));
            }
            sandbox_.base_orders(made);
        }
        const auto all_but = [&](const std::string& table, const std::vector<std::string>& changed) {
            std::string list;
            for (const auto& column :
                 split(edit_state(installation_, "SELECT name FROM pragma_table_info('" + table + "')"), '\n'))
                if (!column.empty() && std::ranges::find(changed, column) == changed.end()) list += ", " + column;
            return list;
        };
        const std::string numbers =
            fmt::format("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {}) ", options_.orders - 1);
        const std::string same = all_but("orders", {"order_id", "number", "ongoing_id", "date_confirmed", "closed_at"});
        edit_state(installation_,
                   numbers +
                       fmt::format("INSERT INTO orders (order_id, number, ongoing_id, date_confirmed, closed_at{0}) SELECT {1} + "
                                   "i, CAST({1} + i AS TEXT), {2} + i, ({3} - 3600 - 2 * i) * 1000, imported_at - 2000 * "
                                   "i{0} FROM orders, n WHERE order_id = {4}",
                                   same, old_id, old_ongoing_id, clock_begins_, first_id));
        edit_state(installation_,
                   numbers + fmt::format("INSERT INTO order_lines (order_id{0}) SELECT {1} + i{0} FROM order_lines, n "
                                         "WHERE order_id = {2}",
                                         all_but("order_lines", {"order_id"}), old_id, first_id));
    }

    [[nodiscard]] static json::Value dated(std::int64_t second) {
        return json::Value::object().set("date_confirmed", second).set("date_in_status", second).set("date_add", second - 60);
    }

    void start_slice() {
        const auto milliseconds = options_.slice * 60'000 / options_.speed;
        sweep_ = installation_.start({"articles", "sync", "--quiet", "--max-duration", fmt::format("{}ms", milliseconds)});
        ++slices_;
    }

    void look_at_slice() {
        if (sweep_->running()) return;
        const Finished slice = sweep_->wait(std::chrono::seconds{3'600});
        sweep_.reset();
        peak_mib_ = std::max(peak_mib_, peak_mib(slice));
        cpu_ += slice.cpu_seconds;
        // No slice looks at all products again: the sweep is over when each had its turn.
        is_done_ =
            slice.exit_code == 0 || std::stoll(edit_state(installation_, "SELECT COUNT(*) FROM articles")) >= options_.products;
        if (slice.exit_code != 0 && slice.exit_code != 5) expect_exit(slice);
    }

    void wait_for_minute() {
        const double left = minute() - seconds_since(minute_begun_);
        if (left > 0) std::this_thread::sleep_for(std::chrono::duration<double>(left));
        minute_begun_ = Clock::now();
    }

    /// Orders come in, those of the minute before are sent, and the run that cron makes each minute takes both over. Answers
    /// how many seconds of the scaled clock it took until they were on the other side.
    double one_minute() {
        send_those_of_before();
        json::Value made = json::Value::array();
        if (++minutes_ > most_minutes) throw std::runtime_error("the sweep takes more than a day");
        for (std::int64_t i = 0; i < options_.rate; ++i) {
            const std::int64_t id = first_id + orders_ + i;
            made.push_back(one_piece(id, dated(clock_begins_ + 60 * minutes_ + 60 * i / options_.rate)
                                             .set("email", fmt::format("buyer{}@example.com", id))
                                             .set("delivery_fullname", fmt::format("Buyer {}", id))
                                             .set("delivery_address", fmt::format("Polna {}", id))));
        }
        sandbox_.base_orders(made);
        orders_ += options_.rate;
        const auto begun = Clock::now();
        const Finished run = expect_exit(installation_.blongo({"run", "--only", "shipments,orders", "--json"}));
        const double seconds = seconds_since(begun) * static_cast<double>(options_.speed);
        std::int64_t created = 0;
        for (const auto& row : lines_of(run, "summary"))
            if (row["flow"].text() == "orders") created = row["created"].integer();
        if (created != options_.rate)
            throw std::runtime_error(fmt::format("{} of {} orders were imported\n{}", created, options_.rate, run.err));
        count_calls();
        return seconds;
    }

    void send_those_of_before() {
        json::Value work = json::Value::array();
        for (std::int64_t i = sent_; i < orders_; ++i) {
            const bool is_booked = i - sent_ < bookings_a_minute;
            json::Value task = json::Value::object().set("orderNumber", std::to_string(first_id + i));
            if (!is_booked) { // somebody picks it up at the counter
                work.push_back(task.set("action", "pick"));
                work.push_back(task.set("action", "collect"));
                continue;
            }
            json::Value parcels = json::Value::array();
            parcels.push_back(json::Value::object().set("weight", json::Value::number("1.2")));
            work.push_back(task.set("action", "pick_and_send").set("parcels", std::move(parcels)));
            ++bookings_;
        }
        if (work.size() > 0) sandbox_.post("/_admin/ongoing/work", work);
        sent_ = orders_;
    }

    /// The sandbox's journal holds every body: it is emptied each minute.
    void count_calls() {
        base_calls_ += sandbox_.calls("baselinker");
        warehouse_calls_ += sandbox_.calls("ongoing");
        booked_ += sandbox_.calls("baselinker", "createPackage");
        sandbox_.reset_journal();
    }

    void print(double wall, double quiet) {
        const double products = static_cast<double>(options_.products);
        const double articles = std::stod(edit_state(installation_, "SELECT COUNT(*) FROM articles"));
        const double bytes = std::stod(edit_state(installation_, "SELECT SUM(pgsize) FROM dbstat WHERE name LIKE '%articles%'"));
        double most = 0;
        for (const double wait : waits_) most = std::max(most, wait);
        const std::string what = fmt::format("scale, {} products{}, {} times the rate", options_.products,
                                             options_.filled ? " (articles there)" : "", options_.speed);
        print_row(what + ": articles in the ledger", articles, "", at_least(products));
        print_row(fmt::format("scale: slices of {} min", options_.slice), slices_, "");
        print_row("scale: minutes of the scaled clock", static_cast<double>(waits_.size()), "");
        print_row("scale: orders known from before", static_cast<double>(options_.orders), "");
        print_row("scale: orders meanwhile", static_cast<double>(orders_), "");
        print_row("scale: bookings meanwhile", static_cast<double>(booked_), "", at_least(static_cast<double>(bookings_)));
        print_row("scale: calls of BaseLinker", static_cast<double>(base_calls_), "");
        print_row("scale: calls of Ongoing", static_cast<double>(warehouse_calls_), "");
        print_row("scale: calls that BaseLinker refused", static_cast<double>(refused()), "", at_most(0));
        print_row("scale: longest that a run of orders and sends took, on the scaled clock", most, "s");
        print_row("scale: the same without a sweep", quiet, "s");
        print_row("scale: longest that orders and sends waited behind the sweep", std::max(0.0, most - quiet), "s",
                  at_most(most_wait));
        print_row("scale: peak memory of a slice", peak_mib_, "MiB", at_most(most_mib));
        print_row("scale: CPU of the sweep per 1,000 articles", cpu_ * 1e6 / products, "ms");
        print_row("scale: state of an article", bytes / articles, "B");
        print_row("scale: wall time", wall, "s");
    }

    std::int64_t refused() {
        std::int64_t sum = 0;
        const json::Value accounts = sandbox_.get("/_admin/rate");
        for (const auto& account : accounts.elements())
            sum += account["blocked_for_ms"].integer() > 0 ? 1 : account["refused"].integer();
        return sum;
    }

    Options options_;
    Sandbox sandbox_;
    Installation installation_;
    std::unique_ptr<Process> sweep_;
    bool is_done_ = false;
    Clock::time_point minute_begun_{};
    const std::int64_t clock_begins_ = to_unix_seconds(SystemClock().now()) - 60 * most_minutes;
    std::int64_t minutes_ = 0, orders_ = 0, sent_ = 0, bookings_ = 0, booked_ = 0, base_calls_ = 0, warehouse_calls_ = 0;
    int slices_ = 0;
    double peak_mib_ = 0, cpu_ = 0;
    std::vector<double> waits_; ///< seconds of the scaled clock
};

Options read_options(int count, char** arguments) {
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string name = arguments[i];
        if (name == "scale") continue; // the scene's name, as tests/bench/run gives it
        if (name == "--filled") {
            options.filled = true;
            continue;
        }
        std::int64_t* number = name == "--products" ? &options.products
                               : name == "--orders" ? &options.orders
                               : name == "--rate"   ? &options.rate
                               : name == "--speed"  ? &options.speed
                               : name == "--slice"  ? &options.slice
                                                    : nullptr;
        if (number == nullptr || i + 1 == count)
            throw std::runtime_error(
                "usage: scale [--products N] [--orders N] [--rate N] [--speed S] [--slice MINUTES] [--filled]");
        *number = std::stoll(arguments[++i]);
    }
    return options;
}

} // namespace

} // namespace blongo::bench

int main(int count, char** arguments) try {
    blongo::bench::Scale(blongo::bench::read_options(count, arguments)).measure();
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
