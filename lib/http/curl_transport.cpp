// SPDX-License-Identifier: Apache-2.0
#include <blongo/http/curl_transport.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <mutex>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

#include <curl/curl.h>

#include <blongo/base/text.hpp>
#include <blongo/http/curl_errors.hpp>
#include <blongo/http/url.hpp>

namespace blongo::http {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t max_header_bytes = 1U << 20U;
constexpr std::size_t most_reserved_bytes = 1U << 20U; ///< whatever length an answer tells
constexpr long receive_buffer_bytes = 256L << 10;      ///< most answers come in one piece

void initialise_libcurl() {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

bool has_control_character(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && byte != '\t') || byte == 0x7F;
    });
}

/// Scheme and authority, which nearly all requests have in common: judged once for as long as they stay the same.
struct Origin {
    std::string text;
    bool is_loopback = false;
};

std::string_view origin_of(std::string_view url) {
    const std::size_t scheme = url.find("://");
    return scheme == std::string_view::npos ? url : url.substr(0, url.find_first_of("/?#", scheme + 3));
}

// What is wrong before anything is connected to; libcurl itself would send most of it. A good origin is remembered in `known`.
std::optional<Error> refuse(const Request& request, const CurlOptions& options, Origin& known) {
    const auto wrong = [&](std::string what, std::string remedy) {
        return make_error(ErrorKind::config, std::move(what), request.name, std::move(remedy));
    };
    const std::string_view url = request.url;
    const std::string_view origin = origin_of(url), base = url.substr(0, url.find('?'));
    if (has_control_character(url) || url.find_first_of(" \t") != std::string_view::npos)
        return wrong("the url holds a space or a control character", "percent-encode it");
    if (origin.empty() || origin != known.text || base.find('#') != std::string_view::npos) {
        if (auto clean = validate_base_url(base); !clean) return wrong(clean.error().message, clean.error().remedy);
        if (!options.allow_plain_http_to_loopback && !to_lower_ascii(url.substr(0, 8)).starts_with("https://"))
            return wrong("http without TLS to " + authority_of(url) + " is not allowed here", "use https");
        known = {std::string(origin), is_loopback(url)};
    }
    if (request.method.empty() || request.method.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos)
        return make_error(ErrorKind::internal, "no HTTP method", request.name);
    for (const Header& header : request.headers) {
        if (header.name.empty() || header.name.find_first_of(": \t") != std::string::npos || has_control_character(header.name) ||
            has_control_character(header.value))
            return wrong("header " + header.name.substr(0, header.name.find_first_of("\r\n")) +
                             " holds a line break or another control character",
                         "check the file or variable that its value comes from");
    }
    return std::nullopt;
}

struct HeaderList {
    HeaderList() = default;
    HeaderList(const HeaderList&) = delete;
    HeaderList& operator=(const HeaderList&) = delete;
    ~HeaderList() { curl_slist_free_all(list); }
    void add(const std::string& line) {
        curl_slist* longer = curl_slist_append(list, line.c_str());
        if (longer == nullptr) throw std::bad_alloc();
        list = longer;
    }
    curl_slist* list = nullptr;
};

void fill(HeaderList& list, const Request& request, bool with_body) {
    bool has_type = false;
    for (const Header& header : request.headers) {
        has_type = has_type || to_lower_ascii(header.name) == "content-type";
        list.add(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
    }
    list.add("Expect:");                                   // no "100-continue" round trip
    if (with_body && !has_type) list.add("Content-Type:"); // not libcurl's guess
}

} // namespace

struct CurlTransport::Handle {
    CURL* easy = nullptr;
    std::array<char, CURL_ERROR_SIZE> message{};
    std::int64_t attempts = 0;

    // The request under way.
    const Request* request = nullptr;
    const CurlOptions* options = nullptr;
    Origin origin; ///< of the last request
    Response response;
    std::size_t header_bytes = 0;
    bool headers_end_seen = false;
    SteadyClock::time_point left_at;
    std::optional<Milliseconds> leave_until; ///< boot time
    CurlFailure seen;

    explicit Handle(const CurlOptions& curl_options) : options(&curl_options) {
        initialise_libcurl();
        easy = curl_easy_init();
        if (easy == nullptr) throw std::bad_alloc();
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() { curl_easy_cleanup(easy); }

    // Runs when the connection stands, right before the request goes out on it.
    static int before_request(void* self, char*, char*, int, int) noexcept {
        auto& handle = *static_cast<Handle*>(self);
        if (handle.seen.sent) {
            handle.seen.second_attempt = true;
            return CURL_PREREQFUNC_ABORT;
        }
        if (handle.leave_until && SystemClock().boot_time() > *handle.leave_until) {
            handle.seen.too_late = true;
            return CURL_PREREQFUNC_ABORT;
        }
        handle.seen.sent = true;
        handle.left_at = SteadyClock::now();
        ++handle.attempts;
        return CURL_PREREQFUNC_OK;
    }

    static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept try {
        auto& handle = *static_cast<Handle*>(self);
        const std::string_view line(data, size * count);
        handle.header_bytes += line.size();
        if (handle.header_bytes > max_header_bytes) {
            handle.seen.too_large = true;
            return 0;
        }
        if (line.starts_with("HTTP/")) { // the headers of an interim answer (1xx) end here
            handle.response.headers.clear();
            handle.headers_end_seen = false;
        } else if (line == "\r\n" || line == "\n") {
            handle.headers_end_seen = true;
        } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos && colon > 0) {
            handle.response.headers.push_back(
                {to_lower_ascii(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1)))});
        }
        return line.size();
    } catch (...) {
        return 0;
    }

    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept try {
        auto& handle = *static_cast<Handle*>(self);
        const std::size_t bytes = size * count;
        if (handle.response.body.size() + bytes > handle.options->max_response_bytes) {
            handle.seen.too_large = true;
            return 0;
        }
        if (handle.response.body.empty()) handle.expect_body();
        handle.response.body.append(data, bytes);
        return bytes;
    } catch (...) {
        return 0;
    }

    // An answer whose length is told is stored once, not moved each time that it has outgrown its place.
    void expect_body() {
        curl_off_t told = 0;
        if (curl_easy_getinfo(easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &told) != CURLE_OK || told <= 0) return;
        response.body.reserve(std::min({static_cast<std::size_t>(told), options->max_response_bytes, most_reserved_bytes}));
    }

    // Runs at least once a second while libcurl waits.
    static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept {
        auto& handle = *static_cast<Handle*>(self);
        if (handle.request->effect == Effect::read && handle.options->stop != nullptr && handle.options->stop->requested())
            handle.seen.stopped = true;
        else if (handle.seen.sent && SteadyClock::now() - handle.left_at > handle.request->timeout)
            handle.seen.timed_out = true;
        return handle.seen.stopped || handle.seen.timed_out ? 1 : 0;
    }

    template <class T> void set(CURLoption option, T value) {
        if (const CURLcode code = curl_easy_setopt(easy, option, value); code != CURLE_OK && setup == CURLE_OK) setup = code;
    }
    CURLcode setup = CURLE_OK; ///< the first option that libcurl refused

    void set_connection_rules();
    void set_request(const HeaderList& headers, bool with_body);
};

void CurlTransport::Handle::set_connection_rules() {
    set(CURLOPT_PROTOCOLS_STR, origin.is_loopback ? "http,https" : "https");
    set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
    set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (!options->ca_file.empty()) set(CURLOPT_CAINFO, options->ca_file.c_str());
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_NETRC, long{CURL_NETRC_IGNORED});
    set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    if (origin.is_loopback) set(CURLOPT_PROXY, "");
    set(CURLOPT_HEADEROPT, long{CURLHEADER_SEPARATE}); // a proxy sees no header of ours
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(CURLOPT_NOSIGNAL, 1L); // no handlers; libcurl 7.87 and later write TLS without SIGPIPE, too
    set(CURLOPT_MAXCONNECTS, 1L);
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_BUFFERSIZE, receive_buffer_bytes);
    if (request->effect == Effect::unsafe_write) {
        set(CURLOPT_FRESH_CONNECT, 1L);
        set(CURLOPT_FORBID_REUSE, 1L);
    }
    set(CURLOPT_PREREQFUNCTION, &Handle::before_request);
    set(CURLOPT_PREREQDATA, static_cast<void*>(this));
}

void CurlTransport::Handle::set_request(const HeaderList& headers, bool with_body) {
    set(CURLOPT_URL, request->url.c_str());
    set(CURLOPT_USERAGENT, options->user_agent.c_str());
    set(CURLOPT_HTTPHEADER, headers.list);
    if (with_body) {
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request->body.size()));
        set(CURLOPT_POSTFIELDS, request->body.data());
    }
    if (request->method == "HEAD") set(CURLOPT_NOBODY, 1L);
    set(CURLOPT_CUSTOMREQUEST, request->method.c_str());
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options->connect_timeout.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>((options->connect_timeout + request->timeout).count()));
    set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(options->max_response_bytes));
    set(CURLOPT_ERRORBUFFER, message.data());
    set(CURLOPT_HEADERFUNCTION, &Handle::on_header);
    set(CURLOPT_HEADERDATA, static_cast<void*>(this));
    set(CURLOPT_WRITEFUNCTION, &Handle::on_body);
    set(CURLOPT_WRITEDATA, static_cast<void*>(this));
    set(CURLOPT_XFERINFOFUNCTION, &Handle::on_progress);
    set(CURLOPT_XFERINFODATA, static_cast<void*>(this));
    set(CURLOPT_NOPROGRESS, 0L);
}

CurlTransport::CurlTransport(CurlOptions options) : options_(std::move(options)), handle_(std::make_unique<Handle>(options_)) {}

CurlTransport::~CurlTransport() = default;

std::int64_t CurlTransport::attempts() const noexcept {
    return handle_->attempts;
}

Result<Response> CurlTransport::send(const Request& request) {
    Handle& handle = *handle_;
    if (auto refusal = refuse(request, options_, handle.origin)) return fail(*std::move(refusal));
    const bool with_body =
        !request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
    HeaderList headers;
    fill(headers, request, with_body);

    curl_easy_reset(handle.easy); // keeps the connection
    handle.request = &request;
    handle.response = {};
    handle.header_bytes = 0;
    handle.headers_end_seen = false;
    handle.seen = {};
    handle.message.front() = '\0';
    handle.setup = CURLE_OK;
    handle.set_connection_rules();
    handle.set_request(headers, with_body);
    if (handle.setup != CURLE_OK)
        return fail(ErrorKind::internal,
                    std::string("libcurl refuses a setting that blongo needs: ") + curl_easy_strerror(handle.setup), request.name,
                    "install the libcurl of Debian 12 or newer");

    handle.leave_until.reset();
    if (request.departure) {
        auto leave_until = request.departure();
        if (!leave_until) return fail(std::move(leave_until).error());
        handle.leave_until = *leave_until;
    }
    const CURLcode code = curl_easy_perform(handle.easy);
    curl_easy_setopt(handle.easy, CURLOPT_HTTPHEADER, nullptr); // the list dies with this call
    long status = 0;
    curl_easy_getinfo(handle.easy, CURLINFO_RESPONSE_CODE, &status);
    // libcurl calls an answer good that breaks off within its headers.
    const bool whole_head = handle.headers_end_seen && status >= 200;
    if (code == CURLE_OK && whole_head) {
        handle.response.status = static_cast<int>(status);
        return std::move(handle.response);
    }
    handle.seen.code = static_cast<int>(code == CURLE_OK ? CURLE_PARTIAL_FILE : code);
    handle.seen.message = code == CURLE_OK ? "its headers have no end" : handle.message.data();
    return fail(describe(handle.seen, request, options_));
}

} // namespace blongo::http
