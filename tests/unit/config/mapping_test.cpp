// SPDX-License-Identifier: Apache-2.0
// [connections.X.mapping] is judged when the configuration is read: every error has its place.
#include <catch2/catch.hpp>

#include <blongo/base/mapping_targets.hpp>

#include "support.hpp"

namespace blongo::config {

TEST_CASE("templates that are right are no errors, nested or quoted, inline or in tables of their own") {
    CHECK(test::errors_of(test::good + R"(
[connections.acme.mapping]
order.referenceNumber = "{external_order_id,shop_order_id}"
"order.freeText1" = "web"
[connections.acme.mapping.article]
customsDescription = "{text_fields.extra_field_7|cut:100}"
freeValues = { freeText1 = "{tags}", freeDecimal1 = "{weight}" }
[connections.acme.mapping.order_line]
"vat.code" = "{tax_rate}"
"vat.percent" = "{tax_rate}"
)") == "");
}

TEST_CASE("every error of a mapping names file, line and column, what is wrong, and what to write") {
    struct Case {
        const char* line;
        const char* expected;
    };
    for (const Case& one : {
             Case{"order.orderRemak = \"x\"",
                  "orders: b.toml:15:20: connections.acme.mapping.\"order.orderRemak\" is no member of Ongoing's "
                  "PostOrderModel; did you mean \"order.orderRemark\"?"},
             Case{"order.freeText1 = \"{extra_feld_1}\"", "orders: b.toml:15:19: connections.acme.mapping.\"order.freeText1\" is "
                                                          "no good template: unknown placeholder {extra_feld_1}; "
                                                          "did you mean {extra_field_1}?"},
             Case{"order_line.comment = \"{name|cut}\"", "orders: b.toml:15:22: connections.acme.mapping.\"order_line.comment\" "
                                                         "is no good template: the filter \"cut\" does not say "
                                                         "how many characters are left; write for example cut:30"},
             Case{"order_line.comment = \"{name|uper}\"", "orders: b.toml:15:22: connections.acme.mapping.\"order_line.comment\" "
                                                          "is no good template: unknown filter \"uper\"; did you "
                                                          "mean \"upper\"?"},
             Case{"order_line.comment = \"{name|upper:1}\"",
                  "orders: b.toml:15:22: connections.acme.mapping.\"order_line.comment\" is no good template: the filter "
                  "\"upper\" takes no "
                  "argument; write |upper"},
             Case{"article.weight = \"heavy\"", "articles: b.toml:15:18: connections.acme.mapping.\"article.weight\" is "
                                                "\"heavy\", and must be a number; write a number"},
             Case{"article.articleNumber = \"{sku}\"",
                  "articles: b.toml:15:25: connections.acme.mapping.\"article.articleNumber\" cannot be mapped: it is the "
                  "SKU, by which both sides know the article; leave it out"},
             Case{"orderRemark = \"x\"", "all: b.toml:15:15: connections.acme.mapping.orderRemark stands under none of "
                                         "article, order and order_line; did you mean \"order.orderRemark\"?"},
             Case{"order_line.vat.percent = \"23\"",
                  "orders: b.toml:15:26: connections.acme.mapping.\"order_line.vat.percent\" needs \"order_line.vat.code\" "
                  "beside it: Ongoing takes neither without that one"},
         })
        CHECK(test::errors_of(test::good + "[connections.acme.mapping]\n" + one.line + "\n") == one.expected);
}

TEST_CASE("a broken mapping of articles stops that flow alone") {
    const auto config = test::read(test::good + "[connections.acme.mapping]\narticle.weight = \"heavy\"\n");
    REQUIRE(config);
    CHECK(config->connections[0].errors.size() == 1);
    CHECK(config->connections[0].errors.contains("articles"));
}

TEST_CASE("a mapping of the defaults is judged for each connection, and one of its own replaces it") {
    const std::string defaults = "[defaults.mapping.order]\nfreeText1 = \"{oops}\"\n";
    CHECK_THAT(test::errors_of(defaults + test::good), Catch::Contains("b.toml:2:13") && Catch::Contains("{oops}"));
    CHECK(test::errors_of(defaults + test::good + "[connections.acme.mapping.order]\nfreeText1 = \"\"\n") == "");
}

} // namespace blongo::config
