// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <blongo/map/countries.hpp>

#include "shipments.hpp"

using namespace test;

namespace {

template <class Change> std::string checked(Change&& change) {
    auto order = shipped_order();
    auto rule = test::rule();
    change(order, rule);
    std::string all;
    for (const auto& refused : map::check_address(order, rule)) {
        CHECK(refused.key == "84512345");
        all += (all.empty() ? "" : "; ") + refused.cause + " " + refused.field + ": " + refused.reason;
    }
    return all;
}

std::string national(const char* phone, const char* country) {
    return map::national_number(phone, country).value_or("none");
}

} // namespace

TEST_CASE("Post codes have the form of their country") {
    const std::pair<const char*, const char*> good[] = {
        {"PL", "80-208"},   {"pl", " 80-208 "}, {"CZ", "110 00"},   {"CZ", "11000"},    {"SK", "811 01"},   {"DE", "10115"},
        {"AT", "1010"},     {"CH", "8001"},     {"FR", "75001"},    {"ES", "28001"},    {"IT", "00118"},    {"NL", "1012 AB"},
        {"NL", "1012ab"},   {"BE", "1000"},     {"LU", "L-1111"},   {"LU", "1111"},     {"DK", "2100"},     {"SE", "114 55"},
        {"SE", "11455"},    {"NO", "0150"},     {"FI", "00100"},    {"EE", "10111"},    {"LV", "LV-1010"},  {"LV", "1010"},
        {"LT", "LT-01103"}, {"LT", "01103"},    {"HU", "1051"},     {"RO", "010011"},   {"BG", "1000"},     {"HR", "10000"},
        {"SI", "1000"},     {"GR", "105 57"},   {"EL", "10557"},    {"PT", "1000-001"}, {"IE", "D02 X285"}, {"IE", "D6WXK81"},
        {"GB", "SW1A 1AA"}, {"UK", "m1 1ae"},   {"GB", "EC1A1BB"},  {"GB", "B33 8TH"},  {"US", "10001"},    {"US", "10001-1234"},
        {"CA", "K1A 0B1"},  {"UA", "01001"},    {"ZZ", "anything"}, {"", ""},           {"JP", ""}};
    for (const auto& [country, code] : good) {
        INFO(country << " " << code);
        CHECK(map::postcode_fits(country, code));
    }
    const std::pair<const char*, const char*> bad[] = {
        {"PL", "80208"}, {"PL", "80-20"}, {"PL", "80-2088"}, {"PL", ""},      {"CZ", "1100"},   {"DE", "1011"}, {"DE", "80-208"},
        {"NL", "1012"},  {"SE", "1145"},  {"LV", "PL-1010"}, {"GB", "10115"}, {"GB", "SW1A1A"}, {"PT", "1000"}, {"IE", "Dublin"},
        {"CA", "10001"}, {"US", "1000"},  {"EL", "1055"},    {"RO", "10011"}, {"AT", "A-1010"}, {"UK", "1"}};
    for (const auto& [country, code] : bad) {
        INFO(country << " " << code);
        CHECK_FALSE(map::postcode_fits(country, code));
    }
}

TEST_CASE("A Polish number is 9 digits however it is written") {
    for (const auto* phone : {"600100200", "+48 600-100-200", "0048600100200", "48600100200", "48 600 100 200", "600.100.200",
                              "0 600 100 200", "+48 (0) 600 100 200", "(+48) 600 100 200"})
        CHECK(national(phone, "PL") == "600100200");
    CHECK(national("48 360 01 0", "PL") == "none");    // 8 digits, not the code and 6
    CHECK(national("483600102", "PL") == "483600102"); // Radom
    for (const auto* phone :
         {"60010020", "6001002000", "+49 600100200", "0049 600100200", "600100200 anna", "anna", "", "+", "+48", "600+100200"})
        CHECK(national(phone, "PL") == "none");
}

TEST_CASE("Numbers are read as each country dials them") {
    CHECK(national("0151 23456789", "DE") == "15123456789");
    CHECK(national("+49 (0)151 23456789", "DE") == "15123456789");
    CHECK(national("4915123456789", "DE") == "15123456789");
    CHECK(national("+420 601 123 456", "CZ") == "601123456");
    CHECK(national("0905 123 456", "SK") == "905123456");
    CHECK(national("07911 123456", "GB") == "7911123456");
    CHECK(national("+44 7911 123456", "UK") == "7911123456");
    CHECK(national("070-123 45 67", "SE") == "701234567");
    CHECK(national("+45 20 12 34 56", "DK") == "20123456");
    CHECK(national("+47 412 34 567", "NO") == "41234567");
    CHECK(national("040 1234567", "FI") == "401234567");
    CHECK(national("+31 6 12345678", "NL") == "612345678");
    CHECK(national("06 12 34 56 78", "FR") == "612345678");
    CHECK(national("393 123 4567", "IT") == "3931234567"); // not the code of Italy
    CHECK(national("+39 393 123 4567", "IT") == "3931234567");
    CHECK(national("+39 06 1234567", "IT") == "061234567"); // the 0 belongs to the number
    CHECK(national("612 345 678", "ES") == "612345678");
    CHECK(national("0664 1234567", "AT") == "6641234567");
    CHECK(national("+370 612 34567", "LT") == "61234567");
    CHECK(national("21234567", "LV") == "21234567");
    CHECK(national("+372 5123 4567", "EE") == "51234567");
    CHECK(national("06 20 123 4567", "HU") == "201234567");
    CHECK(national("+36 20 123 4567", "HU") == "201234567");
    CHECK(national("0721 123 456", "RO") == "721123456");
    CHECK(national("+380 50 123 4567", "UA") == "501234567");
    CHECK(national("(212) 555-0100", "US") == "2125550100");
    CHECK(national("1 212 555 0100", "US") == "2125550100");
    CHECK(national("+81 90 1234 5678", "JP") == "819012345678"); // no plan of ours: the digits
    CHECK(national("12345", "JP") == "none");
    CHECK(national("1234567890123456", "JP") == "none");
    CHECK(national("600 100 200", "") == "600100200");
}

TEST_CASE("Mobile numbers are told from landlines where they have numbers of their own") {
    const std::pair<const char*, const char*> mobile[] = {
        {"600100200", "PL"}, {"451234567", "PL"},  {"888123456", "PL"},  {"15123456789", "DE"}, {"601123456", "CZ"},
        {"905123456", "SK"}, {"7911123456", "UK"}, {"701234567", "SE"},  {"41234567", "NO"},    {"401234567", "FI"},
        {"612345678", "NL"}, {"712345678", "FR"},  {"3931234567", "IT"}, {"612345678", "ES"},   {"6641234567", "AT"},
        {"61234567", "LT"},  {"21234567", "LV"},   {"51234567", "EE"},   {"201234567", "HU"},   {"721123456", "RO"},
        {"501234567", "UA"}, {"32123456", "DK"},   {"2125550100", "US"}, {"90123456", "JP"}};
    for (const auto& [number, country] : mobile) {
        INFO(country << " " << number);
        CHECK(map::is_mobile_number(number, country));
    }
    const std::pair<const char*, const char*> landline[] = {
        {"221234567", "PL"},  {"583010203", "PL"}, {"3012345678", "DE"}, {"221123456", "CZ"},  {"221123456", "SK"},
        {"2071234567", "GB"}, {"81234567", "SE"},  {"22123456", "NO"},   {"91234567", "FI"},   {"201234567", "NL"},
        {"112345678", "FR"},  {"061234567", "IT"}, {"912345678", "ES"},  {"6621234567", "AT"}, {"52123456", "LT"},
        {"67123456", "LV"},   {"6123456", "EE"},   {"11234567", "HU"},   {"211234567", "RO"},  {"441234567", "UA"}};
    for (const auto& [number, country] : landline) {
        INFO(country << " " << number);
        CHECK_FALSE(map::is_mobile_number(number, country));
    }
}

TEST_CASE("An order that suits the courier passes every check") {
    CHECK(checked([](auto& order, auto& rule) {
              rule.phone = "PL9";
              rule.mobile = rule.postcode = true;
              rule.street_max = 16;
              rule.name_max = 9;
              rule.service_point = true;
              order.delivery_company = "ACME";
          }).empty());
    CHECK(checked([](auto& order, auto&) { order.phone = order.delivery_postcode = ""; }).empty());
}

TEST_CASE("A telephone number that the courier refuses is told by its form, never by its digits") {
    const auto phone = [](const char* text, const char* form, bool mobile = false) {
        return checked([&](auto& order, auto& rule) {
            order.phone = text;
            rule.phone = form;
            rule.mobile = mobile;
        });
    };
    CHECK(phone("58 301 02 0", "PL9") == "bad_phone orders.84512345.phone: the telephone number (99 999 99 9) is no "
                                         "number of PL with 9 digits");
    CHECK(phone("tel. +49 151 234", "PL9") ==
          "bad_phone orders.84512345.phone: the telephone number (xxx. +99 999 999) is no number of PL with 9 digits");
    CHECK(phone("58 301 02 03", "PL9", true) ==
          "bad_phone orders.84512345.phone: the telephone number (99 999 99 99) is no mobile number of PL");
    CHECK(phone(" ", "PL9") == "bad_phone orders.84512345.phone: the order has no telephone number");
    CHECK(phone("58 301 02 03", "", true) ==
          "bad_phone orders.84512345.phone: the telephone number (99 999 99 99) is no mobile number of PL");
    CHECK(phone("12", "", true) == "bad_phone orders.84512345.phone: the telephone number (99) is no number of PL");
    CHECK(phone("0151 23456789", "DE11").empty());
    CHECK_FALSE(phone("0151 2345678", "DE11").empty());
    CHECK(phone(std::string(60, '1').c_str(), "PL9").size() < 140);
}

TEST_CASE("What is longer than the courier takes is told by its length") {
    CHECK(checked([](auto& order, auto& rule) {
              rule.street_max = 15;
              order.delivery_address = "ul. Kwiatowa 7/3";
          }) == "street_too_long orders.84512345.delivery_address: the street has 16 characters, and the courier takes 15");
    CHECK(checked([](auto& order, auto& rule) {
              rule.name_max = 8;
              order.delivery_company = "ACME Logistics";
          }) == "name_too_long orders.84512345.delivery_fullname: the name has 9 characters, and the courier takes 8; "
                "name_too_long orders.84512345.delivery_company: the company has 14 characters, and the courier takes 8");
}

TEST_CASE("Post code, country and point are asked for where the rule needs them, in this order") {
    CHECK(checked([](auto& order, auto& rule) {
              order.delivery_postcode = "80208";
              rule.postcode = true;
          }) == "bad_postcode orders.84512345.delivery_postcode: the post code \"80208\" does not have the form of PL, "
                "99-999");
    CHECK(checked([](auto& order, auto& rule) {
              order.delivery_postcode = "";
              rule.postcode = true;
          }) == "bad_postcode orders.84512345.delivery_postcode: the post code is missing; in PL it has the form 99-999");
    CHECK(checked([](auto& order, auto& rule) {
              order.phone = order.delivery_country_code = order.delivery_point_id = "";
              order.delivery_postcode = "x";
              rule.phone = "PL9";
              rule.postcode = true;
              rule.service_point = true;
          }) == "bad_phone orders.84512345.phone: the order has no telephone number; "
                "no_country orders.84512345.delivery_country_code: the delivery address has no country; "
                "point_missing orders.84512345.delivery_point_id: the order names no pick-up point");
    CHECK(checked([](auto& order, auto& rule) {
              order.delivery_country_code = "";
              rule.strategy = map::Strategy::none;
          }).empty());
}

TEST_CASE("A point, a state and a name are asked for where the rule says so", "[F29]") {
    const auto point = [](const char* text) {
        return checked([&](auto& order, auto& rule) {
            order.delivery_point_id = text;
            rule.point = true;
        });
    };
    for (const char* text : {"GDA01M", "POP KRA-12", "7", "00", "Ω", "ŁDZ"}) CHECK(point(text).empty());
    for (const char* text : {"", " ", "-", "0", " 0 ", "--.", "\U0001F4E6"})
        CHECK(point(text) == "point_missing orders.84512345.delivery_point_id: the order names no pick-up point");

    const auto state = [](const char* country, const char* text) {
        return checked([&](auto& order, auto& rule) {
            order.delivery_country_code = country;
            order.delivery_state = text;
            rule.state = true;
        });
    };
    CHECK(state("us", "") == "field_invalid orders.84512345.delivery_state: the delivery address has no state, and addresses "
                             "of US have one");
    for (const char* country : {"AU", "BR", "CA", "MX"}) CHECK_FALSE(state(country, " ").empty());
    CHECK(state("US", "NY").empty());
    CHECK(state("PL", "").empty());
    CHECK(state("", "") == "no_country orders.84512345.delivery_country_code: the delivery address has no country");

    const auto name = [](const char* person, const char* company, std::int64_t most) {
        return checked([&](auto& order, auto& rule) {
            order.delivery_fullname = person;
            order.delivery_company = company;
            rule.name_max = most;
        });
    };
    CHECK(name("", "ACME", 10).empty());
    CHECK(name("", "", 0).empty());
    CHECK(name(" ", "", 10) == "field_invalid orders.84512345.delivery_fullname: the delivery address names neither a person "
                               "nor a company");
}

TEST_CASE("Territories use the post codes and numbers of the country that they belong to") {
    CHECK(map::country_text("xi") == "GB");
    CHECK(map::home_country("IC") == "ES");
    CHECK(map::home_country("EL") == "GR");
    CHECK(map::home_country("PL") == "PL");
    for (const auto& [country, code] : {std::pair{"JE", "JE2 3AB"},
                                        {"GG", "GY1 1AA"},
                                        {"IM", "IM1 1AA"},
                                        {"MC", "98000"},
                                        {"SM", "47890"},
                                        {"VA", "00120"},
                                        {"IC", "38001"},
                                        {"XI", "BT1 5GS"}}) {
        INFO(country);
        CHECK(map::postcode_fits(country, code));
        CHECK_FALSE(map::postcode_fits(country, "1"));
    }
    CHECK(national("+34 612 345 678", "IC") == "612345678");
    CHECK(map::is_mobile_number("612345678", "IC"));
    CHECK_FALSE(map::is_mobile_number("912345678", "IC"));
}

TEST_CASE("Copied numbers carry dashes and marks that nobody typed") {
    CHECK(national("\u202a+48 600\u2011100\u2013200\u202c", "PL") == "600100200");
    CHECK(national("\u2066600\u00a0100\u2212200\u2069", "PL") == "600100200");
    CHECK(national("600\u00d7100200", "PL") == "none"); // any other sign is no part of a number
}
