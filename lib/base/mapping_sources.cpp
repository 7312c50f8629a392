// SPDX-License-Identifier: Apache-2.0
#include <blongo/base/mapping_targets.hpp>

#include <string>
#include <vector>

namespace blongo {
namespace {

using enum MappedType;

constexpr MappingSource article_sources[]{
    {default_source},
    {"name"},
    {"variant_name"},
    {"sku"},
    {"ean"},
    {"product_sku"},
    {"product_ean"},
    {"product_id", integer},
    {"variant_id", integer},
    {"category_id", integer},
    {"manufacturer_id", integer},
    {"tags"},
    {"weight", number},
    {"height", number},
    {"width", number},
    {"length", number},
    {"is_bundle", boolean},
    {"text_fields.*"},
};

/// What our own runs change in BaseLinker is no source: status, date_in_status, package numbers.
constexpr MappingSource order_fields[]{
    {"order_id", integer},
    {"order_number"},
    {"shop_order_id"},
    {"external_order_id"},
    {"order_source"},
    {"order_source_id", integer},
    {"date_confirmed", date_time},
    {"date_add", date_time},
    {"user_login"},
    {"phone"},
    {"email"},
    {"user_comments"},
    {"admin_comments"},
    {"currency"},
    {"payment_method"},
    {"payment_method_cod", boolean},
    {"payment_done", number},
    {"delivery_method"},
    {"delivery_method_id", integer},
    {"delivery_price", number},
    {"delivery_fullname"},
    {"delivery_company"},
    {"delivery_address"},
    {"delivery_postcode"},
    {"delivery_city"},
    {"delivery_state"},
    {"delivery_country"},
    {"delivery_country_code"},
    {"delivery_point_id"},
    {"delivery_point_name"},
    {"delivery_point_address"},
    {"delivery_point_postcode"},
    {"delivery_point_city"},
    {"invoice_fullname"},
    {"invoice_company"},
    {"invoice_nip"},
    {"invoice_address"},
    {"invoice_postcode"},
    {"invoice_city"},
    {"invoice_state"},
    {"invoice_country"},
    {"invoice_country_code"},
    {"want_invoice", boolean},
    {"goods_value", number},
    {"order_value", number},
    {"extra_field_1"},
    {"extra_field_2"},
    {"custom_extra_fields.*"},
};

constexpr MappingSource line_fields[]{
    {default_source},
    {"order_product_id", integer},
    {"product_id"},
    {"variant_id"},
    {"name"},
    {"attributes"},
    {"sku"},
    {"ean"},
    {"location"},
    {"auction_id"},
    {"warehouse_id", integer},
    {"price_brutto", number},
    {"tax_rate", number},
    {"quantity", integer},
    {"weight", number},
    {"bundle_id", integer},
};

struct Sources {
    std::vector<std::string> owned; ///< names that are put together
    std::vector<MappingSource> all;
    std::vector<std::string_view> names;
};

Sources make_sources(MappedObject object) {
    Sources made;
    if (object == MappedObject::article) {
        made.all.assign(std::begin(article_sources), std::end(article_sources));
    } else if (object == MappedObject::order) {
        made.all = {{default_source}};
        made.all.insert(made.all.end(), std::begin(order_fields), std::end(order_fields));
    } else {
        made.all.assign(std::begin(line_fields), std::end(line_fields));
        for (const MappingSource& field : order_fields) made.owned.push_back("order." + std::string(field.name));
        for (std::size_t i = 0; i < made.owned.size(); ++i) made.all.push_back({made.owned[i], order_fields[i].type});
    }
    for (const MappingSource& source : made.all) made.names.push_back(source.name);
    return made;
}

const Sources& sources_of(MappedObject object) {
    static const Sources article = make_sources(MappedObject::article), order = make_sources(MappedObject::order),
                         line = make_sources(MappedObject::order_line);
    return object == MappedObject::article ? article : object == MappedObject::order ? order : line;
}

} // namespace

std::span<const MappingSource> mapping_sources(MappedObject object) {
    return sources_of(object).all;
}

std::span<const std::string_view> mapping_source_names(MappedObject object) {
    return sources_of(object).names;
}

} // namespace blongo
