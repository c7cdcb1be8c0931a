<?php

// A merchant's page that takes nothing but a form by POST: the fields are in $_POST.
//
//   KEY=notification.pem RECORD=FILE php -S 127.0.0.1:PORT form.php

if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
    http_response_code(405);
    exit;
}
$fields = $_POST;
$sign = $fields['sign'] ?? '';
unset($fields['sign']);
// All values of a form are texts, in the order in which they came.
$fields['id'] = (int) $fields['id'];
$fields['desc'] ??= null;
$publicKey = openssl_pkey_get_public(file_get_contents(getenv('KEY')));
$verified = openssl_verify(json_encode($fields), base64_decode($sign), $publicKey) === 1;

http_response_code($verified ? 200 : 400);
$line = json_encode(['verified' => $verified, 'method' => 'POST', 'fields' => $_POST]);
file_put_contents(getenv('RECORD'), $line . "\n", FILE_APPEND);
