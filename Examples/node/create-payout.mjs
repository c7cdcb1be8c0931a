// Asks for the balance, pays out of it, and prints both answers. Node 18 or later, no packages.
//
//   KAUNTER_URL       where the gateway is, by default http://127.0.0.1:8080
//   KAUNTER_ACCOUNT   the account's uuid
//   KAUNTER_KEY       the folder of the payout certificate: password.txt, private.pem, public.pem
//   ORDER_ID          optional: your own number of the payout, never used twice
//   NOTIFICATION_URL  optional: where the outcome is to be sent
//   AMOUNT            optional: what is paid out, by default 40.00
//
// Exit status: 0 if the payout was accepted, 1 if it was refused or no answer came.

import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

function setting(name, standard) {
  const value = process.env[name] || standard;
  if (value === undefined) throw new Error(`Please set ${name}.`);
  return value;
}

/** The base64 signature of exactly these bytes, for the header `Sign`. */
function signature(body, keyFolder) {
  const privateKey = createPrivateKey({
    key: readFileSync(join(keyFolder, 'private.pem')),
    // The password is the file's bytes as they are: trimming them would change it.
    passphrase: readFileSync(join(keyFolder, 'password.txt')),
  });
  // The gateway accepts SHA-256 and, as the older samples in PHP use it, 'sha1'.
  return sign('sha256', body, privateKey).toString('base64');
}

/** Signs and sends these fields, and prints the answer; false if it is a refusal. */
async function call(path, fields) {
  // Encode once: what is signed and what is sent must be the same bytes.
  const body = Buffer.from(JSON.stringify(fields), 'utf8');
  const answer = await fetch(`${setting('KAUNTER_URL', 'http://127.0.0.1:8080')}${path}`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Account: setting('KAUNTER_ACCOUNT'),
      Sign: signature(body, setting('KAUNTER_KEY')),
    },
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(30_000),
  });
  const text = await answer.text();
  if (answer.status === 200) {
    console.log(text);
    return true;
  }

  const refusal = JSON.parse(text);
  console.error(refusal.message);
  for (const [field, messages] of Object.entries(refusal.errors)) {
    console.error(`${field}: ${messages.join(' ')}`);
  }
  return false;
}

async function main() {
  // Nothing is asked: the body is `[]`, and that is what is signed.
  if (!(await call('/v1/account/balance', []))) return 1;

  // In the order of the document. The number is a text: it may begin with zeros.
  const fields = {
    amount: setting('AMOUNT', '40.00'),
    order_id: setting('ORDER_ID', `payout-${randomUUID()}`),
    service: 'payment_card_myr',
    number: '12345678901234',
    customer_code: 'BIMB',
    customer_first_name: 'René',
    customer_last_name: 'a/l Raju',
    // JSON.stringify leaves out what is undefined.
    notification_endpoint_url: process.env.NOTIFICATION_URL || undefined,
  };
  // If no answer comes, send the same body again, never a new order_id: that would be a second
  // payout. Then keep `id`, and wait for the notification.
  return (await call('/v1/payout', fields)) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
