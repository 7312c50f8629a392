// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <filesystem>
#include <sys/stat.h>

#include <blongo/state/deliveries.hpp>
#include <blongo/state/labels.hpp>
#include <blongo/state/migrations_impl.hpp>
#include <blongo/state/orders.hpp>
#include <blongo/state/parked.hpp>
#include <blongo/state/runs.hpp>

using namespace blongo;
using namespace blongo::state;
using namespace blongo::test;
using Catch::Matchers::Contains;

namespace {

std::vector<std::string> statements_of(const std::string& script) {
    std::vector<std::string> out;
    for (std::size_t begin = 0; begin < script.size();) {
        const std::size_t end = script.find(";\n", begin);
        out.push_back(script.substr(begin, end - begin));
        begin = end == std::string::npos ? script.size() : end + 2;
    }
    return out;
}

/// A session that migrates nothing.
std::unique_ptr<Store::Session> raw(Place& place, const std::string& url) {
    auto options = place.options();
    options.url = url;
    const auto target = value(find_target(options, true));
    return value(Store::Session::open(target, target.connect, place.clock));
}

/// A state as an older blongo left it. On PostgreSQL its tables come from the steps, its rows from the same file.
void make_version(Place& place, int version) {
    auto session = raw(place, place.url);
    if (!is_sqlite(place)) value(migrate(*session, migrations().first(static_cast<std::size_t>(version))));
    for (const std::string& statement : statements_of(read_data("state/version-" + std::to_string(version) + ".sql"))) {
        const bool row = statement.starts_with("INSERT") && statement.find("blongo_schema") == std::string::npos;
        if (is_sqlite(place) || row) session->sql() << statement;
    }
}

std::int64_t number(Store::Session& session, const std::string& query) {
    std::int64_t out = 0;
    session.sql() << query, soci::into(out);
    return out;
}

/// Everything that a SQLite file is made of, in order of names.
std::vector<std::string> tables_and_indexes(Store& store) {
    std::vector<std::string> out;
    std::string sql;
    soci::statement statement =
        (store.session().sql().prepare << "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name",
         soci::into(sql));
    statement.execute();
    while (statement.fetch()) out.push_back(sql);
    return out;
}

void check_what_was_known(Store& store) {
    const auto connection = value(Connections(store).ensure("acme", identity(), "BL-"));
    CHECK(connection.key == 1);
    CHECK(value(Articles(store, 1).count()) == 3);
    const auto cup = value(Articles(store, 1).find(ArticleNumber{"KUBEK-1"}));
    REQUIRE(cup);
    CHECK(cup->name == "Kubek biały; 300 ml");
    CHECK(cup->source_id == ProductId{41001});
    CHECK(cup->fingerprint == "f-KUBEK-1");
    CHECK(value(Articles(store, 1).find(ArticleNumber{"OLD-3"}))->remote == "{}");
    CHECK(value(Articles(store, 1).renames(ProductId{41001})).size() == 1);
    CHECK(value(Cursors(store, 1).get("articles.seen")) == std::string("2026-11-23"));
    CHECK(value(Parked(store, 1).find("articles", "#41003")));
    CHECK(value(Runs(store, 1).last_good("articles")));
}

OrderRow an_order() {
    OrderRow row;
    row.order_id = BaseOrderId{84'512'345};
    row.number = OrderNumber{"BL-84512345"};
    return row;
}

} // namespace

TEST_CASE("a state of the first blongo keeps what it knew and then remembers orders", "[upgrade]") {
    BLONGO_ON_BOTH(place);
    make_version(place, 1);
    {
        auto store = place.open();
        CHECK(store->schema_version() == Store::newest_schema());
        check_what_was_known(*store);
        Orders orders(*store, 1);
        CHECK(value(orders.count()) == 0);
        const std::vector<OrderLineRow> lines{{"11", ArticleNumber{"KUBEK-1"}, 2}};
        value(orders.put(an_order(), lines));
    }
    auto store = place.open(Access::read_only);
    check_what_was_known(*store);
    CHECK(value(Orders(*store, 1).lines(BaseOrderId{84'512'345})).size() == 1);
    CHECK(place.number(*store, "SELECT COUNT(*) FROM blongo_schema") == Store::newest_schema());
}

TEST_CASE("a state with orders keeps them and then remembers shipments", "[upgrade]") {
    BLONGO_ON_BOTH(place);
    make_version(place, 2);
    const BaseOrderId order{84'512'345};
    {
        auto store = place.open();
        CHECK(store->schema_version() == Store::newest_schema());
        DeliveryRow delivery;
        delivery.order_id = order;
        value(Deliveries(*store, 1).put(delivery));
        SightingRow sighting;
        sighting.ongoing_id = OngoingOrderId{order.value()};
        sighting.status = 450;
        value(Sightings(*store, 1).put(sighting));
        LabelRow label;
        label.order_id = order;
        label.extension = "pdf";
        value(Labels(*store, 1, {}).put(label, "%PDF-1.4"));
    }
    auto store = place.open(Access::read_only);
    check_what_was_known(*store);
    Orders orders(*store, 1);
    CHECK(value(orders.count()) == 2);
    const auto known = value(orders.find(order));
    REQUIRE(known);
    CHECK(known->number == OrderNumber{"BL-84512345"});
    CHECK(known->ongoing_id == OngoingOrderId{5'000'700'001});
    CHECK(known->agreed == R"({"remark":"Proszę 'szybko'; dziękuję"})");
    CHECK(value(orders.lines(order)).size() == 2);
    CHECK(value(orders.find(BaseOrderId{84'512'399}))->state == OrderState::cancelled);
    CHECK(value(Deliveries(*store, 1).find(order, 1)));
    CHECK(value(Sightings(*store, 1).find(OngoingOrderId{order.value()}))->status == 450);
    Labels labels(*store, 1, {});
    const auto stored = value(labels.of_order(order));
    REQUIRE(stored.size() == 1);
    CHECK(value(labels.bytes(stored[0])) == "%PDF-1.4");
    CHECK(place.number(*store, "SELECT COUNT(*) FROM blongo_schema") == Store::newest_schema());
}

TEST_CASE("a state that was brought up to date is like a new one", "[upgrade][sqlite]") {
    Place old(Database::sqlite), fresh(Database::sqlite);
    make_version(old, GENERATE(1, 2));
    CHECK(tables_and_indexes(*old.open()) == tables_and_indexes(*fresh.open()));
}

TEST_CASE("before the schema changes the file is copied, so that the old blongo can go on", "[upgrade][sqlite]") {
    Place place(Database::sqlite);
    make_version(place, 1);
    const std::string copy = place.folder / "state.db.v1.bak";
    write_file(copy, "a copy of an earlier attempt");
    { value(Orders(*place.open(), 1).put(an_order(), {})); }
    struct stat info {};
    REQUIRE(::stat(copy.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777U) == 0600);

    auto before = raw(place, "sqlite://" + copy);
    CHECK(value(schema_version(*before)) == 1);
    CHECK(number(*before, "SELECT COUNT(*) FROM articles WHERE fingerprint <> ''") == 2);
    CHECK(number(*before, "SELECT COUNT(*) FROM sqlite_master WHERE name LIKE 'order%'") == 0);
    before.reset();

    // Opening again copies nothing: the copy stays what it was.
    std::filesystem::remove(copy);
    { CHECK(value(Orders(*place.open(), 1).count()) == 1); }
    CHECK_FALSE(std::filesystem::exists(copy));
}

TEST_CASE("a reader refuses the state of an older blongo and leaves it alone", "[upgrade]") {
    BLONGO_ON_BOTH(place);
    make_version(place, 1);
    const auto refused = Store::open(place.options(Access::read_only));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::state);
    CHECK_THAT(refused.error().text(), Contains("schema 1") &&
                                           Contains("needs schema " + std::to_string(Store::newest_schema())) &&
                                           Contains("blongo run"));
    CHECK(value(schema_version(*raw(place, place.url))) == 1);
    if (is_sqlite(place)) CHECK_FALSE(std::filesystem::exists(place.folder / "state.db.v1.bak"));

    { auto writer = place.open(); }
    check_what_was_known(*place.open(Access::read_only));
}

TEST_CASE("a state whose copy cannot be made stays as it was", "[upgrade][sqlite]") {
    Place place(Database::sqlite);
    make_version(place, 1);
    const std::filesystem::path copy = place.folder / "state.db.v1.bak";
    std::filesystem::create_directories(copy / "something");
    const auto refused = Store::open(place.options());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::state);
    CHECK_THAT(refused.error().text(), Contains("state.db.v1.bak"));
    CHECK(value(schema_version(*raw(place, place.url))) == 1);
    std::filesystem::remove_all(copy);
    check_what_was_known(*place.open());
}

TEST_CASE("many processes that find an older state bring it up to date once", "[upgrade][processes]") {
    Place place(GENERATE(Database::sqlite, Database::postgresql), false);
    INFO(place.url);
    make_version(place, 1);
    const auto codes = in_processes(4, [&](int own) {
        auto store = Store::open(place.options());
        if (!store) {
            std::fprintf(stderr, "%s\n", store.error().text().c_str());
            return 1;
        }
        auto row = an_order();
        row.order_id = BaseOrderId{own + 1};
        return Orders(**store, 1).put(row, {}) ? 0 : 2;
    });
    CHECK(codes == std::vector<int>(4, 0));
    auto store = place.open();
    CHECK(value(Orders(*store, 1).count()) == 4);
    CHECK(place.number(*store, "SELECT COUNT(*) FROM blongo_schema") == Store::newest_schema());
    check_what_was_known(*store);
}
