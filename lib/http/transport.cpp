// SPDX-License-Identifier: Apache-2.0
#include <blongo/http/transport.hpp>

#include <algorithm>

namespace blongo::http {

std::string_view to_string(Effect effect) noexcept {
    switch (effect) {
    case Effect::read: return "read";
    case Effect::idempotent_write: return "idempotent_write";
    case Effect::unsafe_write: return "unsafe_write";
    }
    return "unknown";
}

std::string_view Response::header(std::string_view lower_case_name) const noexcept {
    const auto found =
        std::find_if(headers.begin(), headers.end(), [&](const Header& header) { return header.name == lower_case_name; });
    return found == headers.end() ? std::string_view{} : std::string_view(found->value);
}

const std::optional<Error>& verdict_of(const Request& request, Response& response) {
    if (!response.judged) {
        if (request.classify) response.verdict = request.classify(response);
        response.judged = true;
    }
    return response.verdict;
}

Result<Response> judged(const Request& request, Result<Response> outcome) {
    if (outcome) {
        if (const auto& verdict = verdict_of(request, *outcome)) return fail(*verdict);
    }
    return outcome;
}

} // namespace blongo::http
