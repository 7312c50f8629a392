// SPDX-License-Identifier: Apache-2.0
#include "server.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

#include <httplib.h>

namespace blongo::test {

namespace {

int free_port() {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (fd < 0 || bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error("no free port");
    close(fd);
    return ntohs(address.sin_port);
}

std::string hooks_of(const std::string& examples) {
    const std::string installed = "/usr/local/lib/blongo/on-event";
    std::string hooks = read_file(examples + "hooks.yaml");
    const auto at = hooks.find(installed);
    if (at == std::string::npos) throw std::runtime_error("hooks.yaml does not name " + installed);
    return hooks.replace(at, installed.size(), examples + "on-event");
}

} // namespace

WebhookServer::WebhookServer(const TempDir& folder, std::map<std::string, std::string> environment) : port_(free_port()) {
    if (access("/usr/bin/webhook", X_OK) != 0)
        throw std::runtime_error("the package webhook is not installed, see tests/packages.txt");
    write_file(folder / "hooks.yaml", hooks_of(BLONGO_SOURCE_DIR "/examples/webhook/"));
    environment.try_emplace("ONGOING_WEBHOOK_TOKEN", webhook_token);
    environment.try_emplace("BLONGO_WEBHOOK_QUEUE", folder / "queue");
    Spawn spawn;
    spawn.argv = {"/usr/bin/webhook", "-verbose", "-template",           "-hooks",   folder / "hooks.yaml", "-ip",
                  "127.0.0.1",        "-port",    std::to_string(port_), "-logfile", folder / "log"};
    spawn.environment = std::move(environment);
    process_ = std::make_unique<Process>(spawn);
    process_->wait_until([this] { return httplib::Client("127.0.0.1", port_).Get("/").operator bool(); });
}

} // namespace blongo::test
