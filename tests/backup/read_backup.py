#!/usr/bin/env python3
"""Reads a backup by its description alone (docs/backup-format.md), without Countersign.

    python3 tests/backup/read_backup.py FILE password|recovery    (the secret on standard input)

Prints the content, JSON. Needs the packages `cryptography` and `argon2-cffi`.
"""

import hashlib, hmac, struct, sys, unicodedata  # noqa: E401

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

KINDS, VERSION = {"password": 1, "recovery": 3}, struct.pack(">I", 1)


def key_of_way(kind, secret, salt, cost):
    if kind == 1:
        memory, passes, lanes = struct.unpack(">III", cost)
        password = unicodedata.normalize("NFC", secret).encode()
        return hash_secret_raw(password, salt, passes, memory, lanes, 32, Type.ID)
    typed = secret.upper().replace("-", "").replace(" ", "").translate(str.maketrans("OIL", "011"))
    values = bytes("0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(symbol) for symbol in typed[:32])
    return HKDF(SHA256(), 32, salt, b"countersign way in\0\x03").derive(values)


def open_hpke(private, info, encapsulated, sealed):
    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x02"
    extract = lambda suite, salt, label, key: hmac.digest(salt, b"HPKE-v1" + suite + label + key, "sha256")
    expand = lambda suite, key, label, context, length: HKDFExpand(
        SHA256(), length, struct.pack(">H", length) + b"HPKE-v1" + suite + label + context).derive(key)
    private = X25519PrivateKey.from_private_bytes(private)
    both = encapsulated + private.public_key().public_bytes_raw()
    shared = private.exchange(X25519PublicKey.from_public_bytes(encapsulated))
    shared = expand(kem, extract(kem, bytes(32), b"eae_prk", shared), b"shared_secret", both, 32)
    empty, used = (extract(suite, bytes(32), b"psk_id_hash", b""), extract(suite, bytes(32), b"info_hash", info))
    secret, context = extract(suite, shared, b"secret", b""), b"\0" + empty + used
    key, nonce = expand(suite, secret, b"key", context, 32), expand(suite, secret, b"base_nonce", context, 12)
    return AESGCM(key).decrypt(nonce, sealed, None)


def read(file, kind, secret):
    assert file[:8] == b"\x89CSB\r\n\x1a\n", "not a backup"
    assert file[8:12] == VERSION, "another version"
    place, file_id, ways = 29, file[12:28], {}
    for _ in range(file[28]):
        head = file[place : place + (29 if file[place] == 1 else 17)]
        place += len(head) + 60 + 80
        ways[head[0]] = head, file[place - 140 : place - 80], file[place - 80 : place]
    header, content = file[: place + 16], file[place + 16 :]
    assert hashlib.sha256(header[:-8]).digest()[:8] == header[-8:], "damaged header"
    assert struct.unpack(">Q", header[-16:-8]) == (len(content),), "not all of it is here"
    head, private, sealed = ways[kind]
    key = AESGCM(key_of_way(kind, secret, head[1:17], head[17:]))
    private = key.decrypt(private[:12], private[12:], b"countersign backup way\0" + VERSION + head)
    info = b"countersign backup key\0" + VERSION + file_id + head
    padded = AESGCM(open_hpke(private, info, sealed[:32], sealed[32:])).decrypt(content[:12], content[12:], header)
    return padded[4 : 4 + struct.unpack(">I", padded[:4])[0]]


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as opened:
        sys.stdout.buffer.write(read(opened.read(), KINDS[sys.argv[2]], sys.stdin.readline().rstrip("\n")))
