// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "context.hpp"

namespace blongo::app {

/// `report parcels` and `report cod` of one month ("2026-11"; empty: the current one of each connection).
int report_parcels(Context& context, const std::string& month);
int report_cod(Context& context, const std::string& month);

struct ReportArguments {
    std::string audience; ///< "", warehouse, seller, technical
    std::string file;     ///< --out
};
/// `report`: rows, or a page with --format html.
int report_all(Context& context, const ReportArguments& arguments);

} // namespace blongo::app
