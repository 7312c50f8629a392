// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/doctor_parts.hpp>

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <blongo/baselinker/returns.hpp>
#include <blongo/plan/send.hpp>
#include <blongo/sync/order_settings.hpp>
#include <blongo/sync/order_sources.hpp>
#include <blongo/sync/return_settings.hpp>
#include <blongo/sync/stock_book.hpp>

namespace blongo::sync {

namespace {

/// A refused token is the seller's to renew.
const std::string& who_mends_base(const Error& error) {
    return error.kind == ErrorKind::auth ? seller_acts : admin_acts;
}

void examine_stock_target(Examination& exam, const baselinker::Inventory& ours) {
    if (exam.connection.stock.enabled) {
        std::string targets;
        for (const auto& key : stock_targets(exam.connection.stock).keys())
            targets += (targets.empty() ? "" : ", ") + key.value();
        if (const auto checked = check_stock_settings(exam.connection, ours); !checked)
            exam.fail("stock", checked.error());
        else
            exam.ok("stock", "goes from Ongoing to " + targets);
    }
    if (!ours.reservations) return exam.ok("reservations", "this catalogue works without reservations", seller_acts);
    if (exam.connection.stock.enabled && !exam.connection.stock.figure.empty())
        return exam.ok("reservations", "on, and stock.figure = \"" + exam.connection.stock.figure + "\" says what is pushed",
                       seller_acts);
    exam.warn("reservations", "this catalogue works with reservations",
              "stock push will ask for figure = \"sellable\" or \"on_hand\"", seller_acts);
}

void examine_base_warehouses(Examination& exam) {
    const auto warehouses = exam.session->baselinker().get_inventory_warehouses();
    if (!warehouses) return exam.fail("BaseLinker warehouses", warehouses.error());
    std::string words;
    for (const auto& one : *warehouses) words += fmt::format("{}{} ({})", words.empty() ? "" : ", ", one.key.value(), one.name);
    if (!exam.connection.stock.enabled) return exam.ok("BaseLinker warehouses", words);
    for (const auto& key : stock_targets(exam.connection.stock).keys()) {
        const auto same = [&](const auto& one) { return one.key == key; };
        if (std::none_of(warehouses->begin(), warehouses->end(), same))
            return exam.fail("BaseLinker warehouses", make_error(ErrorKind::config, "BaseLinker has no warehouse " + key.value(),
                                                                 "stock.warehouse", "one of: " + words));
    }
    exam.ok("BaseLinker warehouses", words);
}

/// A status of the configuration, with the key that names it.
struct NamedSetting {
    std::string key;
    config::StatusRef status;
};

std::vector<NamedSetting> order_status_settings(const config::Connection& connection) {
    std::vector<NamedSetting> out;
    const auto& orders = connection.orders;
    const auto& shipments = connection.shipments;
    const auto add = [&](const std::string& key, const config::StatusRef& status) {
        if (status != config::StatusRef{}) out.push_back({key, status});
    };
    for (const auto& status : orders.statuses) add("orders.statuses", status);
    for (const auto& status : orders.cancel_statuses) add("orders.cancel_statuses", status);
    for (const auto& status : orders.finished_statuses) add("orders.finished_statuses", status);
    add("orders.status_after_import", orders.status_after_import);
    for (const auto& [cause, status] : orders.status_on_error) add("orders.status_on_error", status);
    add("orders.status_after_cancel_refused", orders.status_after_cancel_refused);
    for (const auto& [number, status] : orders.status_by_warehouse) add("orders.status_by_warehouse", status);
    add("shipments.status_after_send", shipments.status_after_send);
    add("shipments.status_after_short_send", shipments.status_after_short_send);
    for (const auto& status : shipments.ship_statuses) add("shipments.ship_statuses", status);
    for (const auto& rule : shipments.couriers) add("shipments.couriers.status_after_send", rule.status_after_send);
    return out;
}

} // namespace

bool examine_baselinker(Examination& exam) {
    const auto inventories = exam.session->baselinker().get_inventories();
    if (!inventories) {
        exam.fail("BaseLinker", inventories.error(), who_mends_base(inventories.error()));
        return false;
    }
    exam.ok("TLS of BaseLinker",
            exam.connection.baselinker.url.starts_with("https") ? "the certificate is valid" : "this machine: without TLS");
    exam.ok("BaseLinker", fmt::format("token accepted, {} catalogue(s)", inventories->size()), seller_acts);
    const auto ours = std::find_if(inventories->begin(), inventories->end(), [&](const auto& inventory) {
        return inventory.inventory_id == exam.connection.baselinker.inventory_id;
    });
    if (ours == inventories->end()) {
        std::string known;
        for (const auto& inventory : *inventories)
            known += fmt::format("{}{} ({})", known.empty() ? "" : ", ", inventory.inventory_id, inventory.name);
        exam.fail("catalogue",
                  make_error(ErrorKind::config,
                             fmt::format("inventory_id = {} is not on this account", exam.connection.baselinker.inventory_id), {},
                             "one of: " + known));
    } else {
        exam.ok("catalogue", fmt::format("{} ({})", ours->inventory_id, ours->name), seller_acts);
        examine_stock_target(exam, *ours);
    }
    examine_base_warehouses(exam);
    return true;
}

void examine_statuses(Examination& exam) {
    const auto known = exam.session->baselinker().get_order_status_list();
    if (!known) return exam.fail("order statuses", known.error());
    std::string names;
    for (const auto& one : *known) names += fmt::format("{}{} ({})", names.empty() ? "" : ", ", one.id, one.name);
    bool clean = true;
    std::map<std::string, std::set<OrderStatusId>> by_key;
    for (const auto& [key, status] : order_status_settings(exam.connection)) {
        const auto found = std::find_if(known->begin(), known->end(), [&, ref = status](const auto& one) {
            return ref.name.empty() ? one.id.value() == ref.id : one.name == ref.name;
        });
        if (found != known->end()) {
            by_key[key].insert(found->id);
            continue;
        }
        clean = false;
        exam.fail("order statuses",
                  make_error(ErrorKind::config,
                             fmt::format("BaseLinker has no status {}",
                                         status.name.empty() ? std::to_string(status.id) : '"' + status.name + '"'),
                             key, "one of: " + names));
    }
    for (const auto& id : by_key["orders.statuses"])
        if (by_key["orders.cancel_statuses"].contains(id)) {
            clean = false;
            exam.fail("order statuses",
                      make_error(ErrorKind::config, fmt::format("status {} is both accepted and a cancellation", id),
                                 "orders.cancel_statuses", "take it out of one of the two lists"));
        }
    if (clean)
        exam.ok("order statuses", fmt::format("all that the configuration names exist ({} in BaseLinker)", known->size()),
                seller_acts);
}

/// Most accounts have no journal. It hastens, so nothing depends on it.
void examine_journal(Examination& exam) {
    constexpr std::chrono::days reach{3}; ///< contract baselinker 3.3
    baselinker::OrderQuery recent;
    recent.date_confirmed_from = exam.now() - reach;
    const auto orders = exam.session->baselinker().get_orders(recent);
    const std::vector<int> confirmed{log_type::confirmed};
    const auto entries = exam.session->baselinker().get_journal_list(0, confirmed);
    if (!orders || !entries) return exam.skip("journal", (orders ? entries.error() : orders.error()).message);
    if (!entries->empty()) return exam.ok("journal", "getJournalList tells of orders", seller_acts);
    if (orders->rows.empty()) return exam.skip("journal", "no order was confirmed in the last 3 days");
    exam.warn("journal", "getJournalList tells nothing although orders were confirmed in the last 3 days",
              fmt::format("nothing is lost: late changes of status are found by sweeps. {}", journal_remedy), seller_acts);
}

void examine_returns(Examination& exam) {
    const auto& settings = exam.connection.returns;
    if (const auto statuses = resolve_return_statuses(*exam.session); !statuses) return exam.fail("returns", statuses.error());
    const auto known = baselinker::Returns(exam.session->baselinker()).get_return_status_list();
    if (!known) return exam.fail("returns", known.error());
    std::string missing;
    const auto look = [&](const config::StatusRef& status) {
        const auto same = [&](const auto& one) { return one.id.value() == status.id; };
        if (status.id == 0 || std::any_of(known->begin(), known->end(), same)) return;
        missing += fmt::format("{}{}", missing.empty() ? "" : ", ", status.id);
    };
    for (const auto& status : settings.statuses) look(status);
    look(settings.status_after_received);
    if (!missing.empty())
        return exam.warn("returns", "BaseLinker has no return status " + missing, "blongo list return-statuses");
    exam.ok("returns", settings.statuses.empty()
                           ? "of every status become return orders"
                           : fmt::format("of {} of {} statuses become return orders", settings.statuses.size(), known->size()));
}

void examine_ongoing(Examination& exam) {
    const auto& connection = exam.connection;
    if (!connection.ongoing.username.starts_with("WSI"))
        exam.warn("Ongoing user", "API users usually have a name that begins with WSI",
                  "ask the warehouse for an API user of this goods owner", warehouse_acts);
    const std::vector<ArticleNumber> nothing{ArticleNumber{"blongo-doctor"}};
    if (const auto articles = exam.session->ongoing().find_articles(nothing); !articles)
        exam.fail("goods owner", articles.error(), warehouse_acts);
    else
        exam.ok("goods owner", fmt::format("{} answers", connection.ongoing.goods_owner_id), warehouse_acts);
    if (!connection.shipments.enabled) return;
    bool clean = true;
    const auto look = [&](std::int64_t number, const std::string& key) {
        const auto same = [&](const auto& one) { return one.number == number; };
        if (std::any_of(exam.warehouse_statuses.begin(), exam.warehouse_statuses.end(), same)) return;
        clean = false;
        exam.fail(
            "Ongoing statuses",
            make_error(ErrorKind::config, fmt::format("Ongoing has no order status {}", number), key, "blongo list statuses"),
            warehouse_acts);
    };
    for (const auto& [number, meaning] : connection.shipments.send) look(number, "shipments.send");
    for (const auto& [number, status] : connection.orders.status_by_warehouse) look(number, "orders.status_by_warehouse");
    if (clean) exam.ok("Ongoing statuses", "all that the configuration names exist", warehouse_acts);
    if (!connection.stock.enabled || connection.stock.warehouses.empty()) return;
    const auto warehouses = exam.session->ongoing().get_warehouses();
    if (!warehouses) return exam.fail("Ongoing warehouses", warehouses.error(), warehouse_acts);
    for (const auto& [id, key] : connection.stock.warehouses) {
        const auto same = [&, wanted = id](const auto& one) { return one.id == wanted; };
        if (std::none_of(warehouses->begin(), warehouses->end(), same))
            exam.fail("Ongoing warehouses",
                      make_error(ErrorKind::config, fmt::format("Ongoing has no warehouse {}", id), "stock.warehouses",
                                 "blongo list warehouses"),
                      warehouse_acts);
    }
}

/// The length unit of Ongoing is not documented: a known article shows whether the factor fits.
void examine_length_unit(Examination& exam) {
    const std::string name = "length unit";
    auto& base = exam.session->baselinker();
    const InventoryId inventory = exam.connection.baselinker.inventory_id;
    std::vector<ProductId> ids;
    const auto listed = base.each_product(inventory, [&](baselinker::ProductListRow&& row) -> Result<void> {
        if (row.parent_id.value() == 0 && !row.sku.empty()) ids.push_back(row.id);
        if (ids.size() >= static_cast<std::size_t>(baselinker::limits::products_per_data_call))
            return blongo::fail(ErrorKind::stopped, "enough");
        return {};
    });
    if (!listed && listed.error().kind != ErrorKind::stopped)
        return exam.skip(name, "the catalogue could not be listed: " + listed.error().message);
    if (ids.empty()) return exam.skip(name, "no product with an SKU");
    const auto data = base.get_products_data(inventory, ids);
    if (!data) return exam.skip(name, data.error().message);
    std::vector<ArticleNumber> numbers;
    for (const auto& candidate : data->products)
        if (!candidate.length.is_zero() && !candidate.sku.empty()) numbers.emplace_back(candidate.sku);
    if (numbers.empty()) return exam.skip(name, "no product with a length among the first ones");
    const auto articles = exam.session->ongoing().find_articles(numbers);
    if (!articles) return exam.skip(name, articles.error().message);
    for (const auto& article : *articles) {
        const auto length = article.document["length"].decimal();
        if (!length || length->is_zero()) continue;
        for (const auto& candidate : data->products) {
            if (candidate.sku != article.article_number.value()) continue;
            const Decimal ours = candidate.length * exam.connection.articles.length_factor;
            if (ours == *length)
                return exam.ok(name,
                               fmt::format("{}: {} cm in BaseLinker, {} in Ongoing", candidate.sku, candidate.length, *length));
            return exam.warn(name,
                             fmt::format("{}: {} cm in BaseLinker would be {}, Ongoing holds {}", candidate.sku, candidate.length,
                                         ours, *length),
                             "compare this article in Ongoing; if all differ alike, set articles.length_factor");
        }
    }
    exam.skip(name, "no article with a length on both sides yet");
}

} // namespace blongo::sync
