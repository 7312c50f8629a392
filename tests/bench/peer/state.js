// SPDX-License-Identifier: Apache-2.0
// What the last pass left, one JSON file: a hash of each article as it was written, and where the next look at the orders
// begins.
import { readFile, rename, writeFile } from "node:fs/promises";

import { settings } from "./settings.js";

export async function loadState() {
  try {
    return JSON.parse(await readFile(settings.stateFile, "utf8"));
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    return { articles: {}, ordersFrom: 0 };
  }
}

export async function saveState(state) {
  await writeFile(`${settings.stateFile}.new`, JSON.stringify(state));
  await rename(`${settings.stateFile}.new`, settings.stateFile);
}
