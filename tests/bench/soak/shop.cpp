// SPDX-License-Identifier: Apache-2.0
#include "shop.hpp"

#include <sys/stat.h>

#include <fmt/format.h>

#include "support/e2e/shipments.hpp"

namespace blongo::bench {

namespace {

using namespace blongo::test;

constexpr std::int64_t orders_a_shop = 1'000'000, first_new_product = 5'000;
constexpr int shelf = 60;

/// The services of each shop behave otherwise.
std::vector<std::string> options_of(int number, const std::string& token) {
    std::vector<std::string> options{
        "--products", std::to_string(soak_products), "--token", token, "--set", fmt::format("new_article_stock={}", shelf)};
    const auto set = [&](const char* what) { options.insert(options.end(), {"--set", what}); };
    if (number == 2) {
        set("quirks=true");
        set("journal=true");
    }
    if (number == 3) {
        set("put_clears_omitted=true");
        set("missing_order_is_error=true");
        set("number_after_reads=1");
    }
    if (number == 4) {
        set("journal=true");
        set("label_not_ready=1");
        set("package_hidden_reads=1");
    }
    return options;
}

std::string secret_file(const std::string& folder, const std::string& name, const std::string& text) {
    const std::string file = folder + "/" + name;
    write_file(file, text + "\n");
    chmod(file.c_str(), 0600);
    return file;
}

bool has_begun(const json::Value& there) {
    return there["status"].integer(0) > 300;
}

/// The warehouse has what the seller shows.
bool agree(const json::Value& order, const json::Value& there) {
    if (order["products"].size() != there["lines"].size()) return false;
    for (const auto& line : order["products"].elements()) {
        bool found = false;
        for (const auto& row : there["lines"].elements())
            found = found || (row["data"]["rowNumber"].text() == std::to_string(line["order_product_id"].integer()) &&
                              row["data"]["articleNumber"].text() == line["sku"].text() &&
                              row["ordered"].integer() == line["quantity"].integer());
        if (!found) return false;
    }
    return there.at_path("data.consignee.address1").text() == order["delivery_address"].text();
}

} // namespace

SoakShop::SoakShop(int number, std::uint64_t seed)
    : number_(number), random_(seed), sandbox_(options_of(number, token())), next_order_((70 + number) * orders_a_shop),
      next_line_((700 + number) * orders_a_shop) {}

std::string SoakShop::config(const std::string& folder) {
    // sends_on() and orders_on() speak of a connection "demo".
    const std::string shipments = sends_on(number_ == 3 ? "parcels_changed = \"add\"" : "");
    std::string text = fmt::format(
        R"([connections.demo.baselinker]
url = "{0}/connector.php"
token_file = "{1}"
inventory_id = 307
requests_per_minute = 100000
[connections.demo.ongoing]
url = "{0}/sandbox"
username = "WSI-SANDBOX"
password_file = "{2}"
goods_owner_id = 1
[connections.demo.orders]
{3}
[connections.demo.stock]
enabled = true
warehouse = "bl_206"
buffer = {4}
max_zeroed_percent = 100
{5})",
        sandbox_.url(), secret_file(folder, name() + ".token", token()),
        secret_file(folder, name() + ".password", "sandbox-password"),
        orders_on(number_ % 2 == 0 ? "status_after_import = 8070" : "status_after_import = 8070\nstatus_on_error = 8072"),
        soak_buffer, shipments);
    for (std::size_t at; (at = text.find("connections.demo")) != std::string::npos;)
        text.replace(at, std::string_view("connections.demo").size(), "connections." + name());
    return text;
}

// --- the seller --------------------------------------------------------------

json::Value SoakShop::lines(std::int64_t id, bool with_unknown) {
    json::Value list = json::Value::array();
    std::int64_t row = id * 10;
    for (int i = pick(3); i >= 0; --i)
        list.push_back(base_line(synthetic_sku(1 + pick(soak_products)), 1 + pick(4)).set("order_product_id", ++row));
    if (with_unknown) list.push_back(base_line("NOBODY-KNOWS", 1).set("order_product_id", ++row));
    return list;
}

json::Value SoakShop::new_order() {
    const std::int64_t id = ++next_order_;
    SoldOrder& known = sold_[id];
    known.is_unknown_sku = one_in(12);
    json::Value more = one_in(4) ? to_a_locker() : json::Value::object();
    more.set("products", lines(id, known.is_unknown_sku))
        .set("phone", fmt::format("+4860010{:04}", id % 10'000))
        .set("email", fmt::format("buyer{}@example.com", id))
        .set("delivery_fullname", fmt::format("Buyer {}", id))
        .set("delivery_address", fmt::format("Polna {}", id));
    if (one_in(10)) more.set("order_status_id", status::fresh);
    if (one_in(15)) more.set("confirmed", false);
    // Most were confirmed just now; some market places tell days later.
    const std::string ago = one_in(12) ? fmt::format("-{}d", 1 + pick(20)) : fmt::format("-{}s", 1 + pick(900));
    for (const char* date : {"date_confirmed", "date_add", "date_in_status"}) more.set(date, ago);
    return base_order(id, {}, std::move(more));
}

void SoakShop::edit(std::int64_t id, const json::Value& order) {
    json::Value change = json::Value::object().set("order_id", id);
    switch (pick(3)) {
    case 0: change.set("delivery_address", fmt::format("Nowa {}", 1 + pick(500))); break;
    case 1: change.set("user_comments", fmt::format("please ring {}", 1 + pick(500))); break;
    default: {
        json::Value changed = order["products"];
        changed.elements().front().set("quantity", 1 + pick(5));
        change.set("products", std::move(changed));
    }
    }
    sandbox_.base_orders(change);
}

void SoakShop::seller(std::int64_t id, const json::Value& order, const json::Value& there) {
    const std::int64_t now_in = order["order_status_id"].integer();
    if (now_in == status::cancelled || has_begun(there)) return;
    SoldOrder& known = sold_[id];
    if (!order["confirmed"].is_true()) {
        if (one_in(4)) seller::confirm(sandbox_, id);
    } else if (now_in == status::fresh) {
        if (one_in(3))
            sandbox_.base_orders(json::Value::object().set("order_id", id).set("order_status_id", status::to_warehouse));
    } else if (one_in(25)) {
        sandbox_.base_orders(json::Value::object().set("order_id", id).set("order_status_id", status::cancelled));
    } else if (known.is_unknown_sku && one_in(8)) {
        known.is_unknown_sku = false;
        json::Value mended = json::Value::object().set("order_id", id).set("products", lines(id, false));
        sandbox_.base_orders(mended);
    } else if (!known.is_unknown_sku && one_in(10)) {
        edit(id, order);
    }
}

void SoakShop::catalogue() {
    if (one_in(2)) {
        const int n = 1 + pick(soak_products);
        sandbox_.base_products(json::Value::object()
                                   .set("id", synthetic_id + n)
                                   .set("weight", json::Value::number(fmt::format("1.{:02}", pick(100)))));
    }
    if (one_in(6)) {
        const int n = next_product_++;
        sandbox_.base_products(json::Value::object()
                                   .set("id", synthetic_id + first_new_product + n)
                                   .set("sku", one_in(4) ? std::string{} : fmt::format("NEW-{:03}", n))
                                   .set("weight", json::Value::number("0.4"))
                                   .set("text_fields", json::Value::object().set("name", fmt::format("Novelty {}", n))));
    }
}

// --- the warehouse -----------------------------------------------------------

void SoakShop::shelves() {
    for (int i = pick(3); i > 0; --i)
        sandbox_.post("/_admin/ongoing/articles",
                      json::Value::object()
                          .set("data", json::Value::object().set("articleNumber", synthetic_sku(1 + pick(soak_products))))
                          .set("stock", json::Value::object().set("1", json::Value::object().set("items", pick(2 * shelf)))));
}

void SoakShop::send(std::int64_t id, const json::Value& order) {
    SoldOrder& known = sold_[id];
    std::vector<std::string> parcels{fmt::format("1.{}", 1 + pick(9))};
    const bool to_locker = !order["delivery_point_id"].text().empty();
    if (!to_locker && one_in(5)) parcels.emplace_back("2.5"); // lockers take one
    json::Value more = json::Value::object();
    const auto& lines = order["products"].elements();
    known.is_short = one_in(6) && lines.front()["quantity"].integer() > 1;
    if (known.is_short)
        more.set("quantities", json::Value::object().set(std::to_string(lines.front()["order_product_id"].integer()), 1));
    send_in_warehouse(sandbox_, id, parcels, std::move(more));
    ++known.deliveries;
}

void SoakShop::send_rest(std::int64_t id) {
    sold_[id].is_short = false;
    ++sold_[id].deliveries;
    send_in_warehouse(sandbox_, id, {}, json::Value::object().set("action", "reopen"));
    send_in_warehouse(sandbox_, id, {"0.9"});
}

void SoakShop::packer(std::int64_t id, const json::Value& order, const json::Value& there) {
    const SoldOrder& known = sold_[id];
    if (there["status"].integer(0) == 300 && known.deliveries == 0) {
        // Whoever packs an order that the seller has just changed would send something else.
        const json::Value now = sandbox_.base_order(id);
        const std::int64_t now_in = now["order_status_id"].integer();
        if (now_in != status::cancelled && agree(now, there) && one_in(4)) send(id, order);
    } else if (known.is_short) {
        // The first parcel leaves with its label before the rest is packed.
        if (there["files"].size() > 0 && one_in(6)) send_rest(id);
    } else if (known.deliveries > 0 && one_in(60)) {
        send_in_warehouse(sandbox_, id, {}, json::Value::object().set("action", "reopen"));
        send_in_warehouse(sandbox_, id, {}, json::Value::object().set("action", "send"));
    }
}

void SoakShop::people_work() {
    catalogue();
    shelves();
    for (int i = pick(7); i > 0; --i) sandbox_.base_orders(new_order());
    const json::Value base = sandbox_.get("/_admin/baselinker/orders");
    const json::Value warehouse = sandbox_.orders();
    for (const auto& order : base.elements()) {
        const std::int64_t id = order["order_id"].integer();
        const json::Value& there = warehouse[std::to_string(id)];
        seller(id, order, there);
        if (there.is_object()) packer(id, order, there);
    }
}

} // namespace blongo::bench
