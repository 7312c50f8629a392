// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include <blongo/baselinker/returns.hpp>
#include <blongo/sync/inspect.hpp>
#include <blongo/sync/order_sources.hpp>
#include <blongo/sync/return_settings.hpp>
#include <blongo/sync/stock_book.hpp>

namespace blongo::sync {

namespace {

constexpr std::int64_t careful_rate = 95; ///< contract baselinker 1.1: 100 a minute for all programs together

/// Collects checks; a failed prerequisite marks what depends on it as skipped.
class Doctor {
public:
    Doctor(const config::Config& config, const config::Connection& connection, const Runtime& runtime)
        : config_(config), connection_(connection), runtime_(runtime) {}

    std::vector<Check> run() {
        configuration();
        if (!open()) return std::move(checks_);
        state();
        baselinker();
        if (connection_.orders.enabled) journal();
        if (connection_.returns.enabled) returns();
        ongoing();
        length_unit();
        printing();
        budget();
        return std::move(checks_);
    }

private:
    void ok(std::string name, std::string finding) {
        checks_.push_back({std::move(name), Check::Verdict::ok, std::move(finding), {}, ErrorKind::config});
    }
    void warn(std::string name, std::string finding, std::string remedy) {
        checks_.push_back({std::move(name), Check::Verdict::warning, std::move(finding), std::move(remedy),
                           ErrorKind::config});
    }
    void fail(std::string name, const Error& error) {
        checks_.push_back({std::move(name), Check::Verdict::failure,
                           error.where.empty() ? error.message : error.where + ": " + error.message, error.remedy,
                           error.kind});
    }
    void skip(std::string name, std::string because) {
        checks_.push_back({std::move(name), Check::Verdict::skipped, std::move(because), {}, ErrorKind::config});
    }

    void configuration() {
        bool clean = true;
        for (const auto& [flow, errors] : connection_.errors)
            for (const auto& text : errors) {
                clean = false;
                fail(flow.empty() ? "configuration" : "configuration of " + flow,
                     make_error(ErrorKind::config, text, {}, "mend the configuration file"));
            }
        if (clean) ok("configuration", config_.file);
        for (const auto& text : config_.warnings) warn("configuration", text, {});
        if (connection_.mode == "plan")
            warn("mode", "mode = \"plan\": every run reads and reports, nothing is written",
                 "set mode = \"live\" when the dry runs look right");
        if (connection_.baselinker.requests_per_minute > careful_rate)
            warn("request budget",
                 fmt::format("requests_per_minute = {}: BaseLinker allows 100 for all programs of the account",
                             connection_.baselinker.requests_per_minute),
                 "keep it at 60 unless the limit was raised by contract");
    }

    bool open() {
        auto session = Session::open(config_, connection_, state::BudgetClass::orders, true, runtime_);
        if (!session) {
            fail(session.error().kind == ErrorKind::state ? "state" : "secrets", session.error());
            skip("BaseLinker, Ongoing", "not tried");
            return false;
        }
        session_ = std::move(*session);
        ok("secrets", "token and password can be read, nobody else can read their files");
        return true;
    }

    void state() {
        if (session_->store().place().starts_with("sqlite") && session_->key() == 0) {
            ok("state", session_->store().place() + ": no run yet, made by the first live run");
            return;
        }
        ok("state", fmt::format("{} (schema {})", session_->store().place(), session_->store().schema_version()));
    }

    void baselinker() {
        const auto inventories = session_->baselinker().get_inventories();
        if (!inventories) {
            fail("BaseLinker", inventories.error());
            return;
        }
        ok("BaseLinker", fmt::format("token accepted, {} catalogue(s)", inventories->size()));
        const auto ours = std::find_if(inventories->begin(), inventories->end(), [&](const auto& inventory) {
            return inventory.inventory_id == connection_.baselinker.inventory_id;
        });
        if (ours == inventories->end()) {
            std::string known;
            for (const auto& inventory : *inventories)
                known += fmt::format("{}{} ({})", known.empty() ? "" : ", ", inventory.inventory_id, inventory.name);
            fail("catalogue",
                 make_error(ErrorKind::config,
                            fmt::format("inventory_id = {} is not on this account",
                                        connection_.baselinker.inventory_id),
                            {}, "one of: " + known));
            return;
        }
        ok("catalogue", fmt::format("{} ({})", ours->inventory_id, ours->name));
        if (connection_.stock.enabled) {
            if (const auto checked = check_stock_settings(connection_, *ours); !checked) fail("stock", checked.error());
            else ok("stock", "goes from Ongoing to " + target_words());
        } else if (ours->reservations)
            warn("reservations", "this catalogue works with reservations",
                 "stock push will ask for figure = \"sellable\" or \"on_hand\"");
        const auto warehouses = session_->baselinker().get_inventory_warehouses();
        if (!warehouses) fail("BaseLinker warehouses", warehouses.error());
    }

    [[nodiscard]] std::string target_words() const {
        std::string out;
        for (const auto& key : stock_targets(connection_.stock).keys()) out += (out.empty() ? "" : ", ") + key.value();
        return out;
    }

    /// Most accounts have no journal. It hastens, so nothing depends on it.
    void journal() {
        constexpr std::chrono::days reach{3}; ///< contract baselinker 3.3
        baselinker::OrderQuery recent;
        recent.date_confirmed_from = runtime_.clock.now() - reach;
        const auto orders = session_->baselinker().get_orders(recent);
        const std::vector<int> confirmed{log_type::confirmed};
        const auto entries = session_->baselinker().get_journal_list(0, confirmed);
        if (!orders || !entries) return skip("journal", (orders ? entries.error() : orders.error()).message);
        if (!entries->empty()) return ok("journal", "getJournalList tells of orders");
        if (orders->rows.empty()) return skip("journal", "no order was confirmed in the last 3 days");
        warn("journal", "getJournalList tells nothing although orders were confirmed in the last 3 days",
             fmt::format("nothing is lost: late changes of status are found by sweeps. {}", journal_remedy));
    }

    void returns() {
        if (const auto statuses = resolve_return_statuses(*session_); !statuses) return fail("returns", statuses.error());
        const auto known = baselinker::Returns(session_->baselinker()).get_return_status_list();
        if (!known) return fail("returns", known.error());
        std::string missing;
        const auto look = [&](const config::StatusRef& status) {
            const auto same = [&](const auto& one) { return one.id.value() == status.id; };
            if (status.id == 0 || std::any_of(known->begin(), known->end(), same)) return;
            missing += fmt::format("{}{}", missing.empty() ? "" : ", ", status.id);
        };
        for (const auto& status : connection_.returns.statuses) look(status);
        look(connection_.returns.status_after_received);
        if (!missing.empty())
            return warn("returns", "BaseLinker has no return status " + missing, "blongo list return-statuses");
        ok("returns", connection_.returns.statuses.empty() ? "of every status become return orders"
                                                           : fmt::format("of {} of {} statuses become return orders",
                                                                         connection_.returns.statuses.size(), known->size()));
    }

    void ongoing() {
        const auto statuses = session_->ongoing().get_order_statuses();
        if (!statuses) {
            fail("Ongoing", statuses.error());
            return;
        }
        ok("Ongoing", fmt::format("credentials accepted, {} order statuses", statuses->size()));
        if (!connection_.ongoing.username.starts_with("WSI"))
            warn("Ongoing user", "API users usually have a name that begins with WSI",
                 "ask the warehouse for an API user of this goods owner");
        const std::vector<ArticleNumber> nothing{ArticleNumber{"blongo-doctor"}};
        if (const auto articles = session_->ongoing().find_articles(nothing); !articles)
            fail("goods owner", articles.error());
        else
            ok("goods owner", fmt::format("{} answers", connection_.ongoing.goods_owner_id));
    }

    /// The length unit of Ongoing is not documented: a known article shows whether the factor fits.
    void length_unit() {
        std::optional<baselinker::Product> product;
        std::vector<ProductId> ids;
        const auto listed = session_->baselinker().each_product(
            connection_.baselinker.inventory_id, [&](baselinker::ProductListRow&& row) -> Result<void> {
                if (row.parent_id.value() == 0 && !row.sku.empty()) ids.push_back(row.id);
                if (ids.size() >= static_cast<std::size_t>(baselinker::limits::products_per_data_call))
                    return blongo::fail(ErrorKind::stopped, "enough");
                return {};
            });
        if (!listed && listed.error().kind != ErrorKind::stopped) {
            skip("length unit", "the catalogue could not be listed: " + listed.error().message);
            return;
        }
        if (ids.empty()) {
            skip("length unit", "no product with an SKU");
            return;
        }
        const auto data = session_->baselinker().get_products_data(connection_.baselinker.inventory_id, ids);
        if (!data) {
            skip("length unit", data.error().message);
            return;
        }
        std::vector<ArticleNumber> numbers;
        for (const auto& candidate : data->products)
            if (!candidate.length.is_zero() && !candidate.sku.empty()) numbers.emplace_back(candidate.sku);
        if (numbers.empty()) {
            skip("length unit", "no product with a length among the first ones");
            return;
        }
        const auto articles = session_->ongoing().find_articles(numbers);
        if (!articles) return;
        for (const auto& article : *articles) {
            const auto length = article.document["length"].decimal();
            if (!length || length->is_zero()) continue;
            for (const auto& candidate : data->products) {
                if (candidate.sku != article.article_number.value()) continue;
                const Decimal ours = candidate.length * connection_.articles.length_factor;
                if (ours == *length)
                    ok("length unit", fmt::format("{}: {} cm in BaseLinker, {} in Ongoing", candidate.sku,
                                                  candidate.length, *length));
                else
                    warn("length unit",
                         fmt::format("{}: {} cm in BaseLinker would be {}, Ongoing holds {}", candidate.sku,
                                     candidate.length, ours, *length),
                         "compare this article in Ongoing; if all differ alike, set articles.length_factor");
                return;
            }
        }
        skip("length unit", "no article with a length on both sides yet");
    }

    /// A label that nobody prints is noticed at the packing bench (flows.md Shipments 12).
    void printing() {
        const auto& shipments = connection_.shipments;
        if (!shipments.enabled) return;
        if (!shipments.print_command.empty())
            return ok("printing", "labels are printed here, by " + shipments.print_command.front());
        if (shipments.print_report_id == 0)
            return warn("printing", "shipments.print.report_id = 0: labels are stored in Ongoing, and nobody prints them",
                        "set report_id to the number of the label report in Ongoing, or set shipments.print_command");
        if (shipments.print_fallback_workstation_id == 0)
            return warn("printing",
                        fmt::format("labels are printed by report {} of Ongoing, and not at all where nobody knows who packed",
                                    shipments.print_report_id),
                        "set shipments.print.fallback_workstation_id");
        ok("printing", fmt::format("labels are printed by report {} of Ongoing", shipments.print_report_id));
    }

    void budget() {
        const auto status = session_->budget().status();
        if (!status) {
            warn("request budget", status.error().message, status.error().remedy);
            return;
        }
        if (status->blocked_until && *status->blocked_until > runtime_.clock.now())
            warn("request budget",
                 "BaseLinker has blocked the token until " +
                     format_local(*status->blocked_until, connection_.time_zone),
                 "nothing to do: runs go on by themselves; another program may use up the limit");
        else
            ok("request budget", fmt::format("{} of {} calls used in the last minute", status->used,
                                             connection_.baselinker.requests_per_minute));
    }

    const config::Config& config_;
    const config::Connection& connection_;
    const Runtime& runtime_;
    std::unique_ptr<Session> session_;
    std::vector<Check> checks_;
};

} // namespace

std::vector<Check> doctor(const config::Config& config, const config::Connection& connection,
                          const Runtime& runtime) {
    return Doctor(config, connection, runtime).run();
}

} // namespace blongo::sync
