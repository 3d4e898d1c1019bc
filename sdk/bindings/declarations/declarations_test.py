#!/usr/bin/env python3
"""What the bindings declare is what the C headers declare, and that is what the C library exports."""

import pathlib
import re
import sys
import unittest

HERE = pathlib.Path(__file__).absolute().parent  # of the runfiles, where the headers are
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import c_headers  # noqa: E402
import declarations  # noqa: E402


def listed(name):
    lines = [line.strip() for line in (c_headers.ROOT / "sdk" / name).read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


class DeclarationsTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.table = c_headers.Table()

    def test_the_headers_declare_what_the_library_exports(self):
        declared = [function.name for function in self.table.functions]
        self.assertEqual(sorted(declared), sorted(listed("hpsocket4c.functions") + listed("hpsocket4c.additions")))
        self.assertEqual(len(self.table.callbacks), 23)

    def test_files_are_up_to_date(self):
        for name, text in declarations.FILES.items():
            with self.subTest(name):
                written = (declarations.BINDINGS / name).read_text(encoding="utf-8")
                self.assertTrue(written == text(self.table), "run sdk/bindings/declarations/declarations.py")

    def test_every_language_declares_every_function_once(self):
        for name, pattern in (("csharp/HPSocket/Native.cs", r"public static extern \w+ (\w+)"),
                              ("pascal/hpsocket4c.pas", r"^(?:function|procedure) (\w+)"),
                              ("e/hpsocket4c.txt", r"^\.DLL命令 (\w+)")):
            with self.subTest(name):
                text = (declarations.BINDINGS / name).read_text(encoding="utf-8")
                declared = re.findall(pattern, text, re.MULTILINE)
                self.assertEqual(sorted(declared), sorted(function.name for function in self.table.functions))


if __name__ == "__main__":
    unittest.main()
