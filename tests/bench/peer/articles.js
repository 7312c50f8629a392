// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";

import { products } from "./baselinker.js";
import { putArticle } from "./ongoing.js";
import { settings } from "./settings.js";
import { line, plainText } from "./text.js";

const positive = (number) => (number > 0 ? number : undefined);
const metres = (centimetres) => positive(centimetres / 100);

function article(product, id, item, name) {
  return {
    goodsOwnerId: settings.goodsOwnerId,
    articleNumber: line(item.sku),
    articleName: line(name),
    productCode: String(id),
    barCodeInfo: line(item.ean) && { barCode: line(item.ean) },
    weight: positive(product.weight),
    height: metres(product.height),
    width: metres(product.width),
    length: metres(product.length),
    description: plainText(product.text_fields.description),
  };
}

/** A product without variants is an article, otherwise each of its variants is. */
function* articlesOf(id, product) {
  const name = product.text_fields.name;
  const variants = Object.entries(product.variants ?? {});
  if (variants.length === 0) yield article(product, id, product, name);
  for (const [variantId, variant] of variants) {
    const item = { sku: variant.sku || product.sku, ean: variant.ean || product.ean };
    yield article(product, variantId, item, `${name} ${variant.name}`);
  }
}

/** Writes the articles that are new or changed; answers how many. */
export async function syncArticles(state) {
  let written = 0;
  for await (const [id, product] of products()) {
    for (const document of articlesOf(id, product)) {
      if (!document.articleNumber) continue;
      const body = JSON.stringify(document);
      const hash = createHash("sha1").update(body).digest("base64");
      if (state.articles[document.articleNumber] === hash) continue;
      await putArticle(body);
      state.articles[document.articleNumber] = hash;
      written++;
    }
  }
  return written;
}
