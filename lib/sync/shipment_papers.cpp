// SPDX-License-Identifier: Apache-2.0
// Labels for people, the manifest of the day, and the courier's pick-up.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/sync/claim_life.hpp>
#include <blongo/sync/departure.hpp>
#include <blongo/sync/label_desk.hpp>
#include <blongo/sync/state_access.hpp>

namespace blongo::sync {

namespace {

constexpr std::chrono::hours pickup_window{24 * 7}; ///< older packages were picked up long ago

using DeliveryState = state::DeliveryState;

} // namespace

Result<std::vector<LabelFile>> label_files(const config::Config& config, const config::Connection& connection, BaseOrderId id,
                                           const Runtime& runtime) {
    BLONGO_TRY(const auto session, Session::open(config, connection, state::BudgetClass::send, false, runtime));
    SendOptions options;
    options.flow.explicit_objects = true;
    Flow flow(*session, "shipments", options.flow);
    BLONGO_CHECK(flow.load_parked());
    SendContext context(flow, options);
    PackerNote note(context);
    LabelDesk desk(context, note);
    std::vector<LabelFile> out;
    BLONGO_TRY(auto rows, context.deliveries().of_order(id));
    for (const auto& row : rows) {
        if (row.package_id == 0 || row.state == DeliveryState::cancelled) continue;
        BLONGO_TRY(const auto labels, desk.label_of(row));
        for (const auto& label : labels) {
            LabelFile file{label.file_name, label.extension, {}, {}};
            BLONGO_TRY(file.bytes, context.labels().bytes(label));
            if (!session->store().is_postgresql()) {
                BLONGO_TRY(file.stored, context.labels().file(label));
            }
            out.push_back(std::move(file));
        }
    }
    if (out.empty())
        return fail(ErrorKind::not_found, fmt::format("order {} has no package", id), {},
                    fmt::format("blongo shipments why {}", id));
    // Somebody has looked at a label with too few pages: it waits no longer.
    const auto parked = flow.parked().find(fmt::to_string(id));
    if (parked != flow.parked().end() && parked->second.cause == "label_incomplete") {
        for (auto& row : rows) {
            if (row.kept_instruction.empty()) continue;
            BLONGO_CHECK(note.take_back(row));
            BLONGO_CHECK(note.store(row));
        }
        BLONGO_CHECK(flow.release(fmt::to_string(id)));
    }
    return out;
}

Result<void> print_file(const config::Connection& connection, const std::string& path) {
    const auto target = print_target(connection.shipments, {}, nullptr);
    if (target.command.empty())
        return fail(ErrorKind::config, "no print_command is configured",
                    fmt::format("[connections.{}.shipments]", connection.name),
                    "set print_command = [\"lp\", \"-d\", \"{printer}\", \"{file}\"]");
    return print_here(target, path);
}

Result<map::PlannedParcel> read_parcel(const std::string& text) {
    return map::parse_parcel(text);
}

Result<Manifest> make_manifest(const config::Config& config, const config::Connection& connection,
                               const std::string& courier_code, bool dry_run, const SaveManifest& save, const Runtime& runtime) {
    BLONGO_TRY(const auto session, Session::open(config, connection, state::BudgetClass::send, dry_run, runtime));
    state::Deliveries deliveries(session->store(), session->key());
    BLONGO_TRY(const auto rows, deliveries.not_on_manifest(courier_code));
    Manifest out;
    std::vector<baselinker::PackageId> packages;
    std::optional<baselinker::CourierAccountId> account;
    for (const auto& row : rows) {
        const baselinker::CourierAccountId of_row{row.account_id};
        if (account && *account != of_row) continue; // the other account's packages go on a manifest of their own
        account = of_row;
        packages.emplace_back(row.package_id);
        out.package_ids.push_back(row.package_id);
    }
    if (packages.empty())
        return fail(ErrorKind::not_found, fmt::format("no package of {} waits for a manifest", courier_code), {},
                    "blongo shipments list");
    if (account && account->value() == 0) account.reset();
    baselinker::Couriers couriers(session->baselinker());
    BLONGO_TRY(auto document, couriers.get_protocol(courier_code, packages, account));
    if (document.bytes.empty())
        return fail(ErrorKind::rejected, "the courier's protocol is empty", courier_code, "try again later");
    const Timestamp now = runtime.clock.now();
    out.name = fmt::format("manifest-{}-{}", courier_code, local_date(now, connection.time_zone));
    out.extension = document.extension;
    out.bytes = std::move(document.bytes);
    if (dry_run) return out;
    // A protocol that could not be kept was never made: its packages come onto the next one.
    BLONGO_CHECK(save(out));
    BLONGO_CHECK(deliveries.mark_manifested(out.package_ids, out.name));
    return out;
}

report::Summary order_pickup(const config::Config& config, const config::Connection& connection, const PickupRequest& request,
                             const FlowOptions& flow_options, const Runtime& runtime) {
    SendOptions options;
    options.flow = flow_options;
    options.flow.explicit_objects = true;
    auto session = Session::open(config, connection, state::BudgetClass::send, flow_options.dry_run, runtime);
    if (!session) return failed_summary(connection.name, "shipments", flow_options, session.error());
    Flow flow(**session, "shipments", options.flow);
    if (const auto begun = flow.begin(); !begun) return failed_summary(connection.name, "shipments", flow_options, begun.error());
    SendContext context(flow, options);
    const auto body = [&]() -> Result<void> {
        BLONGO_TRY(const auto form, context.couriers().get_request_parcel_pickup_fields(request.courier_code));
        std::vector<std::pair<std::string, std::string>> fields = request.fields;
        const auto day = parse_timestamp(request.day);
        if (!day) return fail(ErrorKind::usage, fmt::format("{} is no date", request.day), "--day", "write 2026-11-24");
        for (const auto& field : form) {
            const auto given = std::ranges::find(fields, field.id, &std::pair<std::string, std::string>::first);
            if (given != fields.end()) continue;
            const std::string id = to_lower_ascii(field.id);
            if (field.type == "date")
                fields.emplace_back(field.id, std::to_string(to_unix_seconds(*day)));
            else if (!request.from.empty() && id.find("from") != std::string::npos)
                fields.emplace_back(field.id, request.from);
            else if (!request.to.empty() && (id.ends_with("to") || id.find("_to") != std::string::npos))
                fields.emplace_back(field.id, request.to);
            else if (!field.value.empty())
                fields.emplace_back(field.id, field.value);
        }
        for (const auto& [id, value] : fields)
            if (std::ranges::find(form, id, &baselinker::CourierField::id) == form.end())
                return fail(ErrorKind::usage, fmt::format("{} has no pick-up field {}", request.courier_code, id), "--field",
                            "blongo list courier-fields " + request.courier_code);
        constexpr int most = 10'000;
        BLONGO_TRY(const auto rows, context.deliveries().list(context.now() - pickup_window, most));
        std::vector<baselinker::PackageId> packages;
        std::optional<baselinker::CourierAccountId> account;
        for (const auto& row : rows) {
            const bool waits =
                row.state == DeliveryState::booked || row.state == DeliveryState::labelled || row.state == DeliveryState::done;
            if (!waits || row.courier_code != request.courier_code || row.tracking_status > 1) continue;
            const baselinker::CourierAccountId of_row{row.account_id};
            if (account && *account != of_row)
                return fail(ErrorKind::rejected, fmt::format("packages of two accounts of {} wait", request.courier_code), {},
                            "order the pick-ups in the courier's own portal");
            account = of_row;
            packages.emplace_back(row.package_id);
        }
        if (account && account->value() == 0) account.reset();
        if (packages.empty())
            return fail(ErrorKind::not_found, fmt::format("no package of {} waits to be picked up", request.courier_code), {},
                        "blongo shipments list");
        auto line = flow.action(plan::Verb::create, request.courier_code, "pickup");
        line.detail = fmt::format("{} packages, {}", packages.size(), request.day);
        if (context.dry_run()) {
            flow.report(line);
            return {};
        }
        state::IntentRow wanted;
        wanted.key = fmt::format("pickup:{}:{}", request.courier_code, request.day);
        wanted.action = "request_pickup";
        wanted.payload = json::Value::object().set("courier_code", request.courier_code).set("day", request.day).dump();
        BLONGO_TRY(const auto before, context.intents().history(wanted.key, 1));
        if (!before.empty() && before.front().state == state::IntentState::done)
            return fail(ErrorKind::rejected,
                        fmt::format("the courier was ordered for {} already: {}", request.day, before.front().result),
                        request.courier_code, "order a second one in the courier's own portal if it is meant");
        if (!before.empty() && before.front().state == state::IntentState::unknown)
            return fail(ErrorKind::rejected, "whether an earlier request arrived is not known, and it is never sent twice",
                        request.courier_code, "look in the courier's own portal");
        BLONGO_TRY(const auto intent, context.intents().open(wanted, leave_within));
        if (!intent) {
            BLONGO_TRY(const Timestamp now, context.store().now());
            const bool died = !before.empty() && !may_be_alive(before.front(), now, context.longest_call());
            return fail(died ? ErrorKind::rejected : ErrorKind::locked,
                        died ? "whether an earlier request arrived is not known, and it is never sent twice"
                             : "another process orders this pick-up",
                        request.courier_code, died ? "look in the courier's own portal" : "try again in a minute");
        }
        const auto number = context.couriers().run_request_parcel_pickup(request.courier_code, packages, account, fields,
                                                                         context.departure(intent->id));
        const bool refused = !number && is_refusal(number.error());
        const bool unknown = !number && !refused && is_ambiguous(number.error());
        BLONGO_CHECK(context.intents().settle(intent->id,
                                              number    ? state::IntentState::done
                                              : unknown ? state::IntentState::unknown
                                              : refused ? state::IntentState::refused
                                                        : state::IntentState::withdrawn,
                                              number ? *number : number.error().text()));
        if (!number && !refused && !unknown) return fail(number.error());
        line.outcome = number ? plan::Outcome::done : unknown ? plan::Outcome::unknown : plan::Outcome::rejected;
        line.detail = number ? fmt::format("{} packages, {}, pick-up {}", packages.size(), request.day, *number)
                             : html_to_text(number.error().message);
        flow.report(line);
        return {};
    };
    return finish_action(flow, body());
}

} // namespace blongo::sync
