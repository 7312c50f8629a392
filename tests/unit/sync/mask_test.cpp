// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/base/text.hpp>
#include <blongo/sync/personal_mask.hpp>

using namespace blongo;
using sync::mask_body;

namespace {

std::string form(const std::string& method, const std::string& parameters) {
    return "method=" + method + "&parameters=" + percent_encode(parameters);
}

} // namespace

TEST_CASE("Members about a person are masked, ids, articles, countries and names of members are not") {
    CHECK(
        mask_body(
            R"({"order_id":5,"delivery_fullname":"Jan","delivery_country_code":"PL","products":[{"sku":"A-1","quantity":2}]})") ==
        R"({"order_id":5,"delivery_fullname":"***","delivery_country_code":"PL","products":[{"sku":"A-1","quantity":2}]})");
    CHECK(mask_body(
              R"({"consignee":{"name":"Jan","countryCode":"PL","emailNotification":{"value":"a@b.pl","toBeNotified":true}}})") ==
          R"({"consignee":{"name":"***","countryCode":"PL","emailNotification":{"value":"***","toBeNotified":true}}})");
    CHECK(mask_body(R"({"phone": 600100200, "email": "", "admin_comments": null})") ==
          R"({"phone": "***", "email": "", "admin_comments": null})");
    CHECK(
        mask_body(form("createPackage", R"({"order_id":5,"account_id":77,"fields":[{"id":"receiver_phone","value":"600"}]})")) ==
        R"(method=createPackage&parameters={"order_id":5,"account_id":77,"fields":[{"id":"receiver_phone","value":"***"}]})");
}

TEST_CASE("Accounts to which money goes back are masked whatever stands before and behind the word") {
    for (const char* member :
         {"refund_account_number", "refund_iban", "refund_swift", "order_return_account_number", "order_return_iban",
          "order_return_swift", "RefundIban", "bankAccount", "account_number", "iban"}) {
        INFO(member);
        CHECK(mask_body("{\"" + std::string(member) + "\":\"PL61109010140000071219812874\"}") ==
              "{\"" + std::string(member) + "\":\"***\"}");
    }
    for (const char* member : {"account_id", "courier_account_id"})
        CHECK(mask_body("{\"" + std::string(member) + "\":1234567}") == "{\"" + std::string(member) + "\":1234567}");
}

TEST_CASE("Words of an error lose what may be a person's, and keep what is to be done") {
    const auto words = [](const std::string& text) {
        const std::string open = R"({"status":"ERROR","error_code":"ERROR_COURIER","error_message":)";
        const std::string out = mask_body(open + "\"" + text + "\"}");
        REQUIRE(out.starts_with(open + "\""));
        return out.substr(open.size() + 1, out.size() - open.size() - 3);
    };
    CHECK(words("phone 600100200 is invalid") == "phone *** is invalid");
    CHECK(words("phone +48 600-100-200 is invalid (40 characters)") == "phone *** is invalid (40 characters)");
    CHECK(words("account PL61 1090 1014 0000 refused, PL61109010140000071219812874 too") == "account PL*** refused, PL*** too");
    CHECK(words("no such mail: jan.kowalski@example.com.") == "no such mail: ***");
    CHECK(words("value 'Jan Kowalski' of 'receiver_phone' is too long") == "value '***' of 'receiver_phone' is too long");
    CHECK(words(R"(the street \"Kwiatowa 7\" is unknown)") == R"(the street \"***\" is unknown)");
    CHECK(words("ulica „Kwiatowa 7” jest nieznana") == "ulica „***” jest nieznana");
    CHECK(words("the buyer's phone is missing") == "the buyer's phone is missing");
    CHECK(words("Query limit exceeded, token blocked until 2026-11-23 14:07:31") ==
          "Query limit exceeded, token blocked until 2026-11-23 14:07:31");
    CHECK(words("No product with ID KUB-CER-330") == "No product with ID KUB-CER-330");
    CHECK(
        mask_body(R"({"Message":"The request is invalid.","ModelState":{"model.orderNumber":["'600 100 200' is no number"]}})") ==
        R"({"Message":"The request is invalid.","ModelState":{"model.orderNumber":["'***' is no number"]}})");
    CHECK(mask_body(R"({"warnings":{"A-1":"Jan 600100200"}})") == R"({"warnings":{"A-1":"Jan ***"}})");
    CHECK(sync::mask_error("BaseLinker: phone 600100200 is invalid") == "BaseLinker: phone *** is invalid");
}

TEST_CASE("Words of an error lose what the request said of a person") {
    const std::string request =
        R"({"orderNumber":"B-1","consignee":{"name":"Anna Żółć","address":{"postCode":"80-208"},"city":"Gdańsk"}})";
    CHECK(mask_body(R"({"message":"Order B-1: postcode 80-208 does not fit Żółć, GDAŃSK."})", request) ==
          R"({"message":"Order B-1: postcode *** does not fit ***, ***"})");
    CHECK(mask_body(R"({"message":"Order B-1: Gdańsk"})", R"({"orderNumber":"B-1"})") == R"({"message":"Order B-1: Gdańsk"})");
    CHECK(mask_body(R"({"error_message":"Kowalski?"})",
                    form("createPackage", R"({"fields":[{"id":"name","value":"Jan Kowalski"}]})")) ==
          R"({"error_message":"***"})");
    CHECK(sync::mask_error("Ongoing: Gdańsk is unknown", request) == "Ongoing: *** is unknown");
}

TEST_CASE("Of a body that is not JSON only size and hash are shown") {
    for (const std::string body :
         {"<html>Jan Kowalski</html>", "phone 600100200 is invalid", "\"Jan\"", "[Jan Kowalski]", "{Jan: 1}", "%PDF-1.4"}) {
        INFO(body);
        CHECK(mask_body(body) ==
              "(no JSON: " + std::to_string(body.size()) + " bytes, SHA-256 " + sha256_hex(body).substr(0, 16) + ")");
    }
    CHECK(mask_body(form("getOrders", "Jan")).starts_with("method=getOrders&parameters=(no JSON: 3 bytes"));
    CHECK(mask_body("method=getOrders&name=Jan").starts_with("(no JSON: "));
    CHECK(mask_body("").empty());
}

TEST_CASE("A body that was cut off anywhere shows nothing more, and says how much is missing") {
    const std::string body =
        R"({"a":[true,-1.5e3,null],"phone":"600100200","error_message":"phone 600100200","invoice_nip":5252445767})";
    for (std::size_t length = 1; length < body.size(); ++length) {
        const std::string shown = mask_body(body.substr(0, length) + "\n... 9 more bytes");
        INFO(shown);
        CHECK(shown.starts_with("{"));
        CHECK(shown.ends_with("\n... 9 more bytes"));
        for (const char* part : {"600", "525"}) CHECK(shown.find(part) == std::string::npos);
    }
    CHECK(mask_body(body) == R"({"a":[true,-1.5e3,null],"phone":"***","error_message":"phone ***","invoice_nip":"***"})");
}
