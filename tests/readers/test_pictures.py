"""What is scanned and printed: ZXing reads the QR codes, another decoder what they hold, and Chromium prints the sheet."""

import html.parser
import unittest

import pypdfium2
import zxingcpp
from accounts import ACCOUNTS
from exported import Exporting, chromium
from otpa.migration import migration_link_to_payload
from PIL import Image

# Points of A4.
A4 = (595, 842)
DOTS_PER_INCH = 200


def texts(picture):
    return [code.text for code in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)]


class Elements(html.parser.HTMLParser):
    """The elements and attributes of a page, and its text."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.attributes, self.shown = set(), set(), []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data):
        self.shown.append(data)


class Pictures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.exporting = Exporting()
        cls.addClassCleanup(cls.exporting.close)

    def links(self):
        path = self.exporting.path / "links.txt"
        if not path.exists():
            self.exporting.file("otpauth", path.name)
        return path.read_text(encoding="ascii").splitlines()

    def assert_transfer(self, payloads):
        wanted = [account for account in ACCOUNTS if account.period == 30 and account.kind in ("totp", "hotp")]
        self.assertEqual([payload.batch_index for payload in payloads], [0, 1, 2])
        self.assertEqual({payload.batch_size for payload in payloads}, {3})
        self.assertEqual(len({payload.batch_id for payload in payloads}), 1)
        entries = [entry for payload in payloads for entry in payload.otp_parameters]
        self.assertLessEqual(max(len(payload.otp_parameters) for payload in payloads), 10)
        for account, entry in zip(wanted, entries, strict=True):
            self.assertEqual((entry.secret, entry.issuer), (account.seed, account.issuer))
            self.assertTrue(entry.name in (account.name, f"{account.issuer}:{account.name}"), entry.name)
            self.assertEqual(entry.type.name, account.kind.upper())
            self.assertEqual(entry.algorithm.name, account.algorithm)
            self.assertEqual({"SIX": 6, "EIGHT": 8}[entry.digits.name], account.digits)
            self.assertEqual(entry.counter, account.counter)

    def test_transfer_codes(self):
        told = self.exporting.phone.do("export", "google", "-o", self.exporting.path / "codes.png")
        self.assertEqual([file.rpartition("/")[2] for file in told["files"]], [f"codes-{n}.png" for n in (1, 2, 3)])
        (left_out,) = [row for row in told["accounts"] if row["outcome"] == "left_out"]
        self.assertEqual((left_out["account"], left_out["left_out"]), ("sha512", "period"))
        found = [texts(Image.open(file)) for file in told["files"]]
        self.assert_transfer([migration_link_to_payload(link) for (link,) in found])

    def test_vector_pictures(self):
        told = self.exporting.phone.do("export", "google", "-o", self.exporting.path / "codes.svg")
        found = []
        for file in told["files"]:
            shot = self.exporting.path / "shot.png"
            chromium(f"--screenshot={shot}", "--window-size=900,900", f"file://{file}")
            found += texts(Image.open(shot))
        self.assert_transfer([migration_link_to_payload(link) for link in found])

    def assert_sheet(self, language):
        self.exporting.phone.environment["LANG"] = language
        path, told = self.exporting.file("sheet", f"sheet-{language}.html")
        self.assertEqual(told["exported"], len(ACCOUNTS))
        page = Elements(path.read_text(encoding="utf-8"))
        known = "html head meta title style body header h1 p section div svg path h2 bdi dl dt dd"
        self.assertLessEqual(page.elements, set(known.split()))
        self.assertLessEqual(page.attributes, set("lang charset http-equiv content class style xmlns viewbox shape-rendering fill d".split()))
        shown = "".join(page.shown)
        for account in ACCOUNTS:
            self.assertIn(account.name, shown)
            self.assertIn(account.base32, shown.replace(" ", ""))
        printed = path.with_suffix(".pdf")
        chromium(f"--print-to-pdf={printed}", "--no-pdf-header-footer", f"file://{path}")
        document = pypdfium2.PdfDocument(printed)
        found = []
        for number, sheet in enumerate(document):
            self.assertEqual(tuple(map(round, sheet.get_size())), A4)
            picture = sheet.render(scale=DOTS_PER_INCH / 72).to_pil()
            found += texts(picture)
        self.assertGreater(len(document), 2)
        # Each code whole on its page, none twice.
        self.assertEqual(sorted(found), sorted(self.links()))

    def test_sheet(self):
        self.assert_sheet("en_GB.UTF-8")

    def test_sheet_in_japanese(self):
        self.assert_sheet("ja_JP.UTF-8")


if __name__ == "__main__":
    unittest.main()
