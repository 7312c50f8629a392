// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <blongo/json/value.hpp>

#include "world.hpp"

namespace blongo::sandbox {

/// The event of ongoing.md 4.3 for an order whose status changed, if the goods owner has a
/// webhook that wants this status. Waits in the goods owner until it is sent.
void queue_webhook(GoodsOwner& owner, const WarehouseOrder& order, const json::Value& who, Timestamp now);

/// Sends queued events in the background with the header X-Auth-Token. What the
/// receiver answered is kept.
class WebhookSender {
public:
    ~WebhookSender();
    /// Takes what is queued and sends each event so often; the caller holds the lock of the world.
    void send_queued(World& world, std::int64_t times);
    /// [{"payload":...,"status":200}], status 0: nobody answered.
    [[nodiscard]] json::Value deliveries() const;

private:
    struct Delivery {
        std::string url, token;
        json::Value payload;
    };
    void send(const std::vector<Delivery>& deliveries);
    mutable std::mutex mutex_;
    json::Value log_ = json::Value::array();
    std::vector<std::thread> threads_;
};

} // namespace blongo::sandbox
