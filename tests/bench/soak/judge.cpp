// SPDX-License-Identifier: Apache-2.0
#include "judge.hpp"

#include <map>
#include <set>

#include <fmt/format.h>

#include "support/e2e/shipments.hpp"
#include "support/e2e/stock_model.hpp"

namespace blongo::bench {

namespace {

using namespace blongo::test;

constexpr std::int64_t cancelled_in_ongoing = 1000, picked_from = 400;

/// Packages by order that stand in BaseLinker.
std::map<std::int64_t, std::vector<json::Value>> packages_by_order(Sandbox& sandbox) {
    constexpr std::int64_t cancelled = 10; // tracking status
    std::map<std::int64_t, std::vector<json::Value>> out;
    const json::Value all = sandbox.get("/_admin/baselinker/packages");
    for (const auto& package : all.elements())
        if (package["tracking_status"].integer() != cancelled) out[package["order_id"].integer()].push_back(package);
    return out;
}

class Judge {
public:
    Judge(SoakShop& shop, const Ask& ask) : shop_(shop), ask_(ask) {}

    std::vector<std::string> all() {
        there_ = shop_.sandbox().orders(); // throws on a number that is there twice
        for (const auto& row : rows({"parked", "list"}, "parked"))
            if (row["flow"].text() != "articles") parked_[row["key"].integer()] = row["cause"].text();
        orders();
        shipments();
        stock();
        for (const auto& violation : shop_.sandbox().violations()) complain("violation " + violation);
        check();
        return std::move(complaints_);
    }

private:
    void complain(const std::string& what) { complaints_.push_back(shop_.name() + ": " + what); }

    std::vector<json::Value> rows(std::vector<std::string> arguments, const std::string& type) {
        arguments.insert(arguments.end(), {"--json", "-C", shop_.name()});
        return lines_of(ask_(std::move(arguments)), type);
    }

    void orders() {
        std::map<std::int64_t, int> times; // how many orders of Ongoing say that they are this one
        for (const auto& [number, order] : there_.members()) ++times[order.at_path("data.goodsOwnerOrderId").integer()];
        std::set<std::int64_t> in_base;
        const json::Value base = shop_.sandbox().get("/_admin/baselinker/orders");
        for (const auto& order : base.elements()) {
            const std::int64_t id = order["order_id"].integer();
            in_base.insert(id);
            statuses_[id] = order["order_status_id"].integer();
            const std::int64_t ongoing_status = there_[std::to_string(id)]["status"].integer(0);
            const bool lives = ongoing_status != 0 && ongoing_status != cancelled_in_ongoing;
            if (times[id] > 1) complain(fmt::format("order {} is {} times in Ongoing", id, times[id]));
            if (statuses_[id] == status::cancelled) {
                if (lives && ongoing_status < picked_from)
                    complain(fmt::format("order {} was cancelled and lives in Ongoing", id));
            } else if (!order["confirmed"].is_true() || statuses_[id] == status::fresh) {
                if (ongoing_status != 0) complain(fmt::format("order {} was not accepted and is in Ongoing", id));
            } else if (!lives && !parked_.contains(id)) {
                complain(fmt::format("order {} is accepted, not in Ongoing ({}), and nothing says why", id, ongoing_status));
            }
        }
        for (const auto& [id, count] : times)
            if (!in_base.contains(id)) complain(fmt::format("order {} of Ongoing is not in BaseLinker", id));
    }

    void shipments() {
        std::map<std::int64_t, std::set<std::int64_t>> booked; // packages of deliveries that stand
        for (const auto& row : rows({"shipments", "list"}, "shipment")) {
            if (row["state"].text() == "cancelled") continue;
            const std::int64_t id = row["key"].integer(), package = row["package_id"].integer(0);
            if (!booked[id].insert(package).second) complain(fmt::format("package {} is of two deliveries of {}", package, id));
        }
        std::map<std::int64_t, int> executed; // calls of createPackage that BaseLinker carried out
        const json::Value calls = shop_.sandbox().get("/_admin/journal?side=baselinker&operation=createPackage");
        for (const auto& call : calls.elements())
            if (call["committed"].is_true()) ++executed[call["parameters"]["order_id"].integer()];
        const auto packages = packages_by_order(shop_.sandbox());
        for (const auto& [id, known] : shop_.sold()) {
            const auto found = packages.find(id);
            const auto held = found == packages.end() ? std::vector<json::Value>{} : found->second;
            const auto count = static_cast<int>(held.size());
            const std::string cause = parked_.contains(id) ? parked_.at(id) : "no cause";
            if (count != known.deliveries)
                complain(fmt::format("order {}: {} deliveries, {} packages ({})", id, known.deliveries, count, cause));
            if (executed[id] > known.deliveries)
                complain(fmt::format("order {}: {} deliveries, booked {} times", id, known.deliveries, executed[id]));
            if (static_cast<int>(booked[id].size()) != count)
                complain(fmt::format("order {}: {} packages, {} deliveries in shipments list", id, count, booked[id].size()));
            for (const auto& package : held) label(id, package);
            if (known.deliveries > 0 && statuses_[id] != (known.is_short ? status::sent_in_part : status::sent))
                complain(fmt::format("order {} was sent, its status is {}", id, statuses_[id]));
        }
    }

    void label(std::int64_t id, const json::Value& package) {
        const json::Value& order = there_[std::to_string(id)];
        const std::string part = "-" + std::string(package["package_id"].text()) + ".";
        int labels = 0, entries = 0;
        for (const auto& file : order["files"].elements())
            labels += file["fileName"].text().find(part) != std::string_view::npos ? 1 : 0;
        for (const auto& tracking : order["tracking"].elements()) entries += tracking["waybill"] == package["number"] ? 1 : 0;
        if (labels != 1 || entries != 1)
            complain(fmt::format("package {} of order {}: {} labels, {} tracking entries ({})", package["package_id"].text(), id,
                                 labels, entries, parked_.contains(id) ? parked_.at(id) : "no cause"));
    }

    void stock() {
        const StockModel model(shop_.sandbox(), {soak_buffer, {status::cancelled}});
        const json::Value products = shop_.sandbox().get("/_admin/baselinker/products");
        for (const auto& product : products.elements()) {
            const std::string sku(product["sku"].text());
            if (sku.empty()) continue;
            const std::int64_t held = product["stock"]["bl_206"].integer(0);
            if (held != model.figure(sku))
                complain(fmt::format("stock of {}: {} instead of {} ({} can be sold)", sku, held, model.figure(sku),
                                     model.sellable(sku)));
        }
    }

    void check() {
        const auto compared = ask_({"check", "--exit-code", "--json", "-C", shop_.name()});
        for (const auto& row : lines_of(compared, "difference")) complain("check: " + row.dump());
        int books = 0;
        for (const auto& row : lines_of(compared, "check")) {
            ++books;
            if (!row["closes"].is_true()) complain("check does not close: " + row.dump());
        }
        if (books == 0 || compared.exit_code != 0)
            complain(fmt::format("check ends with {}\n{}", compared.exit_code, compared.err));
    }

    SoakShop& shop_;
    const Ask& ask_;
    json::Value there_;
    std::map<std::int64_t, std::string> parked_;
    std::map<std::int64_t, std::int64_t> statuses_; ///< in BaseLinker
    std::vector<std::string> complaints_;
};

} // namespace

int resolve_unknown(SoakShop& shop, const Ask& ask) {
    std::set<std::int64_t> known;
    for (const auto& row : lines_of(ask({"shipments", "list", "--json", "-C", shop.name()}), "shipment"))
        known.insert(row["package_id"].integer(0));
    int settled = 0;
    for (const auto& row : lines_of(ask({"unknown", "list", "--json", "-C", shop.name()}), "unknown")) {
        const std::int64_t order = row["key"].integer();
        auto command = resolution_of(order, packages_not_in(known, shop.sandbox(), order));
        command.insert(command.end(), {"-C", shop.name()});
        (void)ask(std::move(command));
        ++settled;
    }
    for (const auto& row : lines_of(ask({"parked", "list", "--json", "-C", shop.name()}), "parked")) {
        const std::string order(row["key"].text());
        // What a firewall said stands as the courier's words: who reads them sends again.
        if (row["cause"].text() == "courier_rejected") (void)ask({"shipments", "send", order, "-C", shop.name()});
        // It answered for Ongoing, and the order is there, sent: nobody but blongo writes orders here.
        if (row["flow"].text() == "shipments" && row["cause"].text() == "unknown") {
            (void)ask({"unknown", "resolve", order, "--nothing-was-booked", "--of", order, "-C", shop.name()});
            ++settled;
        }
    }
    return settled;
}

std::vector<std::string> complaints_of(SoakShop& shop, const Ask& ask) {
    return Judge(shop, ask).all();
}

} // namespace blongo::bench
