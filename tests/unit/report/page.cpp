// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/report/page.hpp>

using namespace blongo::report;

namespace {

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

Page page_for(Audience audience) {
    PageConnection one;
    one.name = "acme";
    one.waiting = {{"articles", "A<1>", "", "T-shirt <script>alert(1)</script>", "no_barcode", "seller", "it has no barcode",
                    "give it one", "A & B", "blongo articles show --sku 'A<1>' -C acme", "2026-11-28 10:00 CET", false},
                   {"orders", "7", "BL-7", "Jan Kowalski", "address", "warehouse", "the address is not complete", "mend it",
                    "Polna \"9\"", "blongo why 7 -C acme", "2026-11-29 10:00 CET", true}};
    one.hours = {{"2026-11-29 09:00 CET", 4, 0}, {"2026-11-29 10:00 CET", 1, 2}};
    one.runs = {{"orders", "2026-11-29 10:00 CET", "ok", "0.8 s", 0, 2, 3}};
    Page page;
    page.audience = audience;
    page.connections = {one};
    return page;
}

} // namespace

TEST_CASE("whatever comes from outside is escaped, and control characters are gone") {
    CHECK(escaped("<b a=\"1\" c='2'>&amp;\x1b[1m\n").find_first_of("<>\"'\x1b\n") == std::string::npos);
    CHECK(escaped("a<b>&\"'") == "a&lt;b&gt;&amp;&quot;&#39;");
    CHECK(escaped("Łódź 毛布") == "Łódź 毛布");
    const std::string html = render_page(page_for(Audience::everybody));
    CHECK_FALSE(holds(html, "<script"));
    CHECK(holds(html, "T-shirt &lt;script&gt;alert(1)&lt;/script&gt;"));
    CHECK(holds(html, "Polna &quot;9&quot;"));
}

TEST_CASE("each audience gets its own page") {
    const std::string all = render_page(page_for(Audience::everybody));
    for (const char* part : {"Jan Kowalski", "Polna", "blongo why 7", "runs and requests"}) CHECK(holds(all, part));
    const std::string seller = render_page(page_for(Audience::seller));
    for (const char* part : {"Jan Kowalski", "Polna", "blongo why 7", "runs and requests"}) CHECK_FALSE(holds(seller, part));
    for (const char* part : {"BL-7", "T-shirt", "the address is not complete", "give it one"}) CHECK(holds(seller, part));
    const std::string warehouse = render_page(page_for(Audience::warehouse));
    CHECK_FALSE(holds(warehouse, "runs and requests"));
    const auto one_by_one = warehouse.substr(warehouse.find("one by one"));
    CHECK(one_by_one.find("BL-7") < one_by_one.find("A&lt;1&gt;")); // its own first
    const std::string technical = render_page(page_for(Audience::technical));
    CHECK(technical.find("runs and requests") < technical.find("Waiting</h3>"));
}

TEST_CASE("bars have the heights of their counts, and words that say the same") {
    const std::string html = render_page(page_for(Audience::everybody));
    CHECK(holds(html, "aria-label=\"Orders that went to the warehouse per hour, last 3 days: 5 in all, most in the hour from "
                      "2026-11-29 09:00 CET: 4\""));
    CHECK(holds(html, "<rect x=\"1\" y=\"0\" width=\"8\" height=\"100\"><title>2026-11-29 09:00 CET: 4</title>"));
    CHECK(holds(html, "<rect x=\"11\" y=\"75\" width=\"8\" height=\"25\"><title>2026-11-29 10:00 CET: 1</title>"));
    CHECK(holds(html, "<th scope=\"row\">2026-11-29 10:00 CET</th><td class=\"number\" data-name=\"Orders\">1</td>"));
}

TEST_CASE("a page of nothing, and of a connection that cannot be read, says so") {
    Page page;
    PageConnection empty, broken;
    empty.name = "new";
    broken.name = "gone";
    broken.trouble = "no <such> file";
    page.connections = {empty, broken};
    const std::string html = render_page(page);
    CHECK(holds(html, "Nothing waits."));
    CHECK(holds(html, "0 in all"));
    CHECK(holds(html, "no &lt;such&gt; file"));
    CHECK_FALSE(holds(html, "Will fail at Send</h3>"));
}
