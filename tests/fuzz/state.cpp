// SPDX-License-Identifier: Apache-2.0
// What the state keeps as JSON, whoever wrote it: it is read without harm, and what was read is written as a text that
// reads the same. Bodies of the audit trail, cut off anywhere, are masked.
#include <cstddef>
#include <cstdint>
#include <string>

#include <blongo/json/value.hpp>
#include <blongo/report/alert_json.hpp>
#include <blongo/sync/booking_payload.hpp>
#include <blongo/sync/order_ledger.hpp>
#include <blongo/sync/personal_mask.hpp>
#include <blongo/sync/return_ledger.hpp>
#include <blongo/sync/shipments.hpp>

#include "answers.hpp"

namespace {

using namespace blongo;
using fuzz::expect;

json::Value text_of(const state::ReturnEntry& entry) {
    return sync::entry_to_json(entry);
}
template <class Kept> json::Value text_of(const Kept& kept) {
    return kept.to_json();
}

/// Written, read and written again it is the same text.
template <class Read> void round_trip(const json::Value& value, const Read& read) {
    const std::string written = text_of(read(value)).dump();
    const auto again = json::Value::parse(written);
    expect(again && text_of(read(*again)).dump() == written);
}

void kept_objects(const json::Value& value) {
    round_trip(value, &sync::SendWishes::from_json);
    round_trip(value, &sync::BookingPayload::from_json);
    round_trip(value, &sync::LedgerOrder::from_json);
    round_trip(value, &sync::entry_from_json);
}

void alerts(const std::string& text) {
    const auto alert = report::read_alert_memory(text);
    if (!alert) return expect(!alert.error().text().empty());
    const std::string written = report::alert_memory(*alert);
    const auto again = report::read_alert_memory(written);
    expect(again && report::alert_memory(*again) == written);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text = fuzz::text_of(data, size);
    (void)sync::mask_body(text);
    (void)sync::mask_body(R"({"status":"ERROR","error_message":"refused"})", text);
    (void)sync::mask_error(text, R"({"email":"jan@example.com","phone":"600100200"})");
    alerts(text);
    if (const auto value = json::Value::parse(text)) kept_objects(*value);
    return 0;
}
