// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/order_cutover.hpp>

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include <blongo/plan/admission.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/sync/order_settings.hpp>

namespace blongo::sync {

namespace {

constexpr std::int64_t most_read = 1'000; ///< of one status and window

struct Window {
    std::string_view name;
    std::optional<std::chrono::days> days; ///< none: all
};
/// The widest first: where it holds too many orders, a narrower one is read.
constexpr std::array<Window, 4> windows = {
    {{"", std::nullopt}, {"30 days", std::chrono::days{30}}, {"7 days", std::chrono::days{7}}, {"day", std::chrono::days{1}}}};

using Figures = std::array<std::string, windows.size()>;

class Counter {
public:
    Counter(Session& session, const OrderStatuses& statuses)
        : session_(session), ledger_(session.store(), session.key()),
          rules_(plan::lifted(admission_rules(session.connection().orders, statuses))), now_(session.runtime().clock.now()) {}

    Result<Figures> count(OrderStatusId status) {
        Figures figures;
        for (std::size_t i = 0; i < windows.size(); ++i) {
            BLONGO_TRY(const auto times, entered_in(status, windows[i]));
            if (!times) {
                figures[i] = fmt::format("more than {}", most_read);
                continue;
            }
            for (std::size_t narrower = i; narrower < windows.size(); ++narrower)
                figures[narrower] = fmt::to_string(std::count_if(
                    times->begin(), times->end(), [&](Timestamp time) { return time >= begin_of(windows[narrower]); }));
            break;
        }
        return figures;
    }

    /// When the one that waits longest entered.
    [[nodiscard]] std::optional<Timestamp> oldest() const noexcept { return oldest_; }
    [[nodiscard]] Timestamp now() const noexcept { return now_; }

private:
    [[nodiscard]] Timestamp begin_of(const Window& window) const { return window.days ? now_ - *window.days : Timestamp{}; }

    /// When the orders that wait in a status entered it; nullopt: the window holds too many.
    Result<std::optional<std::vector<Timestamp>>> entered_in(OrderStatusId status, const Window& window) {
        baselinker::OrderQuery query;
        query.status_id = status;
        query.date_confirmed_from = begin_of(window);
        std::vector<Timestamp> times;
        std::vector<std::pair<BaseOrderId, Timestamp>> waiting;
        std::optional<Timestamp> first_confirmed;
        std::int64_t rows = 0;
        const auto read = session_.baselinker().each_order(
            query,
            [&](baselinker::Order&& order) -> Result<void> {
                if (++rows > most_read || session_.out_of_time()) return fail(ErrorKind::stopped, "enough orders were read");
                if (plan::admit(order, rules_, false, now_) != plan::Admission::admit) return {};
                waiting.emplace_back(order.order_id, plan::entered(order));
                if (!first_confirmed) first_confirmed = order.date_confirmed;
                return {};
            },
            [](baselinker::BadOrder&&) -> Result<void> { return {}; });
        if (rows <= most_read) BLONGO_CHECK(read);
        std::vector<BaseOrderId> ids;
        for (const auto& [id, time] : waiting) ids.push_back(id);
        BLONGO_TRY(const auto known, ledger_.find_many(ids));
        for (const auto& [id, time] : waiting) {
            const auto same = [&, order = id](const state::OrderRow& row) { return row.order_id == order; };
            if (std::any_of(known.begin(), known.end(), same)) continue;
            times.push_back(time);
            see_oldest(time);
        }
        if (rows <= most_read) return std::optional{std::move(times)};
        // None of those that were not read entered before the first one was confirmed.
        if (first_confirmed) see_oldest(*first_confirmed);
        return std::optional<std::vector<Timestamp>>{};
    }

    void see_oldest(Timestamp time) { oldest_ = oldest_ ? std::min(*oldest_, time) : time; }

    Session& session_;
    state::Orders ledger_;
    plan::AdmissionRules rules_;
    Timestamp now_;
    std::optional<Timestamp> oldest_;
};

} // namespace

Result<std::string> cutover_advice(const config::Config& config, const config::Connection& connection, const Runtime& runtime) {
    BLONGO_TRY(const auto session, Session::open(config, connection, state::BudgetClass::orders, true, runtime));
    BLONGO_TRY(const auto statuses, resolve_order_statuses(*session));
    BLONGO_TRY(const auto names, session->baselinker().get_order_status_list());
    Counter counter(*session, statuses);
    std::string text = "confirmed orders that wait";
    for (const auto& status : statuses.accepted) {
        BLONGO_TRY(const Figures figures, counter.count(status));
        text += fmt::format("{} in status {}", status == *statuses.accepted.begin() ? "" : ",", status);
        for (const auto& known : names)
            if (known.id == status) text += " " + known.name;
        text += ": " + figures[0];
        for (std::size_t i = 1; i < windows.size(); ++i)
            text += fmt::format("{}{} in the last {}", i == 1 ? " (" : ", ", figures[i], windows[i].name);
        text += ")";
    }
    const auto line = [&](Timestamp time) {
        return "start_from = " + format_local_rfc3339(std::chrono::floor<std::chrono::minutes>(time), connection.time_zone);
    };
    text += fmt::format(". To send what enters from now on: {}", line(counter.now()));
    if (counter.oldest()) text += fmt::format(". To send all of these: {}", line(*counter.oldest()));
    return text + ". What it leaves out is taken by blongo orders backfill";
}

} // namespace blongo::sync
