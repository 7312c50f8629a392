// SPDX-License-Identifier: Apache-2.0
const env = process.env;

export const settings = {
  baselinkerUrl: env.BASELINKER_URL, // instead of the public address
  baselinkerToken: env.BASELINKER_TOKEN,
  inventoryId: Number(env.INVENTORY_ID),
  statusId: Number(env.ORDER_STATUS_ID), // orders in this status go to the warehouse
  ongoingUrl: env.ONGOING_URL, // up to and with /api/v1
  ongoingUser: env.ONGOING_USER,
  ongoingPassword: env.ONGOING_PASSWORD,
  goodsOwnerId: Number(env.GOODS_OWNER_ID),
  stateFile: env.STATE_FILE,
  timeZone: "Europe/Warsaw",
};
