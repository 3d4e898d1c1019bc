#!/usr/bin/env python3
"""Runs the guide's complete programs, as a reader would: each ends by itself, says something, and all is well."""

import subprocess
import sys
import unittest

PROGRAMS = sys.argv[1:]
_PATIENCE_S = 60


class ProgramsTest(unittest.TestCase):
    def test_programs_do_what_the_guide_says(self):
        self.assertTrue(PROGRAMS)
        for program in PROGRAMS:
            with self.subTest(program=program):
                ended = subprocess.run([program], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=_PATIENCE_S,
                                       check=False)
                self.assertEqual(0, ended.returncode)
                self.assertTrue(ended.stdout.strip(), "it says nothing")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
