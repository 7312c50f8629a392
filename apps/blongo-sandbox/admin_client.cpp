// SPDX-License-Identifier: Apache-2.0
#include "admin_client.hpp"

#include <httplib.h>

#include <fmt/format.h>

#include <blongo/json/value.hpp>

namespace blongo::sandbox {

Result<std::string> call_admin(const AdminCall& call) {
    const bool known = call.method == "GET" || call.method == "POST" || call.method == "PUT" || call.method == "DELETE";
    if (!known) return fail(ErrorKind::usage, fmt::format("'{}' is no method", call.method), "--admin");
    if (!call.url.starts_with("http://"))
        return fail(ErrorKind::usage, fmt::format("'{}' is no address of a sandbox", call.url), "--admin");
    if (!call.path.starts_with("/_admin/"))
        return fail(ErrorKind::usage, fmt::format("'{}' is no admin path", call.path), "--admin",
                    "paths begin with /_admin/, see --help");
    if (!call.body.empty())
        if (auto parsed = json::Value::parse(call.body); !parsed) return fail(ErrorKind::usage, parsed.error().text(), "--admin");
    httplib::Client client(call.url);
    client.set_read_timeout(120);
    httplib::Request request;
    request.method = call.method;
    request.path = call.path;
    request.body = call.body;
    if (!call.body.empty()) request.set_header("Content-Type", "application/json");
    const httplib::Result answer = client.send(request);
    if (!answer) return fail(ErrorKind::not_sent, "nobody answers", call.url, "is blongo-sandbox running there?");
    if (answer->status >= 300) return fail(ErrorKind::rejected, fmt::format("{}: {}", answer->status, answer->body), call.path);
    return answer->body;
}

} // namespace blongo::sandbox
