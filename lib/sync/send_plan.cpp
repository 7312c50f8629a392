// SPDX-License-Identifier: Apache-2.0
// From a Send that may be booked to what is booked: parcels, courier rule, COD, the courier's form, and the call.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/sync/print_target.hpp>
#include <blongo/sync/send_desk.hpp>

namespace blongo::sync {

namespace {

using DeliveryState = state::DeliveryState;

json::Value parcels_json(const map::ParcelPlan& plan) {
    json::Value list = json::Value::array();
    for (const auto& parcel : plan.parcels) {
        json::Value row = json::Value::object().set("weight", parcel.weight);
        if (parcel.length) row.set("length", *parcel.length);
        if (parcel.width) row.set("width", *parcel.width);
        if (parcel.height) row.set("height", *parcel.height);
        if (parcel.parcel_id != 0) row.set("parcel_id", parcel.parcel_id);
        list.push_back(std::move(row));
    }
    return list;
}

std::string parcel_words(const map::PlannedParcel& parcel) {
    std::string words = fmt::format("{} kg", parcel.weight);
    if (parcel.length && parcel.width && parcel.height)
        words += fmt::format(" {}x{}x{} cm", *parcel.length, *parcel.width, *parcel.height);
    return words;
}

/// "J... K..." for people who look over a shoulder.
std::string masked(const std::string& text) {
    std::string out;
    bool inside = false;
    for (const std::string& word : split(text, ' ')) {
        if (word.empty()) continue;
        if (inside) out += ' ';
        out += cut_characters(word, 1) + "...";
        inside = true;
    }
    return out;
}

std::string address_words(const baselinker::Order& order) {
    std::string words = fmt::format(
        "{}, {}, {} {} {}", masked(order.delivery_fullname.empty() ? order.delivery_company : order.delivery_fullname),
        masked(order.delivery_address), order.delivery_postcode, order.delivery_city, order.delivery_country_code);
    if (!order.delivery_point_id.empty()) words += ", point " + order.delivery_point_id;
    return words;
}

/// Whether a field of a rule is filled with what the buyer or the seller wrote about a person.
bool is_personal(const map::CourierRule& rule, const std::string& field) {
    static constexpr std::array<std::string_view, 11> personal{
        "email",          "phone",  "delivery_fullname", "delivery_company", "delivery_address", "user_comments",
        "admin_comments", "remark", "extra_field_1",     "extra_field_2",    "delivery_city"};
    return std::ranges::any_of(rule.fields, [&](const auto& row) {
        if (row.first != field) return false;
        const auto names = row.second.names();
        return std::ranges::any_of(names,
                                   [](const std::string& name) { return std::ranges::find(personal, name) != personal.end(); });
    });
}

/// The first of what is wrong with a shipment.
map::Rejection first_of(const std::vector<map::Rejection>& rejected) {
    if (!rejected.empty()) return rejected.front();
    return {"field_invalid", {}, "fields", "the courier rule yields no shipment", {}, {}};
}

} // namespace

std::string_view strategy_word(map::Strategy strategy) {
    switch (strategy) {
    case map::Strategy::api: return "api";
    case map::Strategy::macro: return "macro";
    case map::Strategy::report: return "report";
    case map::Strategy::none: return "none";
    }
    return "";
}

map::ShipmentInput SendDesk::input_of(const Case& work) {
    return {*work.order, work.send.there, *work.rule,     work.parcels,
            work.cod,    work.row.number, context_.now(), context_.session().connection().time_zone};
}

Result<std::optional<map::Rejection>> SendDesk::plan_shipment(Case& work) {
    BLONGO_TRY(const SendSettings* settings, context_.settings());
    const auto reject = [](std::string cause, std::string field, std::string reason) {
        return std::optional<map::Rejection>{{std::move(cause), {}, std::move(field), std::move(reason), {}, {}}};
    };
    std::vector<ongoing::WayBillRow> rows;
    if (!has_new_parcel(work) && work.send.wishes.parcels.empty()) {
        BLONGO_TRY(rows, context_.warehouse().get_way_bill_rows(work.send.there.order_id));
    }
    auto planned = map::plan_parcels(work.send.there, rows, *work.order, work.due.quantities, taken_parcels(work),
                                     settings->parcels, work.send.wishes.parcels);
    std::optional<map::Rejection> weightless;
    if (auto* rejection = std::get_if<map::Rejection>(&planned))
        weightless = std::move(*rejection);
    else
        work.parcels = std::get<map::ParcelPlan>(std::move(planned));
    work.facts = map::shipment_facts(*work.order, work.send.there, work.parcels);
    work.rule = map::first_match(settings->rules, work.facts);
    if (work.rule == nullptr) {
        if (weightless) return weightless;
        return std::optional{map::no_rule_fits(settings->rules, work.facts)};
    }
    work.row.rule = map::rule_name(*work.rule);
    work.row.strategy = strategy_word(work.rule->strategy);
    work.row.courier_code = work.rule->courier_code;
    work.row.account_id = work.rule->account_id ? work.rule->account_id->value() : 0;
    work.row.parcels = parcels_json(work.parcels).dump();
    if (auto steps = json::Value::parse(work.row.steps)) { // the rule as it is now counts, whatever is configured later
        steps->set("status_after", work.rule->status_after_send.value());
        steps->set("weighed", work.parcels.weighed_in_warehouse);
        work.row.steps = steps->dump();
    }
    if (work.rule->strategy == map::Strategy::none) return std::optional<map::Rejection>{};
    const bool booked_before = std::ranges::any_of(
        work.rows, [](const state::DeliveryRow& row) { return row.package_id != 0 && row.state != DeliveryState::cancelled; });
    const bool collects_twice = booked_before && work.order->payment_method_cod && !work.send.wishes.cod;
    const bool needs_weight = weightless && work.rule->strategy != map::Strategy::report;
    if (collects_twice && !needs_weight && !work.due.quantities.empty())
        return reject("cod_unclear", "payment_method_cod",
                      "an earlier delivery of this order was booked: how much this one collects is not certain");
    const auto verdict = map::judge_by_rule(*work.order, *work.rule, weightless, work.send.wishes.cod, !collects_twice);
    work.cod = verdict.cod;
    if (!collects_twice)
        work.row.cod = work.cod.on ? fmt::format("{} {}", work.cod.amount.to_fixed(2), work.cod.currency) : std::string{};
    if (!verdict.rejected.empty()) return std::optional{verdict.rejected.front()};
    return std::optional<map::Rejection>{};
}

/// Counter pick-up, or a status that means no shipment: statuses are written, nothing is booked.
Result<void> SendDesk::without_booking(Case& work, const std::string& why) {
    auto line = context_.action(plan::Verb::create, work.send.ledger.order_id, work.row.order_number, "no shipment");
    line.detail = why;
    if (context_.dry_run()) {
        context_.flow().report(line);
        return {};
    }
    work.row.state = DeliveryState::no_shipment;
    bool mine = false;
    BLONGO_CHECK(context_.store().in_transaction([&]() -> Result<void> {
        BLONGO_TRY(mine, booking_.stands(work.row.order_id, work.seen, work.send.due_key, work.send.payload));
        if (!mine) return {};
        BLONGO_CHECK(context_.deliveries().put(work.row));
        BLONGO_CHECK(context_.next_step(work.row, context_.now()));
        return context_.due().erase(due_send, work.send.due_key);
    }));
    if (!mine) return {};
    BLONGO_CHECK(context_.flow().item_succeeded(line.key));
    context_.flow().report(line);
    return {};
}

Result<void> SendDesk::carry_out(Case& work) {
    switch (work.rule->strategy) {
    case map::Strategy::none: return without_booking(work, "counter pick-up: " + work.row.rule);
    case map::Strategy::api: return book_by_api(work);
    case map::Strategy::macro: return book_by_macro(work);
    case map::Strategy::report: return register_report(work);
    }
    return {};
}

/// What would be booked, on one screen, before money is spent.
void SendDesk::show_plan(const Case& work, const baselinker::PackageRequest* request) {
    auto line = context_.action(plan::Verb::create, work.send.ledger.order_id, work.row.order_number,
                                work.row.number == 1 ? "delivery" : fmt::format("delivery {}", work.row.number));
    const std::size_t parcels = work.parcels.parcels.size();
    line.detail = fmt::format("{}, {} parcel{}, {} kg{}", work.rule->courier_code, parcels, parcels == 1 ? "" : "s",
                              work.parcels.weight(), work.due.is_short ? ", short" : "");
    auto& notes = line.notes;
    notes.push_back("rule: " + work.row.rule + ", strategy " + work.row.strategy);
    if (request != nullptr && request->account_id) notes.push_back(fmt::format("courier account: {}", *request->account_id));
    if (request != nullptr)
        for (const auto& [id, value] : request->fields)
            notes.push_back(fmt::format("field {}: {}", id, is_personal(*work.rule, id) ? "***" : value));
    for (const auto& parcel : work.parcels.parcels) notes.push_back("parcel: " + parcel_words(parcel));
    notes.push_back("weights from: " + work.parcels.source);
    notes.push_back(work.cod.on ? fmt::format("cash on delivery: {} {}", work.cod.amount.to_fixed(2), work.cod.currency)
                                : "cash on delivery: none");
    notes.push_back("to (as BaseLinker holds it): " + address_words(*work.order));
    notes.push_back("printing: " +
                    print_target(context_.config(), work.send.wishes, &work.send.there, work.rule->print_command).words);
    notes.insert(notes.end(), work.notes.begin(), work.notes.end());
    context_.flow().report(line);
}

/// False: the packages that are there already decided the case (adopted, or parked).
Result<bool> SendDesk::existing_packages(Case& work, const plan::ExpectedPackage& expected,
                                         std::vector<baselinker::OrderPackage>& packages) {
    BLONGO_TRY(packages, booking_.packages_of(work.send.ledger.order_id));
    std::set<baselinker::PackageId> ours;
    for (const auto& row : work.rows)
        if (row.package_id != 0) ours.insert(baselinker::PackageId{row.package_id});
    const bool booked_before = !ours.empty();
    for (const auto id : work.send.wishes.ignore_packages) ours.insert(baselinker::PackageId{id});
    const auto existing = plan::judge_existing(packages, ours, expected, context_.config().existing == "adopt", booked_before);
    using Verdict = plan::ExistingPackages::Verdict;
    if (existing.verdict == Verdict::none) return true;
    if (existing.verdict == Verdict::adopt) {
        if (context_.dry_run()) {
            auto line = context_.action(plan::Verb::adopt, work.send.ledger.order_id, work.row.order_number, "delivery");
            line.detail = fmt::format("package {} of {} is in BaseLinker already", existing.found.front().package_number,
                                      existing.found.front().courier_code);
            context_.flow().report(line);
            return false;
        }
        BLONGO_CHECK(booking_.adopt(work.row, existing.found.front(), work.seen, work.send.due_key, work.send.payload));
        return false;
    }
    BLONGO_CHECK(park(work, {"package_exists", {}, "packages", "BaseLinker holds " + packages_words(existing.found), {}, {}}));
    return false;
}

Result<void> SendDesk::book_by_api(Case& work) {
    const std::string key = fmt::to_string(work.send.ledger.order_id);
    BLONGO_TRY(const CourierForms::Known* known, context_.forms().get(work.rule->courier_code));
    baselinker::FieldOptions services;
    const auto input = input_of(work);
    const std::string fingerprint = map::shipment_input_fingerprint(input);
    const auto parked = context_.flow().parked().find(key);
    const bool refused_before = parked != context_.flow().parked().end() && parked->second.cause == "courier_rejected";
    if (refused_before && parked->second.input == fingerprint && !work.send.fresh_event && !work.send.wishes.by_hand)
        return context_.flow().keep_parked(key);
    if (map::needs_services(*work.rule)) {
        auto question = map::services_request(input, known->form, known->accounts);
        if (!question.request) return park(work, first_of(question.rejected));
        auto answer = context_.couriers().get_courier_services(*question.request);
        if (!answer && !is_refusal(answer.error())) return fail(answer.error());
        if (answer) services = std::move(*answer);
    }
    auto shipment = map::make_shipment(input, known->form, known->accounts, services);
    if (!shipment.request) return park(work, first_of(shipment.rejected));
    work.notes.insert(work.notes.end(), shipment.notes.begin(), shipment.notes.end());
    BookingRequest request;
    request.package = std::move(*shipment.request);
    request.expected = {work.rule->courier_code, request.package.account_id};
    request.rebook_after = work.rule->rebook_after;
    request.input = fingerprint;
    if (request.package.account_id) work.row.account_id = request.package.account_id->value();
    std::vector<baselinker::OrderPackage> packages;
    BLONGO_TRY(const bool free, existing_packages(work, request.expected, packages));
    if (!free) return {};
    if (context_.dry_run()) {
        show_plan(work, &request.package);
        return {};
    }
    return buy(work, std::move(request), packages);
}

Result<void> SendDesk::book_by_macro(Case& work) {
    BookingRequest request;
    request.action = macro_action;
    request.trigger_id = work.rule->trigger_id;
    request.expected = {work.rule->courier_code, work.rule->account_id};
    request.input = map::shipment_input_fingerprint(input_of(work));
    std::vector<baselinker::OrderPackage> packages;
    BLONGO_TRY(const bool free, existing_packages(work, request.expected, packages));
    if (!free) return {};
    if (context_.dry_run()) {
        show_plan(work, nullptr);
        return {};
    }
    return buy(work, std::move(request), packages);
}

/// Another integration makes the label in Ongoing: its number is registered in BaseLinker once it is there.
Result<void> SendDesk::register_report(Case& work) {
    const auto& there = work.send.there;
    std::string number = there.way_bill, url;
    for (const auto& tracking : there.tracking)
        if (!tracking.waybill.empty() && (number.empty() || number == tracking.waybill)) {
            number = tracking.waybill;
            url = tracking.tracking_url;
        }
    if (number.empty())
        return park(work,
                    {"label_pending", {}, "tracking", "Ongoing holds no tracking number of the other integration yet", {}, {}});
    BLONGO_TRY(const auto packages, booking_.packages_of(work.send.ledger.order_id));
    BLONGO_TRY(const auto others, booking_.packages_of_others(work.row, packages));
    const auto same = std::ranges::find_if(packages, [&](const baselinker::OrderPackage& package) {
        return package.package_number == number && !others.contains(package.package_id);
    });
    work.row.tracking_url = url;
    if (context_.dry_run()) {
        show_plan(work, nullptr);
        return {};
    }
    if (same != packages.end()) {
        BLONGO_CHECK(booking_.adopt(work.row, *same, work.seen, work.send.due_key, work.send.payload));
        return {};
    }
    BookingRequest request;
    request.action = register_action;
    request.tracking_number = number;
    request.expected = {work.rule->courier_code, std::nullopt};
    request.input = number;
    return buy(work, std::move(request), packages);
}

Result<void> SendDesk::buy(Case& work, BookingRequest request, const std::vector<baselinker::OrderPackage>& packages) {
    request.seen = work.seen;
    request.due_payload = work.send.payload;
    BLONGO_TRY(const auto done, booking_.book(work.row, request, packages, work.send.due_key));
    if (done.outcome != Booking::Outcome::refused) return {};
    BLONGO_TRY(work.seen, booking_.seen_deliveries(work.row.order_id)); // its row is there now
    BLONGO_TRY(const auto asked, context_.due().find(due_send, work.send.due_key));
    if (asked) work.send.payload = asked->payload; // the booking's end put it back
    return park(work, {"courier_rejected", {}, "createPackage", fmt::format("{}: {}", work.row.courier_code, done.words), {}, {}},
                request.input);
}

/// Parked with its cause, on both sides and where the packer reads it. Its due row stays: it is judged again.
Result<void> SendDesk::park(Case& work, map::Rejection rejection, const std::string& input) {
    rejection.key = fmt::to_string(work.send.ledger.order_id);
    rejection.label = work.row.order_number.value();
    if (!context_.dry_run()) {
        BLONGO_TRY(const auto now, booking_.seen_deliveries(work.row.order_id));
        if (now != work.seen) return {}; // another process went on with it meanwhile
    }
    const bool is_news = context_.flow().cause_of(rejection.key) != rejection.cause;
    BLONGO_CHECK(context_.flow().park(rejection, input, work.send.wishes.by_hand));
    if (context_.dry_run()) return {};
    work.row.state = DeliveryState::due;
    const bool nobody_waits = work.send.wishes.ask && context_.now() - work.send.sent_at > packer_is_gone;
    if (!nobody_waits)
        BLONGO_CHECK(note_.tell(work.row, map::packer_message(rejection.cause), rejection.cause, rejection.reason,
                                work.send.there.warehouse_instruction));
    BLONGO_TRY(const SendSettings* settings, context_.settings());
    bool went_on = false;
    BLONGO_CHECK(context_.store().in_transaction([&]() -> Result<void> {
        BLONGO_TRY(const auto now, booking_.seen_deliveries(work.row.order_id));
        went_on = now != work.seen; // by another process, meanwhile
        if (went_on) return {};
        BLONGO_CHECK(context_.deliveries().put(work.row));
        BLONGO_TRY(const auto asked, context_.due().find(due_send, work.send.due_key));
        const bool is_new = asked && asked->payload != work.send.payload; // judged by itself, soon
        auto wishes = work.send.wishes;
        wishes.by_hand = wishes.reprint = false;
        if (!is_new)
            BLONGO_CHECK(context_.due().put({0, due_send, work.send.due_key, work.send.sent_at,
                                             send_payload(work.row.order_id, wishes.to_json(), false), 0}));
        const bool moved_by_people = rejection.cause == "cancelled_in_base" || rejection.cause == "not_confirmed" ||
                                     rejection.cause == "status_not_shippable" || rejection.cause == "identity_changed";
        const auto target = settings->order_statuses.error_status(rejection.cause);
        if (moved_by_people || !work.order || !is_news || target.value() == 0) return {};
        return context_.write_back().want(work.row.order_id, work.order->order_status_id, target, "status_on_error");
    }));
    return went_on ? note_.take_back(work.row) : Result<void>{};
}

} // namespace blongo::sync
