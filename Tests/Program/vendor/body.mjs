// A merchant's server that takes nothing but a JSON body by POST.
//
//   KEY=notification.pem RECORD=FILE node body.mjs PORT

import { createVerify } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const publicKey = readFileSync(process.env.KEY);

/** What PHP's json_encode makes of a value. */
function jsonEncode(value) {
  return JSON.stringify(value)
    .replace(/\//g, '\\/')
    .replace(/[^\x00-\x7f]/g, (unit) =>
      '\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0'));
}

createServer(async (request, response) => {
  if (request.method !== 'POST') {
    response.writeHead(405).end();
    return;
  }
  const parts = [];
  for await (const part of request) parts.push(part);
  const { sign, ...fields } = JSON.parse(Buffer.concat(parts).toString());
  // Numbers, texts and null are in the body as they were signed.
  const verified = createVerify('RSA-SHA1').update(jsonEncode(fields))
    .verify(publicKey, sign ?? '', 'base64');
  appendFileSync(process.env.RECORD, JSON.stringify(
    { verified, method: request.method, fields: { ...fields, sign } }) + '\n');
  response.writeHead(verified ? 200 : 400).end();
}).listen(Number(process.argv[2]), '127.0.0.1');
