// SPDX-License-Identifier: Apache-2.0
#include "roff.hpp"

#include <algorithm>

#include <blongo/base/text.hpp>

namespace blongo::docs {
namespace {

std::string in_capitals(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return text;
}

} // namespace

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (out.empty() && (c == '.' || c == '\'')) out += "\\&";
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else if (c == '"')
            out += "\\(dq";
        else if (c == '\'')
            out += "\\(aq";
        else if (c == '^')
            out += "\\(ha";
        else if (c == '~')
            out += "\\(ti";
        else if (c == '`')
            out += "\\(ga";
        else
            out += c;
    }
    return out;
}

Page::Page(const std::string& name, int section, const std::string& what) {
    text_ = ".\\\" SPDX-License-Identifier: Apache-2.0\n.\\\" Made by blongo-docs.\n.TH " + in_capitals(escaped(name)) + ' ' +
            std::to_string(section) + " 2026-11-29 \"blongo " BLONGO_VERSION "\" \"blongo\"\n";
    heading("Name");
    text_ += escaped(name) + " \\- " + escaped(what) + '\n';
}

void Page::heading(const std::string& title) {
    heading_ = true;
    text_ += ".SH " + in_capitals(escaped(title)) + '\n';
}

void Page::subheading(const std::string& title) {
    heading_ = true;
    text_ += ".SS " + escaped(title) + '\n';
}

void Page::paragraph(const std::string& text) {
    if (!heading_) text_ += ".P\n";
    heading_ = false;
    text_ += escaped(text) + '\n';
}

void Page::item(const std::string& term, const std::string& value, const std::string& meaning) {
    heading_ = false;
    text_ += ".TP\n\\fB" + escaped(term) + "\\fR";
    if (!value.empty()) text_ += " \\fI" + escaped(value) + "\\fR";
    text_ += '\n' + escaped(meaning.empty() ? std::string("\\") : meaning) + '\n';
}

void Page::block(const std::string& lines) {
    text_ += heading_ ? ".RS 4\n.nf\n" : ".P\n.RS 4\n.nf\n";
    heading_ = false;
    for (const std::string& line : split(lines, '\n')) text_ += (line.empty() ? "\\&" : escaped(line)) + '\n';
    text_ += ".fi\n.RE\n";
}

void Page::see_also(const std::string& pages) {
    heading("See also");
    std::string line;
    for (const std::string& page : split(pages, ' ')) {
        const std::size_t bracket = page.find('(');
        line += (line.empty() ? "" : ",\n") + ("\\fB" + escaped(page.substr(0, bracket)) + "\\fR" + page.substr(bracket));
    }
    text_ += line + '\n';
}

} // namespace blongo::docs
