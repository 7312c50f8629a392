// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/state/locks_impl.hpp>

namespace blongo::state {

Result<std::unique_ptr<Locks>> Locks::open(const OpenOptions& options) {
    const bool make = options.access == Access::read_write;
    BLONGO_TRY(const Target target, find_target(options, make));
    if (target.postgresql) return open_postgresql_locks(options, target);
    return open_file_locks(target, *options.clock, !make);
}

Result<bool> try_for(Clock& clock, Milliseconds wait, const StopToken& stop, const std::function<Result<bool>()>& attempt) {
    const Milliseconds deadline = clock.boot_time() + wait;
    Milliseconds pause{5};
    for (int tries = 1;; ++tries) {
        BLONGO_TRY(const bool taken, attempt());
        if (taken) return true;
        const Milliseconds left = deadline - clock.boot_time();
        if (left <= Milliseconds{0} && tries >= 3) return false;
        const Milliseconds nap = left > Milliseconds{0} ? std::min(pause, left) : pause;
        if (!clock.sleep(nap, stop)) {
            return fail(ErrorKind::stopped, "stopped while waiting for another run");
        }
        pause = std::min(pause * 2, Milliseconds{100});
    }
}

std::string holder_text(std::int64_t pid, const std::string& host, std::int64_t since_milliseconds) {
    return fmt::format("pid {} on {} since {}", pid, host, format_utc(from_unix_milliseconds(since_milliseconds)));
}

Error locked_error(const std::string& name, const std::optional<std::string>& holder, Milliseconds wait) {
    std::string message = fmt::format("another run holds the lock {}", name);
    if (holder) message += ": " + *holder;
    if (wait > Milliseconds{0}) message += fmt::format(" (waited {})", format_duration(wait));
    return make_error(ErrorKind::locked, std::move(message), {},
                      "wait for it to end, give more time with --lock-wait, or stop that process");
}

std::string flow_lock_name(ConnectionKey connection, std::string_view flow) {
    return fmt::format("{}.{}", connection, flow);
}

std::string writer_lock_name(const std::string& ongoing_host, const std::string& ongoing_path, std::int64_t goods_owner_id) {
    const std::string owner = fmt::format("{}\n{}\n{}", to_lower_ascii(ongoing_host), ongoing_path, goods_owner_id);
    return fmt::format("writer.{}", sha256_hex(owner).substr(0, 16));
}

} // namespace blongo::state
