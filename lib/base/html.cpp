// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/html.hpp>

#include <algorithm>
#include <array>
#include <iterator>

#include <blongo/base/text.hpp>

namespace blongo {
namespace {

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_white(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

/// A tag, comment or declaration at an opening angle bracket.
struct Tag {
    std::string name; ///< lower case; empty for comments and declarations
    bool closing = false;
    std::size_t end = 0; ///< behind its last character; 0: what stands here is no tag
};

/// Behind the '>' that ends the tag begun at `at`; 0 when there is none.
std::size_t find_tag_end(std::string_view html, std::size_t at) {
    char quote = 0;
    bool value_due = false; // only behind "=" does a quotation mark open a value
    for (; at < html.size(); ++at) {
        const char c = html[at];
        if (quote != 0) {
            if (c == quote) quote = 0;
        } else if (c == '>') {
            return at + 1;
        } else if (value_due && (c == '"' || c == '\'')) {
            quote = c;
            value_due = false;
        } else if (!is_white(c)) {
            value_due = c == '=';
        }
    }
    return 0;
}

class Converter {
public:
    explicit Converter(std::string_view html) : html_(html) {}

    std::string run() {
        while (at_ < html_.size()) {
            const char c = html_[at_];
            if (c == '<') {
                const Tag tag = read_tag();
                if (tag.end != 0) {
                    handle(tag);
                    continue;
                }
            }
            if (c == '&') {
                std::string decoded;
                if (html::decode_entity(html_, at_, decoded)) {
                    put(decoded);
                    continue;
                }
            }
            if (is_white(c)) {
                space_ = true;
                ++at_;
                continue;
            }
            const std::size_t end = end_of_run();
            put_visible(html_.substr(at_, end - at_));
            at_ = end;
        }
        return finish();
    }

private:
    /// Behind the character that stands here and those that follow it and mean nothing but themselves.
    [[nodiscard]] std::size_t end_of_run() const {
        std::size_t end = at_ + 1;
        while (end < html_.size() && html_[end] != '<' && html_[end] != '&' && !is_white(html_[end])) ++end;
        return end;
    }

    Tag read_tag() {
        Tag tag;
        std::size_t at = at_ + 1;
        if (at >= html_.size()) return tag;
        if (html_.substr(at, 3) == "!--") {
            const std::size_t end = html_.find("-->", at + 1);
            tag.end = end == std::string_view::npos ? html_.size() : end + 3;
            return tag;
        }
        if (html_[at] == '!' || html_[at] == '?') {
            if (at + 1 < html_.size() && (is_letter(html_[at + 1]) || html_[at + 1] == '[')) {
                tag.end = unquoted_end(at);
            }
            return tag;
        }
        if (html_[at] == '/') {
            tag.closing = true;
            ++at;
        }
        if (at >= html_.size() || !is_letter(html_[at])) return tag;
        const std::size_t first = at;
        while (at < html_.size() && !is_white(html_[at]) && html_[at] != '>' && html_[at] != '/') ++at;
        tag.name = to_lower_ascii(html_.substr(first, at - first));
        // "<jan@example.com>" is an address.
        constexpr std::string_view name_characters = "abcdefghijklmnopqrstuvwxyz0123456789-:";
        if (tag.name.find_first_not_of(name_characters) != std::string::npos) return tag;
        tag.end = unquoted_end(at);
        return tag;
    }

    /// The end of a tag; one quotation mark too many does not swallow the rest of the text.
    std::size_t unquoted_end(std::size_t at) {
        if (no_end_behind_ <= at) return 0;
        if (!quotes_unbalanced_) {
            if (const std::size_t end = find_tag_end(html_, at); end != 0) return end;
            quotes_unbalanced_ = true;
        }
        const std::size_t end = html_.find('>', at);
        if (end == std::string_view::npos) no_end_behind_ = at;
        return end == std::string_view::npos ? 0 : end + 1;
    }

    void handle(const Tag& tag) {
        saw_tag_ = true;
        at_ = tag.end;
        const auto is_one_of = [&](const auto& names) {
            return std::find(std::begin(names), std::end(names), tag.name) != std::end(names);
        };
        constexpr std::string_view silent[] = {"script", "style", "head", "title", "template"};
        constexpr std::string_view blocks[] = {
            "p",  "div", "li",    "ul",      "ol",      "tr",      "table",      "thead",  "tbody",  "tfoot", "h1",
            "h2", "h3",  "h4",    "h5",      "h6",      "section", "article",    "header", "footer", "pre",   "dl",
            "dt", "dd",  "aside", "caption", "address", "main",    "blockquote", "nav",    "figure", "hr",    "center"};
        if (is_one_of(silent)) {
            if (!tag.closing) skip_behind(tag.name);
        } else if (tag.name == "br") {
            out_ += '\n';
            space_ = false;
        } else if (tag.name == "td" || tag.name == "th") {
            space_ = true;
        } else if (is_one_of(blocks)) {
            if (tag.closing && tag.name == "li" && at_bullet()) out_.resize(out_.size() - 2); // an empty item
            start_line();
            if (tag.name == "li" && !tag.closing && !at_bullet()) out_ += "- ";
        }
    }

    /// Moves behind the closing tag of an element whose text nobody reads.
    void skip_behind(std::string_view name) {
        for (std::size_t at = html_.find("</", at_); at != std::string_view::npos; at = html_.find("</", at + 2)) {
            if (to_lower_ascii(html_.substr(at + 2, name.size())) != name) continue;
            const std::size_t end = html_.find('>', at);
            at_ = end == std::string_view::npos ? html_.size() : end + 1;
            return;
        }
        at_ = html_.size();
    }

    void start_line() {
        space_ = false;
        if (!out_.empty() && out_.back() != '\n' && !at_bullet()) out_ += '\n';
    }

    [[nodiscard]] bool at_bullet() const { return out_ == "- " || out_.ends_with("\n- "); }

    /// What an entity stands for, white space folded. Line ends of a text without tags survive (see finish()).
    void put(std::string_view text) {
        constexpr std::string_view no_break_space = "\xC2\xA0";
        constexpr std::string_view soft_hyphen = "\xC2\xAD";
        if (text == soft_hyphen) return;
        if (text == no_break_space || (text.size() == 1 && is_white(text.front()))) {
            space_ = true;
            return;
        }
        put_visible(text);
    }

    void put_visible(std::string_view text) {
        if (space_ && !out_.empty() && out_.back() != '\n' && !at_bullet()) out_ += ' ';
        space_ = false;
        out_ += text;
    }

    std::string finish() {
        if (!saw_tag_) return without_tags();
        std::string tidy;
        std::size_t blank_lines = 0;
        for (std::string& line : split(out_, '\n')) {
            while (!line.empty() && line.back() == ' ') line.pop_back();
            if (line.empty() || line == "-") {
                ++blank_lines;
                continue;
            }
            if (!tidy.empty()) tidy += blank_lines > 0 ? "\n\n" : "\n";
            blank_lines = 0;
            tidy += line;
        }
        return tidy;
    }

    /// No tag anywhere: the text keeps its lines and spaces, only entities are decoded.
    std::string without_tags() {
        std::string plain;
        for (std::size_t at = 0; at < html_.size();) {
            if (html_[at] == '&' && html::decode_entity(html_, at, plain)) continue;
            plain += html_[at++];
        }
        return plain;
    }

    std::string_view html_;
    std::size_t at_ = 0;
    std::string out_;
    bool space_ = false; ///< white space was read and not yet written
    bool saw_tag_ = false;
    bool quotes_unbalanced_ = false;                     ///< of the rest: quotation marks in tags mean nothing any more
    std::size_t no_end_behind_ = std::string_view::npos; ///< no '>' follows this position
};

} // namespace

std::string html_to_text(std::string_view html) {
    return Converter(html).run();
}

} // namespace blongo
