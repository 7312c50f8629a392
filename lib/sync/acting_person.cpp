// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/acting_person.hpp>

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <blongo/base/host.hpp>
#include <blongo/base/text.hpp>

namespace blongo::sync {

std::string acting_person(const Runtime& runtime) {
    std::string name;
    for (const char* variable : {"SUDO_USER", "USER", "LOGNAME"})
        if (name.empty()) name = runtime.environment(variable).value_or("");
    if (name.empty()) name = fmt::format("uid {}", ::getuid());
    name += "@" + host_name();
    const std::string& sits_here = state::process_actor().acting_as;
    return sits_here.empty() ? name : fmt::format("{} ({})", sits_here, name);
}

void sign_process(const config::Environment& environment, const std::string& acting_as, const std::string& command,
                  const std::string& version) {
    state::Actor actor;
    const passwd* user = ::getpwuid(::geteuid());
    actor.login = user != nullptr ? user->pw_name : fmt::format("uid {}", ::geteuid());
    actor.sudo_user = normalise_name(environment("SUDO_USER").value_or(""));
    actor.host = host_name();
    actor.acting_as = normalise_name(acting_as);
    actor.command = command;
    actor.version = version;
    state::sign_process(std::move(actor));
}

} // namespace blongo::sync
