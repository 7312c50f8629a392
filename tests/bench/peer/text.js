// SPDX-License-Identifier: Apache-2.0

/** The text on one line; undefined, which JSON leaves out, when there is none. */
export const line = (text) => String(text ?? "").replace(/\s+/g, " ").trim() || undefined;

const entities = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&nbsp;": " " };

export function plainText(html) {
  const text = String(html ?? "")
    .replace(/<br\s*\/?>|<\/(p|div|li|h\d)>/gi, "\n")
    .replace(/<[^>]*>/g, "")
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (entity) => entities[entity]);
  return text.trim() || undefined;
}
