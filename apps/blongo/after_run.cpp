// SPDX-License-Identifier: Apache-2.0
#include "after_run.hpp"

#include <exception>

#include <fmt/format.h>

#include <blongo/sync/metrics.hpp>

#include "files.hpp"

namespace blongo::app {

bool write_metrics(Context& context, bool told) {
    const auto config = context.config();
    if (!config || (*config)->metrics_textfile.empty()) return true;
    const auto runtime = context.runtime();
    if (!runtime) return true; // told by the run
    const std::string text = report::render_metrics(sync::metrics_of(**config, *runtime));
    const auto written = write_shared_file((*config)->metrics_textfile, text);
    if (!written && !told)
        context.reporter().warning({}, fmt::format("[metrics] textfile {}: {}; {}", (*config)->metrics_textfile,
                                                   written.error().message, written.error().remedy));
    return written.has_value();
}

void after_run(Context& context) {
    if (context.written_for().empty()) return;
    try {
        (void)write_metrics(context);
    } catch (const std::exception& error) {
        context.reporter().warning({}, fmt::format("after the run: {}", error.what()));
    }
}

} // namespace blongo::app
