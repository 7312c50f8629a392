// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <catch2/catch.hpp>
#include <rapidcheck/catch.h>

#include <blongo/base/text.hpp>
#include <blongo/base/unicode.hpp>

using namespace blongo;

namespace {

/// Valid UTF-8 of letters, marks, emoji, controls and spaces.
rc::Gen<std::string> some_unicode() {
    const std::u32string characters =
        U"aZ0 "
        U".\n\r\tłŻé\u0301\u0308漢か한👍🏽👨\u200D👩🇵🇱\uFE0F\u00A0\u2003\x01\x7F"
        U"\u0085\uFEFF™§";
    return rc::gen::map(rc::gen::container<std::u32string>(rc::gen::elementOf(characters)),
                        [](const std::u32string& text) { return unicode::encode(text); });
}

/// Any bytes, often nearly UTF-8.
rc::Gen<std::string> some_bytes() {
    return rc::gen::container<std::string>(
        rc::gen::oneOf(rc::gen::arbitrary<char>(), rc::gen::elementOf(std::string("ab \xC5\x82\xF0\x9F\x91\x8D\xED\xA0\x80"))));
}

bool is_valid(std::string_view text) {
    bool valid = true;
    for (std::size_t at = 0; at < text.size() && valid;) (void)unicode::next(text, at, &valid);
    return valid;
}

} // namespace

TEST_CASE("splitting and joining are each other's reverse") {
    CHECK(split("a,b,,c", ',') == std::vector<std::string>{"a", "b", "", "c"});
    CHECK(split("", ',') == std::vector<std::string>{""});
    CHECK(split(",", ',') == std::vector<std::string>{"", ""});
    CHECK(join(std::vector<std::string>{}, ", ").empty());
    CHECK(join(std::vector<std::string>{"a", "b"}, ", ") == "a, b");
    rc::prop("join(split(x)) is x", [](const std::string& text) { RC_ASSERT(join(split(text, ','), ",") == text); });
}

TEST_CASE("trimming takes white space from both ends only") {
    CHECK(trim("  a b\r\n\t") == "a b");
    CHECK(trim(" \n ").empty());
    CHECK(trim("").empty());
    CHECK(to_lower_ascii("ABC xyz ŁÓ") == "abc xyz ŁÓ");
}

TEST_CASE("texts are composed, lines kept, controls and broken bytes made harmless") {
    CHECK(normalise_text("plain") == "plain");
    CHECK(normalise_text("Krako\xCC\x81w") == "Krak\xC3\xB3w");
    CHECK(normalise_text("a\r\nb\rc\nd\te") == "a\nb\nc\nd e");
    CHECK(normalise_text("a\r\n\r\nb") == "a\n\nb");
    CHECK(normalise_text(std::string_view("a\0b\x07"
                                          "c\x7F\xC2\x85",
                                          8)) == "abc\n");
    CHECK(normalise_text("\xEF\xBB\xBFx") == "x");
    CHECK(normalise_text("a\xFFz") == "a\xEF\xBF\xBDz");
    CHECK(normalise_text("a\xED\xA0\x80z") == "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz");
    CHECK(normalise_text("zażółć 👍") == "zażółć 👍");
    rc::prop("a second time changes nothing, and the result is UTF-8", [] {
        const std::string once = normalise_text(*some_bytes());
        RC_ASSERT(is_valid(once));
        RC_ASSERT(normalise_text(once) == once);
    });
}

TEST_CASE("names are one line without emoji") {
    CHECK(normalise_name("  Jan \n Kowalski\t") == "Jan Kowalski");
    CHECK(normalise_name("ul. Łąkowa\xC2\xA0"
                         "5 🏠") == "ul. Łąkowa 5");
    CHECK(normalise_name("👨‍👩‍👧 Rodzina ❤️ 🇵🇱 1️⃣") == "Rodzina 1");
    CHECK(normalise_name("Lego® ™ © 5°") == "Lego® ™ © 5°");
    CHECK(normalise_name("東京都 → ①") == "東京都 → ①");
    CHECK(normalise_name("☎ ✓ ★ x") == "x");
    CHECK(normalise_name("👍").empty());
    rc::prop("a second time changes nothing", [] {
        const std::string once = normalise_name(*some_unicode());
        RC_ASSERT(normalise_name(once) == once);
        RC_ASSERT(once.find_first_of("\r\n\t") == std::string::npos);
        RC_ASSERT(once.find("  ") == std::string::npos);
        RC_ASSERT(once == trim(once));
    });
}

TEST_CASE("texts of Latin letters alone come out as they do among others") {
    // A sign of another script takes the long way through; | keeps blanks at the ends apart from it.
    rc::prop("whatever their characters", [] {
        std::string text = "|";
        for (const auto c : *rc::gen::container<std::vector<char32_t>>(rc::gen::oneOf(
                 rc::gen::inRange<char32_t>(0x20, 0x300), rc::gen::element(U' ', U'\n', U'\x7F', U'\xA0', U'\xAD'))))
            unicode::append(text, c);
        text += "|";
        RC_ASSERT("東" + normalise_name(text) + "東" == normalise_name("東" + text + "東"));
        RC_ASSERT("東" + normalise_text(text) + "東" == normalise_text("東" + text + "東"));
    });
    CHECK(normalise_name("  Zażółć   gęślą ") == "Zażółć gęślą");
    CHECK(normalise_name("Kubek \xC5") == "Kubek \xEF\xBF\xBD"); // half a letter
    CHECK(normalise_text("Kubek  \xC5\x41") == "Kubek  \xEF\xBF\xBD"
                                               "A");
}

TEST_CASE("characters are counted as code points") {
    CHECK(character_count("") == 0);
    CHECK(character_count("żółw") == 4);
    CHECK(character_count("👍🏽") == 2);
    CHECK(character_count("a\xFF\xFE") == 3);
}

TEST_CASE("a text is cut between characters that people see") {
    CHECK(cut_characters("żółw", 2) == "żó");
    CHECK(cut_characters("żółw", 4) == "żółw");
    CHECK(cut_characters("żółw", 9) == "żółw");
    CHECK(cut_characters("abc", 0).empty());
    CHECK(cut_characters("ab👍🏽", 3) == "ab");
    CHECK(cut_characters("ab👍🏽", 4) == "ab👍🏽");
    CHECK(cut_characters("ae\xCC\x81x", 2) == "a");
    CHECK(cut_characters("a👨‍👩‍👧b", 5) == "a");
    rc::prop("never through a code point, never too long, always a beginning", [] {
        const std::string text = *some_unicode();
        const auto limit = *rc::gen::inRange<std::size_t>(0, 20);
        const std::string cut = cut_characters(text, limit);
        RC_ASSERT(is_valid(cut));
        RC_ASSERT(character_count(cut) <= limit);
        RC_ASSERT(text.starts_with(cut));
        RC_ASSERT(character_count(text) > limit || cut == text);
    });
    rc::prop("broken bytes do no harm", [] {
        const std::string text = *some_bytes();
        const auto limit = *rc::gen::inRange<std::size_t>(0, 10);
        RC_ASSERT(text.starts_with(cut_characters(text, limit)));
    });
}

TEST_CASE("the width of a text is what a terminal needs") {
    CHECK(display_width("") == 0);
    CHECK(display_width("żółw") == 4);
    CHECK(display_width("漢字") == 4);
    CHECK(display_width("e\xCC\x81") == 1);
    CHECK(display_width("👍") == 2);
    CHECK(display_width("👨‍👩‍👧") == 2);
    CHECK(display_width("❤️") == 2);
    CHECK(display_width("a\x01") == 1);
}

TEST_CASE("case folding knows more than ASCII") {
    CHECK(fold_case("ŁÓDŹ") == fold_case("łódź"));
    CHECK(fold_case("STRASSE") == fold_case("straße"));
    CHECK(fold_case("ABC") == "abc");
    CHECK(fold_case("A\xFF") == "a\xEF\xBF\xBD");
}

TEST_CASE("globs match whole texts in any case") {
    CHECK(glob_match("*paczkomat*", "InPost Paczkomaty 24/7"));
    CHECK(glob_match("ŁÓDŹ*", "łódź bałuty"));
    CHECK(glob_match("a?c", "ałc"));
    CHECK(glob_match("", ""));
    CHECK(glob_match("*", ""));
    CHECK(glob_match("*a*b*c", "xxaxxbxxcbc"));
    CHECK_FALSE(glob_match("a", "ab"));
    CHECK_FALSE(glob_match("a?c", "ac"));
    CHECK_FALSE(glob_match("", "x"));
    CHECK_FALSE(glob_match("*b", "abc"));
    CHECK(glob_match(std::string(40, '*') + "b", std::string(500, 'a') + "b"));
    rc::prop("every text matches itself, and a star matches all", [] {
        const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("abc ")));
        RC_ASSERT(glob_match(text, text));
        RC_ASSERT(glob_match("*" + text + "*", "x" + text + "y"));
        RC_ASSERT(!glob_match(text + "?", text));
    });
}

TEST_CASE("a typing mistake finds the word that was meant") {
    const std::vector<std::string> keys = {"inventory_id", "requests_per_minute", "reserve", "url", "ca_file"};
    CHECK(nearest("inventry_id", keys) == "inventory_id");
    CHECK(nearest("request_per_minute", keys) == "requests_per_minute");
    CHECK(nearest("ulr", keys) == "url");
    CHECK(nearest("URL", keys) == "url");
    CHECK_FALSE(nearest("password", keys));
    CHECK_FALSE(nearest("x", keys));
    CHECK_FALSE(nearest("x", std::vector<std::string>{"y"}));
    CHECK_FALSE(nearest("url", std::vector<std::string>{}));
}

TEST_CASE("percent encoding keeps all bytes") {
    CHECK(percent_encode("a b&c=ł/~-_.") == "a%20b%26c%3D%C5%82%2F~-_.");
    CHECK(percent_decode("a+b%20c", true) == "a b c");
    CHECK(percent_decode("a+b%2Bc", false) == "a+b+c");
    CHECK(percent_decode("%c5%82 100% %zz %4", false) == "ł 100% %zz %4");
    rc::prop("there and back", [] {
        const std::string bytes = *some_bytes();
        const std::string encoded = percent_encode(bytes);
        RC_ASSERT(percent_decode(encoded, true) == bytes);
        RC_ASSERT(percent_decode(encoded, false) == bytes);
        RC_ASSERT(std::all_of(encoded.begin(), encoded.end(), [](char c) { return c > ' ' && c < 0x7F; }));
    });
}

TEST_CASE("base64 keeps all bytes") {
    CHECK(base64_encode("") == "");
    CHECK(base64_encode("f") == "Zg==");
    CHECK(base64_encode("fo") == "Zm8=");
    CHECK(base64_encode("foobar") == "Zm9vYmFy");
    CHECK(base64_decode("data:application/pdf;base64,Zm9v\r\nYmFy") == "foobar");
    CHECK(base64_decode(" Zm8 ") == "fo");
    CHECK(base64_decode("-_8=") == "\xFB\xFF");
    CHECK(base64_decode("").value() == "");
    const auto* const broken = GENERATE("Z", "Zm9vY", "Zm=9", "Zm9v=", "Zg===", "Z!9v", "data:no comma", "Zg=");
    INFO(broken);
    CHECK_FALSE(base64_decode(broken));
    rc::prop("there and back", [] {
        const std::string bytes = *some_bytes();
        RC_ASSERT(base64_decode(base64_encode(bytes)) == bytes);
    });
}

TEST_CASE("hashes are SHA-256") {
    CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(fingerprint("abc") == "ba7816bf8f01cfea414140de5dae2223");
}

TEST_CASE("random names differ") {
    CHECK(random_hex(16).size() == 32);
    CHECK(random_hex(16) != random_hex(16));
    CHECK(random_hex(16).find_first_not_of("0123456789abcdef") == std::string::npos);
}

TEST_CASE("marks join the letter before them, wherever the text came from") {
    rc::prop("composing before or after normalising is the same", [] {
        const auto letters = rc::gen::elementOf(std::u32string(U"aeszZnolLE\u0142\u2013\u2126\u212B\uAC00\u1100\u1161"));
        const auto marks = rc::gen::elementOf(std::u32string(U"\u0301\u0328\u0307\u0323\u030C"));
        std::u32string text;
        for (int i = *rc::gen::inRange(0, 8); i > 0; --i) {
            text += *letters;
            for (int j = *rc::gen::inRange(0, 3); j > 0; --j) text += *marks;
        }
        const std::string once = normalise_text(unicode::encode(text));
        RC_ASSERT(fold_case(once) == fold_case(unicode::encode(text)));
        RC_ASSERT(normalise_text(once) == once);
        RC_ASSERT(character_count(once) <= text.size());
    });
    CHECK(normalise_text("Z\xCC\x87") == "\xC5\xBB");
    CHECK(normalise_text("\xE2\x84\xA6") == "\xCE\xA9"); // the Ohm sign is a Greek letter
}
