// SPDX-License-Identifier: Apache-2.0
// Reports after runs against the sandbox: what a courier is to be paid for, what it collects, the page.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "support/e2e/commands.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

constexpr std::int64_t n = 84512301;

json::Value cash(const char* delivery) {
    return json::Value::object()
        .set("payment_method_cod", true)
        .set("delivery_price", json::Value::number(delivery))
        .set("currency", "PLN");
}

/// Moves a booking, and answers the only row of a report of that month.
void booked_at(const Installation& installation, std::int64_t order, const std::string& utc) {
    edit_state(installation, "UPDATE deliveries SET booked_at = strftime('%s', '" + utc +
                                 "') * 1000 WHERE order_id = " + std::to_string(order));
}

} // namespace

TEST_CASE("report parcels and report cod count a month by local days, exactly, without a request") {
    Shop shop;
    shop.order(n, cash("9.99"));
    shop.order(n + 1, cash("0.01"));
    shop.order(n + 2);
    for (int i = 0; i < 3; ++i) shop.send(n + i);
    REQUIRE(said(shop.installation, {"shipments", "send"}).exit_code == 0);
    // The last minute of October in UTC is November in Warsaw.
    booked_at(shop.installation, n, "2026-10-31 23:30:00");
    booked_at(shop.installation, n + 1, "2026-11-01 12:00:00");
    booked_at(shop.installation, n + 2, "2026-11-30 22:59:00");
    shop.sandbox.reset_journal();

    const auto parcels = lines_of(said(shop.installation, {"report", "parcels", "--month", "2026-11", "--json"}), "parcels");
    REQUIRE(parcels.size() == 2);
    CHECK(parcels[0]["day"].text() == "2026-11-01");
    CHECK(parcels[0]["courier"].text() == "dpd");
    CHECK(parcels[0]["account_id"].integer() == 58381);
    CHECK(parcels[0]["shipments"].integer() == 2);
    CHECK(parcels[0]["parcels"].integer() == 2);
    CHECK(parcels[0]["cod"].dump() == R"([{"amount":35.00,"currency":"PLN"}])");
    CHECK(parcels[1]["day"].text() == "2026-11-30");
    CHECK(parcels[1]["cod"].size() == 0);
    const auto cod = lines_of(said(shop.installation, {"report", "cod", "--month", "2026-11", "--json"}), "cod");
    REQUIRE(cod.size() == 1);
    CHECK(cod[0]["amount"].text() == "35.00");
    CHECK(cod[0]["shipments"].integer() == 2);

    const auto text = said(shop.installation, {"report", "parcels", "--month", "2026-11"});
    expect_text(text.out, "demo 2026-11: dpd 58381: 3 shipments, 3 parcels, 2 with COD 35.00 PLN\n");
    const auto csv = said(shop.installation, {"report", "cod", "--month", "2026-11", "--format", "csv"});
    CHECK(csv.out == "connection,day,courier,account_id,shipments,amount,currency\r\ndemo,2026-11-01,dpd,58381,2,35.00,PLN\r\n");
    expect_text(said(shop.installation, {"report", "cod", "--month", "2026-10"}).out, "no cash on delivery was booked");
    expect_text(said(shop.installation, {"report", "parcels", "--month", "2026-10"}).out, "nothing was booked in this month");
    CHECK(shop.sandbox.calls("baselinker") + shop.sandbox.calls("ongoing") == 0);

    // What was cancelled is no parcel to pay for, but the courier may think otherwise.
    CHECK(said(shop.installation, {"shipments", "cancel", std::to_string(n + 1)}).exit_code == 0);
    const auto after = lines_of(said(shop.installation, {"report", "parcels", "--month", "2026-11", "--json"}), "parcels");
    REQUIRE_FALSE(after.empty());
    CHECK(after[0]["shipments"].integer() == 1);
    CHECK(after[0]["cancelled"].integer() == 1);
    CHECK(after[0]["cod"].dump() == R"([{"amount":22.49,"currency":"PLN"}])");
}

TEST_CASE("a month that is none is a usage error") {
    Sandbox sandbox;
    Installation installation(sandbox);
    for (const char* none : {"2026-13", "2026", "november", "2026-1-", "2026-011"}) {
        const auto run = installation.blongo({"report", "parcels", "--month", none});
        CHECK(run.exit_code == 2);
        expect_text(run.err, "is not a month");
    }
    CHECK(installation.blongo({"report", "cod"}).exit_code == 0);
}

namespace {

/// Whether a program is installed.
bool installed(const std::string& program) {
    return run({.argv = {"/bin/sh", "-c", "command -v " + program}, .environment = {}, .stdin_text = {}, .working_directory = {}})
               .exit_code == 0;
}

/// Pixels by which the page is wider than the window: Chromium writes what it laid out into the page's title.
std::string overflow_of(const std::string& file, int width, const TempDir& folder) {
    const std::string frame = folder / "frame.html";
    std::ofstream(frame) << "<body style=\"margin:0\"><iframe id=\"f\" src=\"file://" << file
                         << "\" style=\"border:0;width:" << width
                         << "px;height:9000px\"></iframe><script>onload = () => { const e = "
                            "document.getElementById('f').contentDocument.documentElement; document.title = 'over ' + "
                            "(e.scrollWidth - e.clientWidth) + ' of ' + e.clientWidth; }</script></body>";
    const auto ran =
        run({.argv = {"chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                      "--disable-background-networking", "--disable-component-update", "--disable-sync",
                      "--allow-file-access-from-files", "--user-data-dir=" + (folder / ("profile" + std::to_string(width))),
                      "--virtual-time-budget=2000", "--dump-dom", "file://" + frame},
             .environment = {{"HOME", folder / ""}},
             .stdin_text = {},
             .working_directory = {}});
    const auto begin = ran.out.find("<title>");
    return begin == std::string::npos ? ran.err : ran.out.substr(begin + 7, ran.out.find("</title>") - begin - 7);
}

} // namespace

TEST_CASE("the page is one file that asks nothing of others, escapes what it shows, and fits a phone") {
    Shop shop;
    shop.order(n, cash("9.99"));
    shop.order(n + 1, json::Value::object().set("phone", "1").set("delivery_fullname", "Jan <script>alert(1)</script>"));
    shop.send(n);
    shop.send(n + 1);
    shop.sandbox.base_orders(base_order(n + 2, {base_line("<script>alert(2)</script>" + std::string(60, 'X'), 1)}));
    CHECK(sync_orders(shop.installation).exit_code == 3);
    CHECK(said(shop.installation, {"shipments", "send"}).exit_code == 3);
    shop.sandbox.reset_journal();
    const std::string file = shop.installation.folder() / "page.html";
    REQUIRE(said(shop.installation, {"report", "--format", "html", "--out", file}).exit_code == 0);
    const auto printed = shop.installation.blongo({"report", "--format", "html"});
    CHECK(shop.sandbox.calls("baselinker") + shop.sandbox.calls("ongoing") == 0);
    CHECK((std::filesystem::status(file).permissions() & std::filesystem::perms::others_all) == std::filesystem::perms::none);
    const std::string& html = printed.out;
    for (const char* outside : {"http:", "https:", "url(", "<script", "src=", "@import", "<link"}) expect_no_text(html, outside);
    for (const char* part : {"<!DOCTYPE html>", "key_too_long", "courier_rejected", "84512303", "&lt;script&gt;alert(2)",
                             "Shipments that were booked per hour, last 3 days: 1 in all", "The newest runs"})
        expect_text(html, part);
    for (const char* name : {"Kowalski", "Polna", "600100200"}) expect_no_text(html, name);

    const auto seller = shop.installation.blongo({"report", "--format", "html", "--for", "seller"});
    for (const char* left_out : {"alert(2)", "<code>blongo", "Runs and requests", "Nieprawid"})
        expect_no_text(seller.out, left_out);
    expect_text(seller.out, "84512303");

    const auto rows = lines_of(said(shop.installation, {"report", "--json"}), "report");
    const auto parts = [&](const std::string& part) {
        return std::ranges::count_if(rows, [&](const json::Value& row) { return row["part"].text() == part; });
    };
    CHECK(parts("waiting") == 2);
    CHECK(parts("oldest_unimported") == 1);
    CHECK(parts("hour") >= 1);
    CHECK(parts("run") >= 3);
    expect_text(said(shop.installation, {"report", "--format", "csv"}).out,
                "connection,part,flow,key,order_number,cause,owner,since");
    CHECK(shop.installation.blongo({"report", "--out", file}).exit_code == 2);
    CHECK(shop.installation.blongo({"report", "--for", "x"}).exit_code == 2);
    CHECK(shop.installation.blongo({"report", "--for", "seller", "cod"}).exit_code == 2);
    CHECK(shop.installation.blongo({"status", "--format", "html"}).exit_code == 2);

    const auto parsed =
        run({.argv = {"xmllint", "--noout", "--nonet", file}, .environment = {}, .stdin_text = {}, .working_directory = {}});
    CHECK(parsed.err == "");
    CHECK(parsed.exit_code == 0);
    if (!installed("chromium")) {
        WARN("chromium is not installed: the width of the page was not measured");
        return;
    }
    for (const int width : {400, 1400})
        CHECK(overflow_of(file, width, shop.installation.folder()) == "over 0 of " + std::to_string(width));
}
