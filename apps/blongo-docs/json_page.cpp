// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <blongo/base/text.hpp>

#include "pages.hpp"
#include "roff.hpp"

namespace blongo::docs {
namespace {

struct Row {
    const char* type;
    const char* what;
    const char* members; ///< with spaces between them
};

// Members that a row has only when they say something stand with the others.
constexpr std::array rows = {
    Row{"action", "one object of a run: the verb of the attempt and its outcome; write-backs, labels and tracking have a step",
        "connection flow verb key order_number reason cause owner dry_run outcome step detail label new since changes notes"},
    Row{"summary", "one flow of one connection, at its end",
        "connection flow dry_run complete created updated adopted same cancelled skipped rejected parked parked_total unknown "
        "requests duration_ms exit_code newly_parked before_cutover delayed will_fail"},
    Row{"error", "a failure (stderr)", "code message where remedy connection remote_code http_status retry_at"},
    Row{"warning", "what deserves attention but stops nothing (stderr)", "connection message"},
    Row{"info", "what is being done, with -v (stderr)", "connection message"},
    Row{"exchange", "a request and its answer, with -v; bodies with -vv (stderr)", "connection message bodies"},
    Row{"parked", "blongo parked list",
        "connection flow key label since age cause owner detail remedy command attempts next_try"},
    Row{"status", "blongo status",
        "connection flow mode last_run age result last_good parked unsettled ledger budget running enabled exit_code config_errors"},
    Row{"check", "one check of blongo doctor, blongo config check, or the books of blongo check",
        "connection flow name verdict finding remedy code file connections errors warnings parked parked_by_cause missing closes"},
    Row{"difference", "blongo check, blongo orders diff",
        "connection flow kind key order_number member ongoing baselinker verdict cause owner command remedy"},
    Row{"article", "blongo articles list, show, diff",
        "connection key name state product_id article_system_id written missing in_baselinker in_ongoing in_ledger source_id "
        "cause detail former_numbers member source reads verdict"},
    Row{"order", "blongo orders list, show, why",
        "connection key order_number ongoing_id source market_number confirmed imported adopted on_hold hold_by hold_reason since "
        "cause owner will_fail_at_send verdict in_baselinker in_ongoing base_status ongoing_status detail unknown members shipment "
        "shipment_cause shipment_detail shipment_unknown known_from"},
    Row{"shipment", "blongo shipments list, show, why",
        "connection key order_number delivery state courier package package_number package_id cod label labels tracking tracking_url "
        "sent label_at printed order verdict cause detail unknown rule"},
    Row{"label", "blongo shipments label", "connection key file bytes printed"},
    Row{"manifest", "blongo shipments manifest", "connection courier file package_ids"},
    Row{"return", "blongo returns list",
        "connection key return_number order_id order_number ongoing_id state expected received lines sent received_at base_status "
        "status cause adopted"},
    Row{"unknown", "blongo unknown list", "connection key delivery action since next_look detail command"},
    Row{"stock", "blongo stock show", "connection key product_id not_pushed warehouses targets waiting pushed_at"},
    Row{"audit", "blongo audit show, export",
        "connection chain seq at at_ms login sudo_user host acting_as command version kind flow object verb endpoint outcome code request "
        "response before after detail erased salt_mark hash words"},
    Row{"audit_head", "blongo audit export --heads, audit verify", "connection chain seq hash"},
    Row{"audit_flaw", "blongo audit verify: what does not fit", "connection chain seq finding"},
    Row{"held", "blongo pii find", "connection place object times"},
    Row{"erased", "blongo pii erase", "connection order_id"},
    Row{"setting", "blongo config show", "key value origin"},
    Row{"target", "blongo mapping show --targets", "target type note"},
    Row{"mapping", "blongo mapping show", "flow target source transformation mapping default connection origin"},
    Row{"courier", "blongo list couriers", "connection code name account_id account"},
    Row{"courier_field", "blongo list courier-fields", "connection kind id name type default options by_order"},
    Row{"courier_service", "blongo list courier-services", "connection key courier rule field id name"},
    Row{"order_status", "blongo list statuses", "connection side id name"},
    Row{"return_status", "blongo list return-statuses", "connection id name"},
    Row{"order_source", "blongo list sources", "connection source id name"},
    Row{"inventory", "blongo list inventories", "connection inventory_id name language reservations warehouses"},
    Row{"warehouse", "blongo list warehouses", "connection side id name note"},
    Row{"way_of_delivery", "blongo list ways-of-delivery", "connection code name"},
    Row{"transporter", "blongo list transporters", "connection code name service"},
};

struct Member {
    const char* name;
    const char* meaning;
};

/// Those whose name does not say it all.
constexpr std::array members = {
    Member{"schema", "the version of this form: members are added, never renamed; readers take words as open lists"},
    Member{"message_type", "which row it is"},
    Member{"connection", "whose it is: the name in the configuration"},
    Member{"key", "articles and stock: the article number; orders and shipments: the BaseLinker order id"},
    Member{"verb", "create, update, adopt, cancel, same, skip, park, reprint; a booking is create, a stock push update"},
    Member{"outcome", "planned, done, rejected, unknown, queued"},
    Member{"cause", "why it waits; null: it does not"},
    Member{"owner", "who can mend it: seller, warehouse, admin, courier"},
    Member{"command", "the next command"},
    Member{"since", "UTC, as all times"},
    Member{"parked", "what this run parked, tried again or not; in status rows all that waits"},
    Member{"parked_total", "all that waits"},
    Member{"complete", "false: time ran out with work left"},
    Member{"requests", "calls to each side: an object with baselinker and ongoing"},
    Member{"changes", "objects with member, before, after"},
    Member{"label", "the name for people; in action rows with --personal only"},
    Member{"code", "of errors: usage, config, auth, network, ...; of lists: the code to write into the configuration"},
    Member{"time", "UTC; in the lines of --log-file only"},
};

} // namespace

void add_json_page(Pages& pages) {
    Page page("blongo-json", 7, "what blongo prints with --json");
    page.heading("Description");
    page.paragraph("With --json every line of stdout is one JSON object, and so is every line of stderr. A dry run prints the "
                   "same lines with dry_run true and the outcome planned. Names and addresses are masked.");
    page.heading("Rows");
    for (const Row& row : rows) {
        page.item(row.type, "", std::string(row.what) + ".");
        page.paragraph("Members: " + join(split(row.members, ' '), ", ") + ".");
    }
    page.heading("Members");
    for (const Member& member : members)
        page.item(member.name, "", member.meaning);
    page.see_also("blongo(1) blongo.toml(5)");
    pages["blongo-json.7"] = page.text();
}

} // namespace blongo::docs
