// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/shipment.hpp>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <blongo/base/text.hpp>
#include <blongo/map/countries.hpp>
#include <blongo/map/keys.hpp>

namespace blongo::map {

namespace {

/// The form of a telephone number without the number: "+99 999-999", of which 24 characters are shown.
std::string masked(std::string_view phone) {
    constexpr std::size_t shown = 24;
    std::string form;
    for (const char c : trim(phone)) {
        if (c >= '0' && c <= '9')
            form += '9';
        else
            form += std::string_view("+ -()./").find(c) != std::string_view::npos ? c : 'x';
    }
    return form.size() > shown ? form.substr(0, shown) + "..." : form;
}

/// Countries whose couriers book no parcel without a state or province.
bool has_states(std::string_view country) {
    constexpr std::array countries = {"AU", "BR", "CA", "MX", "US"};
    return std::ranges::find(countries, country) != countries.end();
}

bool collects(const CourierRule& rule) {
    return rule.strategy == Strategy::api || rule.strategy == Strategy::macro;
}

class AddressCheck {
public:
    AddressCheck(const baselinker::Order& order, const CourierRule& rule) : order_(order), rule_(rule) {}

    std::vector<Rejection> run() {
        phone();
        length("street_too_long", "delivery_address", "street", order_.delivery_address, rule_.street_max);
        length("name_too_long", "delivery_fullname", "name", order_.delivery_fullname, rule_.name_max);
        length("name_too_long", "delivery_company", "company", order_.delivery_company, rule_.name_max);
        if (rule_.name_max > 0 && line_text(order_.delivery_fullname).empty() && line_text(order_.delivery_company).empty())
            refuse("field_invalid", "delivery_fullname", "the delivery address names neither a person nor a company");
        if (rule_.postcode) postcode();
        if (rule_.state && has_states(country()) && line_text(order_.delivery_state).empty())
            refuse("field_invalid", "delivery_state",
                   fmt::format("the delivery address has no state, and addresses of {} have one", country()));
        if (rule_.strategy != Strategy::none && country().empty())
            refuse("no_country", "delivery_country_code", "the delivery address has no country");
        if ((rule_.service_point == true || rule_.point) && !names_point(order_))
            refuse("point_missing", "delivery_point_id", "the order names no pick-up point");
        return std::move(rejected_);
    }

private:
    [[nodiscard]] std::string country() const { return country_text(order_.delivery_country_code); }

    void refuse(std::string cause, std::string_view field, std::string reason) {
        rejected_.push_back({std::move(cause),
                             std::to_string(order_.order_id.value()),
                             fmt::format("orders.{}.{}", order_.order_id, field),
                             std::move(reason),
                             {},
                             {}});
    }

    void phone() {
        if (rule_.phone.empty() && !rule_.mobile) return;
        constexpr std::size_t letters = 2; // "PL9"
        const std::string of = rule_.phone.empty() ? country() : rule_.phone.substr(0, letters);
        const std::string whose = of.empty() ? "" : " of " + of;
        if (trim(order_.phone).empty()) return refuse("bad_phone", "phone", "the order has no telephone number");
        const auto number = national_number(order_.phone, of);
        const auto digits = rule_.phone.empty() ? std::nullopt : parse_id(rule_.phone.substr(letters));
        if (!number || (digits && static_cast<std::int64_t>(number->size()) != *digits))
            return refuse("bad_phone", "phone",
                          digits ? fmt::format("the telephone number ({}) is no number{} with {} digits", masked(order_.phone),
                                               whose, *digits)
                                 : fmt::format("the telephone number ({}) is no number{}", masked(order_.phone), whose));
        if (rule_.mobile && !is_mobile_number(*number, of))
            refuse("bad_phone", "phone",
                   fmt::format("the telephone number ({}) is no mobile number{}", masked(order_.phone), whose));
    }

    void length(std::string cause, std::string_view field, std::string_view what, std::string_view value, std::int64_t most) {
        const std::size_t characters = character_count(normalise_name(value));
        if (most > 0 && characters > static_cast<std::size_t>(most))
            refuse(std::move(cause), field,
                   fmt::format("the {} has {} characters, and the courier takes {}", what, characters, most));
    }

    void postcode() {
        const std::string text = key_text(order_.delivery_postcode);
        if (postcode_fits(country(), text)) return;
        refuse("bad_postcode", "delivery_postcode",
               text.empty()
                   ? fmt::format("the post code is missing; in {} it has the form {}", country(), postcode_form(country()))
                   : fmt::format("the post code \"{}\" does not have the form of {}, {}", cut_characters(text, 20), country(),
                                 postcode_form(country())));
    }

    const baselinker::Order& order_;
    const CourierRule& rule_;
    std::vector<Rejection> rejected_;
};

} // namespace

bool names_point(const baselinker::Order& order) {
    const std::string point = key_text(order.delivery_point_id);
    const auto counts = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & '\x80') != 0;
    };
    return point != "0" && std::ranges::any_of(point, counts);
}

RuleVerdict judge_by_rule(const baselinker::Order& order, const CourierRule& rule, const std::optional<Rejection>& weightless,
                          const std::optional<Decimal>& cod_by_hand, bool collect) {
    RuleVerdict verdict;
    if (rule.strategy == Strategy::none) return verdict;
    if (weightless && rule.strategy != Strategy::report) verdict.rejected.push_back(*weightless);
    if (collect && collects(rule)) {
        auto cod = cod_amount(order, rule, cod_by_hand);
        verdict.cod = cod.cod;
        if (cod.rejected) verdict.rejected.push_back(std::move(*cod.rejected));
    }
    std::ranges::move(check_address(order, rule), std::back_inserter(verdict.rejected));
    return verdict;
}

std::vector<Rejection> check_address(const baselinker::Order& order, const CourierRule& rule) {
    return AddressCheck(order, rule).run();
}

} // namespace blongo::map
