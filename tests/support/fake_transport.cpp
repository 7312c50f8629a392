// SPDX-License-Identifier: Apache-2.0
#include "support/fake_transport.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include <catch2/catch.hpp>

namespace blongo::test {
namespace {

bool fits(const Match& match, const http::Request& request) {
    return request.name.find(match.name) != std::string::npos && (match.method.empty() || request.method == match.method) &&
           request.url.find(match.url) != std::string::npos && request.body.find(match.body) != std::string::npos;
}

std::string describe(const Match& match) {
    std::string text;
    if (!match.name.empty()) text += " name:" + match.name;
    if (!match.method.empty()) text += " method:" + match.method;
    if (!match.url.empty()) text += " url:" + match.url;
    if (!match.body.empty()) text += " body:" + match.body;
    return text.empty() ? " anything" : text;
}

} // namespace

void FakeTransport::Stub::answer(int status, std::string body, std::vector<http::Header> headers) {
    call([answer = response(status, std::move(body), std::move(headers))](const http::Request&) { return answer; });
}

void FakeTransport::Stub::fail(ErrorKind kind, std::string message) {
    fail(make_error(kind, std::move(message)));
}

void FakeTransport::Stub::fail(Error error) {
    call([error = std::move(error)](const http::Request&) -> Result<http::Response> { return blongo::fail(error); });
}

void FakeTransport::Stub::call(Action action) {
    const std::lock_guard guard(owner_.mutex_);
    owner_.stubs_.push_back({match_, std::move(action)});
}

FakeTransport::FakeTransport(std::function<void(const std::string&)> complain) : complain_(std::move(complain)) {
    if (!complain_) complain_ = [](const std::string& what) { FAIL_CHECK(what); };
}

FakeTransport::~FakeTransport() {
    if (std::uncaught_exceptions() == 0) verify();
}

Result<http::Response> FakeTransport::send(const http::Request& request) {
    if (request.departure) {
        const auto leave_until = request.departure();
        if (!leave_until) return blongo::fail(leave_until.error());
    }
    Action action;
    {
        const std::lock_guard guard(mutex_);
        requests_.push_back(request);
        const auto stub =
            std::find_if(stubs_.begin(), stubs_.end(), [&](const Entry& entry) { return fits(entry.match, request); });
        if (stub != stubs_.end()) {
            action = std::move(stub->action);
            stubs_.erase(stub);
        }
    }
    if (action) return action(request);
    const std::string text = request.name + ": " + request.method + " " + request.url + " " + request.body.substr(0, 500);
    complain_("unexpected request " + text);
    return blongo::fail(ErrorKind::internal, "unexpected request " + text);
}

std::vector<http::Request> FakeTransport::requests() const {
    const std::lock_guard guard(mutex_);
    return requests_;
}

std::size_t FakeTransport::count(const Match& match) const {
    const std::lock_guard guard(mutex_);
    return static_cast<std::size_t>(
        std::count_if(requests_.begin(), requests_.end(), [&](const auto& request) { return fits(match, request); }));
}

void FakeTransport::verify() {
    std::deque<Entry> unused;
    {
        const std::lock_guard guard(mutex_);
        unused.swap(stubs_);
    }
    for (const Entry& entry : unused) complain_("expected request never came:" + describe(entry.match));
}

http::Response response(int status, std::string body, std::vector<http::Header> headers) {
    http::Response made;
    made.status = status;
    made.headers = std::move(headers);
    made.body = std::move(body);
    return made;
}

} // namespace blongo::test
