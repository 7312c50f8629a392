// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

#include <blongo/base/text.hpp>

using blongo::html_to_text;

TEST_CASE("blocks and line breaks of HTML become lines") {
    CHECK(html_to_text("<p>one</p><p>two</p>") == "one\ntwo");
    CHECK(html_to_text("one<br>two<br/>three<BR />four") == "one\ntwo\nthree\nfour");
    CHECK(html_to_text("one<br><br><br><br>two") == "one\n\ntwo");
    CHECK(html_to_text("<h1>Kubek</h1>\n<div>  biały\n  duży  </div>") == "Kubek\nbiały duży");
    CHECK(html_to_text("<p>&nbsp;</p><p>x</p>") == "x");
    CHECK(html_to_text("<table><tr><td>Waga</td><td>2 kg</td></tr><tr><th>Kolor</th><td>red</td></tr></table>") ==
          "Waga 2 kg\nKolor red");
    CHECK(html_to_text("a<b>b</b>c <i> d </i> e") == "abc d e");
}

TEST_CASE("list items begin with a dash") {
    CHECK(html_to_text("<ul><li>one</li><li><p>two</p></li><li></li></ul>end") == "- one\n- two\nend");
    CHECK(html_to_text("Zalety:<ul>\n <li>lekki\n <li>tani\n</ul>") == "Zalety:\n- lekki\n- tani");
}

TEST_CASE("script, style and comments vanish") {
    CHECK(html_to_text("a<script>if (a<b) alert('</p>')</script>b<style>p{}</style >c<!-- d --><p>e") == "abc\ne");
    CHECK(html_to_text("<head><title>T</title></head><body>x</body>") == "x");
    CHECK(html_to_text("<p>x</p><script>never closed") == "x");
    CHECK(html_to_text("<p>x<!-- never closed") == "x");
    CHECK(html_to_text("<!DOCTYPE html><?php echo ?><p>x") == "x");
    CHECK(html_to_text("<SCRIPT>x</ScRiPt>y") == "y");
}

TEST_CASE("entities become their characters") {
    CHECK(html_to_text("<p>&oacute; &lstrok;&Zdot;&aogon;&eogon;&sacute;&cacute;&nacute;&zacute;") == "ó łŻąęśćńź");
    CHECK(html_to_text("&bdquo;tak&rdquo; &ndash; &euro;5 &#8364;5 &#x20aC;5 &#128;5") == "„tak” – €5 €5 €5 €5");
    CHECK(html_to_text("&lt;b&gt; &amp;amp; &quot;x&quot; &apos;") == "<b> &amp; \"x\" '");
    CHECK(html_to_text("<p>10&nbsp;cm so&shy;ft") == "10 cm soft");
    CHECK(html_to_text("&#0;&#xD800;&#1114112;&#99999999999999999999;") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(html_to_text("&#65 &amp &lt") == "A & <");
}

TEST_CASE("what is not HTML stays as it is") {
    CHECK(html_to_text("") == "");
    CHECK(html_to_text("a < b > c & d") == "a < b > c & d");
    CHECK(html_to_text("AT&T &unknown; &; &# &#x; &copy right") == "AT&T &unknown; &; &# &#x; &copy right");
    CHECK(html_to_text("line one\n  line two\n") == "line one\n  line two\n");
    CHECK(html_to_text("<jan@example.com> <3 <") == "<jan@example.com> <3 <");
    CHECK(html_to_text("<p>x <b") == "x <b");
    CHECK(html_to_text("<p>5 <! 6") == "5 <! 6");
}

TEST_CASE("a tag's quoted values may hold brackets, and one quotation mark too many swallows nothing") {
    CHECK(html_to_text("<a title=\"a > b\">x</a>") == "x");
    CHECK(html_to_text("<a title='a > b' href=x>x</a>") == "x");
    CHECK(html_to_text("<a title=\"open>x</a><p>still here") == "x\nstill here");
    CHECK(html_to_text("<a 5\">x</a>") == "x");
}

TEST_CASE("any text at all is converted") {
    rc::prop("pieces of HTML in any order", [] {
        const auto pieces = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(
            std::vector<std::string>{"<",   ">",  "</", "p",  "<p>",  "</p>", "<li>", "<br/>",  "<script>", "</script", "<!--",
                                     "-->", "<!", "<?", "=",  "\"",   "'",    "&",    "&#",     "&#x",      "&amp;",    ";",
                                     "65",  "x",  " ",  "\n", "\xFF", "ł",    "<td>", "&nbsp;", "<ul>"}));
        const std::string html = blongo::join(pieces, "");
        const std::string text = html_to_text(html);
        RC_ASSERT(text.size() <= html.size() * 3);
    });
    rc::prop("bytes", [](const std::string& bytes) { (void)html_to_text(bytes); });
}

TEST_CASE("long broken HTML takes no more than its length in steps") {
    std::string html;
    for (int i = 0; i < 200'000; ++i) html += "<a x=\"";
    CHECK(html_to_text(html) == html);
    html.clear();
    for (int i = 0; i < 200'000; ++i) html += "<!a &x";
    CHECK_FALSE(html_to_text(html).empty());
    std::string scripts;
    for (int i = 0; i < 100'000; ++i) scripts += "</x <script>";
    CHECK(html_to_text(scripts).size() < scripts.size());
}
