// SPDX-License-Identifier: Apache-2.0
#include <blongo/http/url.hpp>

#include <algorithm>
#include <memory>

#include <arpa/inet.h>
#include <curl/curl.h>

#include <blongo/base/text.hpp>

namespace blongo::http {
namespace {

// The URL parser of libcurl itself: what is judged here is exactly what is connected to later.
class ParsedUrl {
public:
    explicit ParsedUrl(std::string_view url) : handle_(curl_url(), &curl_url_cleanup) {
        const std::string text(url);
        good_ = handle_ && text.find('\0') == std::string::npos &&
                curl_url_set(handle_.get(), CURLUPART_URL, text.c_str(), 0) == CURLUE_OK;
    }
    [[nodiscard]] bool good() const noexcept { return good_; }
    [[nodiscard]] std::string part(CURLUPart part) const {
        char* text = nullptr;
        if (!good_ || curl_url_get(handle_.get(), part, &text, 0) != CURLUE_OK) return {};
        const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
        return text;
    }

private:
    std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> handle_;
    bool good_ = false;
};

bool is_loopback_host(std::string_view host) {
    if (host == "localhost") return true;
    if (host.size() > 2 && host.front() == '[') {
        in6_addr address{};
        const std::string inner(host.substr(1, host.size() - 2));
        return inet_pton(AF_INET6, inner.c_str(), &address) == 1 && IN6_IS_ADDR_LOOPBACK(&address);
    }
    in_addr address{};
    return inet_pton(AF_INET, std::string(host).c_str(), &address) == 1 && ntohl(address.s_addr) >> 24U == 127;
}

} // namespace

std::string build_url(std::string_view base, std::string_view path, const Query& query) {
    std::string url(base);
    if (!path.empty()) {
        while (!url.empty() && url.back() == '/') url.pop_back();
        if (path.front() != '/') url += '/';
        url += path;
    }
    char separator = '?';
    for (const auto& [name, value] : query) {
        url += separator;
        url += percent_encode(name);
        url += '=';
        url += percent_encode(value);
        separator = '&';
    }
    return url;
}

std::string host_of(std::string_view url) {
    return to_lower_ascii(ParsedUrl(url).part(CURLUPART_HOST));
}

std::string authority_of(std::string_view url) {
    const ParsedUrl parsed(url);
    std::string authority = to_lower_ascii(parsed.part(CURLUPART_HOST));
    const std::string port = parsed.part(CURLUPART_PORT);
    if (!port.empty()) authority += ":" + port;
    return authority;
}

bool is_loopback(std::string_view url) {
    return is_loopback_host(host_of(url));
}

Result<std::string> validate_base_url(std::string_view url) {
    // The text itself stays out of every message: it may hold a password.
    const auto wrong = [](std::string what) {
        return fail(ErrorKind::config, std::move(what), {}, "write it as https://host/path");
    };
    const bool odd =
        std::any_of(url.begin(), url.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; });
    if (url.empty()) return wrong("the url is empty");
    if (odd) return wrong("the url holds a space or a control character");
    if (url.find("://") == std::string_view::npos) return wrong("the url has no scheme");
    const ParsedUrl parsed(url);
    if (!parsed.good()) return wrong("the url cannot be read");
    const std::string host = to_lower_ascii(parsed.part(CURLUPART_HOST));
    if (host.empty()) return wrong("the url names no host");
    if (!parsed.part(CURLUPART_USER).empty() || !parsed.part(CURLUPART_PASSWORD).empty())
        return wrong("the url holds a user name or password; these belong into their own keys");
    if (url.find('?') != std::string_view::npos) return wrong("the url holds a query (?...)");
    if (url.find('#') != std::string_view::npos) return wrong("the url holds a fragment (#...)");
    const std::string scheme = parsed.part(CURLUPART_SCHEME);
    if (scheme == "http" && !is_loopback_host(host))
        return wrong("the url uses http to " + host + ", which would show the password to the network");
    if (scheme != "https" && scheme != "http") return wrong("the url uses " + scheme + ", not https");
    std::string clean(url);
    while (clean.back() == '/') clean.pop_back();
    return clean;
}

} // namespace blongo::http
