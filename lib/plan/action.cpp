// SPDX-License-Identifier: Apache-2.0
#include <blongo/plan/action.hpp>

namespace blongo::plan {

std::string_view to_string(Verb verb) noexcept {
    switch (verb) {
    case Verb::create: return "create";
    case Verb::update: return "update";
    case Verb::adopt: return "adopt";
    case Verb::cancel: return "cancel";
    case Verb::same: return "same";
    case Verb::skip: return "skip";
    case Verb::park: return "park";
    case Verb::reprint: return "reprint";
    }
    return "skip";
}

std::string_view to_string(Outcome outcome) noexcept {
    switch (outcome) {
    case Outcome::planned: return "planned";
    case Outcome::done: return "done";
    case Outcome::rejected: return "rejected";
    case Outcome::unknown: return "unknown";
    case Outcome::queued: return "queued";
    }
    return "unknown";
}

} // namespace blongo::plan
