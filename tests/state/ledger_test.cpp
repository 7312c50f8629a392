// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"
#include "trace.hpp"

#include <algorithm>

#include <blongo/state/intents.hpp>
#include <blongo/state/parked.hpp>
#include <blongo/state/runs.hpp>

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;
using Catch::Matchers::Contains;

namespace {

std::vector<std::string> keys_of(Articles& articles) {
    std::vector<std::string> keys;
    value(articles.each_key([&](ArticleKeyRow&& row) { keys.push_back(row.number.value()); }));
    return keys;
}

} // namespace

TEST_CASE("a connection is found again by what it is, not by its name", "[connections]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Connections connections(*store);
    const auto first = value(connections.ensure("acme", identity(), "BL-"));
    CHECK(first.key > 0);
    CHECK(first.first_seen == place.clock.now());
    const auto renamed = value(connections.ensure("acme-gmbh", identity(), "BL-"));
    CHECK(renamed.key == first.key);
    const auto other = value(connections.ensure("other", identity(160), ""));
    CHECK(other.key != first.key);

    const auto all = value(connections.list());
    REQUIRE(all.size() == 2);
    CHECK(all[0].name == "acme-gmbh");
    CHECK(all[0].identity == identity());
    CHECK(all[0].order_number_prefix == "BL-");
}

TEST_CASE("articles are counted by connection, alone and beside others", "[articles]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Connections connections(*store);
    const auto first = value(connections.ensure("acme", identity(159), "")).key;
    value(Articles(*store, first).put(std::vector{article("A-1"), article("A-2")}));
    CHECK(value(Articles(*store, first).count()) == 2);
    const auto second = value(connections.ensure("other", identity(160), "")).key;
    CHECK(value(Articles(*store, second).count()) == 0);
    value(Articles(*store, second).put(std::vector{article("A-1")}));
    CHECK(value(Articles(*store, first).count()) == 2);
    CHECK(value(Articles(*store, second).count()) == 1);
}

TEST_CASE("the cost of a question does not grow with the number of articles known", "[articles][sqlite]") {
    Place place(Database::sqlite);
    auto store = place.open();
    Articles articles(*store, make_connection(*store));
    auto row = article("A-2"), variant = article("A-1");
    row.source_id = ProductId{1'002};
    variant.source_id = ProductId{1'003};
    row.product_id = variant.product_id = ProductId{1'002};
    auto former = article("A-0");
    former.source_id = ProductId{1'002};
    value(articles.put(std::vector{row, variant, former}));
    std::vector<std::string> asked;
    {
        Trace trace(*store);
        CHECK(value(articles.find(ArticleNumber{"A-2"})));
        const auto of_source = value(articles.find_by_source(ProductId{1'002}));
        REQUIRE(of_source.size() == 2);
        CHECK(of_source.front().number == ArticleNumber{"A-0"}); // whatever the order of writing
        CHECK(value(articles.find_variants(ProductId{1'002})).size() == 1);
        CHECK(value(articles.marks(std::vector{ArticleNumber{"A-1"}, ArticleNumber{"A-2"}})).size() == 2);
        value(articles.touch(std::vector{ArticleNumber{"A-1"}}, Timestamp{}));
        asked = trace.statements;
    }
    int plans = 0;
    for (const std::string& statement : asked) {
        if (!statement.starts_with("SELECT") && !statement.starts_with("UPDATE")) continue;
        INFO(statement);
        CHECK_THAT(plan_of(*store, statement), Contains("SEARCH articles") && !Contains("(connection=?)"));
        ++plans;
    }
    CHECK(plans >= 5);
}

TEST_CASE("the marks of articles are those of their rows", "[articles]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Articles articles(*store, make_connection(*store));
    Articles others(*store, value(Connections(*store).ensure("other", identity(160), "")).key);
    std::vector<ArticleRow> rows;
    std::vector<ArticleNumber> numbers;
    for (int i = 0; i < 600; ++i) { // more than one query asks for
        auto row = article("A-" + std::to_string(i));
        row.source_id = ProductId{1'000 + i};
        row.fingerprint = "f" + std::to_string(i);
        row.active = i % 2 == 0;
        row.gone = i % 3 == 0;
        row.is_bundle = i % 5 == 0;
        numbers.push_back(row.number);
        rows.push_back(std::move(row));
    }
    value(articles.put(rows));
    value(others.put(std::vector{article("B")}));
    numbers.emplace_back("B");
    const auto marks = value(articles.marks(numbers));
    CHECK(marks.size() == rows.size());
    for (const auto& mark : marks) {
        const auto row = std::ranges::find(rows, mark.number, &ArticleRow::number);
        REQUIRE(row != rows.end());
        CHECK((mark.source_id == row->source_id && mark.fingerprint == row->fingerprint && mark.active == row->active &&
               mark.gone == row->gone && mark.is_bundle == row->is_bundle));
    }
}

TEST_CASE("a name that points to another goods owner is refused while its ledger holds something", "[connections]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Connections connections(*store);
    const auto first = value(connections.ensure("acme", identity(159), ""));
    SECTION("an empty ledger may be left") {
        CHECK(connections.ensure("acme", identity(160), ""));
    }
    SECTION("a filled one may not, and the message says what and how much") {
        const std::vector rows{article("A-1"), article("A-2")};
        value(Articles(*store, first.key).put(rows));
        const auto refused = connections.ensure("acme", identity(160), "");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == ErrorKind::config);
        CHECK_THAT(refused.error().text(), Contains("goods owner 159 -> 160") && Contains("2 articles") &&
                                               Contains("connections.acme") && Contains("new name"));
        auto reader = place.open(Access::read_only);
        CHECK_FALSE(Connections(*reader).ensure("acme", identity(160), ""));
    }
}

TEST_CASE("the order number prefix may change only while no order is known", "[connections]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Connections connections(*store);
    const auto first = value(connections.ensure("acme", identity(), ""));
    CHECK(value(connections.ensure("acme", identity(), "X-")).order_number_prefix == "X-");
    IntentRow intent;
    intent.key = "order:84512345";
    intent.action = "put_order";
    REQUIRE(value(Intents(*store, first.key).open(intent, Seconds{20})));
    const auto refused = connections.ensure("acme", identity(), "Y-");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::config);
    CHECK_THAT(refused.error().text(), Contains("1 orders") && Contains("order_number_prefix = \"X-\""));
}

TEST_CASE("a reader gets key 0 for an unknown connection and makes nothing", "[connections]") {
    BLONGO_ON_BOTH(place);
    { auto store = place.open(); }
    auto reader = place.open(Access::read_only);
    CHECK(value(Connections(*reader).ensure("acme", identity(), "")).key == 0);
    CHECK(value(Connections(*reader).list()).empty());
}

TEST_CASE("an article comes back exactly as it was put", "[articles]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Articles articles(*store, make_connection(*store));
    ArticleRow row;
    row.number = ArticleNumber{"ŻÓŁĆ \"1\" 'x'; --"};
    row.system_id = ArticleSystemId{5'000'000'001};
    row.source_id = ProductId{7'000'000'002};
    row.product_id = ProductId{-1};
    row.name = "Kubek 😀\nbiały";
    row.fingerprint = "";
    row.agreed = R"({"a":":b"})";
    row.remote = "{}";
    row.kind = "Structure";
    row.active = false;
    row.gone = true;
    row.detail_at = place.clock.now();
    row.written_at = place.clock.now() + Milliseconds{7};
    value(articles.put(std::span(&row, 1)));

    const auto found = value(articles.find(row.number));
    REQUIRE(found);
    CHECK(found->number == row.number);
    CHECK(found->system_id == row.system_id);
    CHECK(found->source_id == row.source_id);
    CHECK(found->product_id == row.product_id);
    CHECK(found->name == row.name);
    CHECK(found->fingerprint.empty());
    CHECK(found->agreed == row.agreed);
    CHECK(found->remote == row.remote);
    CHECK(found->kind == row.kind);
    CHECK(found->active == row.active);
    CHECK(found->gone == row.gone);
    CHECK(found->detail_at == row.detail_at);
    CHECK(found->written_at == row.written_at);
    CHECK(value(articles.find_by_source(row.source_id)).size() == 1);
    CHECK_FALSE(value(articles.find(ArticleNumber{"żółć \"1\" 'x'; --"})));
}

TEST_CASE("putting an article again replaces it, and the last of two in one batch wins", "[articles]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Articles articles(*store, make_connection(*store));
    std::vector<ArticleRow> rows;
    for (int i = 0; i < 120; ++i) rows.push_back(article("N" + std::to_string(i)));
    rows.push_back(article("N0"));
    rows.back().name = "second";
    value(articles.put(rows));
    CHECK(value(articles.count()) == 120);
    CHECK(value(articles.find(ArticleNumber{"N0"}))->name == "second");
    rows[5].fingerprint = "new";
    value(articles.put(std::span(&rows[5], 1)));
    CHECK(value(articles.count()) == 120);
    CHECK(value(articles.find(ArticleNumber{"N5"}))->fingerprint == "new");
    value(articles.put({}));
}

TEST_CASE("keys come in byte order over many pages, those of one connection only", "[articles]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Articles articles(*store, make_connection(*store));
    Articles others(*store, make_connection(*store, "other", 160));
    std::vector<ArticleRow> rows;
    std::vector<std::string> expected;
    for (int i = 0; i < 10'001; ++i) {
        rows.push_back(article((i % 2 == 0 ? "a" : "B") + std::to_string(i)));
        expected.push_back(rows.back().number.value());
    }
    rows.push_back(article("Ł"));
    expected.push_back("Ł");
    std::sort(expected.begin(), expected.end());
    value(articles.put(rows));
    value(others.put(std::span(rows.data(), 3)));
    CHECK(keys_of(articles) == expected);
    CHECK(keys_of(others).size() == 3);

    std::size_t seen = 0;
    ArticleNumber after;
    for (;;) {
        const auto page = value(articles.page(after, 997));
        if (page.empty()) break;
        for (const auto& row : page) REQUIRE(row.number.value() == expected[seen++]);
        after = page.back().number;
    }
    CHECK(seen == expected.size());
}

TEST_CASE("keys tell what a pass needs to know", "[articles]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Articles articles(*store, make_connection(*store));
    auto row = article("A", 9);
    row.remote = "{}";
    row.gone = true;
    row.detail_at = place.clock.now();
    value(articles.put(std::span(&row, 1)));
    int rows = 0;
    value(articles.each_key([&](ArticleKeyRow&& key) {
        ++rows;
        CHECK(key.source_id == ProductId{9});
        CHECK(key.fingerprint == "f-A");
        CHECK(key.detail_at == place.clock.now());
        CHECK(key.has_remote);
        CHECK(key.active);
        CHECK(key.gone);
    }));
    CHECK(rows == 1);
}

TEST_CASE("many articles are found and touched at once", "[articles]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Articles articles(*store, make_connection(*store));
    std::vector<ArticleRow> rows;
    std::vector<ArticleNumber> wanted{ArticleNumber{"absent"}};
    for (int i = 0; i < 1300; ++i) {
        rows.push_back(article("N" + std::to_string(i)));
        if (i % 2 == 0) wanted.push_back(rows.back().number);
    }
    value(articles.put(rows));
    CHECK(value(articles.find_many(wanted)).size() == 650);
    CHECK(value(articles.find_many({})).empty());
    const Timestamp at = place.clock.now() + Seconds{5};
    value(articles.touch(wanted, at));
    int touched = 0;
    value(articles.each_key([&](ArticleKeyRow&& key) { touched += key.detail_at == at ? 1 : 0; }));
    CHECK(touched == 650);
    CHECK(value(articles.find(ArticleNumber{"N0"}))->name == "Name of N0");
}

TEST_CASE("a renamed article keeps its row and remembers its old number", "[articles]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Articles articles(*store, make_connection(*store));
    const std::vector rows{article("OLD", 42), article("TAKEN", 43)};
    value(articles.put(rows));
    value(articles.rename(ArticleNumber{"OLD"}, ArticleNumber{"NEW"}, place.clock.now()));
    CHECK_FALSE(value(articles.find(ArticleNumber{"OLD"})));
    CHECK(value(articles.find(ArticleNumber{"NEW"}))->source_id == ProductId{42});
    const auto renames = value(articles.renames(ProductId{42}));
    REQUIRE(renames.size() == 1);
    CHECK(renames[0].old_number == ArticleNumber{"OLD"});
    CHECK(renames[0].new_number == ArticleNumber{"NEW"});
    CHECK(renames[0].at == place.clock.now());

    const auto taken = articles.rename(ArticleNumber{"NEW"}, ArticleNumber{"TAKEN"}, place.clock.now());
    REQUIRE_FALSE(taken);
    CHECK(taken.error().kind == ErrorKind::rejected);
    CHECK(value(articles.find(ArticleNumber{"TAKEN"}))->source_id == ProductId{43});
    const auto absent = articles.rename(ArticleNumber{"nobody"}, ArticleNumber{"X"}, place.clock.now());
    REQUIRE_FALSE(absent);
    CHECK(absent.error().kind == ErrorKind::not_found);

    value(articles.erase(ArticleNumber{"NEW"}));
    CHECK(value(articles.count()) == 1);
}

TEST_CASE("a run that was killed has no end, and does not count as good", "[runs]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Runs runs(*store, make_connection(*store));
    const auto good = value(runs.begin("articles"));
    place.clock.advance(Seconds{3});
    value(runs.end(good, true, 3, "{\"created\":1}"));
    const auto bad = value(runs.begin("articles"));
    value(runs.end(bad, false, 5, "{}"));
    const auto failed = value(runs.begin("articles"));
    value(runs.end(failed, true, 8, "{}"));
    const auto killed = value(runs.begin("articles"));
    value(runs.begin("orders"));

    const auto list = value(runs.list("articles", 10));
    REQUIRE(list.size() == 4);
    CHECK(list[0].id == killed);
    CHECK_FALSE(list[0].ended);
    CHECK(list[3].id == good);
    CHECK(list[3].ended == list[3].started + Seconds{3});
    CHECK(list[3].summary == "{\"created\":1}");
    CHECK(list[3].exit_code == 3);
    CHECK(list[3].complete);
    CHECK(list[3].pid > 0);
    CHECK_FALSE(list[3].host.empty());
    CHECK(value(runs.list("", 10)).size() == 5);
    CHECK(value(runs.list("", 2)).size() == 2);
    CHECK(value(runs.last_good("articles"))->id == good);
    CHECK_FALSE(value(runs.last_good("orders")));
}

TEST_CASE("a flow is enabled since its first live run, whatever comes later", "[runs]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Runs runs(*store, make_connection(*store));
    const Timestamp first = place.clock.now();
    CHECK(value(runs.enabled_since("orders")) == first);
    place.clock.advance(Seconds{60});
    CHECK(value(runs.enabled_since("orders")) == first);
    auto reader = place.open(Access::read_only);
    CHECK(value(Runs(*reader, 1).enabled_since("orders")) == first);
    CHECK(value(Runs(*reader, 1).enabled_since("stock")) == place.clock.now());
    place.clock.advance(Seconds{60});
    CHECK(value(runs.enabled_since("stock")) == place.clock.now());
}

TEST_CASE("cursors belong to their connection", "[runs]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Cursors mine(*store, make_connection(*store));
    Cursors theirs(*store, make_connection(*store, "other", 160));
    CHECK_FALSE(value(mine.get("orders")));
    value(mine.set("orders", "1"));
    value(mine.set("orders", ""));
    value(theirs.set("orders", "2"));
    CHECK(value(mine.get("orders")) == std::string());
    value(mine.erase("orders"));
    CHECK_FALSE(value(mine.get("orders")));
    CHECK(value(theirs.get("orders")) == std::string("2"));
}

TEST_CASE("parking again with the same cause counts attempts, another cause starts anew", "[parked]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Parked parked(*store, make_connection(*store));
    ParkedRow row;
    row.flow = "articles";
    row.key = "#123";
    row.cause = "no_sku";
    row.detail = "the product has no SKU";
    row.label = "Kubek";
    row.input = "abc";
    row.next_try = place.clock.now() + Seconds{300};
    const Timestamp first = place.clock.now();
    CHECK(value(parked.park(row)));
    place.clock.advance(Seconds{60});
    CHECK_FALSE(value(parked.park(row)));
    auto seen = value(parked.find("articles", "#123"));
    REQUIRE(seen);
    CHECK(seen->since == first);
    CHECK(seen->last_try == place.clock.now());
    CHECK(seen->attempts == 2);
    CHECK(seen->next_try == row.next_try);
    CHECK(seen->input == "abc");
    CHECK(seen->label == "Kubek");
    CHECK(seen->detail == row.detail);

    row.cause = "duplicate_sku";
    row.next_try.reset();
    CHECK(value(parked.park(row)));
    seen = value(parked.find("articles", "#123"));
    CHECK(seen->cause == "duplicate_sku");
    CHECK(seen->since == place.clock.now());
    CHECK(seen->attempts == 1);
    CHECK_FALSE(seen->next_try);
}

TEST_CASE("parked objects are listed oldest first, retried on demand and released", "[parked]") {
    BLONGO_ON_BOTH(place);
    auto store = place.open();
    Parked parked(*store, make_connection(*store));
    for (const auto& [flow, key] : {std::pair{"orders", "2"}, std::pair{"articles", "B"}, std::pair{"articles", "A"}}) {
        ParkedRow row;
        row.flow = flow;
        row.key = key;
        row.cause = "unknown_sku";
        row.input = "same";
        row.next_try = place.clock.now() + Seconds{900};
        CHECK(value(parked.park(row)));
        place.clock.advance(Seconds{1});
    }
    const auto all = value(parked.list(""));
    REQUIRE(all.size() == 3);
    CHECK(all[0].key == "2");
    CHECK(all[2].key == "A");
    CHECK(value(parked.list("articles")).size() == 2);
    CHECK(value(parked.count("articles")) == 2);
    CHECK(value(parked.count("")) == 3);
    CHECK(value(parked.retry_now("articles", "A")));
    CHECK_FALSE(value(parked.retry_now("articles", "absent")));
    const auto due = value(parked.find("articles", "A"));
    CHECK_FALSE(due->next_try);
    CHECK(due->input.empty());
    CHECK(value(parked.release("articles", "A")));
    CHECK_FALSE(value(parked.release("articles", "A")));
    CHECK_FALSE(value(parked.find("articles", "A")));
    CHECK_FALSE(value(parked.find("articles", "")));
}
