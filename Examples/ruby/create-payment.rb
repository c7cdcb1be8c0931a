# frozen_string_literal: true

# Creates a payment and prints the gateway's answer. Ruby 2.7 or later, no gems.
#
#   KAUNTER_URL       where the gateway is, by default http://127.0.0.1:8080
#   KAUNTER_ACCOUNT   the account's uuid
#   KAUNTER_KEY       the folder of the payment certificate: password.txt, private.pem, public.pem
#   ORDER_ID          optional: your own number of the order, never used twice
#   NOTIFICATION_URL  optional: where the outcome is to be sent
#   DESCRIPTION       optional: a text that comes back in the notification
#
# Exit status: 0 if the payment was created, 1 if it was refused or no answer came.

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

def main
  # In the order of the document. The amount is a text: money and floating point don't mix.
  fields = {
    "amount" => "100.50",
    "order_id" => ENV["ORDER_ID"] || "order-#{SecureRandom.uuid}",
    "service" => "online_banking_myr_hpp",
    "customer_ip" => "203.0.113.7",
    "customer_code" => "FPX",
    "customer_first_name" => "René",
    "customer_last_name" => "a/l Raju",
    "notification_endpoint_url" => ENV["NOTIFICATION_URL"],
    "desc" => ENV["DESCRIPTION"],
  }.compact

  # Encode once: what is signed and what is sent must be the same bytes.
  body = JSON.generate(fields)
  sign = signature(body, ENV.fetch("KAUNTER_KEY"))
  url = URI("#{ENV.fetch('KAUNTER_URL', 'http://127.0.0.1:8080')}/v1/payment")

  # If no answer comes, send the same body again: a repeated order_id opens no second payment.
  answer = post(url, ENV.fetch("KAUNTER_ACCOUNT"), sign, body)
  if answer.code == "200"
    puts answer.body # Now keep `id` and `uuid`, and send the payer's browser to `url`.
    return true
  end

  refusal = JSON.parse(answer.body)
  warn refusal["message"]
  refusal["errors"].each { |field, messages| warn "#{field}: #{messages.join(' ')}" }
  false
end

begin
  exit main
rescue StandardError => error
  abort error.message
end
