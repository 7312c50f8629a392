// SPDX-License-Identifier: Apache-2.0
#include "buyer.hpp"

#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

namespace blongo::test {

namespace {

const std::string street = "Ulica Zgubionych Kluczy 77", mail = "qx.zaremba@unikat.example", company = "Qxfirma Sp. z o.o.",
                  city = "Zakopane Qxdolne", login = "qxlogin-buyer", comment = "Dzwonek qxnie dziala",
                  link = "https://orders.example/qxsecretlink";

} // namespace

const std::vector<std::string>& personal() {
    static const std::vector<std::string> all{
        buyer_name, "Qxzaremba", street,  "Zgubionych Kluczy", buyer_phone, "613579246", mail, company,
        city,       login,       comment, "qxsecretlink",      buyer_iban};
    return all;
}

json::Value buyer() {
    return with("delivery_fullname", buyer_name)
        .set("delivery_address", street)
        .set("phone", buyer_phone)
        .set("email", mail)
        .set("delivery_company", company)
        .set("delivery_city", city)
        .set("user_login", login)
        .set("user_comments", comment)
        .set("order_page", link)
        .set("invoice_fullname", buyer_name)
        .set("invoice_address", street)
        .set("invoice_city", city);
}

std::string slurp(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void expect_clean(const std::string& text, const std::string& where) {
    for (const std::string& part : personal()) {
        INFO(where << " holds " << part);
        CHECK(text.find(part) == std::string::npos);
    }
}

void expect_nothing_personal(const std::filesystem::path& folder) {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        ++files;
        expect_clean(slurp(entry.path()), entry.path());
    }
    CHECK(files > 2);
}

} // namespace blongo::test
