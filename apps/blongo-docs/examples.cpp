// SPDX-License-Identifier: Apache-2.0
#include "examples.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace blongo::docs {
namespace {

struct Group {
    std::string_view command;
    std::vector<Example> examples;
};

const std::array groups = {
    Group{"blongo",
          {{"blongo doctor", "is everything set up right?"},
           {"blongo orders sync --dry-run", "what would go to the warehouse, and what would be parked?"},
           {"blongo run -q --max-duration 4m", "what cron calls"},
           {"blongo today", "what needs somebody, who, and the command"},
           {"blongo why N", "where is this order, or what keeps it?"},
           {"blongo parked list --json", "what waits, for a program"},
           {"blongo shipments watch --every 5s", "labels within seconds, all day"}}},
    Group{"blongo articles",
          {{"blongo articles sync --dry-run", "what would a sync change?"},
           {"blongo articles sync --sku X", "one article now"},
           {"blongo articles show X", "one article on both sides"},
           {"blongo articles list --missing weight,barcode", "which lack one of these?"}}},
    Group{"blongo orders",
          {{"blongo orders sync -v", "send new ones, and say of each what became of it"},
           {"blongo orders backfill --from DATE --dry-run", "which orders from before start_from would go?"},
           {"blongo orders hold N --reason \"the customer called\"", "keep it back"},
           {"blongo orders unhold N", "let it go on"},
           {"blongo orders diff N", "what would a sync change of it?"},
           {"blongo orders list --will-fail --format csv", "what Send will refuse, for a spreadsheet"}}},
    Group{"blongo why", {{"blongo why N", "where is this order, or what keeps it?"}}},
    Group{"blongo find", {{"blongo find N", "which order has this number, on which side?"}}},
    Group{"blongo stock",
          {{"blongo stock push --dry-run", "what would be written to BaseLinker?"},
           {"blongo stock show --sku X", "how does this figure come about?"}}},
    Group{"blongo shipments",
          {{"blongo shipments send --dry-run", "which rule, courier, parcels and amount?"},
           {"blongo shipments send N --parcel 2.1kg,30x20x15 --parcel 0.9kg", "two parcels by hand"},
           {"blongo shipments why N", "was it sent, or what keeps it?"},
           {"blongo shipments label N --out FILE", "the label as a file"},
           {"blongo shipments cancel N", "cancel its package at the courier"},
           {"blongo shipments manifest --courier CODE", "the courier's protocol at the end of the day"}}},
    Group{"blongo send",
          {{"blongo send N --dry-run", "what would be booked?"}, {"blongo send N", "book it now, and bring the label"}}},
    Group{"blongo label", {{"blongo label N --out FILE", "the label as a file"}}},
    Group{"blongo returns",
          {{"blongo returns sync --dry-run", "which return orders would be made?"},
           {"blongo returns list", "what came back of them?"}}},
    Group{"blongo run",
          {{"blongo run -q --max-duration 4m", "what cron calls"},
           {"blongo run --only orders,shipments --parallel 8", "two flows, eight connections at a time"},
           {"blongo run --dry-run", "what would be done, by all flows?"}}},
    Group{"blongo check",
          {{"blongo check", "do both sides agree?"},
           {"blongo check --only orders,shipments --since 3d --format csv", "the last three days, for a spreadsheet"}}},
    Group{"blongo today", {{"blongo today", "what needs somebody, who, and the command"}}},
    Group{"blongo status", {{"blongo status", "when did it run, how did it end?"}}},
    Group{"blongo health", {{"blongo health --max-age 40m", "for a monitor: the exit code"}}},
    Group{"blongo report",
          {{"blongo report --format html --out FILE", "a page for the office"},
           {"blongo report --for seller", "for the seller, without personal data"},
           {"blongo report parcels --format csv", "to check the courier's invoice"},
           {"blongo report cod", "what the couriers collect this month"}}},
    Group{"blongo parked",
          {{"blongo parked list --cause unknown_sku", "what waits for an article"},
           {"blongo parked retry --cause unknown_sku", "it was mended: try again"}}},
    Group{"blongo unknown",
          {{"blongo unknown list", "which bookings does nobody know the end of?"},
           {"blongo unknown resolve N --package ID", "this package of BaseLinker is the one"},
           {"blongo unknown resolve N --nothing-was-booked", "the courier has none: the order is due again"},
           {"blongo unknown resolve N --leave", "it was sent another way: nothing more is to be done"}}},
    Group{"blongo init", {{"blongo init", "ask everything on this terminal; without one it says which options it needs"}}},
    Group{"blongo doctor",
          {{"blongo doctor --for seller", "a page for the seller"},
           {"blongo doctor --sample 50", "map the last 50 orders as well"}}},
    Group{"blongo audit",
          {{"blongo audit show --order N", "who did what with this order?"},
           {"blongo audit export --heads", "the ends of the chains, to be kept elsewhere"},
           {"blongo audit verify", "was anything changed afterwards?"}}},
    Group{"blongo pii",
          {{"blongo pii find \"Jan Kowalski\"", "where does this name stand?"},
           {"blongo pii export N", "what is held of the buyer of this order?"},
           {"blongo pii erase N --yes", "the buyer wants to be forgotten"}}},
    Group{"blongo state", {{"blongo state check", "is it whole?"}, {"blongo state backup FILE", "a copy, while runs go on"}}},
    Group{"blongo list",
          {{"blongo list statuses", "of both sides"},
           {"blongo list courier-fields CODE", "what a courier asks for, with the choices"}}},
    Group{"blongo mapping",
          {{"blongo mapping show", "the whole table"},
           {"blongo mapping test N", "both sides of one order, and what templates read"},
           {"blongo mapping show --targets", "every member that a template may write"}}},
    Group{"blongo connection",
          {{"blongo connection list", "all clients"},
           {"blongo connection pause NAME --until 2h --reason \"stocktaking\"", "write nothing for two hours"},
           {"blongo connection resume NAME", "go on"},
           {"blongo connection remove NAME", "what is remembered of it? (--erase erases it)"}}},
    Group{"blongo config",
          {{"blongo config check", "what is wrong?"}, {"blongo config show", "what is in force, and from where?"}}},
    Group{"blongo completion",
          {{"blongo completion bash", "the script; bash reads it from ~/.local/share/bash-completion/completions/blongo"}}},
};

} // namespace

std::span<const Example> examples_of(std::string_view command) noexcept {
    const auto found = std::ranges::find(groups, command, &Group::command);
    if (found == groups.end()) return {};
    return found->examples;
}

} // namespace blongo::docs
