// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/personal_mask.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/json/value.hpp>
#include <blongo/sync/personal_words.hpp>

namespace blongo::sync {

namespace {

/// Members about a person, whatever stands in them: of BaseLinker's orders, returns and packages, of Ongoing's orders.
constexpr std::array<std::string_view, 22> personal_members{"extra_field_1",
                                                            "extra_field_2",
                                                            "custom_extra_fields",
                                                            "order_page",
                                                            "client",
                                                            "receiver",
                                                            "sender",
                                                            "consignee",
                                                            "invoiceaddress",
                                                            "returnaddress",
                                                            "customer",
                                                            "freetext1",
                                                            "freetext2",
                                                            "freetext3",
                                                            "vatnumber",
                                                            "organisationnumber",
                                                            "label",
                                                            "filedatabase64",
                                                            "fullname",
                                                            "street",
                                                            "postcode",
                                                            "nip"};
constexpr std::array<std::string_view, 12> personal_parts{"instruction", "remark",       "comment",   "phone",
                                                          "email",       "base64",       "account",   "iban",
                                                          "swift",       "notification", "_fullname", "_address"};

/// What stays of those, and of the members delivery_... and invoice_...
constexpr std::array<std::string_view, 11> about_nobody{"delivery_method",      "delivery_method_id",      "delivery_price",
                                                        "delivery_country",     "delivery_country_code",   "invoice_country",
                                                        "invoice_country_code", "delivery_package_module", "delivery_package_nr",
                                                        "account_id",           "courier_account_id"};
constexpr std::array<std::string_view, 5> buyer_fields{"email", "phone", "user_login", "user_comments", "admin_comments"};

/// Members that are words of an error, or hold them.
constexpr std::array<std::string_view, 6> words_for_people{"error", "errors", "warnings", "modelstate", "detail", "details"};

bool contains(const auto& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

bool holds_words(std::string_view member) {
    const std::string name = to_lower_ascii(member);
    return name.ends_with("message") || contains(words_for_people, name);
}

/// Copies JSON text and masks on its way; a scanner, not a parser: it takes a text that ends anywhere.
class Scanner {
public:
    /// `sent`: what the words of an error may repeat. `hidden`: gets the words of what is masked; may be null.
    Scanner(std::string_view text, const SentWords& sent, SentWords* hidden) : text_(text), sent_(sent), hidden_(hidden) {}

    /// Nullopt: it is not JSON.
    std::optional<std::string> run() {
        while (at_ < text_.size() && is_json_) step();
        if (!is_json_) return std::nullopt;
        return std::move(out_);
    }

private:
    struct Level {
        bool object = false, personal = false, form = false, words = false;
        bool expects_key = false;
        std::string member{};
    };

    void step() {
        const char c = text_[at_];
        if (c == '"') return string();
        if (c == '{' || c == '[') {
            const bool personal = here_is_personal(), words = here_are_words();
            // createPackage: {"fields":[{"id":"receiver_phone","value":"..."}]}
            const bool form = !levels_.empty() && (levels_.back().form || levels_.back().member == "fields");
            levels_.push_back({c == '{', personal, form, words, c == '{'});
        } else if (c == '}' || c == ']') {
            if (!levels_.empty()) levels_.pop_back();
        } else if (c == ',') {
            if (!levels_.empty()) levels_.back().expects_key = levels_.back().object;
        } else if (c == ':') {
            if (!levels_.empty()) levels_.back().expects_key = false;
        } else if (std::string_view(" \t\r\n").find(c) == std::string_view::npos) {
            return bare();
        }
        out_ += c;
        ++at_;
    }

    /// A number, true, false, null.
    void bare() {
        const std::string_view rest = text_.substr(at_);
        const std::string_view word = rest.substr(0, rest.find_first_of(" \t\r\n,:{}[]\""));
        const bool number = word.find_first_not_of("+-.eE0123456789") == std::string_view::npos;
        const bool cut = at_ + word.size() == text_.size();
        const auto is = [&](std::string_view literal) { return word == literal || (cut && literal.starts_with(word)); };
        is_json_ = number || is("true") || is("false") || is("null");
        out_ += number && here_is_personal() ? std::string_view("\"***\"") : word;
        at_ += word.size();
    }

    [[nodiscard]] bool here_is_personal() const {
        if (levels_.empty()) return false;
        const Level& level = levels_.back();
        if (level.personal) return level.member != "countryCode" && level.member != "toBeNotified";
        return level.object && !level.expects_key &&
               (is_personal_member(level.member) || (level.form && level.member == "value"));
    }

    [[nodiscard]] bool here_are_words() const {
        if (levels_.empty()) return false;
        const Level& level = levels_.back();
        return level.words || (level.object && !level.expects_key && holds_words(level.member));
    }

    void string() {
        std::size_t end = at_ + 1;
        while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
        end = std::min(end, text_.size());
        const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
        const bool key = !levels_.empty() && levels_.back().object && levels_.back().expects_key;
        if (key) levels_.back().member = inside;
        const bool closed = end < text_.size();
        if (key || inside.empty() || !(here_is_personal() || here_are_words())) {
            out_ += text_.substr(at_, end - at_ + (closed ? 1 : 0));
        } else {
            const auto text = json::Value::parse(fmt::format("\"{}\"", inside));
            if (hidden_ != nullptr && text) add_words(*hidden_, text->text());
            const bool shown = !here_is_personal() && text && closed;
            out_ += shown ? json::Value(mask_words(text->text(), sent_)).dump() : closed ? "\"***\"" : "\"***";
        }
        at_ = end + (closed ? 1 : 0);
    }

    std::string_view text_;
    const SentWords& sent_;
    SentWords* const hidden_;
    std::size_t at_ = 0;
    bool is_json_ = true;
    std::string out_;
    std::vector<Level> levels_;
};

/// What LogTransport writes behind a body that it cut: "\n... 512 more bytes".
std::string_view cut_mark(std::string_view body) {
    const auto at = body.rfind("\n... ");
    return at != std::string_view::npos && body.ends_with(" more bytes") ? body.substr(at) : std::string_view{};
}

std::string masked_json(std::string_view text, const SentWords& sent, SentWords* hidden) {
    const std::string_view trimmed = trim(text);
    if (trimmed.empty()) return std::string(text);
    if (trimmed.starts_with('{') || trimmed.starts_with('['))
        if (auto masked = Scanner(text, sent, hidden).run()) return std::move(*masked);
    return fmt::format("(no JSON: {} bytes, SHA-256 {})", text.size(), sha256_hex(text).substr(0, 16));
}

std::string masked_body(std::string_view body, const SentWords& sent, SentWords* hidden) {
    constexpr std::string_view form = "method=", parameters = "&parameters=";
    const std::string_view mark = cut_mark(body);
    body.remove_suffix(mark.size());
    std::string out;
    if (const auto at = body.find(parameters); body.starts_with(form) && at != std::string_view::npos) {
        const std::size_t begin = at + parameters.size();
        out = std::string(body.substr(0, begin)) + masked_json(percent_decode(body.substr(begin), true), sent, hidden);
    } else {
        out = masked_json(body, sent, hidden);
    }
    return out.append(mark);
}

SentWords words_of(std::string_view request) {
    SentWords words;
    if (!request.empty()) (void)masked_body(request, {}, &words);
    return words;
}

} // namespace

bool is_buyer_field(std::string_view field) {
    if (contains(about_nobody, field)) return false;
    return field.starts_with("delivery_") || field.starts_with("invoice_") || contains(buyer_fields, field);
}

bool is_personal_member(std::string_view member) {
    const std::string name = to_lower_ascii(member);
    if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") != std::string::npos || contains(about_nobody, name))
        return false;
    return is_buyer_field(name) || contains(personal_members, name) ||
           std::ranges::any_of(personal_parts, [&](std::string_view part) { return name.find(part) != std::string::npos; });
}

std::string mask_body(std::string_view body, std::string_view request) {
    return masked_body(body, words_of(request), nullptr);
}

std::string mask_error(std::string_view text, std::string_view request) {
    return mask_words(text, words_of(request));
}

} // namespace blongo::sync
