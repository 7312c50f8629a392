// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command.hpp"

namespace blongo::app {

// Each adds its command, or its group of commands, to the tree. Nothing is done before run().
void add_articles(Command& root);
void add_orders(Command& root);
void add_stock(Command& root);
void add_shipments(Command& root);
void add_returns(Command& root);
void add_today(Command& root);
void add_run(Command& root);
void add_status(Command& root);
void add_health(Command& root);
void add_report(Command& root);
void add_parked(Command& root);
void add_unknown(Command& root);
void add_check(Command& root);
void add_init(Command& root);
void add_doctor(Command& root);
void add_list(Command& root);
void add_mapping(Command& root);
void add_connection(Command& root);
void add_state(Command& root);
void add_audit(Command& root);
void add_pii(Command& root);
void add_config(Command& root);
void add_completion(Command& root);

} // namespace blongo::app
