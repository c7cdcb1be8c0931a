// Creates a payment and prints the gateway's answer. Node 18 or later, no packages.
//
//   KAUNTER_URL       where the gateway is, by default http://127.0.0.1:8080
//   KAUNTER_ACCOUNT   the account's uuid
//   KAUNTER_KEY       the folder of the payment certificate: password.txt, private.pem, public.pem
//   ORDER_ID          optional: your own number of the order, never used twice
//   NOTIFICATION_URL  optional: where the outcome is to be sent
//   DESCRIPTION       optional: a text that comes back in the notification
//
// Exit status: 0 if the payment was created, 1 if it was refused or no answer came.

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

async function main() {
  // In the order of the document. The amount is a text: money and floating point don't mix.
  const fields = {
    amount: '100.50',
    order_id: setting('ORDER_ID', `order-${randomUUID()}`),
    service: 'online_banking_myr_hpp',
    customer_ip: '203.0.113.7',
    customer_code: 'FPX',
    customer_first_name: 'René',
    customer_last_name: 'a/l Raju',
    // JSON.stringify leaves out what is undefined.
    notification_endpoint_url: process.env.NOTIFICATION_URL || undefined,
    desc: process.env.DESCRIPTION || undefined,
  };

  // Encode once: what is signed and what is sent must be the same bytes.
  const body = Buffer.from(JSON.stringify(fields), 'utf8');

  // If no answer comes, send the same body again: a repeated order_id opens no second payment.
  const answer = await fetch(`${setting('KAUNTER_URL', 'http://127.0.0.1:8080')}/v1/payment`, {
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
    console.log(text); // Now keep `id` and `uuid`, and send the payer's browser to `url`.
    return 0;
  }

  const refusal = JSON.parse(text);
  console.error(refusal.message);
  for (const [field, messages] of Object.entries(refusal.errors)) {
    console.error(`${field}: ${messages.join(' ')}`);
  }
  return 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
