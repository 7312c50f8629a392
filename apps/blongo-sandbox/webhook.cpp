// SPDX-License-Identifier: Apache-2.0
#include "webhook.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <httplib.h>

namespace blongo::sandbox {

namespace {

/// Seven fraction digits and no zone, as the vendor's samples have it.
std::string webhook_time(Timestamp time) {
    const std::string seconds = format_utc(from_unix_seconds(to_unix_seconds(time)));
    return fmt::format("{}.{:03}0000", seconds.substr(0, 19), to_unix_milliseconds(time) % 1000);
}

} // namespace

void queue_webhook(GoodsOwner& owner, const WarehouseOrder& order, const json::Value& who, Timestamp now) {
    const json::Value& hook = std::as_const(owner.dictionaries)["webhook"];
    if (hook["url"].text().empty()) return;
    const auto& statuses = hook["statuses"].elements();
    if (!statuses.empty() && std::find(statuses.begin(), statuses.end(), json::Value(order.status)) == statuses.end()) return;
    const json::Value& data = order.data;
    json::Value tracking = json::Value::array();
    for (const json::Value& row : order.tracking.elements())
        tracking.push_back(
            json::Value::object().set("trackingUrl", row["trackingUrl"]).set("waybill", row["waybill"]).set("isReturn", false));
    json::Value parcels = json::Value::array();
    for (const json::Value& row : order.parcels.elements())
        parcels.push_back(json::Value::object()
                              .set("id", row["id"])
                              .set("parcelNumber", row["parcelNumber"])
                              .set("isReturnParcel", row["isReturnParcel"])
                              .set("tracking", row["tracking"]));
    const std::int64_t event = owner.next_id++;
    owner.webhook_queue.push_back(
        json::Value::object()
            .set("webhookOrdersId", 7)
            .set("webhookEventId", event)
            .set("system", owner.warehouse)
            .set("timestamp", webhook_time(now))
            .set("orderId", order.id)
            .set("orderNumber", data["orderNumber"])
            .set("goodsOwnerId", owner.id)
            .set("goodsOwnerOrderId", data["goodsOwnerOrderId"])
            .set("consigneeOrderNumber", data["consigneeOrderNumber"])
            .set("path", fmt::format("api/v1/orders/{}", order.id))
            .set("byUser", json::Value::object().set("userId", who["user_id"].integer(231)))
            .set("byComputer",
                 json::Value::object().set("computerId", who["computer_id"].integer(7)).set("computerName", "PACK-1"))
            .set("orderStatus", json::Value::object().set("number", order.status))
            .set("currentShipmentId", nullptr)
            .set("webhookTemplate", "OrderStatusChanged")
            .set("goodsOwnerName", owner.name)
            .set("goodsOwnerClasses", json::Value::array())
            .set("tracking", std::move(tracking))
            .set("parcels", std::move(parcels)));
}

WebhookSender::~WebhookSender() {
    for (std::thread& thread : threads_) thread.join();
}

void WebhookSender::send_queued(World& world, std::int64_t times) {
    std::vector<Delivery> deliveries;
    for (const auto& owner : world.goods_owners) {
        const json::Value& hook = std::as_const(owner->dictionaries)["webhook"];
        for (const json::Value& payload : owner->webhook_queue)
            for (std::int64_t i = 0; i < times; ++i)
                deliveries.push_back({std::string(hook["url"].text()), std::string(hook["token"].text()), payload});
        owner->webhook_queue.clear();
    }
    if (!deliveries.empty()) threads_.emplace_back([this, list = std::move(deliveries)] { send(list); });
}

void WebhookSender::send(const std::vector<Delivery>& deliveries) {
    for (const Delivery& delivery : deliveries) {
        const auto scheme = delivery.url.find("://");
        const auto slash = delivery.url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
        httplib::Client client(delivery.url.substr(0, slash));
        client.set_connection_timeout(5);
        client.set_read_timeout(10);
        const std::string path = slash == std::string::npos ? "/" : delivery.url.substr(slash);
        const auto result = client.Post(path, {{"X-Auth-Token", delivery.token}}, delivery.payload.dump(), "application/json");
        const std::lock_guard lock(mutex_);
        log_.push_back(json::Value::object().set("payload", delivery.payload).set("status", result ? result->status : 0));
    }
}

json::Value WebhookSender::deliveries() const {
    const std::lock_guard lock(mutex_);
    return log_;
}

} // namespace blongo::sandbox
