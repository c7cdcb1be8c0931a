// Waits for one notification, verifies it and prints what it says. Node 18 or later, no packages.
//
//   receive-notification.mjs [port]   or the port in PORT; 0 lets the system choose one
//   KAUNTER_NOTIFICATION_KEY          the PEM file of the account's notification key (public)
//
// Exit status: 0 if the notification is genuine, 1 if not.

import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/** JSON as PHP's json_encode writes it: `/` becomes `\/` and `é` becomes `\u00e9`. */
function phpJSON(value) {
  return JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, (unit) =>
      '\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0'));
}

/** True if the gateway signed exactly these fields. Trust nothing in them before. */
function isGenuine(fields, publicKey) {
  // All values are texts as they came, but `id` is an integer and an absent `desc` is null.
  const text = phpJSON({
    type: fields.get('type'),
    id: Number(fields.get('id')),
    order_id: fields.get('order_id'),
    payment_status: fields.get('payment_status'),
    amount: fields.get('amount'),
    payment_amount: fields.get('payment_amount'),
    commission_amount: fields.get('commission_amount'),
    is_partial_payment: fields.get('is_partial_payment'),
    account: fields.get('account'),
    service: fields.get('service'),
    desc: fields.get('desc'),
  });
  const sign = Buffer.from(fields.get('sign') ?? '', 'base64');
  // SHA-1, unless the account or the endpoint asks for SHA-256: then 'sha256'.
  return verify('sha1', Buffer.from(text), publicKey, sign);
}

const publicKey = createPublicKey(readFileSync(process.env.KAUNTER_NOTIFICATION_KEY));

const server = createServer((request, response) => {
  response.setHeader('Connection', 'close');
  if (request.method !== 'GET') {
    response.writeHead(405).end('GET only');
    return;
  }
  const fields = new URL('http://localhost' + request.url).searchParams;
  const genuine = isGenuine(fields, publicKey);

  // Here a shop compares `amount` with the order, marks the order as paid if it is not yet
  // (the same notification may come twice), and answers only after that is stored: without
  // a 2xx answer the gateway sends the notification again later.
  response.writeHead(genuine ? 200 : 400, { 'Content-Type': 'text/plain' });
  response.end(genuine ? 'OK' : 'Bad sign');

  console.log(JSON.stringify({
    order_id: fields.get('order_id'),
    payment_status: fields.get('payment_status'),
    verified: genuine,
  }));
  process.exitCode = genuine ? 0 : 1;
  server.close(); // The program ends when the answer is sent.
});

server.listen(Number(process.argv[2] ?? process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/`);
});
