-- What outlives a restart: the realm's key, people and their methods. Open enrolments, open sign-ins, used proofs
-- and browser sessions live in memory only.
CREATE TABLE realm (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    key           BLOB NOT NULL,                -- PKCS#8
    client_secret TEXT NOT NULL
) STRICT;

CREATE TABLE users (
    id       TEXT PRIMARY KEY,
    name     TEXT NOT NULL,
    password BLOB NOT NULL,                     -- salt and hash
    enabled  INTEGER NOT NULL
) STRICT;

CREATE TABLE phones (
    id            TEXT PRIMARY KEY,
    user          TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    place         INTEGER NOT NULL,             -- the lowest is asked first
    label         TEXT NOT NULL,
    device_type   TEXT NOT NULL,
    credential_id TEXT NOT NULL,
    device_id     TEXT NOT NULL,
    push_type     TEXT NOT NULL,
    push_id       TEXT,
    key           TEXT NOT NULL,                -- JWK
    created_at    INTEGER NOT NULL              -- Unix seconds
) STRICT;

CREATE TABLE code_apps (
    id          TEXT PRIMARY KEY,
    user        TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    secret      BLOB NOT NULL,
    last_period INTEGER NOT NULL,
    created_at  INTEGER NOT NULL                -- Unix seconds
) STRICT;

PRAGMA user_version = 1;
