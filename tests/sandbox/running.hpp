// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <httplib.h>

#include <blongo/json/value.hpp>

#include "sandbox.hpp"

namespace blongo::test {

struct Answer {
    int status = 0; ///< 0: no answer came
    std::string text;
    json::Value body; ///< null when the text is no JSON
    [[nodiscard]] const json::Value& operator[](std::string_view name) const { return body[name]; }
    [[nodiscard]] const json::Value::Array& rows() const { return body.elements(); }
};

/// A sandbox inside the test process, and clients of it.
class Running {
public:
    explicit Running(sandbox::Options options = {});
    ~Running();

    /// A BaseLinker call on the connection that is kept alive.
    Answer base(const std::string& method, const json::Value& parameters = json::Value::object());
    /// The same with a body, headers and content type of the test's choice.
    Answer base_raw(const std::string& body, const httplib::Headers& headers,
                    const std::string& content_type = "application/x-www-form-urlencoded");
    /// An Ongoing call; `path` stands behind /sandbox/api/v1.
    Answer ongoing(const std::string& verb, const std::string& path, const json::Value& body = {});
    Answer ongoing_raw(const std::string& verb, const std::string& path, const std::string& body, const httplib::Headers& headers,
                       const std::string& content_type = "application/json");
    Answer admin(const std::string& verb, const std::string& path, const json::Value& body = {});

    void fault(const json::Value& rule) { (void)admin("POST", "/faults", rule); }
    void options(const json::Value& values) { (void)admin("PUT", "/options", values); }
    /// The kinds of the violations so far, in order.
    [[nodiscard]] std::vector<std::string> violations();
    /// The journal's entries of one operation.
    [[nodiscard]] json::Value::Array journal(const std::string& operation = {});
    /// Waits until the journal shows `entries` finished calls.
    void wait_for_done(std::size_t entries);
    /// Drops the kept-alive connections, so that the next call begins a new one.
    void fresh();
    [[nodiscard]] int port() const { return port_; }

    /// An article on the shelf, without a call of the interface.
    void plant_article(const std::string& number, int pieces = 0);

private:
    Answer send(std::unique_ptr<httplib::Client>& client, const std::string& verb, const std::string& path,
                const std::string& body, const httplib::Headers& headers, const std::string& content_type);
    std::unique_ptr<httplib::Client> client() const;

    std::unique_ptr<sandbox::Sandbox> sandbox_;
    int port_ = 0;
    std::thread thread_;
    std::unique_ptr<httplib::Client> base_, ongoing_, admin_;
};

/// {"a":1} from its text; throws when it does not parse.
[[nodiscard]] json::Value parsed(const std::string& text);
/// The form body of a BaseLinker call.
[[nodiscard]] std::string form(const std::string& method, const std::string& parameters);
/// A small valid order.
[[nodiscard]] json::Value small_order(const std::string& number, const std::string& article, int pieces = 1);

} // namespace blongo::test
