#!/usr/bin/env python3
"""Reads a vault file by its description alone (docs/vault-format.md), without Countersign.

    python3 docs/read_vault.py FILE password|platform|recovery    (the secret on standard input; platform in hexadecimal)

Prints each row as a line of JSON. Needs the package `cryptography` 45 or newer. For people who want to check the
description, or to take their accounts out without this product. Close other programs that have the file open first.
"""

import hashlib
import hmac
import json
import pathlib
import sqlite3
import struct
import sys
import unicodedata

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

VERSION = struct.pack(">I", 1)
WAYS = {"password": 1, "platform": 2, "recovery": 3}
KINDS = ["", "account", "organisation", "request", "setting", "host", "watch", "flow", "pending"]
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Reader:
    """Takes apart what the description calls bytes, text, count and flag."""

    def __init__(self, data):
        self.data, self.place = data, 0

    def take(self, length):
        self.place += length
        assert self.place <= len(self.data), "ends early"
        return self.data[self.place - length : self.place]

    def number(self, form):
        return struct.unpack(">" + form, self.take(struct.calcsize(form)))[0]

    def bytes(self):
        return self.take(self.number("I"))

    def text(self):
        return self.bytes().decode()

    def end(self):
        assert self.place == len(self.data), "something follows"


def hkdf(salt, key, label, context):
    return HKDF(hashes.SHA256(), 32, salt, label.encode() + b"\0" + context).derive(key)


def unseal(vault, book, key, label, context, place, sealed):
    key = hkdf(vault, key, label, bytes([book]) + context)
    padded = AESGCM(key).decrypt(sealed[:12], sealed[12:], VERSION + vault + bytes([book]) + place)
    return padded[4 : 4 + struct.unpack(">I", padded[:4])[0]]


def recovery_values(typed):
    read = str.maketrans("OIL", "011")
    values = [SYMBOLS.index(c) for c in typed.upper().replace("-", "").replace(" ", "").translate(read)]
    total = 0
    for value in values[:32]:
        total = (total ^ value) << 1
        total ^= 0b100101 if total & 32 else 0
    assert len(values) == 33 and total == values[32], "mistyped"
    return bytes(values[:32])


def slot_key(way, secret, salt, cost):
    if way == 1:
        memory, passes, lanes = cost
        password = unicodedata.normalize("NFC", secret).encode()
        return Argon2id(salt=salt, length=32, iterations=passes, lanes=lanes, memory_cost=memory).derive(password)
    material = bytes.fromhex(secret) if way == 2 else recovery_values(secret)
    return hkdf(salt, material, "countersign way in", bytes([way]))


def open_hpke(private, info, encapsulated, sealed):
    """RFC 9180, base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, the first message."""
    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x02"

    def extract(suite, salt, label, material):
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + material, "sha256")

    def expand(suite, key, label, context, length):
        info = struct.pack(">H", length) + b"HPKE-v1" + suite + label + context
        return HKDFExpand(hashes.SHA256(), length, info).derive(key)

    private = X25519PrivateKey.from_private_bytes(private)
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    shared = private.exchange(X25519PublicKey.from_public_bytes(encapsulated))
    secret = expand(kem, extract(kem, b"", b"eae_prk", shared), b"shared_secret", encapsulated + public, 32)
    context = b"\0" + extract(suite, b"", b"psk_id_hash", b"") + extract(suite, b"", b"info_hash", info)
    secret = extract(suite, secret, b"secret", b"")
    key, nonce = expand(suite, secret, b"key", context, 32), expand(suite, secret, b"base_nonce", context, 12)
    return AESGCM(key).decrypt(nonce, sealed, b"")


def master_key(db, vault, way, secret):
    content = db.execute("SELECT content FROM slot WHERE way = ?", [way]).fetchone()[0]
    body, checksum = content[:-8], content[-8:]
    assert hashlib.sha256(vault + bytes([way]) + body).digest()[:8] == checksum, "damaged way in"
    slot = Reader(body)
    salt = slot.take(16)
    cost = [slot.number("I") for _ in range(3)] if way == 1 else None
    head = body[: slot.place]
    private, encapsulated, sealed = slot.bytes(), slot.take(32), slot.take(48)
    slot.end()
    key = slot_key(way, secret, salt, cost)
    private = unseal(vault, 0, key, "countersign slot", bytes([way]), b"\4" + bytes([way]) + head, private)
    key_id = db.execute("SELECT key_id FROM root WHERE book = 0").fetchone()[0]
    info = b"countersign master key\0" + VERSION + vault + bytes([way]) + salt + key_id
    return open_hpke(private, info, encapsulated, sealed)


def read_root(db, vault, book, key):
    """The extra part of the root, and its pages as (number, revision, tag)."""
    key_id, sealed = db.execute("SELECT key_id, sealed FROM root WHERE book = ?", [book]).fetchone()
    assert key_id == hkdf(vault, key, "countersign key id", b"")[:16], "another key"
    root = Reader(unseal(vault, book, key, "countersign root", b"", b"\3" + key_id, sealed))
    root.take(8 + 1 + 8 + 8)
    extra = root.bytes()
    pages = [(root.number("B"), root.number("Q"), root.take(16)) for _ in range(root.number("I"))]
    root.end()
    return extra, pages


def skip_card(page):
    page.bytes(), page.bytes(), page.take(4 + 8)
    for _ in range(page.number("I")):
        page.bytes()
    page.take(8 + 8), page.bytes()


def rows(db, vault, book, key, pages):
    for number, revision, tag in pages:
        sealed = db.execute("SELECT sealed FROM page WHERE number = ?", [book * 256 + number]).fetchone()[0]
        assert sealed[-16:] == tag, "another page"
        place = b"\2" + struct.pack(">BQ", number, revision)
        page = Reader(unseal(vault, book, key, "countersign page", bytes([number]), place, sealed))
        for _ in range(page.number("I")):
            locator, kind, name = page.take(16), page.number("B"), page.text()
            state, tag = page.number("Q"), page.take(16)
            if kind == 1:
                skip_card(page)
            located = hkdf(vault, key, "countersign locator", bytes([book]))
            assert hmac.digest(located, bytes([kind]) + name.encode(), "sha256")[:16] == locator
            sealed = db.execute("SELECT sealed FROM row WHERE book = ? AND locator = ?", [book, locator]).fetchone()[0]
            assert sealed[-16:] == tag, "another row"
            place = b"\1" + bytes([kind]) + locator + struct.pack(">Q", state)
            content = unseal(vault, book, key, "countersign row", locator, place, sealed)
            yield {"kind": KINDS[kind], "id": name, "value": json.loads(content)}
        page.end()


def main(path, way):
    with open(path, "rb") as file:
        assert file.read(72)[68:] == b"CSgn", "not a vault"
    log = pathlib.Path(path + "-wal")
    # Without a log SQLite need not write anything beside the file.
    mode = "?mode=ro" if log.exists() and log.stat().st_size else "?mode=ro&immutable=1"
    db = sqlite3.connect(pathlib.Path(path).resolve().as_uri() + mode, uri=True)
    assert db.execute("PRAGMA user_version").fetchone()[0] == 1, "another version"
    vault = db.execute("SELECT id FROM vault").fetchone()[0]
    key = master_key(db, vault, WAYS[way], sys.stdin.readline().rstrip("\n"))
    extra, pages = read_root(db, vault, 0, key)
    for row in rows(db, vault, 0, key, pages):
        print(json.dumps(row, ensure_ascii=False))
    watch_key = extra[:32]
    _, pages = read_root(db, vault, 1, watch_key)
    for row in rows(db, vault, 1, watch_key, pages):
        print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[2] not in WAYS:
        sys.exit(__doc__)
    main(*sys.argv[1:])
