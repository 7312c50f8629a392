// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <blongo/base/time.hpp>

namespace blongo::plan {

/// What a matter that needs somebody is about; the order is that in which people read them.
enum class MatterKind : std::uint8_t {
    configuration, ///< the configuration has errors
    unknown,       ///< a write whose outcome nobody knows
    run,           ///< a flow that failed, or that nobody ran
    late_label,    ///< Send was pressed, and the label is not there
    parked,        ///< an object that waits for its cause
    will_fail,     ///< an order that Send is foreseen to refuse
    short_sent,    ///< an order whose last delivery was less than what was ordered
    held           ///< an order that a person put on hold
};
/// "late_label", as JSON has it.
[[nodiscard]] std::string_view to_string(MatterKind kind) noexcept;

/// One thing that needs somebody: who acts, what it is, since when, and the next command.
struct Matter {
    MatterKind kind = MatterKind::parked;
    std::string flow;
    std::string cause; ///< of parked and will_fail: from the fixed list; else empty
    std::string key;   ///< of one object; empty of several, or of none
    std::string owner; ///< seller, warehouse, admin, courier
    std::string detail;
    std::string command; ///< without -C
    std::optional<Timestamp> since;
    std::int64_t count = 1; ///< objects
};

/// Parked objects of one flow and cause are one matter when there are more than this.
inline constexpr std::size_t told_one_by_one = 5;

/// The matters in the order of their kinds, each kind's oldest first; many parked objects, or foreseen failures, of one
/// cause as one matter, which names the command that lists them.
[[nodiscard]] std::vector<Matter> digest(std::vector<Matter> matters);

/// What the memory tells about the runs of one flow.
struct FlowRuns {
    std::string flow;
    std::optional<Timestamp> last_good;    ///< complete, with 0, 3 or 9
    std::optional<Timestamp> last_started; ///< none: it never ran
    std::optional<int> last_code;          ///< none: running, or killed
    bool running = false;                  ///< a run holds its lock now
};

/// Why a flow is not well, and the exit code that says so.
struct Sickness {
    std::string detail; ///< "the last good run was 3 h ago; the last one ended with: credentials refused"
    int code = 0;
    std::optional<Timestamp> since; ///< of the last good run
};

/// A flow is well if it ran well within `max_age`, and if its last run did not end badly. Being locked out or stopped by a
/// signal is no bad end. Code: that of the last run if it ended badly, else 5 (stale). `words` puts an exit code into words.
[[nodiscard]] std::optional<Sickness> sickness_of(const FlowRuns& runs, Milliseconds max_age, Timestamp now,
                                                  std::string_view (*words)(int code));

} // namespace blongo::plan
