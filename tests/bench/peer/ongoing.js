// SPDX-License-Identifier: Apache-2.0
import { settings } from "./settings.js";

const credentials = Buffer.from(`${settings.ongoingUser}:${settings.ongoingPassword}`).toString("base64");
const tries = 3;

async function put(path, body) {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(`${settings.ongoingUrl}${path}`, {
        method: "PUT",
        headers: {
          Authorization: `Basic ${credentials}`,
          "Content-Type": "application/json",
          Accept: "application/json",
        },
        body,
      });
      const text = await response.text();
      if (response.ok) return JSON.parse(text);
      const refused = new Error(`Ongoing: PUT ${path}: ${response.status} ${text}`);
      refused.final = response.status < 500;
      throw refused;
    } catch (error) {
      // A PUT of the same number writes the same article or order again.
      if (error.final || attempt === tries) throw error;
    }
  }
}

export const putArticle = (body) => put("/articles", body);
export const putOrder = (body) => put("/orders", body);
