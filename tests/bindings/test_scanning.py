"""Texts, pictures, frames, organisations."""

import struct
import zlib

import countersign_ffi as library
from countersign_ffi import Reason, Stored
from support import ROOT, VaultTest, now, totp

ORGANISATION = "countersign://organisation?issuer=https%3A%2F%2Flogin.example%2Frealms%2Fa&client_id=app&name=Example"

# A picture of 100,000 by 100,000 pixels, as far as its header.
HEADER = b"IHDR" + struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
HUGE = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + HEADER + struct.pack(">I", zlib.crc32(HEADER))


class ScanningTest(VaultTest):
    def test_what_is_no_picture(self):
        for file, reason in (
            (b"", Reason.NOT_A_PICTURE),
            (b"hello", Reason.NOT_A_PICTURE),
            (b"\x89PNG\r\n\x1a\n" + bytes(50), Reason.PICTURE_DAMAGED),
            (HUGE, Reason.PICTURE_TOO_LARGE),
        ):
            self.refused(reason, library.scan_picture, file)

    def test_a_photograph(self):
        photo = ROOT / "tests/fixtures/qr_photos/qrcode-6_3.png"
        for scanned in library.scan_picture(photo.read_bytes()):
            self.assertTrue(scanned.describe().kind)

    def test_frames(self):
        luma = bytes(640 * 480)
        self.refused(Reason.NO_CODE_IN_PICTURE, library.scan_frame, luma, 640, 480, 640)
        for size in (640, 481, 640), (640, 480, 10), (0, 0, 0), (2**32 - 1, 2**32 - 1, 2**32 - 1):
            with self.assertRaises(library.CountersignError.Refused):
                library.scan_frame(luma, *size)

    def test_a_frame_with_a_code(self):
        account = self.core.add(totp("alice"), now()).id
        svg = self.core.setup_svg(account, now()).decode()
        size = int(svg.partition('viewBox="0 0 ')[2].partition(" ")[0])
        scale, stride = 6, size * 6 + 13
        luma = bytearray(b"\xf0" * stride * size * scale)
        for module in svg.partition('d="M')[2].rpartition('d="')[2].split("M")[1:]:
            x, y = (int(number) for number in module.partition("h")[0].split())
            for row in range(y * scale, (y + 1) * scale):
                start = row * stride + x * scale
                luma[start : start + scale] = b"\x10" * scale
        (scanned,) = library.scan_frame(bytes(luma), size * scale, size * scale, stride)
        self.assertEqual(self.core.add(scanned, now()).id, account)

    def test_hostile_texts(self):
        reversing = "otpauth://totp/\u202e?secret=".encode()
        for text in b"", b"\xff\xfe", bytes(10), b"otpauth://" + b"%" * 100_000, reversing:
            self.assertIsInstance(library.recognise(text).describe().refusal, Reason)
        self.assertEqual(library.recognise(b"\xff").describe().refusal, Reason.CODE_NOT_TEXT)
        self.assertEqual(library.recognise(b"x" * 100_000).describe().refusal, Reason.TEXT_TOO_LONG)

    def test_what_a_code_of_another_system_points_to(self):
        about = library.recognise(b"phonefactor://a?code=1&url=https%3A%2F%2Fb%C3%BCcher.example").describe()
        self.assertEqual((about.foreign_host, about.refusal), ("xn--bcher-kva.example", Reason.MICROSOFT_PUSH))

    def test_organisations(self):
        link = library.recognise(ORGANISATION.encode())
        about = link.describe()
        self.assertEqual((about.kind, about.issuer), ("organisation", "Example"))
        self.assertEqual((about.origin.text, about.origin.port), ("https://login.example/realms/a", 443))
        origin = about.origin.text
        self.refused(Reason.TRUST_NEEDED, self.core.store_organisation, link, "https://login.example", False, now())
        self.assertEqual(self.core.organisations(now()), [])
        self.assertEqual(self.core.store_organisation(link, origin, False, now()), Stored.ADDED)
        self.assertEqual(self.core.store_organisation(link, origin, False, now()), Stored.ADDED)
        other = library.recognise(ORGANISATION.replace("=app", "=other").encode())
        self.refused(Reason.ORGANISATION_EXISTS, self.core.store_organisation, other, origin, False, now())
        self.assertEqual(self.core.store_organisation(other, origin, True, now()), Stored.REPLACED)
        self.refused(Reason.NOT_ADDED_THIS_WAY, self.core.store_organisation, totp("a"), origin, False, now())
        self.refused(Reason.NOT_ADDED_THIS_WAY, self.core.add, link, now())
        self.assertEqual(self.core.organisations(now()), [origin])
        self.core.remove_organisation(origin, now())
        self.assertEqual(self.core.organisations(now()), [])

    def test_what_cannot_be_begun(self):
        account = self.add()
        self.refused(Reason.NO_APPROVALS, self.core.begin, library.Job.CHECK(account), now())
        job = library.Job.ENROL(totp("a"), "Phone", "ios", False)
        self.refused(Reason.NOT_ADDED_THIS_WAY, self.core.begin, job, now())
        with self.assertRaises(library.CountersignError.NoSuchAccount):
            self.core.begin(library.Job.ROTATE_KEY("nobody"), now())
