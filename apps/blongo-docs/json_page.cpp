// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <blongo/base/text.hpp>
#include <blongo/report/row_types.hpp>

#include "pages.hpp"
#include "roff.hpp"

namespace blongo::docs {
namespace {

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
    Member{"changes", "what a member was and what it becomes"},
    Member{"budget", "calls to BaseLinker in the last minute, how many are allowed, and until when the token is blocked"},
    Member{"step", "what was done to an order beside its verb: a label, tracking, a status"},
    Member{"detail", "what it is about, in the words of the side that refused, or of blongo"},
    Member{"remedy", "what its owner does about it"},
    Member{"unknown", "writes of which nobody knows the end: their number; in rows of one object a sentence for each"},
    Member{"kind", "of matter rows: configuration, unknown, run, late_label, parked, will_fail, short_sent, held; of alerts the "
                   "words of [notify] on; of differences those of blongo check"},
    Member{"part", "of report rows: waiting, will_fail, oldest_unimported, short, hour, run"},
    Member{"state", "of articles and shipments a word for people; of alerts problem, reminder, solved"},
    Member{"closes", "true: the books of the flow come out even, and nothing is missing"},
    Member{"accepted, products_and_variants, sent, articles", "the total of the books of one flow; the counts after it are what "
                                                              "became of them"},
    Member{"duration_ms, age", "milliseconds; seconds"},
    Member{"cod, amount", "money to collect: numbers with two digits, with their currency; in shipment rows a text"},
    Member{"baselinker, ongoing", "what each side holds; *** where it is about a person"},
    Member{"lines, members", "one object for each member of the article or order, or for each line of the return"},
    Member{"done", "what the command did to the connection: pause, resume, erase; empty: it only looked"},
    Member{"rows", "counts by table of the state"},
    Member{"label", "the name for people; in action rows with --personal only"},
    Member{"code", "of errors: usage, config, auth, network, ...; of lists: the code to write into the configuration"},
    Member{"time", "UTC; in the lines of --log-file only"},
};

/// "connection, flow, changes (member, before, after)".
std::string members_text(const report::RowType& type) {
    std::vector<std::string> words;
    for (const report::RowMember& member : report::members_of(type)) {
        const bool any = member.parts == std::vector<std::string>{"*"};
        const std::string parts = member.parts.empty() ? "" : any ? " (an object)" : " (" + join(member.parts, ", ") + ")";
        words.push_back(member.name + parts);
    }
    return join(words, ", ");
}

} // namespace

void add_json_page(Pages& pages) {
    Page page("blongo-json", 7, "what blongo prints with --json");
    page.heading("Description");
    page.paragraph("With --json every line of stdout is one JSON object, and so is every line of stderr. A dry run prints the "
                   "same lines with dry_run true and the outcome planned. Names and addresses are masked, in the "
                   "bodies of exchange rows as well, unless --personal is given.");
    page.heading("Rows");
    page.paragraph("schema and message_type stand in every row. Members that a row has only when they say something stand with "
                   "the others; in brackets the members of an object, or of each object of a list.");
    for (const report::RowType& type : report::row_types()) {
        page.item(std::string(type.name), "", std::string(type.what) + ".");
        page.paragraph("Members: " + members_text(type) + ".");
    }
    page.heading("Members");
    for (const Member& member : members) page.item(member.name, "", member.meaning);
    page.see_also("blongo(1) blongo.toml(5)");
    pages["blongo-json.7"] = page.text();
}

} // namespace blongo::docs
