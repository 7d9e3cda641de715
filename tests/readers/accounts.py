"""The accounts that are exported: of every kind, and with names that try something."""

import base64
import dataclasses
from urllib.parse import quote

SEEDS = [b"12345678901234567890", bytes(range(32)), b"Hello!\xde\xad\xbe\xef0123456", bytes(range(100, 164))]
NAMES = [
    ("Example", "alice@example.com"),
    ("Bäckerei & Söhne", "bob+work@example.com"),
    ('"><script>alert(1)</script>', "</style><img src=x onerror=alert(1)>"),
    ("=HYPERLINK(\"http://a.example\")", "=1+1@example.com"),
    ("会社 ログイン", "花子@example.jp"),
    ("a:b, c", "d:e"),
    ("", "no issuer"),
    ("100% %41 &amp; #1", "x?y=z&secret=AAAA"),
    ("עברית", "مثال"),
]


@dataclasses.dataclass(frozen=True)
class Account:
    issuer: str
    name: str
    seed: bytes
    kind: str = "totp"
    algorithm: str = "SHA1"
    digits: int = 6
    period: int = 30
    counter: int = 0

    @property
    def base32(self):
        return base64.b32encode(self.seed).decode().rstrip("=")

    @property
    def link(self):
        """As a set-up page writes it."""
        moving = f"counter={self.counter}" if self.kind == "hotp" else f"period={self.period}"
        issuer, name = quote(self.issuer, safe=""), quote(self.name, safe="")
        # The first colon of a label splits: a name with one stands behind a colon of its own.
        prefix = "" if ":" in self.issuer else issuer
        label = f"{prefix}:{name}" if prefix or ":" in self.name else name
        issuer = f"&issuer={issuer}" if issuer else ""
        return (
            f"otpauth://{self.kind}/{label}?secret={self.base32}{issuer}"
            f"&algorithm={self.algorithm}&digits={self.digits}&{moving}"
        )


ACCOUNTS = [Account(issuer, name, SEEDS[place % 4]) for place, (issuer, name) in enumerate(NAMES)] + [
    Account("Long", "sha512", SEEDS[3], algorithm="SHA512", digits=8, period=60),
    Account("Middle", "sha256", SEEDS[1], algorithm="SHA256", digits=8),
    Account("Counter", "hotp", SEEDS[0], kind="hotp", digits=8, counter=4_000_000_000),
    *[Account("Many", f"person{n}@example.com", SEEDS[n % 4] + bytes([n])) for n in range(13)],
]
