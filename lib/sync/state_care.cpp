// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/state_care.hpp>

#include <array>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/sync/booking.hpp>
#include <blongo/sync/booking_payload.hpp>
#include <blongo/sync/send_context.hpp>
#include <blongo/sync/state_access.hpp>
#include <blongo/sync/state_move.hpp>

namespace blongo::sync {

namespace {

constexpr int all_of_them = 1'000'000;
constexpr std::size_t named_at_most = 5;

/// Collects what is wrong with one kind of row.
class Judgement {
public:
    explicit Judgement(std::string check) { finding_.check = std::move(check); }
    void wrong(const std::string& what) { wrong_.push_back(what); }
    [[nodiscard]] state::Finding result(std::int64_t looked_at, const std::string& fine, const std::string& remedy) {
        finding_.ok = wrong_.empty();
        finding_.count = finding_.ok ? looked_at : static_cast<std::int64_t>(wrong_.size());
        if (wrong_.size() > named_at_most) wrong_.resize(named_at_most);
        finding_.detail = finding_.ok ? fine : join(wrong_, "; ");
        if (!finding_.ok) finding_.remedy = remedy;
        return finding_;
    }

private:
    state::Finding finding_;
    std::vector<std::string> wrong_;
};

/// What one connection has under way. Runs may be at work: what looks wrong is looked at twice.
class OpenWork {
public:
    OpenWork(state::Store& store, state::ConnectionKey key) : intents_(store, key), due_(store, key), deliveries_(store, key) {}

    Result<std::vector<state::Finding>> judge() {
        std::vector<state::Finding> found;
        for (const auto part : {&OpenWork::writes, &OpenWork::bookings, &OpenWork::due_things}) {
            BLONGO_TRY(auto finding, (this->*part)());
            found.push_back(std::move(finding));
        }
        return found;
    }

private:
    static bool is_document(const std::string& text) {
        const auto value = json::Value::parse(text);
        return value && value->is_object();
    }

    Result<state::Finding> writes() {
        Judgement judgement("writes");
        BLONGO_TRY(const auto rows, intents_.unsettled());
        std::int64_t unknown = 0;
        for (const auto& row : rows) {
            unknown += row.state == state::IntentState::unknown ? 1 : 0;
            if (!is_document(row.payload)) {
                judgement.wrong(fmt::format("{} ({}) does not say what was sent", row.key, row.action));
                continue;
            }
            if (!is_booking(row.action)) continue;
            const auto payload = BookingPayload::from_json(*json::Value::parse(row.payload));
            BLONGO_TRY(const auto delivery, deliveries_.find(payload.order_id, payload.number));
            if (delivery && delivery->state == state::DeliveryState::booking) continue;
            BLONGO_TRY(const auto again, intents_.find(row.key));
            if (again && again->id == row.id)
                judgement.wrong(fmt::format("{} books a delivery that is not being booked", row.key));
        }
        return judgement.result(static_cast<std::int64_t>(rows.size()),
                                fmt::format("{} open, {} of them of unknown outcome", rows.size(), unknown),
                                "look at the order on both sides; then: blongo unknown list");
    }

    Result<state::Finding> bookings() {
        Judgement judgement("bookings");
        constexpr std::array booking = {state::DeliveryState::booking};
        BLONGO_TRY(const auto rows, deliveries_.in_states(booking, all_of_them));
        for (const auto& row : rows) {
            BLONGO_TRY(const auto intent, intents_.find(booking_key(row.order_id, row.number)));
            if (intent) continue;
            BLONGO_TRY(const auto again, deliveries_.find(row.order_id, row.number));
            if (again && again->state == state::DeliveryState::booking)
                judgement.wrong(fmt::format("delivery {} of order {} is being booked by nobody", row.number, row.order_id));
        }
        return judgement.result(static_cast<std::int64_t>(rows.size()), fmt::format("{} under way", rows.size()),
                                "stop all runs; put back a backup, or begin anew: blongo state rebuild");
    }

    Result<state::Finding> due_things() {
        Judgement judgement("due");
        BLONGO_TRY(const auto rows, due_.all());
        for (const auto& row : rows) {
            if (row.key.empty() || row.kind.empty() || (!row.payload.empty() && !json::Value::parse(row.payload)))
                judgement.wrong(fmt::format("{} {} cannot be read", row.kind, row.key));
            if (row.kind != due_delivery) continue;
            const auto parts = split(row.key, ':');
            const auto order = parse_id(parts.front()), number = parse_id(parts.back());
            if (!order || !number) {
                judgement.wrong(fmt::format("{} {} names no delivery", row.kind, row.key));
                continue;
            }
            BLONGO_TRY(const auto delivery, deliveries_.find(BaseOrderId{*order}, *number));
            if (delivery) continue;
            BLONGO_TRY(const auto again, due_.find(row.kind, row.key));
            if (again) judgement.wrong(fmt::format("delivery {} is due and not there", row.key));
        }
        return judgement.result(static_cast<std::int64_t>(rows.size()), fmt::format("{} things wait for their time", rows.size()),
                                "stop all runs; put back a backup, or begin anew: blongo state rebuild");
    }

    state::Intents intents_;
    state::Due due_;
    state::Deliveries deliveries_;
};

} // namespace

Result<std::vector<state::Finding>> check_state(const config::Config& config, const Runtime& runtime) {
    const auto options = state_options(runtime, state::Access::read_only);
    BLONGO_TRY(const auto store, state::Store::open(options));
    BLONGO_TRY(const auto rows, state::Connections(*store).list());
    if (rows.empty())
        return fail(ErrorKind::not_found, "there is no state, or an empty one", store->place(),
                    "the first run makes it; if one was lost: blongo state rebuild");
    BLONGO_TRY(auto found, state::check_integrity(*store, runtime.clock,
                                                  [&](const state::ConnectionRow& row) { return label_dir_of(config, row); }));
    for (const auto& row : rows) {
        BLONGO_TRY(auto more, OpenWork(*store, row.key).judge());
        for (auto& finding : more) {
            finding.connection = row.name;
            found.push_back(std::move(finding));
        }
    }
    return found;
}

Result<state::BackupReport> backup_state(const config::Config& config, const std::string& file, const Runtime& runtime) {
    return state::backup_state(
        state_options(runtime, state::Access::read_only),
        [&](const state::ConnectionRow& row) { return label_dir_of(config, row); }, file);
}

} // namespace blongo::sync
