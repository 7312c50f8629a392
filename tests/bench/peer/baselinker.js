// SPDX-License-Identifier: Apache-2.0
import { createBaselinkerClient } from "baselinker-js";

import { settings } from "./settings.js";

// The package has the public address in its source and no setting for it, so fetch takes its calls elsewhere.
const publicAddress = "https://api.baselinker.com/connector.php";
const realFetch = globalThis.fetch;
globalThis.fetch = (address, options) => realFetch(address === publicAddress ? settings.baselinkerUrl : address, options);

const client = createBaselinkerClient({ apiKey: settings.baselinkerToken });

function checked(answer) {
  if (answer.status !== "SUCCESS") throw new Error(`BaseLinker: ${answer.error_code} ${answer.error_message}`);
  return answer;
}

const pageSize = 1000;
const detailsAtOnce = 100;

/** The products of the catalogue with all details, a hundred at a time: [id, product]. */
export async function* products() {
  for (let page = 1; ; page++) {
    const list = checked(await client.products.getInventoryProductsList({ inventory_id: settings.inventoryId, page }));
    const ids = Object.keys(list.products).map(Number);
    for (let i = 0; i < ids.length; i += detailsAtOnce) {
      const details = await client.products.getInventoryProductsData({
        inventory_id: settings.inventoryId,
        products: ids.slice(i, i + detailsAtOnce),
      });
      yield* Object.entries(checked(details).products);
    }
    if (ids.length < pageSize) return;
  }
}

const ordersPerPage = 100;

/** Orders of the status that were confirmed at `from` or later, page by page, as BaseLinker's documentation advises. */
export async function* orders(from) {
  for (;;) {
    const page = await client.orders.getOrders({ date_confirmed_from: from, status_id: settings.statusId });
    const found = checked(page).orders;
    yield* found;
    if (found.length < ordersPerPage) return;
    from = found.at(-1).date_confirmed + 1;
  }
}
