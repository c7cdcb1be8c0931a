CREATE TABLE merchants (
    id         TEXT   PRIMARY KEY,
    name       TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE accounts (
    id              TEXT    PRIMARY KEY,
    merchant_id     TEXT    NOT NULL REFERENCES merchants (id),
    currency        TEXT    NOT NULL,
    allows_payments BOOLEAN NOT NULL,
    partial_money   TEXT    NOT NULL CHECK (partial_money IN ('accept', 'refuse')),
    digest          TEXT    NOT NULL CHECK (digest IN ('sha1', 'sha256')),
    redirect_method TEXT    NOT NULL CHECK (redirect_method IN ('post', 'get')),
    redirect_sign   TEXT    NOT NULL CHECK (redirect_sign IN ('paid', 'always')),
    created_at      BIGINT  NOT NULL
);

-- A public key is accepted once, whatever account and role: the merchant API's signature covers
-- neither, so a shared key would let a body be replayed elsewhere.
CREATE TABLE account_keys (
    id             TEXT    PRIMARY KEY,
    account_id     TEXT    NOT NULL REFERENCES accounts (id),
    role           TEXT    NOT NULL CHECK (role IN ('payment', 'payout', 'notification')),
    origin         TEXT    NOT NULL CHECK (origin IN ('issued', 'uploaded')),
    fingerprint    TEXT    NOT NULL UNIQUE,
    public_pem     TEXT    NOT NULL,
    sha256_only    BOOLEAN NOT NULL,
    -- Only for notifications; sealed under the master key.
    sealed_private TEXT,
    created_at     BIGINT  NOT NULL,
    revoked_at     BIGINT
);

CREATE INDEX account_keys_by_account ON account_keys (account_id, role);

CREATE TABLE endpoints (
    id         {{identity}},
    account_id TEXT   NOT NULL REFERENCES accounts (id),
    url        TEXT   NOT NULL,
    method     TEXT   NOT NULL CHECK (method IN ('get', 'post_form', 'post_json')),
    -- Null: the account's digest.
    digest     TEXT   CHECK (digest IN ('sha1', 'sha256')),
    created_at BIGINT NOT NULL
);

CREATE INDEX endpoints_by_account ON endpoints (account_id);

CREATE TABLE redirects (
    id         {{identity}},
    account_id TEXT   NOT NULL REFERENCES accounts (id),
    url        TEXT   NOT NULL,
    method     TEXT   NOT NULL CHECK (method IN ('post', 'get')),
    created_at BIGINT NOT NULL
);

CREATE INDEX redirects_by_account ON redirects (account_id);
