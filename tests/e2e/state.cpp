// SPDX-License-Identifier: Apache-2.0
// state check, backup, move, rebuild: the real binary, both services, SQLite and PostgreSQL.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include <catch2/catch.hpp>

#include "support/e2e/commands.hpp"
#include "support/e2e/shipments.hpp"
#include "support/postgres.hpp"

using namespace blongo;
using namespace blongo::test;
namespace fs = std::filesystem;

namespace {

std::string sqlite_url(const Shop& shop, const std::string& name) {
    return "sqlite://" + (shop.installation.folder() / name);
}

std::string config_of(const Shop& shop) {
    std::ifstream in(shop.installation.config_file());
    return {std::istreambuf_iterator<char>(in), {}};
}

/// From now on the configuration names another state.
void use_state(const Shop& shop, const std::string& url) {
    std::string config = config_of(shop);
    const auto from = std::min(config.find("sqlite://"), config.find("postgresql://")), to = config.find('"', from);
    config.replace(from, to - from, url);
    shop.installation.write_config(config);
}

/// A shop with three orders of which two were sent, booked and labelled.
struct BusyShop : Shop {
    BusyShop() {
        orders(101, 3);
        send(101);
        send(102);
        CHECK(said(installation, {"run"}).exit_code == 0);
        REQUIRE(packages() == 2);
    }
    /// Nothing is left to do: a run of everything writes nothing that buys, creates or prints.
    void expect_settled() {
        const auto before = packages();
        const auto jobs = sandbox.get("/_admin/ongoing/print-jobs").size();
        sandbox.reset_journal();
        const Finished run = said(installation, {"run"});
        CHECK(run.exit_code == 0);
        CHECK(packages() == before);
        CHECK(sandbox.calls("baselinker", "createPackage") == 0);
        CHECK(sandbox.calls("ongoing", "PUT /orders") == 0);
        CHECK(sandbox.get("/_admin/ongoing/print-jobs").size() == jobs);
        CHECK(sandbox.orders().size() == 3); // by number: one twice throws
        CHECK(sandbox.violations().empty());
    }
};

int mode_of(const std::string& file) {
    return static_cast<int>(fs::status(file).permissions()) & 0777;
}

} // namespace

TEST_CASE("a state moves to PostgreSQL and back, and the old configuration is told where it went", "[state]") {
    BusyShop shop;
    const std::string database = PostgresServer::instance().make_database();
    const Finished moved = said(shop.installation, {"state", "move", "--to", database});
    REQUIRE(moved.exit_code == 0);
    expect_text(moved.out, "moved to postgresql://");
    expect_text(moved.out, "url = \"" + database + "\"");
    expect_text(moved.out, "2 label files");
    const std::int64_t writes = shop.sandbox.writes();
    for (const std::vector<std::string>& old : {std::vector<std::string>{"run"},
                                                {"send", "103"},
                                                {"status"},
                                                {"shipments", "list"},
                                                {"run", "-n"},
                                                {"shipments", "watch"},
                                                {"state", "check"}}) {
        const Finished refused = said(shop.installation, old);
        CHECK(refused.exit_code == 2);
        expect_text(refused.err, "has moved to postgresql://");
        expect_text(refused.err, "url = \"" + database + "\"");
    }
    CHECK(shop.sandbox.writes() == writes);

    use_state(shop, database);
    shop.expect_settled();
    const Finished doctor = said(shop.installation, {"doctor"});
    CHECK(doctor.exit_code == 0);
    expect_no_text(doctor.out, "the folder of the state");
    const Finished label = said(shop.installation, {"label", "101", "--out", shop.installation.folder() / "moved.pdf"});
    CHECK(label.exit_code == 0);
    CHECK(shop.sandbox.calls("baselinker", "getLabel") == 0); // its bytes came along
    shop.send(103);
    CHECK(said(shop.installation, {"run"}).exit_code == 0);
    CHECK(shop.packages(103) == 1);

    const std::string back = sqlite_url(shop, "back.db");
    const Finished returned = said(shop.installation, {"state", "move", "--to", back, "--json"});
    REQUIRE(returned.exit_code == 0);
    const auto rows = lines_of(returned, "state");
    REQUIRE(rows.size() == 1);
    CHECK(rows[0]["done"].text() == "move");
    CHECK(rows[0]["rows"]["orders"].integer() == 3);
    CHECK(rows[0]["rows"]["deliveries"].integer() == 3);
    CHECK(rows[0]["labels"].integer() == 3);
    CHECK(said(shop.installation, {"run"}).exit_code == 2);
    use_state(shop, back);
    shop.expect_settled();
    CHECK(said(shop.installation, {"state", "check"}).exit_code == 0);
}

TEST_CASE("a move says which labels go with the old state, and never those that the new one uses", "[state]") {
    BusyShop shop;
    const std::string folder = shop.installation.folder().path();
    const auto move = [&](const std::string& to) {
        const Finished moved = said(shop.installation, {"state", "move", "--to", to});
        REQUIRE(moved.exit_code == 0);
        use_state(shop, to);
        return moved.out;
    };
    const std::string beside = move(sqlite_url(shop, "beside.db"));
    expect_text(beside, "state.db stays as it was and refuses every run; remove it when the new one works\n");
    expect_text(beside, "the stored labels stay where they are");
    expect_no_text(beside, "labels/");
    fs::create_directory(folder + "/far");
    const std::string far = move("sqlite://" + folder + "/far/state.db");
    expect_text(far, "and its labels: " + fs::canonical(folder).string() + "/labels/1\n");
    expect_no_text(far, "stay where they are");
    fs::remove_all(folder + "/labels");
    const Finished label = said(shop.installation, {"label", "101", "--out", folder + "/kept.pdf"});
    CHECK(label.exit_code == 0);
    CHECK(said(shop.installation, {"state", "check"}).exit_code == 0);

    // With label_dir every SQLite state has the same.
    std::string config = config_of(shop);
    const std::string table = "[connections.demo.shipments]\n";
    const auto at = config.find(table);
    REQUIRE(at != std::string::npos);
    config.insert(at + table.size(), "label_dir = \"" + folder + "/stored\"\n");
    fs::create_directories(folder + "/stored");
    fs::copy(folder + "/far/labels", folder + "/stored", fs::copy_options::recursive);
    shop.installation.write_config(config);
    CHECK(said(shop.installation, {"state", "check"}).exit_code == 0);
    fs::create_directory(folder + "/farther");
    const std::string stored = move("sqlite://" + folder + "/farther/state.db");
    expect_text(stored, "the stored labels stay where they are");
    expect_no_text(stored, "and its labels");
    const std::string database = move(PostgresServer::instance().make_database());
    expect_text(database, "and its labels: " + fs::canonical(folder).string() + "/stored/1\n");
    CHECK(said(shop.installation, {"state", "check"}).exit_code == 0);
}

TEST_CASE("a move waits for a send that is under way, and a watch ends with 2 behind it", "[state]") {
    BusyShop shop;
    auto watch = shop.installation.start({"shipments", "watch", "--every", "100ms"});
    shop.sandbox.fault(json::Value::object()
                           .set("side", "baselinker")
                           .set("operation", "createPackage")
                           .set("nth", 1)
                           .set("fault", "stall")
                           .set("milliseconds", 1500));
    shop.send(103);
    for (int i = 0; i < 100 && shop.sandbox.calls("baselinker", "createPackage") < 3; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    const Finished impatient = said(shop.installation, {"state", "move", "--to", sqlite_url(shop, "early.db"), "--wait", "0s"});
    CHECK(impatient.exit_code == 11);
    expect_text(impatient.err, "is at a write of this state");
    CHECK(said(shop.installation, {"state", "move", "--to", sqlite_url(shop, "new.db")}).exit_code == 0);
    const Finished ended = watch->wait();
    CHECK(ended.exit_code == 2);
    expect_text(ended.err, "has moved to sqlite://");
    CHECK(shop.packages(103) == 1);
    use_state(shop, sqlite_url(shop, "new.db"));
    CHECK(said(shop.installation, {"run"}).exit_code == 0);
    shop.expect_settled();
}

TEST_CASE("a watch goes on when PostgreSQL has ended its sessions", "[state]") {
    Shop shop;
    PostgresServer& server = PostgresServer::instance();
    const std::string url = server.make_database();
    use_state(shop, url);
    shop.orders(101, 2);
    const auto watch = shop.installation.start({"shipments", "watch", "--every", "200ms"});
    shop.send(101);
    watch->wait_until([&] { return shop.files(101).size() == 1; });
    (void)server.sql("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" +
                                     PostgresServer::database_of(url) + "'");
    shop.send(102);
    watch->wait_until([&] { return shop.files(102).size() == 1; }, std::chrono::seconds{30});
    watch->signal(SIGTERM);
    CHECK(watch->wait().exit_code == 128 + SIGTERM);
}

TEST_CASE("a move that cannot be is refused, and nothing has changed", "[state]") {
    BusyShop shop;
    const auto refused = [&](const std::string& to, int code, const std::string& why) {
        const Finished move = said(shop.installation, {"state", "move", "--to", to});
        CHECK(move.exit_code == code);
        expect_text(move.err, why);
    };
    refused("mysql://x/y", 2, "neither sqlite:// nor postgresql://");
    refused("postgresql://u:secret@h/b", 2, "holds a password");
    refused(sqlite_url(shop, "state.db"), 2, "is there already");
    refused("sqlite://" + (shop.installation.folder() / "absent/deeper/state.db"), 1, "cannot be made");
    CHECK(said(shop.installation, {"state", "move"}).exit_code == 2);
    shop.expect_settled();
}

TEST_CASE("a backup is one private file, and put back it is the state, labels included", "[state]") {
    BusyShop shop;
    const std::string file = shop.installation.folder() / "backup.db";
    const Finished made = said(shop.installation, {"state", "backup", file});
    REQUIRE(made.exit_code == 0);
    expect_text(made.out, "with 2 labels, checked");
    CHECK(mode_of(file) == 0600);
    CHECK_FALSE(fs::exists(file + "-wal"));
    CHECK(said(shop.installation, {"state", "backup", file}).exit_code == 0); // a later one takes its place

    for (const std::string& bad :
         {shop.installation.folder() / "state.db", shop.installation.config_file(), std::string("/absent/x")}) {
        const Finished refused = said(shop.installation, {"state", "backup", bad});
        CHECK(refused.exit_code != 0);
        CHECK(fs::exists(shop.installation.config_file()));
    }
    for (const char* part : {"", "-wal", "-shm"}) fs::remove(shop.installation.folder() / ("state.db" + std::string(part)));
    fs::remove_all(shop.installation.folder() / "labels");
    fs::copy(file, shop.installation.folder() / "state.db");
    CHECK(said(shop.installation, {"state", "check"}).exit_code == 0);
    shop.sandbox.reset_journal();
    CHECK(said(shop.installation, {"label", "102", "--out", shop.installation.folder() / "put-back.pdf"}).exit_code == 0);
    CHECK(shop.sandbox.calls("baselinker", "getLabel") == 0);
    shop.expect_settled();
}

TEST_CASE("a backup takes the place of a backup only, never of a state or of another program's database", "[state]") {
    BusyShop shop;
    Shop other;
    other.order(501);
    const auto backup = [&](const std::string& file) { return said(shop.installation, {"state", "backup", file}); };
    const auto whole = [&] { return lines_of(other.installation.blongo({"orders", "list", "--json"}), "order").size() == 1; };
    const std::string theirs = other.installation.folder() / "state.db";
    const auto refused = [&](const std::string& file, const std::string& why) {
        const Finished made = backup(file);
        CHECK(made.exit_code == 2);
        expect_text(made.err, why);
    };
    refused(theirs, "state.db.schema.lock is there");
    for (const auto& entry : fs::directory_iterator(other.installation.folder().path()))
        if (entry.path().extension() == ".lock") fs::remove(entry.path());
    refused(theirs, "blongo state backup did not make it");
    CHECK(whole());

    // Somebody else's database, and a log that would be taken for the backup's.
    const std::string foreign = shop.installation.folder() / "foreign.db", fresh = shop.installation.folder() / "fresh.db";
    fs::copy(theirs, foreign);
    refused(foreign, "did not make it");
    CHECK(fs::file_size(foreign) == fs::file_size(theirs));
    write_file(fresh + "-wal", "x");
    refused(fresh, "fresh.db-wal is there");
    CHECK_FALSE(fs::exists(fresh));

    // Put back, a backup is a state: no later one replaces it, with or without its locks beside.
    fs::remove(theirs);
    const std::string file = other.installation.folder() / "backup.db";
    REQUIRE(backup(file).exit_code == 0);
    REQUIRE(backup(file).exit_code == 0);
    fs::copy(file, theirs);
    REQUIRE(said(shop.installation, {"status", "--state", "sqlite://" + theirs}).exit_code == 0);
    REQUIRE(said(shop.installation, {"run", "--state", "sqlite://" + theirs}).exit_code == 0);
    refused(theirs, "state.db.schema.lock is there");
    fs::remove(theirs + ".schema.lock");
    refused(theirs, "did not make it");
    REQUIRE(backup(file).exit_code == 0);
}

TEST_CASE("backups made while runs write are whole", "[state]") {
    Shop shop;
    shop.orders(201, 6);
    auto watch = shop.installation.start({"shipments", "watch", "--every", "100ms"});
    for (int i = 0; i < 6; ++i) {
        shop.send(201 + i);
        const std::string file = shop.installation.folder() / ("busy-" + std::to_string(i) + ".db");
        const Finished made = said(shop.installation, {"state", "backup", file});
        CHECK(made.exit_code == 0);
        const Finished check = said(shop.installation, {"state", "check", "--state", "sqlite://" + file});
        CHECK(check.exit_code == 0);
    }
    watch->signal(SIGTERM);
    CHECK(watch->wait().exit_code == 143);
}

TEST_CASE("a state in PostgreSQL says how it is copied, and the command copies it", "[state]") {
    BusyShop shop;
    auto& server = PostgresServer::instance();
    const std::string database = server.make_database();
    REQUIRE(said(shop.installation, {"state", "move", "--to", database}).exit_code == 0);
    use_state(shop, database);
    const std::string file = shop.installation.folder() / "it's.dump";
    const Finished told = said(shop.installation, {"state", "backup", file, "--json"});
    CHECK(told.exit_code == 2);
    CHECK_FALSE(fs::exists(file));
    const auto errors = lines_of(told, "error");
    REQUIRE(errors.size() == 1);
    const std::string command(errors[0]["remedy"].text());
    expect_text(command, "pg_dump");
    Spawn shell;
    shell.argv = {"/bin/sh", "-c", command};
    const Finished dumped = run(std::move(shell));
    INFO(dumped.err);
    CHECK(dumped.exit_code == 0);
    CHECK(mode_of(file) == 0600);
    CHECK(fs::file_size(file) > 1000);
}

TEST_CASE("state check finds what is broken, names it, and changes nothing", "[state]") {
    BusyShop shop;
    const auto check = [&](int code, const std::string& part) {
        const Finished found = said(shop.installation, {"state", "check", "--json"});
        CHECK(found.exit_code == code);
        for (const auto& row : lines_of(found, "state")) {
            INFO("only " << part << " is wrong: " << row.dump());
            CHECK(row["ok"].is_true() == (row["check"].text() != part));
        }
    };
    check(0, "");
    const std::string state = shop.installation.folder() / "state.db";
    const auto sql = [&](const std::string& text) { (void)read_any_state(shop.installation, text); };
    sql("INSERT INTO holds VALUES (77, 1, 1, 'x', 'y')");
    check(1, "connections");
    sql("DELETE FROM holds WHERE connection = 77");
    sql("UPDATE deliveries SET state = 1 WHERE order_id = 101");
    check(1, "bookings");
    sql("UPDATE deliveries SET state = 4 WHERE order_id = 101");
    sql("INSERT INTO due (connection, kind, key, at, payload, attempt) VALUES (1, 'delivery', '999:1', 1, '{}', 0)");
    check(1, "due");
    sql("DELETE FROM due WHERE key = '999:1'");
    sql("INSERT INTO due (connection, kind, key, at, payload, attempt) VALUES (1, 'delivery', 'x:1', 1, '{}', 0)");
    check(1, "due");
    for (const auto& row : lines_of(said(shop.installation, {"state", "check", "--json"}), "state"))
        if (row["check"].text() == "due") CHECK(row["count"].integer() == 1);
    sql("DELETE FROM due WHERE key = 'x:1'");
    sql("INSERT INTO intents (connection, key, action, payload, fingerprint, state, result, host, pid, epoch, attempt, created, "
        "send_deadline) VALUES (1, 'order:5', 'put_order', 'no json', '', 0, '', 'h', 1, 0, 1, 1, 1)");
    check(1, "writes");
    sql("DELETE FROM intents WHERE key = 'order:5'");
    for (const auto& file : fs::directory_iterator(shop.installation.folder() / "labels/1")) {
        std::ofstream(file.path(), std::ios::app) << "x";
        break;
    }
    check(1, "labels");
    sql("UPDATE labels SET erased = 1");
    check(0, "");
    fs::permissions(state, fs::perms::group_read, fs::perm_options::add);
    check(1, "permissions");
    sql("ALTER TABLE holds DROP COLUMN reason");
    check(1, "schema");
}

TEST_CASE("a damaged file is found by state check", "[state]") {
    BusyShop shop;
    shop.orders(301, 30);
    const std::string state = shop.installation.folder() / "state.db";
    (void)read_any_state(shop.installation, "PRAGMA wal_checkpoint(TRUNCATE)");
    const auto size = fs::file_size(state);
    std::fstream file(state, std::ios::in | std::ios::out | std::ios::binary);
    for (std::uintmax_t at = 4096 * 3 + 100; at + 400 < size; at += 4096 * 2) {
        file.seekp(static_cast<std::streamoff>(at));
        file << std::string(300, '\x7f');
    }
    file.close();
    const Finished found = said(shop.installation, {"state", "check"});
    CHECK(found.exit_code == 1);
}

TEST_CASE("a lost state is learnt again, and nothing is booked or sent a second time", "[state]") {
    BusyShop shop;
    const auto orders_before = lines_of(shop.installation.blongo({"orders", "list", "--json"}), "order");
    const auto sent_before = deliveries_of(shop.installation);
    const Finished refused = said(shop.installation, {"state", "rebuild"});
    CHECK(refused.exit_code == 7);
    expect_text(refused.err, "the state is not lost");

    for (const char* part : {"state.db", "state.db-wal", "state.db-shm"}) fs::remove(shop.installation.folder() / part);
    fs::remove_all(shop.installation.folder() / "labels");
    shop.sandbox.reset_journal();
    const Finished rebuilt = said(shop.installation, {"state", "rebuild"});
    CHECK(rebuilt.exit_code == 0);
    expect_text(rebuilt.out, "3 in Ongoing");
    expect_no_text(rebuilt.out, "DOES NOT CLOSE");
    CHECK(shop.sandbox.writes() == 0);
    CHECK(said(shop.installation, {"state", "check"}).exit_code == 0);
    CHECK(said(shop.installation, {"check", "--exit-code"}).exit_code == 0);

    const auto orders_after = lines_of(shop.installation.blongo({"orders", "list", "--json"}), "order");
    REQUIRE(orders_after.size() == orders_before.size());
    const auto sent_after = deliveries_of(shop.installation);
    REQUIRE(sent_after.size() == sent_before.size());
    for (std::size_t i = 0; i < sent_after.size(); ++i) {
        CHECK(sent_after[i]["package_id"] == sent_before[i]["package_id"]);
        CHECK(sent_after[i]["package_number"] == sent_before[i]["package_number"]);
        CHECK(sent_after[i]["state"] == sent_before[i]["state"]);
    }
    shop.expect_settled();
    // The warehouse goes on: what was not sent before is, once.
    shop.send(103);
    CHECK(said(shop.installation, {"run"}).exit_code == 0);
    CHECK(shop.packages(103) == 1);
    // Send pressed again on what is booked buys nothing.
    shop.sandbox.post("/_admin/ongoing/work", json::Value::object().set("orderNumber", "101").set("action", "send"));
    CHECK(said(shop.installation, {"run"}).exit_code == 0);
    CHECK(shop.packages(101) == 1);
}
