// SPDX-License-Identifier: Apache-2.0
// Texts of people and headers: templates, times, durations, decimals, HTML, base64, Retry-After. What is read and
// written again is the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <blongo/base/decimal.hpp>
#include <blongo/base/redact.hpp>
#include <blongo/base/template.hpp>
#include <blongo/base/text.hpp>
#include <blongo/base/time.hpp>
#include <blongo/http/retry_after.hpp>
#include <blongo/http/url.hpp>

namespace {

using namespace blongo;

void expect(bool truth) {
    if (!truth) __builtin_trap();
}

void templates(std::string_view text) {
    const auto parsed = Template::parse(text);
    if (!parsed) return expect(!parsed.error().text().empty());
    std::string problem;
    (void)parsed->render([&](std::string_view name) { return std::string(name) + std::string(text); }, &problem);
    expect(parsed->text() == text);
    const auto again = Template::parse(parsed->text());
    expect(again && again->names() == parsed->names());
}

void times(std::string_view text) {
    if (const auto time = parse_timestamp(text)) {
        const auto again = parse_timestamp(format_utc(*time));
        expect(again && to_unix_seconds(*again) == to_unix_seconds(*time));
        (void)format_local_rfc3339(*time, "Europe/Warsaw");
    }
    if (const auto duration = parse_duration(text)) expect(parse_duration(format_duration(*duration)) == duration);
    (void)http::parse_retry_after(text, Timestamp{});
}

void numbers(std::string_view text) {
    const auto number = Decimal::parse(text);
    if (!number) return;
    expect(Decimal::parse(number->to_string()) == number);
    (void)number->to_fixed(2);
    if (number->is_whole()) expect(number->rounded(0) == *number);
}

void strings(const std::string& text) {
    expect(percent_decode(percent_encode(text), false) == text);
    expect(base64_decode(base64_encode(text)) == text);
    (void)base64_decode(text);
    const std::string plain = normalise_text(text);
    expect(normalise_text(plain) == plain);
    (void)html_to_text(text);
    (void)glob_match(text, "Kurier DPD");
    const std::string cut = cut_characters(plain, 9);
    expect(character_count(cut) <= 9 && plain.starts_with(cut));
    (void)mask_name(text);
    (void)mask_email(text);
    (void)mask_phone(text);
    (void)http::validate_base_url(text);
    (void)http::host_of(text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    templates(text);
    times(text);
    numbers(text);
    strings(text);
    return 0;
}
