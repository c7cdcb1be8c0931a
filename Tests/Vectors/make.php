<?php
// Called by make.sh: what PHP itself makes of JSON, and a notification as PHP signs and sends it.

$plain = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_LINE_TERMINATORS;
$values = [
    '', 'plain', 'https://shop.example/a/b?c=d&e=f', '"quoted" \\ back', "\x08\x0c\n\r\t",
    "\x01\x02\x1f", "\x7f", "<b>'&'</b>", 'café', 'Привет', '你好，世界', "e\u{301}", "\u{2028}\u{2029}",
    "😀 👨‍👩‍👧", "\u{10ffff}", "\u{ffff}\u{e000}", "\u{80}\u{7ff}\u{800}", "Kelvin \u{212a}",
    0, 1, -1, 108465371, PHP_INT_MAX, true, false, null, [], new stdClass(), [1, 'a/b', null],
    ['é/' => ['nested' => ['x' => "\u{1}"]], 'list' => [[], new stdClass()]],
];
for ($code = 1; $code < 0x80; $code++) {
    $values[] = 'x' . chr($code) . 'y';
}
$lines = '';
foreach ($values as $value) {
    $lines .= json_encode($value, $plain) . "\t" . json_encode($value) . "\n";
}
file_put_contents('php-json.txt', $lines);

$message = [
    'type' => 'payment',
    'id' => 108465371,
    'order_id' => 'order/1+2 é😀',
    'payment_status' => 'paid',
    'amount' => '300.00',
    'payment_amount' => '300.00',
    'commission_amount' => '4.50',
    'is_partial_payment' => '0',
    'account' => 'bd291fe1-5c19-4113-ae62-a2d3c4d01d20',
    'service' => 'online_banking_myr_hpp',
    'desc' => 'Two "books" & a <pen>',
];
$key = file_get_contents('rsa.pkcs8.pem');
$older = array_diff_key($message, ['commission_amount' => '']);
$notifications = [
    'notification' => $message,
    'notification-plain' => array_merge($message, ['desc' => null]),
    'notification-older' => $older,
];
foreach ($notifications as $name => $fields) {
    $text = json_encode($fields);
    openssl_sign($text, $sign, $key);
    $fields['sign'] = base64_encode($sign);
    file_put_contents("$name.signed.txt", $text);
    file_put_contents("$name.query.txt", http_build_query($fields, '', '&', PHP_QUERY_RFC3986));
    file_put_contents("$name.form.txt", http_build_query($fields));
    file_put_contents("$name.json", json_encode($fields));
}

$redirect = ['order_id' => 'order/1+2 é😀', 'uuid' => 'bd291fe1-5c19-4113-ae62-a2d3c4d01d20'];
$text = json_encode($redirect);
openssl_sign($text, $sign, $key);
$redirect['sign'] = base64_encode($sign);
file_put_contents('redirect.signed.txt', $text);
file_put_contents('redirect.form.txt', http_build_query($redirect));
