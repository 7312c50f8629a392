// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/error.hpp>

#include <utility>

namespace blongo {

std::string_view to_string(ErrorKind kind) noexcept {
    switch (kind) {
    case ErrorKind::not_sent: return "not_sent";
    case ErrorKind::throttled: return "throttled";
    case ErrorKind::unavailable: return "unavailable";
    case ErrorKind::ambiguous: return "ambiguous";
    case ErrorKind::auth: return "auth";
    case ErrorKind::edge: return "edge";
    case ErrorKind::rejected: return "rejected";
    case ErrorKind::not_found: return "not_found";
    case ErrorKind::protocol: return "protocol";
    case ErrorKind::usage: return "usage";
    case ErrorKind::config: return "config";
    case ErrorKind::guard: return "guard";
    case ErrorKind::state: return "state";
    case ErrorKind::locked: return "locked";
    case ErrorKind::timeout: return "timeout";
    case ErrorKind::stopped: return "stopped";
    case ErrorKind::internal: return "internal";
    }
    return "internal";
}

std::string Error::text() const {
    std::string out = where;
    if (!where.empty() && !message.empty()) out += ": ";
    out += message;
    if (!remedy.empty()) {
        if (!out.empty()) out += ' ';
        out += '(' + remedy + ')';
    }
    return out;
}

Error make_error(ErrorKind kind, std::string message, std::string where, std::string remedy) {
    Error error;
    error.kind = kind;
    error.message = std::move(message);
    error.where = std::move(where);
    error.remedy = std::move(remedy);
    return error;
}

} // namespace blongo
