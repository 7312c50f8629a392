// SPDX-License-Identifier: Apache-2.0
#include <blongo/plan/causes.hpp>

#include <algorithm>
#include <array>
#include <chrono>

namespace blongo::plan {

namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr int tries_at_every_run = 5;
constexpr Milliseconds first_delay = minutes{5};
constexpr Milliseconds longest_delay = hours{6};

constexpr bool costs_request = true;
constexpr bool costs_nothing = false;

constexpr std::array table{
    // seller
    Cause{"unknown_sku", "seller", "a line or a bundle names something that has no article number",
          "give the product an SKU in BaseLinker, or link the line to a product of the catalogue", "blongo orders why {key}",
          costs_request},
    Cause{"no_sku", "seller", "a product or variant of the catalogue has no SKU", "give it an SKU of its own in BaseLinker",
          "blongo articles show --sku {key}", costs_nothing},
    Cause{"duplicate_sku", "seller", "several products or variants have the same SKU",
          "give each of them an SKU of its own in BaseLinker", "blongo articles show --sku {key}", costs_nothing},
    Cause{"empty_order", "seller", "the order has no line that the warehouse could pick",
          "add the products to the order in BaseLinker, or cancel it", "blongo orders why {key}", costs_nothing},
    Cause{"bad_quantity", "seller", "a quantity is not a positive whole number", "correct the quantity in BaseLinker",
          "blongo orders why {key}", costs_nothing},
    Cause{"no_country", "seller", "the delivery address has no country, and no courier books without one",
          "fill in the country of the delivery address in BaseLinker", "blongo orders why {key}", costs_nothing},
    Cause{"bad_phone", "seller", "the courier needs a telephone number of another form",
          "correct the telephone number of the order in BaseLinker", "blongo shipments why {key}", costs_nothing},
    Cause{"bad_postcode", "seller", "the post code does not have the form of its country",
          "correct the post code of the order in BaseLinker", "blongo shipments why {key}", costs_nothing},
    Cause{"street_too_long", "seller", "the street is longer than the courier accepts",
          "shorten the street of the order in BaseLinker", "blongo shipments why {key}", costs_nothing},
    Cause{"name_too_long", "seller", "the name is longer than the courier accepts", "shorten the name of the order in BaseLinker",
          "blongo shipments why {key}", costs_nothing},
    Cause{"point_missing", "seller", "the delivery method needs a pick-up point and the order names none",
          "choose the pick-up point of the order in BaseLinker", "blongo shipments why {key}", costs_nothing},
    Cause{"unpaid", "seller", "the order is not paid, and unpaid orders are not sent",
          "register the payment in BaseLinker, or make it cash on delivery", "blongo shipments why {key}", costs_request},
    Cause{"cod_unclear", "seller", "the amount to collect is not certain: a discount or a foreign currency",
          "give the amount by hand", "blongo shipments send {key} --cod AMOUNT", costs_request},
    Cause{"identity_changed", "seller", "the order id now belongs to another order than the one that was imported",
          "compare both sides, then accept the new order", "blongo orders reimport {key} --accept-identity", costs_nothing},
    Cause{"merged_in_base", "seller", "the order was merged in BaseLinker while the warehouse holds both",
          "settle with the warehouse which of the orders is sent", "blongo orders why {key}", costs_request},
    Cause{"split_waiting", "seller", "the order was split off another one whose reduction is not accepted yet",
          "wait, or settle the parent order first; orders reimport --accept-copy sends it as it is", "blongo orders why {key}",
          costs_request},
    Cause{"cancelled_came_back", "seller", "the order was cancelled in the warehouse and is active again",
          "send it as a new order if it is meant", "blongo orders reimport {key}", costs_nothing},
    Cause{"status_not_shippable", "seller", "the order stands in a BaseLinker status that is not for sending",
          "move the order to a status for sending, or extend ship_statuses", "blongo shipments why {key}", costs_request},
    Cause{"cancelled_in_base", "seller", "the order was cancelled in BaseLinker after the warehouse packed it",
          "stop the parcel, or take the order out of the cancelled status", "blongo shipments why {key}", costs_request},
    Cause{"not_confirmed", "seller", "the order is not confirmed in BaseLinker", "confirm the order in BaseLinker",
          "blongo orders why {key}", costs_request},
    Cause{"lines_changed", "seller", "the lines in BaseLinker are no longer those that the warehouse was told",
          "set the lines back in BaseLinker, or settle the change with the warehouse", "blongo orders diff {key}", costs_request},
    Cause{"country_changed", "seller", "the country of delivery changed after the order was packed",
          "set the country back in BaseLinker, or have the order packed again", "blongo orders diff {key}", costs_request},
    Cause{"on_hold", "seller", "somebody put the order on hold", "release it", "blongo orders unhold {key}", costs_nothing},
    // warehouse
    Cause{"no_weight", "warehouse", "no weight is known for the parcel", "enter the weight of the parcel, or give it by hand",
          "blongo shipments send {key} --parcel WEIGHT", costs_request},
    Cause{"nothing_picked", "warehouse", "the order was sent and nothing of it is registered as picked",
          "register the picks and press Send again", "blongo shipments why {key}", costs_request},
    Cause{"short_pick", "warehouse", "less was picked than ordered", "pick the rest, or send what there is by hand",
          "blongo shipments send {key}", costs_request},
    Cause{"cod_short", "warehouse", "less was picked than ordered, and the courier is to collect the money",
          "pick the rest, or give the amount by hand", "blongo shipments send {key} --cod AMOUNT", costs_request},
    Cause{"parcels_changed", "warehouse", "the parcels changed after the shipment was booked", "add the new parcel, or book anew",
          "blongo shipments rebook {key}", costs_request},
    Cause{"edited_in_warehouse", "warehouse", "the address or the pick-up point was edited in Ongoing",
          "correct the order in BaseLinker, which the courier's booking uses", "blongo orders diff {key}", costs_request},
    Cause{"locked_in_warehouse", "warehouse", "the warehouse works on the order and accepts no change of it",
          "change the order in Ongoing by hand, or wait until it is released", "blongo orders diff {key}", costs_request},
    // admin
    Cause{"no_courier_rule", "admin", "no courier rule fits the order", "add a rule under shipments.couriers",
          "blongo shipments why {key}", costs_nothing},
    Cause{"service_ambiguous", "admin", "the courier offers several services and the rule names none",
          "name the service in the rule's fields", "blongo list courier-services {key}", costs_request},
    Cause{"field_invalid", "admin", "a field of the order or of its courier rule is missing, unknown or not accepted",
          "correct the field, see what each side holds", "blongo mapping test {key}", costs_request},
    Cause{"package_exists", "admin", "BaseLinker holds a package of this order that blongo did not book",
          "decide whether that package is the one", "blongo unknown resolve {key} --package ID", costs_request},
    Cause{"sent_without_shipment", "admin", "the warehouse sent the order and there is neither package nor cause", "book it",
          "blongo shipments send {key}", costs_request},
    Cause{"old_order", "admin", "the order is older than shipments.max_order_age", "book it by hand if it is meant",
          "blongo shipments send {key} --force-old", costs_nothing},
    Cause{"foreign_lines", "admin", "the order has lines of another warehouse",
          "set orders.other_lines, or split the order in BaseLinker", "blongo orders why {key}", costs_nothing},
    Cause{"exists_in_warehouse", "admin", "Ongoing holds an order of this number that blongo did not make",
          "compare both; give orders.order_number_prefix if the number is somebody else's", "blongo orders diff {key}",
          costs_request},
    Cause{"two_packages", "admin", "two packages were booked for one delivery", "cancel the one that is not used",
          "blongo shipments show {key}", costs_request},
    Cause{"remote_rejected", "admin", "the other side refused the object", "read its answer, correct the data, then try again",
          "blongo parked retry {key}", costs_request},
    Cause{"key_too_long", "admin", "a number has more than 50 characters, and keys are never cut",
          "shorten the SKU in BaseLinker, or the order number prefix", "blongo parked retry {key}", costs_nothing},
    Cause{"too_many_parcels", "admin", "the courier takes one parcel per shipment and there are several",
          "choose a courier with several parcels, or send each by hand", "blongo shipments why {key}", costs_request},
    Cause{"unknown", "admin", "nobody knows whether the last write was carried out",
          "look at the other side, then say what you found", "blongo unknown resolve {key}", costs_request},
    // courier
    Cause{"courier_rejected", "courier", "the courier refused the shipment",
          "read the courier's words, correct the order, then send again", "blongo shipments send {key}", costs_nothing},
    Cause{"label_pending", "courier", "the courier has not made the label yet", "wait; blongo asks again by itself",
          "blongo shipments label {key}", costs_request},
    Cause{"label_incomplete", "courier", "the label has fewer pages than the shipment has parcels",
          "look at the label; ask the courier for the missing one", "blongo shipments label {key}", costs_request},
};

/// Causes whose remedy is another one for a return than for an order.
constexpr std::array returns_table{
    Cause{"unknown_sku", "seller", "no single line of the order has the SKU of a line of the return",
          "give the lines of the return in BaseLinker the SKU of the order's line, one line of the order for each",
          "blongo parked retry {key}", costs_request},
    Cause{"bad_quantity", "seller", "a quantity of the return is not a positive whole number",
          "correct the quantity of the return in BaseLinker", "blongo parked retry {key}", costs_nothing},
    Cause{"empty_order", "seller", "the return has no lines", "add what comes back to the return in BaseLinker, or cancel it",
          "blongo parked retry {key}", costs_nothing},
    Cause{"exists_in_warehouse", "admin", "Ongoing holds a return order of this number that blongo did not make",
          "compare both; if it is somebody else's, cancel it in Ongoing", "blongo parked retry {key}", costs_request},
};

} // namespace

std::span<const Cause> causes() noexcept {
    return table;
}

const Cause* find_cause(std::string_view name, std::string_view flow) noexcept {
    if (flow == "returns")
        if (const auto own = std::ranges::find(returns_table, name, &Cause::name); own != returns_table.end()) return &*own;
    const auto found = std::ranges::find(table, name, &Cause::name);
    return found == table.end() ? nullptr : &*found;
}

std::string command_for(const Cause& cause, std::string_view key) {
    constexpr std::string_view placeholder = "{key}";
    std::string command(cause.command);
    if (const auto at = command.find(placeholder); at != std::string::npos) command.replace(at, placeholder.size(), key);
    return command;
}

std::optional<Timestamp> next_try(const Cause& cause, int attempts, Timestamp now) {
    if (!cause.costs_request || attempts <= tries_at_every_run) return std::nullopt;
    Milliseconds delay = first_delay;
    for (int i = tries_at_every_run + 1; i < attempts && delay < longest_delay; ++i) delay *= 2;
    return now + std::min(delay, longest_delay);
}

} // namespace blongo::plan
