// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <blongo/http/transport.hpp>

/// Fixed pieces of work inside this process: timed by decoding(), counted by instructions().
namespace blongo::bench {

/// A good answer with this body, as the transport hands it to a client.
[[nodiscard]] http::Response answer_with(std::string body);

void parse_dom(const http::Response& answer);       ///< RapidJSON's own document, thrown away
void decode_products(const http::Response& answer); ///< as the client does with an answer of getInventoryProductsData
void decode_orders(const http::Response& answer);   ///< ... of getOrders
void map_products(const http::Response& answer);    ///< decode, map, fingerprint
void map_orders(const http::Response& answer);      ///< decode, map, fingerprint

/// Runs the work of that name once, inside the function `measured_work` that callgrind is told to count; false: there is
/// no work of that name.
[[nodiscard]] bool run_work(const std::string& name);

} // namespace blongo::bench
