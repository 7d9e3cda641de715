"""Accounts and codes."""

import countersign_ffi as library
from countersign_ffi import CodeAlgorithm, CodeKind, CountersignError, Odd, Reason, Shelf
from support import SECRET, VaultTest, now, python_name, totp, vectors


class AccountsTest(VaultTest):
    def names(self, shelf=Shelf.IN_USE):
        return [summary.name for summary in self.core.accounts(shelf, now())]

    def test_added_once_kept_and_found(self):
        first = self.core.add(totp("alice"), now())
        self.assertTrue(first.added)
        again = self.core.add(totp("alice"), now())
        self.assertEqual((again.id, again.added), (first.id, False))
        other = self.core.add(totp("alice", "&digits=8"), now())
        self.assertTrue(other.added and other.id != first.id)
        odd = self.core.add(library.recognise(b"otpauth://totp/B:b?secret=GEZDGNBV"), now())
        self.assertEqual(odd.odd, [Odd.SECRET_SHORT])
        found = self.core.search("EXAMPLE ali", Shelf.IN_USE, now())
        self.assertEqual({summary.id for summary in found}, {first.id, other.id})
        self.assertEqual([summary.name for summary in self.reopened().accounts(Shelf.IN_USE, now())], self.names())

    def test_everything_that_is_changed(self):
        account = self.add()
        second = self.add("bob")
        self.core.rename(account, "Example Ltd", "alice\u202e@example.com", now())
        self.core.set_favourite(account, True, now())
        self.core.set_tags(account, ["work", "home", "work", ""], now())
        self.core.set_note(account, "a note", now())
        details = self.core.details(account, now())
        summary = self.core.summary(account, now())
        self.assertEqual((summary.issuer, summary.name), ("Example Ltd", "alice@example.com"))
        self.assertEqual((summary.favourite, summary.tags, details.note), (True, ["home", "work"], "a note"))
        self.assertTrue(summary.needs_backup and details.added_at <= details.changed_at)
        self.assertIsInstance(details.codes.kind, CodeKind.TOTP)
        self.assertEqual((details.codes.kind.period, details.codes.digits), (30, 6))
        self.assertEqual(details.codes.algorithm, CodeAlgorithm.SHA1)
        self.assertIsNone(details.approvals)
        self.core.set_favourite(account, False, now())
        self.core.move_before(second, account, now())
        self.assertEqual(self.names(), ["bob", "alice@example.com"])
        self.core.move_before(second, None, now())
        self.assertEqual(self.names(), ["alice@example.com", "bob"])
        self.refused(Reason.VALUE_TOO_LARGE, self.core.set_note, account, "x" * 1_000_000, now())

    def test_a_counter_has_an_end(self):
        text = f"otpauth://hotp/c?secret={SECRET}&counter={2**64 - 2}"
        account = self.core.add(library.recognise(text.encode()), now()).id
        self.core.use_counter(account, now())
        self.refused(Reason.COUNTER_SPENT, self.core.use_counter, account, now())

    def test_rows_of_the_host_have_a_limit(self):
        self.core.put_host_row("k", b"x" * 16 * 1024, now())
        self.refused(Reason.VALUE_TOO_LARGE, self.core.put_host_row, "k", b"x" * (16 * 1024 + 600), now())

    def test_trash(self):
        account = self.add()
        self.core.remove(account, now())
        self.assertEqual((self.names(), self.names(Shelf.TRASH)), ([], ["alice"]))
        self.core.restore(account, now())
        self.assertEqual(self.names(), ["alice"])
        self.core.remove(account, now())
        self.assertEqual(self.core.purge(account, now()), [])
        for call in (self.core.summary, self.core.details, self.core.remove, self.core.restore, self.core.purge):
            with self.assertRaises(CountersignError.NoSuchAccount):
                call(account, now())

    def test_a_set_up_code_comes_out_only_where_asked_for(self):
        account = self.add()
        text = self.core.setup_text(account, now())
        self.assertIn(SECRET.encode(), text)
        again = library.recognise(text)
        self.assertFalse(self.core.add(again, now()).added)
        picture = self.core.setup_png(account, 4, now())
        (scanned,) = library.scan_picture(picture)
        self.assertEqual(self.core.add(scanned, now()).id, account)
        self.assertTrue(self.core.setup_svg(account, now()).startswith(b"<svg"))
        for shown in (again, scanned.describe(), self.core.details(account, now()), self.core.summary(account, now())):
            self.assertNotIn(SECRET, f"{shown} {shown!r}")

    def test_codes_of_many(self):
        by_time = self.add()
        scanned = library.recognise(f"otpauth://hotp/c?secret={SECRET}&counter=1".encode())
        by_use = self.core.add(scanned, now()).id
        codes, none = self.core.codes([by_time, by_use], now(wall=59))
        self.assertEqual((codes.current, codes.valid_from, codes.valid_until), ("287082", 30, 60))
        self.assertEqual(self.core.codes([by_time], now(wall=60))[0].current, codes.next)
        self.assertIsNone(none)
        self.assertEqual(self.core.codes([], now()), [])
        self.refused(Reason.SECRET_MISSING, self.core.use_counter, by_time, now())
        with self.assertRaises(CountersignError.NoSuchAccount):
            self.core.codes(["nobody"], now())
        self.core.codes([by_time], now(wall=-(2**63)))
        self.core.codes([by_time], now(wall=2**63 - 1))


class VectorsTest(VaultTest):
    """The same files as the tests in Rust."""

    def test_rfc_4226(self):
        file = vectors("rfc4226.json")
        text = f"otpauth://hotp/a?secret={file['secret']}&digits={file['digits']}&counter=0"
        account = self.core.add(library.recognise(text.encode()), now()).id
        for vector in file["codes"]:
            self.assertEqual(self.core.use_counter(account, now()), vector["code"])

    def test_rfc_6238(self):
        file = vectors("rfc6238.json")
        accounts = {}
        for algorithm, secret in file["secrets"].items():
            parameters = f"secret={secret}&algorithm={algorithm}&digits={file['digits']}&period={file['period']}"
            scanned = library.recognise(f"otpauth://totp/{algorithm}?{parameters}".encode())
            accounts[algorithm] = self.core.add(scanned, now()).id
        for vector in file["codes"]:
            (codes,) = self.core.codes([accounts[vector["algorithm"]]], now(wall=vector["time"]))
            self.assertEqual(codes.current, vector["code"], vector)

    def test_otpauth(self):
        for vector in vectors("otpauth.json")["links"]:
            scanned = library.recognise(vector["text"].encode())
            about = scanned.describe()
            refusal = vector["refusal"] and Reason[python_name(vector["refusal"])]
            self.assertEqual(
                (about.kind, about.issuer, about.account, about.refusal),
                (vector["kind"], vector["issuer"], vector["account"], refusal),
                vector,
            )
            self.assertEqual(about.odd, [Odd[python_name(odd)] for odd in vector["odd"]], vector)
            if refusal:
                self.refused(refusal, self.core.add, scanned, now())
