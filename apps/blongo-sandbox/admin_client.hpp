// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <blongo/base/result.hpp>

namespace blongo::sandbox {

/// A call of a running sandbox, as the command line takes it: --admin URL METHOD PATH [JSON].
struct AdminCall {
    std::string url;    ///< http://127.0.0.1:8470, as the sandbox prints it
    std::string method; ///< GET, POST, PUT, DELETE
    std::string path;   ///< /_admin/...
    std::string body;   ///< JSON, or empty
};

/// What the sandbox answered to a call. Errors: nobody answers (not_sent), a status of 300 or
/// above (rejected, with the answer's text), a method or body that cannot be sent (usage).
[[nodiscard]] Result<std::string> call_admin(const AdminCall& call);

} // namespace blongo::sandbox
