// SPDX-License-Identifier: Apache-2.0
// node main.js articles|orders: one pass, as cron would start it. See settings.js for the environment it reads.
import { syncArticles } from "./articles.js";
import { importOrders } from "./orders.js";
import { loadState, saveState } from "./state.js";

const flows = { articles: syncArticles, orders: importOrders };
const flow = flows[process.argv[2]];
if (!flow) {
  console.error("usage: node main.js articles|orders");
  process.exit(2);
}

const state = await loadState();
try {
  const written = await flow(state);
  console.log(`${process.argv[2]}: ${written} written`);
} finally {
  await saveState(state);
}
