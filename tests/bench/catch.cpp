// SPDX-License-Identifier: Apache-2.0
// The helpers of the end-to-end tests check with Catch; the benchmarks bring a main of their own.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
