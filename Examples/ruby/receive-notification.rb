# frozen_string_literal: true

# Waits for one notification, verifies it and prints what it says. Ruby 2.7 or later, no gems.
#
#   receive-notification.rb [port]   or the port in PORT; 0 lets the system choose one
#   KAUNTER_NOTIFICATION_KEY         the PEM file of the account's notification key (public)
#
# Exit status: 0 if the notification is genuine, 1 if not.

require "json"
require "openssl"
require "socket"
require "timeout"
require "uri"

# The fields that are signed, in the order in which they are signed.
SIGNED_FIELDS = %w[
  type id order_id payment_status amount payment_amount commission_amount
  is_partial_payment account service desc
].freeze

# JSON as PHP's json_encode writes it: `/` becomes `\/` and `é` becomes `\u00e9`.
def php_json(value)
  JSON.generate(value, ascii_only: true).gsub("/") { "\\/" }
end

# True if the gateway signed exactly these fields. Trust nothing in them before.
def genuine?(fields, public_key)
  # All values are texts as they came, but `id` is an integer and an absent `desc` is null.
  signed = SIGNED_FIELDS.to_h { |name| [name, fields[name]] }
  signed["id"] = Integer(fields.fetch("id"), 10)
  sign = fields.fetch("sign").unpack1("m0")
  # SHA-1, unless the account or the endpoint asks for SHA-256: then "SHA256".
  public_key.verify("SHA1", sign, php_json(signed))
rescue KeyError, ArgumentError, JSON::GeneratorError, OpenSSL::PKey::PKeyError
  false
end

# The fields of the query; none if it is no well-formed one.
def fields_of(target)
  query = target.split("?", 2)[1].to_s
  URI.decode_www_form(query).to_h
rescue ArgumentError
  {}
end

def answer(connection, status, text)
  connection.write("HTTP/1.1 #{status}\r\nContent-Type: text/plain\r\n" \
                   "Content-Length: #{text.bytesize}\r\nConnection: close\r\n\r\n#{text}")
  connection.close
end

# The connection and the target of the next GET request; anything else is answered here.
def next_get(server)
  loop do
    connection = server.accept
    method, target = Timeout.timeout(10) do
      request_line = connection.gets("\n", 16_384).to_s
      # The headers say nothing that is needed here.
      nil until connection.gets("\n", 16_384).to_s.strip.empty?
      request_line.split
    end
    return connection, target if method == "GET"

    answer(connection, "405 Method Not Allowed", "GET only")
  rescue Timeout::Error, SystemCallError
    connection&.close
  end
end

def main(port)
  public_key = OpenSSL::PKey.read(File.binread(ENV.fetch("KAUNTER_NOTIFICATION_KEY")))
  server = TCPServer.new("127.0.0.1", port)
  puts "listening on http://127.0.0.1:#{server.addr[1]}/"

  connection, target = next_get(server)
  fields = fields_of(target)
  genuine = genuine?(fields, public_key)

  # Here a shop compares `amount` with the order, marks the order as paid if it is not yet
  # (the same notification may come twice), and answers only after that is stored: without
  # a 2xx answer the gateway sends the notification again later.
  answer(connection, genuine ? "200 OK" : "400 Bad Request", genuine ? "OK" : "Bad sign")

  puts JSON.generate(
    "order_id" => fields["order_id"]&.scrub,
    "payment_status" => fields["payment_status"]&.scrub,
    "verified" => genuine
  )
  genuine
end

$stdout.sync = true
exit main(Integer(ARGV[0] || ENV.fetch("PORT", "0"), 10))
