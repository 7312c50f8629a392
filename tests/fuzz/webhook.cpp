// SPDX-License-Identifier: Apache-2.0
// Whatever an event of Ongoing holds: examples/webhook/on-event, given what hooks.yaml takes out of it, starts blongo with
// numbers that blongo reads, or starts nothing; and it leaves nothing behind.
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <blongo/base/ids.hpp>
#include <blongo/base/text.hpp>
#include <blongo/json/value.hpp>

#include "answers.hpp"

namespace {

using namespace blongo;
using fuzz::expect;
namespace files = std::filesystem;

/// What hooks.yaml takes out of the payload, and into which name.
struct Passed {
    const char* path;
    const char* name;
};
constexpr std::array passed{Passed{"orderId", "EVENT_ORDER_ID"}, Passed{"webhookEventId", "EVENT_ID"},
                            Passed{"orderStatus.number", "EVENT_STATUS"}, Passed{"byComputer.computerId", "EVENT_WORKSTATION"},
                            Passed{"byUser.userId", "EVENT_USER"}};

/// A folder with a program in blongo's place that writes its environment into the file `call`.
class Folder {
public:
    Folder() {
        std::string name = files::temp_directory_path() / "blongo-fuzz-XXXXXX";
        expect(mkdtemp(name.data()) != nullptr);
        path_ = name;
        files::create_directory(path_ / "bin");
        std::ofstream(path_ / "bin/blongo") << "#!/bin/sh\nexec env -0 >>'" << call().string() << "'\n";
        files::permissions(path_ / "bin/blongo", files::perms::owner_all);
    }
    ~Folder() {
        std::error_code ignored;
        files::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    [[nodiscard]] files::path call() const { return path_ / "call"; }
    [[nodiscard]] files::path queue() const { return path_ / "queue"; }
    [[nodiscard]] std::string programs() const { return (path_ / "bin").string() + ":/usr/bin:/bin"; }

private:
    files::path path_;
};

/// A value as Debian's webhook server hands it on.
std::string handed_on(const json::Value& value) {
    if (value.is_null()) return "<nil>";
    if (value.is_string()) return std::string(value.text());
    return value.dump();
}

/// The values of an event; of a text that is no JSON its lines.
std::vector<std::string> values_of(const std::string& text) {
    std::vector<std::string> values(passed.size());
    if (const auto event = json::Value::parse(text)) {
        for (std::size_t i = 0; i < passed.size(); ++i) values[i] = handed_on(event->at_path(passed[i].path));
    } else {
        const auto lines = split(text, '\n');
        for (std::size_t i = 0; i < std::min(lines.size(), values.size()); ++i) values[i] = lines[i];
    }
    for (std::string& value : values) value.resize(std::min(value.size(), value.find('\0'))); // no environment holds it
    return values;
}

void handle(const Folder& folder, const std::vector<std::string>& values) {
    std::vector<std::string> environment{"PATH=" + folder.programs(), "BLONGO_WEBHOOK_QUEUE=" + folder.queue().string()};
    for (std::size_t i = 0; i < passed.size(); ++i) environment.push_back(std::string(passed[i].name) + "=" + values[i]);
    std::vector<char*> pointers;
    for (std::string& text : environment) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    std::string bash = "bash", script = BLONGO_ON_EVENT;
    std::array<char*, 3> arguments{bash.data(), script.data(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (const int stream : {1, 2}) posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0);
    pid_t pid = 0;
    expect(posix_spawn(&pid, "/bin/bash", &actions, nullptr, arguments.data(), pointers.data()) == 0);
    posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    while (waitpid(pid, &status, 0) < 0) expect(errno == EINTR); // libFuzzer's own alarm
    expect(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/// How blongo was started, name by name; empty: it was not.
std::set<std::string> started_with(const Folder& folder) {
    std::ifstream file(folder.call());
    std::stringstream content;
    content << file.rdbuf();
    file.close();
    files::remove(folder.call());
    std::set<std::string> out;
    for (const std::string& line : split(content.str(), '\0'))
        if (line.starts_with("BLONGO_") || line.starts_with("EVENT_")) expect(out.insert(line).second);
    return out;
}

/// The number of that text as blongo reads it; 0 and what says that there is none: nothing.
bool is_number(const std::string& text) {
    return text.size() <= 18 && text.find_first_not_of("0123456789") == std::string::npos && parse_id(text).has_value();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Folder folder;
    const std::vector<std::string> values = values_of(fuzz::text_of(data, size));
    handle(folder, values);
    const std::set<std::string> started = started_with(folder);

    const auto none = [](const std::string& text) { return text.empty() || text == "<nil>" || text == "0"; };
    const bool wanted = is_number(values[0]) && is_number(values[1]) && values[2] == "450" &&
                        (none(values[3]) || is_number(values[3])) && (none(values[4]) || is_number(values[4]));
    std::set<std::string> expected;
    if (wanted) {
        expected = {"BLONGO_ONGOING_ORDER=" + values[0], "BLONGO_EVENT=" + values[1]};
        if (!none(values[3])) expected.insert("BLONGO_PRINT_WORKSTATION=" + values[3]);
        if (!none(values[4])) expected.insert("BLONGO_PRINT_USER=" + values[4]);
    }
    expect(started == expected);
    if (files::exists(folder.queue() / "waiting")) expect(files::is_empty(folder.queue() / "waiting"));
    return 0;
}
