-- Format version 1. Everything but the vault's id, the kinds of the ways in, the cost of a password and the names of
-- keys is sealed: see docs/vault-format.md.

CREATE TABLE vault (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id  BLOB NOT NULL CHECK (length(id) = 16)
) STRICT;

-- A way in: 1 password, 2 platform, 3 recovery code.
CREATE TABLE slot (
    way     INTEGER PRIMARY KEY,
    content BLOB NOT NULL
) STRICT;

-- A book is a set of rows under one key: 0 by the master key, 1 by the watch key. key_id names the key.
CREATE TABLE root (
    book   INTEGER PRIMARY KEY,
    key_id BLOB NOT NULL CHECK (length(key_id) = 16),
    sealed BLOB NOT NULL
) STRICT;

-- The manifest: 256 pages a book, numbered book * 256 + first byte of the locators that they list.
CREATE TABLE page (
    number INTEGER PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT;

-- Without a rowid there is no order of insertion to read.
CREATE TABLE row (
    book    INTEGER NOT NULL,
    locator BLOB NOT NULL CHECK (length(locator) = 16),
    sealed  BLOB NOT NULL,
    PRIMARY KEY (book, locator)
) STRICT, WITHOUT ROWID;
