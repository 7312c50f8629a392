// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/returns.hpp>

#include <fmt/format.h>

#include <blongo/state/orders.hpp>
#include <blongo/sync/return_sources.hpp>
#include <blongo/sync/return_writer.hpp>
#include <blongo/sync/state_access.hpp>

namespace blongo::sync {

namespace {

template <class Id> Result<std::vector<Id>> ids_of(const std::vector<std::string>& texts, const char* what) {
    std::vector<Id> out;
    for (const auto& text : texts) {
        const auto id = parse_id(text);
        if (!id) return fail(ErrorKind::usage, fmt::format("{} is not a {}", text, what));
        out.emplace_back(*id);
    }
    return out;
}

Result<void> run_steps(Flow& flow) {
    const auto& options = flow.options();
    BLONGO_TRY(const auto named_returns, ids_of<ReturnId>(options.returns, "return id of BaseLinker"));
    BLONGO_TRY(const auto named_orders, ids_of<BaseOrderId>(options.orders, "BaseLinker order id"));
    const bool named = !named_returns.empty() || !named_orders.empty();
    BLONGO_TRY(const auto statuses, resolve_return_statuses(flow.session()));

    ReturnStatusWriteBack status(flow, statuses);
    ReturnWriter writer(flow, statuses, status);
    BLONGO_CHECK(writer.recover());
    BLONGO_CHECK(status.recover());
    ReturnSources sources(flow, statuses);
    if (named) {
        BLONGO_CHECK(sources.read_named(named_returns, named_orders));
    } else {
        BLONGO_CHECK(sources.read(writer.unresolved()));
    }
    for (const auto& bad : sources.bad()) BLONGO_CHECK(writer.park_unreadable(bad));
    for (const ReturnId id : sources.gone()) BLONGO_CHECK(writer.gone(id));
    BLONGO_CHECK(writer.process(std::move(sources.returns()), named));
    BLONGO_CHECK(writer.read_back(named));
    BLONGO_CHECK(status.send(named ? &writer.met() : nullptr));
    if (!named && flow.summary().complete && !writer.left_some()) BLONGO_CHECK(sources.commit());
    flow.summary().skipped += writer.not_ours();
    return {};
}

} // namespace

report::Summary run_returns(const config::Config& config, const config::Connection& connection, const FlowOptions& given,
                            const Runtime& runtime) {
    FlowOptions options = given;
    options.explicit_objects = !options.orders.empty() || !options.returns.empty();
    auto session = Session::open(config, connection, state::BudgetClass::stock, options.dry_run, runtime);
    if (!session) return failed_summary(connection.name, "returns", options, session.error());
    Flow flow(**session, "returns", options);
    if (const auto begun = flow.begin(); !begun) return failed_summary(connection.name, "returns", options, begun.error());
    return flow.finish(run_steps(flow));
}

std::int64_t ReturnView::expected() const {
    std::int64_t pieces = 0;
    for (const auto& line : entry.lines) pieces += line.quantity;
    return pieces;
}

Decimal ReturnView::received() const {
    Decimal pieces;
    for (const auto& line : entry.lines) pieces = pieces + line.received;
    return pieces;
}

std::string ReturnView::state_words() const {
    switch (entry.row.state) {
    case state::ReturnState::received: return "received";
    case state::ReturnState::missing: return "gone in Ongoing";
    case state::ReturnState::called_off: return "called off";
    case state::ReturnState::sent: break;
    }
    return received() > Decimal{} ? "partly received" : "expected";
}

std::string ReturnView::status_words() const {
    switch (entry.row.fate) {
    case state::ReturnStatusFate::none: return {};
    case state::ReturnStatusFate::wanted: return "waiting";
    case state::ReturnStatusFate::set: return "set";
    case state::ReturnStatusFate::left: return "left as it was";
    case state::ReturnStatusFate::refused: return "refused";
    }
    return {};
}

Result<std::vector<ReturnView>> list_returns(const config::Connection& connection, int limit, const Runtime& runtime) {
    BLONGO_TRY(const auto opened, open_state(connection, runtime, state::Access::read_only));
    BLONGO_TRY(const auto entries, state::Returns(*opened.store, opened.key).list(std::nullopt, limit));
    BLONGO_TRY(const auto waiting, state::Parked(*opened.store, opened.key).list("returns"));
    std::map<std::string, const state::ParkedRow*> parked;
    for (const auto& row : waiting) parked.emplace(row.key, &row);
    std::vector<BaseOrderId> ids;
    for (const auto& entry : entries) ids.push_back(entry.row.order_id);
    BLONGO_TRY(const auto orders, state::Orders(*opened.store, opened.key).find_many(ids));
    std::map<BaseOrderId, OrderNumber> numbers;
    for (const auto& row : orders) numbers.emplace(row.order_id, row.number);
    std::vector<ReturnView> out;
    for (const auto& entry : entries) {
        ReturnView view;
        view.entry = entry;
        if (const auto found = numbers.find(entry.row.order_id); found != numbers.end()) view.order_number = found->second;
        if (const auto found = parked.find(return_key(entry.row.return_id)); found != parked.end()) view.parked = *found->second;
        out.push_back(std::move(view));
    }
    return out;
}

} // namespace blongo::sync
