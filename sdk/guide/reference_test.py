#!/usr/bin/env python3
"""The reference of the real headers, what Doxygen is given, and what becomes of the comments.

HPSOCKET_REQUIRE_PROGRAMS=1: fails instead of skipping where doxygen is missing.
"""

import os
import pathlib
import shutil
import subprocess
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

    def test_pages_of_the_real_headers_have_their_contracts(self):
        if shutil.which("doxygen") is None:
            self.assertNotEqual(os.environ.get("HPSOCKET_REQUIRE_PROGRAMS"), "1", "no doxygen (tools/bootstrap --demos)")
            self.skipTest("doxygen is missing")
        with tempfile.TemporaryDirectory() as scratch:
            # Both where it runs and where it writes have a space in their names.
            program = pathlib.Path(scratch, "the program", "sdk", "guide")
            program.mkdir(parents=True)
            here = pathlib.Path(__file__).resolve()
            for name in ("reference.py", "reference_filter.py"):
                shutil.copyfile(here.with_name(name), program / name)
            for folder in ("core", "tcp_server", "tcp_agent", "tcp_client", "udp", "cast"):
                (program.parents[1] / folder).symlink_to(here.parents[2] / folder)
            out = pathlib.Path(scratch, "the pages")
            done = subprocess.run([sys.executable, str(program / "reference.py"), "--out", str(out)],
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout)
            pages = [path.read_text(encoding="utf-8") for path in (out / "html").glob("class*.html")]
            # The contract stands beside the method.
            for words in ("One pointer of the application per connection", "True in SS_STARTED and SS_STARTING"):
                self.assertTrue(any(words in page for page in pages), words)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
