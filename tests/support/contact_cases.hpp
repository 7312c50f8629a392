// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace blongo::contacts {

/// Contacts as buyers write them and market places pass them on, and what preflight says of each. Locker: a mobile number
/// of Poland and a point. Courier: Polish addresses, 40 characters of street, 35 of name. Abroad: any other country, 35
/// characters of street and name, a state where there is one.
struct ContactCase {
    std::string what;
    std::string method = "Kurier DPD"; ///< "Paczkomat InPost", "Kurier DPD", "Kurier zagraniczny"
    std::string country = "PL", postcode = "80-208", phone = "+48 600 100 200";
    std::string street = "ul. Kwiatowa 7/3", name = "Anna Zolc", company{}, point{}, state{};
    std::string verdict{};  ///< causes in their order, each once; empty: nothing is foreseen
    bool over_http = false; ///< also run through both services
};

inline const std::string locker_method = "Paczkomat InPost", abroad_method = "Kurier zagraniczny";

inline ContactCase to_locker(ContactCase one) {
    one.method = locker_method;
    if (one.point.empty()) one.point = "GDA01M";
    return one;
}

inline ContactCase to(const std::string& country, const std::string& postcode, ContactCase one) {
    one.method = abroad_method;
    one.country = country;
    one.postcode = postcode;
    return one;
}

inline std::vector<ContactCase> contact_cases() {
    const std::string sixty = "Aleja Najswietszej Maryi Panny Krolowej Polski 144 m. 12 kl.";
    std::vector<ContactCase> cases{
        to_locker({.what = "a mobile number with +48 and spaces"}),
        to_locker({.what = "a mobile number with 0048 and dashes", .phone = "0048-600-100-200"}),
        to_locker({.what = "a mobile number with 48 alone", .phone = "48600100200", .over_http = true}),
        to_locker({.what = "a mobile number of 9 digits with no-break spaces", .phone = "600\u00a0100\u00a0200"}),
        to_locker({.what = "copied from a telephone: marks of direction, typographic dashes",
                   .phone = "\u202a+48 600\u2011100\u2013200\u202c"}),
        to_locker({.what = "a landline at a locker", .phone = "58 301 02 03", .verdict = "bad_phone", .over_http = true}),
        to_locker({.what = "a landline with its old 0", .phone = "(0-58) 301 02 03", .verdict = "bad_phone"}),
        to_locker({.what = "a German mobile number at a Polish locker", .phone = "+49 151 23456789", .verdict = "bad_phone"}),
        to_locker({.what = "one digit short", .phone = "+48 600 100 20", .verdict = "bad_phone"}),
        to_locker({.what = "no point", .point = " ", .verdict = "point_missing", .over_http = true}),
        to_locker({.what = "a dash for a point", .point = "-", .verdict = "point_missing"}),
        to_locker({.what = "0 for a point and no telephone", .phone = "", .point = "0", .verdict = "bad_phone point_missing"}),
        to_locker({.what = "a point whose form we do not know: only the courier can tell", .point = "POP KRA-12/b"}),
        {.what = "no telephone", .phone = "", .verdict = "bad_phone", .over_http = true},
        {.what = "two numbers with a slash", .phone = "600100200/601200300", .verdict = "bad_phone"},
        {.what = "two numbers with a comma", .phone = "600 100 200, 601 200 300", .verdict = "bad_phone", .over_http = true},
        {.what = "an extension", .phone = "58 301 02 03 wew. 12", .verdict = "bad_phone"},
        {.what = "a landline for a courier to the door", .phone = "058 301-02-03"},
        {.what = "an address for mails in the telephone", .phone = "anna@example.com", .verdict = "bad_phone"},
        {.what = "26600 for 26-600", .postcode = "26600", .verdict = "bad_postcode", .over_http = true},
        {.what = "a post code with spaces round the dash", .postcode = "26 - 600", .verdict = "bad_postcode"},
        {.what = "a typographic dash in the post code", .postcode = "26\u2013600", .verdict = "bad_postcode"},
        {.what = "no post code", .postcode = "", .verdict = "bad_postcode"},
        {.what = "a street of 60 characters", .street = sixty, .verdict = "street_too_long", .over_http = true},
        {.what = "a street of 40 characters, letters of two bytes", .street = "ul. Żółćęśąźńłó Żółćęśąźńłó Żółćęśą 12/3"},
        {.what = "a street of 41 characters, letters of two bytes",
         .street = "ul. Żółćęśąźńłó Żółćęśąźńłó Żółćęśą 112/3",
         .verdict = "street_too_long"},
        {.what = "a street without a house number: villages have those", .street = "Wola Mala"},
        {.what = "a name of 36 characters",
         .name = "Maria Aleksandra Curie-Sklodowska-Xy",
         .verdict = "name_too_long",
         .over_http = true},
        {.what = "a name of 35 characters", .name = "Maria Aleksandra Curie-Sklodowska-X"},
        {.what = "a company only", .name = "", .company = "ACME sp. z o.o."},
        {.what = "a company of 48 characters beside a short name",
         .company = "Przedsiebiorstwo Handlowo-Uslugowe KOWALSKI S.K.",
         .verdict = "name_too_long"},
        {.what = "nobody at all", .name = "", .verdict = "field_invalid"},
        {.what = "emoji in the name",
         .name = "Anna \U0001F496 Z\u00f3\u0142\u0107 \U0001F469\u200D\U0001F467",
         .over_http = true},
        {.what = "emoji for a name", .name = "\U0001F496\U0001F496", .verdict = "field_invalid"},
        {.what = "everything at once",
         .postcode = "26600",
         .phone = "12",
         .street = sixty,
         .verdict = "bad_phone street_too_long bad_postcode",
         .over_http = true},
        {.what = "no country", .country = "", .verdict = "no_courier_rule"},
        to("", "10115", {.what = "no country, abroad", .phone = "+49 30 1234567", .verdict = "no_country"}),
        to("DE", "10115", {.what = "umlauts", .phone = "030 1234567", .street = "Große Straße 12", .name = "Jörg Müßig"}),
        to("DE", "1011", {.what = "a German post code of 4 digits", .phone = "030 1234567", .verdict = "bad_postcode"}),
        to("EL", "105 57",
           {.what = "Greece as EL, Greek letters",
            .phone = "+30 694 123 4567",
            .street = "Ερμού 12, Αθήνα",
            .name = "Γιώργος Παπαδόπουλος",
            .over_http = true}),
        to("GR", "1055", {.what = "Greece as GR, a digit short", .phone = "694 123 4567", .verdict = "bad_postcode"}),
        to("UK", "SW1A 1AA", {.what = "the United Kingdom as UK", .phone = "07911 123456", .over_http = true}),
        to("GB", "BT1 5GS", {.what = "Northern Ireland as GB", .phone = "028 9032 0202"}),
        to("XI", "BT1 5GS", {.what = "Northern Ireland as XI", .phone = "+44 28 9032 0202"}),
        to("GB", "10115", {.what = "a German post code in the United Kingdom", .verdict = "bad_postcode"}),
        to("IE", "D02 X285", {.what = "an Eircode", .phone = "+353 86 123 4567"}),
        to("IE", "Dublin 2", {.what = "a postal district for an Eircode", .phone = "086 123 4567", .verdict = "bad_postcode"}),
        to("NL", "1012ab", {.what = "a Dutch post code without its space", .phone = "06-12345678"}),
        to("NL", "1012", {.what = "a Dutch post code without its letters", .verdict = "bad_postcode"}),
        to("PT", "1000-001", {.what = "Portugal", .phone = "+351 912 345 678"}),
        to("PT", "1000", {.what = "an old Portuguese post code", .verdict = "bad_postcode"}),
        to("ES", "35001", {.what = "the Canary Islands as ES", .phone = "+34 612 345 678"}),
        to("IC", "35001", {.what = "the Canary Islands as IC", .phone = "612 345 678"}),
        to("IC", "3500", {.what = "the Canary Islands, a digit short", .verdict = "bad_postcode"}),
        to("US", "10001", {.what = "New York with its state", .phone = "(212) 555-0100", .state = "NY"}),
        to("US", "10001", {.what = "no state", .phone = "(212) 555-0100", .verdict = "field_invalid", .over_http = true}),
        to("CA", "K1A0B1", {.what = "no province", .phone = "1 613 555 0100", .verdict = "field_invalid"}),
        to("JP", "anything", {.what = "a country of which we know no forms", .phone = "+81 90 1234 5678"}),
    };
    return cases;
}

} // namespace blongo::contacts
