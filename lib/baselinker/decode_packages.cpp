// SPDX-License-Identifier: Apache-2.0
#include <blongo/baselinker/decode_packages.hpp>

#include <blongo/base/text.hpp>
#include <blongo/baselinker/tolerant.hpp>

namespace blongo::baselinker {
namespace {

using tolerant::each_element;
using tolerant::each_entry;
using tolerant::ItemReader;
using tolerant::State;

/// Reads every element of a list that must be there; one that cannot be read fails the list.
template <class Item, class Read> Result<std::vector<Item>> list_of(json::Node list, std::string_view expected, Read&& read) {
    std::vector<Item> items;
    ItemReader reader;
    const State state =
        each_element(list, [&](std::string_view key, json::Node element) { read(items.emplace_back(), reader, key, element); });
    if (!list.exists() || state == State::malformed) reader.fault(list, expected);
    if (reader.failed()) return fail(ErrorKind::protocol, reader.reason(), reader.path());
    return items;
}

void read_options(FieldOptions& target, ItemReader& reader, json::Node node) {
    const State node_state = each_entry(node, [&](std::string_view id, json::Node label) {
        auto& option = target.emplace_back(std::string(id), std::string{});
        reader.text(option.second, label);
    });
    reader.check(node_state, node, "a map of options");
}

void read_field(CourierField& field, ItemReader& reader, std::string_view, json::Node item) {
    reader.text(field.id, item["id"]);
    reader.text(field.name, item["name"]);
    reader.text(field.type, item["type"]);
    reader.text(field.desc, item["desc"]);
    reader.text(field.function, item["function"]);
    reader.text(field.value, item["default"]);
    reader.text(field.value, item["value"]);
    read_options(field.options, reader, item["options"]);
    const json::Node shows = item["show_field"];
    const State shows_state = each_entry(shows, [&](std::string_view option, json::Node fields) {
        auto& shown = field.show_field[std::string(option)];
        const State fields_state =
            each_element(fields, [&](std::string_view, json::Node id) { reader.text(shown.emplace_back(), id); });
        reader.check(fields_state, fields, "a list of fields");
    });
    reader.check(shows_state, shows, "a map of option to fields");
    if (field.id.empty()) reader.fault(item, "a field with id");
}

} // namespace

Result<std::vector<Courier>> decode_couriers(json::Node root) {
    return list_of<Courier>(root["couriers"], "a list of couriers",
                            [](Courier& courier, ItemReader& reader, std::string_view, json::Node item) {
                                reader.text(courier.code, item["code"]);
                                reader.text(courier.name, item["name"]);
                            });
}

Result<std::vector<CourierAccount>> decode_courier_accounts(json::Node root) {
    return list_of<CourierAccount>(root["accounts"], "a list of accounts",
                                   [](CourierAccount& account, ItemReader& reader, std::string_view key, json::Node item) {
                                       account.id = CourierAccountId(tolerant::id_from_key(key).value_or(0));
                                       reader.id(account.id, item["id"]);
                                       reader.text(account.name, item["name"]);
                                   });
}

Result<std::vector<CourierField>> decode_courier_field_list(json::Node list) {
    return list_of<CourierField>(list, "a list of fields", read_field);
}

Result<CourierForm> decode_courier_form(json::Node root) {
    CourierForm form;
    const auto multi = tolerant::boolean(root["multi_packages"]);
    form.multi_packages = multi.present() && multi.value;
    BLONGO_TRY(form.fields, decode_courier_field_list(root["fields"]));
    // the page of createPackage names the list otherwise than the answer does
    const json::Node package_fields = root["package_fields"].exists() ? root["package_fields"] : root["packages_fields"];
    BLONGO_TRY(form.package_fields, decode_courier_field_list(package_fields));
    return form;
}

Result<FieldOptions> decode_courier_services(json::Node root) {
    FieldOptions services;
    ItemReader reader;
    const json::Node node = root["services"];
    if (!node.exists()) reader.fault(node, "a map of services");
    read_options(services, reader, node);
    if (reader.failed()) return fail(ErrorKind::protocol, reader.reason(), reader.path());
    return services;
}

Result<CreatedPackage> decode_created_package(json::Node root) {
    const auto id = tolerant::integer(root["package_id"]);
    if (!id.present() || id.value <= 0)
        return fail(ErrorKind::ambiguous, "BaseLinker answered SUCCESS without a package id: the outcome is unknown");
    return CreatedPackage{PackageId(id.value), std::string(tolerant::text(root["package_number"]).value),
                          std::string(tolerant::text(root["courier_inner_number"]).value)};
}

Result<std::vector<OrderPackage>> decode_order_packages(json::Node root) {
    constexpr std::int64_t returned = 1, returned_at_point = 3;
    return list_of<OrderPackage>(root["packages"], "a list of packages",
                                 [](OrderPackage& package, ItemReader& reader, std::string_view, json::Node item) {
                                     reader.id(package.package_id, item["package_id"]);
                                     reader.text(package.package_number, item["courier_package_nr"]);
                                     reader.text(package.courier_inner_number, item["courier_inner_number"]);
                                     reader.text(package.courier_code, item["courier_code"]);
                                     reader.text(package.courier_other_name, item["courier_other_name"]);
                                     reader.id(package.account_id, item["account_id"]);
                                     reader.integer(package.tracking_status, item["tracking_status"]);
                                     reader.time(package.tracking_status_date, item["tracking_status_date"]);
                                     reader.text(package.tracking_url, item["tracking_url"]);
                                     reader.integer(package.package_type, item["package_type"]);
                                     reader.boolean(package.is_return, item["is_return"]);
                                     package.is_return = package.is_return || package.package_type == returned ||
                                                         package.package_type == returned_at_point;
                                     if (package.package_id.value() <= 0) reader.fault(item, "a package with package_id");
                                 });
}

Result<std::vector<PackageParcel>> decode_package_details(json::Node root) {
    return list_of<PackageParcel>(root["package_details"], "a list of parcels",
                                  [](PackageParcel& parcel, ItemReader& reader, std::string_view, json::Node item) {
                                      reader.decimal(parcel.weight, item["weight"]);
                                      reader.decimal(parcel.length, item["length"]);
                                      reader.decimal(parcel.width, item["width"]);
                                      reader.decimal(parcel.height, item["height"]);
                                      reader.text(parcel.weight_unit, item["weight_unit"]);
                                      reader.text(parcel.size_unit, item["size_unit"]);
                                      reader.decimal(parcel.cod_value, item["cod_value"]);
                                      reader.text(parcel.cod_currency, item["cod_currency"]);
                                      reader.decimal(parcel.cost_value, item["cost_value"]);
                                      reader.text(parcel.cost_currency, item["cost_currency"]);
                                  });
}

Result<CourierDocument> decode_courier_document(json::Node root, const std::string& member) {
    const auto bytes = base64_decode(tolerant::text(root[member]).value);
    if (!bytes || bytes->empty())
        return fail(ErrorKind::rejected, "the courier's " + member + " is empty or no base64", {},
                    "the file may be ready later; ask for it again");
    return CourierDocument{to_lower_ascii(tolerant::text(root["extension"]).value), *bytes};
}

Result<StockUpdate> decode_stock_update(json::Node root) {
    StockUpdate update;
    ItemReader reader;
    reader.integer(update.counter, root["counter"]);
    const json::Node warnings = root["warnings"];
    const State warnings_state = each_entry(warnings, [&](std::string_view id, json::Node text) {
        reader.text(update.warnings[ProductId(tolerant::id_from_key(id).value_or(0))], text);
    });
    reader.check(warnings_state, warnings, "a map of warnings");
    if (reader.failed()) return fail(ErrorKind::protocol, reader.reason(), reader.path());
    return update;
}

bool has_signature(const CourierDocument& document) {
    const std::string_view bytes = document.bytes;
    if (document.extension == "pdf") return bytes.substr(0, 1024).find("%PDF") != std::string_view::npos;
    if (document.extension == "png") return bytes.starts_with("\x89PNG\r\n\x1A\n");
    if (document.extension == "gif") return bytes.starts_with("GIF8");
    if (document.extension == "zpl") return bytes.find("^XA") != std::string_view::npos;
    if (document.extension == "html") return bytes.find('<') != std::string_view::npos;
    return !bytes.empty();
}

} // namespace blongo::baselinker
