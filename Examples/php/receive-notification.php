<?php

// Waits for one notification, verifies it and prints what it says.
//
//   receive-notification.php [port]   or the port in PORT; 0 lets the system choose one
//   KAUNTER_NOTIFICATION_KEY          the PEM file of the account's notification key (public)
//
// In a shop this is a page of your web server, and $fields is $_GET.
// Exit status: 0 if the notification is genuine, 1 if not.

declare(strict_types=1);

/** True if the gateway signed exactly these fields. Trust nothing in them before. */
function isGenuine(array $fields, OpenSSLAsymmetricKey $publicKey): bool
{
    // The signed text is json_encode's default: `/` becomes `\/` and `é` becomes `\u00e9`. All
    // values are texts as they came, but `id` is an integer and an absent `desc` is null.
    $text = json_encode([
        'type' => $fields['type'] ?? null,
        'id' => (int) ($fields['id'] ?? 0),
        'order_id' => $fields['order_id'] ?? null,
        'payment_status' => $fields['payment_status'] ?? null,
        'amount' => $fields['amount'] ?? null,
        'payment_amount' => $fields['payment_amount'] ?? null,
        'commission_amount' => $fields['commission_amount'] ?? null,
        'is_partial_payment' => $fields['is_partial_payment'] ?? null,
        'account' => $fields['account'] ?? null,
        'service' => $fields['service'] ?? null,
        'desc' => $fields['desc'] ?? null,
    ]);
    $sign = $fields['sign'] ?? null;
    $sign = is_string($sign) ? base64_decode($sign, true) : false;
    if ($text === false || $sign === false) {
        return false;
    }
    // SHA-1, openssl_verify's default, unless the account or the endpoint asks for SHA-256:
    // then pass OPENSSL_ALGO_SHA256 as the fourth argument. 1 is yes; 0 and -1 are no.
    return openssl_verify($text, $sign, $publicKey) === 1;
}

/** The query of the next GET request; anything else is answered here. */
function nextQuery($server, &$connection): string
{
    while (true) {
        $connection = stream_socket_accept($server, -1);
        stream_set_timeout($connection, 10);
        $request = explode(' ', (string) fgets($connection, 16_384));
        while (trim((string) fgets($connection, 16_384)) !== '') {
            // The headers say nothing that is needed here.
        }
        if ($request[0] === 'GET' && count($request) === 3) {
            return (string) parse_url('http://localhost' . $request[1], PHP_URL_QUERY);
        }
        answer($connection, '405 Method Not Allowed', 'GET only');
    }
}

function answer($connection, string $status, string $text): void
{
    $length = strlen($text);
    fwrite($connection, "HTTP/1.1 $status\r\nContent-Type: text/plain\r\n"
        . "Content-Length: $length\r\nConnection: close\r\n\r\n$text");
    fclose($connection);
}

function main(string $port): int
{
    $publicKey = openssl_pkey_get_public(file_get_contents(getenv('KAUNTER_NOTIFICATION_KEY')));
    if ($publicKey === false) {
        throw new RuntimeException('KAUNTER_NOTIFICATION_KEY is not a public key.');
    }
    $server = stream_socket_server("tcp://127.0.0.1:$port");
    if ($server === false) {
        throw new RuntimeException("Port $port can't be listened on.");
    }
    echo 'listening on http://', stream_socket_get_name($server, false), "/\n";

    parse_str(nextQuery($server, $connection), $fields);
    $genuine = isGenuine($fields, $publicKey);

    // Here a shop compares `amount` with the order, marks the order as paid if it is not yet
    // (the same notification may come twice), and answers only after that is stored: without
    // a 2xx answer the gateway sends the notification again later.
    answer($connection, $genuine ? '200 OK' : '400 Bad Request', $genuine ? 'OK' : 'Bad sign');

    echo json_encode([
        'order_id' => $fields['order_id'] ?? null,
        'payment_status' => $fields['payment_status'] ?? null,
        'verified' => $genuine,
    ], JSON_INVALID_UTF8_SUBSTITUTE), "\n";
    return $genuine ? 0 : 1;
}

try {
    exit(main($argv[1] ?? (getenv('PORT') ?: '0')));
} catch (Throwable $error) {
    fwrite(STDERR, $error->getMessage() . "\n");
    exit(1);
}
