-- What wrk sends: signed requests, one after another from a file of records, each of them once.
--
--   wrk … --script load.lua URL -- RECORDS HEAD SIGN_BYTES BODY_BYTES FIRST COUNT once|again
--
-- A record is a signature in base64 and the body that it signs, both of a fixed length. HEAD is a
-- file with the request's head up to the signature. With `once` the run ends, and fails, when the
-- records are used up: a body that is sent again would be answered as a repeat. With `again` they
-- begin anew.

local QUANTILES = { 50, 99, 99.9 }
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  local head = assert(io.open(arguments[2], "rb"))
  before_sign = head:read("*a")
  head:close()
  sign_bytes = tonumber(arguments[3])
  body_bytes = tonumber(arguments[4])
  first = tonumber(arguments[5])
  left = tonumber(arguments[6])
  count = left
  is_endless = arguments[7] == "again"
  after_sign = "\r\nContent-Length: " .. body_bytes .. "\r\n\r\n"
  used, short = 0, 0
  records = assert(io.open(arguments[1], "rb"))
  rewind()
end

function rewind()
  records:seek("set", first * (sign_bytes + body_bytes))
  left = count
end

function request()
  if left == 0 then
    if not is_endless then
      short = 1
      wrk.thread:stop()
    end
    rewind()
  end
  left = left - 1
  used = used + 1
  local sign = records:read(sign_bytes)
  return before_sign .. sign .. after_sign .. records:read(body_bytes)
end

function done(summary, latency, requests)
  local used, short = 0, 0
  for _, thread in ipairs(threads) do
    used = used + thread:get("used")
    short = short + thread:get("short")
  end
  local errors = summary.errors
  local parts = {
    string.format('"requests": %d', summary.requests),
    string.format('"microseconds": %d', summary.duration),
    string.format('"used": %d', used),
    string.format('"ran_out": %d', short),
    string.format('"not_ok": %d', errors.status),
    string.format('"broken": %d',
      errors.connect + errors.read + errors.write + errors.timeout),
  }
  for _, quantile in ipairs(QUANTILES) do
    table.insert(parts,
      string.format('"p%s": %d', quantile, latency:percentile(quantile)))
  end
  print("RESULT {" .. table.concat(parts, ", ") .. "}")
end
