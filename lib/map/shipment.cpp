// SPDX-License-Identifier: Apache-2.0
#include <blongo/map/shipment.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <blongo/base/did_you_mean.hpp>
#include <blongo/base/text.hpp>

namespace blongo::map {

namespace {

using baselinker::CourierField;
using baselinker::FieldOptions;
using Values = std::vector<std::string>;

constexpr std::string_view service_placeholder = "auto", cod_placeholder = "cod_amount";
constexpr std::size_t named_at_most = 5;

const CourierField* find_field(const std::vector<CourierField>& fields, std::string_view id) {
    const auto found = std::ranges::find(fields, id, &CourierField::id);
    return found == fields.end() ? nullptr : &*found;
}

bool uses(const Template& text, std::string_view name) {
    return std::ranges::count(text.names(), name) > 0;
}

/// "classic (DPD Classic), sms (SMS) and 4 more"
template <class List, class Text> std::string listed(const List& list, Text&& text) {
    Values words;
    for (const auto& item : list)
        if (words.size() < named_at_most) words.push_back(text(item));
    std::string all = join(words, ", ");
    return list.size() > words.size() ? fmt::format("{} and {} more", all, list.size() - words.size()) : all;
}

std::string listed(const FieldOptions& options) {
    return listed(options, [](const auto& option) {
        return option.second.empty() ? option.first : fmt::format("{} ({})", option.first, option.second);
    });
}

/// The ids of options that a person calls so: by id, else by the whole label.
Values options_called(const FieldOptions& options, std::string_view name) {
    Values labelled;
    for (const auto& [id, label] : options) {
        if (id == name) return {id};
        if (trim(label) == name) labelled.push_back(id);
    }
    return labelled;
}

/// Which field of a form is for cash on delivery, by its looks; nullptr: none.
const CourierField* cod_field(const std::vector<CourierField>& fields) {
    const auto found = std::ranges::find_if(fields, [](const CourierField& field) {
        return glob_match("*cod*", field.id) || glob_match("*pobran*", field.name) ||
               glob_match("*cash on delivery*", field.name) || glob_match("*nachnahme*", field.name);
    });
    return found == fields.end() ? nullptr : &*found;
}

/// Makes one request; what it refuses is collected in the order in which it is found.
class Maker {
public:
    /// `services` nullptr: fields of {auto} are left out.
    Maker(const ShipmentInput& input, const baselinker::CourierForm& form, const FieldOptions* services)
        : in_(input), form_(form), services_(services) {}

    ShipmentResult run(const std::vector<baselinker::CourierAccount>& accounts) {
        request_.order_id = in_.order.order_id;
        request_.courier_code = in_.rule.courier_code;
        account(accounts);
        const auto lookup = [&](std::string_view name) { return placeholder_value(name, in_); };
        for (const auto& [id, text] : in_.rule.fields)
            for (std::string& value : values_of("fields", form_.fields, id, text, lookup))
                request_.fields.emplace_back(id, std::move(value));
        cash_on_delivery();
        packages();
        if (result_.rejected.empty()) result_.request = std::move(request_);
        return std::move(result_);
    }

private:
    void refuse(std::string cause, std::string field, std::string reason) {
        result_.rejected.push_back({std::move(cause),
                                    std::to_string(in_.order.order_id.value()),
                                    std::move(field),
                                    std::move(reason),
                                    in_.warehouse_order.order_number.value(),
                                    {}});
    }
    void invalid(std::string field, std::string reason) { refuse("field_invalid", std::move(field), std::move(reason)); }

    void account(const std::vector<baselinker::CourierAccount>& accounts) {
        const std::string& courier = in_.rule.courier_code;
        const auto names = [&] {
            return listed(accounts, [](const auto& account) { return fmt::format("{} ({})", account.id, account.name); });
        };
        const auto& wanted = in_.rule.account_id;
        if (accounts.empty())
            return invalid("account_id", fmt::format("courier {} is not connected: BaseLinker has no account of it", courier));
        if (!wanted && accounts.size() > 1)
            return invalid("account_id", fmt::format("courier {} has several accounts and {} names none: {}", courier,
                                                     rule_name(in_.rule), names()));
        if (wanted && std::ranges::count(accounts, *wanted, &baselinker::CourierAccount::id) == 0)
            return invalid("account_id", fmt::format("courier {} has no account {}; it has {}", courier, *wanted, names()));
        request_.account_id = wanted ? *wanted : accounts.front().id;
    }

    Values values_of(std::string_view where, const std::vector<CourierField>& fields, const std::string& id, const Template& text,
                     const Template::Lookup& lookup) {
        const std::string path = fmt::format("{}.{}", where, id);
        const CourierField* field = find_field(fields, id);
        if (field == nullptr) {
            unknown_field(path, fields, id, text);
            return {};
        }
        if (uses(text, service_placeholder)) return service(path, *field, text);
        std::string value(trim(text.render(lookup)));
        if (value.empty() && text.only_placeholders()) return {};
        if (field->type == "select") return option(path, *field, value);
        if (field->type == "checkbox") return ticked(path, *field, value);
        if (field->type == "date") return date(path, value);
        return {std::move(value)};
    }

    void unknown_field(const std::string& path, const std::vector<CourierField>& fields, const std::string& id,
                       const Template& text) {
        const std::string& courier = in_.rule.courier_code;
        if (in_.cod.on && uses(text, cod_placeholder))
            return invalid(path, fmt::format("the courier has no field for cash on delivery: \"{}\" is none of {}, "
                                             "and {} {} are to be collected",
                                             id, courier, in_.cod.amount.to_fixed(2), in_.cod.currency));
        Values ids;
        for (const CourierField& field : fields) ids.push_back(field.id);
        const std::string meant = did_you_mean(id, ids, "", "\"");
        invalid(path, fmt::format("courier {} has no field \"{}\"; {}", courier, id,
                                  !meant.empty() ? meant
                                  : ids.empty()  ? "it has none"
                                                 : "it has " + join(ids, ", ")));
    }

    Values service(const std::string& path, const CourierField& field, const Template& text) {
        if (!text.is_just(service_placeholder)) {
            invalid(path, fmt::format("{{auto}} stands alone, and the field is \"{}\"", text.text()));
            return {};
        }
        if (field.function.empty()) {
            invalid(path, fmt::format("{{auto}} chooses among services that BaseLinker offers for each order, and "
                                      "\"{}\" has a fixed choice: {}",
                                      field.id, field.options.empty() ? "any text" : listed(field.options)));
            return {};
        }
        if (services_ == nullptr) return {};
        if (services_->size() == 1) return {services_->front().first};
        if (services_->empty())
            invalid(path, fmt::format("courier {} offers no service for this order", in_.rule.courier_code));
        else
            refuse("service_ambiguous", path,
                   fmt::format("courier {} offers several services: {}", in_.rule.courier_code, listed(*services_)));
        return {};
    }

    /// What a field may be set to; empty: nobody says.
    [[nodiscard]] const FieldOptions& choice_of(const CourierField& field) const {
        const bool ask_services = field.options.empty() && !field.function.empty() && services_ != nullptr;
        // Services that were asked for another field say nothing about this one.
        return ask_services && !needs_services(in_.rule) ? *services_ : field.options;
    }

    Values option(const std::string& path, const CourierField& field, const std::string& value) {
        const FieldOptions& options = choice_of(field);
        if (options.empty()) {
            result_.notes.push_back(fmt::format("{}: \"{}\" cannot be compared with a list of options", path, value));
            return {value};
        }
        Values called = options_called(options, value);
        if (called.size() == 1) return called;
        invalid(path, called.empty()
                          ? fmt::format("\"{}\" has no option \"{}\"; it has {}", field.id, value, listed(options))
                          : fmt::format("\"{}\" has several options called \"{}\": {}", field.id, value, join(called, ", ")));
        return {};
    }

    /// The options of a checkbox. A label may hold commas itself.
    Values ticked(const std::string& path, const CourierField& field, const std::string& value) {
        if (options_called(choice_of(field), value).size() == 1) return option(path, field, value);
        Values all;
        for (const std::string& part : split(value, ',')) {
            const std::string one(trim(part));
            if (one.empty()) continue;
            for (std::string& id : option(path, field, one))
                if (std::ranges::find(all, id) == all.end()) all.push_back(std::move(id));
        }
        return all;
    }

    Values date(const std::string& path, const std::string& value) {
        constexpr std::size_t digits_of_seconds = 10;
        const auto seconds = parse_id(value);
        if (seconds && value.size() == digits_of_seconds) return {value};
        if (const auto begin = local_midnight(value, in_.time_zone)) return {std::to_string(to_unix_seconds(*begin))};
        invalid(path, fmt::format("\"{}\" is no date; write {{today}}, {{tomorrow}}, a day such as 2026-11-24, or unix "
                                  "seconds",
                                  value));
        return {};
    }

    /// A courier that does not hear of the money hands the parcel over for nothing.
    void cash_on_delivery() {
        if (!in_.cod.on) return;
        const std::string amount = in_.cod.amount.to_fixed(2);
        const auto uses_cod = [](const auto& field) { return uses(field.second, cod_placeholder); };
        const auto& fields = in_.rule.fields;
        if (std::ranges::any_of(in_.rule.package, uses_cod)) {
            if (in_.parcels.parcels.size() > 1)
                invalid("package", fmt::format("{} {} would be collected with each of {} parcels", amount, in_.cod.currency,
                                               in_.parcels.parcels.size()));
            return;
        }
        if (std::ranges::none_of(fields, uses_cod)) {
            const CourierField* meant = cod_field(form_.fields);
            return invalid(meant == nullptr ? "fields" : "fields." + meant->id,
                           meant == nullptr
                               ? fmt::format("the courier has no field for cash on delivery: {} {} are to be collected, and the "
                                             "form of {} has {}",
                                             amount, in_.cod.currency, in_.rule.courier_code,
                                             listed(form_.fields, [](const CourierField& field) { return field.id; }))
                               : fmt::format("{} {} are to be collected, and no field of {} is {{cod_amount}}; the courier's "
                                             "field is \"{}\" ({})",
                                             amount, in_.cod.currency, rule_name(in_.rule), meant->id, meant->name));
        }
        // Texts may speak of the amount too ("to collect: 120.00 PLN"); the courier's own field holds nothing else.
        const auto sent = std::ranges::find_if(request_.fields, [&](const auto& field) {
            return field.second == amount &&
                   std::ranges::any_of(fields, [&](const auto& text) { return text.first == field.first && uses_cod(text); });
        });
        if (sent != request_.fields.end()) return;
        const auto meant = std::ranges::find_if(
            fields, [&](const auto& field) { return uses_cod(field) && find_field(form_.fields, field.first) != nullptr; });
        if (meant != fields.end())
            invalid("fields." + meant->first, fmt::format("{} {} are to be collected, and \"{}\" does not come to that amount",
                                                          amount, in_.cod.currency, meant->second.text()));
    }

    void packages() {
        const std::size_t before = result_.rejected.size();
        for (const PlannedParcel& parcel : in_.parcels.parcels) {
            auto& package = request_.packages.emplace_back();
            measure(package, "weight", parcel.weight);
            measure(package, "length", parcel.length);
            measure(package, "width", parcel.width);
            measure(package, "height", parcel.height);
            const auto lookup = [&](std::string_view name) {
                return name == "weight" ? parcel.weight.to_string() : placeholder_value(name, in_);
            };
            for (const auto& [id, text] : in_.rule.package) {
                const Values values = values_of("package", form_.package_fields, id, text, lookup);
                if (!values.empty()) package[id] = join(values, ",");
            }
            if (result_.rejected.size() > before) break; // the next parcels fail in the same way
        }
        if (in_.parcels.parcels.empty()) refuse("no_weight", "parcels", "there is no parcel to book");
        if (in_.parcels.parcels.size() > 1 && !form_.multi_packages)
            refuse("too_many_parcels", "parcels",
                   fmt::format("courier {} takes one parcel per shipment, and there are {}", in_.rule.courier_code,
                               in_.parcels.parcels.size()));
    }

    /// Into the field of that name or of "size_" and that name, whichever the form has.
    void measure(std::map<std::string, std::string>& package, const std::string& name, const std::optional<Decimal>& value) {
        if (!value || *value <= Decimal{}) return;
        for (const std::string& id : {name, "size_" + name}) {
            if (find_field(form_.package_fields, id) == nullptr) continue;
            package[id] = value->to_string();
            return;
        }
    }

    const ShipmentInput& in_;
    const baselinker::CourierForm& form_;
    const FieldOptions* services_;
    baselinker::PackageRequest request_;
    ShipmentResult result_;
};

} // namespace

bool needs_services(const CourierRule& rule) {
    return std::ranges::any_of(rule.fields, [](const auto& field) { return field.second.is_just(service_placeholder); });
}

ShipmentResult services_request(const ShipmentInput& input, const baselinker::CourierForm& form,
                                const std::vector<baselinker::CourierAccount>& accounts) {
    return Maker(input, form, nullptr).run(accounts);
}

ShipmentResult make_shipment(const ShipmentInput& input, const baselinker::CourierForm& form,
                             const std::vector<baselinker::CourierAccount>& accounts, const baselinker::FieldOptions& services) {
    return Maker(input, form, &services).run(accounts);
}

} // namespace blongo::map
