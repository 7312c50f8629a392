// SPDX-License-Identifier: Apache-2.0
#include <blongo/sync/shipments.hpp>

namespace blongo::sync {

namespace {

void set_size(json::Value& parcel, std::string_view name, const std::optional<Decimal>& size) {
    if (size) parcel.set(name, size->to_string());
}

} // namespace

json::Value SendWishes::to_json() const {
    json::Value list = json::Value::array();
    for (const auto& parcel : parcels) {
        json::Value row = json::Value::object().set("weight", parcel.weight.to_string());
        set_size(row, "length", parcel.length);
        set_size(row, "width", parcel.width);
        set_size(row, "height", parcel.height);
        list.push_back(std::move(row));
    }
    json::Value ignored = json::Value::array();
    for (const auto id : ignore_packages) ignored.push_back(id);
    json::Value out = json::Value::object()
                          .set("ignore", std::move(ignored))
                          .set("parcels", std::move(list))
                          .set("force_old", force_old)
                          .set("reprint", reprint)
                          .set("add", add)
                          .set("ask", ask)
                          .set("by_hand", by_hand)
                          .set("event_id", event_id)
                          .set("workstation", workstation_id)
                          .set("user", user_id);
    if (cod) out.set("cod", cod->to_string());
    return out;
}

SendWishes SendWishes::from_json(const json::Value& value) {
    SendWishes out;
    for (const auto& row : value["parcels"].elements()) {
        map::PlannedParcel parcel;
        parcel.weight = row["weight"].decimal().value_or(Decimal{});
        parcel.length = row["length"].decimal();
        parcel.width = row["width"].decimal();
        parcel.height = row["height"].decimal();
        out.parcels.push_back(std::move(parcel));
    }
    out.cod = value["cod"].decimal();
    for (const auto& id : value["ignore"].elements()) out.ignore_packages.push_back(id.integer());
    out.force_old = value["force_old"].is_true();
    out.reprint = value["reprint"].is_true();
    out.add = value["add"].is_true();
    out.ask = value["ask"].is_true();
    out.by_hand = value["by_hand"].is_true();
    out.event_id = value["event_id"].integer();
    out.workstation_id = value["workstation"].integer();
    out.user_id = value["user"].integer();
    return out;
}

} // namespace blongo::sync
