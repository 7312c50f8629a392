// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/send_desk.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/map/delivery_address.hpp>
#include <blongo/map/order_lines.hpp>
#include <blongo/sync/article_ledger.hpp>
#include <blongo/sync/order_actions.hpp>
#include <blongo/sync/order_holds.hpp>
#include <blongo/sync/settings.hpp>

namespace blongo::sync {

namespace {

using DeliveryState = state::DeliveryState;

std::map<std::string, Decimal> quantities_from(const std::string& text) {
    std::map<std::string, Decimal> out;
    const json::Value value = parsed_object(text);
    for (const auto& [row, pieces] : value.members()) out[row] = pieces.decimal().value_or(Decimal{});
    return out;
}

plan::EarlierDelivery earlier_of(const state::DeliveryRow& row) {
    plan::EarlierDelivery out;
    out.number = row.number;
    out.quantities = quantities_from(row.quantities);
    out.parcel_ids = parcel_ids(row);
    out.parcels_fingerprint = row.parcels_fingerprint;
    out.cancelled = row.state == DeliveryState::cancelled;
    out.booked = row.state != DeliveryState::due && !out.cancelled;
    return out;
}

} // namespace

json::Value quantities_json(const std::map<std::string, Decimal>& quantities) {
    json::Value out = json::Value::object();
    for (const auto& [row, pieces] : quantities) out.set(row, pieces);
    return out;
}

std::string parcels_fingerprint(const ongoing::Order& order) {
    std::vector<std::string> rows;
    for (const auto& parcel : order.parcels) {
        if (parcel.is_return) continue;
        const auto text = [](const std::optional<Decimal>& value) { return value ? value->to_string() : std::string{}; };
        rows.push_back(fmt::format("{} {} {} {} {}", parcel.id, text(parcel.weight), text(parcel.length), text(parcel.width),
                                   text(parcel.height)));
    }
    std::ranges::sort(rows);
    return fingerprint(join(rows, "\n"));
}

map::Rejection owner_unknown(const OrderNumber& number, const std::vector<baselinker::OrderPackage>& packages) {
    if (packages.empty())
        return {"unknown",
                {},
                "packages",
                fmt::format(
                    "nobody knows whether {} was booked before (the state was lost, or a firewall answered for Ongoing when it "
                    "was written), and BaseLinker holds no package that "
                    "could be its; say --nothing-was-booked --of {} to have it booked",
                    number, number),
                {},
                {}};
    return {"package_exists",
            {},
            "packages",
            fmt::format("nothing shows (the state was lost, or a firewall answered for Ongoing) whether {} has the package that "
                        "BaseLinker holds ({}): say --package "
                        "ID --of {}, or --nothing-was-booked --of {} to have it booked",
                        number, packages_words(packages), number, number),
            {},
            {}};
}

Result<void> SendDesk::judge(DueSend& send) {
    Case work{.send = send,
              .row = {},
              .rows = {},
              .seen = {},
              .order = {},
              .due = {},
              .parcels = {},
              .facts = {},
              .cod = {},
              .notes = {}};
    BLONGO_CHECK(open(work));
    const auto open_booking = std::ranges::find(work.rows, DeliveryState::booking, &state::DeliveryRow::state);
    if (open_booking != work.rows.end()) {
        // Nothing may be booked beside a booking that nobody knows the end of.
        context_.report_delivery(send.ledger.order_id, work.row.order_number, plan::Outcome::queued,
                                 "an earlier booking of this order is not settled yet");
        return context_.flow().keep_parked(fmt::to_string(send.ledger.order_id));
    }
    BLONGO_TRY(const bool book, judge_event(work));
    if (!book) return {};
    if (send.meaning == plan::SendMeaning::no_shipment) return without_booking(work, "no shipment for this status");
    BLONGO_TRY(auto stopped, held(context_.session(), send.ledger.order_id));
    if (!stopped) {
        BLONGO_TRY(stopped, ask_a_person(work));
    }
    if (!stopped) {
        BLONGO_TRY(stopped, check(work));
    }
    if (!stopped) {
        BLONGO_TRY(stopped, plan_shipment(work));
    }
    if (stopped) return park(work, std::move(*stopped));
    return carry_out(work);
}

/// The delivery that this Send is about: the one that is due already, or the next number.
Result<void> SendDesk::open(Case& work) {
    const auto& ledger = work.send.ledger;
    BLONGO_TRY(work.rows, context_.deliveries().of_order(ledger.order_id));
    work.seen = seen_in(work.rows);
    std::int64_t last = 0;
    for (const auto& row : work.rows) {
        last = std::max(last, row.number);
        if (row.state == DeliveryState::due && row.ongoing_id == work.send.there.order_id) work.row = row;
    }
    if (work.row.order_id.value() == 0) {
        work.row.order_id = ledger.order_id;
        work.row.number = last + 1;
        work.row.order_number = work.send.there.order_number;
        work.row.ongoing_id = work.send.there.order_id;
    }
    work.row.sent_at = work.send.sent_at;
    work.row.event = json::Value::object()
                         .set("event_id", work.send.wishes.event_id)
                         .set("workstation", work.send.wishes.workstation_id)
                         .set("user", work.send.wishes.user_id)
                         .dump();
    work.row.wishes = work.send.wishes.to_json().dump();
    return {};
}

/// What the event asks for. False: it is dealt with.
Result<bool> SendDesk::judge_event(Case& work) {
    std::vector<plan::EarlierDelivery> earlier;
    for (const auto& row : work.rows)
        if (row.ongoing_id == work.send.there.order_id && row.state != DeliveryState::due) earlier.push_back(earlier_of(row));
    work.row.parcels_fingerprint = parcels_fingerprint(work.send.there);
    work.due = plan::judge_delivery(work.send.there, earlier, work.row.parcels_fingerprint, context_.config().require_picked);
    work.row.quantities = quantities_json(work.due.quantities).dump();
    work.row.is_short = work.due.is_short;
    using What = plan::DueDelivery::What;
    const bool is_covered = work.due.what == What::reprint || work.due.what == What::parcels_changed;
    if (work.send.wishes.add && is_covered) return true; // another parcel of the same goods: it takes none of them
    switch (work.due.what) {
    case What::first:
    case What::further: return true;
    case What::reprint: BLONGO_CHECK(reprint(work)); return false;
    case What::parcels_changed:
        if (context_.config().parcels_changed == "add" && has_new_parcel(work)) return true;
        BLONGO_CHECK(judge_parcels_changed(work));
        return false;
    case What::nothing_picked:
        BLONGO_CHECK(park(work, {"nothing_picked",
                                 {},
                                 "pickedNumberOfItems",
                                 "the order was sent and no piece of it is registered as picked",
                                 {},
                                 {}}));
        return false;
    }
    return false;
}

/// Ongoing's parcels that deliveries which stand took along.
std::set<std::int64_t> SendDesk::taken_parcels(const Case& work) {
    std::set<std::int64_t> taken;
    for (const auto& row : work.rows)
        if (row.state != DeliveryState::due && row.state != DeliveryState::cancelled)
            for (const auto id : parcel_ids(row)) taken.insert(id);
    return taken;
}

/// One that none of them took: one whose weight was corrected is none.
bool SendDesk::has_new_parcel(const Case& work) {
    const auto taken = taken_parcels(work);
    return std::ranges::any_of(work.send.there.parcels,
                               [&](const ongoing::Parcel& parcel) { return !parcel.is_return && !taken.contains(parcel.id); });
}

Result<void> SendDesk::judge_parcels_changed(Case& work) {
    const bool rebook = context_.config().parcels_changed == "rebook";
    return park(work, {"parcels_changed",
                       {},
                       "parcels",
                       rebook ? "the parcels changed after the booking: run the command to cancel and book anew"
                              : "the parcels changed after the booking",
                       {},
                       {}});
}

/// The order is not to be sent any more, or all of it is sent: what was asked for is done.
Result<void> SendDesk::withdraw(Case& work) {
    if (context_.dry_run()) return {};
    const std::string key = fmt::to_string(work.send.ledger.order_id);
    const std::string cause = context_.flow().cause_of(key);
    const bool still_wrong = cause == "two_packages" || cause == "label_incomplete";
    if (!still_wrong) BLONGO_CHECK(context_.flow().item_succeeded(key));
    BLONGO_CHECK(context_.store().in_transaction([&]() -> Result<void> {
        BLONGO_TRY(const bool asked, context_.is_still_asked(work.send.due_key, work.send.payload));
        return asked ? context_.due().erase(due_send, work.send.due_key) : Result<void>{};
    }));
    return forget(work.send.ledger.order_id, work.send.there.order_id);
}

Result<void> SendDesk::forget(BaseOrderId order, OngoingOrderId ongoing_order) {
    if (context_.dry_run()) return {};
    BLONGO_TRY(auto rows, context_.deliveries().of_order(order));
    for (auto& row : rows) {
        if (row.state != DeliveryState::due || row.ongoing_id != ongoing_order) continue;
        BLONGO_CHECK(note_.take_back(row));
        BLONGO_CHECK(context_.deliveries().erase_due(row.order_id, row.number));
    }
    return {};
}

Result<void> SendDesk::reprint(Case& work) {
    const auto latest = std::ranges::find_if(work.rows.rbegin(), work.rows.rend(), [](const auto& row) {
        return row.package_id != 0 && row.state != DeliveryState::cancelled;
    });
    BLONGO_CHECK(withdraw(work));
    auto line = context_.action(plan::Verb::same, work.send.ledger.order_id, work.row.order_number, "sent already");
    if (latest == work.rows.rend()) {
        context_.flow().report(line);
        return {};
    }
    line.detail = package_words(*latest);
    const bool asked = work.send.fresh_event || work.send.wishes.reprint;
    if (!asked || latest->state < DeliveryState::labelled) {
        context_.flow().report(line);
        return {};
    }
    line.verb = plan::Verb::reprint;
    line.reason = "reprint";
    if (context_.dry_run()) {
        context_.flow().report(line);
        return {};
    }
    return context_.due().put({0, due_delivery, delivery_key(latest->order_id, latest->number), context_.now(),
                               json::Value::object().set("reprint", true).set("wishes", work.send.wishes.to_json()).dump(), 0});
}

namespace {

/// Pieces that BaseLinker has and Ongoing was never told of: they are not in the parcel. Lines without SKU count as told.
std::optional<map::Rejection> check_added_lines(const baselinker::Order& order, const map::OrderOptions& options,
                                                const std::vector<state::OrderLineRow>& told) {
    const map::NumberLookup nothing = [](ProductId, bool) { return std::optional<ArticleNumber>{}; };
    plan::Pieces now;
    for (const auto& line : map::choose_lines(order, options, nothing).lines) now[line.article.value()] += line.quantity;
    const auto more = plan::lost_pieces(now, pieces_of(told));
    if (more.empty()) return std::nullopt;
    return map::Rejection{
        "lines_changed",
        {},
        "products",
        fmt::format("{} more of {} in BaseLinker than Ongoing was told of", more.begin()->second, more.begin()->first),
        {},
        {}};
}

} // namespace

/// Nothing that is left says whether this order was booked (state rebuild; a firewall's answer to its write).
Result<std::optional<map::Rejection>> SendDesk::ask_a_person(Case& work) {
    if (!work.send.wishes.ask) return std::optional<map::Rejection>{};
    BLONGO_TRY(auto packages, booking_.packages_of(work.send.ledger.order_id));
    std::erase_if(packages, [&](const auto& package) {
        return std::ranges::any_of(work.rows, [&](const auto& row) { return row.package_id == package.package_id.value(); });
    });
    return std::optional{owner_unknown(work.row.order_number, packages)};
}

Result<std::optional<map::Rejection>> SendDesk::check(Case& work) {
    const auto& ledger = work.send.ledger;
    const auto reject = [](std::string cause, std::string field, std::string reason) {
        return std::optional<map::Rejection>{{std::move(cause), {}, std::move(field), std::move(reason), {}, {}}};
    };
    BLONGO_TRY(const SendSettings* settings, context_.settings());
    BLONGO_TRY(auto page, context_.session().baselinker().get_orders([&] {
        baselinker::OrderQuery query;
        query.order_id = ledger.order_id;
        query.get_unconfirmed_orders = true;
        query.include_discounts_data = true;
        return query;
    }()));
    if (!page.bad.empty())
        return reject("field_invalid", page.bad.front().path, "BaseLinker's order cannot be read: " + page.bad.front().reason);
    if (!page.orders.empty()) work.order = std::move(page.orders.front());
    if (work.order)
        work.row.steps = json::Value::object()
                             .set("base_status", work.order->order_status_id.value())
                             .set("base_status_at", to_unix_seconds(context_.now()))
                             .set("status_after", 0)
                             .dump();
    if (work.order && !map::is_same_order(ledger.identity, map::order_identity(*work.order)))
        return reject("identity_changed", "order_id", "BaseLinker gave the id to another order than the one that was packed");

    BLONGO_TRY(const auto lines, context_.orders().lines(ledger.order_id));
    std::map<std::string, Decimal> told;
    for (const auto& line : lines) told[line.row_number] = Decimal{line.quantity};
    BLONGO_TRY(const auto agreed, json::Value::parse(ledger.agreed.empty() ? "{}" : ledger.agreed));
    if (work.order && ledger.tried.starts_with(cancel_action) &&
        work.order->order_status_id == settings->order_statuses.cancel_refused)
        return reject("cancelled_in_base", "order_status_id", "the order was cancelled in BaseLinker, and Ongoing refused to");
    auto stopped = plan::check_order(work.order, settings->checks, told, std::string(agreed["country"].text()));
    if (!stopped) stopped = check_added_lines(*work.order, order_map_options(context_.session().connection()), lines);
    if (stopped) return stopped;
    const auto& wishes = work.send.wishes;
    const Timestamp confirmed = work.order->date_confirmed.value_or(Timestamp{});
    if (!wishes.force_old && confirmed + context_.config().max_order_age < context_.now())
        return reject("old_order", "date_confirmed",
                      fmt::format("confirmed {}, longer ago than shipments.max_order_age ({})",
                                  format_local(confirmed, context_.session().connection().time_zone),
                                  format_duration(context_.config().max_order_age)));
    if (work.due.is_short && work.order->payment_method_cod && !wishes.cod)
        return reject("cod_short", "pickedNumberOfItems",
                      "less was picked than ordered, and the courier is to collect the money for all of it");
    if (work.due.is_short && context_.config().short_delivery == "park" && !wishes.by_hand)
        return reject("short_pick", "pickedNumberOfItems", "less was picked than ordered");
    return check_address_edits(work);
}

/// People may have edited the address in Ongoing, which the courier's booking does not see. What BaseLinker changed since
/// is no edit: BaseLinker books with its own current data, and the service point follows in Ongoing.
Result<std::optional<map::Rejection>> SendDesk::check_address_edits(Case& work) {
    const auto& connection = context_.session().connection();
    const auto options = order_map_options(connection);
    BLONGO_TRY(const auto agreed, json::Value::parse(work.send.ledger.agreed.empty() ? "{}" : work.send.ledger.agreed));
    const json::Value& marks = agreed["address"];
    const auto wanted = map::delivery_address(*work.order, options);
    const auto held = map::delivery_address(work.send.there);
    std::string edited;
    bool by_template = false; // what a template made cannot be said back in BaseLinker's fields
    for (const auto& [member, value] : held) {
        const auto ours = wanted.find(member);
        if (ours != wanted.end() && ours->second == value) continue;
        if (map::differs_from_mark(marks, member, held)) {
            edited += (edited.empty() ? "" : ", ") + member;
            by_template = by_template || std::ranges::any_of(options.own_members,
                                                             [&](const OwnMember& own) { return own.member->path == member; });
        } else if (ours != wanted.end() && map::differs_from_mark(marks, member, wanted)) {
            work.notes.push_back(member + " changed in BaseLinker after the import: booked with the new value");
            if (member == "servicePointCode" && !ours->second.empty() && !context_.dry_run()) {
                const auto patched = context_.session().ongoing().patch_service_point_code(work.row.ongoing_id, ours->second);
                if (!patched && ends_run(patched.error())) return fail(patched.error());
            }
        }
    }
    if (edited.empty() || context_.config().address_edited_in_ongoing == "ignore") return std::optional<map::Rejection>{};
    if (context_.config().address_edited_in_ongoing == "push" && !by_template) {
        BLONGO_CHECK(push_address(work, wanted, held));
        return std::optional<map::Rejection>{};
    }
    return std::optional<map::Rejection>{
        {"edited_in_warehouse", {}, edited, "edited in Ongoing: " + edited + "; the courier would get BaseLinker's", {}, {}}};
}

/// address_edited_in_ongoing = "push": what people wrote in Ongoing becomes BaseLinker's, before the booking uses it.
Result<void> SendDesk::push_address(Case& work, const std::map<std::string, std::string>& wanted,
                                    const std::map<std::string, std::string>& held) {
    static const std::map<std::string, std::string> fields = {
        {"consignee.name", "delivery_fullname"},          {"consignee.address1", "delivery_address"},
        {"consignee.postCode", "delivery_postcode"},      {"consignee.city", "delivery_city"},
        {"consignee.countryStateCode", "delivery_state"}, {"servicePointCode", "delivery_point_id"}};
    json::Value changes = json::Value::object();
    for (const auto& [member, field] : fields) {
        const auto ours = wanted.find(member), theirs = held.find(member);
        const std::string before = ours == wanted.end() ? std::string{} : ours->second;
        if (theirs != held.end() && theirs->second != before) changes.set(field, theirs->second);
    }
    if (changes.size() == 0) return {};
    work.notes.emplace_back("the address that people wrote in Ongoing goes to BaseLinker");
    if (context_.dry_run()) return {};
    BLONGO_CHECK(context_.session().baselinker().set_order_fields(work.send.ledger.order_id, changes));
    return {};
}

} // namespace blongo::sync
