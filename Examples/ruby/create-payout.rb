# frozen_string_literal: true

# Asks for the balance, pays out of it, and prints both answers. Ruby 2.7 or later, no gems.
#
#   KAUNTER_URL       where the gateway is, by default http://127.0.0.1:8080
#   KAUNTER_ACCOUNT   the account's uuid
#   KAUNTER_KEY       the folder of the payout certificate: password.txt, private.pem, public.pem
#   ORDER_ID          optional: your own number of the payout, never used twice
#   NOTIFICATION_URL  optional: where the outcome is to be sent
#   AMOUNT            optional: what is paid out, by default 40.00
#
# Exit status: 0 if the payout was accepted, 1 if it was refused or no answer came.

require "json"
require "net/http"
require "openssl"
require "securerandom"

# The base64 signature of exactly these bytes, for the header `Sign`.
def signature(body, key_folder)
  private_key = OpenSSL::PKey.read(
    File.binread(File.join(key_folder, "private.pem")),
    # The password is the file's bytes as they are: stripping them would change it.
    File.binread(File.join(key_folder, "password.txt"))
  )
  # SHA-1, like PHP's default. The gateway accepts "SHA256" as well.
  [private_key.sign("SHA1", body)].pack("m0")
end

# Sends the body; a refusal is an answer too, and its body says why.
def post(url, account, sign, body)
  headers = { "Content-Type" => "application/json", "Account" => account, "Sign" => sign }
  options = { use_ssl: url.scheme == "https", open_timeout: 10, read_timeout: 30 }
  Net::HTTP.start(url.hostname, url.port, options) { |http| http.post(url.path, body, headers) }
end

# Signs and sends these fields, and prints the answer; false if it is a refusal.
def call(path, fields)
  # Encode once: what is signed and what is sent must be the same bytes.
  body = JSON.generate(fields)
  sign = signature(body, ENV.fetch("KAUNTER_KEY"))
  url = URI("#{ENV.fetch('KAUNTER_URL', 'http://127.0.0.1:8080')}#{path}")
  answer = post(url, ENV.fetch("KAUNTER_ACCOUNT"), sign, body)
  if answer.code == "200"
    puts answer.body
    return true
  end

  refusal = JSON.parse(answer.body)
  warn refusal["message"]
  refusal["errors"].each { |field, messages| warn "#{field}: #{messages.join(' ')}" }
  false
end

def main
  # Nothing is asked: the body is `[]`, and that is what is signed.
  return false unless call("/v1/account/balance", [])

  # In the order of the document. The number is a text: it may begin with zeros.
  fields = {
    "amount" => ENV["AMOUNT"] || "40.00",
    "order_id" => ENV["ORDER_ID"] || "payout-#{SecureRandom.uuid}",
    "service" => "payment_card_myr",
    "number" => "12345678901234",
    "customer_code" => "BIMB",
    "customer_first_name" => "René",
    "customer_last_name" => "a/l Raju",
    "notification_endpoint_url" => ENV["NOTIFICATION_URL"],
  }.compact
  # If no answer comes, send the same body again, never a new order_id: that would be a second
  # payout. Then keep `id`, and wait for the notification.
  call("/v1/payout", fields)
end

begin
  exit main
rescue StandardError => error
  abort error.message
end
