#!/usr/bin/env python3
"""What Doxygen is given: which headers, and what becomes of their comments."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from reference import public_headers  # noqa: E402
from reference_filter import filtered  # noqa: E402

_HEADER = """\
// Public.
//
// Bytes <-> words.
//
//   int x;
//
// Threads:  any,
//           of course.
#ifndef X_H_
#define X_H_

namespace x {

// --- Divider ---

// What it `a<b>` does.
// Spec: §1
int Do(int a);

enum E {
  kOne,  // the first
};

}  // namespace x

#endif  // HPSOCKET_X_H_"""


class ReferenceTest(unittest.TestCase):
    def test_comments_become_doxygens(self):
        got = list(filtered(_HEADER.splitlines()))
        self.assertEqual(len(_HEADER.splitlines()), len(got))
        self.assertEqual("/// \\file", got[0])
        self.assertEqual("/// Bytes \\<-\\> words.", got[2])
        self.assertEqual("///       int x;", got[4])
        self.assertEqual("/// \\n \\b Threads: any,", got[6])
        self.assertEqual("/// of course.", got[7])
        self.assertEqual(["", "", "/// What it `a<b>` does.", "", "int Do(int a);"], got[13:18])
        self.assertEqual("  kOne,  ///< the first", got[20])
        self.assertEqual(["}  // namespace x", "", "#endif  // HPSOCKET_X_H_"], got[-3:])

    def test_public_headers_are_those_that_say_so(self):
        with tempfile.TemporaryDirectory() as scratch:
            root = pathlib.Path(scratch)
            for name, banner in (("core/a.h", "// Public.\n"), ("core/b.h", "// Internal to core.\n"),
                                 ("sdk/c/d.h", "// Public.\n"), ("testing/e.h", "// Public.\n")):
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(banner, encoding="utf-8")
            self.assertEqual([root / "core/a.h", root / "sdk/c/d.h"], public_headers(root))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
