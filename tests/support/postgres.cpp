// SPDX-License-Identifier: Apache-2.0
#include "support/postgres.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <grp.h>
#include <iterator>
#include <pwd.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace blongo::test {
namespace {

std::string binary(const std::string& name) {
    std::vector<std::string> folders{"/usr/lib/postgresql/15/bin"};
    if (const char* chosen = std::getenv("BLONGO_TEST_POSTGRES_BIN")) folders.insert(folders.begin(), chosen);
    for (const auto& folder : folders) {
        const std::string file = folder + "/" + name;
        if (::access(file.c_str(), X_OK) == 0) return file;
    }
    throw std::runtime_error("PostgreSQL 15 is not installed (" + name + "): apt-get install postgresql-15");
}

/// As root: becomes `postgres`, because PostgreSQL refuses to run as root.
void become_postgres() {
    if (::geteuid() != 0) return;
    const passwd* user = ::getpwnam("postgres");
    if (user == nullptr || ::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0) {
        ::_exit(126);
    }
}

/// Starts a program with its output in `log`.
pid_t start_program(const std::vector<std::string>& words, const std::string& log, const std::function<void()>& first) {
    std::vector<char*> arguments;
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const pid_t pid = ::fork();
    if (pid < 0) throw std::runtime_error("fork failed");
    if (pid > 0) return pid;
    const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    const int null = ::open("/dev/null", O_RDONLY);
    ::dup2(null, 0);
    ::dup2(out, 1);
    ::dup2(out, 2);
    first();
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
}

int wait_for(pid_t pid) {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/// Folders of test executables that were killed.
void remove_left_over(const std::filesystem::path& where) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(where, ignored)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with("blongo-pg-")) continue;
        const int owner = std::atoi(name.c_str() + 10);
        if (owner > 0 && ::kill(owner, 0) != 0 && errno == ESRCH) std::filesystem::remove_all(entry.path(), ignored);
    }
}

std::string slurp(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

PostgresServer& PostgresServer::instance() {
    static PostgresServer server;
    return server;
}

PostgresServer::PostgresServer() {
    remove_left_over(std::filesystem::temp_directory_path());
    std::string pattern =
        (std::filesystem::temp_directory_path() / ("blongo-pg-" + std::to_string(::getpid()) + "-XXXXXX")).string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed: " + pattern);
    folder_ = pattern;
    if (const passwd* user = ::getpwnam("postgres"); ::geteuid() == 0 && user != nullptr) {
        if (::chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) throw std::runtime_error("chown failed");
    }
    std::filesystem::permissions(folder_, std::filesystem::perms(0755));
    try {
        start();
    } catch (...) {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
        throw;
    }
}

void PostgresServer::start() {
    const std::string log = folder_ + "/log", data = folder_ + "/data";
    if (wait_for(
            start_program({binary("initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8", "--locale=C.UTF-8"},
                          folder_ + "/initdb.log", become_postgres)) != 0) {
        throw std::runtime_error("initdb failed: " + slurp(folder_ + "/initdb.log"));
    }
    {
        std::ofstream access(data + "/pg_hba.conf");
        access << "local all secretive scram-sha-256\nlocal all all trust\n";
    }
    const pid_t parent = ::getpid();
    pid_ = start_program({binary("postgres"), "-D", data, "-k", folder_, "-c", "listen_addresses=", "-c", "fsync=off", "-c",
                          "full_page_writes=off", "-c", "max_connections=60", "-c", "shared_buffers=32MB", "-c",
                          "log_min_messages=fatal"},
                         log, [parent] {
                             become_postgres();
                             // Ends the server with us even after a crash.
                             ::prctl(PR_SET_PDEATHSIG, SIGINT);
                             if (::getppid() != parent) ::_exit(125);
                         });
    for (int i = 0; i < 300; ++i) {
        if (::waitpid(pid_, nullptr, WNOHANG) == pid_) {
            pid_ = 0;
            break;
        }
        if (wait_for(start_program({binary("pg_isready"), "-q", "-h", folder_}, folder_ + "/ready.log", [] {})) == 0) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    throw std::runtime_error("PostgreSQL does not start: " + slurp(log));
}

PostgresServer::~PostgresServer() {
    if (pid_ > 0) {
        ::kill(pid_, SIGINT);
        wait_for(pid_);
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::string PostgresServer::sql(const std::string& database, const std::string& text) const {
    const std::string out = folder_ + "/psql." + std::to_string(::getpid());
    std::filesystem::remove(out);
    const int code = wait_for(start_program({binary("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", folder_, "-U",
                                             "postgres", "-d", database, "-c", text},
                                            out, [] {}));
    std::string said = slurp(out);
    std::filesystem::remove(out);
    if (code != 0) throw std::runtime_error("psql failed: " + said);
    while (!said.empty() && said.back() == '\n') said.pop_back();
    return said;
}

std::string PostgresServer::make_database(const std::string& encoding) {
    const std::string name = "t" + std::to_string(++databases_);
    sql("postgres", "CREATE DATABASE " + name + " TEMPLATE template0 ENCODING '" + encoding + "' LC_COLLATE 'C' LC_CTYPE 'C'");
    return url(name);
}

std::string PostgresServer::url(const std::string& database, const std::string& user) const {
    return "postgresql://" + user + "@/" + database + "?host=" + folder_;
}

std::string PostgresServer::database_of(const std::string& url) {
    const auto slash = url.find('/', url.find("://") + 3);
    return url.substr(slash + 1, url.find('?') - slash - 1);
}

} // namespace blongo::test
