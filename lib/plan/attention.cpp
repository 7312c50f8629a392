// SPDX-License-Identifier: Apache-2.0
#include <blongo/plan/attention.hpp>

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include <blongo/plan/causes.hpp>

namespace blongo::plan {
namespace {

constexpr int stale_code = 5;

/// 0, 3 and 9 are good ends; 11, 130 and 143 say nothing about the flow.
bool is_bad_end(int code) {
    return code != 0 && code != 3 && code != 9 && code != 11 && code != 130 && code != 143;
}

bool is_grouped(MatterKind kind) {
    return kind == MatterKind::parked || kind == MatterKind::will_fail;
}

Matter several(const std::vector<Matter>& alike) {
    Matter one = alike.front();
    one.count = static_cast<std::int64_t>(alike.size());
    one.key.clear();
    for (const Matter& matter : alike) one.since = std::min(one.since, matter.since);
    const Cause* cause = find_cause(one.cause, one.flow);
    if (cause != nullptr) one.detail = fmt::format("{}: {}", cause->meaning, cause->remedy);
    one.command = one.kind == MatterKind::parked ? fmt::format("blongo parked list --cause {}", one.cause)
                                                 : "blongo orders list --will-fail";
    return one;
}

} // namespace

std::string_view to_string(MatterKind kind) noexcept {
    switch (kind) {
    case MatterKind::configuration: return "configuration";
    case MatterKind::unknown: return "unknown";
    case MatterKind::run: return "run";
    case MatterKind::late_label: return "late_label";
    case MatterKind::parked: return "parked";
    case MatterKind::will_fail: return "will_fail";
    case MatterKind::short_sent: return "short_sent";
    case MatterKind::held: return "held";
    }
    return "parked";
}

std::vector<Matter> digest(std::vector<Matter> matters) {
    std::map<std::tuple<MatterKind, std::string, std::string>, std::vector<Matter>> alike;
    std::vector<Matter> told;
    for (Matter& matter : matters) {
        if (is_grouped(matter.kind))
            alike[{matter.kind, matter.flow, matter.cause}].push_back(std::move(matter));
        else
            told.push_back(std::move(matter));
    }
    for (auto& [group, members] : alike) {
        if (members.size() > told_one_by_one)
            told.push_back(several(members));
        else
            std::move(members.begin(), members.end(), std::back_inserter(told));
    }
    std::ranges::stable_sort(told, [](const Matter& a, const Matter& b) {
        return std::tie(a.kind, a.since, a.key) < std::tie(b.kind, b.since, b.key);
    });
    return told;
}

std::optional<Sickness> sickness_of(const FlowRuns& runs, Milliseconds max_age, Timestamp now,
                                    std::string_view (*words)(int code)) {
    const bool killed = runs.last_started && !runs.last_code && !runs.running;
    const bool failed = runs.last_code && is_bad_end(*runs.last_code);
    const bool stale = !runs.last_good || now - *runs.last_good > max_age;
    if (!failed && !stale) return std::nullopt;
    Sickness sickness{{}, failed ? *runs.last_code : stale_code, runs.last_good};
    sickness.detail = runs.last_good      ? fmt::format("the last good run was {} ago", format_age(now - *runs.last_good))
                      : runs.last_started ? "no run has ended well yet"
                                          : "it never ran";
    if (failed) sickness.detail += fmt::format("; the last one ended with {}: {}", *runs.last_code, words(*runs.last_code));
    if (killed) sickness.detail += "; the last one did not end (killed?)";
    return sickness;
}

} // namespace blongo::plan
