// SPDX-License-Identifier: Apache-2.0
import { orders } from "./baselinker.js";
import { putOrder } from "./ongoing.js";
import { settings } from "./settings.js";
import { line } from "./text.js";

const localDate = new Intl.DateTimeFormat("sv-SE", { timeZone: settings.timeZone });

/** Who receives something: the person with the company below, or either alone. */
function addressee(person, company) {
  person = line(person);
  company = line(company);
  return person ? { name: person, address2: company } : { name: company };
}

const notification = (value) => value && { value, toBeNotified: false };

function contacts(email, phone) {
  return {
    emailNotification: notification(email),
    smsNotification: notification(phone),
    telephoneNotification: notification(phone),
  };
}

function invoiceAddress(order) {
  if (!order.invoice_fullname && !order.invoice_company && !order.invoice_address) return undefined;
  const value = (text) => text && { value: text };
  const phone = value(line(order.phone));
  return {
    ...addressee(order.invoice_fullname, order.invoice_company),
    address1: line(order.invoice_address),
    postCode: line(order.invoice_postcode),
    city: line(order.invoice_city),
    countryCode: line(order.invoice_country_code),
    countryStateCode: line(order.invoice_state),
    advanced: { emailNotification: value(line(order.email)), smsNotification: phone, telephoneNotification: phone },
  };
}

function orderLine(order, product) {
  const row = String(product.order_product_id);
  const code = [product.variant_id, product.product_id].map(String).find((id) => Number(id) > 0);
  return {
    rowNumber: row,
    externalId: row,
    articleNumber: line(product.sku),
    customerArticleNumber: code,
    numberOfItems: Number(product.quantity),
    prices: { customerLinePrice: Number(product.price_brutto), currencyCode: order.currency },
    lineTotalCustomsValue: Number(product.price_brutto),
    comment: line(product.attributes),
  };
}

function document(order) {
  const id = String(order.order_id);
  const reach = contacts(line(order.email), line(order.phone));
  const method = line(order.delivery_method);
  const shopOrder = order.shop_order_id > 0 || isNaN(order.shop_order_id) ? line(order.shop_order_id) : undefined;
  const remark = [order.user_comments, order.admin_comments].map((text) => (text ?? "").trim()).filter(Boolean);
  return {
    goodsOwnerId: settings.goodsOwnerId,
    orderNumber: id,
    goodsOwnerOrderId: id,
    marketPlace: shopOrder && { marketPlace: line(order.order_source), marketPlaceOrderNumber: shopOrder },
    deliveryDate: `${localDate.format(order.date_confirmed * 1000)}T12:00:00.000+00:00`,
    orderRemark: remark.join("\n").slice(0, 500) || undefined,
    servicePointCode: line(order.delivery_point_id),
    wayOfDelivery: method && { code: method, name: method },
    consignee: {
      customerNumber: id,
      ...addressee(order.delivery_fullname, order.delivery_company),
      address1: line(order.delivery_address),
      postCode: line(order.delivery_postcode),
      city: line(order.delivery_city),
      countryCode: line(order.delivery_country_code),
      countryStateCode: line(order.delivery_state),
      vatNumber: line(order.invoice_nip),
      advanced: reach,
      invoiceAddress: invoiceAddress(order),
    },
    ...reach,
    customsInfo: line(order.currency) && { customsValueCurrencyCode: order.currency },
    orderLines: order.products.map((product) => orderLine(order, product)),
  };
}

/** Brings the orders that were confirmed since the last pass to the warehouse; answers how many. */
export async function importOrders(state) {
  let written = 0;
  for await (const order of orders(state.ordersFrom)) {
    await putOrder(JSON.stringify(document(order)));
    state.ordersFrom = Math.max(state.ordersFrom, order.date_confirmed + 1);
    written++;
  }
  return written;
}
