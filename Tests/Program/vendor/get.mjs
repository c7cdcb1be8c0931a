// A merchant's server that is told by GET.
//
//   KEY=notification.pem RECORD=FILE node get.mjs PORT

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

createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const { sign, ...fields } = Object.fromEntries(url.searchParams);
  const text = jsonEncode({ ...fields, id: Number(fields.id), desc: fields.desc ?? null });
  const verified = createVerify('RSA-SHA1').update(text).verify(publicKey, sign ?? '', 'base64');
  appendFileSync(process.env.RECORD, JSON.stringify(
    { verified, method: request.method, fields: { ...fields, sign } }) + '\n');
  response.writeHead(verified ? 200 : 400).end();
}).listen(Number(process.argv[2]), '127.0.0.1');
