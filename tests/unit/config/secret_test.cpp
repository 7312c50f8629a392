// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <map>

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <blongo/config/command.hpp>

#include "support.hpp"
#include "support/temp_dir.hpp"

namespace blongo::config {
namespace {

/// A group that this process is not in by its effective id.
const gid_t other_group = ::getegid() + 4711;

std::string secret_file(const blongo::test::TempDir& dir, const std::string& text, mode_t mode) {
    const std::string file = dir / "secret";
    blongo::test::write_file(file, text);
    REQUIRE(::chmod(file.c_str(), mode) == 0);
    return file;
}

Result<Secret> from_file(const std::string& file) {
    SecretSource source;
    source.file = file;
    return read_secret(source, "baselinker.token", test::no_environment);
}

Result<Secret> from_command(const std::vector<std::string>& argv) {
    SecretSource source;
    source.command = argv;
    return read_secret(source, "ongoing.password", test::no_environment);
}

/// The error's text, which never holds the secret.
std::string refusal(const Result<Secret>& result, const std::string& content = "hunter2") {
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::config);
    const std::string text = result.error().text();
    CHECK(text.find(content) == std::string::npos);
    return text;
}

} // namespace

TEST_CASE("a secret file of the process's own user is read without its line break") {
    const blongo::test::TempDir dir;
    for (const auto* text : {"hunter2", "hunter2\n", "hunter2\r\n"}) {
        const auto secret = from_file(secret_file(dir, text, 0600));
        REQUIRE(secret);
        CHECK(secret->reveal() == "hunter2");
    }
    CHECK(from_file(secret_file(dir, " zażółć \n", 0400)).value().reveal() == " zażółć ");
}

TEST_CASE("a secret file that others may read or change is refused with chmod as remedy, root or not") {
    const blongo::test::TempDir dir;
    for (const mode_t mode : {0604, 0602, 0601, 0644, 0666, 0620, 0660, 0610}) {
        const std::string file = secret_file(dir, "hunter2\n", mode);
        INFO(std::oct << mode);
        CHECK_THAT(refusal(from_file(file)), Catch::Contains(file) && Catch::Contains("chmod 600 " + file));
    }
}

TEST_CASE("reading by the process's own group is allowed, by another group it is not") {
    const blongo::test::TempDir dir;
    const std::string file = secret_file(dir, "hunter2\n", 0640);
    REQUIRE(::chown(file.c_str(), static_cast<uid_t>(-1), ::getegid()) == 0);
    CHECK(from_file(file));
    if (::geteuid() != 0) return; // only root may give a file to a group that it is not in
    REQUIRE(::chown(file.c_str(), static_cast<uid_t>(-1), other_group) == 0);
    CHECK_THAT(refusal(from_file(file)), Catch::Contains("is open to group"));
    REQUIRE(::chmod(file.c_str(), 0600) == 0);
    CHECK(from_file(file));
    // root types commands beside the service, whose user owns the file.
    REQUIRE(::chown(file.c_str(), 4711, static_cast<gid_t>(-1)) == 0);
    CHECK(from_file(file));
    REQUIRE(::chmod(file.c_str(), 0640) == 0);
    CHECK_THAT(refusal(from_file(file)), Catch::Contains("is open to group"));
}

TEST_CASE("what cannot be a secret is refused without showing it") {
    const blongo::test::TempDir dir;
    const auto of = [&](const std::string& text) { return refusal(from_file(secret_file(dir, text, 0600))); };
    CHECK_THAT(of(""), Catch::Contains("baselinker.token is empty"));
    CHECK_THAT(of("\n"), Catch::Contains("is empty"));
    CHECK_THAT(of("hunter2\nhunter2\n"), Catch::Contains("has more than one line"));
    CHECK_THAT(of("hunter2\n\n"), Catch::Contains("has more than one line"));
    CHECK_THAT(of("hunter2\t"), Catch::Contains("holds a control character"));
    CHECK_THAT(of(std::string("hunter2\0", 8)), Catch::Contains("holds a control character"));
    CHECK_THAT(of(std::string(4097, 'h')), Catch::Contains("is longer than 4096 bytes"));
    CHECK_THAT(of(std::string(1'000'000, 'h')), Catch::Contains("is longer than 4096 bytes"));
    CHECK(from_file(secret_file(dir, std::string(4096, 'h') + "\n", 0600)).value().reveal().size() == 4096);
}

TEST_CASE("a secret file that is missing, a folder or a FIFO is refused at once") {
    const blongo::test::TempDir dir;
    CHECK_THAT(refusal(from_file(dir / "none")), Catch::Contains("No such file") && Catch::Contains("chmod 600"));
    CHECK_THAT(refusal(from_file(dir.path().string())), Catch::Contains("is not an ordinary file"));
    REQUIRE(::mkfifo((dir / "fifo").c_str(), 0600) == 0);
    CHECK_THAT(refusal(from_file(dir / "fifo")), Catch::Contains("is not an ordinary file"));
}

TEST_CASE("a secret command gives its first line, runs without a shell and reads nothing") {
    CHECK(from_command({"printf", "hunter2\\nmore\\n"}).value().reveal() == "hunter2");
    CHECK(from_command({"printf", "hunter2\\r\\n"}).value().reveal() == "hunter2");
    CHECK(from_command({"echo", "$HOME; `id`"}).value().reveal() == "$HOME; `id`");
    CHECK(from_command({"sh", "-c", "cat; echo hunter2"}).value().reveal() == "hunter2");
}

TEST_CASE("a secret command that fails is refused with its program and exit code, without its output") {
    CHECK_THAT(refusal(from_command({"sh", "-c", "echo hunter2; echo hunter2 >&2; exit 3"})),
               Catch::Contains("ongoing.password: the command ended with exit code 3") && Catch::Contains("sh: "));
    CHECK_THAT(refusal(from_command({"sh", "-c", "echo hunter2; kill -9 $$"})), Catch::Contains("ended by signal 9"));
    CHECK_THAT(refusal(from_command({"/no/such/program"})), Catch::Contains("cannot be started: No such file"));
    CHECK_THAT(refusal(from_command({"true"})), Catch::Contains("ongoing.password is empty"));
    CHECK_THAT(refusal(from_command({""})), Catch::Contains("the command is empty"));
    CHECK_THAT(refusal(from_command({"sh", "-c", "head -c 5000 /dev/zero | tr '\\0' h"})), Catch::Contains("longer than 4096"));
    CHECK_THAT(refusal(from_command({"sh", "-c", "head -c 100000 /dev/zero | tr '\\0' h"})),
               Catch::Contains("writes more than 65536 bytes"));
}

TEST_CASE("a command sees no variable that holds another secret of the configuration, and all others") {
    ::setenv("BLONGO_TEST_TOKEN", "4001-hunter2", 1);
    ::setenv("BLONGO_TEST_OTHER", "open", 1);
    const std::string print = R"(["sh", "-c", "echo \"$BLONGO_TEST_TOKEN,$BLONGO_TEST_OTHER\""])";
    std::string toml = test::good;
    const auto write = [&](const std::string& from, const std::string& to) { toml.replace(toml.find(from), from.size(), to); };
    write("token_file = \"/etc/blongo/acme.token\"", "token_env = \"BLONGO_TEST_TOKEN\"");
    write("password_file = \"/etc/blongo/acme.password\"", "password_command = " + print);
    const auto config = test::read(toml + "[connections.acme.shipments]\nprint_command = [\"lp\"]\n");
    REQUIRE(config);
    const Connection& acme = config->connections.at(0);
    CHECK_FALSE(acme.errors.contains(""));
    CHECK(read_secret(acme.ongoing.password, "ongoing.password", test::no_environment).value().reveal() == ",open");
    CHECK(acme.shipments.hidden_variables == std::vector<std::string>{"BLONGO_TEST_TOKEN"});
}

TEST_CASE("a secret command that does not end is killed with all that it started") {
    const blongo::test::TempDir dir;
    const std::string file = dir / "pids";
    // The child of the child keeps the output open, too: only killing the group ends it.
    const auto line =
        first_line_of_command({"sh", "-c", "sleep 1000 & echo $! $$ > " + file + "; echo hunter2; wait"}, Milliseconds{300}, {});
    REQUIRE_FALSE(line);
    CHECK_THAT(line.error().text(), Catch::Contains("did not end within 300ms") && !Catch::Contains("hunter2"));
    pid_t child = 0, shell = 0;
    const std::string pids = blongo::test::read_file(file);
    REQUIRE(std::sscanf(pids.c_str(), "%d %d", &child, &shell) == 2);
    CHECK(::kill(shell, 0) != 0);
    // Its child may be a zombie of init for a moment; it must not be running.
    const std::string stat = "/proc/" + std::to_string(child) + "/stat";
    if (std::filesystem::exists(stat)) {
        const std::string text = blongo::test::read_file(stat);
        CHECK(text.find(") S ") == std::string::npos);
    }
}

TEST_CASE("a secret command that closes its output and runs on is killed as well") {
    const auto line = first_line_of_command({"sh", "-c", "echo x; exec >&-; exec sleep 1000"}, Milliseconds{200}, {});
    REQUIRE_FALSE(line);
    CHECK_THAT(line.error().text(), Catch::Contains("did not end within 200ms"));
}

TEST_CASE("a secret command leaves no open file descriptor behind") {
    const auto count = [] {
        int open = 0;
        DIR* folder = ::opendir("/proc/self/fd");
        while (::readdir(folder) != nullptr) ++open;
        ::closedir(folder);
        return open;
    };
    const int before = count();
    for (const auto& argv : std::vector<std::vector<std::string>>{{"true"}, {"false"}, {"/no/such"}, {"echo", "x"}})
        (void)first_line_of_command(argv, Milliseconds{5000}, {});
    CHECK(count() == before);
}

TEST_CASE("a secret comes from the environment, with a word about who can see it if it is missing") {
    SecretSource source;
    source.env = "ACME_TOKEN";
    const auto with = [&](const std::optional<std::string>& value) {
        return read_secret(source, "baselinker.token",
                           [&](const std::string& name) { return name == "ACME_TOKEN" ? value : std::nullopt; });
    };
    CHECK(with("hunter2").value().reveal() == "hunter2");
    CHECK_THAT(refusal(with(std::nullopt)), Catch::Contains("$ACME_TOKEN") && Catch::Contains("/proc/PID/environ"));
    CHECK_THAT(refusal(with("")), Catch::Contains("is empty"));
    CHECK_THAT(refusal(with("hunter2\n")), Catch::Contains("has more than one line"));
}

TEST_CASE("a systemd credential is a file of its folder, readable by the access list that systemd sets") {
    const blongo::test::TempDir dir;
    SecretSource source;
    source.credential = "acme";
    std::map<std::string, std::string> variables;
    const Environment environment = [&](const std::string& name) {
        return variables.contains(name) ? std::optional(variables[name]) : std::nullopt;
    };
    CHECK_THAT(refusal(read_secret(source, "baselinker.token", environment)), Catch::Contains("LoadCredential=acme:FILE"));
    variables["CREDENTIALS_DIRECTORY"] = dir.path().string();
    CHECK_THAT(refusal(read_secret(source, "baselinker.token", environment)), Catch::Contains("No such file"));
    blongo::test::write_file(dir / "acme", "hunter2\n");
    ::chmod((dir / "acme").c_str(), 0440);
    if (::geteuid() == 0) REQUIRE(::chown((dir / "acme").c_str(), 0, other_group) == 0);
    CHECK(read_secret(source, "baselinker.token", environment).value().reveal() == "hunter2");
    ::chmod((dir / "acme").c_str(), 0444);
    CHECK_THAT(refusal(read_secret(source, "baselinker.token", environment)), Catch::Contains("open to every user"));
}

TEST_CASE("a secret without a source is refused") {
    CHECK_THAT(refusal(read_secret({}, "baselinker.token", test::no_environment)), Catch::Contains("has no source"));
}

TEST_CASE("the environment of the process is read by name") {
    ::setenv("BLONGO_TEST_VARIABLE", "x", 1);
    CHECK(process_environment()("BLONGO_TEST_VARIABLE") == "x");
    ::unsetenv("BLONGO_TEST_VARIABLE");
    CHECK_FALSE(process_environment()("BLONGO_TEST_VARIABLE").has_value());
}

} // namespace blongo::config
