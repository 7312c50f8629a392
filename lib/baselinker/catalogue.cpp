// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <deque>
#include <iterator>

#include <blongo/baselinker/client.hpp>
#include <blongo/baselinker/decode_catalogue.hpp>
#include <blongo/baselinker/decode_packages.hpp>
#include <blongo/baselinker/product_listing.hpp>
#include <blongo/baselinker/verdict.hpp>
#include <blongo/json/writer.hpp>

namespace blongo::baselinker {
namespace {

std::string products_parameters(InventoryId inventory, std::span<const ProductId> ids) {
    json::Writer writer;
    writer.begin_object().member("inventory_id", inventory.value()).key("products").begin_array();
    for (const ProductId id : ids) writer.integer(id.value());
    writer.end_array().member("include_additional_eans", true).end_object();
    return writer.take();
}

/// Whether a part of the batch may still be answered when the whole was refused.
bool one_id_may_be_the_cause(const Error& error) {
    return error.kind == ErrorKind::rejected || error.kind == ErrorKind::not_found || error.code == "ERROR_STORAGE_ID";
}

/// What of `ids` the answer did not speak of.
void add_missing(ProductsData& data, std::span<const ProductId> ids, const ProductsData& part) {
    std::vector<ProductId> answered;
    for (const Product& product : part.products) answered.push_back(product.id);
    for (const BadProduct& bad : part.bad) answered.push_back(bad.id);
    std::sort(answered.begin(), answered.end());
    std::copy_if(ids.begin(), ids.end(), std::back_inserter(data.missing),
                 [&](ProductId id) { return !std::binary_search(answered.begin(), answered.end(), id); });
}

void append(ProductsData& data, ProductsData&& part) {
    data.products.insert(data.products.end(), std::make_move_iterator(part.products.begin()),
                         std::make_move_iterator(part.products.end()));
    data.bad.insert(data.bad.end(), std::make_move_iterator(part.bad.begin()), std::make_move_iterator(part.bad.end()));
}

} // namespace

Result<ProductListing::Page> ProductListing::next() {
    const std::string method = "getInventoryProductsList";
    if (page_ > limits::list_pages_guard)
        return fail(ErrorKind::protocol, "the list of products does not end", "baselinker " + method);
    json::Writer parameters;
    parameters.begin_object()
        .member("inventory_id", inventory_.value())
        .member("filter_sort", "id ASC")
        .member("include_variants", true)
        .member("page", page_)
        .end_object();
    BLONGO_TRY(const auto document, client_.call(method, parameters.text(), http::Effect::read, client_.read_timeout()));
    auto rows = decode_product_list(document.root());
    if (!rows) return fail(in_method(std::move(rows).error(), method));
    Page page;
    bool brought_new = false;
    for (ProductListRow& product : *rows) {
        const bool has_id = product.id.value() > 0; // if not, the row says so in `bad`
        if (has_id && !known_.add(product.id.value())) continue;
        brought_new = brought_new || has_id;
        page.rows.push_back(std::move(product));
    }
    known_.end_page();
    page.last = !brought_new;
    ++page_;
    return page;
}

Result<void> Client::each_product(InventoryId inventory, const std::function<Result<void>(ProductListRow&&)>& row) {
    ProductListing listing(*this, inventory);
    for (;;) {
        BLONGO_TRY(auto page, listing.next());
        for (ProductListRow& product : page.rows) BLONGO_CHECK(row(std::move(product)));
        if (page.last) return {};
    }
}

Result<std::vector<ProductListRow>> Client::find_products(InventoryId inventory, const std::string& sku) {
    const std::string method = "getInventoryProductsList";
    json::Writer parameters;
    parameters.begin_object()
        .member("inventory_id", inventory.value())
        .member("filter_sku", sku)
        .member("filter_sort", "id ASC")
        .member("include_variants", true)
        .member("page", 1)
        .end_object();
    BLONGO_TRY(const auto document, read(method, parameters.text()));
    auto rows = decode_product_list(document.root());
    if (!rows) return fail(in_method(std::move(rows).error(), method));
    std::erase_if(*rows, [&](const ProductListRow& row) { return row.sku != sku || row.id.value() <= 0; });
    return std::move(*rows);
}

Result<void> Client::each_product_stock(InventoryId inventory, const std::function<Result<void>(ProductStock&&)>& row) {
    const std::string method = "getInventoryProductsStock";
    KnownIds known;
    for (int page = 1; page <= limits::list_pages_guard; ++page) {
        json::Writer parameters;
        parameters.begin_object().member("inventory_id", inventory.value()).member("page", page).end_object();
        std::vector<ProductStock> rows;
        {
            BLONGO_TRY(const auto document, read(method, parameters.text()));
            auto decoded = decode_product_stock(document.root());
            if (!decoded) return fail(in_method(std::move(decoded).error(), method));
            rows = std::move(*decoded);
        }
        const bool is_full = rows.size() >= static_cast<std::size_t>(limits::products_per_list_page);
        bool brought_new = false;
        for (ProductStock& product : rows) {
            const bool has_id = product.product_id.value() > 0; // if not, the row says so in `bad`
            if (has_id && !known.add(product.product_id.value())) continue;
            brought_new = brought_new || has_id;
            BLONGO_CHECK(row(std::move(product)));
        }
        known.end_page();
        if (!brought_new || !is_full) return {};
    }
    return fail(ErrorKind::protocol, "the list of stock figures does not end", "baselinker " + method);
}

Result<StockUpdate> Client::update_products_stock(InventoryId inventory,
                                                  const std::map<ProductId, std::map<WarehouseKey, std::int64_t>>& figures) {
    const std::string method = "updateInventoryProductsStock";
    if (figures.empty()) return StockUpdate{};
    if (figures.size() > static_cast<std::size_t>(limits::products_per_stock_update))
        return fail(ErrorKind::internal, std::to_string(figures.size()) + " products in one call", "baselinker " + method);
    json::Writer writer;
    writer.begin_object().member("inventory_id", inventory.value()).key("products").begin_object();
    for (const auto& [product, warehouses] : figures) {
        writer.key(std::to_string(product.value())).begin_object();
        for (const auto& [warehouse, pieces] : warehouses) {
            if (pieces < 0)
                return fail(ErrorKind::internal, "stock below 0 for product " + std::to_string(product.value()),
                            "baselinker " + method);
            writer.member(warehouse.value(), pieces);
        }
        writer.end_object();
    }
    writer.end_object().end_object();
    BLONGO_TRY(const auto document, call(method, writer.text(), http::Effect::idempotent_write, options_.read_timeout));
    auto update = decode_stock_update(document.root());
    if (!update) return fail(in_method(std::move(update).error(), method));
    return update;
}

Result<ProductsData> Client::get_products_data(InventoryId inventory, std::span<const ProductId> ids) {
    BLONGO_TRY(auto data, products_data(inventory, ids, nullptr));
    return std::move(*data);
}

Result<std::optional<ProductsData>> Client::get_products_data(InventoryId inventory, std::span<const ProductId> ids,
                                                              const KnowsAnswer& knows) {
    return products_data(inventory, ids, &knows);
}

Result<std::optional<ProductsData>> Client::products_data(InventoryId inventory, std::span<const ProductId> ids,
                                                          const KnowsAnswer* knows) {
    const std::string method = "getInventoryProductsData";
    ProductsData data;
    if (ids.empty()) return data;
    if (ids.size() > static_cast<std::size_t>(limits::products_per_data_call))
        return fail(ErrorKind::internal, std::to_string(ids.size()) + " products asked for in one call", "baselinker " + method);

    // Breadth first: a single culprit shows at once in a half that is answered, and an account
    // that refuses everything is recognised before every id was tried.
    std::deque<std::span<const ProductId>> waiting{ids};
    int refused_calls = 0;
    bool answered = false;
    std::optional<Error> first_refusal;
    while (!waiting.empty()) {
        const auto part = waiting.front();
        waiting.pop_front();
        auto document = call_unless_known(method, products_parameters(inventory, part), http::Effect::read, options_.read_timeout,
                                          {}, part.size() == ids.size() ? knows : nullptr);
        if (document) {
            if (!*document) return std::nullopt;
            auto decoded = decode_products_data((*document)->root());
            if (!decoded) return fail(in_method(std::move(decoded).error(), method));
            answered = true;
            add_missing(data, part, *decoded);
            append(data, std::move(*decoded));
            continue;
        }
        Error error = std::move(document).error();
        if (!one_id_may_be_the_cause(error)) return fail(std::move(error));
        if (!first_refusal) first_refusal = error;
        if (!answered && ++refused_calls >= limits::refused_data_calls) return fail(std::move(*first_refusal));
        if (part.size() > 1) {
            data.in_parts = true;
            waiting.push_back(part.first(part.size() / 2));
            waiting.push_back(part.subspan(part.size() / 2));
        } else {
            data.bad.push_back({part.front(), "$.products." + std::to_string(part.front().value()), error.message});
        }
    }
    if (!answered) return fail(std::move(*first_refusal));
    std::sort(data.products.begin(), data.products.end(), [](const Product& a, const Product& b) { return a.id < b.id; });
    std::sort(data.missing.begin(), data.missing.end());
    return data;
}

} // namespace blongo::baselinker
