// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

#include <blongo/base/redact.hpp>
#include <blongo/base/text.hpp>
#include <blongo/base/unicode.hpp>

using namespace blongo;

namespace {

Redactor redactor_of(const std::string& secret) {
    Redactor redactor;
    redactor.add(Secret{std::string(secret)});
    return redactor;
}

std::string lower_percent(std::string_view text) {
    return to_lower_ascii(percent_encode(text));
}

/// Every character as \u00XX, as the strictest of JSON writers do it.
std::string json_escaped(std::string_view ascii) {
    std::string out;
    for (const char c : ascii) out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    return out;
}

std::string with_slashes(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '/' || c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

} // namespace

TEST_CASE("a secret does not show in any form that a log can hold") {
    const std::string token = "3001-3002/ABC+d\"e&f=\\g h~ijkl";
    const Redactor redactor = redactor_of(token);
    CHECK(redactor.clean("X-BLToken: " + token + "\r\n") == "X-BLToken: ***\r\n");
    CHECK(redactor.clean("t=" + percent_encode(token) + "&x=1") == "t=***&x=1");
    CHECK(redactor.clean(lower_percent("/ABC+d") + "...") == lower_percent("/ABC+d") + "...");
    CHECK(redactor.clean("{\"token\":\"" + with_slashes(token) + "\"}") == "{\"token\":\"***\"}");
    CHECK(redactor.clean("\"" + json_escaped(token) + "\"") == "\"***\"");
    CHECK(redactor.clean(with_slashes(with_slashes(token))) == "***");
    CHECK(redactor.clean(percent_encode(percent_encode(token))) == "***");
    CHECK(redactor.clean(percent_encode(with_slashes(token))).find("ABC") != std::string::npos);
    CHECK(redactor.clean("nothing to hide: 3001-300") == "nothing to hide: 3001-300");
}

TEST_CASE("percent encoding of either case is found") {
    const std::string password = "pässwörd/1+2";
    const Redactor redactor = redactor_of(password);
    CHECK(redactor.clean(percent_encode(password)) == "***");
    CHECK(redactor.clean("p%c3%a4ssw%C3%b6rd%2f1%2B2") == "***");
    CHECK(redactor.clean("p\\u00e4ssw\\u00F6rd\\/1+2") == "***");
    CHECK(redactor_of("emoji 👍 inside").clean("emoji+%F0%9F%91%8D+inside emoji \\ud83d\\uDC4D inside") == "*** ***");
}

TEST_CASE("a secret is found in base64 wherever it stands in the encoded text") {
    const std::string secret = "correct horse?battery>staple";
    const Redactor redactor = redactor_of(secret);
    for (const std::string before : {"", "a", "ab", "abc", "user:", "longer user:"}) {
        for (const std::string after : {"", "x", "xy", "xyz"}) {
            const std::string shown = redactor.clean(base64_encode(before + secret + after));
            INFO(shown);
            CHECK(shown.find("***") != std::string::npos);
            CHECK(shown.size() <= base64_encode(before + after).size() + 3 + 8);
            CHECK(base64_decode(shown).value_or("").find(secret.substr(2, 10)) == std::string::npos);
        }
    }
    std::string url_form = base64_encode(secret);
    for (char& c : url_form) c = c == '+' ? '-' : c == '/' ? '_' : c;
    CHECK(redactor.clean(url_form).size() < 8);
}

TEST_CASE("the Basic form of user and password is hidden as a whole") {
    Redactor redactor;
    redactor.add_basic("WSI-ACME", Secret{std::string("pa55word")});
    CHECK(redactor.clean("Authorization: Basic " + base64_encode("WSI-ACME:pa55word") + "\n") == "Authorization: Basic ***=\n");
    CHECK(redactor.clean("pa55word") == "***");
    CHECK_FALSE(redactor.empty());
    Redactor nothing;
    nothing.add_basic("user", Secret{});
    CHECK(nothing.empty());
}

TEST_CASE("what is too short to be a secret is not searched") {
    const Redactor redactor = redactor_of("abc");
    CHECK(redactor.empty());
    CHECK(redactor.clean("abcabc") == "abcabc");
}

TEST_CASE("overlapping occurrences vanish together") {
    CHECK(redactor_of("abcabc").clean("x abcabcabc y") == "x *** y");
    Redactor two;
    two.add(Secret{std::string("password")});
    two.add(Secret{std::string("wordlist")});
    CHECK(two.clean("passwordlist") == "***");
}

TEST_CASE("what stands for a secret cannot become one") {
    CHECK(redactor_of("****").clean("a*****b").find("****") == std::string::npos);
    CHECK(redactor_of("[...]**").clean("[...]**x[...]**").find("[...]**") == std::string::npos);
    std::string all;
    for (char c = ' '; c <= '~'; ++c) all += c;
    CHECK(redactor_of(all).clean("x" + all + "y") == "x\x1ay");
}

TEST_CASE("no text keeps a secret in any of its forms") {
    rc::prop("raw, percent-encoded, JSON-escaped, base64, side by side and overlapping", [] {
        const auto letters = rc::gen::elementOf(std::string("ab%\\/+ u0\"*["));
        const auto secret =
            *rc::gen::suchThat(rc::gen::container<std::string>(letters), [](const std::string& s) { return s.size() >= 4; });
        const Redactor redactor = redactor_of(secret);
        std::string text;
        for (const int form : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 8))) {
            text += *rc::gen::container<std::string>(letters);
            switch (form) {
            case 0: text += secret; break;
            case 1: text += percent_encode(secret); break;
            case 2: text += lower_percent(secret); break;
            case 3: text += json_escaped(secret); break;
            case 4: text += with_slashes(secret); break;
            case 5: text += base64_encode(secret); break;
            case 6: text += base64_encode("x" + secret); break;
            default: text += base64_encode("xy" + secret + "z"); break;
            }
        }
        const std::string shown = redactor.clean(text);
        const std::string encoded = base64_encode(secret);
        RC_ASSERT(shown.find(secret) == std::string::npos);
        RC_ASSERT(shown.find(percent_encode(secret)) == std::string::npos);
        RC_ASSERT(shown.find(json_escaped(secret)) == std::string::npos);
        RC_ASSERT(shown.find(with_slashes(secret)) == std::string::npos);
        RC_ASSERT(encoded.size() < 10 || shown.find(encoded.substr(0, encoded.size() - 3)) == std::string::npos);
        RC_ASSERT(percent_decode(shown, false).find(secret) == std::string::npos ||
                  percent_decode(text, false).find(secret) != std::string::npos);
        RC_ASSERT(redactor.clean(shown) == shown);
    });
    rc::prop("text without the secret is not touched",
             [](const std::string& text) { RC_ASSERT(redactor_of("0123456789abcdef-token").clean(text) == text); });
}

TEST_CASE("a text of nothing but escapes is searched in passable time") {
    const Redactor redactor = redactor_of(std::string(64, '\\') + "end");
    CHECK(redactor.clean(std::string(3000, '\\')) == std::string(3000, '\\'));
}

TEST_CASE("personal data is masked") {
    CHECK(mask_name("Jan Kowalski") == "J*** K***");
    CHECK(mask_name("  Łucja  Ż. ") == "Ł*** Ż***");
    CHECK(mask_name("").empty());
    CHECK(mask_email("jan@example.com") == "j***@e***.com");
    CHECK(mask_email("jan@localhost") == "j***@l***");
    CHECK(mask_email("a@b@mail.example.co.uk") == "a***@m***.uk");
    CHECK(mask_email("@") == "***@***");
    CHECK(mask_email("no address") == "n*** a***");
    CHECK(mask_phone("+48600100200") == "***200");
    CHECK(mask_phone("600 100 200") == "***200");
    CHECK(mask_phone("112") == "***");
    CHECK(mask_phone("").empty());
}
