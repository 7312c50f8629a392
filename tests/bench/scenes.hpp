// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What `cost` measures, each printing its rows of the table.
namespace blongo::bench {

void decoding();     ///< an answer's decoding against RapidJSON's DOM parse of the same bytes
void passes();       ///< first load, idle pass, memory, orders: the real binary against the sandbox
void starting();     ///< --version, status, size of the binary
void instructions(); ///< rows "<scenario>\t<instructions>" of fixed scenarios, counted by callgrind

} // namespace blongo::bench
