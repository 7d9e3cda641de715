"""The generated sources, and that the contract tests leave nothing out."""

import ast
import inspect
import re
import unittest
from pathlib import Path

import countersign_ffi as library
from support import GENERATED, ROOT, python_name

KOTLIN = GENERATED / "org/countersign/core/countersign_ffi.kt"
SWIFT = GENERATED / "Countersign.swift"


class GeneratedTextTest(unittest.TestCase):
    """A misspelt setting in `uniffi.toml` is passed over without a word: what counts is the text."""

    def test_kotlin(self):
        text = KOTLIN.read_text(encoding="utf-8")
        self.assertIn("\npackage org.countersign.core\n", text)
        record = re.search(r"data class Summary \((.*?)\)\s*\{", text, re.DOTALL).group(1)
        self.assertIn("val `issuer`", record)
        self.assertNotIn("var `", "".join(re.findall(r"data class \w+ ?\(.*?\)", text, re.DOTALL)))
        self.assertIn('"countersign_ffi"', text)
        # `message` is what Kotlin's exceptions have already; a type of this name would hide that of the platform.
        self.assertNotRegex(text, r"val `?message`?: kotlin|(class|interface) (System|Thread|Exception|Error)\b")

    def test_swift(self):
        text = SWIFT.read_text(encoding="utf-8")
        self.assertIn("import CountersignFFI", text)
        self.assertTrue((GENERATED / "CountersignFFI.h").exists())
        self.assertEqual(list(GENERATED.glob("*.modulemap")), [])
        record = text.partition("public struct Summary")[2].partition("\n}")[0]
        self.assertIn("public let issuer: String", record)
        self.assertNotIn("public var", record)


class SurfaceTest(unittest.TestCase):
    def test_reasons_are_those_of_the_core(self):
        source = (ROOT / "core/src/reason.rs").read_text(encoding="utf-8")
        table = source.partition("\nreasons! {")[2].partition("\n}")[0]
        names = re.findall(r"^    (\w+),$", table, re.MULTILINE)
        self.assertEqual([reason.name for reason in library.Reason], [python_name(name) for name in names])

    def test_errors_are_few_and_plain(self):
        errors = [error for error in vars(library.CountersignError).values() if inspect.isclass(error)]
        self.assertIn(library.CountersignError.Refused, errors)
        self.assertLessEqual(len(errors), 15)
        for error in errors:
            self.assertTrue(issubclass(error, library.CountersignError), error)
            # Kotlin's exceptions have a `message` of their own.
            self.assertNotIn("message", inspect.signature(error.__init__).parameters, error)

    def test_every_exported_item_is_used_by_a_test(self):
        tests = [path for path in Path(__file__).parent.glob("*.py") if path.name != Path(__file__).name]
        nodes = [node for path in tests for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
        # What stands in code: a name in a comment or a text uses nothing.
        used = {
            (last_name(node.value), node.attr) for node in nodes if isinstance(node, ast.Attribute)
        }
        names = list(exported())
        self.assertGreater(len(names), 60)
        unused = [(of, name) for of, name in names if not any((it, name) in used for it in CALLED.get(of, [of]))]
        self.assertEqual(unused, [])


#: What the tests call an object of each class, where that is not the class alone: `set.add` uses no
#: `Authenticator.add`.
CALLED = {
    "countersign_ffi": ["library"],
    "Authenticator": ["core", "Authenticator", "authenticator", "older", "damaged"],
    "Backup": ["backup"],
    "Export": ["export"],
    "ImportBatch": ["batch", "two", "whole", "last"],
    "ImportUnlocking": ["unlocking", "unlock"],
    "LockedImport": ["locked"],
    "Background": ["background", "Background"],
    "RecoveryCode": ["code", "new", "recovery_code"],
    "Scanned": ["scanned", "link"],
}


def last_name(node):
    """`core` of `self.core` and of `core`; `add` of `self.add(…)`."""
    if isinstance(node, ast.Call):
        return last_name(node.func)
    return getattr(node, "attr", None) or getattr(node, "id", None)


def exported():
    """Functions, methods, errors, and variants of enums that an app gives, with what they are of."""
    for name, item in vars(library).items():
        if name.startswith("_") or getattr(item, "__module__", None) != library.__name__:
            continue
        if inspect.isfunction(item):
            yield library.__name__, name
        elif hasattr(item, "_uniffi_clone_handle"):
            yield from ((name, method) for method in vars(item) if not method.startswith("_"))
    for given in (
        library.CountersignError,
        library.Job,
        library.Event,
        library.PushAddress,
        library.ExportTarget,
    ):
        yield from ((given.__name__, name) for name, item in vars(given).items() if inspect.isclass(item))
    yield from ((flat.__name__, kind.name) for flat in (library.Shelf, library.Way) for kind in flat)
