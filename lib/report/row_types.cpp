// SPDX-License-Identifier: Apache-2.0
#include <blongo/report/row_types.hpp>

#include <algorithm>
#include <array>

#include <blongo/base/text.hpp>

namespace blongo::report {
namespace {

constexpr std::array table = {
    RowType{"action",
            "one object of a run: the verb of the attempt and its outcome; write-backs, labels and tracking have a step",
            "connection flow verb key order_number reason cause owner dry_run outcome step detail label new since "
            "changes:member,before,after notes"},
    RowType{
        "summary", "one flow of one connection, at its end",
        "connection flow dry_run complete created updated adopted same cancelled skipped rejected parked parked_total unknown "
        "requests:baselinker,ongoing duration_ms exit_code newly_parked before_cutover delayed will_fail"},
    RowType{"run", "blongo run with several connections: how each one ended",
            "connection exit_code result flows finding duration_ms"},
    RowType{"error", "a failure (stderr)", "code message where remedy connection remote_code http_status retry_at"},
    RowType{"warning", "what deserves attention but stops nothing (stderr)", "connection message"},
    RowType{"exchange", "a request and its answer, with -v; bodies with -vv (stderr)", "connection message bodies"},
    RowType{"alert", "what the command of [notify] reads on its standard input, and quiet runs print",
            "state connection kind key flow cause count owner since detail command text"},
    RowType{"matter", "blongo today", "connection owner kind flow cause count key since command detail"},
    RowType{"parked", "blongo parked list",
            "connection flow key label since age cause owner detail remedy command attempts next_try"},
    RowType{"status", "blongo status",
            "connection flow mode last_run age result last_good parked unsettled ledger "
            "budget:used,per_minute,blocked_until running enabled paused exit_code config_errors"},
    RowType{"connection", "blongo connection list, pause, resume, remove",
            "connection enabled mode paused account inventory_id ongoing goods_owner_id flows last_run last_flow result parked "
            "unknown done detail rows:* label_files"},
    RowType{"check", "one check of blongo doctor, blongo config check, or the books of blongo check",
            "connection flow name verdict finding remedy owner code file connections errors warnings accepted "
            "products_and_variants sent articles in_ongoing cancelled before_cutover delayed held filtered_out parents booked "
            "no_shipment agree differ not_reported left_alone parked parked_by_cause:* missing closes"},
    RowType{"difference", "blongo check, blongo orders diff",
            "connection flow kind key order_number member ongoing baselinker verdict cause owner command remedy"},
    RowType{"report", "blongo report",
            "connection part flow key order_number cause owner since orders shipments result exit_code requests_baselinker "
            "requests_ongoing detail command"},
    RowType{"parcels", "blongo report parcels",
            "connection day courier account_id shipments parcels cancelled cod_shipments cod:amount,currency"},
    RowType{"cod", "blongo report cod", "connection day courier account_id shipments amount currency"},
    RowType{"article", "blongo articles list, show; blongo mapping test --sku",
            "connection key name state product_id article_system_id written missing in_baselinker in_ongoing in_ledger source_id "
            "cause detail former_numbers lines:target,source,baselinker,ongoing,agreed,verdict,mapping,reads,default"},
    RowType{"order", "blongo orders list, show, why; blongo find; blongo mapping test",
            "connection key order_number ongoing_id source market_number confirmed imported adopted on_hold hold_by hold_reason "
            "since cause owner will_fail_at_send verdict in_baselinker in_ongoing base_status ongoing_status detail unknown "
            "members:target,source,baselinker,ongoing,verdict,mapping,reads,default shipment shipment_cause shipment_detail "
            "shipment_unknown known_from"},
    RowType{"shipment", "blongo shipments list, show, why",
            "connection key order_number delivery state courier package_number package_id cod labels tracking tracking_url sent "
            "label_at printed verdict cause detail unknown rule"},
    RowType{"label", "blongo label, blongo shipments label", "connection key file bytes printed"},
    RowType{"manifest", "blongo shipments manifest", "connection courier file package_ids"},
    RowType{"return", "blongo returns list",
            "connection key return_number order_id order_number ongoing_id state expected received "
            "lines:row,sku,expected,received sent received_at base_status status cause adopted"},
    RowType{"unknown", "blongo unknown list", "connection key delivery action since next_look detail command"},
    RowType{"stock", "blongo stock show",
            "connection key product_id not_pushed warehouses:warehouse_id,sellable "
            "targets:warehouse,observed,waiting,buffer,figure,pushed,held waiting:order_id,status,pieces pushed_at"},
    RowType{"state", "blongo state check, backup, move",
            "connection check ok count detail remedy done from to rows:* labels labels_lost bytes"},
    RowType{"audit", "blongo audit show, export",
            "connection chain seq at at_ms login sudo_user host acting_as command version kind flow object verb endpoint outcome "
            "code "
            "request response before after detail erased salt_mark hash words"},
    RowType{"audit_head", "blongo audit export --heads, audit verify", "connection chain seq hash"},
    RowType{"audit_flaw", "blongo audit verify: what does not fit", "connection chain seq finding"},
    RowType{"held", "blongo pii find", "connection place object times"},
    RowType{"erased", "blongo pii erase", "connection order_id"},
    RowType{"setting", "blongo config show", "key value origin"},
    RowType{"target", "blongo mapping show --targets", "target type note"},
    RowType{"mapping", "blongo mapping show", "flow target source transformation mapping default connection origin"},
    RowType{"courier", "blongo list couriers", "connection code name account_id account"},
    RowType{"courier_field", "blongo list courier-fields", "connection kind id name type default options:id,label by_order"},
    RowType{"courier_service", "blongo list courier-services", "connection key courier rule field id name"},
    RowType{"order_status", "blongo list statuses", "connection side id name"},
    RowType{"return_status", "blongo list return-statuses", "connection id name"},
    RowType{"order_source", "blongo list sources", "connection source id name"},
    RowType{"inventory", "blongo list inventories", "connection inventory_id name language reservations warehouses"},
    RowType{"warehouse", "blongo list warehouses", "connection side id name note"},
    RowType{"way_of_delivery", "blongo list ways-of-delivery", "connection code name"},
    RowType{"transporter", "blongo list transporters", "connection code name service"},
};

} // namespace

std::span<const RowType> row_types() noexcept {
    return table;
}

const RowType* find_row_type(std::string_view name) noexcept {
    const auto found = std::ranges::find(table, name, &RowType::name);
    return found == table.end() ? nullptr : &*found;
}

std::vector<RowMember> members_of(const RowType& type) {
    std::vector<RowMember> members;
    for (const std::string& word : split(type.members, ' ')) {
        const std::size_t colon = word.find(':');
        RowMember member{word.substr(0, colon), {}};
        if (colon != std::string::npos) member.parts = split(word.substr(colon + 1), ',');
        members.push_back(std::move(member));
    }
    return members;
}

} // namespace blongo::report
