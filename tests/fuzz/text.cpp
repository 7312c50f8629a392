// SPDX-License-Identifier: Apache-2.0
// Texts of people, headers and couriers: templates, times, durations, decimals, HTML, base64, Retry-After, telephone
// numbers, postcodes, labels. What is read and written again is the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <blongo/base/decimal.hpp>
#include <blongo/base/mapping_targets.hpp>
#include <blongo/base/redact.hpp>
#include <blongo/base/template.hpp>
#include <blongo/base/text.hpp>
#include <blongo/base/time.hpp>
#include <blongo/http/retry_after.hpp>
#include <blongo/http/url.hpp>
#include <blongo/map/countries.hpp>
#include <blongo/map/keys.hpp>
#include <blongo/map/label_file.hpp>
#include <blongo/map/packer_text.hpp>
#include <blongo/map/packer_words.hpp>
#include <blongo/map/parcels.hpp>
#include <blongo/map/shipment.hpp>

#include "answers.hpp"

namespace {

using namespace blongo;
using fuzz::expect;

void templates(std::string_view text) {
    const auto parsed = Template::parse(text);
    if (!parsed) return expect(!parsed.error().text().empty());
    std::string problem;
    (void)parsed->render([&](std::string_view name) { return std::string(name) + std::string(text); }, &problem);
    expect(parsed->text() == text);
    const auto again = Template::parse(parsed->text());
    expect(again && again->names() == parsed->names());
    const auto courier = Template::parse(text, courier_field_placeholders());
    if (courier) (void)courier->render([](std::string_view name) { return std::string(name); });
}

/// A template that a user writes for a member, which one is a matter of its length, and what it may become.
void own_members(std::string_view text) {
    for (const MappedObject object : {MappedObject::article, MappedObject::order, MappedObject::order_line}) {
        const auto members = mapped_members(object);
        const MappedMember& member = members[text.size() % members.size()];
        const auto own = parse_own_member(std::string(to_string(object)) + "." + std::string(member.path), text, "b.toml:1:1");
        expect(own || !own.error().text().empty());
        (void)mapped_text(member.type, text);
    }
    (void)parse_own_member(text, "{sku}");
}

/// The note that a packer reads, in words of the user's or in a language.
void packers(const std::string& text) {
    for (const auto message : {map::PackerMessage::failed, map::PackerMessage::waiting, map::PackerMessage::stop}) {
        const std::string note = map::packer_text(message, "short_pick", text, Timestamp{}, "Europe/Warsaw", text, "1001", text);
        expect(character_count(note) <= 500);
        (void)map::behind_packer_text(note);
    }
    (void)map::packer_text(map::PackerMessage::failed, text, text, Timestamp{}, "Europe/Warsaw", "pl", text, {});
    (void)map::behind_packer_text(text);
    (void)map::language_called(text);
}

/// What couriers ask of addresses, and what they send.
void couriers(const std::string& text) {
    for (const char* country : {"PL", "DE", "GB", "SE", "US", "XX"}) {
        (void)map::postcode_fits(country, text);
        if (const auto number = map::national_number(text, country)) (void)map::is_mobile_number(*number, country);
    }
    (void)map::country_text(text);
    (void)map::home_country(text);
    (void)map::postcode_form(text);
    const auto parcel = map::parse_parcel(text);
    expect(parcel || !parcel.error().text().empty());
    (void)map::pdf_pages("%PDF" + text);
    (void)map::pdf_page_size("%PDF" + text);
    expect(map::label_file_name(OrderNumber{text}, 1, 1, "pdf").find('/') == std::string::npos);
    (void)map::mime_type(text);
    const std::string key = map::key_text(text);
    expect(map::key_text(key) == key);
}

void times(std::string_view text) {
    if (const auto time = parse_timestamp(text)) {
        const auto again = parse_timestamp(format_utc(*time));
        expect(again && to_unix_seconds(*again) == to_unix_seconds(*time));
        (void)format_local_rfc3339(*time, "Europe/Warsaw");
        (void)local_date(*time, "Europe/Warsaw");
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
    const std::string text = fuzz::text_of(data, size);
    templates(text);
    own_members(text);
    packers(text);
    couriers(text);
    times(text);
    numbers(text);
    strings(text);
    return 0;
}
