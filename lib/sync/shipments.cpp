// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/shipments.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/state/moves.hpp>
#include <blongo/sync/cancellation.hpp>
#include <blongo/sync/connections.hpp>
#include <blongo/sync/label_desk.hpp>
#include <blongo/sync/label_withdrawal.hpp>
#include <blongo/sync/order_holds.hpp>
#include <blongo/sync/send_desk.hpp>
#include <blongo/sync/unserved_sends.hpp>

namespace blongo::sync {

namespace {

using DeliveryState = state::DeliveryState;

constexpr std::size_t parked_a_run = 50;               ///< parked orders that one run judges again
constexpr std::chrono::minutes between_judgements{5};  ///< of a parked order, by shipments watch
constexpr std::chrono::minutes between_settlements{1}; ///< of statuses whose answer was lost, by shipments watch
constexpr Milliseconds poll_step{200};                 ///< between looks at what a named order waits for

/// One run of the flow over one session.
class ShipmentRun {
public:
    ShipmentRun(Flow& flow, const SendOptions& options)
        : context_(flow, options), booking_(context_), note_(context_), desk_(context_, booking_, note_),
          labels_(context_, note_), notice_(context_), unserved_(context_, notice_, desk_, note_) {}

    Result<void> run(const std::vector<BaseOrderId>& named) {
        if (const auto done = steps(named); !done) {
            BLONGO_CHECK(unserved_.tell_blocked(done.error()));
            return done;
        }
        return {};
    }

private:
    Result<void> steps(const std::vector<BaseOrderId>& named) {
        Flow& flow = context_.flow();
        const bool is_named = context_.options().flow.explicit_objects;
        // Named orders are looked at first: which they are may only be known then.
        if (is_named) BLONGO_CHECK(notice_.look(named, context_.options().ongoing_orders));
        const std::set<BaseOrderId> only = notice_.named_orders();
        if (is_named && only.empty()) return {};
        if (!flow.dry_run()) {
            BLONGO_TRY([[maybe_unused]] const Timestamp since, context_.start_from());
            BLONGO_CHECK(booking_.recover(only));
            BLONGO_CHECK(labels_.recover(only));
            BLONGO_CHECK(recover_cancellations(context_, only));
            if (context_.options().settle_statuses) BLONGO_CHECK(context_.write_back().recover());
        }
        // A webhook's run polls, too: a bulk change in the warehouse comes as hundreds of single events, and the brake
        // has to see all of them at once.
        if (!is_named || context_.options().wishes.event_id != 0) BLONGO_CHECK(notice_.poll());
        BLONGO_TRY(auto due, notice_.due());
        // A brake holds back what would be bought; what is paid for goes on.
        const auto braked = brake(due);
        if (braked || flow.dry_run()) BLONGO_CHECK(judge_all(due));
        BLONGO_CHECK(go_on(only));
        if (is_named && braked && !flow.dry_run()) BLONGO_CHECK(wait_for(only));
        if (!flow.dry_run()) {
            BLONGO_CHECK(context_.write_back().flush());
            if (context_.options().settle_statuses) BLONGO_CHECK(context_.write_back().finish());
        }
        flow.summary().before_cutover = notice_.before_start();
        flow.summary().skipped += notice_.not_ours();
        if (!is_named && !flow.dry_run() && context_.options().settle_statuses) {
            BLONGO_CHECK(unserved_.show());
            BLONGO_TRY([[maybe_unused]] const std::int64_t erased,
                       context_.labels().erase_before(context_.now() - context_.config().label_retention));
            BLONGO_CHECK(withdraw_labels(context_));
        }
        return braked;
    }

    /// flows.md Shipments 3: a bulk change in the warehouse must not buy hundreds of shipments by itself.
    Result<void> brake(std::vector<DueSend>& due) {
        const bool asked_by_a_person = context_.options().flow.explicit_objects && context_.options().wishes.event_id == 0;
        if (context_.options().allow_many || asked_by_a_person) return {};
        const auto most = context_.config().max_bookings_at_once;
        BLONGO_TRY(std::int64_t fresh, notice_.unjudged());
        if (fresh > most && !context_.dry_run() && context_.options().settle_statuses) {
            BLONGO_CHECK(drop_taken_back(due));
            BLONGO_TRY(fresh, notice_.unjudged());
        }
        if (fresh <= most) return {};
        return fail(ErrorKind::guard,
                    fmt::format("{} orders were sent since the last look, more than shipments.max_bookings_at_once = {}: "
                                "nothing was booked",
                                fresh, most),
                    {}, "look at them in Ongoing; if they are meant: blongo shipments send --allow-many");
    }

    /// A bulk change that was set back in the warehouse meanwhile brakes nothing.
    Result<void> drop_taken_back(std::vector<DueSend>& due) {
        std::vector<OrderNumber> numbers;
        for (const auto& send : due) numbers.push_back(send.ledger.number);
        BLONGO_TRY(const auto there, notice_.find_all(numbers));
        std::set<OngoingOrderId> set_back;
        for (const auto& order : there) {
            const auto meaning = plan::meaning_of(context_.config().send, order.status_number);
            if (meaning != plan::SendMeaning::book && meaning != plan::SendMeaning::no_shipment) set_back.insert(order.order_id);
        }
        std::vector<DueSend> still;
        for (auto& send : due) {
            bool sent = true;
            if (set_back.contains(send.there.order_id)) {
                BLONGO_TRY(sent, notice_.load(send));
                if (!sent) BLONGO_CHECK(desk_.forget(send.ledger.order_id, send.there.order_id));
            }
            if (sent) still.push_back(std::move(send));
        }
        due = std::move(still);
        return {};
    }

    /// Under watch an order on hold costs no look while it is held, and is judged at once when it is released.
    Result<bool> is_due_again(const DueSend& send) {
        const auto parked = context_.flow().parked().find(fmt::to_string(send.ledger.order_id));
        if (parked == context_.flow().parked().end() || send.fresh_event || send.wishes.by_hand) return true;
        const auto& row = parked->second;
        if (context_.options().watching && row.cause == "on_hold") {
            BLONGO_TRY(const auto hold, held(context_.session(), send.ledger.order_id));
            return !hold;
        }
        if (row.next_try && *row.next_try > context_.now()) return false;
        return !context_.options().watching || row.last_try + between_judgements <= context_.now();
    }

    Result<void> judge_all(std::vector<DueSend>& due) {
        std::size_t judged_again = 0, done = 0;
        // Those that wait already come behind, the oldest look first: with many, each has its turn.
        const auto waits_since = [&](const DueSend& send) {
            const auto parked = context_.flow().parked().find(fmt::to_string(send.ledger.order_id));
            return parked == context_.flow().parked().end() ? Timestamp{} : parked->second.last_try;
        };
        std::ranges::stable_sort(due, {}, waits_since);
        for (DueSend& send : due) {
            Flow& flow = context_.flow();
            const std::string key = fmt::to_string(send.ledger.order_id);
            const bool parked = flow.parked().contains(key);
            if (context_.session().out_of_time()) {
                flow.incomplete();
                break;
            }
            BLONGO_TRY(const bool due_again, is_due_again(send));
            if (!due_again || (parked && !send.fresh_event && !send.wishes.by_hand && ++judged_again > parked_a_run)) {
                BLONGO_CHECK(flow.keep_parked(key));
                continue;
            }
            if (flow.limit_reached()) {
                flow.report(context_.action(plan::Verb::skip, send.ledger.order_id, send.ledger.number, "limit"));
                continue;
            }
            if (const auto judged = judge_one(send); !judged) {
                if (ends_run(judged.error())) return judged;
                auto line = context_.action(plan::Verb::create, send.ledger.order_id, send.ledger.number, "delivery");
                BLONGO_CHECK(flow.item_failed(line, judged.error(), {}));
                continue;
            }
            flow.progress("shipments", ++done, due.size());
        }
        return {};
    }

    Result<void> judge_one(DueSend& send) {
        BLONGO_TRY(const bool asked, notice_.is_current(send));
        if (!asked) return {};
        BLONGO_TRY(const bool sent, notice_.load(send));
        if (!sent) return desk_.forget(send.ledger.order_id, send.there.order_id);
        BLONGO_CHECK(desk_.judge(send));
        return label_of(send);
    }

    /// The packer waits for this one: its label comes before the next order is judged.
    Result<void> label_of(const DueSend& send) {
        if (context_.dry_run()) return {};
        BLONGO_TRY(const auto rows, context_.deliveries().of_order(send.ledger.order_id));
        for (const auto& row : rows)
            if (row.ongoing_id == send.there.order_id) BLONGO_CHECK(work_on(row, &send.there, false));
        return {};
    }

    Result<void> work_on(const state::DeliveryRow& row, const ongoing::Order* there, bool now_due) {
        const auto worked = labels_.work(row, there, now_due);
        if (worked || ends_run(worked.error())) return worked;
        auto line = context_.action(plan::Verb::update, row.order_id, row.order_number, "delivery");
        line.step = "label";
        line.outcome = plan::Outcome::queued;
        line.detail = worked.error().text();
        context_.flow().report(line);
        context_.flow().incomplete();
        return {};
    }

    /// Deliveries that earlier runs left on the way, and reprints that were asked for.
    Result<void> go_on(const std::set<BaseOrderId>& only) {
        if (context_.dry_run()) return {};
        BLONGO_TRY(const auto due, context_.due().of_kind(due_delivery));
        const Timestamp now = context_.now();
        for (const auto& step : due) {
            if (context_.session().out_of_time()) {
                context_.flow().incomplete();
                return {};
            }
            const auto parts = split(step.key, ':');
            const auto order = parse_id(parts.front()), number = parse_id(parts.back());
            if (!order || !number) continue;
            const bool is_ours = only.contains(BaseOrderId{*order});
            if (!only.empty() && !is_ours) continue;
            if (step.at > now && !is_ours) continue;
            BLONGO_TRY(const auto row, context_.deliveries().find(BaseOrderId{*order}, *number));
            if (!row || row->state == DeliveryState::booking || row->state == DeliveryState::due) continue;
            BLONGO_CHECK(work_on(*row, nullptr, step.at <= now));
        }
        return {};
    }

    /// A person waits at the printer: what is due within the wait is waited for (a label that is not ready, another process
    /// that books this very order).
    Result<void> wait_for(const std::set<BaseOrderId>& only) {
        const Milliseconds until = context_.session().runtime().clock.boot_time() + context_.options().wait;
        bool waited = false;
        while (true) {
            BLONGO_TRY(const bool open, is_under_way(only));
            if (!open) return waited ? tell_what_others_did(only) : Result<void>{};
            if (context_.session().out_of_time() || context_.session().runtime().clock.boot_time() >= until) break;
            waited = true;
            (void)context_.session().runtime().clock.sleep(poll_step, context_.session().runtime().stop);
            BLONGO_CHECK(go_on(only));
        }
        context_.flow().incomplete(); // another process is still at it, or the label is not there yet
        return {};
    }

    /// This process waited for another one: what became of the order is said here, too.
    Result<void> tell_what_others_did(const std::set<BaseOrderId>& only) {
        if (context_.flow().summary().created + context_.flow().summary().adopted > 0) return {};
        for (const auto& order : only) {
            BLONGO_TRY(const auto rows, context_.deliveries().of_order(order));
            if (rows.empty() || rows.back().package_id == 0) continue;
            auto line = context_.action(plan::Verb::same, order, rows.back().order_number, "sent by another run");
            line.detail = package_words(rows.back());
            context_.flow().report(line);
        }
        return {};
    }

    /// Whether a delivery of these orders is booked without its label, or is being booked by a living process.
    Result<bool> is_under_way(const std::set<BaseOrderId>& only) {
        for (const auto& order : only) {
            BLONGO_TRY(const auto rows, context_.deliveries().of_order(order));
            for (const auto& row : rows) {
                if (row.state == DeliveryState::booked && !context_.flow().parked().contains(fmt::to_string(order))) return true;
                if (row.state != DeliveryState::booking) continue;
                BLONGO_TRY(const auto intent, context_.intents().find(booking_key(order, row.number)));
                const bool macro = intent && intent->action == macro_action;
                if (intent && (intent->state == state::IntentState::open || macro)) return true;
            }
        }
        return false;
    }

    SendContext context_;
    Booking booking_;
    PackerNote note_;
    SendDesk desk_;
    LabelDesk labels_;
    SendNotice notice_;
    UnservedSends unserved_;
};

Result<std::vector<BaseOrderId>> ids_of(const std::vector<std::string>& orders) {
    std::vector<BaseOrderId> out;
    for (const auto& text : orders) {
        const auto id = parse_id(text);
        if (!id) return fail(ErrorKind::usage, fmt::format("{} is not a BaseLinker order id", text), {}, "blongo find " + text);
        out.emplace_back(*id);
    }
    return out;
}

report::Summary run_in(Session& session, SendOptions options) {
    options.flow.explicit_objects = !options.flow.orders.empty() || !options.ongoing_orders.empty();
    FlowOptions flow_options = options.flow;
    flow_options.claims_only = true; // the flow lock covers the listing and the cursor only
    Flow flow(session, "shipments", flow_options);
    if (const auto begun = flow.begin(); !begun)
        return failed_summary(session.connection().name, "shipments", options.flow, begun.error());
    const auto named = ids_of(options.flow.orders);
    if (!named) return flow.finish(fail(named.error()));
    ShipmentRun run(flow, options);
    return flow.finish(run.run(*named));
}

} // namespace

report::Summary send_shipments(const config::Config& config, const config::Connection& connection, const SendOptions& options,
                               const Runtime& runtime) {
    auto session = Session::open(config, connection, state::BudgetClass::send, options.flow.dry_run, runtime);
    if (!session) return failed_summary(connection.name, "shipments", options.flow, session.error());
    return run_in(**session, options);
}

report::Summary run_shipments(const config::Config& config, const config::Connection& connection, const FlowOptions& options,
                              const Runtime& runtime) {
    SendOptions send;
    send.flow = options;
    send.wishes.by_hand = !options.orders.empty(); // somebody named them
    return send_shipments(config, connection, send, runtime);
}

ShipmentWatch::ShipmentWatch(const config::Config& config, const config::Connection& connection, const Runtime& runtime)
    : config_(config), connection_(connection), runtime_(runtime) {}

ShipmentWatch::~ShipmentWatch() = default;

Result<std::optional<state::PauseRow>> ShipmentWatch::pause() {
    if (session_) {
        BLONGO_TRY(const auto rows, state::Connections(session_->store()).list());
        BLONGO_CHECK(state::refuse_moved(session_->store()));
        const bool known = std::ranges::any_of(rows, [&](const auto& row) { return row.key == session_->key(); });
        if (!known) session_.reset();
    }
    if (!session_) {
        BLONGO_TRY(const auto gate, gate_of_writer(connection_, runtime_));
        return gate.pause;
    }
    BLONGO_TRY(const Timestamp now, session_->store().now());
    return state::Pauses(session_->store(), session_->key()).at(now);
}

report::Summary ShipmentWatch::look() {
    SendOptions options;
    options.watching = true;
    options.flow.rare_run_rows = true;
    const Milliseconds now = runtime_.clock.boot_time();
    options.settle_statuses = !settled_at_ || *settled_at_ + between_settlements <= now;
    if (options.settle_statuses) settled_at_ = now;
    if (!session_) {
        auto opened = Session::open(config_, connection_, state::BudgetClass::send, false, runtime_);
        if (!opened) return failed_summary(connection_.name, "shipments", options.flow, opened.error());
        session_ = std::move(*opened);
    }
    auto summary = run_in(*session_, options);
    const bool lost = std::ranges::any_of(summary.errors, [](const Error& error) { return error.kind == ErrorKind::state; });
    if (lost) session_.reset(); // opened anew at the next look
    return summary;
}

} // namespace blongo::sync
