// SPDX-License-Identifier: Apache-2.0
#include <blongo/report/page.hpp>

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include <blongo/report/output.hpp>

namespace blongo::report {
namespace {

struct PageColumn {
    const char* name;
    const char* kind = ""; ///< "number"; "short": not broken
};
constexpr const char *number = "number", *brief = "short";

/// Its first cell is the heading of each row. Cells are HTML already.
class PageTable {
public:
    PageTable(const std::string& caption, std::vector<PageColumn> columns) : columns_(std::move(columns)) {
        out_ = "<table><caption>" + caption + "</caption><thead><tr>";
        for (const PageColumn& column : columns_) out_ += fmt::format("<th scope=\"col\"{}>{}</th>", kind(column), column.name);
        out_ += "</tr></thead>\n<tbody>\n";
    }
    void add(const std::vector<std::string>& cells) {
        out_ += "<tr>";
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (i == 0)
                out_ += "<th scope=\"row\">" + cells[i] + "</th>";
            else if (cells[i].empty())
                out_ += "<td></td>";
            else
                out_ += fmt::format("<td data-name=\"{}\"{}>{}</td>", columns_[i].name, kind(columns_[i]), cells[i]);
        }
        out_ += "</tr>\n";
    }
    [[nodiscard]] std::string end() const { return out_ + "</tbody></table>\n"; }

private:
    static std::string kind(const PageColumn& column) {
        return *column.kind == 0 ? std::string() : fmt::format(" class=\"{}\"", column.kind);
    }
    std::vector<PageColumn> columns_;
    std::string out_;
};

std::string card(const std::string& title, const std::string& body) {
    return "<section class=\"card\"><h3>" + title + "</h3>\n" + body + "</section>\n";
}

std::string object_words(const PageProblem& problem, bool personal) {
    std::string out = escaped(problem.order_number.empty() ? problem.key : problem.order_number);
    if (problem.flow != "orders" && !problem.flow.empty()) out += " <span class=\"soft\">" + escaped(problem.flow) + "</span>";
    if ((personal || !problem.personal) && !problem.label.empty() && problem.label != problem.key)
        out += "<br/><span class=\"soft\">" + escaped(problem.label) + "</span>";
    return out;
}

std::string cause_words(const PageProblem& problem, Audience audience) {
    std::string out = escaped(problem.meaning.empty() ? problem.cause : problem.meaning);
    const bool shown = audience != Audience::seller || !problem.personal;
    if (shown && !problem.detail.empty() && problem.detail != problem.meaning)
        out += "<br/><span class=\"soft\">" + escaped(problem.detail) + "</span>";
    return out;
}

std::string remedy_words(const PageProblem& problem, Audience audience) {
    std::string out = escaped(problem.remedy);
    if (audience != Audience::seller && !problem.command.empty())
        out += (out.empty() ? "" : "<br/>") + ("<code>" + escaped(problem.command) + "</code>");
    return out;
}

std::string problems_table(const std::string& caption, const std::vector<PageProblem>& problems, Audience audience) {
    std::vector<const PageProblem*> sorted;
    sorted.reserve(problems.size());
    for (const auto& problem : problems) sorted.push_back(&problem);
    // Whoever reads the page finds first what is theirs.
    const std::string own = audience == Audience::warehouse ? "warehouse" : audience == Audience::seller ? "seller" : "";
    std::stable_sort(sorted.begin(), sorted.end(),
                     [&](const PageProblem* a, const PageProblem* b) { return (a->owner == own) > (b->owner == own); });
    PageTable table(caption, {{"Object"}, {"Who acts", brief}, {"What is wrong"}, {"What to do"}, {"Since", brief}});
    for (const PageProblem* problem : sorted)
        table.add({object_words(*problem, audience != Audience::seller), escaped(problem->owner), cause_words(*problem, audience),
                   remedy_words(*problem, audience), escaped(problem->since)});
    return table.end();
}

std::string by_cause(const std::vector<PageProblem>& waiting) {
    std::map<std::pair<std::string, std::string>, std::pair<std::int64_t, const PageProblem*>> counts;
    for (const auto& problem : waiting) {
        auto& [count, first] = counts[{problem.owner, problem.cause}];
        ++count;
        if (first == nullptr) first = &problem;
    }
    PageTable table("By owner and cause",
                    {{"Who acts", brief}, {"Cause"}, {"What is wrong"}, {"How many", number}, {"Oldest since", brief}});
    for (const auto& [key, value] : counts)
        table.add({escaped(key.first), "<code>" + escaped(key.second) + "</code>", escaped(value.second->meaning),
                   std::to_string(value.first), escaped(value.second->since)});
    return table.end();
}

std::string figure(std::size_t count, const char* words, bool is_bad) {
    return fmt::format("<li{}><strong>{}</strong> {}</li>\n", is_bad && count > 0 ? " class=\"bad\"" : "", count, words);
}

std::string shorts_table(const std::vector<PageShort>& shorts) {
    PageTable table("The rest was not in the parcel: Ongoing keeps it as a back order, or it was cancelled there",
                    {{"Order"}, {"Delivery", number}, {"Courier"}, {"Sent", brief}});
    for (const auto& one : shorts)
        table.add({escaped(one.order_number.empty() ? one.key : one.order_number), std::to_string(one.delivery),
                   escaped(one.courier), escaped(one.sent)});
    return table.end();
}

std::string technical_part(const PageConnection& connection, int days) {
    PageTable flows(fmt::format("Runs and requests of the last {} days", days), {{"Flow", brief},
                                                                                 {"Last run", brief},
                                                                                 {"How it ended"},
                                                                                 {"Last good run", brief},
                                                                                 {"Runs", number},
                                                                                 {"Not good", number},
                                                                                 {"BaseLinker calls", number},
                                                                                 {"Ongoing calls", number}});
    for (const auto& flow : connection.flows)
        flows.add({escaped(flow.flow), escaped(flow.last_run.empty() ? "never" : flow.last_run),
                   escaped(flow.enabled ? flow.result : "disabled"), escaped(flow.last_good), std::to_string(flow.runs),
                   std::to_string(flow.failed), std::to_string(flow.baselinker), std::to_string(flow.ongoing)});
    std::string out = flows.end();
    if (connection.runs.empty()) return out;
    PageTable runs("The newest runs", {{"Started"},
                                       {"Flow", brief},
                                       {"How it ended"},
                                       {"Exit code", number},
                                       {"Took", number},
                                       {"BaseLinker calls", number},
                                       {"Ongoing calls", number}});
    for (const auto& run : connection.runs)
        runs.add({escaped(run.started), escaped(run.flow), escaped(run.result), std::to_string(run.exit_code),
                  escaped(run.duration), std::to_string(run.baselinker), std::to_string(run.ongoing)});
    return out + "<details><summary>The newest runs</summary>\n" + runs.end() + "</details>\n";
}

std::string connection_part(const PageConnection& connection, const Page& page) {
    std::string out = "<h2>" + escaped(connection.name) + "</h2>\n";
    if (!connection.trouble.empty())
        return out + "<section class=\"card trouble\"><h3>This connection could not be read</h3><p>" +
               escaped(connection.trouble) + "</p></section>\n";
    if (connection.mode == "plan") out += "<p class=\"soft\">mode = plan: nothing is written yet.</p>\n";
    out += "<ul class=\"figures\">\n" + figure(connection.waiting.size(), "waiting", true) +
           figure(connection.will_fail.size(), "will fail at Send", true) +
           figure(connection.shorts.size(), "short deliveries", false) + "</ul>\n";
    const bool technical = page.audience == Audience::everybody || page.audience == Audience::technical;
    const std::string runs = technical ? card("Technical: runs and requests", technical_part(connection, page.days)) : "";
    if (page.audience == Audience::technical) out += runs;
    if (connection.waiting.empty())
        out += card("Waiting", "<p>Nothing waits.</p>\n");
    else
        out += card("Waiting", by_cause(connection.waiting)) +
               card("What waits, one by one", problems_table("The oldest first", connection.waiting, page.audience));
    if (!connection.oldest.empty())
        out += card("Oldest order that is not in the warehouse yet",
                    problems_table("It has waited longest for its import", connection.oldest, page.audience));
    if (!connection.will_fail.empty())
        out += card("Will fail at Send", problems_table("Seen before the parcel is packed", connection.will_fail, page.audience));
    if (!connection.shorts.empty())
        out += card(fmt::format("Short deliveries of the last {} days", page.short_days), shorts_table(connection.shorts));
    out += card(fmt::format("Orders and shipments per hour, last {} days", page.days), render_hours(connection, page.days));
    return page.audience == Audience::technical ? out : out + runs;
}

const char* audience_words(Audience audience) {
    switch (audience) {
    case Audience::warehouse: return "For the warehouse";
    case Audience::seller: return "For the seller, without personal data";
    case Audience::technical: return "Technical";
    case Audience::everybody: break;
    }
    return "For everybody";
}

} // namespace

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : printable(text)) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += c;
        }
    }
    return out;
}

std::string render_page(const Page& page) {
    std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
                      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
                      "<meta name=\"robots\" content=\"noindex\"/>\n<title>blongo: BaseLinker to Ongoing</title>\n<style>";
    out += page_style();
    out += "</style>\n</head>\n<body>\n<header><h1>BaseLinker to Ongoing</h1>\n";
    out += fmt::format("<p class=\"soft\">{}. Made {} by blongo {}.</p></header>\n<main>\n", audience_words(page.audience),
                       escaped(page.made), escaped(page.version));
    for (const auto& connection : page.connections) out += connection_part(connection, page);
    return out + "</main>\n</body>\n</html>\n";
}

} // namespace blongo::report
