-- The request that made a payment final: its id and its place in a trace, so that the log of a
-- delivery names the request that it comes from, and the receiver can continue the trace.
ALTER TABLE deliveries ADD COLUMN request_id TEXT;
ALTER TABLE deliveries ADD COLUMN traceparent TEXT;
