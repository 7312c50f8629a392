// SPDX-License-Identifier: Apache-2.0
#include <blongo/config/url.hpp>

#include <algorithm>

#include <arpa/inet.h>

#include <blongo/base/text.hpp>

namespace blongo::config {
namespace {

/// This machine by its very name: no name server can make it another one.
bool is_loopback(const std::string& host) {
    if (host == "localhost") return true;
    if (host.size() > 2 && host.front() == '[') {
        in6_addr address{};
        return inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &address) == 1 && IN6_IS_ADDR_LOOPBACK(&address);
    }
    in_addr address{};
    return inet_pton(AF_INET, host.c_str(), &address) == 1 && (ntohl(address.s_addr) >> 24U) == 127;
}

bool is_port(std::string_view text) {
    const auto number = parse_id(text);
    return number && *number >= 1 && *number <= 65'535;
}

bool is_host(std::string_view host) {
    if (host.empty()) return false;
    if (host.front() == '[') {
        in6_addr address{};
        return host.back() == ']' && host.size() > 2 &&
               inet_pton(AF_INET6, std::string(host.substr(1, host.size() - 2)).c_str(), &address) == 1;
    }
    return std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    });
}

} // namespace

std::string Address::text() const {
    return scheme + "://" + host + (port.empty() ? "" : ":" + port) + path;
}

std::optional<Address> parse_address(std::string_view url, std::string& complaint) {
    const auto refuse = [&](std::string what) {
        complaint = std::move(what);
        return std::nullopt;
    };
    if (std::any_of(url.begin(), url.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F; }))
        return refuse("holds a space or a control character");
    const auto scheme_end = url.find("://");
    if (scheme_end == std::string_view::npos) return refuse("has no scheme; write it as \"https://host/path\"");
    Address address;
    address.scheme = to_lower_ascii(url.substr(0, scheme_end));
    if (address.scheme != "https" && address.scheme != "http") return refuse("is not an https address");
    const std::string_view rest = url.substr(scheme_end + 3);
    if (rest.find_first_of("?#") != std::string_view::npos)
        return refuse("holds a query or a fragment; write it as \"https://host/path\"");
    const auto path_begin = std::min(rest.find('/'), rest.size());
    const std::string_view authority = rest.substr(0, path_begin);
    if (authority.find('@') != std::string_view::npos)
        return refuse("holds a user name or password; these have keys of their own");
    const auto bracket = authority.find(']');
    const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    address.host = to_lower_ascii(authority.substr(0, colon));
    if (!is_host(address.host)) return refuse("names no host that can exist");
    if (colon != std::string_view::npos) {
        address.port = std::string(authority.substr(colon + 1));
        if (!is_port(address.port)) return refuse("has a port that is not a number from 1 to 65535");
        if (address.port == (address.scheme == "https" ? "443" : "80")) address.port.clear();
    }
    address.path = std::string(rest.substr(path_begin));
    while (!address.path.empty() && address.path.back() == '/') address.path.pop_back();
    if (address.scheme == "http" && !is_loopback(address.host))
        return refuse("uses http, which would show the credentials to the network; write https "
                      "(http is for this machine only: localhost, 127.0.0.1, [::1])");
    return address;
}

bool codec::Url::read(Reading& reading, const std::string& key, const Node& node, std::string& out) const {
    if (node.kind != Node::Kind::string) {
        reading.wrong_type(key, node, expected());
        return false;
    }
    std::string complaint;
    const auto address = parse_address(node.text, complaint);
    if (!address) {
        reading.invalid(key, node.place, complaint);
        return false;
    }
    out = address->text();
    return true;
}

} // namespace blongo::config
