// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <iterator>

#include <blongo/base/html.hpp>
#include <blongo/base/unicode.hpp>

namespace blongo::html {
namespace {

struct Named {
    std::string_view name;
    char32_t character;
};

/// Latin-1, the letters of Central European languages, typography and the signs of product texts.
constexpr auto table = [] {
    // clang-format off
    auto entries = std::to_array<Named>({
        {"quot", 34}, {"amp", 38}, {"apos", 39}, {"lt", 60}, {"gt", 62}, {"nbsp", 160}, {"iexcl", 161},
        {"cent", 162}, {"pound", 163}, {"curren", 164}, {"yen", 165}, {"brvbar", 166}, {"sect", 167},
        {"uml", 168}, {"copy", 169}, {"ordf", 170}, {"laquo", 171}, {"not", 172}, {"shy", 173}, {"reg", 174},
        {"macr", 175}, {"deg", 176}, {"plusmn", 177}, {"sup2", 178}, {"sup3", 179}, {"acute", 180},
        {"micro", 181}, {"para", 182}, {"middot", 183}, {"cedil", 184}, {"sup1", 185}, {"ordm", 186},
        {"raquo", 187}, {"frac14", 188}, {"frac12", 189}, {"frac34", 190}, {"iquest", 191}, {"Agrave", 192},
        {"Aacute", 193}, {"Acirc", 194}, {"Atilde", 195}, {"Auml", 196}, {"Aring", 197}, {"AElig", 198},
        {"Ccedil", 199}, {"Egrave", 200}, {"Eacute", 201}, {"Ecirc", 202}, {"Euml", 203}, {"Igrave", 204},
        {"Iacute", 205}, {"Icirc", 206}, {"Iuml", 207}, {"ETH", 208}, {"Ntilde", 209}, {"Ograve", 210},
        {"Oacute", 211}, {"Ocirc", 212}, {"Otilde", 213}, {"Ouml", 214}, {"times", 215}, {"Oslash", 216},
        {"Ugrave", 217}, {"Uacute", 218}, {"Ucirc", 219}, {"Uuml", 220}, {"Yacute", 221}, {"THORN", 222},
        {"szlig", 223}, {"agrave", 224}, {"aacute", 225}, {"acirc", 226}, {"atilde", 227}, {"auml", 228},
        {"aring", 229}, {"aelig", 230}, {"ccedil", 231}, {"egrave", 232}, {"eacute", 233}, {"ecirc", 234},
        {"euml", 235}, {"igrave", 236}, {"iacute", 237}, {"icirc", 238}, {"iuml", 239}, {"eth", 240},
        {"ntilde", 241}, {"ograve", 242}, {"oacute", 243}, {"ocirc", 244}, {"otilde", 245}, {"ouml", 246},
        {"divide", 247}, {"oslash", 248}, {"ugrave", 249}, {"uacute", 250}, {"ucirc", 251}, {"uuml", 252},
        {"yacute", 253}, {"thorn", 254}, {"yuml", 255},
        // Latin Extended-A
        {"Aogon", 0x104}, {"aogon", 0x105}, {"Cacute", 0x106}, {"cacute", 0x107}, {"Ccaron", 0x10C},
        {"ccaron", 0x10D}, {"Dcaron", 0x10E}, {"dcaron", 0x10F}, {"Eogon", 0x118}, {"eogon", 0x119},
        {"Ecaron", 0x11A}, {"ecaron", 0x11B}, {"Lacute", 0x139}, {"lacute", 0x13A}, {"Lcaron", 0x13D},
        {"lcaron", 0x13E}, {"Lstrok", 0x141}, {"lstrok", 0x142}, {"Nacute", 0x143}, {"nacute", 0x144},
        {"Ncaron", 0x147}, {"ncaron", 0x148}, {"Odblac", 0x150}, {"odblac", 0x151}, {"OElig", 0x152},
        {"oelig", 0x153}, {"Racute", 0x154}, {"racute", 0x155}, {"Rcaron", 0x158}, {"rcaron", 0x159},
        {"Sacute", 0x15A}, {"sacute", 0x15B}, {"Scaron", 0x160}, {"scaron", 0x161}, {"Tcaron", 0x164},
        {"tcaron", 0x165}, {"Uring", 0x16E}, {"uring", 0x16F}, {"Udblac", 0x170}, {"udblac", 0x171},
        {"Yuml", 0x178}, {"Zacute", 0x179}, {"zacute", 0x17A}, {"Zdot", 0x17B}, {"zdot", 0x17C},
        {"Zcaron", 0x17D}, {"zcaron", 0x17E},
        // spaces, dashes, quotation marks, signs
        {"ensp", 0x2002}, {"emsp", 0x2003}, {"thinsp", 0x2009}, {"zwnj", 0x200C}, {"zwj", 0x200D},
        {"ndash", 0x2013}, {"mdash", 0x2014}, {"lsquo", 0x2018}, {"rsquo", 0x2019}, {"sbquo", 0x201A},
        {"ldquo", 0x201C}, {"rdquo", 0x201D}, {"bdquo", 0x201E}, {"dagger", 0x2020}, {"Dagger", 0x2021},
        {"bull", 0x2022}, {"hellip", 0x2026}, {"permil", 0x2030}, {"prime", 0x2032}, {"Prime", 0x2033},
        {"lsaquo", 0x2039}, {"rsaquo", 0x203A}, {"euro", 0x20AC}, {"trade", 0x2122}, {"larr", 0x2190},
        {"uarr", 0x2191}, {"rarr", 0x2192}, {"darr", 0x2193}, {"harr", 0x2194}, {"minus", 0x2212},
        {"infin", 0x221E}, {"asymp", 0x2248}, {"ne", 0x2260}, {"le", 0x2264}, {"ge", 0x2265},
        {"check", 0x2713}, {"star", 0x2606}, {"starf", 0x2605}, {"Omega", 0x3A9}, {"mu", 0x3BC},
        {"num", '#'}, {"percnt", '%'}, {"lpar", '('}, {"rpar", ')'}, {"plus", '+'}, {"comma", ','},
        {"period", '.'}, {"sol", '/'}, {"colon", ':'}, {"semi", ';'}, {"equals", '='}, {"excl", '!'},
        {"quest", '?'}, {"commat", '@'}, {"lsqb", '['}, {"bsol", '\\'}, {"rsqb", ']'}, {"lowbar", '_'},
        {"Tab", '\t'}, {"NewLine", '\n'},
    });
    // clang-format on
    std::sort(entries.begin(), entries.end(), [](const Named& a, const Named& b) { return a.name < b.name; });
    return entries;
}();

/// What browsers make of the numbers 128 to 159: Windows-1252.
constexpr std::array<char32_t, 32> windows_1252 = {
    0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0x8D, 0x17D, 0x8F,
    0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E, 0x178};

bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The value of a digit, or a number no base reaches.
unsigned digit_value(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return 99;
}

bool decode_number(std::string_view html, std::size_t& position, std::string& out) {
    std::size_t at = position + 2;
    unsigned base = 10;
    if (at < html.size() && (html[at] == 'x' || html[at] == 'X')) {
        base = 16;
        ++at;
    }
    char32_t code = 0;
    const std::size_t first = at;
    for (; at < html.size() && digit_value(html[at]) < base; ++at) {
        code = std::min<char32_t>(code * base + digit_value(html[at]), 0x110000);
    }
    if (at == first) return false;
    if (at < html.size() && html[at] == ';') ++at;
    if (code >= 0x80 && code <= 0x9F) code = windows_1252[code - 0x80];
    unicode::append(out, code == 0 ? unicode::replacement : code);
    position = at;
    return true;
}

} // namespace

char32_t named_character(std::string_view name) noexcept {
    const auto* const entry =
        std::lower_bound(table.begin(), table.end(), name, [](const Named& a, std::string_view b) { return a.name < b; });
    return entry != table.end() && entry->name == name ? entry->character : 0;
}

bool decode_entity(std::string_view html, std::size_t& position, std::string& out) {
    if (position + 1 < html.size() && html[position + 1] == '#') return decode_number(html, position, out);
    std::size_t end = position + 1;
    while (end < html.size() && end - position < 12 && is_alphanumeric(html[end])) ++end;
    const std::string_view name = html.substr(position + 1, end - position - 1);
    const bool closed = end < html.size() && html[end] == ';';
    // Without its semicolon only what nobody can mean as a word: "AT&T" and "a&not" stay.
    constexpr std::string_view open_names[] = {"amp", "lt", "gt", "quot", "nbsp"};
    if (!closed && std::find(std::begin(open_names), std::end(open_names), name) == std::end(open_names)) return false;
    const char32_t character = named_character(name);
    if (character == 0) return false;
    unicode::append(out, character);
    position = end + (closed ? 1 : 0);
    return true;
}

} // namespace blongo::html
