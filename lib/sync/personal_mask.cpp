// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/personal_mask.hpp>

#include <algorithm>
#include <array>
#include <vector>

#include <blongo/base/text.hpp>

namespace blongo::sync {

namespace {

/// Members about a person, whatever stands in them: of BaseLinker's orders, returns and packages, of Ongoing's orders.
constexpr std::array<std::string_view, 33> personal_members{
    "email", "phone", "user_login", "user_comments", "user_comments_long", "admin_comments", "extra_field_1", "extra_field_2",
    "custom_extra_fields", "order_page", "return_reason_comment", "account_number", "account", "iban", "client", "receiver", "sender",
    "consignee", "invoiceaddress", "returnaddress", "customer", "orderremark", "remark", "warehouseinstruction", "deliveryinstruction",
    "freetext1", "freetext2", "freetext3", "vatnumber", "organisationnumber", "label", "base64string", "filedatabase64"};

/// What stays of the members delivery_... and invoice_...
constexpr std::array<std::string_view, 8> about_nobody{"delivery_method", "delivery_method_id", "delivery_price", "delivery_country",
                                                       "delivery_country_code", "invoice_country", "invoice_country_code",
                                                       "delivery_package_module"};

bool contains(const auto& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

bool is_personal(std::string_view member) {
    const std::string name = to_lower_ascii(member);
    if (contains(about_nobody, name)) return false;
    if (name.starts_with("delivery_") || name.starts_with("invoice_")) return name.find("package_nr") == std::string::npos;
    return contains(personal_members, name) || name.ends_with("notification") || name.find("instruction") != std::string::npos ||
           name.find("remark") != std::string::npos || name.find("comment") != std::string::npos || name.find("phone") != std::string::npos ||
           name.find("email") != std::string::npos || name.find("base64") != std::string::npos;
}

/// Copies JSON text and masks on its way; a scanner, not a parser: it takes a text that ends anywhere.
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    std::string run() {
        while (at_ < text_.size()) step();
        return std::move(out_);
    }

private:
    struct Level {
        bool object = false, personal = false, form = false;
        bool expects_key = false;
        std::string member{};
    };

    void step() {
        const char c = text_[at_];
        if (c == '"') return string();
        if (c == '{' || c == '[') {
            const bool personal = here_is_personal();
            // createPackage: {"fields":[{"id":"receiver_phone","value":"..."}]}
            const bool form = !levels_.empty() && (levels_.back().form || levels_.back().member == "fields");
            levels_.push_back({c == '{', personal, form, c == '{'});
        } else if (c == '}' || c == ']') {
            if (!levels_.empty()) levels_.pop_back();
        } else if (c == ',') {
            if (!levels_.empty()) levels_.back().expects_key = levels_.back().object;
        } else if (c == ':') {
            if (!levels_.empty()) levels_.back().expects_key = false;
        } else if ((c == '-' || (c >= '0' && c <= '9')) && here_is_personal()) {
            while (at_ < text_.size() && std::string_view("+-.eE0123456789").find(text_[at_]) != std::string_view::npos) ++at_;
            out_ += "\"***\"";
            return;
        }
        out_ += c;
        ++at_;
    }

    [[nodiscard]] bool here_is_personal() const {
        if (levels_.empty()) return false;
        const Level& level = levels_.back();
        if (level.personal) return level.member != "countryCode" && level.member != "toBeNotified";
        return level.object && !level.expects_key && (is_personal(level.member) || (level.form && level.member == "value"));
    }

    void string() {
        std::size_t end = at_ + 1;
        while (end < text_.size() && text_[end] != '"') end += text_[end] == '\\' ? 2 : 1;
        end = std::min(end, text_.size());
        const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
        const bool key = !levels_.empty() && levels_.back().object && levels_.back().expects_key;
        if (key) levels_.back().member = inside;
        const bool hidden = !key && !inside.empty() && here_is_personal();
        out_ += '"';
        out_ += hidden ? std::string_view("***") : inside;
        if (end < text_.size()) out_ += '"';
        at_ = end < text_.size() ? end + 1 : end;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::string out_;
    std::vector<Level> levels_;
};

} // namespace

std::string mask_body(std::string_view body) {
    constexpr std::string_view form = "method=", parameters = "&parameters=";
    if (body.starts_with(form)) {
        const auto at = body.find(parameters);
        if (at == std::string_view::npos) return std::string(body);
        const std::size_t begin = at + parameters.size();
        return std::string(body.substr(0, begin)) + Scanner(percent_decode(body.substr(begin), true)).run();
    }
    const std::string_view trimmed = trim(body);
    if (!trimmed.starts_with('{') && !trimmed.starts_with('[')) return std::string(body);
    return Scanner(body).run();
}

} // namespace blongo::sync
