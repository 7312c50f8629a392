// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include <blongo/plan/admission.hpp>
#include <blongo/plan/causes.hpp>
#include <blongo/state/deliveries.hpp>
#include <blongo/state/intents.hpp>
#include <blongo/sync/catalogue_slice.hpp>
#include <blongo/sync/mapping.hpp>
#include <blongo/sync/order_backfill.hpp>
#include <blongo/sync/order_holds.hpp>
#include <blongo/sync/order_settings.hpp>
#include <blongo/sync/orders.hpp>
#include <blongo/sync/settings.hpp>
#include <blongo/sync/state_access.hpp>

namespace blongo::sync {

namespace {

std::string shown(const json::Value& value) {
    return value.is_object() || value.is_array() ? value.dump() : std::string(value.text());
}

/// The same text, number or time, however it is written.
bool alike(const std::string& ours, const std::string& theirs) {
    if (ours == theirs) return true;
    const auto number = Decimal::parse(ours), their_number = Decimal::parse(theirs);
    if (number && their_number) return *number == *their_number;
    const auto time = parse_timestamp(ours), their_time = parse_timestamp(theirs);
    return time && their_time && *time == *their_time;
}

Result<std::optional<baselinker::Order>> read_order(Session& session, BaseOrderId id) {
    BLONGO_TRY(auto page, session.baselinker().get_order(id));
    if (page.orders.empty()) return std::optional<baselinker::Order>{};
    return std::optional<baselinker::Order>{std::move(page.orders.front())};
}

/// Orders that a market place or a shop knows by this number. Filters that an account does not know are ignored by
/// BaseLinker: what comes is compared.
Result<std::vector<baselinker::Order>> read_by_market_number(Session& session, const std::string& n) {
    constexpr std::size_t longest = 50;
    std::vector<baselinker::Order> out;
    if (n.empty() || n.size() > longest) return out;
    std::vector<baselinker::OrderQuery> queries(1);
    queries.front().filter_external_order_id = n;
    if (const auto id = parse_id(n)) {
        queries.emplace_back();
        queries.back().filter_shop_order_id = *id;
    }
    for (auto& query : queries) {
        query.get_unconfirmed_orders = true;
        BLONGO_TRY(auto page, session.baselinker().get_orders(query));
        for (auto& order : page.orders)
            if (order.external_order_id == n || order.shop_order_id == n) out.push_back(std::move(order));
    }
    return out;
}

/// Both sides of the members, one by one.
class MemberTable {
public:
    MemberTable(OrderView& view, const config::Connection& connection)
        : view_(view), mapping_(mapping_in_effect("orders", &connection)) {}

    void compare(const map::OrderDocument* document, const json::Value& remote) {
        for (const MappingLine& row : mapping_) {
            if (row.target.starts_with(line_prefix)) continue;
            const json::Value* ours = document == nullptr ? nullptr : document->find(row.target);
            const MappedMember* known = find_member(MappedObject::order, row.target);
            add(row.target, row, ours, remote.at_path(row.target), known != nullptr && known->unreadable);
            if (document != nullptr) explain(document->traces, row);
        }
        if (document == nullptr) return;
        for (const auto& line : document->lines) compare_line(line, line_of(remote, line.row_number));
    }

private:
    static constexpr std::string_view line_prefix = "orderLines[].";

    static const json::Value& line_of(const json::Value& remote, const std::string& row_number) {
        static const json::Value none = json::Value::object();
        for (const auto& there : remote["orderLines"].elements())
            if (there["rowNumber"].text() == row_number) return there;
        return none;
    }

    void compare_line(const map::OrderLine& line, const json::Value& there) {
        std::string theirs;
        if (there.size() != 0) {
            const auto pieces = there["numberOfItems"].decimal();
            theirs = fmt::format("{} x {}", pieces ? pieces->to_string() : "?", there["articleNumber"].text());
        }
        const std::string name = "orderLines " + line.row_number;
        add(name, "products", fmt::format("{} x {}", line.quantity, line.article), theirs, false);
        for (const MappingLine& row : mapping_) {
            if (!row.own || !row.target.starts_with(line_prefix)) continue;
            const std::string member = row.target.substr(line_prefix.size());
            const MappedMember* known = find_member(MappedObject::order_line, member);
            add(fmt::format("{}.{}", name, member), row, line.find(member), there.at_path(member),
                known != nullptr && known->unreadable);
            MappingLine of_line = row;
            of_line.target = member;
            explain(line.traces, of_line);
        }
    }

    void add(std::string target, const MappingLine& row, const json::Value* ours, const json::Value& theirs, bool unreadable) {
        add(std::move(target), row.source, ours == nullptr ? "" : shown(*ours), shown(theirs), unreadable);
        view_.members.back().own = row.own;
    }

    void add(std::string target, std::string source, std::string ours, std::string theirs, bool unreadable) {
        std::string verdict = unreadable && view_.in_ongoing && !ours.empty() ? "cannot be read back"
                              : alike(ours, theirs)                           ? (ours.empty() ? "empty" : "same")
                              : theirs.empty()                                ? "only in BaseLinker"
                              : ours.empty()                                  ? "only in Ongoing"
                                                                              : "differs";
        view_.members.push_back(
            {std::move(target), std::move(source), std::move(ours), std::move(theirs), std::move(verdict), false, {}, {}});
    }

    /// How the last member came to its value, where a template made it.
    void explain(const std::vector<map::OwnTrace>& traces, const MappingLine& row) {
        for (const map::OwnTrace& trace : traces) {
            if (trace.target != row.target) continue;
            view_.members.back().reads = trace.reads;
            view_.members.back().by_default = trace.by_default;
        }
    }

    OrderView& view_;
    const std::vector<MappingLine> mapping_;
};

/// Keeps what a run would do with one order, and prints nothing.
class PlanOfOrder final : public report::SilentReporter {
public:
    explicit PlanOfOrder(std::string key) : key_(std::move(key)) {}
    void action(const report::Action& action) override {
        if (action.key == key_ && action.step.empty() && !planned_) planned_ = action;
    }
    [[nodiscard]] const std::optional<report::Action>& planned() const noexcept { return planned_; }

private:
    std::string key_;
    std::optional<report::Action> planned_;
};

/// What a dry run of the flow says about an order. mode = "plan" keeps nothing of its runs that could be looked up.
Result<std::optional<report::Action>> plan_of_order(const config::Config& config, const config::Connection& connection,
                                                    BaseOrderId id, const Runtime& runtime) {
    PlanOfOrder kept(fmt::to_string(id));
    FlowOptions options = FlowOptions::looking();
    options.explicit_objects = true;
    options.orders = {fmt::to_string(id)};
    const Runtime silent{.clock = runtime.clock,
                         .stop = runtime.stop,
                         .reporter = kept,
                         .environment = runtime.environment,
                         .version = runtime.version,
                         .state_url = runtime.state_url,
                         .state_password = runtime.state_password,
                         .verbosity = 0,
                         .dump_http = runtime.dump_http,
                         .lock_wait = runtime.lock_wait,
                         .deadline = runtime.deadline};
    const auto summary = run_orders(config, connection, options, silent);
    if (!summary.errors.empty()) return fail(summary.errors.front());
    return kept.planned();
}

std::string plan_words(const report::Action& planned, const config::Connection& connection) {
    const bool is_pilot = std::ranges::find(connection.pilot_orders, planned.key) != connection.pilot_orders.end();
    const std::string when =
        is_pilot ? "at the next run of blongo orders sync" : "if mode were \"live\": with mode = \"plan\" nothing is written";
    if (planned.verb == plan::Verb::park) {
        const auto* cause = plan::find_cause(planned.cause);
        return fmt::format("would be parked {}: {}: {}. {} acts: {}", when, planned.cause, planned.detail,
                           cause == nullptr ? "admin" : cause->owner, cause == nullptr ? "" : cause->remedy);
    }
    if (planned.verb == plan::Verb::create) return fmt::format("would be created in Ongoing {}", when);
    return fmt::format("would end as \"{}\" {}", plan::to_string(planned.verb), when);
}

std::string verdict_of(const OrderView& view, const config::Connection& connection) {
    if (!view.unsettled.empty())
        return "a write whose outcome is unknown is open; the next run of blongo orders sync looks and settles it";
    if (view.hold) {
        const std::string where = view.ledger ? fmt::format("in Ongoing as {}, ", view.ledger->number) : "";
        return fmt::format("{}{}; blongo orders unhold {} releases it", where, hold_words(*view.hold, connection.time_zone),
                           view.order_id);
    }
    if (view.parked) {
        const auto* cause = plan::find_cause(view.parked->cause);
        return fmt::format("parked since {}: {}. {} acts: {}", format_local(view.parked->since, connection.time_zone),
                           view.parked->detail, cause == nullptr ? "admin" : cause->owner, cause == nullptr ? "" : cause->remedy);
    }
    if (view.ledger)
        return fmt::format("in Ongoing as {} since {}", view.ledger->number,
                           format_local(view.ledger->imported_at, connection.time_zone)) +
               (view.will_fail.empty() ? "" : "; will fail at Send");
    if (!view.in_baselinker) return "BaseLinker has no such order";
    if (view.admission == "admit" && view.planned) return plan_words(*view.planned, connection);
    if (view.admission == "admit") return "will be sent at the next run of blongo orders sync";
    return "not sent: " + view.admission;
}

} // namespace

Result<OrderView> show_order(const config::Config& config, const config::Connection& connection, BaseOrderId id,
                             const Runtime& runtime) {
    BLONGO_TRY(const auto session, Session::open(config, connection, state::BudgetClass::orders, true, runtime));
    Flow flow(*session, "orders", FlowOptions::looking());
    const std::string key = fmt::to_string(id);
    OrderView view;
    view.order_id = id;
    state::Orders ledger(session->store(), session->key());
    BLONGO_TRY(view.ledger, ledger.find(id));
    BLONGO_TRY(view.lines, ledger.lines(id));
    BLONGO_TRY(const auto forecast, state::Forecasts(session->store(), session->key()).find(id));
    if (forecast) view.will_fail = forecast->detail;
    BLONGO_TRY(view.parked, state::Parked(session->store(), session->key()).find("orders", key));
    BLONGO_TRY(view.hold, state::Holds(session->store(), session->key()).find(id));
    BLONGO_TRY(const auto open, state::Intents(session->store(), session->key()).unsettled());
    for (const auto& intent : open)
        if (intent.key.ends_with(":" + key))
            view.unsettled.push_back(fmt::format("{} since {}: {}", intent.action,
                                                 format_local(intent.created, connection.time_zone),
                                                 intent.result.empty() ? "no answer recorded" : intent.result));

    BLONGO_TRY(const auto order, read_order(*session, id));
    std::optional<map::OrderDocument> document;
    auto map_options = order_map_options(connection);
    map_options.trace = true;
    if (order) {
        view.in_baselinker = true;
        BLONGO_TRY(const auto names, session->baselinker().get_order_status_list());
        view.base_status = fmt::to_string(order->order_status_id);
        for (const auto& status : names)
            if (status.id == order->order_status_id) view.base_status += " " + status.name;
        BLONGO_TRY(const auto statuses, resolve_order_statuses(*session));
        auto rules = admission_rules(connection.orders, statuses);
        BackfilledOrders backfilled(flow);
        BLONGO_CHECK(backfilled.load());
        if (backfilled.waiting().contains(id)) rules = plan::lifted(std::move(rules));
        const auto admission = plan::admit(*order, rules, view.parked.has_value(), runtime.clock.now());
        const std::string lifts = plan::what_lifts(admission, id);
        view.admission = std::string(plan::to_string(admission)) + (lifts.empty() ? "" : "; " + lifts);
        CatalogueSlice slice(flow);
        const auto ids = map::ids_to_look_up(*order);
        BLONGO_CHECK(slice.load({ids.begin(), ids.end()}));
        auto mapped =
            map::map_order(*order, map_options, map::lookup_in(slice.catalogue()), view.ledger ? view.ledger->attempt : 1);
        if (mapped.document)
            document = std::move(*mapped.document);
        else if (!mapped.rejected.empty() && !view.parked)
            view.admission = mapped.rejected.front().cause + ": " + mapped.rejected.front().reason;
    }
    const std::vector<OrderNumber> number{view.ledger ? view.ledger->number : map::order_number(map_options, id)};
    BLONGO_TRY(const auto found, session->ongoing().find_orders(number));
    json::Value remote = json::Value::object();
    if (!found.empty()) {
        view.in_ongoing = true;
        view.ongoing_number = found.front().order_number.value();
        view.ongoing_status = fmt::format("{} {}", found.front().status_number, found.front().status_text);
        if (auto model = ongoing::post_model_of_order(found.front().document)) remote = std::move(*model);
    }
    if (!view.in_baselinker && !view.in_ongoing && !view.ledger && !view.parked && !view.hold)
        return fail(ErrorKind::not_found, fmt::format("neither side has an order {}", id), {}, "blongo find " + key);
    if (connection.mode == "plan" && view.admission == "admit" && !view.ledger && !view.parked && !view.hold) {
        BLONGO_TRY(view.planned, plan_of_order(config, connection, id, runtime));
    }
    MemberTable(view, connection).compare(document ? &*document : nullptr, remote);
    view.verdict = verdict_of(view, connection);
    return view;
}

Result<std::vector<FoundOrder>> find_order(const config::Config& config, const config::Connection& connection,
                                           const std::string& n, const Runtime& runtime) {
    std::vector<FoundOrder> out;
    const auto add = [&](FoundOrder found) {
        const auto same = [&](const FoundOrder& other) { return other.order_id == found.order_id; };
        if (std::none_of(out.begin(), out.end(), same)) out.push_back(std::move(found));
    };
    {
        BLONGO_TRY(const auto opened, open_state(connection, runtime, state::Access::read_only));
        state::Orders ledger(*opened.store, opened.key);
        std::string text = n;
        if (text.starts_with('#')) text.erase(0, 1);
        BLONGO_TRY(const auto rows, ledger.search(text));
        for (const auto& row : rows) add({row.order_id, row.number.value(), row.market_number, "ledger"});
        BLONGO_TRY(const auto shipped, state::Deliveries(*opened.store, opened.key).search(n));
        for (const auto& row : shipped) add({row.order_id, row.order_number.value(), {}, "shipment"});
        const auto id = parse_id(n);
        if (id) {
            BLONGO_TRY(const auto row, ledger.find(BaseOrderId{*id}));
            if (row) add({row->order_id, row->number.value(), row->market_number, "ledger"});
            BLONGO_TRY(const auto parked, state::Parked(*opened.store, opened.key).find("orders", n));
            if (parked) add({BaseOrderId{*id}, {}, {}, "parked"});
            BLONGO_TRY(const auto hold, state::Holds(*opened.store, opened.key).find(BaseOrderId{*id}));
            if (hold) add({BaseOrderId{*id}, {}, {}, "hold"});
        }
    }
    if (!out.empty()) return out;
    if (n.starts_with('#')) return out;
    const std::string& prefix = connection.orders.order_number_prefix;
    const auto id =
        parse_id(!prefix.empty() && n.starts_with(prefix) ? std::string_view(n).substr(prefix.size()) : std::string_view(n));
    BLONGO_TRY(const auto session, Session::open(config, connection, state::BudgetClass::orders, true, runtime));
    const auto add_order = [&](const baselinker::Order& order) {
        add({order.order_id, {}, order.external_order_id.empty() ? order.shop_order_id : order.external_order_id, "BaseLinker"});
    };
    if (id) {
        BLONGO_TRY(const auto order, read_order(*session, BaseOrderId{*id}));
        if (order) add_order(*order);
        if (!out.empty()) return out;
    }
    BLONGO_TRY(const auto orders, read_by_market_number(*session, n));
    for (const auto& order : orders) add_order(order);
    return out;
}

Result<std::vector<state::ForecastRow>> list_forecasts(const config::Connection& connection, const Runtime& runtime) {
    BLONGO_TRY(const auto opened, open_state(connection, runtime, state::Access::read_only));
    return state::Forecasts(*opened.store, opened.key).list();
}

Result<std::vector<ListedOrder>> list_orders(const config::Connection& connection, std::optional<Timestamp> since, int limit,
                                             const Runtime& runtime) {
    BLONGO_TRY(const auto opened, open_state(connection, runtime, state::Access::read_only));
    state::Orders ledger(*opened.store, opened.key);
    BLONGO_TRY(const auto holds, state::Holds(*opened.store, opened.key).list());
    std::map<BaseOrderId, state::HoldRow> held;
    std::vector<BaseOrderId> ids;
    for (const auto& hold : holds) {
        held.emplace(hold.order_id, hold);
        ids.push_back(hold.order_id);
    }
    BLONGO_TRY(const auto known, ledger.find_many(ids));
    std::set<BaseOrderId> sent;
    for (const auto& row : known) sent.insert(row.order_id);
    std::vector<ListedOrder> out;
    for (const auto& hold : holds)
        if (!sent.contains(hold.order_id)) out.push_back({hold.order_id, {}, hold});
    BLONGO_TRY(auto rows, ledger.list(since, limit));
    for (auto& row : rows) {
        const auto hold = held.find(row.order_id);
        const BaseOrderId id = row.order_id;
        out.push_back({id, std::move(row), hold == held.end() ? std::nullopt : std::optional{hold->second}});
    }
    return out;
}

} // namespace blongo::sync
