// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <csignal>
#include <filesystem>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "support/e2e/commands.hpp"
#include "support/e2e/orders.hpp"

using namespace blongo;
using namespace blongo::test;

namespace {

using Strings = std::vector<std::string>;
/// Questions, or the part of one that names it, with what is typed.
using Answers = std::vector<std::pair<std::string, std::string>>;

const std::string good_token = "sandbox-token", wrong_token = "wrong-token-0815";
const std::string good_password = "sandbox-password", wrong_password = "wrong-password-0815";
constexpr std::uint16_t narrow = 60; ///< columns

/// `blongo init` at a pseudo terminal: what it shows is waited for, then typed to.
class Typist {
public:
    explicit Typist(const Strings& arguments, std::uint16_t columns = 0) {
        Strings all = arguments;
        all.insert(all.begin(), blongo_binary());
        std::vector<char*> argv;
        for (auto& text : all) argv.push_back(text.data());
        argv.push_back(nullptr);
        const winsize size{24, columns, 0, 0};
        pid_ = ::forkpty(&fd_, nullptr, nullptr, &size);
        if (pid_ < 0) throw std::runtime_error("forkpty failed");
        if (pid_ == 0) {
            ::unsetenv("BLONGO_CONFIG");
            ::setenv("TERM", "dumb", 1);
            ::execv(argv[0], argv.data());
            ::_exit(127);
        }
    }
    ~Typist() {
        if (!ended_) {
            ::kill(pid_, SIGKILL);
            (void)::waitpid(pid_, nullptr, 0);
        }
        ::close(fd_);
    }
    Typist(const Typist&) = delete;
    Typist& operator=(const Typist&) = delete;

    void type(const std::string& text) const {
        REQUIRE(::write(fd_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    }
    /// Waits for a question, which stands behind what was read before, and answers it.
    void answer(const std::string& question, const std::string& text) {
        wait_for(question);
        type(text + "\n");
    }
    void answer(const Answers& answers) {
        for (const auto& [question, text] : answers) answer(question, text);
    }
    void wait_for(const std::string& text) {
        for (std::size_t at; (at = shown_.find(text, seen_)) == std::string::npos;)
            if (!pump()) throw std::runtime_error("never asked: " + text + "\n" + shown_);
        seen_ = shown_.find(text, seen_) + text.size();
    }
    int end() {
        while (pump()) {
        }
        int status = 0;
        ::waitpid(pid_, &status, 0);
        ended_ = true;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    [[nodiscard]] const std::string& shown() const { return shown_; }

private:
    bool pump() {
        pollfd ready{fd_, POLLIN, 0};
        if (::poll(&ready, 1, 60'000) <= 0) throw std::runtime_error("nothing more came\n" + shown_);
        char buffer[4096];
        const ssize_t got = ::read(fd_, buffer, sizeof buffer);
        if (got <= 0) return false;
        shown_.append(buffer, static_cast<std::size_t>(got));
        return true;
    }
    pid_t pid_ = -1;
    int fd_ = -1;
    bool ended_ = false;
    std::string shown_;
    std::size_t seen_ = 0;
};

struct Place {
    TempDir folder;
    [[nodiscard]] std::string config() const { return folder / "etc/blongo.toml"; }
    [[nodiscard]] std::string at(const std::string& name) const { return folder / ("etc/" + name); }
    [[nodiscard]] std::string state() const { return "sqlite://" + (folder / "state.db"); }
    [[nodiscard]] Strings at_terminal(const Sandbox& sandbox) const {
        return {"init", "-c", config(), "--state", state(), "--baselinker-url", sandbox.url() + "/connector.php"};
    }
    [[nodiscard]] Finished run(const Strings& arguments) const {
        Spawn spawn;
        spawn.argv = {blongo_binary()};
        spawn.argv.insert(spawn.argv.end(), arguments.begin(), arguments.end());
        spawn.environment["BLONGO_CONFIG"] = config();
        return test::run(spawn);
    }
    void secret(const std::string& name, const std::string& text) const {
        write_file(folder / name, text + "\n");
        REQUIRE(chmod((folder / name).c_str(), 0600) == 0);
    }
    /// All answers by options.
    [[nodiscard]] Strings options(const Sandbox& sandbox, const std::string& name = "acme",
                                  const std::string& inventory = "307") const {
        secret("t", good_token);
        secret("p", good_password);
        Strings out = at_terminal(sandbox);
        for (const std::string& more :
             Strings{name, "--token-file", folder / "t", "--inventory", inventory, "--ongoing-url", sandbox.url() + "/sandbox",
                     "--username", "WSI-SANDBOX", "--password-file", folder / "p", "--goods-owner", "1", "--status", "8069",
                     "--cancel-status", "8073", "--start-from", "2020-01-01T00:00:00Z"})
            out.push_back(more);
        return out;
    }
};

int mode_of(const std::string& file) {
    struct stat info {};
    return ::stat(file.c_str(), &info) == 0 ? static_cast<int>(info.st_mode & 07777) : -1;
}

std::size_t files_in(const TempDir& folder) {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) ++count;
    return count;
}

json::Value by_locker(std::int64_t id) {
    return one_piece(id, json::Value::object()
                             .set("delivery_method", "InPost Paczkomaty")
                             .set("delivery_point_id", "LOD01N")
                             .set("delivery_package_module", "paczkomaty"));
}

/// Up to the password, with a wrong token, catalogue and password on the way. The address may have what follows it in
/// Ongoing's documentation.
Answers about_the_sides(const Sandbox& sandbox) {
    return {{"Name of the connection", "Not A Name"},
            {"Name of the connection", "acme"},
            {"BaseLinker API token", wrong_token},
            {"BaseLinker API token", good_token},
            {"Catalogue (number or name)", "999"},
            {"Catalogue (number or name)", "307"},
            {"Address of Ongoing's API", sandbox.url() + "/sandbox/api/v1/"},
            {"API user of Ongoing", "WSI-SANDBOX"},
            {"Goods owner id", "1"},
            {"Password of the API user", wrong_password},
            {"Address of Ongoing's API", ""},
            {"API user of Ongoing", ""},
            {"Goods owner id", ""},
            {"Password of the API user", good_password}};
}

/// Questions that an empty line answers.
const Strings with_defaults{"status_after_import",         "status_on_error", "status_after_send",
                            "status_after_cancel_refused", "mean Send",       "Ongoing's stock"};

} // namespace

TEST_CASE("init asks at a terminal, checks each answer at once, and writes what works") {
    Sandbox sandbox({"--products", "20"});
    sandbox.base_orders(by_locker(1));
    sandbox.base_orders(one_piece(2, json::Value::object().set("delivery_method", "Odbiór osobisty")));
    const Place place;
    Typist typist(place.at_terminal(sandbox));
    typist.answer(about_the_sides(sandbox));
    typist.wait_for("8069  Do magazynu");
    typist.answer("to the warehouse", "do magazynu, 4711");
    typist.wait_for("there is no '4711'");
    typist.answer({{"to the warehouse", "do magazynu"}, {"mean: cancelled", "8069"}});
    typist.wait_for("cannot mean cancelled as well");
    typist.answer({{"mean: cancelled", "8073"},
                   {"status_after_import", "8070"},
                   {"status_on_error", "8072"},
                   {"status_after_send", "none"},
                   {"status_after_cancel_refused", ""}});
    typist.wait_for("confirmed orders that wait in status 8069 Do magazynu: 2");
    typist.answer({{"start_from", "yesterday"}, {"start_from", "2020-01-01"}, {"start_from", "2020-07-01 06:30"}});
    // Delivery methods: most frequent first, and both once: by name.
    typist.answer({{"mean Send", ""},
                   {"Warehouse for Ongoing's stock", "bl_207"},
                   {"1 order by \"InPost Paczkomaty\" (to pick-up points)", "no-such-courier"}});
    typist.wait_for("'no-such-courier' names no courier of BaseLinker");
    typist.answer("1 order by \"InPost Paczkomaty\"", "? Pacz");
    typist.wait_for("paczkomaty  ");
    typist.answer({{"1 order by \"InPost Paczkomaty\"", ""}, // as it was sent so far
                   {"1 order by \"Odbi", "DPD"},
                   {"Account", "58390"}});
    const int code = typist.end();
    INFO(typist.shown());
    CHECK(code == 0);
    for (const std::string& secret : {good_token, wrong_token, good_password, wrong_password})
        expect_no_text(typist.shown(), secret);
    expect_no_text(typist.shown(), "of [ongoing]"); // there is no configuration yet
    expect_no_text(typist.shown(), "of [baselinker]");
    for (const char* text : {"The warehouse has to act:", "NOBODY PRINTS", "blongo orders sync"})
        expect_text(typist.shown(), text);

    const std::string written = read_file(place.config());
    for (const char* text :
         {"mode = \"plan\"", "statuses = [8069]", "cancel_statuses = [8073]", "status_after_import = 8070",
          "status_on_error = 8072", "status_after_send = 0", "send = { 450 = \"book\" }", "warehouse = \"bl_207\"",
          "courier_code = \"paczkomaty\"", "account_id = 58370", "\"cod\" = \"{cod_amount}\"", "courier_code = \"dpd\"",
          "account_id = 58390", "Do magazynu", "start_from = 2020-07-01T06:30:00+02:00"})
        expect_text(written, text);
    expect_text(written, "url = \"" + sandbox.url() + "/sandbox\"");
    CHECK(read_file(place.at("acme.token")) == good_token + "\n");
    CHECK(read_file(place.at("acme.password")) == good_password + "\n");
    for (const char* file : {"acme.token", "acme.password", "blongo.toml"}) CHECK(mode_of(place.at(file)) == 0600);
    CHECK(files_in(place.folder) == 4); // the folder and these three: no state, nothing half written
    CHECK(sandbox.writes() == 0);
    CHECK(sandbox.violations().size() == 2); // the wrong token and the wrong password, once each

    const auto checked = place.run({"config", "check"});
    INFO(checked.out << checked.err);
    CHECK(checked.exit_code == 0);
    const auto dry = place.run({"orders", "sync", "--dry-run", "--json"});
    INFO(dry.out << dry.err);
    CHECK(dry.exit_code == 0);
    CHECK(summary_of(dry)["created"].integer() == 2);
    CHECK(sandbox.writes() == 0);
}

TEST_CASE("Ctrl-C and the end of the answers leave nothing behind") {
    Sandbox sandbox({"--products", "5"});
    for (const bool ctrl_c : {true, false}) {
        INFO("Ctrl-C " << ctrl_c);
        const Place place;
        Typist typist(place.at_terminal(sandbox), narrow);
        typist.answer(about_the_sides(sandbox));
        typist.wait_for("mean: to the warehouse");
        typist.type(ctrl_c ? "\x03" : "\x04");
        CHECK(typist.end() == (ctrl_c ? 130 : 2));
        INFO(typist.shown());
        expect_text(typist.shown(), "nothing was written");
        CHECK(files_in(place.folder) == 0);
        expect_text(typist.shown(), "  there is no '999'; one of: 307 (Katalog główny), 308\r\n  (Outlet)\r\n");
    }
}

TEST_CASE("a place that cannot be written to is told before the first question") {
    Sandbox sandbox({"--products", "5"});
    const Place place;
    write_file(place.folder / "etc", "a file\n");
    Typist typist(place.at_terminal(sandbox));
    typist.answer("Name of the connection", "acme");
    CHECK(typist.end() == 2);
    INFO(typist.shown());
    expect_text(typist.shown(), "it cannot be written");
    expect_no_text(typist.shown(), "token");
}

TEST_CASE("what root sets up is readable for the user who owns the folder of the state") {
    if (::geteuid() != 0) return; // only root can give files away
    constexpr uid_t service = 4711;
    constexpr gid_t group = 4712;
    Sandbox sandbox({"--products", "5"});
    sandbox.base_orders(one_piece(1));
    const Place place;
    REQUIRE(::chown(place.folder.path().c_str(), service, group) == 0);
    const auto done = place.run(place.options(sandbox));
    INFO(done.out << done.err);
    REQUIRE(done.exit_code == 0);
    const auto owned = [&](const std::string& file, uid_t user, int mode) {
        INFO(file);
        struct stat info {};
        REQUIRE(::stat(file.c_str(), &info) == 0);
        CHECK(info.st_uid == user);
        CHECK(info.st_gid == group);
        CHECK(mode_of(file) == mode);
    };
    owned(place.config(), 0, 0640);
    owned(place.at(""), 0, 0750);
    CHECK(place.run(place.options(sandbox, "outlet", "308")).exit_code == 0);
    owned(place.config(), 0, 0640); // also after a second connection was appended
    // Options named the files of secrets: they stay as they are, and doctor says that this user cannot read them.
    expect_text(done.out, "chown --reference=" + place.folder.path().string() + " " + (place.folder / "t"));
    REQUIRE(::chown((place.folder / "t").c_str(), service, group) == 0);
    REQUIRE(::chown((place.folder / "p").c_str(), service, group) == 0);
    const auto again = place.run({"doctor", "-C", "acme"});
    INFO(again.out << again.err);
    CHECK(again.exit_code == 0);
    expect_no_text(again.out, "--reference");

    std::string text = read_file(place.config());
    text.replace(text.find("\"plan\""), 6, "\"live\"");
    write_file(place.config(), text);
    CHECK(place.run({"run", "-C", "acme", "--only", "articles,orders"}).exit_code == 0);
    for (const auto& entry : std::filesystem::directory_iterator(place.folder.path())) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("state.db")) owned(entry.path().string(), service, 0600);
    }
    CHECK(std::filesystem::exists(place.folder / "state.db"));
}

TEST_CASE("without a terminal init names everything that is missing, and options do the rest") {
    Sandbox sandbox({"--products", "5"});
    sandbox.base_orders(one_piece(1, json::Value::object().set("delivery_method", "Kurier")));
    sandbox.base_orders(one_piece(2, json::Value::object().set("delivery_method", "Kurier 24")));
    const Place place;
    const auto nothing = place.run({"init", "-c", place.config(), "acme", "--inventory", "307"});
    CHECK(nothing.exit_code == 2);
    for (const char* option : {"--token-file", "--ongoing-url", "--username", "--password-file", "--goods-owner", "--status",
                               "--cancel-status", "--start-from"})
        expect_text(nothing.err, option);
    expect_no_text(nothing.err, "--inventory,");

    Strings wrong = place.options(sandbox);
    place.secret("t", wrong_token);
    const auto refused = place.run(wrong);
    INFO(refused.err);
    CHECK(refused.exit_code == 4);
    CHECK_FALSE(std::filesystem::exists(place.config()));
    place.secret("t", good_token);
    Strings bad = wrong;
    bad.insert(bad.end(), {"--courier", "Kurier=dpd"}); // several accounts
    CHECK(place.run(bad).exit_code == 2);
    CHECK_FALSE(std::filesystem::exists(place.config()));

    Strings good = wrong;
    good.insert(good.end(), {"--courier", "Kurier=dpd:58381"});
    const auto done = place.run(good);
    INFO(done.out << done.err);
    CHECK(done.exit_code == 0);
    expect_text(done.out, "1 x \"Kurier 24\": NO RULE");
    expect_text(read_file(place.config()), "1 x \"Kurier 24\"");
    CHECK(place.run({"config", "check"}).exit_code == 0);
    CHECK(sandbox.writes() == 0);
}

TEST_CASE("an existing configuration is kept, and a second connection goes beside it") {
    Sandbox sandbox({"--products", "5"});
    const Place place;
    REQUIRE(place.run(place.options(sandbox)).exit_code == 0);
    const std::string first = read_file(place.config());
    CHECK(place.run(place.options(sandbox)).exit_code == 2);         // the name is taken
    CHECK(place.run(place.options(sandbox, "twin")).exit_code == 2); // the identity is
    CHECK(read_file(place.config()) == first);
    REQUIRE(place.run(place.options(sandbox, "outlet", "308")).exit_code == 0); // appended
    const std::string second = read_file(place.config());
    CHECK(second.starts_with(first));
    expect_text(second, "\n\n[connections.outlet]\n");
    CHECK(place.run({"config", "check"}).exit_code == 0);

    const Place includes;
    std::filesystem::create_directory(includes.folder / "etc");
    write_file(includes.config(), "include = \"connections.d/*.toml\"\n[state]\nurl = \"" + includes.state() +
                                      "\"\n[connections.old]\nenabled = false\n");
    const std::string before = read_file(includes.config());
    const auto added = includes.run(includes.options(sandbox));
    INFO(added.out << added.err);
    CHECK(added.exit_code == 0);
    CHECK(read_file(includes.config()) == before);
    CHECK(mode_of(includes.at("connections.d/acme.toml")) == 0600);
}

TEST_CASE("a secret's file that is there is never replaced without a yes") {
    Sandbox sandbox({"--products", "5"});
    for (const bool replace : {false, true}) {
        INFO("yes " << replace);
        const Place place;
        std::filesystem::create_directory(place.folder / "etc");
        place.secret("etc/acme.token", replace ? "somebody-elses" : good_token);
        Strings options = place.options(sandbox);
        const auto at = std::find(options.begin(), options.end(), "--token-file");
        options.erase(at, at + 2);
        Typist typist(options);
        typist.answer("is there already: replace what it holds?", replace ? "yes" : "");
        if (replace) typist.answer("BaseLinker API token", good_token);
        for (const auto& question : with_defaults) typist.answer(question, "");
        CHECK(typist.end() == 0);
        INFO(typist.shown());
        CHECK(read_file(place.at("acme.token")) == good_token + "\n");
        CHECK(mode_of(place.at("acme.token")) == 0600);
    }
}
