// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <map>

#include <blongo/base/text.hpp>
#include <blongo/state/target_impl.hpp>

namespace blongo::state {
namespace {

using Parameters = std::map<std::string, std::string>;

/// Parameters of a URL that do not weaken what blongo insists on.
constexpr std::array allowed{"host",
                             "port",
                             "user",
                             "dbname",
                             "sslmode",
                             "sslrootcert",
                             "sslcert",
                             "sslkey",
                             "sslcrl",
                             "passfile",
                             "target_session_attrs",
                             "connect_timeout",
                             "hostaddr",
                             "channel_binding",
                             "gssencmode",
                             "krbsrvname"};

tl::unexpected<Error> bad_url(std::string message, std::string remedy) {
    return fail(ErrorKind::config, std::move(message), "state.url", std::move(remedy));
}

bool is_local(const std::string& host) {
    return host.empty() || host.front() == '/' || host.front() == '@' || host == "localhost" || host == "::1" ||
           host == "[::1]" || host.starts_with("127.");
}

/// All hosts of a list ("a,b") are on this machine.
bool all_local(const Parameters& parameters) {
    const auto value = [&](const char* name) {
        const auto it = parameters.find(name);
        return it == parameters.end() ? std::string{} : it->second;
    };
    const auto hosts = split(value("hostaddr").empty() ? value("host") : value("hostaddr"), ',');
    return std::all_of(hosts.begin(), hosts.end(), is_local);
}

/// The certificates that the system trusts: libpq 15 has no name for them.
std::string system_certificates() {
    const char* home = std::getenv("HOME");
    std::error_code ignored;
    if (home != nullptr && std::filesystem::exists(std::string(home) + "/.postgresql/root.crt", ignored)) return {};
    for (const char* file : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"}) {
        if (std::filesystem::exists(file, ignored)) return file;
    }
    return {};
}

Result<void> read_authority(std::string_view authority, Parameters& out) {
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        const auto user = authority.substr(0, at);
        if (user.find(':') != std::string_view::npos) {
            return bad_url("the URL of the state holds a password",
                           "remove it and name it by password_file, password_command or password_credential");
        }
        if (!user.empty()) out["user"] = percent_decode(user, false);
        authority.remove_prefix(at + 1);
    }
    std::vector<std::string> hosts, ports;
    bool any_port = false;
    for (const std::string& one : split(authority, ',')) {
        std::string host = one, port;
        const auto bracket = one.rfind(']');
        const auto colon = one.rfind(':');
        if (colon != std::string::npos && (bracket == std::string::npos || colon > bracket)) {
            host = one.substr(0, colon);
            port = one.substr(colon + 1);
            if (!port.empty() && port.find_first_not_of("0123456789") != std::string::npos) {
                return bad_url("the port \"" + port + "\" is not a number", "write postgresql://user@host:5432/database");
            }
            any_port = any_port || !port.empty();
        }
        if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
        hosts.push_back(percent_decode(host, false));
        ports.push_back(port);
    }
    if (!authority.empty()) out["host"] = join(hosts, ",");
    if (any_port) out["port"] = join(ports, ",");
    return {};
}

Result<void> read_query(std::string_view query, Parameters& out) {
    for (const std::string& pair : split(query, '&')) {
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        const std::string name = percent_decode(pair.substr(0, equals), false);
        if (name == "password") {
            return bad_url("the URL of the state holds a password",
                           "remove it and name it by password_file, password_command or password_credential");
        }
        if (equals == std::string::npos || std::find(allowed.begin(), allowed.end(), name) == allowed.end()) {
            return bad_url("the URL of the state has the parameter \"" + name + "\", which blongo does not take",
                           "remove it; allowed are host, port, user, sslmode, sslrootcert, sslcert, sslkey, "
                           "connect_timeout and a few more of libpq");
        }
        out[name] = percent_decode(pair.substr(equals + 1), false);
    }
    return {};
}

std::string to_url(const Parameters& parameters, const Secret& password) {
    std::string url = "postgresql://?";
    for (const auto& [name, value] : parameters) {
        if (url.back() != '?') url += '&';
        url += name + "=" + percent_encode(value);
    }
    if (!password.empty()) url += "&password=" + percent_encode(password.reveal());
    return url;
}

} // namespace

Result<Target> read_postgresql_url(const std::string& url, const Secret& password) {
    std::string_view rest = url;
    rest.remove_prefix(rest.find("://") + 3);
    std::string_view query;
    if (const auto mark = rest.find('?'); mark != std::string_view::npos) {
        query = rest.substr(mark + 1);
        rest = rest.substr(0, mark);
    }
    Parameters parameters;
    const auto slash = rest.find('/');
    BLONGO_CHECK(read_authority(rest.substr(0, slash), parameters));
    if (slash != std::string_view::npos && slash + 1 < rest.size()) {
        parameters["dbname"] = percent_decode(rest.substr(slash + 1), false);
    }
    BLONGO_CHECK(read_query(query, parameters));
    if (parameters["dbname"].empty()) {
        return bad_url("the URL of the state names no database", "write postgresql://user@host:5432/database");
    }

    const bool local = all_local(parameters);
    if (!local && !parameters.contains("sslmode")) parameters["sslmode"] = "verify-full";
    const std::string sslmode = parameters.contains("sslmode") ? parameters["sslmode"] : "prefer";
    if (!local && (sslmode == "verify-full" || sslmode == "verify-ca") && !parameters.contains("sslrootcert")) {
        if (std::string file = system_certificates(); !file.empty()) parameters["sslrootcert"] = std::move(file);
    }
    parameters.emplace("connect_timeout", "10");
    parameters["application_name"] = "blongo";
    parameters["client_encoding"] = "UTF8";
    parameters["keepalives"] = "1";

    Target target;
    target.postgresql = true;
    target.verified = sslmode == "verify-full";
    target.place = "postgresql://" + (parameters.contains("host") ? parameters["host"] : std::string{}) +
                   (parameters.contains("port") ? ":" + parameters["port"] : std::string{}) + "/" + parameters["dbname"];
    Parameters patient = parameters;
    patient.insert({{"keepalives_idle", "60"}, {"keepalives_interval", "10"}, {"keepalives_count", "6"}});
    target.connect = to_url(patient, password);
    parameters.insert(
        {{"keepalives_idle", "5"}, {"keepalives_interval", "2"}, {"keepalives_count", "3"}, {"tcp_user_timeout", "11000"}});
    target.lock_connect = to_url(parameters, password);
    return target;
}

} // namespace blongo::state
