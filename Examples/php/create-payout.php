<?php

// Asks for the balance, pays out of it, and prints both answers.
//
//   KAUNTER_URL       where the gateway is, by default http://127.0.0.1:8080
//   KAUNTER_ACCOUNT   the account's uuid
//   KAUNTER_KEY       the folder of the payout certificate: password.txt, private.pem, public.pem
//   ORDER_ID          optional: your own number of the payout, never used twice
//   NOTIFICATION_URL  optional: where the outcome is to be sent
//   AMOUNT            optional: what is paid out, by default 40.00
//
// Exit status: 0 if the payout was accepted, 1 if it was refused or no answer came.

declare(strict_types=1);

function setting(string $name, ?string $default = null): string
{
    $value = getenv($name) ?: $default;
    if ($value === null) {
        throw new RuntimeException("Please set $name.");
    }
    return $value;
}

/** The base64 signature of exactly these bytes, for the header `Sign`. */
function signature(string $body, string $keyFolder): string
{
    // The password is the file's bytes as they are: trimming them would change it.
    $privateKey = openssl_pkey_get_private(
        file_get_contents("$keyFolder/private.pem"),
        file_get_contents("$keyFolder/password.txt"),
    );
    if ($privateKey === false) {
        throw new RuntimeException("The key in $keyFolder does not open with its password.");
    }
    // PHP's default digest is SHA-1. The gateway accepts SHA-256 as well: then pass
    // OPENSSL_ALGO_SHA256 as the fourth argument.
    openssl_sign($body, $sign, $privateKey);
    return base64_encode($sign);
}

/** Sends the body; gives the HTTP status and the answer's text. */
function post(string $url, string $account, string $sign, string $body): array
{
    $context = stream_context_create(['http' => [
        'method' => 'POST',
        'header' => [
            'Content-Type: application/json',
            "Account: $account",
            "Sign: $sign",
            'Connection: close',
        ],
        'content' => $body,
        'protocol_version' => 1.1,
        'timeout' => 30,
        'follow_location' => 0,
        'ignore_errors' => true, // A refusal has a body too, and it says why.
    ]]);
    $stream = @fopen($url, 'r', false, $context);
    if ($stream === false) {
        throw new RuntimeException("No answer from $url.");
    }
    $statusLine = stream_get_meta_data($stream)['wrapper_data'][0];
    return [(int) explode(' ', $statusLine)[1], stream_get_contents($stream)];
}

function main(): int
{
    $gateway = setting('KAUNTER_URL', 'http://127.0.0.1:8080');
    $account = setting('KAUNTER_ACCOUNT');
    $key = setting('KAUNTER_KEY');

    // Nothing is asked: json_encode([]) is `[]`, and that is what is signed.
    $body = json_encode([]);
    $sign = signature($body, $key);
    [$status, $answer] = post("$gateway/v1/account/balance", $account, $sign, $body);
    if ($status !== 200) {
        return refused($status, $answer);
    }
    echo $answer, "\n";

    // In the order of the document. The number is a text: it may begin with zeros.
    $fields = [
        'amount' => setting('AMOUNT', '40.00'),
        'order_id' => setting('ORDER_ID', 'payout-' . bin2hex(random_bytes(8))),
        'service' => 'payment_card_myr',
        'number' => '12345678901234',
        'customer_code' => 'BIMB',
        'customer_first_name' => 'René',
        'customer_last_name' => 'a/l Raju',
    ];
    if (getenv('NOTIFICATION_URL')) {
        $fields['notification_endpoint_url'] = getenv('NOTIFICATION_URL');
    }

    // Encode once: what is signed and what is sent must be the same bytes.
    $body = json_encode($fields, JSON_THROW_ON_ERROR);

    // If no answer comes, send the same body again, never a new order_id: that would be a second
    // payout.
    [$status, $answer] = post("$gateway/v1/payout", $account, signature($body, $key), $body);
    if ($status !== 200) {
        return refused($status, $answer);
    }
    echo $answer, "\n"; // Now keep `id`, and wait for the notification.
    return 0;
}

/** Says why, and gives the exit status. */
function refused(int $status, string $answer): int
{
    $refusal = json_decode($answer, true);
    fwrite(STDERR, ($refusal['message'] ?? "HTTP status $status") . "\n");
    foreach ($refusal['errors'] ?? [] as $field => $messages) {
        fwrite(STDERR, "$field: " . implode(' ', $messages) . "\n");
    }
    return 1;
}

try {
    exit(main());
} catch (Throwable $error) {
    fwrite(STDERR, $error->getMessage() . "\n");
    exit(1);
}
