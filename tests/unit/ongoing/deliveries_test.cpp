// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/base/text.hpp>
#include <blongo/ongoing/deliveries.hpp>

#include "support/fake_transport.hpp"
#include "support/temp_dir.hpp"

using namespace blongo;
using namespace blongo::ongoing;

namespace {

std::string fixture(const std::string& file) {
    return test::read_data("ongoing/" + file);
}
json::Value document(const std::string& file) {
    return json::Value::parse(fixture(file)).value();
}

struct Fixture {
    test::FakeTransport fake;
    ManualClock clock;
    Client client{fake,
                  clock,
                  {.url = "https://api.ongoingsystems.se/acme",
                   .username = "WSI",
                   .password = Secret("p"),
                   .goods_owner_id = GoodsOwnerId(4711)}};
    Deliveries deliveries{client};
    void answer(const std::string& body) { fake.on({}).answer(200, body); }
    [[nodiscard]] http::Request last() const { return fake.requests().back(); }
    [[nodiscard]] json::Value body() const { return json::Value::parse(last().body).value(); }
};

const OngoingOrderId order(903115);

/// The upload that the fixtures show.
FileUpload label() {
    return {"label-BL-84512346-1.pdf", "application/pdf",
            base64_decode(document("orders.files.post.request.json")["fileDataBase64"].text()).value(), std::nullopt};
}

} // namespace

TEST_CASE("a label is uploaded as a new file, printed where user or workstation is told") {
    Fixture f;
    f.answer(fixture("orders.files.post.response.json"));
    CHECK(f.deliveries.post_file(order, label()).value() == 1892);
    CHECK(f.body().canonical() == document("orders.files.post.request.json").canonical());
    CHECK(f.last().method == "POST");
    CHECK(f.last().name == "ongoing POST /orders/{orderId}/files");
    CHECK(f.last().effect == http::Effect::unsafe_write);

    FileUpload printed = label();
    printed.print = PrintingInfo{118, 231, std::nullopt};
    f.answer(fixture("orders.files.post.response.json"));
    REQUIRE(f.deliveries.post_file(order, printed));
    CHECK(f.body().canonical() == document("orders.files.post.printAsUser.request.json").canonical());

    const json::Value wanted = document("orders.files.post.printAsWorkstation.request.json");
    printed.print = PrintingInfo{wanted.at_path("advanced.printingInfo.reportId").integer(), std::nullopt,
                                 wanted.at_path("advanced.printingInfo.printAsWorkstation.workstationId").integer()};
    f.answer(fixture("orders.files.post.response.json"));
    REQUIRE(f.deliveries.post_file(order, printed));
    CHECK(f.body().canonical() == wanted.canonical());

    const std::size_t before = f.fake.requests().size();
    printed.print = PrintingInfo{118, 1, 2};
    CHECK(f.deliveries.post_file(order, printed).error().kind == ErrorKind::internal);
    printed.print = PrintingInfo{118, std::nullopt, std::nullopt};
    CHECK(f.deliveries.put_file(order, 1, printed).error().kind == ErrorKind::internal);
    CHECK(f.fake.requests().size() == before);
}

TEST_CASE("putting a file by name may be repeated and never prints") {
    Fixture f;
    f.answer(fixture("orders.files.putByName.response.json"));
    CHECK(f.deliveries.put_file_by_name(order, label()).value() == 1892);
    CHECK(f.last().url == "https://api.ongoingsystems.se/acme/api/v1/orders/903115/files?fileName=label-BL-84512346-1.pdf");
    CHECK(f.last().effect == http::Effect::idempotent_write);
    CHECK(f.body().canonical() == document("orders.files.putByName.request.json").canonical());
    FileUpload printed = label();
    printed.print = PrintingInfo{1, 2, std::nullopt};
    CHECK(f.deliveries.put_file_by_name(order, printed).error().kind == ErrorKind::internal);
}

TEST_CASE("replacing a file is safe to repeat unless it prints") {
    Fixture f;
    f.answer(fixture("orders.files.putById.response.json"));
    REQUIRE(f.deliveries.put_file(order, 1892, label()));
    CHECK(f.last().effect == http::Effect::idempotent_write);
    CHECK(f.last().name == "ongoing PUT /orders/{orderId}/files/{fileId}");
    FileUpload printed = label();
    printed.print = PrintingInfo{1, 2, std::nullopt};
    f.answer(fixture("orders.files.putById.response.json"));
    REQUIRE(f.deliveries.put_file(order, 1892, printed));
    CHECK(f.last().effect == http::Effect::unsafe_write);
    f.answer(fixture("orders.files.delete.response.json"));
    CHECK(f.deliveries.delete_file(order, 1892));
    CHECK(f.last().method == "DELETE");
}

TEST_CASE("an upload without a file id is of unknown outcome, a refused one is refused") {
    Fixture f;
    f.answer(R"({"fileId":null,"success":true,"message":null})");
    CHECK(f.deliveries.post_file(order, label()).error().kind == ErrorKind::ambiguous);
    f.answer(R"({"fileId":1.5,"success":true})");
    CHECK(f.deliveries.post_file(order, label()).error().kind == ErrorKind::ambiguous);
    f.answer(R"({"fileId":null,"success":false,"message":"No such order"})");
    CHECK(f.deliveries.post_file(order, label()).error().kind == ErrorKind::rejected);
    f.answer("<html>");
    CHECK(f.deliveries.post_file(order, label()).error().kind == ErrorKind::ambiguous);
}

TEST_CASE("the files of an order are listed with their contents") {
    Fixture f;
    f.answer(fixture("orders.files.list.response.json"));
    const auto files = f.deliveries.get_files(order).value();
    REQUIRE(files.size() == 1);
    CHECK(files[0].file_id == 1892);
    CHECK(files[0].file_name == "label-BL-84512346-1.pdf");
    CHECK(files[0].bytes == label().bytes);
    f.answer(R"([{"fileId":1,"fileName":null,"fileDataBase64":null}])");
    CHECK(f.deliveries.get_files(order).value().at(0).bytes.empty());
    f.answer("{}");
    CHECK(f.deliveries.get_files(order).error().kind == ErrorKind::protocol);
}

TEST_CASE("a parcel is registered by its number with sizes and tracking") {
    Fixture f;
    f.answer(fixture("orders.parcels.put.response.json"));
    ParcelUpload parcel;
    parcel.parcel_number = "620000000000000000000017";
    parcel.waybill = parcel.parcel_number;
    parcel.tracking_url = "https://track.example.test/620000000000000000000017";
    parcel.length = Decimal::parse("0.3");
    parcel.width = Decimal::parse("0.2");
    parcel.height = Decimal::parse("0.15");
    parcel.weight = Decimal::parse("1.4");
    CHECK(f.deliveries.put_parcel(order, parcel).value() == 5501);
    json::Value wanted = document("orders.parcels.put.request.json");
    wanted.erase_path("advanced.parcelType");
    CHECK(f.body().canonical() == wanted.canonical());
    CHECK(f.last().effect == http::Effect::idempotent_write);

    f.answer(fixture("orders.parcels.put.response.json"));
    REQUIRE(f.deliveries.put_parcel(order, {.parcel_number = "PX-2", .waybill = "PX-2"}));
    CHECK(f.body().canonical() == document("orders.parcels.put.minimal.request.json").canonical()); // no url: no tracking
    f.answer(fixture("orders.parcels.delete.response.json"));
    CHECK(f.deliveries.delete_parcel(order, 5502));
}

TEST_CASE("tracking is written to order and parcel, and a refusal inside a 200 is seen") {
    Fixture f;
    const std::string url = "https://track.example.test/620000000000000000000017";
    f.answer(fixture("orders.orderTracking.put.response.json"));
    CHECK(f.deliveries.put_order_tracking(order, "620000000000000000000017", url));
    CHECK(f.body().canonical() == document("orders.orderTracking.put.request.json").canonical());
    f.answer(fixture("orders.orderTracking.put.response.json"));
    CHECK(f.deliveries.put_order_tracking(order, "RET-1", "https://track.example.test/RET-1", true));
    CHECK(f.body().canonical() == document("orders.orderTracking.put.return.request.json").canonical());
    f.answer(fixture("orders.parcels.parcelTracking.put.response.json"));
    CHECK(f.deliveries.put_parcel_tracking(order, 5501, "620000000000000000000017", url));
    CHECK(f.last().name == "ongoing PUT /orders/{orderId}/parcels/{parcelId}/parcelTracking");
    CHECK(f.body().canonical() == document("orders.parcels.parcelTracking.put.request.json").canonical());
    f.answer(fixture("orders.orderTracking.put.refused.response.json"));
    const auto refused = f.deliveries.put_order_tracking(order, "1", url);
    CHECK(refused.error().kind == ErrorKind::rejected);
    CHECK(refused.error().message.find("not found") != std::string::npos);
    CHECK(f.deliveries.put_order_tracking(order, "1", "").error().kind == ErrorKind::internal);
    CHECK(f.deliveries.put_parcel_tracking(order, 1, "", url).error().kind == ErrorKind::internal);
}

TEST_CASE("way bill rows are read with number of packages and sizes") {
    Fixture f;
    f.answer(fixture("orders.wayBillRows.list.response.json"));
    const auto rows = f.deliveries.get_way_bill_rows(order).value();
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].id == 640);
    CHECK(rows[0].number_of_packages == 2);
    CHECK(rows[0].weight.value() == Decimal(2));
    CHECK_FALSE(rows[0].volume);
    CHECK(rows[0].parcel_type_code == "BOX-S");
}

TEST_CASE("stock is read per warehouse, by change time or as a whole") {
    Fixture f;
    f.fake
        .on({.url = "inventoryPerWarehouse?goodsOwnerId=4711&stockInfoChangedFrom=2026-11-23T10%3A00%3A00Z&"
                    "articleSystemIdFrom=0&maxArticlesToGet=500"})
        .answer(200, fixture("articles.inventoryPerWarehouse.response.json"));
    f.answer("[]");
    std::vector<WarehouseStock> stock;
    const auto add = [&](WarehouseStock&& row) -> Result<void> {
        stock.push_back(std::move(row));
        return {};
    };
    REQUIRE(f.client.each_warehouse_stock(parse_timestamp("2026-11-23T10:00:00Z"), add));
    REQUIRE(stock.size() == 1);
    CHECK(stock[0].article_number == ArticleNumber("MUG-350-WHT"));
    REQUIRE(stock[0].warehouses.size() == 2);
    CHECK(stock[0].warehouses[0].sellable_number_of_items.value() == Decimal(90));
    CHECK(stock[0].warehouses[1].warehouse_id == 2);
    f.answer(R"([{"articleNumber":"A"}])");
    CHECK(f.client.each_warehouse_stock(std::nullopt, add).error().kind == ErrorKind::protocol);

    f.fake.on({.url = "/articles?goodsOwnerId=4711&stockInfoChangedFrom=2026-11-23T10%3A00%3A00Z&"}).answer(200, "[]");
    REQUIRE(f.client.each_article([](Article&&) -> Result<void> { return {}; }, parse_timestamp("2026-11-23T10:00:00Z")));
}

TEST_CASE("a file that is new or printed leaves only with its departure") {
    Fixture f;
    int asked = 0;
    const auto held_back = [&asked]() -> Result<Milliseconds> {
        ++asked;
        return fail(ErrorKind::not_sent, "held back");
    };
    FileUpload printed = label();
    printed.print = PrintingInfo{118, 231, std::nullopt};
    CHECK(f.deliveries.post_file(order, label(), held_back).error().message == "held back");
    CHECK(f.deliveries.put_file(order, 1892, printed, held_back).error().kind == ErrorKind::not_sent);
    CHECK(asked == 2);
    CHECK(f.fake.requests().empty());
}
