// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/outcome.hpp>

namespace blongo::sync {

namespace {

constexpr std::string_view by_firewall = "by a firewall: ";

} // namespace

bool is_refusal(const Error& error) noexcept {
    return error.kind == ErrorKind::rejected || error.kind == ErrorKind::edge || error.kind == ErrorKind::not_found;
}

bool is_ambiguous(const Error& error) noexcept {
    return error.kind == ErrorKind::ambiguous || error.kind == ErrorKind::unavailable;
}

state::IntentState outcome_of(const Error& error) noexcept {
    if (is_ambiguous(error)) return state::IntentState::unknown;
    return is_refusal(error) ? state::IntentState::refused : state::IntentState::withdrawn;
}

state::IntentState outcome_to_look_up(const Error& error) noexcept {
    const bool by_another = error.kind == ErrorKind::edge || error.kind == ErrorKind::protocol;
    return by_another ? state::IntentState::unknown : outcome_of(error);
}

std::string result_to_look_up(const Error& error) {
    return error.kind == ErrorKind::edge ? std::string(by_firewall) + error.text() : error.text();
}

bool is_by_firewall(std::string_view result) noexcept {
    return result.starts_with(by_firewall);
}

} // namespace blongo::sync
