// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/base/text.hpp>
#include <blongo/baselinker/couriers.hpp>
#include <blongo/baselinker/decode_packages.hpp>

#include "support/fake_transport.hpp"
#include "support/temp_dir.hpp"

using namespace blongo;
using namespace blongo::baselinker;

namespace {

std::string fixture(const std::string& file) {
    return test::read_data("baselinker/" + file);
}

std::string parameters(const http::Request& request) {
    return percent_decode(request.body.substr(request.body.find("parameters=") + 11), true);
}

struct Fixture {
    test::FakeTransport fake;
    ManualClock clock;
    Client client{
        fake, clock, {.url = "u", .token = Secret("T"), .read_timeout = Milliseconds(1), .courier_timeout = Milliseconds(2)}};
    Couriers couriers{client};
    void answer(const std::string& body) { fake.on({}).answer(200, body); }
    [[nodiscard]] http::Request last() const { return fake.requests().back(); }
};

PackageRequest two_parcels() {
    return {BaseOrderId(184400101),
            "dpd",
            CourierAccountId(58381),
            {{"service", "classic"}, {"services", "sms"}, {"services", "email"}},
            {{{"weight", "2.4"}, {"size_length", "30"}}, {{"weight", "1.1"}}}};
}

} // namespace

TEST_CASE("booking sends fields and parcels as the courier's form wants them, once") {
    Fixture f;
    f.answer(fixture("createPackage.json"));
    const auto package = f.couriers.create_package(two_parcels()).value();
    CHECK(package.package_id == PackageId(77880011));
    CHECK(package.package_number == "13490000417782U");
    CHECK(package.courier_inner_number == "33893480912");
    CHECK(f.last().effect == http::Effect::unsafe_write);
    CHECK(f.last().timeout == Milliseconds(2));
    CHECK(f.last().name == "baselinker createPackage");
    CHECK(parameters(f.last()) ==
          R"({"order_id":184400101,"courier_code":"dpd","account_id":58381,"fields":[{"id":"service","value":"classic"},)"
          R"({"id":"services","value":"sms"},{"id":"services","value":"email"}],)"
          R"("packages":[{"size_length":"30","weight":"2.4"},{"weight":"1.1"}]})");
}

TEST_CASE("a booking without a number yet is booked, one without an id is of unknown outcome") {
    Fixture f;
    f.answer(fixture("createPackage.number_not_assigned_yet.json"));
    CHECK(f.couriers.create_package(two_parcels()).value().package_number.empty());
    for (const char* answer :
         {R"({"status":"SUCCESS"})", R"({"status":"SUCCESS","package_id":0})", R"({"status":"SUCCESS","package_id":"x"})"}) {
        f.answer(answer);
        const auto lost = f.couriers.create_package(two_parcels());
        CHECK(lost.error().kind == ErrorKind::ambiguous);
        CHECK(lost.error().where == "baselinker createPackage");
    }
    f.answer(fixture("error.courier_passthrough.json"));
    CHECK(f.couriers.create_package(two_parcels()).error().kind == ErrorKind::rejected);
    f.answer(R"({"status":"SUCC)");
    CHECK(f.couriers.create_package(two_parcels()).error().kind == ErrorKind::ambiguous);
}

TEST_CASE("a package made elsewhere is registered, and one is deleted without force") {
    Fixture f;
    f.answer(fixture("createPackageManual.json"));
    CHECK(f.couriers.create_package_manual(BaseOrderId(1), "inpostkurier", "6200", from_unix_seconds(1795478400))
              .value()
              .package_id == PackageId(77880020));
    CHECK(parameters(f.last()) ==
          R"({"order_id":1,"courier_code":"inpostkurier","package_number":"6200","pickup_date":1795478400})");
    CHECK(f.last().effect == http::Effect::unsafe_write);
    f.answer(fixture("deleteCourierPackage.json"));
    CHECK(f.couriers.delete_courier_package("dpd", PackageId(5)));
    CHECK(parameters(f.last()) == R"({"courier_code":"dpd","package_id":5})");
    CHECK(f.last().effect == http::Effect::unsafe_write);
    f.answer(fixture("error.courier_passthrough.json"));
    CHECK(f.couriers.delete_courier_package("dpd", PackageId(5)).error().kind == ErrorKind::rejected);
}

TEST_CASE("the packages of an order are read with courier, account, tracking and returns") {
    Fixture f;
    f.answer(fixture("getOrderPackages.json"));
    const auto packages = f.couriers.get_order_packages(BaseOrderId(184400103)).value();
    REQUIRE(packages.size() == 2);
    CHECK(packages[0].package_id == PackageId(77880011));
    CHECK(packages[0].package_number == "13490000417782U");
    CHECK(packages[0].courier_code == "dpd");
    CHECK(packages[0].account_id == CourierAccountId(58381));
    CHECK(packages[0].tracking_status == 2);
    CHECK(packages[0].tracking_url == "https://tracktrace.example/13490000417782U");
    CHECK_FALSE(packages[0].is_return);
    CHECK(packages[1].is_return);
    CHECK_FALSE(packages[1].tracking_status_date);
    f.answer(fixture("getOrderPackages.empty.json"));
    CHECK(f.couriers.get_order_packages(BaseOrderId(1)).value().empty());
    f.answer(R"({"status":"SUCCESS","packages":[{"package_id":"7","package_type":"3","tracking_status":"12"}]})");
    const auto texts = f.couriers.get_order_packages(BaseOrderId(1)).value();
    CHECK(texts.at(0).is_return);
    CHECK(texts.at(0).tracking_status == 12);
}

TEST_CASE("packages that cannot be read are an error, never a shorter list") {
    Fixture f;
    for (const char* answer : {R"({"status":"SUCCESS"})", R"({"status":"SUCCESS","packages":"?"})",
                               R"({"status":"SUCCESS","packages":[{"package_id":7},{"courier_code":"dpd"}]})"}) {
        f.answer(answer);
        CHECK(f.couriers.get_order_packages(BaseOrderId(1)).error().kind == ErrorKind::protocol);
    }
}

TEST_CASE("a courier's form is read with options, dependent fields and defaults") {
    Fixture f;
    f.answer(fixture("getCourierFields.json"));
    const auto form = f.couriers.get_courier_fields("dpd").value();
    CHECK(form.multi_packages); // "1"
    REQUIRE(form.fields.size() == 7);
    CHECK(form.fields[0].id == "service");
    CHECK(form.fields[0].type == "select");
    CHECK(form.fields[0].options == FieldOptions{{"classic", "DPD Classic"}, {"guarantee_0930", "Gwarancja 9:30"}});
    CHECK(form.fields[0].show_field.at("guarantee_0930") == std::vector<std::string>{"phone_confirm"});
    CHECK(form.fields[0].value == "classic");
    CHECK(form.fields[1].value == "1795478400"); // a number on the wire
    REQUIRE(form.package_fields.size() == 5);
    CHECK(form.package_fields[1].id == "size_length");
    CHECK(form.package_fields[4].value == "0");

    f.answer(fixture("getCourierFields.empty_array_quirk.json"));
    const auto other = f.couriers.get_courier_fields("paczkomaty").value();
    CHECK_FALSE(other.multi_packages);
    CHECK(other.fields.at(1).function == "getServices");
    CHECK(other.fields.at(1).options.empty());
    f.answer(R"({"status":"SUCCESS","fields":[],"packages_fields":[{"id":"weight"}]})");
    CHECK(f.couriers.get_courier_fields("x").value().package_fields.at(0).id == "weight");
    f.answer(R"({"status":"SUCCESS","fields":[{"name":"without id"}],"package_fields":[]})");
    CHECK(f.couriers.get_courier_fields("x").error().kind == ErrorKind::protocol);
}

TEST_CASE("couriers, accounts, services, details and pickup fields are read") {
    Fixture f;
    f.answer(fixture("getCouriersList.json"));
    CHECK(f.couriers.get_couriers_list().value().at(3).code == "dpd");
    f.answer(fixture("getCourierAccounts.json"));
    const auto accounts = f.couriers.get_courier_accounts("dpd").value();
    CHECK(accounts.at(1).id == CourierAccountId(58390));
    CHECK(accounts.at(0).name == "DPD Łódź");
    f.answer(fixture("getCourierServices.json"));
    CHECK(f.couriers.get_courier_services(two_parcels()).value() ==
          FieldOptions{{"5127", "NextDay 10-14"}, {"5128", "NextDay 14-17"}});
    CHECK(f.last().effect == http::Effect::read);
    f.answer(fixture("getCourierServices.empty_array_quirk.json"));
    CHECK(f.couriers.get_courier_services(two_parcels()).value().empty());
    f.answer(R"({"status":"SUCCESS"})");
    CHECK(f.couriers.get_courier_services(two_parcels()).error().kind == ErrorKind::protocol);
    f.answer(fixture("getPackageDetails.json"));
    const auto parcels = f.couriers.get_package_details(PackageId(77880011)).value();
    REQUIRE(parcels.size() == 2);
    CHECK(parcels[0].weight.to_string() == "2.4");
    CHECK(parcels[0].cod_value.to_string() == "195.5");
    CHECK(parcels[1].size_unit == "cm");
    f.answer(fixture("getRequestParcelPickupFields.json"));
    CHECK(f.couriers.get_request_parcel_pickup_fields("dpd").value().at(1).id == "shipments_weight");
}

TEST_CASE("labels, protocols and documents are decoded and known by their first bytes") {
    Fixture f;
    f.answer(fixture("getLabel.json"));
    const auto pdf = f.couriers.get_label("dpd", PackageId(77880011)).value();
    CHECK(parameters(f.last()) == R"({"courier_code":"dpd","package_id":77880011})");
    CHECK(f.last().effect == http::Effect::read);
    CHECK(pdf.extension == "pdf");
    CHECK(pdf.bytes.starts_with("%PDF-1.4"));
    CHECK(has_signature(pdf));
    f.answer(fixture("getLabel.zpl.json"));
    const auto zpl = f.couriers.get_label("inpost", PackageId(1)).value();
    CHECK(zpl.extension == "zpl");
    CHECK(has_signature(zpl));
    f.answer(fixture("getProtocol.json"));
    const std::vector<PackageId> packages{PackageId(1), PackageId(2)};
    CHECK(has_signature(f.couriers.get_protocol("dpd", packages, CourierAccountId(5)).value()));
    CHECK(parameters(f.last()) == R"({"courier_code":"dpd","package_ids":[1,2],"account_id":5})");
    f.answer(fixture("getCourierDocument.json"));
    CHECK(has_signature(f.couriers.get_courier_document("dpd", "manifest", std::nullopt).value()));
    CHECK(parameters(f.last()) == R"({"courier_code":"dpd","document_type":"manifest"})");
}

TEST_CASE("the signature tells a file of another format apart") {
    CHECK_FALSE(has_signature({"pdf", "<html>error</html>"}));
    CHECK_FALSE(has_signature({"zpl", "%PDF-1.4"}));
    CHECK_FALSE(has_signature({"png", "GIF89a"}));
    CHECK(has_signature({"png", "\x89PNG\r\n\x1A\n..."}));
    CHECK(has_signature({"gif", "GIF89a"}));
    CHECK(has_signature({"html", "<html>"}));
    CHECK(has_signature({"epl", "N\n"}));
    CHECK_FALSE(has_signature({"epl", ""}));
}

TEST_CASE("a label that is not ready is an item's failure, to be asked for again") {
    Fixture f;
    for (const char* label : {R"("")", "null", R"("!!!")"}) {
        f.answer(R"({"status":"SUCCESS","extension":"pdf","label":)" + std::string(label) + "}");
        const auto result = f.couriers.get_label("dpd", PackageId(1));
        CHECK(result.error().kind == ErrorKind::rejected);
        CHECK_FALSE(result.error().remedy.empty());
    }
    f.answer(R"({"status":"SUCCESS","extension":"PDF","label":"data:application/pdf;base64,JVBERi0xLjQ="})");
    CHECK(f.couriers.get_label("dpd", PackageId(1)).value().bytes == "%PDF-1.4");
}

TEST_CASE("a pickup is ordered once, under the old name only where the new one is unknown") {
    Fixture f;
    const std::vector<PackageId> packages{PackageId(77880011)};
    const std::vector<std::pair<std::string, std::string>> fields{{"pickup_date", "1795478400"}};
    f.answer(fixture("runRequestParcelPickup.json"));
    CHECK(f.couriers.run_request_parcel_pickup("dpd", packages, CourierAccountId(58381), fields).value() == "PU/2026/11/0004512");
    CHECK(f.last().effect == http::Effect::unsafe_write);
    CHECK(parameters(f.last()) == R"({"courier_code":"dpd","package_ids":[77880011],"account_id":58381,)"
                                  R"("fields":[{"id":"pickup_date","value":"1795478400"}]})");
    f.answer(fixture("error.ERROR_UNKNOWN_METHOD.json"));
    f.answer(fixture("runRequestParcelPickup.json"));
    CHECK(f.couriers.run_request_parcel_pickup("dpd", packages, std::nullopt, fields));
    CHECK(f.last().name == "baselinker requestParcelPickup");
    const std::size_t before = f.fake.requests().size();
    f.answer("");
    CHECK(f.couriers.run_request_parcel_pickup("dpd", packages, std::nullopt, fields).error().kind == ErrorKind::ambiguous);
    CHECK(f.fake.requests().size() == before + 1);
}

TEST_CASE("a stock update names what failed and never sends a figure below 0") {
    Fixture f;
    const InventoryId inventory(48120);
    const std::map<ProductId, std::map<WarehouseKey, std::int64_t>> figures{
        {ProductId(701450010), {{WarehouseKey("bl_70455"), 40}}},
        {ProductId(701450012), {{WarehouseKey("bl_70455"), 9}, {WarehouseKey("bl_70456"), 0}}}};
    for (const char* file :
         {"updateInventoryProductsStock.json", "updateInventoryProductsStock.warnings_empty_array_quirk.json"}) {
        f.answer(fixture(file));
        const auto update = f.client.update_products_stock(inventory, figures).value();
        CHECK(update.counter == 2);
        CHECK(update.warnings.empty());
    }
    CHECK(parameters(f.last()) ==
          R"({"inventory_id":48120,"products":{"701450010":{"bl_70455":40},"701450012":{"bl_70455":9,"bl_70456":0}}})");
    CHECK(f.last().effect == http::Effect::idempotent_write);
    f.answer(fixture("updateInventoryProductsStock.partial_warnings.json"));
    CHECK(f.client.update_products_stock(inventory, figures).value().warnings.at(ProductId(701459999)) ==
          "No product with ID 701459999");
    f.answer(R"({"status":"SUCCESS","counter":"many"})");
    CHECK(f.client.update_products_stock(inventory, figures).error().kind == ErrorKind::protocol);

    const std::size_t before = f.fake.requests().size();
    CHECK(f.client.update_products_stock(inventory, {{ProductId(1), {{WarehouseKey("bl_1"), -1}}}}).error().kind ==
          ErrorKind::internal);
    std::map<ProductId, std::map<WarehouseKey, std::int64_t>> many;
    for (int i = 1; i <= 1001; ++i) many[ProductId(i)];
    CHECK(f.client.update_products_stock(inventory, many).error().kind == ErrorKind::internal);
    CHECK(f.client.update_products_stock(inventory, {}).value().counter == 0);
    CHECK(f.fake.requests().size() == before);
}

TEST_CASE("whatever buys, books or cancels at a carrier leaves only with its departure") {
    Fixture f;
    int asked = 0;
    const auto held_back = [&asked]() -> Result<Milliseconds> {
        ++asked;
        return fail(ErrorKind::not_sent, "held back");
    };
    const std::vector<PackageId> packages{PackageId(1)};
    CHECK(f.couriers.create_package(two_parcels(), held_back).error().message == "held back");
    CHECK(f.couriers.create_package_manual(BaseOrderId(1), "dpd", "X1", Timestamp{}, held_back).error().kind ==
          ErrorKind::not_sent);
    CHECK(f.couriers.delete_courier_package("dpd", PackageId(1), held_back).error().kind == ErrorKind::not_sent);
    CHECK(f.couriers.run_request_parcel_pickup("dpd", packages, std::nullopt, {}, held_back).error().kind == ErrorKind::not_sent);
    CHECK(asked == 4);
    CHECK(f.fake.requests().empty());
}

TEST_CASE("an ordered courier leaves with a departure under its old name, too") {
    Fixture f;
    int asked = 0;
    const auto departure = [&asked]() -> Result<Milliseconds> { return Milliseconds{++asked}; };
    f.answer(R"({"status":"ERROR","error_code":"ERROR_UNKNOWN_METHOD","error_message":"unknown"})");
    f.answer(R"({"status":"SUCCESS","pickup_number":"P7"})");
    const std::vector<PackageId> packages{PackageId(1)};
    CHECK(f.couriers.run_request_parcel_pickup("dpd", packages, std::nullopt, {}, departure).value() == "P7");
    CHECK(asked == 2);
}
