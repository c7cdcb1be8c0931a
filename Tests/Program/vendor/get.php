<?php

// A merchant's page that is told by GET: the fields from $_GET, json_encode, openssl_verify.
//
//   KEY=notification.pem RECORD=FILE php -S 127.0.0.1:PORT get.php

$data = json_encode([
    'type' => $_GET['type'],
    'id' => (int) $_GET['id'],
    'order_id' => $_GET['order_id'],
    'payment_status' => $_GET['payment_status'],
    'amount' => $_GET['amount'],
    'payment_amount' => $_GET['payment_amount'],
    'commission_amount' => $_GET['commission_amount'],
    'is_partial_payment' => $_GET['is_partial_payment'],
    'account' => $_GET['account'],
    'service' => $_GET['service'],
    'desc' => $_GET['desc'] ?? null,
]);
$publicKey = openssl_pkey_get_public(file_get_contents(getenv('KEY')));
if ($publicKey === false) {
    throw new \Exception('Error cert.');
}
$verified = openssl_verify($data, base64_decode($_GET['sign'] ?? ''), $publicKey) === 1;

http_response_code($verified ? 200 : 400);
$line = json_encode(['verified' => $verified, 'method' => $_SERVER['REQUEST_METHOD'],
    'fields' => $_GET]);
file_put_contents(getenv('RECORD'), $line . "\n", FILE_APPEND);
