// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <blongo/base/decimal.hpp>
#include <blongo/base/ids.hpp>
#include <blongo/json/value.hpp>

/// What Ongoing's answers hold, as plain values. Absent members arrive as null and are empty here.
namespace blongo::ongoing {

/// GetArticleModel.inventoryInfo; nullopt where the answer has null: not reported.
struct InventoryInfo {
    std::optional<Decimal> number_of_items, number_of_booked_items, sellable_number_of_items, locked_for_sale_number_of_items,
        to_receive_number_of_items;
    /// Whether the warehouse has pieces, owes some to open orders, or expects some.
    [[nodiscard]] bool holds_or_expects() const {
        const auto some = [](const std::optional<Decimal>& number) { return number && !number->is_zero(); };
        return some(number_of_items) || some(number_of_booked_items) || some(to_receive_number_of_items);
    }
};

/// GetArticleModel
struct Article {
    ArticleSystemId article_system_id;
    ArticleNumber article_number;
    std::string article_name;
    std::string article_kind; ///< "Structure", "Production", "" or another word for a plain article
    bool is_active = true;
    InventoryInfo inventory;
    json::Value document; ///< the whole answer, for overlays
};

/// GetArticleStructureDefinitionModel.rows[]
struct StructureRow {
    ArticleNumber article_number;
    Decimal number_of_items;
};
struct StructureDefinition {
    ArticleSystemId article_system_id;
    ArticleNumber article_number;
    std::string article_kind;
    std::vector<StructureRow> rows;
};

/// GET /warehouses
struct Warehouse {
    std::int64_t id = 0;
    std::string code, name;
};

/// GET /orders/statuses
struct OrderStatus {
    std::int64_t number = 0;
    std::string text;
};

/// GET /transporterContracts
struct TransporterContract {
    std::string transporter_code, transporter_name, transporter_service_code;
};

/// GET /orders/wayOfDeliveryTypes
struct WayOfDelivery {
    std::string code, name;
};

} // namespace blongo::ongoing
