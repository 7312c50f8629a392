// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/preflight.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/map/keys.hpp>
#include <blongo/plan/send.hpp>
#include <blongo/state/deliveries.hpp>
#include <blongo/state/runs.hpp>
#include <blongo/sync/settings.hpp>

namespace blongo::sync {

namespace {

const std::string rules_cursor = "orders.preflight_rules";

/// What the verdicts depend on beside the orders: another mark may mean other verdicts.
std::string mark_of(const std::vector<map::CourierRule>& rules, const map::ParcelOptions& parcels) {
    json::Value list = json::Value::array();
    const auto add = [&](const auto& value) { list.push_back(json::Value(value)); };
    const auto text = [](const std::optional<Decimal>& number) { return number ? number->to_string() : std::string(); };
    const auto word = [](std::optional<bool> flag) { return !flag ? "" : *flag ? "yes" : "no"; };
    add(parcels.packaging_weight.to_string());
    add(text(parcels.default_weight));
    for (const map::CourierRule& rule : rules) {
        for (const auto* globs : {&rule.delivery_method, &rule.country, &rule.order_source, &rule.way_of_delivery,
                                  &rule.transporter, &rule.parcel_type, &rule.currency, &rule.sku})
            add(join(*globs, "\n"));
        for (const auto& limit : {rule.min_weight, rule.max_weight, rule.max_side}) add(text(limit));
        for (const auto flag : {rule.cod, rule.service_point}) add(std::string(word(flag)));
        for (const bool flag : {rule.mobile, rule.postcode, rule.point, rule.state}) add(flag);
        for (const std::int64_t number :
             {rule.parcels.value_or(0), rule.street_max, rule.name_max, static_cast<std::int64_t>(rule.strategy),
              rule.account_id ? rule.account_id->value() : 0})
            add(number);
        for (const auto& one : {rule.courier_code, rule.phone, rule.cod_currency}) add(one);
        for (const auto* templates : {&rule.fields, &rule.package})
            for (const auto& [field, template_text] : *templates) add(field + "=" + template_text.text());
    }
    return fingerprint(list.dump());
}

} // namespace

Preflight::Preflight(Flow& flow)
    : flow_(flow), forecasts_(flow.session().store(), flow.session().key()), couriers_(flow.session().baselinker()),
      forms_(flow.session(), couriers_) {}

bool Preflight::judges() const {
    const auto& connection = flow_.session().connection();
    const auto& shipments = connection.shipments;
    return connection.orders.preflight != "off" && shipments.enabled && !shipments.couriers.empty() &&
           std::ranges::any_of(shipments.send, [](const auto& meaning) { return meaning.second == "book"; });
}

Result<void> Preflight::begin() {
    if (begun_) return {};
    begun_ = true;
    Session& session = flow_.session();
    const auto& settings = session.connection().shipments;
    // Names of statuses would cost a request, and decide nothing here.
    BLONGO_TRY(rules_, courier_rules(settings, [](const config::StatusRef& status) -> Result<OrderStatusId> {
                   return OrderStatusId{status.id};
               }));
    options_.parcels = parcel_options(settings);
    options_.now = session.runtime().clock.now();
    options_.time_zone = session.connection().time_zone;
    BLONGO_TRY(const auto weighed, state::Deliveries(session.store(), session.key()).were_weighed());
    options_.weighing = !weighed ? plan::Weighing::unknown : *weighed ? plan::Weighing::sometimes : plan::Weighing::never;
    BLONGO_CHECK(note_rules());
    BLONGO_TRY(const auto rows, forecasts_.list());
    for (const auto& row : rows) foreseen_[row.order_id] = row.cause;
    return {};
}

Result<void> Preflight::note_rules() {
    state::Cursors cursors(flow_.session().store(), flow_.session().key());
    const std::string mark = mark_of(rules_, options_.parcels);
    BLONGO_TRY(const auto known, cursors.get(rules_cursor));
    const std::size_t digits = known ? known->find(' ') : std::string::npos;
    const auto since = digits == std::string::npos ? std::nullopt : parse_id(known->substr(digits + 1));
    rules_since_ = since && known->substr(0, digits) == mark ? from_unix_milliseconds(*since) : options_.now;
    if (rules_since_ != options_.now || flow_.dry_run()) return {};
    return cursors.set(rules_cursor, fmt::format("{} {}", mark, to_unix_milliseconds(options_.now)));
}

Result<std::vector<plan::Failure>> Preflight::judge(const baselinker::Order& order, const ongoing::Order& foreseen) {
    Result<void> read{};
    const auto lookup = [&](const std::string& code) -> std::optional<plan::KnownCourier> {
        const auto known = forms_.kept(code);
        if (!known) read = fail(known.error());
        if (!known || *known == nullptr) return std::nullopt;
        return plan::KnownCourier{(*known)->form, (*known)->accounts};
    };
    auto failures = plan::preflight(order, foreseen, rules_, options_, lookup);
    BLONGO_CHECK(std::move(read));
    return failures;
}

Result<void> Preflight::record(BaseOrderId order, const OrderNumber& number, const std::vector<plan::Failure>& failures) {
    if (failures.empty()) {
        foreseen_.erase(order);
        return flow_.dry_run() ? Result<void>{} : forecasts_.erase(order);
    }
    const std::string& cause = failures.front().rejection.cause;
    foreseen_[order] = cause;
    if (flow_.dry_run()) return {};
    return forecasts_.put({order, number, cause, plan::preflight_text(failures), options_.now});
}

Result<std::optional<map::Rejection>> Preflight::judge_new(const baselinker::Order& order, map::OrderDocument& document) {
    if (!judges()) return std::optional<map::Rejection>{};
    BLONGO_CHECK(begin());
    BLONGO_TRY(const auto failures, judge(order, plan::foreseen_order(document)));
    if (!failures.empty() && failures.front().certain && flow_.session().connection().orders.preflight == "park") {
        BLONGO_CHECK(record(order.order_id, document.number, {}));
        map::Rejection held = failures.front().rejection;
        held.reason = "will fail at send: " + held.reason;
        for (std::size_t i = 1; i < failures.size(); ++i)
            held.reason += fmt::format("; also {}: {}", failures[i].rejection.cause, failures[i].rejection.reason);
        return std::optional{std::move(held)};
    }
    BLONGO_CHECK(record(order.order_id, document.number, failures));
    if (!failures.empty()) document.notes.push_back(plan::preflight_note(failures));
    return std::optional<map::Rejection>{};
}

Result<void> Preflight::judge_changed(const baselinker::Order& order, map::OrderDocument& document) {
    if (!judges()) return {};
    BLONGO_CHECK(begin());
    BLONGO_TRY(const auto failures, judge(order, plan::foreseen_order(document)));
    if (!failures.empty()) document.notes.push_back(plan::preflight_note(failures));
    return record(order.order_id, document.number, failures);
}

/// As the ledger knows it. Nobody else's transporter is known without a request.
Result<ongoing::Order> Preflight::foreseen_of(const baselinker::Order& order, const state::OrderRow& row) {
    ongoing::Order foreseen;
    foreseen.order_number = row.number;
    foreseen.goods_owner_order_id = fmt::to_string(row.order_id);
    foreseen.way_of_delivery_code = map::line_text(order.delivery_method);
    state::Orders ledger(flow_.session().store(), flow_.session().key());
    BLONGO_TRY(const auto lines, ledger.lines(row.order_id));
    const auto& services = flow_.session().connection().orders.service_skus;
    for (const auto& line : lines) {
        auto& there = foreseen.lines.emplace_back();
        there.row_number = line.row_number;
        there.article_number = line.article;
        there.ordered = Decimal{line.quantity};
        there.should_be_picked =
            std::ranges::none_of(services, [&](const std::string& glob) { return glob_match(glob, line.article.value()); });
    }
    return foreseen;
}

Result<void> Preflight::look_again(const baselinker::Order& order, const state::OrderRow& row) {
    if (!judges()) return {};
    BLONGO_CHECK(begin());
    const bool known = foreseen_.contains(order.order_id);
    if (!known && row.seen_at > rules_since_) return {};
    const auto lowest = plan::lowest_send_status(flow_.session().connection().shipments.send);
    const bool sent = lowest && row.ongoing_status >= *lowest;
    if (row.state != state::OrderState::imported || row.closed_at != Timestamp{} || sent)
        return known ? record(order.order_id, row.number, {}) : Result<void>{};
    BLONGO_TRY(const auto foreseen, foreseen_of(order, row));
    BLONGO_TRY(const auto failures, judge(order, foreseen));
    if (failures.empty() && !known) return {};
    return record(order.order_id, row.number, failures);
}

Result<void> Preflight::finish() {
    if (judges()) BLONGO_CHECK(begin());
    flow_.summary().will_fail = static_cast<std::int64_t>(foreseen_.size());
    if (flow_.dry_run()) return {};
    return flow_.session().store().in_transaction([&]() -> Result<void> {
        if (!judges()) {
            BLONGO_CHECK(forecasts_.erase_all());
            // All are judged again when it is switched on.
            return state::Cursors(flow_.session().store(), flow_.session().key()).erase(rules_cursor);
        }
        BLONGO_CHECK(forecasts_.erase_settled());
        BLONGO_TRY(const auto rows, forecasts_.list());
        flow_.summary().will_fail = static_cast<std::int64_t>(rows.size());
        return {};
    });
}

} // namespace blongo::sync
