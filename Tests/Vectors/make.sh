#!/bin/sh
# Makes every file of this folder with programs that are not ours: openssl, PHP and Python.
# The keys are for tests only. Run it from anywhere; it needs openssl 3, php-cli and python3.
set -eu
cd "$(dirname "$0")"

# Keys: one RSA key in each form that is taken, and some that are refused.
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pkcs8.pem
openssl rsa -in rsa.pkcs8.pem -traditional -out rsa.pkcs1.pem 2>/dev/null
openssl rsa -in rsa.pkcs8.pem -pubout -out rsa.public.pem 2>/dev/null
openssl rsa -in rsa.pkcs8.pem -RSAPublicKey_out -out rsa.public.pkcs1.pem 2>/dev/null
printf 'correct-horse-battery' > rsa.password.txt
openssl pkcs8 -topk8 -in rsa.pkcs8.pem -v2 aes-256-cbc -passout file:rsa.password.txt -out rsa.encrypted.pem
openssl pkey -pubin -in rsa.public.pem -outform DER | openssl dgst -sha256 -r | cut -d' ' -f1 > rsa.fingerprint.txt
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out small.pkcs8.pem
openssl rsa -in small.pkcs8.pem -pubout -out small.public.pem 2>/dev/null
openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out elliptic.pkcs8.pem
openssl pkey -in elliptic.pkcs8.pem -pubout -out elliptic.public.pem

# A body and its signatures: SHA-1 by PHP's default, SHA-256 by openssl.
printf '{"amount":"100.50","order_id":"caf\303\251\\/1"}' > body.json
php -r 'openssl_sign(file_get_contents("body.json"), $s, file_get_contents("rsa.pkcs8.pem"));
    echo base64_encode($s), "\n";' > body.sha1.txt
openssl dgst -sha256 -sign rsa.pkcs8.pem body.json | openssl base64 > body.sha256.txt

php make.php
python3 make-qr.py > duitnow-qr.txt
rm small.pkcs8.pem elliptic.pkcs8.pem
